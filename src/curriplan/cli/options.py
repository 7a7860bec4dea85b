"""The options and arguments that commands share: how each is read, and what its help says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curriplan.base.codec import bare_type
from curriplan.base.errors import Issue, UsageError
from curriplan.base.fields import SEMESTER
from curriplan.catalog.reading.understand import day as day_of_text
from curriplan.catalog.reading.understand import number as number_of_text
from curriplan.cli.help import LANGUAGE, FilledOption
from curriplan.problem.declaration import CommandOption, Group, Setting
from curriplan.problem.objectives import ObjectiveChoice, objectives_from
from curriplan.problem.settings import SETTING_OF_NAME, SETTINGS
from curriplan.texts.words import thousands

if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType

Command = TypeVar("Command", bound=Callable[..., Any])


class Number(_ParamType):
    """A finite number within bounds, typed as in a cell: `0,5` and, of a share, `50 %` will do.

    Parameters
    ----------
    low, high : float
        Smallest and largest value.
    above : bool
        Whether `low` itself is refused.
    whole : bool
        Whether only whole numbers fit.
    """

    name = "number"

    def __init__(self, low: float, high: float, above: bool = False, *, whole: bool = False) -> None:
        self.low, self.high, self.above, self.whole = low, high, above, whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the number, or say what was expected."""
        text, _ = number_of_text(str(value), "share" if self.high == 1 else None)
        try:
            number = int(text or value) if self.whole else float(text or value)
        except (TypeError, ValueError):
            number = math.nan
        if not self.low <= number <= self.high or (self.above and number == self.low):
            option = param.opts[0] if param is not None else ""
            code = "bad-whole-number" if self.whole else "bad-value"
            raise UsageError.of(code, option=option, value=value, expected=self.expected)
        return number

    @property
    def expected(self) -> str:
        """What fits, in signs that need no translation."""
        return f"{self.low:g} {'<' if self.above else '≤'} x ≤ {thousands(int(self.high))}"


def objective_choices(
    _ctx: click.Context, _option: click.Parameter, value: str | None
) -> tuple[ObjectiveChoice, ...] | None:
    """Read objectives by name, each with the tolerance that is given, else its usual one."""
    return None if value is None else objectives_from(value)


class Semester(_ParamType):
    """A calendar semester."""

    name = "semester"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the semester, or say what was expected."""
        if not SEMESTER.fullmatch(str(value)):
            option = param.opts[0] if param is not None else ""
            raise UsageError.of("bad-value", option=option, value=value, expected="2026-1, 2026-2")
        return str(value)


class Shard(_ParamType):
    """A part of how many: ``2/8``."""

    name = "shard"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return the two, or say what was expected."""
        part, slash, parts = (piece.strip() for piece in str(value).partition("/"))
        if slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts):
            return int(part), int(parts)
        option = param.opts[0] if param is not None else ""
        raise UsageError.of("bad-value", option=option, value=value, expected="1/4, 2/4, 3/4, 4/4")


class Qualification(_ParamType):
    """The code of a qualification."""

    name = "qualification"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code as the classifier has it, or say what was expected."""
        from curriplan.importing.rup.title import whole_qualification

        code = whole_qualification(str(value))
        if code is None:
            option = param.opts[0] if param is not None else ""
            raise UsageError.of("bad-value", option=option, value=value, expected="4S06130103")
        return code


class Day(_ParamType):
    """A date."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date, or say what was expected."""
        text = day_of_text(str(value))[0] or str(value)
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            option = param.opts[0] if param is not None else ""
            raise UsageError.of("bad-value", option=option, value=value, expected="2026-05-31") from error


class NamedValue(_ParamType):
    """``NAME=VALUE``; `by_name` makes a dict of all that are given."""

    name = "named"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the two, or say what was expected."""
        first, _, second = (part.strip() for part in str(value).partition("="))
        if not (first and second):
            option, form = ("", "") if param is None else (param.opts[0], getattr(param, "metavar", ""))
            raise UsageError.of("bad-value", option=option, value=value, expected=form)
        return first, second


def by_name(
    _ctx: click.Context, option: click.Parameter, pairs: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    """Return what was given by name, or refuse a name that was given twice."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            values = {
                "option": option.opts[0],
                "value": f"{name}={value}",
                "expected": f"{name}={found[name]}",
            }
            raise UsageError([Issue("bad-value", values=values)])
        found[name] = value
    return found


class File(_ParamType):
    """A path; whether it can be read or written is checked where it is."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        return Path(value)


def _together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


CATALOG = click.argument("catalog", required=False)
NAMED_CATALOG = click.option(
    "--catalog",
    "named_catalog",
    metavar="CATALOG",
    help="The catalog, instead of the one that the file names; the same as the argument CATALOG.",
)
COMMON = _together(
    LANGUAGE,
    click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors."),
    click.option("--verbose", "-v", count=True, help="Log what is done to stderr; -vv logs more."),
)
STRICT = click.option("--strict", is_flag=True, help="Take warnings of the catalog as errors.")
FREE_ORDER = click.option(
    "--free-order", is_flag=True, help="Leave out the order of the college's own plan (rows of kind order)."
)
LAUNCHER = click.option(
    "--launcher",
    is_flag=True,
    help="Also write files beside the workbook that check and plan it on a double click.",
)
DIAGNOSIS = click.option(
    "--diagnosis",
    type=File(),
    metavar="FILE",
    help="Where no plan is possible (exit 4): write to this .json which demands clash and what would help.",
)
PRINT_DETAILS = click.option(
    "--print-details",
    is_flag=True,
    help="Let every sheet of the workbook be printed; else the note, the curricula and the sheets that "
    "decide are.",
)
HOUR_COST = click.option(
    "--hour-cost",
    "hour_kzt",
    type=Number(0, 10**9, whole=True),
    metavar="KZT",
    help="Price of an hour of a group, for modules that have no cost in the catalog.",
)
FORCE = click.option("--force", is_flag=True, help="Replace existing output files.")
READERS = {"file": File(), "semester": Semester()}


def setting_options(*wanted: Group | str, without: str = "") -> Callable[[Command], Command]:
    """Return the options of settings, of whole groups or by name, each once; none for what has no option."""
    named = {
        one.name: one
        for want in wanted
        for one in ([SETTING_OF_NAME[want]] if isinstance(want, str) else SETTINGS)
        if want in (one.name, one.group)
    }
    named.pop(without, None)
    return _together(*(_setting_option(one, one.option) for one in named.values() if one.option))


def _setting_option(one: Setting, option: CommandOption) -> Callable[[Command], Command]:
    """Return the option of a setting; the command gets its value by the name of the setting."""
    known: dict[str, Any] = {}
    if option.reads == "number" and one.range is not None:
        known["type"] = Number(*one.range, whole=bare_type(one.hint) is int)
    elif option.reads in READERS:
        known["type"] = READERS[option.reads]
    elif option.reads == "objectives":
        known["callback"] = objective_choices
    elif option.reads == "word":
        known["type"] = click.Choice(one.words)
    if option.reads == "flag":
        both = f"{option.name}/--no-{option.name.removeprefix('--')}"
        return click.option(both, one.name, default=one.default, help=option.help)
    if option.values:
        known |= {"cls": FilledOption, "values": dict(option.values)}
    if isinstance(one.default, int | float | str):
        known |= {"default": one.default, "show_default": True}
    if option.reads == "ids":
        known["multiple"] = True
    return click.option(option.name, one.name, metavar=option.metavar, help=option.help, **known)


def time_limit_of_each() -> Callable[[Command], Command]:
    """Return the option of the limit of time for a command that makes a plan of each of many colleges."""
    setting = SETTING_OF_NAME["time_limit_s"]
    assert setting.option is not None
    return _setting_option(setting, replace(setting.option, help="Seconds for each plan of a college."))


PROGRAMMES, PROFILE, TIME_LIMIT = map(setting_options, ("programmes", "profile", "time_limit_s"))

WORKERS = click.option(
    "--workers",
    type=Number(1, 1000, whole=True),
    metavar="N",
    help="How many processes work side by side; the results are the same, where time suffices.  "
    "[default: as many as there are cores, where that pays]",
)


def outputs_option(endings: str, *, required: bool = False) -> Callable[[Command], Command]:
    """Return the option ``-o`` for the kinds of output that a command writes."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        required=required,
        type=File(),
        metavar="FILE",
        cls=FilledOption,
        help="Where to write; the ending decides the kind: {endings}; repeatable.",
        values={"endings": endings},
    )
