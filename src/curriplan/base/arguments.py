"""What public functions and records take: an argument of the wrong kind or name is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Integral, Real
from os import PathLike
from typing import Any, NamedTuple, ParamSpec, TypeVar, get_args, get_origin

from curriplan.base.codec import bare_type, may_be_none
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
    """Have a function refuse as a `UsageError` what is not as `kinds` says; None only where it is usual.

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


def fitting(hint: Any, value: Any) -> Any:
    """Return a value as the type of a field has it: whole numbers as such, a list as a tuple.

    Raises
    ------
    TypeError, ValueError
        If it is of another kind, or of another length.
    """
    if value is None and may_be_none(hint):
        return None
    kind = bare_type(hint)
    if kind is Any:
        return value
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError(hint)
        each = get_args(kind)
        if each[-1] is Ellipsis:
            each = each[:1] * len(value)
        return tuple(fitting(one, part) for one, part in zip(each, value, strict=True))
    if kind in (int, float):
        return _number(kind, value)
    if not isinstance(value, kind):
        raise TypeError(hint)
    return value


def _number(kind: type, value: Any) -> int | float:
    """Return a number of any library as Python's own; 50e6 is whole, too."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(kind)
    number = int(value) if isinstance(value, Integral) else float(value)
    if kind is int and number % 1:  # that of infinity is no number
        raise TypeError(kind)
    return int(number) if kind is int else number


def shown_value(value: Any) -> Any:
    """Return a value as an issue names it: numbers and short texts as they are."""
    return short_text(value if isinstance(value, str) else repr(value))


def short_text(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
