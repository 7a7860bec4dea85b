"""Draw the pictures of the README and the guides, as LibreOffice prints the workbook.

    python docs/pictures.py

It plans the bundled catalog first (under a minute) and writes its workbook in each language. Needs
LibreOffice (``soffice``), poppler (``pdftotext``, ``pdftoppm``) and Chromium (``chromium``); writes
``docs/summary.png`` and ``docs/curriculum.png``, in Kazakh and Russian with ``-kk`` and ``-ru`` behind
their names, and ``docs/map.png``.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import curriplan
from curriplan.report.map.data import MapSource
from curriplan.report.map.page import map_html

DOCS = Path(__file__).resolve().parent
PAGES = {
    "en": {"summary": "Note for decision: ", "curriculum": "Qualification: 4S06130103"},
    "kk": {"summary-kk": "kz-digital-college", "curriculum-kk": "Біліктілік: 4S06130103"},
    "ru": {"summary-ru": "kz-digital-college", "curriculum-ru": "Квалификация: 4S06130103"},
}
"""What stands on the page of each picture, by language: on the first page that has it."""
MAP_NODE = "module:SE-ATTACK"
"""What is chosen on the picture of the map."""
LOCALES = {"en": "en_US", "kk": "kk_KZ", "ru": "ru_RU"}
"""In which LibreOffice writes numbers."""
DOTS_PER_INCH = "104"


def printed(workbook: Path, folder: Path, language: str) -> Path:
    """Print a workbook to a PDF, with a LibreOffice profile of its own."""
    profile = f"-env:UserInstallation={(folder / f'profile-{language}').as_uri()}"
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
    locale = f"{LOCALES[language]}.UTF-8"
    environment = {**os.environ, "LANG": locale, "LC_ALL": locale}
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)
    return folder / f"{workbook.stem}.pdf"


def page_of(pdf: Path, text: str) -> int:
    """Return the first page with a text; pages count from 1."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, timeout=300).stdout.decode().split("\f")
    return next(number for number, page in enumerate(pages, start=1) if text in page)


def draw(workbook: Path, folder: Path, language: str, pages: Mapping[str, str]) -> None:
    """Draw the pages of a workbook that have a text each."""
    pdf = printed(workbook, folder, language)
    for picture, text in pages.items():
        page = str(page_of(pdf, text))
        command = ["pdftoppm", "-png", "-r", DOTS_PER_INCH, "-f", page, "-l", page, "-singlefile", str(pdf)]
        subprocess.run([*command, str(DOCS / picture)], check=True, timeout=300)
        print(f"docs/{picture}.png: page {page}, {(DOCS / f'{picture}.png').stat().st_size:,} bytes")


def draw_map(result: curriplan.PlanResult, folder: Path) -> None:
    """Draw the map of the plan as it opens, its first programme with one module chosen."""
    source = MapSource(result.problem, result.plan.selection, chosen=MAP_NODE)
    page = folder / "map.html"
    page.write_text(map_html(source, "en"), encoding="utf-8", newline="\n")
    command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu"]
    command += [f"--user-data-dir={folder / 'web'}", "--window-size=1200,700"]
    command += [f"--screenshot={DOCS / 'map.png'}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    print(f"docs/map.png: {(DOCS / 'map.png').stat().st_size:,} bytes")


def main() -> None:
    """Plan, print, draw."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = curriplan.optimize()
        draw_map(plan, folder)
        for language, pages in PAGES.items():
            draw(plan.to_excel(folder / f"plan-{language}.xlsx", language), folder, language, pages)


if __name__ == "__main__":
    main()
