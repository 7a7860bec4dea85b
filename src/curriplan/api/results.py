"""What an optimization gives back: the plan as pandas tables, as a workbook and as ``plan.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.plan_file import placed, plan_text
from curriplan.base.arguments import PATH, taking
from curriplan.base.errors import Issue, UsageError
from curriplan.base.files import check_outputs, kind_of
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.base.progress import step
from curriplan.base.replacing import replacing
from curriplan.base.version import TOOL
from curriplan.catalog.records import Catalog
from curriplan.evaluation.figures.coverage import Coverage
from curriplan.evaluation.figures.last_use import LastUse
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.swaps import Swap, equal_swaps
from curriplan.plan.challenges import ChallengeAnswer, CompetencyAnswer
from curriplan.plan.doors import OtherOccupation, ProgrammeDoors
from curriplan.plan.explanation import Explanation
from curriplan.plan.figures import (
    ErrRange,
    Figures,
    IntakeYear,
    KindHours,
    NamedHours,
    Posts,
    ProgrammeFigures,
)
from curriplan.plan.lag import LagSum, StepLag
from curriplan.plan.plan import Payment, Plan, PlannedGap, PlannedModule, PlannedUse, Stage, Status
from curriplan.plan.versions import PlanVersion
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import OfProblem, Problem
from curriplan.texts.languages import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

    from curriplan.api.overview import Overview
    from curriplan.report.view import PlanView

PLAN_ENDINGS = (".xlsx", ".json")
CHECK_COLUMNS = (
    "rule", "aspect", "programme", "subject", "semester", "operator", "limit", "before", "after", "unit",
    "holds_before", "holds",
)  # fmt: skip


@dataclass(frozen=True)
class PlanResult(OfProblem):
    """A plan that passed the evaluation, with everything that was computed of it.

    Attributes
    ----------
    plan : Plan
        The plan as ``plan.json`` holds it.
    problem : Problem
        What was planned, and within what; its ``catalog``, ``limits``, ``curricula`` and ``capacity``
        are attributes of the result too.
    before, after : Evaluation
        The existing curricula, and the plan.
    warnings : tuple of Issue
        Warnings of the catalog and of the run.

    Each of ``modules``, ``gaps``, ``uses``, ``payments``, ``stages``, ``checks`` and ``swaps`` is a
    `pandas.DataFrame`, one row as in ``plan.json`` (``checks``: one row a rule and subject, ``swaps``:
    one row an exchange that serves as well). So are the figures (``docs/formulation.md``, *Figures*):
    ``figures``, ``teachers``, ``rooms``, ``named_hours``, ``money_by_year`` and ``if_estimates_err``;
    their records are ``plan.figures``. ``challenges`` and ``challenge_competencies`` say what the plan
    answers to the challenges of the catalog (``docs/formulation.md``, *Challenges*); ``plan.challenges``.
    ``adaptability`` and ``doors`` say what it opens beside its targets (*Adaptability*); `plan.adaptability`.
    ``lag`` has each step that is newly asked, with the first semester in which graduates hold it, and
    ``lag_sums`` these by programme, competency and challenge (*Response lag*); ``plan.lag``.
    ``versions`` has a row for each version of a plan that was made anew after reviews (``docs/review.md``).
    ``coverage`` says which modules build up each competency that is asked for, and in which terms;
    ``last_uses`` when each step that graduates hold was last taught or used.
    """

    plan: Plan
    problem: Problem
    before: Evaluation
    after: Evaluation
    warnings: tuple[Issue, ...] = ()
    explanation: Explanation | None = None
    """Reasons that the workbook shows instead of those of single changes; see `explained`."""
    reviewed: Plan | None = None
    """The plan whose review led to this one."""

    def __repr__(self) -> str:
        return f"<PlanResult {self.plan.shown}, {len(self.warnings)} warnings>"

    def _repr_html_(self) -> str:
        overview = self._overview(None)
        return notebook_html(self, frame_of((*overview.lines(), *overview.programmes()), "", self.status))

    def summary(self, lang: str | None = None) -> str:
        """Return what the plan came to, as the command line says it: text, 80 letters wide.

        Parameters
        ----------
        lang : str, optional
            ``kk``, ``ru`` or ``en``; the catalog's language by default.

        Raises
        ------
        UsageError
            If the language is unknown.
        """
        return self._overview(lang).text()

    def _overview(self, lang: str | None) -> Overview:
        from curriplan.api.overview import Overview

        return Overview(self.view, known_language(lang, self.catalog))

    @property
    def status(self) -> Status:
        """Whether the plan is proven optimal or merely feasible."""
        return self.plan.status

    @cached_property
    def modules(self) -> pd.DataFrame:
        """Every module of the plan, dropped ones too: programme, module, term, decision."""
        return _frame(self.plan.modules, PlannedModule)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Levels by programme and competency: required, before, after."""
        return _frame(self.plan.gaps, PlannedGap)

    @cached_property
    def uses(self) -> pd.DataFrame:
        """Hours of each resource by programme, module and term."""
        return _frame(self.plan.uses, PlannedUse)

    @cached_property
    def payments(self) -> pd.DataFrame:
        """New money by source and module, KZT."""
        return _frame(self.plan.payments, Payment)

    @cached_property
    def stages(self) -> pd.DataFrame:
        """Value, bound and gap by objective."""
        return _frame(self.plan.stages, Stage)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Credits, occupations and the price of a learner-point by programme."""
        return _frame(self._figures.programmes, ProgrammeFigures)

    @cached_property
    def teachers(self) -> pd.DataFrame:
        """Hours and posts of each kind of teacher: today, planned, existing, to hire."""
        hours = _frame(self._figures.teachers, KindHours)
        return hours.merge(_frame(self._figures.posts, Posts), on="kind", how="left")

    @cached_property
    def rooms(self) -> pd.DataFrame:
        """Hours of each kind of room, plant or enterprise: today, kept, added, existing, lacking."""
        return _frame(self._figures.rooms, KindHours)

    @cached_property
    def named_hours(self) -> pd.DataFrame:
        """Hours of each programme by origin, and those of them that name no teacher or no room."""
        return _frame(self._figures.named_hours, NamedHours)

    @cached_property
    def money_by_year(self) -> pd.DataFrame:
        """What each source pays in each calendar year with all intakes running, KZT."""
        return _frame(self._figures.intakes.years, IntakeYear)

    @cached_property
    def if_estimates_err(self) -> pd.DataFrame:
        """Closure of the plan (programme None) and of each programme under 200 perturbed estimates."""
        found = self._figures.if_estimates_err
        return _frame((found.plan, *found.programmes), ErrRange)

    @cached_property
    def challenges(self) -> pd.DataFrame:
        """What the plan answers to each challenge of the catalog; without rows where it has none."""
        frame = _frame(self.plan.challenges, ChallengeAnswer)
        return frame.drop(columns=["competencies", "practice"])

    @cached_property
    def challenge_competencies(self) -> pd.DataFrame:
        """Each competency of each challenge: who must have it, and what is open before and after."""
        answers = self.plan.challenges
        frame = _frame((one for row in answers for one in row.competencies), CompetencyAnswer)
        frame.insert(0, "challenge", [row.challenge for row in answers for _ in row.competencies])
        return frame

    @cached_property
    def adaptability(self) -> pd.DataFrame:
        """The index of each programme, its doors, and the module that opens most; before and after."""
        found = self.plan.adaptability
        frame = _frame(() if found is None else found.programmes, ProgrammeDoors)
        return frame.assign(opens_most=[one and one["module"] for one in frame["opens_most"]])

    @cached_property
    def doors(self) -> pd.DataFrame:
        """Occupations that are no target, by programme: cover and essentials met, before and after."""
        found = self.plan.adaptability
        frame = _frame(() if found is None else found.occupations, OtherOccupation)
        for when in ("before", "after"):
            met = frame[f"essentials_met_{when}"] == frame["essentials"]
            frame[f"is_door_{when}"] = met & (frame["essentials"] > 0)
        return frame

    @cached_property
    def lag(self) -> pd.DataFrame:
        """Each step that is newly asked: when graduates hold it, how long that is, learners without it."""
        return _frame(() if self.plan.lag is None else self.plan.lag.steps, StepLag)

    @cached_property
    def lag_sums(self) -> pd.DataFrame:
        """The same in sums, with ``by``: ``programme``, ``competency`` or ``challenge``."""
        found = self.plan.lag
        groups = (
            {}
            if found is None
            else {
                "programme": found.programmes,
                "competency": found.competencies,
                "challenge": found.challenges,
            }
        )
        frame = _frame((row for rows in groups.values() for row in rows), LagSum)
        frame.insert(0, "by", [name for name, rows in groups.items() for _ in rows])
        return frame

    @cached_property
    def versions(self) -> pd.DataFrame:
        """The versions of a plan made anew after reviews, itself the last; without rows where it had none."""
        return _frame(self.plan.versions, PlanVersion)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """What teaches each competency that is asked for, in which terms, to which level.

        One row a module that lifts it, and one without a module where none does.
        """
        return _frame(self.view.coverage, Coverage)

    @cached_property
    def last_uses(self) -> pd.DataFrame:
        """Each step that graduates hold: the last term in which a module teaches or needs it, terms since.

        No forecast of forgetting: how fast an unused ability is lost is badly known.
        """
        return _frame(self.view.last_uses, LastUse)

    @property
    def _figures(self) -> Figures:
        assert self.plan.figures is not None, "every plan that is made has figures"
        return self.plan.figures

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Each rule with its limit and its actual value, before and after."""
        import pandas as pd

        earlier = {_check_key(row): row for row in self.before.checks}
        rows = [_check_row(row, earlier.get(_check_key(row))) for row in self.after.checks]
        return pd.DataFrame(rows, columns=list(CHECK_COLUMNS))

    @cached_property
    def swaps(self) -> pd.DataFrame:
        """Other modules, or other terms, that would serve as well, the rest of the plan unchanged."""
        return _frame(self.equal_swaps, Swap)

    @cached_property
    def equal_swaps(self) -> tuple[Swap, ...]:
        """The rows of `swaps` as records."""
        return equal_swaps(self.problem, self.plan.selection)

    def explained(self, explanation: Explanation) -> PlanResult:
        """Return the plan with reasons for which the rest was planned anew (`curriplan.explain`)."""
        return replace(self, explanation=explanation)

    @taking({"path": PATH})
    def to_excel(
        self,
        path: str | PathLike[str],
        lang: str | None = None,
        *,
        force: bool = False,
        print_details: bool = False,
    ) -> Path:
        """Write the plan as a workbook and return its path.

        Parameters
        ----------
        path : str or path
            A file name that ends in ``.xlsx``.
        lang : str, optional
            ``kk``, ``ru`` or ``en``; the catalog's language by default.
        force : bool
            Whether an existing file may be replaced.
        print_details : bool
            Whether the sheets of details are printed too, some hundred pages more.

        Raises
        ------
        UsageError
            If the language is unknown or the ending is not ``.xlsx``.
        CurriplanError
            If the file exists (without `force`), is open elsewhere, or cannot be written.
        """
        return self._write_one(Path(path), ".xlsx", lang, force, print_details=print_details)

    @taking({"path": PATH})
    def to_json(self, path: str | PathLike[str], *, force: bool = False) -> Path:
        """Write the plan as ``plan.json`` and return its path; raises as `to_excel` does."""
        return self._write_one(Path(path), ".json", None, force)

    @property
    def _source_file(self) -> Path | None:
        """The catalog, where it is a file or a folder: never replaced."""
        source = self.plan.catalog.source
        return Path(source) if source is not None and Path(source).is_absolute() else None

    def _write_one(
        self, path: Path, ending: str, lang: str | None, force: bool, *, print_details: bool = False
    ) -> Path:
        check_outputs([path], [ending], force=force, source=self._source_file)
        self.write([path], lang, force=force, print_details=print_details)
        return path

    def write(
        self,
        paths: Sequence[Path],
        lang: str | None = None,
        *,
        force: bool = True,
        print_details: bool = False,
    ) -> None:
        """Write the plan to each of `paths`, in the kind that its ending says, replacing old files."""
        language = known_language(lang, self.catalog)
        with replacing(*paths, force=force) as new_files:
            for path, new in zip(paths, new_files, strict=True):
                step("writing", 0, 1)
                plan = placed(self.plan, path.parent)
                if kind_of(path) == ".json":
                    # A path that is no Unicode text keeps its bytes: the replacement is an escape of JSON.
                    text = plan_text(plan)
                    new.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
                else:
                    new.write_bytes(self._workbook(plan, language, print_details))

    def _workbook(self, plan: Plan, language: str, prints_details: bool = False) -> bytes:
        from curriplan.report.write import write_plan_workbook

        swaps = () if self.limits.settings.quick else self.equal_swaps
        stream = BytesIO()
        view = replace(self.view, plan=plan, swaps=swaps)
        write_plan_workbook(view, stream, language, prints_details=prints_details)
        return stream.getvalue()

    @cached_property
    def view(self) -> PlanView:
        """The plan as a report sees it, without its swaps."""
        from curriplan.report.view import PlanView

        return PlanView(
            plan=self.plan,
            problem=self.problem,
            before=self.before,
            after=self.after,
            tool=TOOL,
            warnings=self.warnings,
            explanation=self.explanation,
            reviewed=self.reviewed,
        )


def known_language(lang: str | None, catalog: Catalog) -> str:
    """Return `lang`, else the catalog's language.

    Raises
    ------
    UsageError
        If it is none of kk, ru, en.
    """
    if lang is None:
        return catalog.info.language
    if lang not in LANGUAGES:
        raise UsageError.of("unknown-language", value=lang, known=", ".join(LANGUAGES))
    return lang


def _frame(rows: Iterable[Any], record: type[Any]) -> pd.DataFrame:
    import pandas as pd

    columns = [one.name for one in fields(record)]
    return pd.DataFrame([_plain(asdict(row)) for row in rows], columns=columns)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, str) else value for name, value in row.items()}


def _check_key(row: RuleCheck) -> tuple[str | None, ...]:
    return (row.rule, row.aspect, row.programme, row.subject, row.semester, row.operator)


def _check_row(row: RuleCheck, earlier: RuleCheck | None) -> tuple[Any, ...]:
    before = (None, None) if earlier is None else (earlier.actual, earlier.holds)
    return (
        row.rule,
        row.aspect,
        row.programme,
        row.subject,
        row.semester,
        row.operator,
        row.limit,
        before[0],
        row.actual,
        row.unit,
        before[1],
        row.holds,
    )
