from pathlib import Path

from curriplan.catalog.describe import format_page

PAGE = Path(__file__).parents[2] / "docs" / "catalog-format.md"


def test_the_page_says_what_the_tables_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == format_page()
