"""The terminal: what the commands say, in the user's language, on any console."""
