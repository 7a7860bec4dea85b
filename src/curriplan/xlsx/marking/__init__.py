"""Colours and comments in cells of a workbook that somebody else made; all the rest stays as it is."""
