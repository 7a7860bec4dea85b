"""A workbook of XlsxWriter whose formulas stand as they were written, and that invents no date."""

from __future__ import annotations

from xlsxwriter.core import Core
from xlsxwriter.packager import Packager
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet


class PlainWorksheet(Worksheet):
    """A worksheet that does not search its formulas for functions of later programs.

    XlsxWriter looks for thirty of them in each formula, in its texts too; we write none.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class PlainWorkbook(Workbook):
    """A workbook that does not say when it was made: the same plan gives the same bytes on any day."""

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)  # type: ignore[attr-defined]
        core._set_xml_writer(self._filename("docProps/core.xml"))  # type: ignore[no-untyped-call]
        core._assemble_xml_file()


class _Core(Core):
    """The properties of a document, without the dates that XlsxWriter takes from the clock."""

    def _write_dcterms_created(self) -> None:
        pass

    def _write_dcterms_modified(self) -> None:
        pass
