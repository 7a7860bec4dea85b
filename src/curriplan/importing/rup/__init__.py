"""A college's working curriculum (РУП, оқу жұмыс жоспары) out of its own workbook."""
