"""A review: read back from its workbook, and the plan that its words ask for."""
