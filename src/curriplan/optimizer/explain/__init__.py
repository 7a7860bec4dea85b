"""Why a plan is as it is: each module and each limit changed, and the rest planned anew."""
