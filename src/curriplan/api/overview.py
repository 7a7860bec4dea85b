"""What a plan came to, in lines: for the terminal and for the summary of the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from curriplan.catalog.records.catalog import NO_VERSION
from curriplan.plan.plan import Status
from curriplan.plan.replanning import changes_against
from curriplan.problem.review import PlanChoice
from curriplan.report.differences import difference_words
from curriplan.report.intake_groups import intakes_counted
from curriplan.report.lag_notes import is_of_later_year
from curriplan.report.view import PlanView
from curriplan.texts.words import NO_BREAK_SPACE, Words, short, with_plain_spaces

PARTS = ("setup", "delivery", "fees", "travel")


@dataclass(frozen=True)
class Overview:
    """The lines of a plan in a language.

    Parameters
    ----------
    arrow : str
        What stands between before and after, such as the reader can see.
    """

    view: PlanView
    language: str
    arrow: str = "→"

    @cached_property
    def words(self) -> Words:
        """The texts of the terminal."""
        return Words(self.language, "cli")

    @property
    def heading(self) -> str:
        """The catalog, and how far the optimizer came."""
        info, settings, status = self.view.catalog.info, self.view.limits.settings, self.view.plan.status
        gap = self.words.percent(settings.stage_gap, 3).rstrip("0").rstrip(".,")
        is_first_look = settings.quick and status is not Status.OPTIMAL
        said = self.words("status.first_look" if is_first_look else f"status.{status.value}", gap=gap)
        catalog = info.id if info.version == NO_VERSION else f"{info.id} {info.version}"
        return f"{self.words('line.plan', catalog=catalog)}: {said}"

    def text(self, width: int = 80) -> str:
        """Return the heading, the lines and the closure of each programme, at most `width` wide."""
        named = [(f"{name}:", value) for name, value in (*self.lines(), *self.programmes())]
        side = min(max((len(name) for name, _ in named), default=0) + 2, width // 2)
        lines = [
            "\n".join(
                wrap(f"{name:<{side}}{value}", width, subsequent_indent=" " * side, break_on_hyphens=False)
            )
            for name, value in named
        ]
        return with_plain_spaces("\n".join([self.heading, *lines]))

    def programmes(self) -> Iterator[tuple[str, str]]:
        """Yield each programme with its closure before and after, and what becomes of it if estimates err."""
        figures, words = self.view.plan.figures, self.words
        rows = () if figures is None else figures.if_estimates_err.programmes
        ranges = {row.programme: (row.closure_low, row.closure_high) for row in rows}
        for one in self.view.after.programmes:
            name = self.view.catalog.programme_by_id[one.programme].name(self.language)
            after = words.ranged(one.closure_after, *ranges.get(one.programme, (None, None)))
            before = words.percent(one.closure_before)
            yield short(f"{one.programme} {name}", 36), f"{before} {self.arrow} {after} %"

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what is told, and what it is: closure, needs, money, changes."""
        words, after = self.words, self.view.after
        measures = self.view.plan.measures
        closure = f"{words.percent(after.closure_before)} {self.arrow} "
        closure += f"{words.percent(after.objectives['closure'])} %"
        worst = measures["closure_after_worst_programme"]
        if worst is not None:
            value = f"{words.percent(measures['closure_after_worst'])} %"
            closure += f"  ({words('line.worst', programme=worst, value=value)})"
        if (counts := intakes_counted(self.view)) is not None:
            yield words("line.intakes"), words("line.intakes_counted", **counts)
        yield words("line.closure"), closure
        yield from self._err_lines()
        yield from self._met_lines()
        yield from self._doors_line()
        yield from self._lag_line()
        yield from self._outlooks_line()
        yield from self._challenges_line()
        budget = self.view.limits.budget_kzt
        limit = (
            words("line.no_budget")
            if budget is None
            else words("line.of_budget", budget=words.number(budget))
        )
        yield words("line.cost"), f"{words.number(after.cost_kzt)}, {limit}"
        yield from self._money_lines()
        yield from self._last_points_line()
        yield from self._changes_line()
        yield from self._review_lines()
        yield from self._replanning_lines()

    def _met_lines(self) -> Iterator[tuple[str, str]]:
        """Say how many needs are met, before and after."""
        measures, figures = self.view.plan.measures, self.view.plan.figures
        for name in ("essentials", "occupations"):
            total = self.words("line.of", total=measures[name])
            change = f"{measures[f'{name}_met_before']} {self.arrow} {measures[f'{name}_met_after']}, {total}"
            if name == "occupations" and figures is not None:
                change += "; " + self.words("line.not_met", count=figures.occupations_not_met)
            yield self.words(f"line.{name}"), change

    def _doors_line(self) -> Iterator[tuple[str, str]]:
        """Say how many occupations besides the targets are within reach, before and after."""
        if (found := self.view.adaptability) is not None:
            others = self.words("line.of", total=sum(row.others for row in found.programmes))
            yield self.words("line.doors"), f"{found.doors_before} {self.arrow} {found.doors_after}, {others}"

    def _lag_line(self) -> Iterator[tuple[str, str]]:
        """Say how long what is newly asked waits, before and after; nothing where nothing is."""
        if (found := self.view.lag) is not None:
            waits = (found.whole.lag_before, found.whole.lag_after)
            before, after = (self.words.number(one, 1) for one in waits)
            said = self.words("line.semesters", before=before, arrow=self.arrow, after=after)
            if is_of_later_year(self.view):
                said += self.words("line.lag_a_year_later")
            yield self.words("line.lag"), said

    def _outlooks_line(self) -> Iterator[tuple[str, str]]:
        """Say what closes over the outlooks, and how far the plan is from the best of each, where known."""
        if (found := self.view.plan.outlooks) is not None:
            words, least = self.words, min(row.after for row in found.rows)
            closed = {"expected": words.percent(found.expected_after), "least": words.percent(least)}
            said = words("line.over_outlooks", **closed)
            if found.worst_regret is not None:
                said += "; " + words("line.regret", points=words.number(100 * found.worst_regret, 1))
            yield words("line.outlooks"), said

    def _challenges_line(self) -> Iterator[tuple[str, str]]:
        """Say how far the competencies of each challenge are closed, before and after."""
        percent = self.words.percent
        found = (
            (one.challenge, percent(one.closure_before, 0), percent(one.closure_after, 0))
            for one in self.view.challenges
            if one.closure_after is not None
        )
        closed = [
            f"{name}: {before} {self.arrow} {after}".replace(" ", NO_BREAK_SPACE)
            for name, before, after in found
        ]
        if closed:
            yield self.words("line.challenges"), "; ".join(closed)

    def _err_lines(self) -> Iterator[tuple[str, str]]:
        """Say what becomes of closure, entry levels and floors if estimates err."""
        figures = self.view.plan.figures
        if figures is None:
            return
        sure = figures.if_estimates_err
        if sure.plan.closure_low is not None:
            shown = self.words.percent_range(sure.plan.closure_low, sure.plan.closure_high)
            counts = {"both": sure.plan.both_hold, "draws": sure.draws}
            yield self.words("line.err"), self.words("line.err_range", range=shown, **counts)

    def _money_lines(self) -> Iterator[tuple[str, str]]:
        """Say what the new money is for and who pays it, where that is more than one thing or payer."""
        parts: Counter[str] = Counter()
        payers: Counter[str] = Counter()
        for row in self.view.plan.payments:
            parts[row.part.value] += row.kzt
            payers[row.source] += row.kzt
        if len(parts) > 1:
            for part in (name for name in PARTS if parts[name]):
                yield f"  {self.words(f'line.{part}')}", self.words.number(parts[part])
        if len(payers) > 1:
            names = {row.id: row.name(self.language) for row in self.view.catalog.funding_sources}
            for source in (name for name in names if payers[name]):
                payer = short(f"{source} {names[source]}", 26)
                yield f"  {self.words('line.payer')}", f"{self.words.number(payers[source])}  {payer}"

    def _changes_line(self) -> Iterator[tuple[str, str]]:
        """Say how many modules differ from the earlier plan (§12), and from the plan under review."""
        words, settings = self.words, self.view.limits.settings
        if settings.reviewed:
            yield words("line.changes_reviewed"), words.number(self._changes(settings.reviewed))
        if settings.previous is None:
            return
        changes = words.number(self._changes(settings.previous))
        if settings.max_changes is not None:
            changes += f", {words('line.at_most', limit=words.number(settings.max_changes))}"
        yield words("line.changes"), changes

    def _changes(self, starts: Sequence[tuple[str, str, int]]) -> int:
        """Count the modules that only one of two plans takes, or in other terms: a move counts once."""
        return len(changes_against(starts, self.view.plan.selection.terms))

    def _review_lines(self) -> Iterator[tuple[str, str]]:
        """Say what came of a review: the answers themselves stand on the Changes sheet."""
        words, record = self.words, self.view.plan.review
        if record is None:
            return
        if record.plan_decision == PlanChoice.APPROVE:
            yield words("line.review"), words("line.review_approved")
        counts = {
            "decisions": len(record.decided),
            "comments": len(record.commented),
            "others": sum(not row.asked_for for row in record.changes),
        }
        yield words("line.review"), words("line.review_account", **counts)
        if record.outdated:
            names = ", ".join(f"{line.programme} {line.module}" for line in record.outdated)
            yield words("line.review"), words("line.review_outdated", names=names)

    def _replanning_lines(self) -> Iterator[tuple[str, str]]:
        """Say what further changes would buy, and which decisions of a review cost what."""
        words, found = self.words, self.view.plan.replanning
        if found is None:
            return
        texts = Words(self.language)
        for more in found.further:
            said = difference_words(texts, more.closure, more.cost_kzt, more.lag)
            yield words("line.further", more=more.more), said
        free = 0
        for price in found.prices:
            if price.closure == 0 and price.cost_kzt == 0:
                free += 1
            else:
                difference = difference_words(texts, price.closure, price.cost_kzt, sign=-1)
                yield words("line.price"), f"{price.programme} {price.module}: {difference}"
        if free:
            yield words("line.price"), words("line.price_none", count=free)

    def _last_points_line(self) -> Iterator[tuple[str, str]]:
        """Say what the closure that the tolerance gives away would cost, or cost at most."""
        words, plan, after = self.words, self.view.plan, self.view.after
        least = plan.cost_at_best_closure_kzt
        best_cost = plan.cost_at_best_closure_at_most_kzt if least is None else least
        best = plan.stage_value("closure")
        if best_cost is None or best is None or best_cost <= after.cost_kzt:
            return
        points = words.number(100 * (best - after.objectives["closure"]), 2)
        more = words.number(best_cost - after.cost_kzt)
        line = "line.last_points_cost_at_most" if least is None else "line.last_points_cost"
        yield words("line.last_points"), words(line, points=points, cost=more)
