"""Streams that take whatever is written to them."""

from __future__ import annotations

import os
import sys


def prepare_streams() -> None:
    """Make stdout and stderr replace the letters that their encoding lacks; a closed one takes all."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
