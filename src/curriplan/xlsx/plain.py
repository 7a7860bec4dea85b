"""A worksheet of XlsxWriter whose formulas stand as they were written."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class PlainWorksheet(Worksheet):
    """A worksheet that does not search its formulas for functions of later programs.

    XlsxWriter looks for thirty of them in each formula, in its texts too; we write none.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")
