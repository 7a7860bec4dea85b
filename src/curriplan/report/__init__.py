"""Reports: a plan, or the gaps before any plan, as a workbook in Kazakh, Russian or English."""

from curriplan.report.catalog_workbook import CatalogColumn, CatalogTable, write_catalog_workbook
from curriplan.report.tables.gaps import GAP_FIELDS, gap_rows
from curriplan.report.view import PlanView
from curriplan.report.write import (
    explanation_limits,
    explanation_rows,
    write_comparison_workbook,
    write_explanation_workbook,
    write_frontier_workbook,
    write_gap_workbook,
    write_plan_workbook,
)

__all__ = [
    "GAP_FIELDS",
    "CatalogColumn",
    "CatalogTable",
    "PlanView",
    "explanation_limits",
    "explanation_rows",
    "gap_rows",
    "write_catalog_workbook",
    "write_comparison_workbook",
    "write_explanation_workbook",
    "write_frontier_workbook",
    "write_gap_workbook",
    "write_plan_workbook",
]
