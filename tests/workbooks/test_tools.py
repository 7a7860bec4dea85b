"""A test that lacks a program is skipped with the reason, and fails where all must be there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbooks.tools import REQUIRE

TESTS = Path(__file__).resolve().parents[1]


def run_without_programs(required: str, *names: str) -> str:
    """Run tests in a process that finds no program at all; return what pytest says."""
    environment = {**os.environ, REQUIRE: required, "PATH": "/nowhere"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names]
    done = subprocess.run(
        command, cwd=TESTS.parent, env=environment, capture_output=True, timeout=300, check=False
    )
    return done.stdout.decode(errors="replace")


NEEDING = (
    "tests/functional/report/test_plan_workbook.py::test_a_plan_that_breaks_rules_and_misses_numbers_is_computed_alike",
    "tests/workbooks/test_validator.py::test_the_validator_finds_a_fault",
    "tests/workbooks/test_spelling.py::test_a_misspelt_word_is_found",
    "tests/browser/test_map.py::test_a_hostile_name_runs_nothing",
)


@pytest.mark.parametrize(("required", "said"), [("0", "skipped"), ("1", "failed|error")])
def test_missing_programs(required: str, said: str) -> None:
    output = run_without_programs(required, *NEEDING)
    counts = re.findall(r"(\d+) (\w+)(?:,| in )", output.splitlines()[-1])
    assert sum(int(count) for count, word in counts if re.fullmatch(said, word)) == len(NEEDING), output
    assert all(re.fullmatch(said, word) for _, word in counts), output
    assert output.count("is not installed") >= len(NEEDING)
