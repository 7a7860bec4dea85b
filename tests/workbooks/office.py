"""LibreOffice over many files at once: one start of the program costs more than a small workbook."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from functional.report.workbooks import ALWAYS_RECALCULATE, Values, values
from workbooks.tools import needs

SECONDS_TO_START, SECONDS_A_FILE = 120, 60
"""How long LibreOffice may take on a busy machine."""


def _converted(files: Mapping[str, bytes], folder: Path, kind: str) -> dict[str, Path]:
    office = needs("LibreOffice", "soffice", "libreoffice")
    user, source, target = folder / "profile" / "user", folder / "in", folder / kind
    for one in (user, source):
        one.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    names = {name: f"{place:03}" for place, name in enumerate(files)}
    for name, data in files.items():
        (source / f"{names[name]}.xlsx").write_bytes(data)
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(target)]
    command += [str(source / f"{short}.xlsx") for short in names.values()]
    limit = SECONDS_TO_START + SECONDS_A_FILE * len(files)
    subprocess.run(command, check=True, capture_output=True, timeout=limit)
    return {name: target / f"{short}.{kind}" for name, short in names.items()}


def recalculated_all(files: Mapping[str, bytes], folder: Path) -> dict[str, Values]:
    """Return the values of each workbook after LibreOffice computed every formula anew."""
    found = _converted(files, folder, "xlsx")
    return {name: values(path.read_bytes()) for name, path in found.items()}


def saved_again(files: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """Return each workbook as LibreOffice saves it."""
    return _converted(files, folder, "xlsx")


def pdf_texts(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Return the text of each workbook as LibreOffice prints it."""
    pdftotext = needs("poppler-utils", "pdftotext")
    found = _converted(files, folder, "pdf")
    return {name: _text_of(pdftotext, path) for name, path in found.items()}


def _text_of(pdftotext: str, path: Path) -> str:
    command = [pdftotext, "-layout", str(path), "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=300)
    return done.stdout.decode("utf-8", errors="replace")
