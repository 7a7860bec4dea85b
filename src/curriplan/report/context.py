"""What the sheets share: the book, the names, and where the cells that others refer to stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.charts import Cells
from curriplan.xlsx.formula import Match, choose, holds, sum_where
from curriplan.xlsx.sentences import percent_range, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Range, Term, constant
from curriplan.xlsx.workbook import Book


@dataclass(frozen=True)
class YearCells:
    """The years of a working curriculum: those held against the band of a year's credits."""

    judged: Term
    outside: Term


@dataclass(frozen=True)
class FunctionCells:
    """The labour functions of a working curriculum."""

    asked: Term
    """Those that some module which the programme may take serves."""
    uncovered: Term
    professional: Term
    """Professional modules of the plan."""
    untied: Term
    """Those of them that serve no labour function."""


@dataclass(frozen=True)
class CurriculumCells:
    """The totals of one working curriculum, by column name (``credits``, ``total``, a kind, ``cost``)."""

    sheet: str
    """Its working sheet."""
    form: str
    """The sheet with its state form."""
    total: Mapping[str, Term]
    by_term: Mapping[int, Mapping[str, Term]]
    modules_by_term: Mapping[int, Term]
    decisions: Mapping[str, Term]
    """Number of modules by decision."""
    practice_share: Term
    dual_share: Term | None
    """Of a dual programme (§8)."""
    faults: Mapping[str, Term]
    """Rows that do not add up (``hours``, ``headers``, ``sums``) or lack an ``assessment``."""
    years: YearCells
    functions: FunctionCells | None
    """None where the catalog names no labour function of the programme's occupations."""
    first: int
    """The first row of its body."""
    columns: Mapping[str, Range]
    """The summed columns of the body, by name."""
    contact: Mapping[int, Term]
    """By term: the hours that the week counts."""

    def cell(self, row: int, name: str) -> Term:
        """Return a cell of the body, in the column of a sum."""
        return self.columns[name].cell(row)


@dataclass(frozen=True)
class GapCells:
    """Columns of the Gaps sheet."""

    sheet: str
    programme: Range
    weight: Range
    open_before: Range
    open_after: Range
    in_plan: Range
    """Weight of the programme in the plan."""
    competency: Range


@dataclass(frozen=True)
class OccupationCells:
    """Columns of the Occupations sheet."""

    programme: Range
    essentials: Range
    met_before: Range
    met_after: Range
    cover_before: Range
    cover_after: Range

    def count(self, *matches: Match) -> Term:
        """Return how many of the target occupations that match ask for anything."""
        return sum_where(None, *(matches or self.asking))

    @property
    def asking(self) -> tuple[Match, ...]:
        """Match every occupation."""
        return ((self.essentials, ">=", constant(0)),)

    def not_met(self, *matches: Match) -> Term:
        """Return how many of them are not fully met."""
        return self.count(*matches) - self.met(self.cover_after, *matches)

    def met(self, cover: Range, *matches: Match) -> Term:
        """Return how many of them are fully met by a column of covers."""
        return sum_where(None, *matches, (cover, ">=", FULL))


FULL = constant(1 - 1e-9)
"""Cover from which on an occupation is fully met."""


@dataclass(frozen=True)
class FigureCells:
    """Closure if estimates err and credits, by programme; None stands for the plan."""

    of: Mapping[str | None, Mapping[str, Term]]
    occupations: OccupationCells

    def err_range(self, texts: Words, programme: str | None = None) -> Term:
        """Return closure if estimates err: ``75.1–81.5 %``; a dash where nothing is missing."""
        mine = self.of[programme]
        return percent_range(texts, mine["closure_low"], mine["closure_high"])

    def sentence(self, texts: Words) -> Term:
        """Say how sure the closure of the plan is, and how many occupations are not fully met."""
        mine = self.of[None]
        values = {
            "range": self.err_range(texts),
            "both": mine["both_hold"],
            "draws": mine["draws"],
            "unmet": self.occupations.not_met(),
            "occupations": self.occupations.count(),
        }
        return sentence(texts, "sentence.err", values)


@dataclass(frozen=True)
class TermHours:
    """The table of hours by semester of study, which the chart of the Summary is drawn from."""

    header: Sequence[Cells]
    terms: Cells
    columns: Sequence[Cells]
    message: Cells
    largest: float


@dataclass(frozen=True)
class ExpenseCells:
    """The totals of the sheet of expenses."""

    new_money: Term
    setup: Term
    """The part of it that is spent once, whatever the number of programmes."""


@dataclass(frozen=True)
class Balance:
    """The budgets less what the plan and an earlier one have to pay."""

    left: Term
    """Of those that are enough."""
    lacking: Term
    """Of those that are not."""


@dataclass(frozen=True)
class BudgetCells:
    """The totals of the sheet of the budget."""

    sheet: str
    limit: Term | None
    sources: Mapping[str, Term]
    """What is paid from each budget: ``SOURCE:2027`` of a year, ``SOURCE`` of any year."""
    names: Mapping[str, Term]
    """The cells with the names of the sources."""
    promised: Term | None
    """What an earlier plan still has to pay; None where there is none."""
    balance: Balance | None
    """What the budgets come to with it; None where sources pay without limit."""
    term_hours: TermHours


@dataclass(frozen=True)
class LoadRow:
    """A room or a teacher, and the cells with its load by calendar semester."""

    resource: str
    name: str
    category: str
    load: Mapping[str, Term]


@dataclass(frozen=True)
class HourCells:
    """The sheet of hours of rooms and teachers."""

    used: Mapping[tuple[str, str], Term]
    """Hours used by (resource, semester)."""
    loads: tuple[LoadRow, ...]
    names: Mapping[str, Term]
    """The cells with the names of the resources."""


@dataclass(frozen=True)
class ComplianceCells:
    """Counts of the Compliance sheet."""

    sheet: str
    checks: Term
    broken_before: Term
    broken_after: Term


@dataclass(frozen=True)
class ProgrammeCells:
    """The figures of a programme on the sheet of the programmes, or their total."""

    programme: Term
    name: Term
    learners: Term
    weight: Term
    """In the closure of the plan; empty of the total."""
    before: Term
    after: Term
    change: Term
    sure: Term
    """Closure if estimates err, in words."""
    essentials: Term
    met_before: Term
    met_after: Term
    occupations_unmet: Term
    credits_today: Term
    credits: Term
    credits_filled: Term
    credits_exchanged: Term
    added: Term
    moved: Term
    dropped: Term
    cost: Term
    """New money without set-up."""


@dataclass(frozen=True)
class OverviewCells:
    """The sheet of the programmes."""

    sheet: str
    rows: tuple[ProgrammeCells, ...]
    total: ProgrammeCells
    names: Range
    after: Range
    """Closure with the plan."""
    practice: Range
    """Shares of practice."""


@dataclass(frozen=True)
class PlanCells:
    """Where the numbers of the plan stand, for the sheets that judge it and sum it up."""

    curricula: Mapping[str, CurriculumCells]
    gaps: GapCells
    occupations: OccupationCells
    expenses: ExpenseCells
    budget: BudgetCells
    hours: HourCells
    figures: FigureCells


@dataclass(frozen=True)
class Context:
    """What every sheet needs."""

    book: Book
    view: PlanView
    texts: Words
    labels: Labels

    def status(self, operator: str, actual: Term, limit: Term) -> Term:
        """Return a live status: a sign and a word."""
        good, bad = constant(self.texts("status.holds")), constant(self.texts("status.broken"))
        return choose(holds(operator, actual, limit), good, bad)

    def met(self, met: Term, needed: Term) -> Term:
        """Return whether all of some requirements are met: a sign and a word."""
        good, bad = constant(self.texts("status.met")), constant(self.texts("status.unmet"))
        return choose(holds(">=", met, needed), good, bad)

    def whether(self, condition: Term) -> Term:
        """Return ✔ or ✘."""
        return choose(condition, constant(self.texts("sign.good")), constant(self.texts("sign.bad")))

    def colour_status(self, sheet: Sheet, row: int, column: int, last_row: int) -> None:
        """Colour a column of statuses."""
        sheet.mark_status(row, column, last_row, self.texts("sign.good"), "good")
        self.colour_bad(sheet, row, column, last_row)

    def colour_bad(self, sheet: Sheet, row: int, column: int, last_row: int) -> None:
        """Colour only what does not hold."""
        sheet.mark_status(row, column, last_row, self.texts("sign.bad"), "bad")
