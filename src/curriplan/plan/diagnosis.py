"""What is known of a problem without a plan, apart from the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from curriplan.base.errors import Place
from curriplan.catalog.records import Catalog
from curriplan.problem.concessions import Concession
from curriplan.problem.edits import Edit

DIAGNOSIS_SCHEMA = "curriplan-diagnosis/1"


@dataclass(frozen=True)
class RuleDemand:
    """One demand of the catalog or of the settings, such as the most credits of a term.

    Parameters
    ----------
    rule, aspect : str
        ``§6``, ``term_credits_max``.
    programme, subject, semester : str or None
        What it is about: the programme; the term, module, competency or resource; the semester.
    limit : float or None
        The number that it sets, in `unit`.
    values : mapping
        What fills its sentence: ids and numbers by name.
    places : tuple of Place
        Where the catalog says so; empty for a setting.
    """

    rule: str
    aspect: str
    programme: str | None = None
    subject: str | None = None
    semester: str | None = None
    limit: float | None = None
    unit: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Clash:
    """Demands that cannot be met together.

    Parameters
    ----------
    is_minimal : bool
        Whether it is proven that without any one of them the others can be met.
    """

    demands: tuple[RuleDemand, ...]
    is_minimal: bool = True


@dataclass(frozen=True)
class Repair:
    """Changes of cells or settings; with all of them made, a plan exists (that was tried).

    Parameters
    ----------
    is_least : bool
        False where the time ran out before it was proven that no smaller change of these would do.
    concessions : tuple of Concession
        What they give up that no other lever does: a norm, what the college declared mandatory.
    """

    edits: tuple[Edit, ...]
    is_least: bool = True
    concessions: tuple[Concession, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Why there is no plan, and what would make one possible.

    Parameters
    ----------
    clashes : tuple of Clash
        One; more where no single change helps, because the clashes have none in common.
    repairs : tuple of Repair
        The mildest three and one of each further kind, those that give up something last; any one suffices.
    is_complete : bool
        False where the time ran out, or Ctrl-C came, before all was tried.
    is_stopped : bool
        Whether it was Ctrl-C.
    """

    catalog: Catalog = field(repr=False, compare=False)
    clashes: tuple[Clash, ...]
    repairs: tuple[Repair, ...] = ()
    is_complete: bool = True
    is_stopped: bool = False

    @property
    def first(self) -> Diagnosis:
        """The same with its first clash and its first repair alone, for who wants it short."""
        return replace(self, clashes=self.clashes[:1], repairs=self.repairs[:1])
