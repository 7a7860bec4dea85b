"""Catalogs out of what colleges and classifications have: a working curriculum, ESCO, O*NET."""
