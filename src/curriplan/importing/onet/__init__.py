"""O*NET, as the US Department of Labor releases it."""
