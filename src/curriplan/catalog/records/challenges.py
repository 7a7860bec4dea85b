"""The challenges that plans are to answer, and what of a catalog answers them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from curriplan.catalog.records.record import Named, Record
from curriplan.catalog.records.values import FigureUnit, Id, YesNo, column
from curriplan.texts.languages import LANGUAGES


class Challenge(Named):
    """What plans are to answer, with the figure that shows how large it is."""

    table: ClassVar[str] = "challenges"
    summary: ClassVar[str] = (
        "a challenge that plans are to answer, with the figure that shows how large it is"
    )

    indicator_kk: str | None = column("What the figure counts, in Kazakh.", None)
    indicator_ru: str | None = column("The same in Russian.", None)
    indicator_en: str | None = column("The same in English.", None)
    value: Annotated[float, Field(allow_inf_nan=False)] | None = column(
        "The figure; empty: nobody has counted.", None
    )
    unit: FigureUnit | None = column("percent, people, cases, number or kzt.", None)
    source: str | None = column("Where the figure comes from.", None)
    verified: YesNo = column("yes: read at its origin.", False)
    as_of: str | None = column("Date of the reading, as 2026-05-31.", None)
    review_by: str | None = column("Date by which the figure must be looked at again, as 2027-05-31.", None)
    practice: YesNo = column("yes: the practical part of all curricula answers it.", False)

    def indicator(self, language: str) -> str:
        """Return what the figure counts in `language`, else in the first of kk, ru, en that is there."""
        texts = (getattr(self, f"indicator_{code}") for code in (language, *LANGUAGES))
        return next((text for text in texts if text), "")


class ChallengeLink(Record):
    """What of the catalog answers a challenge."""

    table: ClassVar[str] = "challenge_links"
    key: ClassVar[tuple[str, ...]] = ("challenge", "competency", "occupation", "funding_source")
    summary: ClassVar[str] = (
        "a competency, an occupation or a funding source, one of them, that answers a challenge; level "
        "floors name theirs themselves"
    )

    challenge: Id = column("The challenge.", references="challenges")
    competency: Id | None = column("A competency.", None, references="competencies")
    occupation: Id | None = column("Or an occupation.", None, references="occupations")
    funding_source: Id | None = column("Or a funding source.", None, references="funding_sources")
    source: str | None = column("Who says so.", None)

    @property
    def named(self) -> tuple[str, ...]:
        """The columns beside the challenge that are filled: one, in a sound catalog."""
        return tuple(name for name in self.key[1:] if getattr(self, name) is not None)
