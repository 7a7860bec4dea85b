"""The command about new qualifications."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.base.errors import Issue
from curriplan.catalog.records.policy import QUALIFICATION_LEVELS
from curriplan.cli.commands.shared import deliver, input_file, read, settings_of, tell_written, with_terminal
from curriplan.cli.console.design import show_design
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    FORCE,
    HOUR_COST,
    PROFILE,
    STRICT,
    TIME_LIMIT,
    File,
    Number,
    Semester,
    outputs_option,
    setting_options,
)

if TYPE_CHECKING:
    from curriplan.api.design import DesignResult
    from curriplan.catalog.records import Catalog


@click.command(cls=SaidCommand)
@CATALOG
@click.option(
    "--occupation",
    "occupations",
    multiple=True,
    required=True,
    metavar="OCCUPATION",
    help="What it trains for: an id, a URI, an ISCO-08 code or a name; repeatable, with equal shares.",
)
@click.option(
    "--entry-base",
    required=True,
    metavar="BASE",
    help="Schooling at entry: grade9, grade11 or tvet; a programme of the catalog must have it.",
)
@click.option("--terms", type=Number(1, 20, whole=True), required=True, metavar="N", help="Number of terms.")
@click.option(
    "--learners",
    type=Number(1, 1_000_000, whole=True),
    default=25,
    show_default=True,
    metavar="N",
    help="Learners of one intake.",
)
@click.option(
    "--level",
    type=click.Choice(QUALIFICATION_LEVELS),
    default="4S",
    show_default=True,
    help="Level of the qualification: it has a norm of credits.",
)
@click.option(
    "--start",
    type=Semester(),
    metavar="SEMESTER",
    help="The first term, such as 2027-1.  [default: a year after the first programme begins]",
)
@click.option(
    "--language",
    type=click.Choice(("kk", "ru", "en")),
    help="Language of teaching.  [default: that in which most learners are taught]",
)
@click.option(
    "--id",
    "name",
    metavar="ID",
    help="Id of the programme, which no other has.  [default: NEW, with a number where there is one]",
)
@click.option("--name-kk", metavar="NAME", help="Its name in Kazakh.  [default: that of the occupation]")
@click.option("--name-ru", metavar="NAME", help="Its name in Russian.  [default: that of the occupation]")
@click.option("--name-en", metavar="NAME", help="Its name in English.  [default: that of the occupation]")
@HOUR_COST
@outputs_option(".xlsx, .csv, .json [default: the terminal]")
@click.option(
    "--plan",
    "plans",
    type=File(),
    multiple=True,
    metavar="FILE",
    help="Where to write its curriculum as any other plan (.xlsx, .json); repeatable.",
)
@click.option(
    "--rows",
    type=File(),
    metavar="DEST",
    help="Where to save a copy of the whole catalog with the new rows (a folder, or .xlsx). Beside --plan it "
    "is what the plan is verified against, and lacks what the plan was made without, such as who pays.",
)
@setting_options("budget_kzt")
@PROFILE
@TIME_LIMIT
@FORCE
@STRICT
@with_terminal
def design(
    terminal: Terminal,
    catalog: str | None,
    occupations: tuple[str, ...],
    entry_base: str,
    terms: int,
    learners: int,
    level: str,
    start: str | None,
    language: str | None,
    name: str | None,
    name_kk: str | None,
    name_ru: str | None,
    name_en: str | None,
    hour_kzt: int | None,
    outputs: tuple[Path, ...],
    plans: tuple[Path, ...],
    rows: Path | None,
    budget_kzt: int | None,
    profile: Path | None,
    time_limit_s: float,
    force: bool,
) -> None:
    """Design a new qualification out of the modules that there are.

    It has the general and basic modules that all programmes after the same schooling have, the modules that
    its occupations need, and those of near programmes up to the norm of credits. What no module teaches is
    listed to be commissioned, with its hours estimated by modules that are alike.
    """
    from curriplan.api.analyses import TABLE_ENDINGS
    from curriplan.api.design import DesignWish, design_catalog, write_design
    from curriplan.api.results import PLAN_ENDINGS
    from curriplan.base.files import check_outputs
    from curriplan.catalog.saving.save import check_destination

    check_outputs(outputs, TABLE_ENDINGS, force=force, source=input_file(catalog))
    check_outputs(plans, PLAN_ENDINGS, force=force, source=input_file(catalog))
    if rows is not None:
        check_destination(rows, force=force, source=input_file(catalog))
    settings = settings_of(profile=profile, time_limit_s=time_limit_s, budget_kzt=budget_kzt)
    named = {"kk": name_kk, "ru": name_ru, "en": name_en}
    with terminal.steps():
        reading = read(terminal, catalog, settings)
        found = reading.require()
        asked = DesignWish(
            occupations,
            entry_base,
            terms,
            learners,
            level,
            start,
            language,
            name,
            {code: said for code, said in named.items() if said},
            hour_kzt,
        )
        result = design_catalog(found, asked, settings, source=reading.source)
    _save(terminal, result, plans, rows, reading.issues, force=force)
    deliver(terminal, outputs, partial(write_design, result), lambda: show_design(terminal, result))


def _save(
    terminal: Terminal,
    result: DesignResult,
    plans: tuple[Path, ...],
    rows: Path | None,
    known: Collection[Issue],
    *,
    force: bool,
) -> None:
    """Save the whole catalog with the new rows; or that of the plan, and the plan, which names it."""
    from curriplan.catalog.saving.save import save_catalog

    plan = result.plan
    if rows is not None and not plans:
        save_catalog(result.whole, rows, force=force, language=terminal.language)
        terminal.warn(_new_issues(result.whole, known))
    elif rows is not None:
        save_catalog(result.catalog, rows, force=force, language=terminal.language)
        if result.left_out_of_plan:
            values = {"path": str(rows), "tables": ", ".join(result.left_out_of_plan)}
            terminal.warn([Issue("design-copy-not-whole", values=values)])
        reference = replace(plan.plan.catalog, source=str(rows.absolute()))
        plan = replace(plan, plan=replace(plan.plan, catalog=reference))
    if plans:
        with terminal.steps():
            plan.write(plans, terminal.language, force=force)
    if plans or rows is not None:
        tell_written(terminal, rows, *plans)


def _new_issues(catalog: Catalog, known: Collection[Issue]) -> list[Issue]:
    """Return what `check` would say of a catalog beyond what was known before the new rows."""
    from curriplan.problem.checks import check_catalog

    said = {(one.code, one.place) for one in known}
    return [one for one in check_catalog(catalog) if (one.code, one.place) not in said]
