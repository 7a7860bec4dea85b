"""Programs that some tests need, and what happens where one is missing.

A developer without LibreOffice sees such a test skipped, with the reason. Where everything was installed
on purpose (``.ci/run``), `REQUIRE` turns the skip into a failure: see ``conftest.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

REQUIRE = "CURRIPLAN_REQUIRE_TOOLS"
MISSING = "is not installed"


def needs(name: str, *programs: str) -> str:
    """Return the path of the first program that is there, else skip the test."""
    for program in programs or (name,):
        if found := shutil.which(program):
            return found
    pytest.skip(f"{name} {MISSING}")


def needs_dictionary(code: str) -> str:
    """Return hunspell's path where it has a dictionary such as ``kk_KZ``, else skip the test."""
    hunspell = needs("hunspell")
    listed = subprocess.run([hunspell, "-D"], input=b"", capture_output=True, timeout=60, check=False)
    if code not in (listed.stdout + listed.stderr).decode(errors="replace"):
        pytest.skip(f"the dictionary {code} {MISSING}")
    return hunspell


def refuses_skip(reason: str) -> bool:
    """Say whether a test that was skipped for this reason must fail instead."""
    return os.environ.get(REQUIRE, "0") not in ("", "0") and MISSING in reason
