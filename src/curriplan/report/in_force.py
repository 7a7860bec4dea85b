"""What limits a plan, and what does not because nothing is said of it: in words."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.problem.in_force import InForce
from curriplan.texts.words import Words, thousands


def in_force_said(texts: Words, found: InForce) -> str:
    """Say what is in force; nothing where nothing is."""
    parts = "; ".join(_in_force(texts, found))
    return texts("in_force.is", parts=parts) if parts else ""


def not_in_force_said(texts: Words, found: InForce) -> str:
    """Say what is not in force, such as a budget that there is none of; nothing where all is."""
    lacking = {
        "norms": not found.norms,
        "credits": bool(found.without_credits_norm),
        "budget": found.budget_kzt is None,
        "floors": not found.floors,
        "rooms": not found.rooms[1],
        "teachers": not found.teachers[1],
    }
    names = (name for name, is_so in lacking.items() if is_so and name not in found.unknown)
    programmes = ", ".join(found.without_credits_norm)
    parts = "; ".join(texts(f"in_force.no_{name}", programmes=programmes) for name in names)
    return texts("in_force.is_not", parts=parts) if parts else ""


def _in_force(texts: Words, found: InForce) -> Iterator[str]:
    named = "own" if found.profile is None else "profile"
    changed = texts("in_force.changed", count=found.changed) if found.changed else ""
    norms = texts(f"in_force.{named}", profile=found.profile, count=found.norms) + changed
    said = {
        "norms": norms if found.norms else None,
        "budget": found.budget_kzt is not None and texts("in_force.budget", kzt=thousands(found.budget_kzt)),
        "floors": found.floors and texts("in_force.floors", count=found.floors),
    }
    for name in ("rooms", "teachers"):
        count, limited = getattr(found, name)
        said[name] = limited and texts(f"in_force.{name}", count=count, limited=limited)
    yield from (str(part) for name, part in said.items() if part and name not in found.unknown)
