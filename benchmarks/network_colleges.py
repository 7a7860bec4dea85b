"""Generate a network of colleges like the country's, for `network.py` to measure: nothing of it is real.

    python benchmarks/network_colleges.py N FOLDER [--seed 1]

`FOLDER` is then what `curriplan network` takes: `network.toml`, and a catalog for each of N colleges in
`colleges`. The number and the seed alone decide what is drawn. See docs/performance.md.

Colleges have 1 to 25 programmes (most 5 to 10), 40 to 120 modules and 3 to 8 terms, and take from a dozen
fields, so that many teach the same competencies. Money comes from the republic, from the region and from own
employers. Some regions have a centre with costly laboratories, all share one of the country; whoever finds no
hours there may rent a private one, dearly. By itself a college has its part of shared money and hours by its
learners; these parts together are no more than there is, so that planning alone is a lawful national plan.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from speed_colleges import GROUP, LAB_HOURS, GeneratedCollege, Made, Size, names_of
from speed_tables import Row, Tables, write_tables

LANGUAGES = ("kk", "ru", "en")
REGIONS = 20
COLLEGES_A_REGION = 3
"""A small network has fewer regions than the country."""
FIELDS = 12
PROGRAMMES = ((0.2, (1, 4)), (0.9, (5, 10)), (0.98, (11, 16)), (1.0, (17, 25)))
"""How many programmes colleges have: up to which part of them, from and to."""
PARTS_OF_YEARS = {2026: 0.1, 2027: 0.3, 2028: 0.3, 2029: 0.2, 2030: 0.1}
SEMESTERS = tuple(f"{year}-{half}" for year in range(2026, 2030) for half in (1, 2))
REPUBLIC, REGION, EMPLOYERS = "REPUBLIC", "REGION", "EMPLOYERS"
REPUBLIC_PART, REGION_PART = 0.06, 0.05
"""Of what all candidates would cost, what the republic and an average region give."""
TOTAL_PART = 0.9
"""Of the years of the republic together, what it gives in all."""
WEALTH = (0.4, 1.6)
OWN_PART = (0.01, 0.06)
"""What a region gives beside an average one, and employers of what all candidates would cost."""
LARGE, OFFERED_PART, LARGE_OFFERED_PART = 10, 0.5, 0.3
"""Of the new modules of its fields, those that a programme thinks of at first; in a large college."""
CENTRE, PRIVATE, NATIONAL_CENTRE = "centre", "PRIVATE", "CENTRE-COUNTRY"
CENTRE_SHARE = 0.5
"""Of the laboratory hours of an advanced module, those that are given at a centre."""
ADVANCED_LEVEL, ADVANCED_PART = 3, 0.6
CENTRE_PLACES = 15
REGION_CENTRE_PART, COUNTRY_CENTRE_PART = 0.05, 0.02
"""Of the hours that all candidates would use in a semester, those of the centre."""
GAIN_AT_LEAST = 0.1
"""What the floor of a poor region asks over the closure of today."""
PLACES_PART = 0.1
"""Of the colleges, those of which the country may change the groups."""
ESSENTIAL, MEETING = 2.0, 0.5
"""How a requirement weighs in closure: docs/formulation.md, Worth."""


@dataclass
class NetworkCollege(GeneratedCollege):
    """A college of the network, before it is known what the others leave of money and hours."""

    LEARNERS: ClassVar = (12, 56)
    region: str = ""
    centres: tuple[str, ...] = ()

    def _fields(self, count: int) -> Sequence[int]:
        return [0, *sorted(self.rng.sample(range(1, FIELDS + 1), count - 1))]

    @property
    def _today_credits(self) -> int:
        """Return no more than lasts for all terms, with what does not fit into one."""
        of_field = {
            one: sum(made.credits for made in self._of_field(one, is_new=False)) for one in self.fields
        }
        least = of_field[0] + min(of_field[one] for one in self.fields[1:])
        return min(super()._today_credits, least // self.size.terms - 2)

    def _offered(self, own: int) -> list[Made]:
        """Offer a part of the new modules, with what they rest on: a large college is no large model."""
        found = super()._offered(own)
        part = LARGE_OFFERED_PART if self.size.programmes > LARGE else OFFERED_PART
        kept = {made.id for made in self.rng.sample(found, math.ceil(len(found) * part))}
        rests_on = [(row["module"], row["requires"]) for row in self.tables["module_requisites"]]
        for module, other in reversed(rests_on):  # a module rests on earlier ones only
            if module in kept:
                kept.add(other)
        return [made for made in found if made.id in kept]

    def _needs(self) -> Iterator[Row]:
        """Give a part of the laboratory hours of advanced modules at a centre."""
        advanced = self._advanced()
        for row in super()._needs():
            if row["module"] in advanced and row["resource_kind"].startswith("lab-"):
                yield row | {"hours_share": 1 - CENTRE_SHARE}
                yield row | {"hours_share": CENTRE_SHARE, "resource_kind": CENTRE}
            else:
                yield row

    def _advanced(self) -> set[str]:
        high = {
            row["module"] for row in self.tables["module_outcomes"] if row["exit_level"] >= ADVANCED_LEVEL
        }
        return {made.id for made in self.modules if made.is_new and made.id in high and self._falls(made)}

    def _falls(self, made: Made) -> bool:
        return Random(f"{self.seed} {made.id}").random() < ADVANCED_PART

    def _resources(self) -> Iterator[Row]:
        yield from super()._resources()
        shared = {"kind": CENTRE, "category": "laboratory", "places": CENTRE_PLACES}
        for name in self.centres:
            is_far = name == NATIONAL_CENTRE
            costs = {"fee_per_hour_kzt": 600, "travel_cost_kzt": 20_000 if is_far else 5_000}
            yield names_of(name, "Centre") | shared | {"owner": "centre"} | costs
        rent = {"fee_per_hour_kzt": 6_000, "travel_cost_kzt": 10_000}
        yield names_of(PRIVATE, "Private centre") | shared | {"owner": "partner"} | rent

    def _capacity(self) -> Iterator[Row]:
        """Leave out what is shared, and what has no end."""
        yield from (row for row in super()._capacity() if row["resource"] not in {*self.centres, PRIVATE})

    def _money(self) -> Tables:
        part = self.rng.uniform(*OWN_PART)
        kinds = {REPUBLIC: "state", REGION: "state", EMPLOYERS: "employer"}
        return {
            "funding_sources": [names_of(name, "Source") | {"kind": kind} for name, kind in kinds.items()],
            "funding_budgets": [
                {"source": EMPLOYERS, "year": "", "budget_kzt": int(self.all_kzt * part)},
            ],
            "funding_limits": [
                {"source": REPUBLIC, "cost_part": "fees", "max_share": 0},
                {"source": REPUBLIC, "cost_part": "travel", "max_share": 0},
                {"source": EMPLOYERS, "cost_part": "setup", "max_share": 0.5},
            ],
        }

    @cached_property
    def all_kzt(self) -> int:
        """What all candidates would cost."""
        return self._all_candidates_kzt()

    @cached_property
    def learners(self) -> int:
        """Of all programmes."""
        return sum(int(row["learners"]) for row in self.tables["programmes"])

    @cached_property
    def wanted_hours(self) -> float:
        """Hours at centres in a semester, were every candidate taken, half of them in each season."""
        credits_of = {made.id: made.credits for made in self.modules}
        parts = {row["id"]: math.ceil(row["learners"] / CENTRE_PLACES) for row in self.tables["programmes"]}
        advanced = self._advanced()
        return sum(
            LAB_HOURS * CENTRE_SHARE * credits_of[row["module"]] * parts[row["programme"]] / 2
            for row in self.tables["programme_modules"]
            if row["status"] == "candidate" and row["module"] in advanced
        )

    def closure_today(self) -> float:
        """Return the learner-weighted closure of the curricula of today (docs/formulation.md, Worth)."""
        taught: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self.tables["module_outcomes"]:
            taught[row["module"]][row["competency"]] = row["exit_level"]
        weighted = 0.0
        for programme in self.tables["programmes"]:
            reached: dict[str, int] = {}
            for row in self.tables["programme_modules"]:
                if row["programme"] == programme["id"] and row["status"] != "candidate":
                    for ability, level in taught[row["module"]].items():
                        reached[ability] = max(level, reached.get(ability, 0))
            weighted += programme["learners"] * self._closure(programme["id"], reached)
        return weighted / self.learners

    def _closure(self, programme: str, reached: Mapping[str, int]) -> float:
        shares = {
            row["occupation"]: row["share"] for row in self.tables["targets"] if row["programme"] == programme
        }
        gained = whole = 0.0
        for row in self.tables["occupation_requirements"]:
            asked = row["level"]
            weight = shares.get(row["occupation"], 0) * row["importance"]
            weight *= ESSENTIAL if row["essential"] == "yes" else 1
            level = min(asked, reached.get(row["competency"], 0))
            gained += weight * ((1 - MEETING) * level + MEETING * asked * (level == asked))
            whole += weight * asked
        return gained / whole


@dataclass(frozen=True)
class Summary:
    """What the country must know of a college."""

    id: str
    region: str
    learners: int
    all_kzt: int
    wanted_hours: float
    closure_today: float
    largest: tuple[str, int]
    """Its largest programme, with its groups of today."""


class Country:
    """Draws a network: first what each college is like, then what there is for all, then each catalog."""

    def __init__(self, count: int, seed: int) -> None:
        self.seed = seed
        rng = Random(f"network {count} {seed}")
        many = max(1, min(REGIONS, count // COLLEGES_A_REGION))
        self.regions = [f"R{number:02}" for number in range(1, many + 1)]
        sizes = [rng.uniform(1, 4) for _ in self.regions]
        drawn = rng.choices(self.regions, sizes, k=count)
        drawn[:many] = self.regions
        self.region_of = dict(zip((f"K{number:03}" for number in range(1, count + 1)), drawn, strict=True))
        self.wealth = {one: rng.uniform(*WEALTH) for one in self.regions}
        self.with_centre = set(rng.sample(self.regions, math.ceil(many / 2)))
        self.jitter = {(one, when): rng.uniform(0.7, 1.3) for one in self.centres for when in SEMESTERS}
        self.summaries = {name: self._summary(name) for name in self.region_of}

    @property
    def centres(self) -> dict[str, str]:
        """The region of each centre; none of the one of the whole country."""
        return {f"CENTRE-{one}": one for one in sorted(self.with_centre)} | {NATIONAL_CENTRE: ""}

    def college(self, name: str) -> NetworkCollege:
        """Draw a college."""
        number = int(name[1:])
        rng = Random(f"size {self.seed} {number}")
        kind = rng.random()
        programmes = rng.randint(*next(most for part, most in PROGRAMMES if kind < part))
        terms = rng.choice((3, 4, 4, 6, 6, 6, 8))
        modules = min(120, max(40, 8 * terms + 3 * programmes + rng.randint(0, 20)))
        region = self.region_of[name]
        centres = tuple(one for one, where in self.centres.items() if where in ("", region))
        size = Size(programmes, max(80, modules) if terms == 8 else modules, terms)
        return NetworkCollege(size, 1000 * self.seed + number, region=region, centres=centres)

    def _summary(self, name: str) -> Summary:
        made = self.college(name)
        largest = max(made.tables["programmes"], key=lambda row: (row["learners"], row["id"]))
        return Summary(
            name,
            made.region,
            made.learners,
            made.all_kzt,
            made.wanted_hours,
            made.closure_today(),
            (largest["id"], math.ceil(largest["learners"] / GROUP)),
        )

    def of_region(self, region: str) -> list[Summary]:
        """Return the colleges of a region, of the whole country for an empty one."""
        return [one for one in self.summaries.values() if region in ("", one.region)]

    def budgets(self) -> dict[tuple[str, str], dict[int, int]]:
        """Return what each source has by year, by its id and region."""
        found = {}
        for source, region, part in (
            (REPUBLIC, "", REPUBLIC_PART),
            *((REGION, one, REGION_PART * self.wealth[one]) for one in self.regions),
        ):
            all_kzt = part * sum(one.all_kzt for one in self.of_region(region))
            found[source, region] = {year: int(all_kzt * part) for year, part in PARTS_OF_YEARS.items()}
        return found

    def hours(self) -> dict[str, dict[str, int]]:
        """Return what each centre has by semester."""
        found = {}
        for name, region in self.centres.items():
            part = REGION_CENTRE_PART if region else COUNTRY_CENTRE_PART
            wanted = part * sum(one.wanted_hours for one in self.of_region(region))
            found[name] = {when: int(wanted * self.jitter[name, when]) for when in SEMESTERS}
        return found

    def floors(self) -> dict[str, float]:
        """Return what is asked of the poorest quarter of the regions."""
        poorest = sorted(self.regions, key=lambda one: self.wealth[one])[: math.ceil(len(self.regions) / 4)]
        found = {}
        for region in poorest:
            mine = self.of_region(region)
            today = sum(one.learners * one.closure_today for one in mine) / sum(one.learners for one in mine)
            found[region] = round(today + GAIN_AT_LEAST, 3)
        return found

    def places(self) -> dict[str, list[dict[str, int]]]:
        """Return, for two colleges of some regions, a group more or less of the largest programme."""
        found = {}
        for region in self.regions[: math.ceil(len(self.summaries) * PLACES_PART / 2)]:
            large = [one for one in self.of_region(region) if one.largest[1] > 1]
            for one in large[:2] if len(large) > 1 else ():
                programme, groups = one.largest
                found[one.id] = [{programme: groups + 1}, {programme: groups - 1}]
        return found

    def write(self, folder: Path) -> None:
        """Write the network and its catalogs."""
        budgets, hours = self.budgets(), self.hours()
        for name in self.summaries:
            self._write_college(name, folder / "colleges" / name, budgets, hours)
        text = "".join(f"{line}\n" for line in self._toml(budgets, hours))
        (folder / "network.toml").write_text(text, encoding="utf-8", newline="\n")

    def _write_college(
        self,
        name: str,
        folder: Path,
        budgets: Mapping[tuple[str, str], Mapping[int, int]],
        hours: Mapping[str, Mapping[str, int]],
    ) -> None:
        made = self.college(name)
        all_learners = {one: sum(x.learners for x in self.of_region(one)) for one in ("", made.region)}
        for (source, region), years in budgets.items():
            if region in ("", made.region):
                part = made.learners / all_learners[region] * (TOTAL_PART if source == REPUBLIC else 1)
                made.tables["funding_budgets"] += [
                    {"source": source, "year": year, "budget_kzt": int(kzt * part)}
                    for year, kzt in years.items()
                ]
        last = SEMESTERS[made.size.terms - 1]
        for centre in made.centres:
            part = made.learners / all_learners[self.centres[centre]]
            made.tables["resource_capacity"] += [
                {"resource": centre, "semester": when, "hours": int(each * part)}
                for when, each in hours[centre].items()
                if when <= last
            ]
        write_tables(made.tables, folder)
        titles = (f'title_{language} = "{_TITLES[language]} {name}"' for language in LANGUAGES)
        lines = ("# Generated, nothing of it is real.", "schema = 1", f'id = "generated-{self.seed}-{name}"')
        text = "\n".join((*lines, 'version = "1"', 'language = "ru"', *titles, "illustrative = true", ""))
        (folder / "catalog.toml").write_text(text, encoding="utf-8", newline="\n")

    def _toml(
        self,
        budgets: Mapping[tuple[str, str], Mapping[int, int]],
        hours: Mapping[str, Mapping[str, int]],
    ) -> Iterator[str]:
        yield "# Generated by benchmarks/network_colleges.py: no college, region, centre or sum is real."
        yield "schema = 1"
        yield from _named("name", "")
        floors = self.floors()
        for region in self.regions:
            yield from _table("regions", id=region)
            yield from _named("name", region)
            if region in floors:
                yield f"floor = {floors[region]}"
        for name, region in self.region_of.items():
            yield from _table("colleges", id=name, catalog=f"colleges/{name}", region=region)
            yield from _named("name", name)
        for (source, region), years in budgets.items():
            yield from _table("budgets", source=source, **({"region": region} if region else {}))
            yield f"years = {_inline(years)}"
            if source == REPUBLIC:
                yield f"total_kzt = {int(TOTAL_PART * sum(years.values()))}"
        for centre, region in self.centres.items():
            yield from _table("centres", id=centre, **({"region": region} if region else {}))
            yield from _named("name", centre)
            yield f"hours = {_inline(hours[centre])}"
        for name, choices in self.places().items():
            yield from _table("places", college=name)
            yield f"choices = [{', '.join(map(_inline, choices))}]"


_TITLES = {"kk": "Ойдан құрастырылған", "ru": "Вымышленный объект", "en": "Generated"}


def _table(name: str, **values: str) -> Iterator[str]:
    yield f"\n[[{name}]]"
    yield from (f'{key} = "{value}"' for key, value in values.items())


def _named(prefix: str, name: str) -> Iterator[str]:
    for language in LANGUAGES:
        title = f"{_TITLES[language]} {name}".strip()
        yield f'{prefix}_{language} = "{title}"'


def _inline(values: Mapping[Any, int]) -> str:
    return "{ " + ", ".join(f'"{key}" = {value}' for key, value in values.items()) + " }"


def main(*arguments: str) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, metavar="N", help="how many colleges")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where they are written")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    Country(options.count, options.seed).write(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
