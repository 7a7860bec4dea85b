"""A short run of the fuzzer; a long one is ``python tests/hostile/fuzz.py --inputs 50000``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.targets import targets
from instances.seeds import drawn

FUZZ = Path(__file__).with_name("fuzz.py")
INPUTS = 125
"""The same ones in each run, which find what breaks a reader for many inputs; new ones are for a long run."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory need Linux")
@pytest.mark.parametrize("block", drawn(range(2)))
@pytest.mark.parametrize("readers", [(), ("--reader", "ods", "--reader", "xls"), ("--reader", "network")])
def test_spoiled_inputs_bring_out_issues_only(readers: tuple[str, ...], block: int) -> None:
    which = ["--first", str(block * INPUTS), "--inputs", str(INPUTS), "--seed", "11"]
    command = [sys.executable, str(FUZZ), *which, *readers]
    done = subprocess.run(command, capture_output=True, check=False)
    figures = json.loads(done.stdout)
    assert figures["finds"] == []
    assert min(figures["inputs"].values()) > 10


def test_the_seeds_are_sound(tmp_path: Path) -> None:
    outcomes = {name: one.read(one.seeds[0], tmp_path) for name, one in targets().items()}
    review = outcomes.pop("review")
    assert outcomes == {name: [] for name in outcomes}
    assert "review-nothing-decided" in review[1]
