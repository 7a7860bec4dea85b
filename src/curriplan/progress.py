"""Telling whoever listens how far a long piece of work is; nobody listens unless a terminal does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]
"""Is told the name of the work, how much of it is done, and how much there is."""

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` told of every step within the block."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def step(work: str, done: int, total: int) -> None:
    """Say how far a work is: ``reading``, ``checking``, ``building``, ``writing``."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(work, done, total)
