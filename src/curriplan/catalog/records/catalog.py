"""The catalog: every table together, sorted, indexed and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Self, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from curriplan.base.arguments import kind
from curriplan.base.errors import UsageError
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.catalog.records.allotted import Allotted
from curriplan.catalog.records.challenges import Challenge, ChallengeLink
from curriplan.catalog.records.competencies import (
    Competency,
    CompetencyMapping,
    CompetencyRelation,
    Occupation,
    OccupationRequirement,
)
from curriplan.catalog.records.mappings import equal_competencies
from curriplan.catalog.records.modules import (
    LabourFunction,
    Module,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
)
from curriplan.catalog.records.network import NETWORK_RECORDS
from curriplan.catalog.records.policy import (
    Demand,
    Exposure,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    LevelValue,
    ProfileEntry,
    Scenario,
)
from curriplan.catalog.records.programmes import (
    Baseline,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Target,
)
from curriplan.catalog.records.record import Record, canonical
from curriplan.catalog.records.resources import ModuleResource, Resource, ResourceCapacity
from curriplan.catalog.records.row_order import in_order
from curriplan.catalog.records.teaching import Teaching
from curriplan.catalog.records.values import SCHEMA, Id, RequisiteKind
from curriplan.texts.languages import LANGUAGES, Language

if TYPE_CHECKING:
    import pandas as pd


NO_VERSION = "0"
"""Stands where nobody says which version of its content a catalog is."""


def _from_cell(value: Any) -> Any:
    """Return a record that stands as JSON in a cell of a workbook; raises ValueError where it is none."""
    return json.loads(value) if isinstance(value, str) else value


class CatalogInfo(BaseModel):
    """What ``catalog.toml`` (or the sheet ``catalog``) says."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    catalog_schema: Annotated[int, Field(ge=1)] = Field(SCHEMA, alias="schema", description="Schema number.")
    id: Id = Field(description="Identifier of the catalog.")
    version: str = Field(NO_VERSION, description="Version of its content.")
    language: Language = Field("ru", description="Language used unless another is asked for.")
    languages: tuple[Language, ...] | None = Field(
        None,
        description="The languages that the college keeps names in, beside `language`: of others none is "
        "missed. All three where it is not said.",
    )
    title_kk: str | None = Field(None, description="Title in Kazakh.")
    title_ru: str | None = Field(None, description="Title in Russian.")
    title_en: str | None = Field(None, description="Title in English.")
    licence: str | None = Field(None, description="Licence of the content.")
    attribution: tuple[str, ...] = Field((), description="Who must be named, and where.")
    profile: Id | None = Field(
        None,
        description="A bundled regulation profile, such as `KZ-348-2024`; rows of the table `profile` stand "
        "over single norms of it.",
    )
    illustrative: bool = Field(False, description="true: an example, not a real college.")
    classification: bool | None = Field(
        None,
        description="true: competencies and occupations only, such as a public classification; there is "
        "nothing to plan until programmes and modules are added.",
    )
    extends: tuple[str, ...] | None = Field(
        None,
        description="Catalogs that this one builds on: paths from its own folder, or bundled names; see "
        "[extends](extends.md).",
    )
    without: tuple[str, ...] | None = Field(
        None, description="Tables that are not taken from the catalogs under `extends`."
    )
    allotted: Annotated[Allotted | None, BeforeValidator(_from_cell)] = Field(
        None,
        description="What of it a national plan allotted: written by `curriplan network`, not by hand; see "
        "[network](network.md).",
    )

    @property
    def kept_languages(self) -> tuple[str, ...]:
        """The languages in which names are missed, in the order kk, ru, en."""
        kept = {*self.languages, self.language} if self.languages else {*LANGUAGES}
        return tuple(code for code in LANGUAGES if code in kept)

    def title(self, language: str) -> str:
        """Return the title in `language`, else the first of kk, ru, en, else the id."""
        titles = (getattr(self, f"title_{code}") for code in (language, *LANGUAGES))
        return next((title for title in titles if title), self.id)


@dataclass(frozen=True)
class Catalog:
    """All tables of a catalog, each sorted by its key, so that the order of rows never matters.

    Build one from records, or read one with `curriplan.read_catalog`. Nothing is checked here:
    `curriplan.check_catalog` does that.
    """

    info: CatalogInfo
    competencies: tuple[Competency, ...] = ()
    competency_relations: tuple[CompetencyRelation, ...] = ()
    competency_mappings: tuple[CompetencyMapping, ...] = ()
    occupations: tuple[Occupation, ...] = ()
    occupation_requirements: tuple[OccupationRequirement, ...] = ()
    modules: tuple[Module, ...] = ()
    module_outcomes: tuple[ModuleOutcome, ...] = ()
    module_requisites: tuple[ModuleRequisite, ...] = ()
    labour_functions: tuple[LabourFunction, ...] = ()
    module_functions: tuple[ModuleFunction, ...] = ()
    resources: tuple[Resource, ...] = ()
    resource_capacity: tuple[ResourceCapacity, ...] = ()
    module_resources: tuple[ModuleResource, ...] = ()
    programmes: tuple[Programme, ...] = ()
    programme_terms: tuple[ProgrammeTerm, ...] = ()
    programme_fixed_hours: tuple[ProgrammeFixedLoad, ...] = ()
    programme_modules: tuple[ProgrammeModule, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    targets: tuple[Target, ...] = ()
    funding_sources: tuple[FundingSource, ...] = ()
    funding_budgets: tuple[FundingBudget, ...] = ()
    funding_limits: tuple[FundingLimit, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    demand: tuple[Demand, ...] = ()
    exposure: tuple[Exposure, ...] = ()
    floors: tuple[Floor, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    challenge_links: tuple[ChallengeLink, ...] = ()
    level_values: tuple[LevelValue, ...] = ()
    profile: tuple[ProfileEntry, ...] = ()

    def __post_init__(self) -> None:
        for name, rows in in_order({name: self.table(name) for name in TABLES}).items():
            object.__setattr__(self, name, rows)

    def __repr__(self) -> str:
        return f"<Catalog {self.shown}>"

    def _repr_html_(self) -> str:
        filled = ((name, len(self.table(name))) for name in TABLES if self.table(name))
        return notebook_html(self, frame_of(filled, "table", "rows"))

    @property
    def shown(self) -> str:
        """The catalog in a line: ``mini 1.0: programmes 1, modules 7, occupations 2, competencies 3``."""
        tables = ("programmes", "modules", "occupations", "competencies")
        counts = ", ".join(f"{name} {len(self.table(name))}" for name in tables)
        return f"{self.info.id} {self.info.version}: {counts}"

    def table(self, name: str) -> tuple[Record, ...]:
        """Return the rows of the table `name`."""
        rows: tuple[Record, ...] = getattr(self, name)
        return rows

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table as a DataFrame: a row as it stands in the catalog, a column a field.

        Parameters
        ----------
        table : str
            Its name, such as ``modules``.

        Raises
        ------
        UsageError
            If there is no such table.
        """
        if table not in TABLES:
            raise UsageError.unknown("table", str(table), TABLES)
        columns = RECORD_OF_TABLE[table].columns()
        rows = (row.model_dump(mode="json", by_alias=True) for row in self.table(table))
        return frame_of(([row[name] for name in columns] for row in rows), *columns)

    def records(self) -> Iterable[Record]:
        """Yield every record, table by table."""
        for name in TABLES:
            yield from self.table(name)

    @cached_property
    def competency_by_id(self) -> dict[str, Competency]:
        """Competencies by id."""
        return {row.id: row for row in self.competencies}

    @cached_property
    def occupation_by_id(self) -> dict[str, Occupation]:
        """Occupations by id."""
        return {row.id: row for row in self.occupations}

    @cached_property
    def module_by_id(self) -> dict[str, Module]:
        """Modules by id, headers included."""
        return {row.id: row for row in self.modules}

    @cached_property
    def programme_by_id(self) -> dict[str, Programme]:
        """Programmes by id."""
        return {row.id: row for row in self.programmes}

    @cached_property
    def running_intakes(self) -> dict[str, tuple[Programme, ...]]:
        """The intakes that run already, by the programme that they are intakes of."""
        found: dict[str, list[Programme]] = {}
        for row in self.programmes:
            if row.intake_of is not None:
                found.setdefault(row.intake_of, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def learners_of_one_intake(self) -> int:
        """Learners of one intake of each programme: intakes that run already are no further ones."""
        return sum(row.learners for row in self.programmes if row.intake_of is None)

    @cached_property
    def resource_by_id(self) -> dict[str, Resource]:
        """Resources by id."""
        return {row.id: row for row in self.resources}

    def floors_of(self, programme: str) -> tuple[Floor, ...]:
        """Return the rows of ``floors`` that bind a programme (§11)."""
        found = self.programme_by_id.get(programme)
        return () if found is None else tuple(row for row in self.floors if row.binds(found))

    @cached_property
    def header_ids(self) -> frozenset[str]:
        """Ids of the modules that group others and are never chosen themselves."""
        return frozenset(row.parent for row in self.modules if row.parent)

    @cached_property
    def outcomes_by_module(self) -> dict[str, tuple[ModuleOutcome, ...]]:
        """Outcomes by module id."""
        found: dict[str, list[ModuleOutcome]] = {}
        for row in self.module_outcomes:
            found.setdefault(row.module, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def teaching(self) -> Teaching:
        """What modules teach and need in effect: their rows, with transfers and requirements."""
        equals = self.equal_competencies
        return Teaching(self.outcomes_by_module, self.competency_relations, self.baseline, equals)

    @cached_property
    def equal_competencies(self) -> dict[str, tuple[str, ...]]:
        """All ids of an ability by each of them, where an exact mapping gives it more than one."""
        return equal_competencies(self.competency_mappings)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the canonical parsed form: equal for a folder and a workbook alike."""
        digest = hashlib.sha256(canonical(self.info.model_dump(mode="json", exclude_none=True)))
        for name in TABLES:
            if name in LATER_TABLES and not self.table(name):
                continue  # a catalog that does not use it has the hash that it always had
            digest.update(f"\n[{name}]{self.table_sha256(name)}".encode())
        return digest.hexdigest()

    def table_sha256(self, name: str) -> str:
        """Return the SHA-256 over the canonical parsed form of one table."""
        digest = hashlib.sha256()
        for row in self.table(name):
            digest.update(canonical(row.model_dump(mode="json", exclude_none=True)) + b"\n")
        return digest.hexdigest()

    @cached_property
    def required_rows(self) -> tuple[ModuleRequisite, ...]:
        """The rows of ``module_requisites`` by which a module needs another: all but those of order."""
        return tuple(row for row in self.module_requisites if row.kind is not RequisiteKind.ORDER)

    @cached_property
    def required_by_module(self) -> dict[str, tuple[ModuleRequisite, ...]]:
        """The same by the module that needs the other."""
        found: dict[str, list[ModuleRequisite]] = {}
        for row in self.required_rows:
            found.setdefault(row.module, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def base_targets(self) -> tuple[Target, ...]:
        """The rows of ``targets`` that hold today: what programmes train for, without those of outlooks."""
        return tuple(row for row in self.targets if row.scenario is None)

    def is_allotted(self, table: str, name: str) -> bool:
        """Say whether the rows of a source or a centre in a table are what a national plan allotted."""
        return self.info.allotted is not None and self.info.allotted.gives(table, name)

    def replace(self, **tables: Any) -> Self:
        """Return a copy with some tables (or `info`) replaced."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return type(self)(**{**values, **tables})


_OF_CATALOG: dict[str, type[Record]] = {
    name: get_args(hint)[0] for name, hint in get_type_hints(Catalog).items() if name != "info"
}
RECORD_OF_TABLE = _OF_CATALOG | {record.table: record for record in NETWORK_RECORDS}
"""The class of the rows of each table, as the fields of `Catalog` say it, and of those of a network."""
CATALOG_READ = kind("catalog_read", Catalog)
"""What a public function takes that wants a catalog, not the place of one."""
RECORDS = tuple(_OF_CATALOG.values())
TABLES = tuple(_OF_CATALOG)
LATER_TABLES = ("competency_mappings", "challenges", "challenge_links", "exposure")
"""Tables that came after the first catalogs were hashed; every new one belongs here."""
REQUIRED_TABLES = (
    "competencies",
    "occupations",
    "occupation_requirements",
    "modules",
    "module_outcomes",
    "programmes",
    "targets",
)
CLASSIFICATION_TABLES = ("competencies", "occupations", "occupation_requirements")
"""The required tables of a classification."""
