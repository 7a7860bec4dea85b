"""Files to and from `Catalog`: folders of CSV tables, workbooks, and the bundled catalogs."""

from __future__ import annotations

from curriplan.catalog.bundled import bundled_names
from curriplan.catalog.read import ReadResult, read_catalog
from curriplan.catalog.write import write_folder

__all__ = ["ReadResult", "bundled_names", "read_catalog", "write_folder"]
