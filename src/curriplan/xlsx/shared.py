"""What the sheets of a workbook share: its words and the look of its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curriplan.texts.words import Words
from curriplan.xlsx.charts import Figure, draw
from curriplan.xlsx.styles import STYLES, properties

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.chart import Chart as DrawnChart
    from xlsxwriter.format import Format


class Shared:
    """The words of a workbook and its formats, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook, texts: Words, *, prints_details: bool) -> None:
        self._workbook = workbook
        self._formats: dict[str, Format] = {}
        self.texts = texts
        self.prints_details = prints_details
        """Whether the sheets of details are printed as well."""

    def format(self, names: str) -> Format:
        """Return the format of one style or several, made once."""
        if names not in self._formats:
            self._formats[names] = self._workbook.add_format(properties(names))
        return self._formats[names]

    def conditional(self, style: str) -> Format:
        """Return a format for a conditional rule: only what differs from the cell's own."""
        name = f"if:{style}"
        if name not in self._formats:
            self._formats[name] = self._workbook.add_format(dict(STYLES[style]))
        return self._formats[name]

    def draw(self, figure: Figure, points: float) -> DrawnChart:
        """Return the chart of a figure, its letters so many points high."""
        return draw(self._workbook, figure, points)
