"""Does the optimizer prove the public optima of the balanced academic curriculum problem (CSPLib prob030)?

    python benchmarks/bacp.py [--time-limit SECONDS] FILE...

Reads CSPLib ``.dat`` and MiniZinc ``.mzn`` (data part) files, makes a catalog of each (every course is a
mandatory module of one programme, every period a term with its limits) and plans it as `curriplan optimize`
does, with the objective `peak` alone and gap 0. Prints one line a file, ``name load proven|gap seconds``;
ends with an error if one is not proven.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from curriplan.base.errors import CurriplanError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Module,
    ModuleRequisite,
    Programme,
    ProgrammeModule,
    ProgrammeTerm,
    Section,
    Standing,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

PROGRAMME = "BACP"
TIME_LIMIT_S = 300.0


class FormatError(ValueError):
    """A file is not an instance of the problem: what is missing or wrong in it."""


@dataclass(frozen=True)
class Instance:
    """One instance, as its file tells it.

    Attributes
    ----------
    courses : tuple of (str, int)
        Id and credits, in the order of the file.
    prerequisites : tuple of (str, str)
        (course, the course that must be passed in an earlier period).
    credits, modules : (int, int)
        The least and the most in a period.
    """

    name: str
    periods: int
    courses: tuple[tuple[str, int], ...]
    prerequisites: tuple[tuple[str, str], ...]
    credits: tuple[int, int]
    modules: tuple[int, int]


def read_instance(path: Path) -> Instance:
    """Read a file by the ending of its name."""
    readers: dict[str, Callable[[str, str], Instance]] = {".dat": read_csplib, ".mzn": read_minizinc}
    if path.suffix not in readers:
        raise FormatError(f"{path.name}: the name ends neither in .dat nor in .mzn")
    return readers[path.suffix](path.stem, path.read_text(encoding="utf-8"))


def read_csplib(name: str, text: str) -> Instance:
    """Read CSPLib's ``.dat``: p periods, a–b credits and c–d courses a period, courses, credit, prereq."""
    text = without_comments(text)
    courses = re.findall(r"\w+", _block(name, text, "courses", "{}"))
    loads = _numbers(_block(name, text, "credit", "[]"))
    pairs = _pairs(name, _block(name, text, "prereq", "{}"), r"<\s*(\w+)\s*,\s*(\w+)\s*>", "<")
    periods, *limits = (_integer(name, text, key) for key in "pabcd")
    return _instance(name, periods, courses, loads, pairs, limits)


def read_minizinc(name: str, text: str) -> Instance:
    """Read the data part of MiniZinc's ``bacp-*.mzn``; courses are numbered from 1."""
    text = re.sub(r"%.*", "", text)
    courses = [str(number + 1) for number in range(_integer(name, text, "n_courses"))]
    loads = _numbers(_block(name, text, "course_load", "[]"))
    pairs = _pairs(name, text, r"\bconstraint\s+prerequisite\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)", "constraint")
    limits = [
        _integer(name, text, f"{kind}_per_period_{end}")
        for kind in ("load", "courses")
        for end in ("lb", "ub")
    ]
    return _instance(name, _integer(name, text, "n_periods"), courses, loads, pairs, limits)


def without_comments(text: str) -> str:
    """Take out ``%`` and ``//`` to the end of the line, and ``/* … */``.

    Two of the public files never close their last comment: such a one ends with its line.
    """
    return re.sub(r"/\*.*?\*/|/\*.*|%[^\n]*|//[^\n]*", "", _closed(text), flags=re.DOTALL)


def _closed(text: str) -> str:
    """Close a comment that the file does not."""
    start = text.rfind("/*")
    if start < 0 or "*/" in text[start:]:
        return text
    line, newline, rest = text[start:].partition("\n")
    return f"{text[:start]}{line}*/{newline}{rest}"


def _block(name: str, text: str, key: str, brackets: str) -> str:
    start, end = map(re.escape, brackets)
    found = re.search(rf"\b{key}\s*=\s*{start}([^{end}]*){end}", text)
    if found is None:
        raise FormatError(f"{name}: no {key} = {brackets}")
    return found[1]


def _integer(name: str, text: str, key: str) -> int:
    found = re.search(rf"\b{key}\s*=\s*(\d+)\s*;", text)
    if found is None:
        raise FormatError(f"{name}: no number {key}")
    return int(found[1])


def _pairs(name: str, text: str, pattern: str, sign: str) -> list[tuple[str, str]]:
    """Return the pairs that match; `sign` stands once in each, so none can be missed.

    Some files lack commas between the pairs, so these are found by their brackets.
    """
    found = re.findall(pattern, text)
    if len(found) != text.count(sign):
        raise FormatError(f"{name}: {text.count(sign)} times {sign}, but {len(found)} prerequisites")
    return found


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _instance(
    name: str,
    periods: int,
    courses: Sequence[str],
    loads: Sequence[int],
    pairs: Iterable[tuple[str, str]],
    limits: Sequence[int],
) -> Instance:
    """Put an instance together; refuse one that contradicts itself."""
    if len(courses) != len(loads):
        raise FormatError(f"{name}: {len(courses)} courses, but {len(loads)} loads")
    if doubled := sorted({course for course in courses if courses.count(course) > 1}):
        raise FormatError(f"{name}: courses named twice: {', '.join(doubled)}")
    pairs = tuple(dict.fromkeys(pairs))
    if unknown := sorted({course for pair in pairs for course in pair} - set(courses)):
        raise FormatError(f"{name}: prerequisites name unknown courses: {', '.join(unknown)}")
    least_credits, most_credits, least_modules, most_modules = limits
    return Instance(
        name,
        periods,
        tuple(zip(courses, loads, strict=True)),
        pairs,
        (least_credits, most_credits),
        (least_modules, most_modules),
    )


def to_catalog(instance: Instance) -> Catalog:
    """Return the instance as a catalog: one programme that must take every module."""
    return Catalog(
        info=CatalogInfo(id=instance.name),
        modules=tuple(_modules(instance)),
        module_requisites=tuple(
            ModuleRequisite(module=module, requires=required) for module, required in instance.prerequisites
        ),
        programmes=(Programme(**_named(PROGRAMME), start="2026-1", terms=instance.periods, learners=1),),
        programme_terms=tuple(
            ProgrammeTerm(
                programme=PROGRAMME,
                term=term,
                min_credits=instance.credits[0],
                max_credits=instance.credits[1],
                min_modules=instance.modules[0],
                max_modules=instance.modules[1],
            )
            for term in range(1, instance.periods + 1)
        ),
        programme_modules=tuple(
            ProgrammeModule(programme=PROGRAMME, module=course, status=Standing.MANDATORY)
            for course, _ in instance.courses
        ),
    )


def _modules(instance: Instance) -> Iterator[Module]:
    for course, credits_ in instance.courses:
        yield Module(**_named(course), section=Section.PROFESSIONAL, credits=credits_)


def _named(name: str) -> dict[str, str]:
    return {"id": name, "name_kk": name, "name_ru": name, "name_en": name}


@dataclass(frozen=True)
class Outcome:
    """What planning one instance came to."""

    name: str
    load: float
    gap: float | None
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether no plan has a smaller largest load: bound and load agree within the solver's tolerance."""
        return self.gap is not None and self.gap <= 1e-6

    def line(self) -> str:
        """Return ``name load proven|gap seconds``."""
        gap = "proven" if self.proven else "unknown" if self.gap is None else f"{self.gap:.4f}"
        return f"{self.name} {self.load:g} {gap} {self.seconds:.1f}"


def run(
    instance: Instance, time_limit_s: float = TIME_LIMIT_S, clock: Callable[[], float] = perf_counter
) -> Outcome:
    """Plan an instance for the smallest largest load; the plan must pass the evaluation."""
    catalog = to_catalog(instance)
    settings = Settings(objectives=(ObjectiveChoice("peak"),), gap=0.0, time_limit_s=time_limit_s)
    problem = Problem.of(catalog, settings)
    begun = clock()
    solution: Solution = solve(problem)
    seconds = clock() - begun
    found = evaluate(problem, solution.selection)
    if found.broken:
        raise AssertionError(f"{instance.name}: the plan breaks {', '.join(found.broken_rules)}")
    return Outcome(instance.name, found.objectives["peak"], solution.stages[0].gap, seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan every file; return 1 unless all are proven."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--time-limit", type=float, default=TIME_LIMIT_S, metavar="SECONDS")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    proven = True
    for path in options.files:
        try:
            outcome = run(read_instance(path), options.time_limit)
        except FormatError as error:
            print(error, file=sys.stderr, flush=True)
            proven = False
        except (OSError, CurriplanError) as error:
            print(f"{path.stem}: {error}", file=sys.stderr, flush=True)
            proven = False
        else:
            print(outcome.line(), flush=True)
            proven = proven and outcome.proven
    return 0 if proven else 1


if __name__ == "__main__":
    sys.exit(main())
