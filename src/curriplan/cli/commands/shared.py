"""What the commands share: their terminal, their settings, the catalog they read."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curriplan.base.errors import CatalogError, Issue, UsageError
from curriplan.base.interrupts import keeping_results
from curriplan.base.progress import hearing_language
from curriplan.base.touched import one_command
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.options import COMMON
from curriplan.cli.usage import LANGUAGE_KEY

if TYPE_CHECKING:
    from curriplan.api.reading import Reading
    from curriplan.catalog.records import Catalog
    from curriplan.problem.limits import Limits
    from curriplan.problem.settings import Settings


def with_terminal(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its terminal first, made of the options that all have, and of ``--strict``."""

    @wraps(command)
    def run(*, lang: str | None, quiet: bool, verbose: int, strict: bool = False, **given: Any) -> None:
        if verbose:
            logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
            logging.getLogger("curriplan").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)
        terminal = Terminal(lang, quiet, strict, verbose)
        click.get_current_context().meta[LANGUAGE_KEY] = terminal
        with (
            hearing_language(terminal.hear),
            one_command(lambda issue: terminal.warn([issue])) as written,
            keeping_results(terminal.answer),
        ):
            try:
                command(terminal, **given)
            except KeyboardInterrupt:
                terminal.written = tuple(written)
                raise

    return COMMON(run)


def settings_of(**choices: Any) -> Settings:
    """Return the settings of the options that were given."""
    from curriplan.problem.settings import Settings

    return Settings(**choices_of(**choices))


def choices_of(**choices: Any) -> dict[str, Any]:
    """Return the settings that were given by name, with the files that they name read."""
    from curriplan.api.reading import read_profile

    given = {name: value for name, value in choices.items() if value is not None}
    if "profile" in given:
        warnings: list[Issue] = []
        given["profile"] = read_profile(given["profile"], warnings)
        _tell_warnings(click.get_current_context().meta[LANGUAGE_KEY], warnings)
    return given


def _tell_warnings(terminal: Terminal, issues: Sequence[Issue]) -> None:
    """Tell the warnings of an input, and refuse it where they count as errors."""
    if issues and terminal.strict:
        terminal.tell(terminal.text("message.strict"))
        raise CatalogError(issues)
    if issues:
        terminal.warn(issues)


def one_catalog(argument: str | None, option: str | None) -> str | None:
    """Return the catalog, which may be an argument or an option."""
    refuse_both("CATALOG", argument, "--catalog", option)
    return option if argument is None else argument


def input_file(catalog: str | None) -> Path | None:
    """Return the file that a catalog is, which no output may replace."""
    return Path(catalog) if catalog else None


def refuse_half_of(first: str, value: object, second: str, other: object) -> None:
    """Refuse one of two options that only make sense together."""
    if (value is None) != (other is None):
        given, lacking = (first, second) if other is None else (second, first)
        raise UsageError.of("option-needs-other", option=given, other=lacking)


def is_given(setting: str) -> bool:
    """Say whether the option of a setting was given, and is not merely at its default."""
    source = click.get_current_context().get_parameter_source(setting)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def refuse_idle_partners(settings: Settings) -> None:
    """Refuse partners that may leave where no loss is limited: they would change nothing."""
    if settings.partners and settings.keep_within is None:
        raise UsageError.of("option-needs-other", option="--partner", other="--keep-within")


def refuse_both(first: str, value: object, second: str, other: object) -> None:
    """Refuse two options that do not go together."""
    if value is not None and other:
        raise UsageError.of("options-exclude", first=first, second=second)


def tell_written(terminal: Terminal, *paths: Path | None, counts: str = "") -> None:
    """Tell which files were written, and how much is in them."""
    names = ", ".join(str(path) for path in paths if path is not None)
    terminal.tell(f"{terminal.text('line.written')}: {names}{counts and f' ({counts})'}")


MOST_PLACES = 10


def tell_hidden(terminal: Terminal, places: Sequence[str]) -> None:
    """Tell where a marked copy has marks that nobody sees."""
    if places:
        more = len(places) - MOST_PLACES
        shown = ", ".join(places[:MOST_PLACES]) + (f", ... (+{more})" if more > 0 else "")
        terminal.tell(terminal.text("mark.hidden", places=shown))


def deliver(
    terminal: Terminal,
    outputs: Sequence[Path],
    write: Callable[[Sequence[Path], str], object],
    show: Callable[[], None],
    *,
    both: bool = True,
) -> None:
    """Write a result to the files that were asked for; show it where none was, or on request as well."""
    if outputs:
        with terminal.steps():
            write(outputs, terminal.language)
        tell_written(terminal, *outputs)
    if not outputs or (both and not terminal.quiet):
        show()


def read(
    terminal: Terminal, catalog: str | None, settings: Settings | None = None, but: Collection[str] = ()
) -> Reading:
    """Read a catalog, tell its warnings but those of some codes, refuse them where they count as errors."""
    reading = look_at(terminal, catalog, settings)
    reading = replace(reading, issues=tuple(one for one in reading.issues if one.code not in but))
    if not reading.errors:
        _tell_warnings(terminal, reading.issues)
    return reading


def limits_of_plan(plan: Path, catalog: Catalog) -> Limits:
    """Return what was in force when a saved plan of this catalog was made."""
    from curriplan.api.plan_file import read_plan
    from curriplan.api.verify import problem_of

    return problem_of(read_plan(plan), catalog).limits


def look_at(terminal: Terminal, catalog: str | None, settings: Settings | None = None) -> Reading:
    """Read a catalog, and say so where it is an illustration."""
    from curriplan.api.reading import read

    reading = read(catalog, settings)
    if reading.found is not None:
        info = reading.found.info
        if info.illustrative:
            title = info.title(terminal.language)
            terminal.note(Issue("illustrative-catalog", values={"title": title}))
    for note in reading.notes:
        terminal.note(note)
    return reading
