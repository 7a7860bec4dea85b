"""What the words of a review ask of a plan: a term, or to be left out, for each module decided on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from curriplan.api.review.read import ReadReview
from curriplan.api.review.rows import WrittenRow
from curriplan.api.review.words import choice_of, folded, known_words, plan_choice_of, term_of
from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.catalog.marks import row_marks
from curriplan.catalog.records import Catalog, Programme
from curriplan.plan.plan import Decision, Plan
from curriplan.problem.curriculum import Curricula, Option
from curriplan.problem.review import Choice, PlanChoice, ReviewDecision, ReviewLine
from curriplan.report.verbs import LEFT_OUT, offered_verbs

OUT = (Decision.DROPPED.value, LEFT_OUT)


@dataclass(frozen=True)
class Resolved:
    """A review in the terms of the program.

    Attributes
    ----------
    decisions : tuple of ReviewDecision
        Sorted; one a module at most.
    lines : tuple of ReviewLine
        What was written, the whole plan first.
    """

    decisions: tuple[ReviewDecision, ...]
    lines: tuple[ReviewLine, ...]
    plan_choice: PlanChoice | None

    @property
    def outdated(self) -> tuple[ReviewLine, ...]:
        """The rows whose decision does not hold, since the catalog says something else of the module."""
        return tuple(line for line in self.lines if line.is_outdated)


def is_kept(plan: Plan, decision: ReviewDecision) -> bool:
    """Say whether a plan does already what a decision asks."""
    starts = {(one.programme, one.module): one.term for one in plan.selection.starts}
    return starts.get(decision.key) == decision.term


def resolve_review(review: ReadReview, catalog: Catalog) -> Resolved:
    """Turn a review into decisions.

    Raises
    ------
    CurriplanError
        With everything that is wrong with the review, also what was found when it was read.
    """
    resolver = _Resolver(review, catalog)
    for row in review.rows:
        resolver.take(row)
    resolver.refuse_contradictions()
    if not review.issues and not resolver.issues and resolver.says_nothing():
        raise CurriplanError.of("review-nothing-decided", resolver.first_place())
    if review.issues or resolver.issues:
        raise CurriplanError((*review.issues, *resolver.issues))
    return resolver.resolved()


@dataclass
class _Resolver:
    """What is resolved so far."""

    review: ReadReview
    catalog: Catalog
    issues: list[Issue] = field(default_factory=list)
    decisions: dict[tuple[str, str], ReviewDecision] = field(default_factory=dict)
    lines: list[ReviewLine] = field(default_factory=list)
    approvals: list[tuple[PlanChoice, WrittenRow]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.curricula = Curricula(self.catalog)
        self.is_other_catalog = self.review.plan.catalog.sha256 != self.catalog.sha256
        keys = self.review.marks if self.is_other_catalog else ()
        self.marks = row_marks(self.catalog, keys)
        planned = self.review.plan.limits["programmes"]
        self.planned = [name for name in planned if name in self.catalog.programme_by_id]

    def say(self, code: str, row: WrittenRow, column: str, **values: object) -> None:
        self.issues.append(Issue(code, row.places[column], values))

    def take(self, row: WrittenRow) -> None:
        """Resolve one row."""
        if row.is_plan:
            self._take_plan(row)
        elif row.proposal and self._is_outdated(row.programme, row.module):
            self._write_outdated(row, row.programme, row.module)
        elif row.proposal:
            self._take_module(row, self.catalog.programme_by_id[row.programme])
        else:
            self._take_asked(row)

    def _is_outdated(self, programme: str, module: str) -> bool:
        """Say whether the catalog says something else of a module than when the plan went out."""
        key = (programme, module)
        return self.is_other_catalog and self.marks.get(key) != self.review.marks.get(key, "")

    def _write_outdated(self, row: WrittenRow, programme: str, module: str) -> None:
        """Note a decision that nobody can obey unseen; a word that means nothing is one as well."""
        choice = choice_of(row.decision, row.proposal) if row.decision else None
        self._write(row, programme, module, choice, None, is_outdated=choice is not None)

    def _take_plan(self, row: WrittenRow) -> None:
        choice = plan_choice_of(row.decision) if row.decision else None
        if row.decision and choice is None:
            self._refuse_word(row, known_words(PlanChoice))
        if row.semester:
            self.say("review-semester-unasked", row, "pinned_term", value=row.semester)
        if choice is not None:
            self.approvals.append((choice, row))
        self._write(row, None, None, choice, None)

    def _take_module(self, row: WrittenRow, programme: Programme) -> None:
        option = self._option(row.programme, row.module)
        choice, term = self._choice(row, option), self._term(row, programme)
        if choice is None:
            if row.semester and not row.decision:
                self.say("review-semester-unasked", row, "pinned_term", value=row.semester)
            self._write(row, row.programme, row.module, None, None)
            return
        wanted = self._wanted(row, choice, term)
        self._refuse_term(row, option, wanted)
        self._decide(row, row.programme, row.module, choice, wanted)

    def _option(self, programme: str, module: str) -> Option | None:
        found = self.curricula.by_programme.get(programme)
        return None if found is None else found.options.get(module)

    def _wanted(self, row: WrittenRow, choice: Choice, term: int | None) -> int | None:
        """Return the term that a decision asks for, None for none, and report a term that is amiss."""
        is_out = row.proposal in OUT
        proposed = None if is_out else row.term
        if choice is Choice.PIN or (choice is Choice.REJECT and row.proposal == LEFT_OUT):
            if not row.semester:
                self.say("review-semester-missing", row, "pinned_term")
            return term
        if choice is Choice.REJECT and is_out:
            return term if row.semester else row.term
        wanted = proposed if choice is Choice.ACCEPT else None
        if row.semester and term is not None and term != wanted:
            self.say("review-semester-unasked", row, "pinned_term", value=row.semester)
        return wanted

    def _refuse_term(self, row: WrittenRow, option: Option | None, term: int | None) -> None:
        """Report a semester that was typed and in which the module may not start, whatever else is planned.

        Of a module that may start in none, the reasons why there is no plan say more.
        """
        if option is not None and option.starts and row.semester and term not in (None, *option.starts):
            allowed = tuple(map(str, option.starts))
            values = {"value": row.semester[:40], "module": option.module.id, "allowed": allowed}
            self.say("review-semester-not-allowed", row, "pinned_term", **values)

    def _take_asked(self, row: WrittenRow) -> None:
        """Resolve a row in which somebody asks for a module that the plan leaves out."""
        programme = self._known(row.programme, self.planned)
        options = self.curricula.by_programme[programme].options if programme else {}
        module = self._known(row.module, list(options))
        if row.is_empty and programme is None:
            return  # a note that somebody wrote below the table
        if programme is None or module is None:
            named = f"{row.programme} {row.module}".strip()
            self.say("review-module-unknown", row, "index", value=named)
            return
        own = {one[:2] for one in self.review.keys.values()}
        if (programme, module) in own:
            self.say("review-module-has-row", row, "index", programme=programme, module=module)
            return
        if self._is_outdated(programme, module):
            self._write_outdated(row, programme, module)
            return
        term = self._term(row, self.catalog.programme_by_id[programme])
        if not row.decision:
            if row.semester:
                self.say("review-semester-unasked", row, "pinned_term", value=row.semester)
            elif row.is_empty:
                named = f"{programme} {module}"
                self.say("review-module-undecided", row, "review_decision", value=named)
            self._write(row, programme, module, None, None)
            return
        option = options[module]
        if self._choice(row, option) is None:
            return
        if not row.semester:
            self.say("review-semester-missing", row, "pinned_term")
        else:
            self._refuse_term(row, option, term)
            self._decide(row, programme, module, Choice.PIN, term)

    def _known(self, text: str, names: list[str]) -> str | None:
        """Return the name that was typed, whatever its case and keyboard."""
        if text in names:
            return text
        alike = [name for name in names if folded(name) == folded(text)]
        return alike[0] if len(alike) == 1 else None

    def _choice(self, row: WrittenRow, option: Option | None) -> Choice | None:
        choice = choice_of(row.decision, row.proposal) if row.decision else None
        if row.decision and choice is None:
            offered = offered_verbs(row.proposal, None if option is None else option.standing)
            self._refuse_word(row, known_words(offered))
        return choice

    def _refuse_word(self, row: WrittenRow, known: str) -> None:
        self.say("review-word-unknown", row, "review_decision", value=row.decision[:60], known=known)

    def _term(self, row: WrittenRow, programme: Programme) -> int | None:
        if not row.semester:
            return None
        term = term_of(row.semester, programme)
        if term is None:
            values = {"value": row.semester[:40], "programme": programme.id, "terms": programme.terms}
            self.say("review-semester-unknown", row, "pinned_term", **values)
        return term

    def _decide(self, row: WrittenRow, programme: str, module: str, choice: Choice, term: int | None) -> None:
        decision = ReviewDecision(programme, module, choice, term, row.places["review_decision"])
        if decision.key in self.decisions:
            self.say("review-module-has-row", row, "index", programme=programme, module=module)
        self.decisions[decision.key] = decision
        self._write(row, programme, module, choice, term)

    def _write(
        self,
        row: WrittenRow,
        programme: str | None,
        module: str | None,
        choice: Choice | PlanChoice | None,
        term: int | None,
        *,
        is_outdated: bool = False,
    ) -> None:
        """Note what somebody wrote in a row, if anything: who saw it, and when, is something."""
        if not (choice or row.comment or row.reviewer or row.date):
            return
        word = None if choice is None else choice.value
        places = {"review_decision": choice, "comment": row.comment, "reviewer": row.reviewer}
        cell = row.cell(next((name for name, written in places.items() if written), "review_date"))
        said = (row.comment, row.reviewer, row.date)
        self.lines.append(ReviewLine(programme, module, word, term, *said, cell, is_outdated))

    def refuse_contradictions(self) -> None:
        """Report each decision that asks to change a plan that is approved at the same time."""
        for choice, row in self.approvals:
            if choice is PlanChoice.APPROVE:
                for decision in self._contrary():
                    values = {"cell": row.cell("review_decision"), "module": decision.module}
                    self.issues.append(Issue("review-approve-contradicted", decision.place, values))

    def _contrary(self) -> Iterator[ReviewDecision]:
        for _, decision in sorted(self.decisions.items()):
            if not is_kept(self.review.plan, decision):
                yield decision

    def says_nothing(self) -> bool:
        """Say whether nothing was decided or remarked beside what held already."""
        before = {(row["programme"], row["module"], row["term"]) for row in self._before()}
        now = {(*key, one.term) for key, one in self.decisions.items()}
        if self.is_other_catalog:
            return False
        earlier = () if self.review.plan.review is None else self.review.plan.review.lines
        known = {(line.programme, line.module, line.comment) for line in earlier}
        remarks = {(line.programme, line.module, line.comment) for line in self.lines if line.comment}
        return before == now and not self.approvals and remarks <= known

    def first_place(self) -> Place:
        """Return the cell for the decision on the whole plan."""
        rows = (row for row in self.review.rows if row.is_plan)
        return next((row.places["review_decision"] for row in rows), self.review.plan_place)

    def _before(self) -> list[dict[str, object]]:
        return list(self.review.plan.limits.get("review", ()))

    def resolved(self) -> Resolved:
        """Return what was resolved."""
        ordered = sorted(self.lines, key=lambda line: line.module is not None)
        choice = self.approvals[0][0] if self.approvals else None
        decisions = tuple(one for _, one in sorted(self.decisions.items()))
        return Resolved(decisions, tuple(ordered), choice)
