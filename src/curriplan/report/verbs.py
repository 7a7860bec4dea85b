"""The words of decisions on a module: which a row of the Review sheet offers, and what each means there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from curriplan.catalog.records import Standing
from curriplan.plan.plan import Decision
from curriplan.problem.review import Choice

LEFT_OUT = "left_out"
"""The proposal for a module that the plan leaves out and nobody teaches today."""
ASKED = ""
"""The proposal in a row in which a module is asked for: none."""


class Verb(StrEnum):
    """What a reviewer writes; two of them may mean the same, by what is proposed."""

    ACCEPT = "accept"
    REJECT = "reject"
    DROP = "drop"
    KEEP = "keep"
    ADD = "add"
    PIN = "pin"


_TAKEN = {
    Verb.ACCEPT: Choice.ACCEPT,
    Verb.REJECT: Choice.REJECT,
    Verb.DROP: Choice.REJECT,
    Verb.PIN: Choice.PIN,
}
MEANINGS: Mapping[str, Mapping[Verb, Choice]] = {
    Decision.KEPT: _TAKEN | {Verb.KEEP: Choice.ACCEPT},
    # To keep what is to be moved may mean the term of today or that of the plan.
    Decision.MOVED: _TAKEN,
    Decision.ADDED: _TAKEN | {Verb.ADD: Choice.ACCEPT},
    Decision.DROPPED: _TAKEN | {Verb.DROP: Choice.ACCEPT, Verb.KEEP: Choice.REJECT},
    LEFT_OUT: _TAKEN | {Verb.DROP: Choice.ACCEPT, Verb.ADD: Choice.PIN},
    ASKED: {Verb.PIN: Choice.PIN, Verb.ADD: Choice.PIN},
}
"""What a word means by proposal; one that is not there could mean more than one thing, or none."""
_OFFERED: Mapping[str, tuple[Verb, ...]] = {
    Decision.KEPT: (Verb.ACCEPT, Verb.DROP, Verb.PIN),
    Decision.MOVED: (Verb.ACCEPT, Verb.DROP, Verb.PIN),
    Decision.ADDED: (Verb.ACCEPT, Verb.DROP, Verb.PIN),
    Decision.DROPPED: (Verb.ACCEPT, Verb.KEEP, Verb.PIN),
    LEFT_OUT: (Verb.ACCEPT, Verb.PIN),
    ASKED: (Verb.PIN,),
}


def offered_verbs(proposal: str, standing: Standing | None = None) -> tuple[Verb, ...]:
    """Return what a row offers: nothing that the standing of its module forbids by itself."""
    offered = _OFFERED[proposal]
    if standing is Standing.MANDATORY:
        return tuple(verb for verb in offered if verb is not Verb.DROP)
    return offered[:1] if standing is Standing.FORBIDDEN else offered


def said_of(choice: str, term: int | None) -> str:
    """Return the word of a decision that was taken: what is rejected is dropped, or kept in a term."""
    if choice != Choice.REJECT:
        return choice
    return Verb.DROP if term is None else Verb.KEEP
