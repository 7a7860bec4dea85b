"""Draw the pictures of the README: the Summary and a working curriculum, as LibreOffice prints them.

    python docs/pictures.py [PLAN.xlsx]

Without a workbook it plans the bundled catalog first, in English (under a minute). Needs LibreOffice
(``soffice``) and poppler (``pdftotext``, ``pdftoppm``); writes ``docs/summary.png`` and
``docs/curriculum.png``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import curriplan

DOCS = Path(__file__).resolve().parent
PAGES = {"summary": "Curriculum plan: ", "curriculum": "Working curriculum: Software Developer"}
"""What stands on the page of each picture: on the first page that has it."""
DOTS_PER_INCH = "120"


def printed(workbook: Path, folder: Path) -> Path:
    """Print a workbook to a PDF, with a LibreOffice profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(workbook),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{workbook.stem}.pdf"


def page_of(pdf: Path, text: str) -> int:
    """Return the first page with a text; pages count from 1."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, timeout=300).stdout.decode().split("\f")
    return next(number for number, page in enumerate(pages, start=1) if text in page)


def main() -> None:
    """Plan, print, draw."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        workbook = given or curriplan.optimize().to_excel(folder / "plan.xlsx", "en")
        pdf = printed(workbook, folder)
        for picture, text in PAGES.items():
            page = str(page_of(pdf, text))
            command = [
                "pdftoppm",
                "-png",
                "-r",
                DOTS_PER_INCH,
                "-f",
                page,
                "-l",
                page,
                "-singlefile",
                str(pdf),
            ]
            subprocess.run([*command, str(DOCS / picture)], check=True, timeout=300)
            print(f"docs/{picture}.png: page {page}, {(DOCS / f'{picture}.png').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
