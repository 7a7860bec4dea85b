"""What public functions take: an argument of the wrong kind or name is refused as a `UsageError`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from os import PathLike
from typing import Any, NamedTuple, ParamSpec, TypeVar

from curriplan.base.errors import UsageError
from curriplan.texts.words import Phrase

Given = ParamSpec("Given")
Found = TypeVar("Found")
MOST_SHOWN = 60


class Takes(NamedTuple):
    """Whether a value is of the right kind, and that kind in words."""

    fits: Callable[[Any], bool]
    words: Phrase


def kind(name: str, *kinds: type) -> Takes:
    """Return what takes an instance of `kinds`; its words stand under ``takes.NAME``."""
    return Takes(lambda value: isinstance(value, kinds), Phrase(f"takes.{name}"))


PATH = kind("path", str, PathLike)


def taking(kinds: Mapping[str, Takes]) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """Have a function refuse arguments that are not as `kinds` says; None only where it is usual.

    A named argument that it has none of is refused with the nearest that it has.
    """

    def checking(function: Callable[Given, Found]) -> Callable[Given, Found]:
        signature = inspect.signature(function)
        takes_any = any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values())

        @wraps(function)
        def checked(*args: Given.args, **kwargs: Given.kwargs) -> Found:
            if not takes_any:
                for name in sorted(kwargs.keys() - signature.parameters.keys()):
                    raise UsageError.unknown("argument", name, list(signature.parameters))
            for name, value in signature.bind(*args, **kwargs).arguments.items():
                usual = signature.parameters[name].default
                if name in kinds and value is not usual and not kinds[name].fits(value):
                    words = kinds[name].words
                    raise UsageError.of("bad-value", option=name, value=shown_value(value), expected=words)
            return function(*args, **kwargs)

        return checked

    return checking


def shown_value(value: Any) -> Any:
    """Return a value as an issue names it: numbers and short texts as they are."""
    return short_text(value if isinstance(value, str) else repr(value))


def short_text(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
