"""What stands at the foot of every printed page."""

from __future__ import annotations

from curriplan.catalog.records import Catalog
from curriplan.texts.words import Words
from curriplan.xlsx.legal import clean_text


def footer_of(texts: Words, tool: str, catalog: Catalog, sha256: str) -> str:
    """Return the page footer: program and catalog, a short hash of the input, the page."""
    # An ampersand starts a code in a footer; Excel holds 255 characters in all.
    # A page taken out of the workbook must still say that its figures are made up.
    warning = f"{texts('phrase.illustrative_short')} · " if catalog.info.illustrative else ""
    left = clean_text(f"{warning}{tool} · {catalog.info.id} {catalog.info.version}")[:100].replace("&", "&&")
    page = texts("phrase.page", page="&P", pages="&N")
    return f"&L&8{left}&C&8SHA-256 {sha256[:12]}&R&8{page}"
