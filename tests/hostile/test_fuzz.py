"""A short run of the fuzzer; a long one is ``python tests/hostile/fuzz.py --inputs 50000``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).with_name("fuzz.py")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory need Linux")
def test_spoiled_inputs_bring_out_issues_only() -> None:
    done = subprocess.run(
        [sys.executable, str(FUZZ), "--inputs", "500", "--seed", "11"], capture_output=True, check=False
    )
    figures = json.loads(done.stdout)
    assert figures["finds"] == []
    assert min(figures["inputs"].values()) > 10
