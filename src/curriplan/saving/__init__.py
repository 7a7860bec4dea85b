"""Save a catalog where a user wants it, in the form that the name asks for: a folder or a workbook."""

from curriplan.saving.create import convert_catalog, init_catalog
from curriplan.saving.save import check_destination, save_catalog

__all__ = ["check_destination", "convert_catalog", "init_catalog", "save_catalog"]
