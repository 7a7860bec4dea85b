"""A college's working curriculum (РУП, оқу жұмыс жоспары) out of its own workbook."""

from curriplan.importing.rup.mapping import RupMapping, read_mapping
from curriplan.importing.rup.mapping_file import is_untouched, mapping_text
from curriplan.importing.rup.reading import RowReport, RupChoices, RupReading, read_rup
from curriplan.importing.rup.report import REPORT_COLUMNS, report_rows

__all__ = [
    "REPORT_COLUMNS",
    "RowReport",
    "RupChoices",
    "RupMapping",
    "RupReading",
    "is_untouched",
    "mapping_text",
    "read_mapping",
    "read_rup",
    "report_rows",
]
