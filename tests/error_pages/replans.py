"""Examples of the codes of the yearly re-plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from error_pages.example import Example, Stage, command

REPLAN = "replan plan.json mini --objective closure -o new.json"
OF_COLLEGE = "replan plan.json college --objective closure -o new.json"


def _plan(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Callable[[Stage], None]:
    """Have a plan.json of `mini`, changed."""

    def prepare(stage: Stage) -> None:
        path = stage.take("plan.json")
        data = json.loads(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(json.dumps(data), encoding="utf-8")

    return prepare


def _of_another_college(data: dict[str, Any]) -> None:
    data["limits"]["programmes"] = ["NURSE"]
    for row in data["modules"] + data["uses"] + data["intakes"]:
        row["programme"] = "NURSE"


def _without_catalog(data: dict[str, Any]) -> None:
    data["catalog"]["sha256"] = "0" * 64


def _without_starts(data: dict[str, Any]) -> None:
    _without_catalog(data)
    del data["intakes"]


def _with_a_lost_module(data: dict[str, Any]) -> None:
    for row in data["modules"] + data["uses"]:
        row["module"] = "OLD" if row["module"] == "BASE" else row["module"]


def _with_programme(start: str) -> Callable[[Stage], None]:
    """Have a college with one programme more."""

    def prepare(stage: Stage) -> None:
        college = stage.college()
        path = college / "programmes.csv"
        row = path.read_text(encoding="utf-8").splitlines()[-1].replace("TECH", "OPER", 1)
        stage.edit(path, "TECH,", row.replace("2026-1", start).replace(",yes,", ",no,") + "\nTECH,")
        for name in ("targets.csv", "programme_terms.csv"):
            header, *rows = (college / name).read_text(encoding="utf-8").splitlines()
            more = [one.replace("TECH", "OPER") for one in rows]
            (college / name).write_text("\n".join([header, *rows, *more, ""]), encoding="utf-8")
        stage.take("plan.json")

    return prepare


def _mandatory_at_first(stage: Stage) -> None:
    path = stage.college() / "programme_modules.csv"
    stage.edit(path, "TECH,FAST,candidate,,,", "TECH,FAST,mandatory,,,1")
    stage.take("plan.json")


REPLANS: tuple[Example, ...] = (
    command("replan-other-programmes", "the plan of another college", REPLAN, _plan(_of_another_college)),
    command(
        "replan-without-starts",
        "a plan of an earlier version, whose catalog has changed",
        REPLAN,
        _plan(_without_starts),
    ),
    command("intake-not-later", "an intake that runs", f"{REPLAN} --intake 2026-1", _plan()),
    command("intake-of-nobody", "an intake in spring", f"{REPLAN} --intake 2027-2", _plan()),
    command("replan-module-gone", "a module that is no more", REPLAN, _plan(_with_a_lost_module)),
    command("replan-new-programme", "a new programme", OF_COLLEGE, _with_programme("2027-1")),
    command("replan-unplanned", "a programme that was not planned", OF_COLLEGE, _with_programme("2026-1")),
    command(
        "replan-mandatory-past", "a module that must now begin in term 1", OF_COLLEGE, _mandatory_at_first
    ),
    command("replan-not-compared", "a plan whose catalog has changed", REPLAN, _plan(_without_catalog)),
    command("replan-money-promised", "payments that are still due", REPLAN, _plan()),
)
