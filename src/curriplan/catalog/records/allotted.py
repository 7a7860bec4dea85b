"""What the national plan of a network gave a college: written with its catalog, and with each plan of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, StringConstraints

from curriplan.base.fields import ID_PATTERN, MAX_ID_LENGTH, EntityId, Sha256
from curriplan.texts.languages import LANGUAGES

_Code = Annotated[str, StringConstraints(pattern="^(kk|ru|en)$")]
_Id = Annotated[EntityId, StringConstraints(pattern=ID_PATTERN, max_length=MAX_ID_LENGTH)]


@dataclass(frozen=True)
class Allotted:
    """What of a catalog is the national plan's: the one place that says so."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    network: Annotated[Mapping[_Code, str], "Name of the network, by language."]
    catalog_sha256: Annotated[
        Sha256, StringConstraints(pattern="^[0-9a-f]{64}$"), "Of the catalog as the college gave it."
    ]
    sources: Annotated[tuple[_Id, ...], "Sources whose budgets are allotted."] = ()
    centres: Annotated[tuple[_Id, ...], "Resources whose hours are allotted."] = ()
    programmes: Annotated[tuple[_Id, ...], "Programmes whose groups it sets."] = ()

    def name(self, language: str) -> str:
        """Return the name of the network in a language, else in the first that has one."""
        return next((self.network[code] for code in (language, *LANGUAGES) if self.network.get(code)), "")

    def gives(self, table: str, name: str) -> bool:
        """Say whether the rows that a table has of a source, or of a centre, are what it gives."""
        return name in {"funding_budgets": self.sources, "resource_capacity": self.centres}.get(table, ())
