"""Generated colleges, for `speed.py` to measure: nothing but the size and the seed decides what is drawn.

`network_colleges.py` draws those of a network by the same class.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import ClassVar

from speed_tables import Row, Tables, write_tables


@dataclass(frozen=True)
class Size:
    """How large a generated college is: ``8x160x6`` has 8 programmes, 160 modules and 6 terms."""

    programmes: int
    modules: int
    terms: int

    @classmethod
    def of(cls, text: str) -> Size:
        """Read ``8x160x6``."""
        return cls(*(int(number) for number in text.lower().split("x")))

    def __str__(self) -> str:
        return f"{self.programmes}x{self.modules}x{self.terms}"


SIZES = tuple(map(Size.of, ("1x60x4", "3x100x4", "6x140x6", "12x180x6", "24x240x8", "40x300x8")))
"""The generated colleges of a full run."""

MODULES_A_FIELD = 40
TODAY_PART = 0.45
"""Of the modules of a field, those that are taught today; the others are new."""
TODAY_CREDITS, MOST_CREDITS = 20, 30
"""Credits of a term: today, and at most; at least half of today."""
LAB_HOURS, THEORY_HOURS, OTHER_HOURS = 12, 6, 3
"""Hours of a credit in the laboratory, in theory, and of each kind of self-study: 24 together."""
PLACES, GROUP = 13, 25
PROGRAMMES_A_SITE = 12
"""A laboratory or a post of a field more for so many programmes."""
LEAST_MORE_HOURS = 400
MONEY_PART = 0.3
"""Of what all candidates together would cost, what the sources have."""
FIRST_YEAR = 2026
PROFILE = {
    "hours_per_credit": 24,
    "weekly_hours": 36,
    "teaching_weeks_year": 41,
    "practice_share_min": 0.4,
    "group_size": GROUP,
    "subgroup_size": PLACES,
    "teacher_weekly_hours": 18,
}


@dataclass
class Made:
    """A module as it is made: its number, its field (0 is shared by all), and whether it is taught today."""

    id: str
    field: int
    is_new: bool
    credits: int
    span: int = 1

    def row(self, rng: Random) -> Row:
        return {
            **names_of(self.id, "Module"),
            "section": "professional",
            "credits": self.credits,
            "theory_hours": THEORY_HOURS * self.credits,
            "laboratory_practical_hours": LAB_HOURS * self.credits,
            "self_study_guided_hours": OTHER_HOURS * self.credits,
            "self_study_hours": OTHER_HOURS * self.credits,
            "setup_cost_kzt": rng.randrange(20, 160) * 10_000 if self.is_new else 0,
            "cost_per_group_kzt": rng.randrange(4, 21) * 10_000 if self.is_new else 0,
            "already_open": "no" if self.is_new else "yes",
            "span_terms": self.span,
            "min_learners": 30 if self.is_new and rng.random() < 0.05 else "",
            "assessment_form": "exam",
        }


def names_of(name: str, kind: str) -> Row:
    """Return the id of a row, and the same name in all languages."""
    return {"id": name} | {f"name_{language}": f"{kind} {name}" for language in ("kk", "ru", "en")}


def write_college(size: Size, seed: int, folder: Path) -> None:
    """Write a generated college; that nothing changes is a plan of it, so there always is one."""
    write_tables(GeneratedCollege(size, seed).tables, folder)
    titles = "".join(f'title_{language} = "College {size}"\n' for language in ("kk", "ru", "en"))
    text = f'schema = 1\nid = "college-{size}-{seed}"\nversion = "1"\nlanguage = "en"\n{titles}'
    (folder / "catalog.toml").write_text(text, encoding="utf-8")


@dataclass
class GeneratedCollege:
    """Draws a college: fields with their own laboratory and teachers, and field 0 for everybody.

    Modules of today lead to levels 1 and 2 of the field's competencies, new ones to 2 and from there to 3
    and 4; each programme has a full curriculum of today and is offered the new modules of its
    field, some of field 0 and a few of another field. Rooms and posts suffice for today and a third more.
    """

    LEARNERS: ClassVar = (15, 76)
    """Of a programme: from, and less than."""
    STARTS: ClassVar = (1, 3)
    """How many terms in a row a candidate may start in: from, and less than."""

    size: Size
    seed: int
    tables: Tables = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = Random(f"college {self.size} {self.seed}")
        self.fields = self._fields(1 + max(1, self.size.modules // MODULES_A_FIELD - 1))
        self.modules = list(self._modules())
        for name, rows in (
            ("modules", self._module_rows),
            ("competencies", self._competencies),
            ("module_outcomes", self._outcomes),
            ("module_requisites", self._requisites),
            ("module_resources", self._needs),
            ("occupations", self._occupations),
            ("occupation_requirements", self._requirements),
            ("programmes", self._programmes),
            ("programme_terms", self._programme_terms),
            ("targets", self._targets),
            ("programme_modules", self._curricula),
            ("resources", self._resources),
            ("resource_capacity", self._capacity),
        ):
            self.tables[name] = list(rows())
        self.tables |= self._money()
        profile = [{"key": key, "value": value, "source": "example"} for key, value in PROFILE.items()]
        self.tables["profile"] = profile

    def _fields(self, count: int) -> Sequence[int]:
        return range(count)

    @property
    def _today_credits(self) -> int:
        return TODAY_CREDITS

    @property
    def _terms(self) -> range:
        return range(1, self.size.terms + 1)

    def _modules(self) -> Iterator[Made]:
        for number in range(self.size.modules):
            own = self.fields[number % len(self.fields)]
            is_new = (number // len(self.fields)) % 20 >= 20 * TODAY_PART
            span = 2 if is_new and self.rng.random() < 0.05 else 1
            yield Made(f"M{number:03}", own, is_new, self.rng.randrange(2, 7), span)

    def _module_rows(self) -> Iterator[Row]:
        """Yield the modules; now and then two new ones of a field are a group of which one is taken."""
        for place, made in enumerate(self.modules):
            pair = place // len(self.fields) // 2
            group = f"G{made.field}-{pair}" if made.is_new and pair % 5 == 0 else ""
            yield made.row(self.rng) | {"exclusive_group": group}

    def _competencies(self) -> Iterator[Row]:
        for one in self.fields:
            for name in self._abilities(one):
                yield names_of(name, "Competency") | {"framework": "own"}

    def _abilities(self, one: int) -> list[str]:
        return [f"C{one}-{number}" for number in range(max(4, self.size.modules // len(self.fields) // 5))]

    def _of_field(self, one: int, *, is_new: bool) -> list[Made]:
        return [made for made in self.modules if made.field == one and made.is_new is is_new]

    def _outcomes(self) -> Iterator[Row]:
        """Teach levels in turn, so that each competency has its ladder and some steps two ways up."""
        for one in self.fields:
            abilities = self._abilities(one)
            for place, made in enumerate(self._of_field(one, is_new=False)):
                level = 1 + place // len(abilities) % 2
                yield self._outcome(made, abilities[place % len(abilities)], 0, level)
            for place, made in enumerate(self._of_field(one, is_new=True)):
                first = place % len(abilities)
                level = 2 + place // len(abilities) % 3
                yield self._outcome(made, abilities[first], level - 1 if level > 2 else 0, level)
                if self.rng.random() < 0.5:
                    second = (first + self.rng.randrange(1, len(abilities))) % len(abilities)
                    yield self._outcome(made, abilities[second], 0, self.rng.randrange(1, 4))

    def _outcome(self, made: Made, ability: str, entry: int, level: int) -> Row:
        return {
            "module": made.id,
            "competency": ability,
            "entry_level": entry,
            "exit_level": level,
            "source": "estimate",
        }

    def _requisites(self) -> Iterator[Row]:
        """Let a new module rest on earlier ones of its field, now and then on one of two."""
        for one in self.fields:
            new = self._of_field(one, is_new=True)
            for place, made in enumerate(new[2:], start=2):
                chance = self.rng.random()
                if chance < 0.35:
                    alternatives = self.rng.sample(new[:place], 2 if chance < 0.1 else 1)
                    kind = "corequisite" if chance > 0.3 else "prerequisite"
                    word = "one" if len(alternatives) > 1 else ""
                    for other in alternatives:
                        yield {"module": made.id, "requires": other.id, "kind": kind, "any_of": word}

    def _needs(self) -> Iterator[Row]:
        for made in self.modules:
            split = "yes" if made.is_new and self.rng.random() < 0.1 else "no"
            for kind, hours, may_split in (
                (f"lab-{made.field}", "laboratory_practical", split),
                (f"teacher-{made.field}", "theory", "no"),
                (f"teacher-{made.field}", "laboratory_practical", "no"),
            ):
                yield {
                    "module": made.id,
                    "resource_kind": kind,
                    "hours_kind": hours,
                    "hours_share": 1,
                    "may_split": may_split,
                }

    def _occupations(self) -> Iterator[Row]:
        for one in self.fields[1:]:
            for kind in (1, 2):
                yield names_of(f"O{one}-{kind}", "Occupation")

    def _requirements(self) -> Iterator[Row]:
        for row in self.tables["occupations"]:
            own = int(row["id"][1:].partition("-")[0])
            shared = self._abilities(0)
            wanted = self.rng.sample(shared, max(2, len(shared) // 2))
            for ability in (*self._abilities(own), *wanted):
                yield {
                    "occupation": row["id"],
                    "competency": ability,
                    "level": self.rng.randrange(2, 5),
                    "importance": self.rng.randrange(3, 11) / 10,
                    "essential": "yes" if self.rng.random() < 0.3 else "no",
                }

    def _programmes(self) -> Iterator[Row]:
        for number in range(self.size.programmes):
            yield names_of(f"P{number:02}", "Programme") | {
                "start": f"{FIRST_YEAR}-1",
                "terms": self.size.terms,
                "repeats": "yes",
                "learners": self.rng.randrange(*self.LEARNERS),
                "min_credits": 0,
            }

    def _programme_terms(self) -> Iterator[Row]:
        for row in self.tables["programmes"]:
            for term in self._terms:
                limits = {"min_credits": self._today_credits // 2, "max_credits": MOST_CREDITS}
                yield {"programme": row["id"], "term": term, "weeks": 20.5} | limits

    def _field_of(self, programme: str) -> int:
        return self.fields[1 + int(programme[1:]) % (len(self.fields) - 1)]

    def _targets(self) -> Iterator[Row]:
        for row in self.tables["programmes"]:
            own = self._field_of(row["id"])
            for kind, share in ((1, 0.6), (2, 0.4)):
                yield {"programme": row["id"], "occupation": f"O{own}-{kind}", "share": share}

    def _curricula(self) -> Iterator[Row]:
        for row in self.tables["programmes"]:
            yield from self._curriculum(row)

    def _curriculum(self, programme: Row) -> Iterator[Row]:
        """Yield the modules of today, term by term until it is full, then the candidates."""
        own = self._field_of(programme["id"])
        pool = [made for one in (own, 0) for made in self._of_field(one, is_new=False)]
        self.rng.shuffle(pool)
        for term in self._terms:
            credits_left = self._today_credits
            position = 0
            while pool and pool[-1].credits <= credits_left:
                made = pool.pop()
                credits_left -= made.credits
                position += 1
                programme["min_credits"] += made.credits
                yield self._taught_today(programme, made, term, position)
        for made in self._offered(own):
            first = self.rng.randrange(1, self.size.terms - made.span + 1)
            last = min(first + self.rng.randrange(*self.STARTS), self.size.terms - made.span + 1)
            yield {
                "programme": programme["id"],
                "module": made.id,
                "status": "candidate",
                "allowed_terms": ";".join(map(str, range(first, last + 1))),
            }

    def _taught_today(self, programme: Row, made: Made, term: int, position: int) -> Row:
        is_mandatory = self.rng.random() < 0.5
        by = 1 if not is_mandatory and self.rng.random() < 0.5 else 0
        allowed = [other for other in self._terms if abs(other - term) <= by]
        return {
            "programme": programme["id"],
            "module": made.id,
            "status": "mandatory" if is_mandatory else "existing",
            "current_term": term,
            "position": position,
            "allowed_terms": ";".join(map(str, allowed)),
        }

    def _offered(self, own: int) -> list[Made]:
        shared = self._of_field(0, is_new=True)
        found = self._of_field(own, is_new=True) + self.rng.sample(shared, math.ceil(len(shared) * 0.7))
        others = [made for made in self.modules if made.is_new and made.field not in (0, own)]
        return found + self.rng.sample(others, min(len(others), len(found) // 5))

    def _resources(self) -> Iterator[Row]:
        """Yield for each field own laboratories, one of a partner, and teachers; more for many programmes."""
        for one in self.fields:
            lab = {"kind": f"lab-{one}", "category": "laboratory"}
            lent = {"owner": "partner", "fee_per_hour_kzt": 500, "travel_cost_kzt": 8000}
            post = {"kind": f"teacher-{one}", "category": "teacher_post"}
            for number in range(self._sites):
                yield names_of(f"LAB-{one}-{number}", "Laboratory") | lab | {"places": PLACES}
                yield names_of(f"TEACHER-{one}-{number}", "Teachers") | post
            yield names_of(f"LENT-{one}", "Laboratory of a partner") | lab | {"places": PLACES + 2} | lent

    @property
    def _sites(self) -> int:
        return 1 + self.size.programmes // PROGRAMMES_A_SITE

    def _capacity(self) -> Iterator[Row]:
        """Give the hours of today and a third more, at least those of a few modules."""
        made_of = {made.id: made for made in self.modules}
        learners = {row["id"]: row["learners"] for row in self.tables["programmes"]}
        used: Counter[tuple[str, int]] = Counter()
        for row in self.tables["programme_modules"]:
            if row["status"] != "candidate":
                made, season = made_of[row["module"]], (row["current_term"] + 1) % 2 + 1
                site = f"{made.field}-{int(row['programme'][1:]) % self._sites}"
                lab_hours = LAB_HOURS * made.credits * math.ceil(learners[row["programme"]] / PLACES)
                theory_hours = THEORY_HOURS * made.credits * math.ceil(learners[row["programme"]] / GROUP)
                used[f"LAB-{site}", season] += lab_hours
                used[f"TEACHER-{site}", season] += lab_hours + theory_hours
        for row in self.tables["resources"]:
            for season in (1, 2):
                hours = used[row["id"], season]
                yield {
                    "resource": row["id"],
                    "semester": f"*-{season}",
                    "hours": hours + max(hours // 3, LEAST_MORE_HOURS),
                }

    def _all_candidates_kzt(self) -> int:
        """Return what all candidates together would cost in delivery and set-up."""
        modules = {row["id"]: row for row in self.tables["modules"]}
        learners = {row["id"]: row["learners"] for row in self.tables["programmes"]}
        offered = [row for row in self.tables["programme_modules"] if row["status"] == "candidate"]
        all_kzt = sum(modules[name]["setup_cost_kzt"] for name in {row["module"] for row in offered})
        all_kzt += sum(
            modules[row["module"]]["cost_per_group_kzt"] * math.ceil(learners[row["programme"]] / GROUP)
            for row in offered
        )
        return int(all_kzt)

    def _money(self) -> Tables:
        """Give sources a part of what all candidates cost, by year, by learner or at any time."""
        all_kzt = self._all_candidates_kzt()
        learners = {row["id"]: row["learners"] for row in self.tables["programmes"]}
        years = range(FIRST_YEAR, FIRST_YEAR + (self.size.terms + 1) // 2 + 1)
        part_kzt = int(all_kzt * MONEY_PART / 4)
        each_kzt = part_kzt // len(years)
        budgets: list[Row] = [{"source": "COLLEGE", "year": "", "budget_kzt": part_kzt}]
        budgets += [{"source": "COLLEGE", "year": year, "budget_kzt": each_kzt} for year in years]
        budgets += [
            {"source": "STATE", "year": year, "per_learner_kzt": each_kzt // sum(learners.values())}
            for year in years
        ]
        budgets.append({"source": "EMPLOYERS", "year": "", "budget_kzt": part_kzt})
        kinds = {"COLLEGE": "college", "STATE": "state", "EMPLOYERS": "employer"}
        return {
            "funding_sources": [names_of(name, "Source") | {"kind": kind} for name, kind in kinds.items()],
            "funding_budgets": budgets,
            "funding_limits": [
                {"source": "STATE", "cost_part": "fees", "max_share": 0},
                {"source": "STATE", "cost_part": "travel", "max_share": 0},
                {"source": "EMPLOYERS", "cost_part": "setup", "max_share": 0.5},
            ],
        }
