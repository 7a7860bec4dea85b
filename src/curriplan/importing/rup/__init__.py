"""A college's working curriculum (РУП, оқу жұмыс жоспары) out of its own workbook."""

from curriplan.importing.rup.mapping import RupMapping, mapping_text, read_mapping
from curriplan.importing.rup.reading import RowReport, RupChoices, RupReading, read_rup

__all__ = ["RowReport", "RupChoices", "RupMapping", "RupReading", "mapping_text", "read_mapping", "read_rup"]
