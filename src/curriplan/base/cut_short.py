"""Whether a limit of time cut something short: what none did comes out the same under any longer one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CUTS: ContextVar[list[str] | None] = ContextVar("cuts", default=None)


@contextmanager
def noting_cuts() -> Iterator[list[str]]:
    """Yield what a limit of time cuts short within the block, as far as it has come."""
    cuts: list[str] = []
    token = _CUTS.set(cuts)
    try:
        yield cuts
    finally:
        _CUTS.reset(token)


def note_cut(what: str) -> None:
    """Note that time was up for something, or that it was left out for that reason."""
    cuts = _CUTS.get()
    if cuts is not None:
        cuts.append(what)
