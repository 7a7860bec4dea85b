"""Telling whoever listens how far a long piece of work is; nobody listens unless a terminal does."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

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


_LANGUAGE_LISTENER: ContextVar[Callable[[str], None] | None] = ContextVar("language_listener", default=None)


@contextmanager
def hearing_language(listener: Callable[[str], None]) -> Iterator[None]:
    """Have `listener` told of the language of every catalog that is read within the block."""
    token = _LANGUAGE_LISTENER.set(listener)
    try:
        yield
    finally:
        _LANGUAGE_LISTENER.reset(token)


def tell_language(language: str) -> None:
    """Say what language a catalog speaks, as soon as that is known: what is wrong with it follows."""
    listener = _LANGUAGE_LISTENER.get()
    if listener is not None:
        listener(language)


@contextmanager
def keeping_objects() -> Iterator[None]:
    """Make objects that all stay without Python searching them for garbage again and again.

    The search goes over everything made so far: a third of the time of reading 150,000 rows. It is
    switched on again at the end, unless it was off before.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class Progress:
    """Where the solve is: stage number from 1, of how many, its objective, seconds so far, gap.

    Attributes
    ----------
    reached : mapping of str to float, optional
        Once the stage is done, what the plan at hand is worth: all objectives in their order, and behind
        them closure and cost where they are none.
    """

    stage: int
    stages: int
    objective: str
    seconds: float
    gap: float | None = None
    reached: Mapping[str, float] | None = None
