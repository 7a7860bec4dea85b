"""The command that plans again a year later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.cli.commands.shared import (
    input_file,
    one_catalog,
    read,
    refuse_idle_partners,
    settings_of,
    with_terminal,
)
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import (
    CATALOG,
    DIAGNOSIS,
    FORCE,
    NAMED_CATALOG,
    PRINT_DETAILS,
    STRICT,
    File,
    Semester,
    outputs_option,
    setting_options,
)
from curriplan.problem.declaration import Group
from curriplan.problem.settings import Replan


@click.command(cls=SaidCommand)
@click.argument("last", type=File())
@CATALOG
@NAMED_CATALOG
@outputs_option(".xlsx, .json [default: plan.xlsx]")
@click.option(
    "--intake",
    "first",
    type=Semester(),
    metavar="SEMESTER",
    help="The semester in which the new intake begins, such as 2027-1: what lies before it is taught "
    "already.  [default: a year after the intake of LAST]",
)
@click.option(
    "--last-catalog",
    metavar="CATALOG",
    help="The catalog that LAST was made from, where it no longer lies as it was: what CATALOG asks beyond "
    "it is asked of the new intake only.",
)
@click.option(
    "--save-catalog",
    "saved",
    type=File(),
    metavar="DEST",
    help="Where to save the catalog with a programme row for each running intake: a workbook (.xlsx) or a "
    "folder.  [default: beside the first output, its name with -catalog.xlsx]",
)
@setting_options(Group.SCOPE, Group.OBJECTIVES, "max_changes")
@click.option(
    "--replan",
    type=click.Choice([wish.value for wish in Replan]),
    default=Replan.FEWEST.value,
    show_default=True,
    help="Without --max-changes: change the fewest modules first, or make the best plan anew.",
)
@setting_options(Group.FAIRNESS, "time_limit_s", Group.SOLVING)
@DIAGNOSIS
@PRINT_DETAILS
@FORCE
@STRICT
@with_terminal
def replan(
    terminal: Terminal,
    last: Path,
    catalog: str | None,
    named_catalog: str | None,
    outputs: tuple[Path, ...],
    first: str | None,
    last_catalog: str | None,
    saved: Path | None,
    replan: str,
    diagnosis: Path | None,
    print_details: bool,
    force: bool,
    **chosen: Any,
) -> None:
    """Plan the running intakes and the new one together, a year after LAST.json.

    LAST.json is the plan that is in force. What its intakes were taught by now stays as it is; what is left
    of them, and the new intake, is planned anew with few changes. CATALOG is what holds for the new intake,
    by default the catalog that LAST.json names.
    """
    from curriplan.api.time_limit import TimeLimit

    paths = outputs or (Path("plan.xlsx"),)
    limit = TimeLimit.of(chosen["time_limit_s"], paths)

    from curriplan.api.diagnose import DIAGNOSIS_ENDINGS, write_diagnosis
    from curriplan.api.replan import BEGUN, read_in_force, replan_catalog
    from curriplan.api.results import PLAN_ENDINGS
    from curriplan.base.files import check_outputs
    from curriplan.catalog.saving.save import check_destination, save_catalog
    from curriplan.problem.settings import Settings

    catalog = one_catalog(catalog, named_catalog)
    saved = saved or paths[0].with_name(f"{paths[0].stem}-catalog.xlsx")
    check_outputs([diagnosis] if diagnosis else [], DIAGNOSIS_ENDINGS, force=force, source=last)
    for read_file in (input_file(catalog), last, input_file(last_catalog)):
        check_outputs(paths, PLAN_ENDINGS, force=force, source=read_file)
        check_destination(saved, force=force, source=read_file)
    settings = settings_of(**chosen)
    refuse_idle_partners(settings)
    in_force = read_in_force(last, last_catalog)
    with terminal.progress() as progress:
        limit.require()
        # What the other settings name, the catalog with the running intakes has.
        reading = read(terminal, catalog or in_force.source, Settings(profile=settings.profile), BEGUN)
        try:
            result = replan_catalog(
                reading,
                in_force,
                settings,
                first=first,
                wish=Replan(replan),
                saved=saved,
                progress=progress,
                time_limit=limit,
            )
        except (InfeasibleError, NoPlanError) as error:
            if diagnosis is not None:
                write_diagnosis(error, diagnosis)
            raise
        save_catalog(result.catalog, saved, force=force, language=terminal.language)
        result.write(paths, terminal.language, print_details=print_details)
    for issue in result.warnings[len(reading.issues) :]:
        terminal.tell(terminal.line(issue))
    if not terminal.quiet:
        from curriplan.cli.console.plan import show_plan

        show_plan(terminal, result, [str(path) for path in (*paths, saved)])
