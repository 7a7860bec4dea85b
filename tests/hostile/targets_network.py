"""The file of a network and the tables beside it under the fuzzer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

from curriplan.base.errors import Issue
from hostile import mutate
from hostile.targets import Target, caught, folder_of

NETWORK = """schema = 1
name_ru = "Сеть"
[[regions]]
id = "north"
name_kk = "С"
name_ru = "С"
name_en = "N"
floor = 0.6
[[colleges]]
id = "a"
catalog = "a"
region = "north"
[[budgets]]
source = "STATE"
region = "north"
years = { 2027 = 900, 2028 = 1_000 }
total_kzt = 1000
[[centres]]
id = "LAB"
hours = { "2027-1" = 90.5 }
[[places]]
college = "a"
choices = [ { SD = 3, WD = 2 }, { SD = 4 } ]
"""
PARTS: mutate.Parts = {
    "network.toml": NETWORK.encode(),
    "budgets.csv": b"source,year,budget_kzt\nCOLLEGE,2027,900\nCOLLEGE,,900\n",
    "centre_hours.csv": "Орталық;Күнтізбелік семестр;Сағат саны\nLAB;2027-2;90,5\n".encode(),
    "group_choices.csv": b"college,choice,programme,groups\na,3,SD,5\n",
}


def _spoil(random: Random, parts: mutate.Parts) -> mutate.Parts:
    kind = random.randrange(10)
    if kind < 6:
        return mutate.spoil_parts(random, parts, "network.toml", mutate.spoil_toml)
    change = random.choice((mutate.spoil_csv, mutate.spoil_bytes, mutate.spoil_encoding))
    return mutate.spoil_parts(random, parts, "network.toml" if kind < 8 else ".csv", change)


def _read(parts: mutate.Parts, work: Path) -> list[str]:
    from curriplan.catalog.network.read import find_network

    folder = folder_of(work, parts)
    (folder / "a").mkdir(exist_ok=True)

    def action() -> Iterable[Issue]:
        return [one for one in find_network(folder).issues if one.code != "network-without-names"]

    return caught(action)


def network_targets() -> dict[str, Target]:
    """Return the readers by name."""
    return {"network": Target((PARTS,), _spoil, _read)}
