"""What people read of a network of colleges: the national workbook, one file a sheet."""
