"""How closure is reckoned: the worth of every step, and closure by formulas for any θ and κ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curriplan.problem.gaps import StepParts
from curriplan.report.context import Context, OverviewCells, ProgrammeCells
from curriplan.xlsx.charts import Cells
from curriplan.xlsx.formula import choose, difference, ratio, rounded, weighted_mean
from curriplan.xlsx.sentences import decimal_text, percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import NOTHING, Range, Term, constant

STEPS = (
    Column("column.programme", "code", 12),
    Column("column.competency", "text", 46),
    Column("column.essential", "centre", 13),
    Column("column.before", "term", 12),
    Column("column.after", "term", 12),
)
PROGRAMME, NAME, ESSENTIAL, HELD_BEFORE, HELD_AFTER, WORTH = range(6)
PROGRAMMES = (
    Column("column.programme", "code"),
    Column("column.programme_name", "text"),
    Column("column.weight_in_plan", "number"),
    Column("column.closure_before", "share"),
    Column("column.closure_after", "share"),
    Column("column.closure_before_judged", "share", span=2),
    Column("column.closure_after_judged", "share", span=2),
    Column("column.judged_change", "points", span=2),
)
WEIGHT, BEFORE, AFTER = ESSENTIAL, HELD_BEFORE, HELD_AFTER
JUDGED_BEFORE, JUDGED_AFTER, CHANGE = (WORTH, WORTH + 1), (WORTH + 2, WORTH + 3), (WORTH + 4, WORTH + 5)
FEWEST_LEVELS = 4
"""The upper table is as wide as that."""
LEVEL_WIDTH = 8.0
DIGITS = 9
"""Of a worth: closure is right to a billionth, and the file stays small."""
JUDGEMENTS = {
    "meeting_share": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
    "essential_factor": {"validate": "decimal", "criteria": ">", "value": 0},
}
"""The settings behind θ and κ, and what may be written for them."""


@dataclass(frozen=True)
class StepRow:
    """The steps of a competency, asked for as essential or not, by level."""

    programme: str
    competency: str
    essential: bool
    before: int
    """The level reached today, then the one reached by the plan."""
    after: int
    steps: tuple[StepParts, ...]


def step_rows(context: Context) -> tuple[StepRow, ...]:
    """Return the steps of all planned programmes, those of a competency in a row."""
    view = context.view
    found: dict[tuple[str, str, bool], list[StepParts]] = {}
    for gaps in view.problem.gaps.values():
        for one in gaps.step_parts:
            found.setdefault((one.step.programme, one.step.competency, one.essential), []).append(one)
    before, after = view.after.levels_before, view.after.levels_after
    return tuple(
        StepRow(name, what, essential, before[name].get(what, 0), after[name].get(what, 0), tuple(steps))
        for (name, what, essential), steps in found.items()
    )


@dataclass(frozen=True)
class _Steps:
    """Where the table of steps stands, and the yellow cells."""

    rows: Sequence[StepRow]
    programme: Range
    essential: Range
    before: Range
    after: Range
    levels: Cells
    reaching: Cells
    meeting: Cells
    theta: Term
    kappa: Term
    yes: str

    def worth(self, programme: Term, held: Range | None = None) -> Term:
        """Return the worth of all steps of a programme, or of those up to the levels in a column."""
        if not self.rows:
            return constant(0)
        mine = [place for place, row in enumerate(self.rows) if row.programme == programme.value]
        found = sum(self._worth(place, held) for place in mine)
        tests = [
            f"({self.programme.text}={programme.text})",
            f"(1+({self.essential.text}={constant(self.yes).text})*({self.kappa.text}-1))",
        ]
        if held is not None:
            tests.append(f"({held.text}>={_text(self.levels)})")
        theta = self.theta.text
        worth = f"((1-{theta})*{_text(self.reaching)}+{theta}*{_text(self.meeting)})"
        return Term(f"SUMPRODUCT({'*'.join([*tests, worth])})", found)

    def _worth(self, place: int, held: Range | None) -> float:
        row, theta = self.rows[place], self.theta.number
        reached = 8 if held is None else Term("", held.values[place]).number
        parts = sum(
            (1 - theta) * round(one.reaching, DIGITS) + theta * round(one.meeting, DIGITS)
            for one in row.steps
            if one.step.level <= reached
        )
        return (self.kappa.number if row.essential else 1.0) * parts


def _text(cells: Cells) -> str:
    return cells.text.removeprefix("=")


def write_closure(context: Context, sheet: Sheet, overview: OverviewCells) -> dict[str, Term]:
    """Write the sheet: θ and κ, closure of each programme and of the whole with them, then the steps.

    Returns the cells in which θ and κ may be typed.
    """
    rows = step_rows(context)
    levels = max((one.step.level for row in rows for one in row.steps), default=1)
    wide = 2 * max(FEWEST_LEVELS, levels)
    sheet.set_widths((*(column.width for column in STEPS), *(LEVEL_WIDTH for _ in range(wide))))
    row = sheet.heading("title.closure", "how.closure")
    sheet.across(row, context.texts("phrase.judgements_edited"), "kpi_note")
    theta, kappa = (_write_judgement(context, sheet, row + n, name) for n, name in enumerate(JUDGEMENTS, 1))
    said = row + 1 + len(JUDGEMENTS)
    first = said + 2
    below = first + len(overview.rows) + 2
    steps = _write_steps(context, sheet, below, rows, levels, (theta, kappa))
    sheet.header(first - 1, PROGRAMMES)
    for place, line in enumerate(overview.rows, start=first):
        _write_programme(sheet, place, line, context.view.after.programmes[place - first].weight, steps)
    end = first + len(overview.rows)
    _write_whole(context, sheet, first, end, overview.total)
    if not isinstance(sheet.ref(end, JUDGED_AFTER[0]).value, str):
        _follow(sheet, said, _said(context, sheet, end, steps), "sentence", (0, len(sheet.widths) - 1))
    sheet.freeze(first - 1, 2)
    return {"theta": theta, "kappa": kappa}


def _write_judgement(context: Context, sheet: Sheet, row: int, name: str) -> Term:
    """Write the yellow cell of θ or κ with what it means and what the plan was made with."""
    texts, value = context.texts, getattr(context.view.limits.settings, name)
    sheet.across(row, texts(f"setting.{name}"), "label", 0, 1)
    sheet.open(row, ESSENTIAL, value, "number input centred")
    sheet.rule(row, row, ESSENTIAL, JUDGEMENTS[name])
    said = texts("phrase.judgement_in_plan", value=context.labels.number(value))
    sheet.across(row, said, "note", HELD_BEFORE, len(sheet.widths) - 1)
    return sheet.ref(row, ESSENTIAL)


def _write_steps(
    context: Context,
    sheet: Sheet,
    row: int,
    rows: Sequence[StepRow],
    levels: int,
    judgements: tuple[Term, Term],
) -> _Steps:
    """Write the table of steps: the worth of each by its level, before θ and κ."""
    texts, meets = context.texts, WORTH + levels
    sheet.across(row, texts("heading.steps"), "heading")
    for key, start in (("column.reaching", WORTH), ("column.meeting", meets)):
        sheet.across(row + 1, texts(key), "header", start, start + levels - 1)
    top = row + 2
    first = sheet.header(top, STEPS)
    for level in range(1, levels + 1):
        sheet.number(top, WORTH + level - 1, level, "header")
        sheet.text(top, meets + level - 1, texts("phrase.requirement_at", level=level), "header")
    for place, line in enumerate(rows, start=first):
        known = (
            line.programme,
            context.labels.competency(line.competency),
            context.labels.yes_no(line.essential),
        )
        for column, text in enumerate(known):
            sheet.text(place, column, text, STEPS[column].style)
        sheet.number(place, HELD_BEFORE, line.before, "term")
        sheet.number(place, HELD_AFTER, line.after, "term")
        for one in line.steps:
            for start, worth in ((WORTH, one.reaching), (meets, one.meeting)):
                if worth:  # empty cells keep the file small
                    sheet.number(place, start + one.step.level - 1, round(worth, DIGITS), "weight")
    last = first + len(rows) - 1
    sheet.repeat(top, top)
    sheet.filter(top, last, meets + levels - 1)
    return _Steps(
        rows,
        programme=sheet.range(PROGRAMME, first, last),
        essential=sheet.range(ESSENTIAL, first, last),
        before=sheet.range(HELD_BEFORE, first, last),
        after=sheet.range(HELD_AFTER, first, last),
        levels=sheet.cells(top, WORTH, top, meets - 1),
        reaching=sheet.cells(first, WORTH, last, meets - 1),
        meeting=sheet.cells(first, meets, last, meets + levels - 1),
        theta=judgements[0],
        kappa=judgements[1],
        yes=texts("word.yes"),
    )


def _write_programme(sheet: Sheet, row: int, line: ProgrammeCells, weight: float, steps: _Steps) -> None:
    sheet.text(row, PROGRAMME, str(line.programme.value), "code")
    sheet.text(row, NAME, str(line.name.value), "text")
    sheet.number(row, WEIGHT, weight, "number")
    sheet.formula(row, BEFORE, line.before, "share")
    sheet.formula(row, AFTER, line.after, "share")
    mine = sheet.ref(row, PROGRAMME)
    whole = steps.worth(mine)
    for places, held in ((JUDGED_BEFORE, steps.before), (JUDGED_AFTER, steps.after)):
        _follow(sheet, row, ratio(steps.worth(mine, held), whole), "share", places)
    _write_change(sheet, row, "points")


def _write_change(sheet: Sheet, row: int, style: str) -> None:
    later, plan = (_without_noise(sheet.ref(row, place)) for place in (JUDGED_AFTER[0], AFTER))
    _follow(sheet, row, difference(later, plan, times=100), style, CHANGE)


def _without_noise(share: Term) -> Term:
    """Round a share, so that the same closure reckoned in two ways differs by nothing; a dash stays."""
    return share if isinstance(share.value, str) else rounded(share, DIGITS)


def _write_whole(context: Context, sheet: Sheet, first: int, end: int, total: ProgrammeCells) -> None:
    """Write the closure of the plan below the programmes."""
    sheet.text(end, PROGRAMME, "", "code total")
    sheet.text(end, NAME, context.texts("phrase.total"), "text total")
    sheet.text(end, WEIGHT, "", "number total")
    sheet.formula(end, BEFORE, total.before, "share total")
    sheet.formula(end, AFTER, total.after, "share total")
    weights = sheet.range(WEIGHT, first, end - 1)
    for places in (JUDGED_BEFORE, JUDGED_AFTER):
        mean = weighted_mean(sheet.range(places[0], first, end - 1), weights)
        _follow(sheet, end, mean, "share total", places)
    _write_change(sheet, end, "points total")


def _said(context: Context, sheet: Sheet, end: int, steps: _Steps) -> Term:
    """Say what the plan closes with the θ and κ of the yellow cells, beside what it closes as it is."""
    texts, judged = context.texts, sheet.ref(end, JUDGED_AFTER[0])
    values = {
        "theta": decimal_text(steps.theta, 2, texts.decimal_mark),
        "kappa": decimal_text(steps.kappa, 2, texts.decimal_mark),
        "judged": percent(texts, judged),
        "plan": percent(texts, sheet.ref(end, AFTER)),
        "points": decimal_text(sheet.ref(end, CHANGE[0]), 1, texts.decimal_mark),
    }
    known = Term(f"ISNUMBER({judged.text})", True)
    return choose(known, sentence(texts, "sentence.closure_judged", values), constant(NOTHING))


def _follow(sheet: Sheet, row: int, term: Term, style: str, places: tuple[int, int]) -> None:
    """Write a formula that follows the yellow cells: a review that comes back does not compare it."""
    sheet.formula_across(row, term, style, *places)
    sheet.leave_uncompared(row, places[0])
