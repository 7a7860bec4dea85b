"""Examples of the codes of options, outputs, plans and the solver: command lines and library calls."""

from __future__ import annotations

import json
import os
import shutil
import signal
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import curriplan
from broken_catalogs.base_catalog import Tables
from curricula import colleges
from curriplan.api.launcher import write_launchers
from curriplan.base import leftovers
from curriplan.base.errors import Issue, NoPlanError, SolverError
from curriplan.base.touched import found_as
from curriplan.optimizer.solve.stages import Solution
from curriplan.plan.plan import Selection, Start, Status
from curriplan.plan.plan import Stage as PlanStage
from curriplan.plan.stability import NOT_RUN
from curriplan.texts.words import Phrase
from error_pages.example import MINI, Example, Stage, call, command
from functional.test_outlooks import college as two_futures

OPTIMIZE = import_module("curriplan.optimizer.solve.stages")
DEAD = 0x7FFFFFF0
"""The number of a process that there is none of."""
STABILITY = "curriplan.optimizer.stability.find_stability"


def _plan(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Callable[[Stage], None]:
    """Have a plan.json of `mini`, changed as a meddler would."""

    def prepare(stage: Stage) -> None:
        path = stage.take("plan.json")
        data = json.loads(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(json.dumps(data), encoding="utf-8")

    return prepare


def _file(name: str, content: str = "old") -> Callable[[Stage], None]:
    return lambda stage: (stage.folder / name).write_text(content, encoding="utf-8") and None


def _with_ranks(stage: Stage) -> None:
    ranks = {"analyst-assistant": "0.2,0.3", "security-assistant": "0.5,0.9"}
    text = "\n".join(
        ["occupation,source,score,rank", *(f"{one},ILO 2025,{row}" for one, row in ranks.items())]
    )
    (stage.college() / "exposure.csv").write_text(text, encoding="utf-8")


def _all_in_term_one(data: dict[str, Any]) -> None:
    for row in data["modules"] + data["uses"]:
        row["term"] = 1


def _of_another_college(data: dict[str, Any]) -> None:
    data["catalog"]["id"] = "elsewhere"


def _of_another_programme(data: dict[str, Any]) -> None:
    for row in data["modules"] + data["uses"]:
        row["programme"] = "NOBODY"


def _changed_college(stage: Stage) -> None:
    college = stage.college()
    with (college / "competencies.csv").open("a", encoding="utf-8") as file:
        file.write("NEW,жаңа,новая,new" + "," * 5 + "\n")
    stage.take("plan.json")


def _costly(stage: Stage) -> None:
    path = stage.college() / "modules.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("setup_cost_kzt")
    lines = [row.split(",") for row in rows]
    for cells in lines:
        cells[at] = str(10**14)
    path.write_text("\n".join([head, *(",".join(cells) for cells in lines)]), encoding="utf-8")


def _locked(stage: Stage) -> None:
    def locked(*_: Any) -> None:
        raise PermissionError(13, "The process cannot access the file")

    (stage.folder / "plan.json").write_text("old", encoding="utf-8")
    stage.monkeypatch.setattr(os, "replace", locked)


def _needing_more(stage: Stage) -> None:
    path = stage.college() / "occupation_requirements.csv"
    stage.edit(path, "security-assistant,SEC,4", "security-assistant,SEC,8")


def _solver(answer: Callable[..., Solution]) -> Callable[[Stage], None]:
    return lambda stage: stage.monkeypatch.setattr(OPTIMIZE, "solve", answer)


def _raising(error: Exception) -> Callable[..., Solution]:
    def answer(*_: Any, **__: Any) -> Solution:
        raise error

    return answer


def _unproven(stage: Stage) -> None:
    solve = OPTIMIZE.solve

    def answer(*arguments: Any, **options: Any) -> Solution:
        found = solve(*arguments, **options)
        stages = tuple(replace(one, bound=None, gap=None) for one in found.stages)
        return replace(found, status=Status.FEASIBLE, stages=stages)

    stage.monkeypatch.setattr(OPTIMIZE, "solve", answer)


def _pressed_after_solving(stage: Stage) -> None:
    solve = OPTIMIZE.solve

    def answer(*arguments: Any, **options: Any) -> Solution:
        found = solve(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return found

    stage.monkeypatch.setattr(OPTIMIZE, "solve", answer)


def _stopped_runs(stage: Stage) -> None:
    from curriplan.optimizer.stability import find_stability

    def answer(*arguments: Any, **options: Any) -> Any:
        table = find_stability(*arguments, **options)
        runs = tuple(replace(run, status=NOT_RUN) if at > 2 else run for at, run in enumerate(table.runs))
        return replace(table, runs=runs)

    stage.monkeypatch.setattr(STABILITY, answer)


def _no_closure(stage: Stage) -> None:
    from curriplan.optimizer.explain import questioned

    stage.take("plan.json")
    answer = type("Nothing", (), {"point": None, "outcome": None})()
    stage.monkeypatch.setattr(questioned, "up_to_closure", lambda _: ())
    resolver = "curriplan.optimizer.explain.resolver.Resolver.solve"
    stage.monkeypatch.setattr(resolver, lambda *_, **__: answer)


def _for_all_outlooks(stage: Stage) -> None:
    curriplan.write_folder(two_futures(), stage.folder / "college")
    curriplan.optimize(stage.folder / "college", risk=0.5).to_json(stage.folder / "plan.json")


def _wrong_refusal(stage: Stage) -> None:
    from curriplan.optimizer.solve.solver import SOLVE, Outcome, Solved

    stage.monkeypatch.setitem(SOLVE, "highs", lambda *_, **__: Solved(Outcome.INFEASIBLE))


def _misnamed(stage: Stage) -> None:
    catalog = curriplan.read_catalog("mini").require()
    curriplan.save_catalog(catalog, stage.folder / "college.xlsx")
    (stage.folder / "college.xlsx").rename(stage.folder / "college.xls")


def _faulty_with(part: str) -> Callable[[Stage], None]:
    """Have a workbook with an error, and a part beside its sheets."""

    def prepare(stage: Stage) -> None:
        path = stage.folder / "college.xlsx"
        tables = Tables()
        tables.set("modules", 2, "theory_hours", "many")
        tables.workbook().save(path)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(part, "<x/>")

    return prepare


def _changed_launcher(stage: Stage) -> None:
    """Make a workbook with a launcher that somebody has changed."""
    book = stage.folder / "college.xlsx"
    Tables().workbook().save(book)
    (first, *_) = write_launchers(book, "en")
    first.write_bytes(first.read_bytes() + b"rem mine\r\n")


def _full_term(stage: Stage) -> None:
    """Let term 1 have 168 hours with a teacher in 4 weeks of 24."""
    tables = Tables()
    tables.set("programme_terms", 2, "weeks", "4")
    tables.add("profile", key="weekly_hours", value="24", source="trial", verified="no")
    tables.write_folder(stage.folder / "catalog")


def _interrupted(stage: Stage) -> None:
    def pressed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    stage.monkeypatch.setattr("curriplan.api.reading.read", pressed)


def _dropped(stage: Stage) -> None:
    """Press Ctrl-C twice, and not in haste, while the file is written."""
    from curriplan.api import results

    write = results.plan_text

    def pressed(plan: Any) -> str:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return write(plan)

    stage.monkeypatch.setattr("curriplan.base.interrupts.DELIBERATE_S", 0.0)
    stage.monkeypatch.setattr(results, "plan_text", pressed)


def _while_shown(stage: Stage) -> None:
    def pressed(*_: Any) -> None:
        raise KeyboardInterrupt

    stage.monkeypatch.setattr("curriplan.cli.console.plan.show_plan", pressed)


def _full(stage: Stage) -> None:
    def out_of_memory(*_: Any, **__: Any) -> None:
        raise MemoryError

    stage.monkeypatch.setattr("curriplan.api.reading.read", out_of_memory)


def _classification(stage: Stage) -> None:
    college = stage.college()
    with (college / "catalog.toml").open("a", encoding="utf-8") as file:
        file.write("\nclassification = true\n")
    kept = {"competencies", "occupations", "occupation_requirements"}
    for path in college.glob("*.csv"):
        if path.stem not in kept:
            path.unlink()


def _codes_of_letters(stage: Stage) -> None:
    stage.edit(stage.college() / "competencies.csv", "work with data", "_x0041_x0042_")


def _inside_a_catalog(stage: Stage) -> None:
    shutil.copytree(MINI, stage.folder, dirs_exist_ok=True)


def _killed_between_two(stage: Stage) -> None:
    """Leave what a process leaves that is killed when `plan.json` is new and `plan.xlsx` is not."""
    paths = [stage.take(name) for name in ("plan.json", "plan.xlsx")]
    (journal,) = leftovers.journals_of(paths)
    leftovers.write_journal(journal, [(paths[0], [0, 0]), (paths[1], found_as(paths[1]))])
    journal.rename(str(journal).replace(f"{os.getpid():08x}", f"{DEAD:08x}"))


def _with_notes(stage: Stage) -> None:
    (stage.college() / "notes.txt").write_text("ours", encoding="utf-8")


def _more_occupations(*rows: str) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        with (stage.college() / "occupations.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)

    return add


def _consortium(stage: Stage) -> None:
    """Have a plan of `mini` with six partners that pay beside the college."""
    college = stage.college()
    for table, row in (
        ("funding_sources", "S{0},S{0},S{0},S{0},employer"),
        ("funding_budgets", "S{0},,9000,0"),
    ):
        with (college / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row.format(number)}\n" for number in range(1, 7))
    result = curriplan.optimize(college, objectives="closure,cost")
    result.to_json(stage.folder / "plan.json")


_WRONG = Solution(
    Status.OPTIMAL, Selection((Start("TECH", "SEC2", 1),)), (PlanStage("closure", 0.5, 0.5, 0.0),)
)

COMMANDS: tuple[Example, ...] = (
    command("unknown-programme", "no such programme", "optimize mini --programme NOBODY"),
    command("unknown-module", "no such module", "explain plan.json --module NOBODY", _plan()),
    command(
        "unknown-partner",
        "a partner that nobody named",
        "optimize kz-digital-college --keep-within 0.02 --partner NOBODY",
    ),
    command("no-partners", "a college that stands alone", "stress plan.json", _plan()),
    command("leaves-outside-plan", "a year after the plan", "stress plan.json --leaves 2050", _consortium),
    command("too-many-sources", "seven sources with money", "stress plan.json --shares", _consortium),
    command("horizon-before-graduation", "nobody graduates so early", "optimize mini --horizon 2026-2"),
    command(
        "design-unknown-entry-base",
        "a schooling after which no programme takes learners",
        "design mini --occupation analyst-assistant --entry-base tvet --terms 3",
    ),
    command(
        "design-copy-not-whole",
        "the plan was made without who pays",
        "design mini --occupation analyst-assistant --entry-base grade9 --terms 8 --rows a --plan b.json",
    ),
    command(
        "design-too-few-terms",
        "five terms for the credits of eight",
        "design --occupation data-analyst --entry-base grade9 --terms 5",
    ),
    command("unknown-objective", "no such objective", "optimize mini --objective closure,beauty"),
    call(
        "unknown-solver",
        "no such solver",
        'curriplan.optimize("mini", solver="glpk")',
        curriplan=curriplan,
    ),
    call(
        "unknown-language",
        "a language that there is not",
        'curriplan.find_gaps(curriplan.read_catalog("mini").require(), lang="de")',
        curriplan=curriplan,
    ),
    command("launcher-name", "a name with a quotation mark", 'init my"college.xlsx --launcher'),
    call(
        "unknown-name",
        "a setting that there is none of",
        'curriplan.optimize("mini", budget=5_000_000)',
        curriplan=curriplan,
    ),
    command("bad-whole-number", "an amount that is no whole number", "optimize mini --budget 1e6"),
    command("bad-value", "per cent where a share is asked for", "optimize mini --practice-share 40"),
    command("risk-without-closure", "risk without closure", "optimize mini --risk 0.5 --objective cost"),
    command(
        "outlooks-without-risk", "outlooks that nobody weighs", "optimize mini --objective outlooks,cost"
    ),
    command("risk-without-outlooks", "a catalog without outlooks", "optimize mini --risk 0.5"),
    command("risk-not-explained", "a plan for all outlooks", "explain plan.json", _for_all_outlooks),
    command("previous-missing", "changes against no plan", "optimize mini --max-changes 3"),
    command("unknown-output-kind", "an ending that nothing is written to", "optimize mini -o plan.docx"),
    command("output-twice", "a file named twice", "optimize mini -o a.json -o ./a.json"),
    command(
        "catalog-is-curriculum",
        "a working curriculum in the place of a catalog",
        "check plan.xlsx",
        lambda stage: colleges.big().save(stage.folder / "plan.xlsx"),
    ),
    command(
        "launcher-exists",
        "a launcher that somebody has changed",
        "init college.xlsx --launcher",
        _changed_launcher,
    ),
    command("output-exists", "a file that is there", "optimize mini -o plan.json", _file("plan.json")),
    command(
        "output-locked",
        "`plan.json` is open in another program",
        "optimize mini --force --objective closure -o plan.json",
        _locked,
    ),
    command(
        "outputs-in-part",
        "the process was killed between two files",
        "optimize mini --objective closure --force -o plan.json -o plan.xlsx",
        _killed_between_two,
    ),
    command("output-folder-missing", "no such folder", "optimize mini -o plans/plan.json"),
    command(
        "output-not-writable",
        "`plan.json` is a folder",
        "optimize mini --force -o plan.json",
        lambda stage: (stage.folder / "plan.json").mkdir(),
    ),
    command("output-is-input", "the catalog itself", "optimize c.xlsx --force -o c.xlsx", _file("c.xlsx")),
    command("plan-not-found", "a path that is wrong", "verify pln.json", _file("plan.json", "{}")),
    command("plan-unreadable", "a plan that is no JSON", "verify plan.json", _file("plan.json", "{")),
    command(
        "plan-schema-too-new",
        "a plan of a later version",
        "verify plan.json",
        _plan(lambda data: data.update(schema="curriplan-plan/9")),
    ),
    command(
        "plan-invalid",
        "a plan without its status",
        "verify plan.json",
        _plan(lambda data: data.pop("status")),
    ),
    command(
        "saved-catalog-elsewhere",
        "a plan that somebody sent, and that names a file of this computer",
        "verify plan.json",
        _plan(lambda data: data["catalog"].update(source="/etc/passwd")),
    ),
    command(
        "saved-catalog-missing",
        "a plan whose catalog was moved",
        "verify plan.json",
        _plan(lambda data: data["catalog"].update(source="./college")),
    ),
    command("edit-missing", "no edit to try", "try plan.json", _plan()),
    command(
        "edit-unknown-module",
        "a module that the programme may not take",
        "try plan.json --add TECH:SEC9:2",
        _plan(),
    ),
    command(
        "edit-twice",
        "a module dropped and moved at once",
        "try plan.json --drop TECH:SEC2 --move TECH:SEC2:2",
        _plan(),
    ),
    command(
        "edit-taken-already",
        "a module added that the plan takes",
        "try plan.json --add TECH:SEC2:2",
        _plan(),
    ),
    command(
        "edit-not-taken",
        "a module dropped that the plan does not take",
        "try plan.json --drop TECH:DATA4",
        _plan(),
    ),
    command(
        "plan-without-catalog",
        "a plan of a catalog made in code",
        "verify plan.json",
        _plan(lambda data: data["catalog"].update(source=None)),
    ),
    command("plan-other-catalog", "a catalog with a row more", "verify plan.json college", _changed_college),
    command("plan-breaks-rules", "a plan changed by hand", "explain plan.json", _plan(_all_in_term_one)),
    command(
        "no-plan-possible",
        "more practice than the modules have",
        "optimize mini --practice-share 1 -o plan.json",
    ),
    command(
        "impossible-unconfirmed",
        "a solver that finds no plan where there is one",
        "optimize mini -o plan.json",
        _wrong_refusal,
    ),
    command(
        "stopped-before-best-closure",
        "no time to find the best plan again",
        "explain plan.json",
        _no_closure,
    ),
    command(
        "time-limit-too-short",
        "a moment",
        "optimize mini --time-limit 0.001 -o plan.json",
    ),
    command(
        "stopped-before-plan",
        "Ctrl-C, or no time, before any plan",
        "optimize mini -o plan.json",
        _solver(_raising(NoPlanError([Issue("stopped-before-plan")]))),
    ),
    command(
        "solver-failed",
        "a solver that gives up",
        "optimize mini -o plan.json",
        _solver(_raising(SolverError([Issue("solver-failed", values={"reason": Phrase("solver.numbers")})]))),
    ),
    command(
        "plan-refused-by-evaluation",
        "a solver that answers with a plan that breaks rules",
        "optimize mini --objective closure -o plan.json",
        _solver(lambda *_, **__: _WRONG),
    ),
    command(
        "not-proven",
        "the time is up before the proof",
        "optimize mini --objective closure -o plan.json",
        _unproven,
    ),
    command("today-breaks-rule", "more hours in a term than its weeks hold", "check catalog", _full_term),
    command("first-look", "a first look", "optimize mini --quick -o plan.json"),
    command(
        "stopped-early",
        "Ctrl-C once a plan was found",
        "optimize mini --objective closure -o plan.json",
        _pressed_after_solving,
    ),
    command(
        "stopped-while-writing",
        "Ctrl-C twice while the plan is written",
        "optimize mini --objective closure -o plan.json",
        _dropped,
    ),
    command(
        "stopped-after-writing",
        "Ctrl-C while the result is shown",
        "optimize mini --objective closure -o plan.json",
        _while_shown,
    ),
    command(
        "stability-incomplete",
        "Ctrl-C during the runs",
        "optimize mini --objective closure --stability 1 -o plan.json",
        _stopped_runs,
    ),
    command(
        "previous-other-catalog",
        "the plan of another college",
        "optimize mini --objective closure --previous plan.json -o new.json",
        _plan(_of_another_college),
    ),
    command(
        "previous-row-ignored",
        "an earlier plan of a programme that is gone",
        "optimize mini --objective closure --previous plan.json -o new.json",
        _plan(_of_another_programme),
    ),
    command(
        "budget-above-sources",
        "a budget above that of the sources",
        "optimize mini --objective closure --budget 9000000000 -o plan.json",
    ),
    command("illustrative-catalog", "the bundled example", "gaps mini", marker="message.note"),
    command("money-too-large", "a module for 10¹⁴ KZT", "optimize college -o plan.json", _costly),
    command("nothing-to-plan", "a classification", "optimize college -o plan.json", _classification),
    command(
        "folder-not-a-catalog",
        "a folder that holds `notes.txt` too",
        "convert mini college --force",
        _with_notes,
    ),
    command(
        "folder-in-use",
        "the folder in which one works",
        "convert mini . --force",
        _inside_a_catalog,
    ),
    command(
        "text-of-codes",
        "a name of `_x0041_x0042_`, which Excel would read as letters",
        "convert college catalog.xlsx",
        _codes_of_letters,
    ),
    command("options-exclude", "a copy that is to be empty", "init new --from mini --empty"),
    command("out-of-memory", "more rows than the memory holds", "check mini", _full),
    command(
        "workbook-of-plan",
        "a plan given as a catalog",
        "gaps plan.xlsx",
        lambda stage: stage.take("plan.xlsx"),
    ),
    command("workbook-misnamed", "a workbook renamed", "gaps college.xls", _misnamed),
    command(
        "mark-no-workbook",
        "a folder to be marked",
        "check college --mark copy.xlsx",
        lambda stage: stage.college() and None,
    ),
    command(
        "mark-signed",
        "a signed workbook",
        "check college.xlsx --mark copy.xlsx",
        _faulty_with("_xmlsignatures/sig1.xml"),
    ),
    command(
        "mark-threads",
        "a comment with answers",
        "check college.xlsx --mark copy.xlsx",
        _faulty_with("xl/threadedComments/threadedComment1.xml"),
    ),
    command("stopped", "Ctrl-C while the catalog is read", "check mini", _interrupted),
    command(
        "workers-unused",
        "workers without anything to share",
        "optimize mini --objective closure --workers 2 -o plan.json",
        marker="message.note",
    ),
    command("option-needs-other", "only one end", "gaps mini --from security-assistant"),
    command(
        "unknown-occupation",
        "a slip of the pen",
        "gaps mini --from analyst-assistant --to security-asistant",
    ),
    command(
        "ambiguous-occupation",
        "an ISCO-08 code that two occupations have",
        "gaps college --from analyst-assistant --to 9999",
        _more_occupations("ONE,,,First,9999,,", "TWO,,,Second,9999,,"),
    ),
    command(
        "occupation-without-requirements",
        "an occupation that needs nothing",
        "gaps college --from analyst-assistant --to ONE",
        _more_occupations("ONE,,,First,9999,,"),
    ),
    command(
        "route-entries-lacking",
        "learners who lack the first level",
        "retrain mini --baseline levels.csv --to analyst-assistant",
        _file("levels.csv", "competency,level\nFRAUD,2\n"),
    ),
    command(
        "route-not-taught",
        "a level that no module teaches",
        "retrain college --from analyst-assistant --to security-assistant",
        _needing_more,
    ),
    command(
        "route-clashes",
        "a chain of modules in one term",
        "retrain mini --from security-assistant --to analyst-assistant --terms 1",
    ),
    command(
        "no-exposure",
        "a catalog without scores",
        "retrain mini --from analyst-assistant --safer",
    ),
    command(
        "target-not-safer",
        "the target has the higher rank",
        "retrain college --from analyst-assistant --to security-assistant --safer",
        _with_ranks,
    ),
    command(
        "no-floors",
        "a catalog without floors for all programmes",
        "retrain college --from analyst-assistant --to floors",
        lambda stage: (stage.college() / "floors.csv").unlink(),
    ),
    command("unknown-node", "no such module", "graph mini -o g.svg --around module:PHISHING"),
    command(
        "ambiguous-node",
        "an id that an occupation and a competency share",
        "graph college -o g.svg --around SEC",
        _more_occupations("SEC,,,First,9999,,"),
    ),
    command("graph-too-large-to-draw", "a whole college", "graph kz-digital-college -o g.svg"),
    command(
        "nodes-left-out",
        "a programme with everything around it",
        "graph kz-digital-college -o g.svg --around programme:IST",
    ),
)
