"""Networks of tiny colleges for tests, and what is compared of two runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from curriplan.api.network.bench import NetworkProgress
from curriplan.api.network.run import NetworkChoices
from curriplan.api.network.start import Helpers, plan_network
from curriplan.base.errors import Issue
from curriplan.plan.network import NetworkPlan
from curriplan.problem.settings import Settings

MINI = Path(__file__).resolve().parents[2] / "catalogs" / "mini"
FAST = Settings(quick=True)
"""What is looked at here hangs on no objective behind cost."""
NAMES = 'name_kk = "Ө"\nname_ru = "Р"\nname_en = "R"\n'


def network_of(folder: Path, count: int = 3, total_kzt: int | None = 3_300_000) -> Path:
    """Make a network of copies of `mini` in one region; with a total they share the money of its college.

    Each must spend 1,000,000 KZT to keep its floor and closes 42.1 %, and 60.5 % with 1,200,000.
    """
    folder.mkdir()
    text = f'language = "en"\n{NAMES}[[regions]]\nid = "north"\n{NAMES}'
    for number in range(1, count + 1):
        name = f"c{number}"
        catalog = shutil.copytree(MINI, folder / name) / "catalog.toml"
        own = catalog.read_text(encoding="utf-8").replace('id = "mini"', f'id = "{name}"')
        catalog.write_text(own, encoding="utf-8")
        text += f'[[colleges]]\nid = "{name}"\ncatalog = "{name}"\nregion = "north"\n{NAMES}'
    if total_kzt is not None:
        text += f'[[budgets]]\nsource = "COLLEGE"\ntotal_kzt = {total_kzt}\n'
    (folder / "network.toml").write_text(text, encoding="utf-8")
    return folder


def planned(
    folder: Path,
    out: Path,
    *,
    settings: Settings | None = None,
    tell: Callable[[NetworkProgress], None] = lambda _: None,
    remark: Callable[[Issue], None] = lambda _: None,
    merge: Sequence[Path] = (),
    resume: bool = True,
    force: bool = False,
    **choices: Any,
) -> NetworkPlan:
    """Plan a network in this process, without workbooks of the colleges."""
    return plan_network(
        folder,
        out,
        settings or FAST,
        NetworkChoices(**{"workbooks": False, **choices}),
        helpers=Helpers(workers=1),
        merge=merge,
        resume=resume,
        force=force,
        tell=tell,
        remark=remark,
    )


def again(issues: Sequence[Issue]) -> list[str]:
    """Return the codes of what was said of results that are damaged."""
    return [one.code for one in issues if one.code.endswith("-damaged")]


def results_in(out: Path) -> list[Path]:
    """Return the files of results, whole ones only."""
    return sorted(path for path in (out / "results").glob("??/*.json") if not path.name.startswith("."))


def written(out: Path) -> dict[str, bytes]:
    """Return what two runs must have alike, byte for byte."""
    paths = [out / "network.json", out / "colleges.csv", *sorted(out.glob("colleges/*/plan.json"))]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}
