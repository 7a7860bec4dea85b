"""ESCO, as the European Commission releases it."""
