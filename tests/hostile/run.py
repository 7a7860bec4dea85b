"""Run every hostile case, the slow ones too: ``python tests/hostile/run.py [--match TEXT]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hostile.cases import CASES
from hostile.judge import Session, faults


def main() -> int:
    """Run the cases, print a line for each, and return 1 if any is at fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--match", default="", help="only cases with this text in their name")
    options = parser.parse_args()
    failed = 0
    with Session() as session:
        for name, case in CASES.items():
            if options.match in name:
                with tempfile.TemporaryDirectory() as folder:
                    answer = session.run(case, Path(folder))
                wrong = faults(case, answer)
                failed += bool(wrong)
                figures = f"{answer['processor_s']:6.2f} s {answer['peak_mb']:5d} MB exit {answer['code']:3d}"
                print(f"{'FAIL' if wrong else 'ok  '} {figures}  {name}", *wrong, sep="\n       ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
