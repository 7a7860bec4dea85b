"""A catalog into files: a folder of CSV tables, or a workbook to fill in."""
