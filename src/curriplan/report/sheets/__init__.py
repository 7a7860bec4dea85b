"""One module per sheet: where the rows of `curriplan.report.tables` go, and the formulas over them."""
