"""Why a plan is as it is: a short report, or every reason in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal
from curriplan.plan.explanation import Effect, Explanation, LimitGain, ModuleReason

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.report.labels import Labels

FIGURE = 11
"""Columns of a loss: ``0.62–1.05``."""
GAIN = 8
SMALL = 0.001
"""Less is a small loss: a tenth of a point."""


def show_explanation(
    terminal: Terminal, explanation: Explanation, catalog: Catalog, *, in_full: bool = False
) -> None:
    """Show what holds the plan back, then each programme's modules in groups; or each reason in full."""
    from curriplan.report.explanation import closure_said
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    labels = Labels(catalog, Words(terminal.language))
    terminal.say_wrapped(closure_said(labels, explanation))
    if explanation.unanswered:
        asked = len(explanation.modules) + len(explanation.limits)
        words = {"count": explanation.unanswered, "asked": asked}
        terminal.say_wrapped(terminal.text("explain.unanswered", **words))
    if in_full:
        _show_reasons(terminal, explanation, labels)
        return
    if explanation.limits:
        _Limits(terminal, labels, explanation).show()
    for programme in dict.fromkeys(one.programme for one in explanation.modules):
        rows = [one for one in explanation.modules if one.programme == programme]
        _Programme(terminal, labels, programme, rows).show()
    if explanation.modules:
        terminal.say()
        terminal.say_wrapped(terminal.text("explain.more"))


def _show_reasons(terminal: Terminal, explanation: Explanation, labels: Labels) -> None:
    """Show each reason as a sentence, with what to do below it."""
    from curriplan.report.explanation import reason_table

    heading = None
    for row in reason_table(labels).records(explanation.modules):
        group = terminal.text("explain.chosen_each" if row["is_chosen"] else "explain.left_out_each")
        if heading != (row["programme"], group):
            heading = (row["programme"], group)
            terminal.say()
            terminal.say(f"{row['programme']} {labels.programme(row['programme'])}")
            terminal.say(group)
        term = "" if row["term"] is None else f" ({row['term']})"
        terminal.say_wrapped(f"{row['module']} {row['name']}{term}", 2)
        terminal.say_wrapped(row["reason"], 6)
        terminal.say_wrapped(f"{terminal.arrow} {row['todo']}", 6)


class _Limits:
    """What holds the plan back: limits that bring closure, those that bring nothing, and the open ones."""

    def __init__(self, terminal: Terminal, labels: Labels, explanation: Explanation) -> None:
        self.terminal, self.labels, self.limits = terminal, labels, explanation.limits

    def show(self) -> None:
        """Show each limit once."""
        terminal = self.terminal
        helping = [one for one in self.limits if one.best_gain > 0.0]
        others = [one for one in self.limits if one.best_gain <= 0.0]
        terminal.say()
        unanswered = [one for one in others if not one.is_answered]
        if not helping and unanswered:
            words = {"open": len(unanswered), "count": len(self.limits)}
            terminal.say_wrapped(terminal.text("explain.limits_unknown", **words))
        else:
            terminal.say_wrapped(terminal.text("explain.limits" if helping else "explain.limits_none"))
        if helping:
            terminal.say(f"  {'5 %':>{GAIN}}{'10 %':>{GAIN}}")
        for limit in helping:
            self._helping(limit)
        self._named("explain.limits_nothing", [one for one in others if one.is_answered])
        self._named("explain.limits_open", unanswered)

    def _helping(self, limit: LimitGain) -> None:
        """Write a limit with its gains, then how it stands and what to write where."""
        from curriplan.report.explanation import limit_name, limit_state, limit_todo

        indent = 2 * GAIN + 4
        figures = "".join(f"{self._gain(limit, place):>{GAIN}}" for place in range(2))
        self.terminal.say_wrapped(f"  {figures}  {limit_name(self.labels, limit)}", 0, indent)
        self.terminal.say_wrapped(
            f"{limit_state(self.labels, limit)}. {limit_todo(self.labels, limit)}", indent
        )

    def _gain(self, limit: LimitGain, place: int) -> str:
        from curriplan.report.explanation import points

        step = limit.steps[place]
        if not step.is_answered or step.gain is None:
            return "?"
        return f"+{points(self.labels, step.gain)}" if step.gain > 0 else "0"

    def _named(self, key: str, limits: Sequence[LimitGain]) -> None:
        """Name limits that need no line of their own, by rule."""
        from curriplan.report.explanation import limit_names

        if limits:
            self.terminal.say()
            self.terminal.say_wrapped(self.terminal.text(key))
            for line in limit_names(limits, self.labels):
                self.terminal.say_wrapped(line, 2, hanging=2)


class _Programme:
    """The modules of a programme in groups: those of the plan, then those left out."""

    def __init__(
        self, terminal: Terminal, labels: Labels, programme: str, rows: Sequence[ModuleReason]
    ) -> None:
        self.terminal, self.labels, self.programme = terminal, labels, programme
        self.chosen = [one for one in rows if one.is_chosen]
        self.left_out = [one for one in rows if not one.is_chosen]

    def show(self) -> None:
        """Show each module once, in the first group that it belongs to."""
        terminal = self.terminal
        terminal.say()
        terminal.say_wrapped(f"{self.programme} {self.labels.programme(self.programme)}", 0, 2)
        self._groups("explain.chosen", self.chosen, self._chosen_groups())
        self._groups("explain.left_out", self.left_out, self._left_out_groups())

    def _groups(self, key: str, rows: Sequence[ModuleReason], groups: _Groups) -> None:
        """Write the groups that have modules, under one heading."""
        from curriplan.report.explanation import standing_words

        if rows:
            self.terminal.say_wrapped(self.terminal.text(key, count=len(rows)), 1)
        left = list(rows)
        for heading, belongs, write in groups:
            group = [one for one in left if belongs(one)]
            left = [one for one in left if not belongs(one)]
            if group:
                words = standing_words(self.labels)
                self.terminal.say_wrapped(self.terminal.text(heading, **words), 3)
                write(group)

    def _chosen_groups(self) -> _Groups:
        return (
            ("explain.mandatory", _is_kept_anyway, self._only_named),
            ("explain.needed", _is(Effect.IMPOSSIBLE), self._by_need),
            ("explain.harms", _is(Effect.HARMS), self._named),
            ("explain.lose", _loses, self._by_loss),
            ("explain.replaceable", _is(Effect.NOTHING), self._replaceable),
            ("explain.open", _is_open, self._open),
        )

    def _left_out_groups(self) -> _Groups:
        return (
            ("explain.free", _is(Effect.NOTHING), self._with_money),
            ("explain.cost", _loses, self._by_cost),
            ("explain.harms_in", _is(Effect.HARMS), self._named),
            ("explain.impossible", _is(Effect.IMPOSSIBLE), self._by_need),
            ("explain.closed", _is(Effect.CLOSED), self._by_obstacle),
            ("explain.open_in", _is_open, self._open),
        )

    def _name(self, one: ModuleReason) -> str:
        words = [] if one.term is None else [str(one.term)]
        words += [self.terminal.text("explain.is_mandatory")] if one.is_mandatory else []
        return self._plain_name(one) + (f" ({', '.join(words)})" if words else "")

    def _plain_name(self, one: ModuleReason) -> str:
        return f"{one.module} {self.labels.module(one.module)}"

    def _only_named(self, group: Sequence[ModuleReason]) -> None:
        """Write one wrapped line of the modules whose heading says that they are mandatory."""
        self._line("; ".join(f"{self._plain_name(one)} ({one.term})" for one in group))

    def _line(self, text: str) -> None:
        self.terminal.say_wrapped(text, 5, hanging=2)

    def _named(self, group: Sequence[ModuleReason]) -> None:
        """Write one wrapped line of names."""
        self._line("; ".join(self._name(one) for one in group))

    def _by_need(self, group: Sequence[ModuleReason]) -> None:
        """Write one line for each rule, with the modules that it needs, or stops."""
        from curriplan.report.explanation import standing_rules

        found: dict[str, list[str]] = {}
        for one in group:
            rules = standing_rules(self.labels, one) or self.terminal.text("explain.several")
            found.setdefault(rules, []).append(self._name(one))
        for rules, names in found.items():
            self._line(f"{rules}: {'; '.join(names)}")

    def _by_loss(self, group: Sequence[ModuleReason]) -> None:
        """Write a line for each, the largest loss first; the small ones share one."""
        ordered = sorted(group, key=_largest_first)
        for one in ordered:
            if not _is_small(one):
                self._figured(one, self._name(one))
        small = [f"{self._name(one)} – {self._lost(one)}" for one in ordered if _is_small(one)]
        if small:
            self._line(self.terminal.text("explain.small", names="; ".join(small)))

    def _by_cost(self, group: Sequence[ModuleReason]) -> None:
        """Write one wrapped line of losses and money, the smallest loss first: what could still be taken."""
        ordered = sorted(group, key=_largest_first, reverse=True)
        self._line("; ".join(f"{self._priced(one)} – {self._lost(one)}" for one in ordered))

    def _figured(self, one: ModuleReason, text: str) -> None:
        self.terminal.say_wrapped(f"     {self._lost(one):>{FIGURE}}  {text}", 0, FIGURE + 7)

    def _lost(self, one: ModuleReason) -> str:
        from curriplan.report.explanation import lost_between

        return lost_between(self.labels, one)

    def _priced(self, one: ModuleReason) -> str:
        money = one.money_alone_kzt if one.money_kzt is None else one.money_kzt
        if not money:
            return self._name(one)
        words = self.terminal.text("explain.priced", money=self.terminal.number(money))
        return f"{self._name(one)}, {words}"

    def _with_money(self, group: Sequence[ModuleReason]) -> None:
        """Write one wrapped line of names with their money."""
        self._line("; ".join(self._priced(one) for one in group))

    def _replaceable(self, group: Sequence[ModuleReason]) -> None:
        """Write those with a swap each with it, then the others in one wrapped line."""
        for one in group:
            if one.swaps:
                names = "; ".join(f"{swap} {self.labels.module(swap)}" for swap in one.swaps)
                self._line(self.terminal.text("explain.swap", module=self._name(one), modules=names))
        plain = [one for one in group if not one.swaps]
        if plain:
            self._named(plain)

    def _by_obstacle(self, group: Sequence[ModuleReason]) -> None:
        """Write one line for each reason why modules are closed to the programme."""
        found: dict[str, list[str]] = {}
        for one in group:
            found.setdefault(self.labels.texts(f"left_out.{one.obstacle}"), []).append(self._name(one))
        for words, names in sorted(found.items()):
            self._line(f"{words}: {'; '.join(names)}")

    def _open(self, group: Sequence[ModuleReason]) -> None:
        """Write one wrapped line of what was not answered, each with what is known of its loss."""
        self._line("; ".join(self._name(one) + self._known(one) for one in group))

    def _known(self, one: ModuleReason) -> str:
        """Return what is known of a loss: most, least, both or nothing."""
        from curriplan.report.explanation import SEEN_SHARE, points

        least = one.closure_lost_least if one.closure_lost_least >= SEEN_SHARE else None
        most = one.closure_lost if one.is_resolved else None
        if most is None and least is None:
            return ""
        if least is None or most is None:
            key = "explain.most" if least is None else "explain.least"
            share = most if least is None else least
            return " – " + self.terminal.text(key, points=points(self.labels, share or 0.0))
        return f" – {self._lost(one)}"


_Groups = Sequence[tuple[str, Callable[[ModuleReason], bool], Callable[[Sequence[ModuleReason]], None]]]
"""Heading, what belongs there, and what writes it."""


def _is(effect: Effect) -> Callable[[ModuleReason], bool]:
    return lambda one: one.effect is effect and one.is_answered


def _is_kept_anyway(one: ModuleReason) -> bool:
    """Say whether a module stays only because the college declares it mandatory."""
    return one.is_mandatory and (not one.is_answered or one.effect in (Effect.NOTHING, Effect.IMPOSSIBLE))


def _loses(one: ModuleReason) -> bool:
    return one.effect is Effect.LOSES and one.is_answered


def _is_open(one: ModuleReason) -> bool:
    return not one.is_answered


def _is_small(one: ModuleReason) -> bool:
    """Say whether less than a tenth of a point is lost."""
    return (one.closure_lost or 0.0) < SMALL


def _largest_first(one: ModuleReason) -> float:
    """Order losses by their middle."""
    lost = one.closure_lost or 0.0
    return -(lost if one.is_proven else (lost + one.closure_lost_least) / 2)
