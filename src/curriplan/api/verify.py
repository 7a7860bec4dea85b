"""What a saved plan is worth, recomputed from its own decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from curriplan.api.plan_file import check_same_catalog, found_source, read_plan
from curriplan.api.reading import Source, read
from curriplan.base.errors import CurriplanError, ExitCode, UsageError
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.catalog.records import Catalog, ProfileEntry
from curriplan.evaluation.verify import Difference, Verification, verify_plan
from curriplan.evaluation.vouched import PROVEN_AGAIN, Word, not_checked
from curriplan.plan.plan import Plan
from curriplan.plan.proof import Optimality
from curriplan.problem.limits import Limits, limits_to_data, settings_from_data, with_recorded_solves
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.texts.words import Phrase, thousands

PROOF_LIMIT_S = 300.0
"""So long is a plan proven again, unless told otherwise."""


def verify_saved_plan(path: Path, source: Source | None = None) -> Verdict:
    """Re-evaluate a saved plan without a solver.

    Parameters
    ----------
    path : Path
        A ``plan.json``.
    source : str or path, optional
        The catalog it was made from; by default the one that it names.

    Raises
    ------
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another catalog.
    """
    return verdict_of(*read_saved(path, source))


def read_saved(path: Path, source: Source | None = None) -> tuple[Plan, Catalog]:
    """Return a saved plan and the catalog it was made from; raises as `verify_saved_plan`."""
    plan = read_plan(path)
    reading = read(named_source(plan, path) if source is None else source)
    catalog = reading.require()
    check_same_catalog(plan, catalog.sha256)
    return plan, catalog


def named_source(plan: Plan, path: Path) -> str:
    """Return the catalog that a plan names, which was read at `path`.

    Raises
    ------
    CurriplanError
        If it names none, or one that is not there or may not be looked at.
    """
    if plan.catalog.source is None:
        raise CurriplanError.of("plan-without-catalog", path=str(path))
    return found_source(plan.catalog.source, path.parent)


@dataclass(frozen=True)
class Verdict:
    """A saved plan, and what its own decisions are worth."""

    plan: Plan
    problem: Problem
    """What the plan says it was made for."""
    verification: Verification
    optimality: Optimality | None = None
    """What solving again said of what is the solver's word; None where that was not asked."""

    def __repr__(self) -> str:
        found = self.verification
        faults = f"{len(found.broken)} rules broken, {len(found.differences)} values differ"
        said = "holds" if self.holds else "a better plan was found" if found.holds else faults
        return f"<Verdict {self.plan.shown}: {said}>"

    def _repr_html_(self) -> str:
        rows = ((row.rule, row.aspect, row.limit, row.actual) for row in self.verification.broken)
        return notebook_html(self, frame_of(rows, "rule", "aspect", "limit", "actual"))

    @property
    def catalog(self) -> Catalog:
        """The catalog that the plan was made from."""
        return self.problem.catalog

    @property
    def holds(self) -> bool:
        """Whether every rule holds, every recorded value is what the decisions give, and no proof failed."""
        return self.verification.holds and not (self.optimality is not None and self.optimality.is_refuted)

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of ``plan.json`` that nobody recomputed, by whose word they are.

        ``solver``: found by solving; ``choice``: chosen for the run; ``record``: where things came from,
        and what people wrote.
        """
        found = {word.value: paths for word, paths in not_checked(self.plan).items()}
        if self.optimality is not None and self.optimality.is_proven:
            left = tuple(path for path in found.pop(Word.SOLVER, ()) if path not in PROVEN_AGAIN)
            found |= {Word.SOLVER.value: left} if left else {}
        return found

    def require_rules(self) -> None:
        """Refuse a plan that breaks rules.

        Raises
        ------
        CurriplanError
            ``plan-breaks-rules``, with the rules.
        """
        if self.verification.broken:
            rules = ", ".join(sorted({check.rule for check in self.verification.broken}))
            raise CurriplanError.of("plan-breaks-rules", exit_code=ExitCode.BROKEN_RULE, rules=rules)

    def proven_again(self, *, time_limit_s: float = PROOF_LIMIT_S) -> Verdict:
        """Return the verdict with what solving again says, within so many seconds; see `optimality`.

        Where the plan does not hold, nothing is solved.
        """
        from curriplan.optimizer.proof import prove

        if not self.verification.holds:
            return self
        worth = self.verification.evaluation.objectives
        found = prove(self.problem, self.plan, worth, time_limit_s=time_limit_s)
        return replace(self, optimality=found)

    @property
    def choices(self) -> Mapping[str, Any]:
        """What was chosen by hand for this plan: no rule judges it, so a reader must see it.

        Of a profile, all that is not the catalog's: values, and where they are said to come from.
        """
        return chosen_by_hand(settings_from_data(self.plan.limits), self.catalog)


def chosen_by_hand(chosen: Settings, catalog: Catalog) -> dict[str, Any]:
    """Return the settings that are not the usual ones; of a profile, what is not the catalog's."""
    default = Settings()
    found = {one.name: getattr(chosen, one.name) for one in fields(Settings)}
    found = {name: value for name, value in found.items() if value != getattr(default, name)}
    for name in {"previous", "reviewed"} & found.keys():
        found[name] = Phrase("chosen.modules", {"count": len(found[name])})
    if "asked" in found:
        found["asked"] = Phrase("chosen.asked", {"count": len(found["asked"])})
    if "promised" in found:
        kzt = sum(row.kzt for row in found["promised"])
        found["promised"] = Phrase("chosen.promised", {"kzt": thousands(kzt)})
    if "review" in found:
        found["review"] = Phrase("chosen.decisions", {"count": len(found["review"])})
    rows = found.pop("profile", None)
    return found | ({} if rows is None else _profile_by_hand(rows, catalog))


def _profile_by_hand(rows: Sequence[ProfileEntry], catalog: Catalog) -> dict[str, Any]:
    """Return each cell of a profile that is not the catalog's; ``-`` for a row that it lacks."""
    own = {row.key_name: row for row in catalog.profile}
    found: dict[str, Any] = {}
    for row in rows:
        same = own.pop(row.key_name, None)
        for column in ("value", "source", "verified", "as_of"):
            value = getattr(row, column)
            name = row.key_name if column == "value" else f"{row.key_name} {column}"
            # A row of which the catalog knows nothing shows what it says.
            if value != getattr(same, column, None):
                found[f"profile {name}"] = value
    return found | {f"profile {key}": "-" for key in own}


def problem_of(plan: Plan, catalog: Catalog) -> Problem:
    """Return what a plan says that it solves: its catalog within its own limits."""
    try:
        problem = Problem.of(catalog, settings_from_data(plan.limits))
    except UsageError as error:  # names in a file, not on the command line
        raise CurriplanError(error.issues, ExitCode.FILE) from error
    limits = with_recorded_solves(problem.limits, plan.limits)
    named = {row.id for row in catalog.scenarios} if limits.settings.risk is not None else set()
    if odd := sorted(named ^ set(limits.outlook_best)):
        reason = Phrase("file.other_outlooks", {"outlooks": ", ".join(odd)})
        raise CurriplanError.of("plan-invalid", reason=reason)
    return problem.with_limits(limits)


def verdict_of(plan: Plan, catalog: Catalog) -> Verdict:
    """Recompute a plan from its own decisions, within its own limits."""
    problem = problem_of(plan, catalog)
    verification = verify_plan(problem, plan)
    differences = (
        *_name_differences(plan, catalog),
        *_limit_differences(plan, problem.limits),
        *verification.differences,
    )
    return Verdict(plan, problem, replace(verification, differences=differences))


def _name_differences(plan: Plan, catalog: Catalog) -> Iterator[Difference]:
    """Yield what the plan calls its catalog otherwise than the catalog itself."""
    for name in ("id", "version", "allotted"):
        recorded, found = getattr(plan.catalog, name), getattr(catalog.info, name)
        if recorded != found:
            yield Difference(f"catalog/{name}", recorded, found)


def _limit_differences(plan: Plan, limits: Limits) -> Iterator[Difference]:
    """Yield each recorded limit that does not follow from the catalog and the recorded choices."""
    for name, value in limits_to_data(limits).items():
        saved = plan.limits.get(name, value)  # some came later than the plan
        saved = value | saved if name == "overrides" else saved
        if name == "profile" and saved != value:
            yield from _norm_differences(saved, value)
        elif saved != value:
            yield Difference(f"limits/{name}", saved, value)


def _norm_differences(
    saved: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Yield each cell of the recorded norms that is not as it follows from the catalog."""
    recorded, follows = ({row["key"]: row for row in rows} for rows in (saved, found))
    same_cells = True
    for key in sorted({*recorded, *follows}):
        old, new = recorded.get(key, {}), follows.get(key, {})
        for column in ("value", "source", "verified", "as_of"):
            if old.get(column) != new.get(column):
                same_cells = False
                yield Difference(f"limits/profile/{key}: {column}", old.get(column), new.get(column))
    if same_cells:  # rows given twice, or in another order
        keys = (", ".join(row["key"] for row in rows) for rows in (saved, found))
        yield Difference("limits/profile", *keys)
