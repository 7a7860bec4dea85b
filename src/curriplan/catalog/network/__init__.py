"""A folder of college catalogs and ``network.toml``: who plans together, and what is shared."""
