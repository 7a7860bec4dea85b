"""The records of a catalog: one frozen class per table, and the catalog that holds them.

Each table of ``docs/catalog-format.md`` is one class here; the reader, the checks, the format
documentation and the templates are all driven by these declarations. Levels are ordinal 1-8 with
0 for none, money is whole KZT, shares are fractions of 1, hours may be halves.
"""

from curriplan.model.catalog import (
    CLASSIFICATION_TABLES,
    RECORD_OF_TABLE,
    RECORDS,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
)
from curriplan.model.competencies import Competency, CompetencyRelation, Occupation, OccupationRequirement
from curriplan.model.modules import (
    LabourFunction,
    Module,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
    requisite_groups,
)
from curriplan.model.policy import (
    Demand,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    LevelValue,
    ProfileEntry,
    Scenario,
)
from curriplan.model.programmes import (
    Baseline,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Target,
)
from curriplan.model.record import HoursByKind, Named, Origin, Record
from curriplan.model.resources import ModuleResource, Resource, ResourceCapacity
from curriplan.model.teaching import Entry, Taught, Teaching
from curriplan.model.words import (
    CAPACITY_SEMESTER_PATTERN,
    ID_PATTERN,
    LANGUAGES,
    PRACTICE_KINDS,
    SCHEMA,
    SELF_STUDY_KINDS,
    SEMESTER_PATTERN,
    CostPart,
    HoursKind,
    Language,
    RelationKind,
    RequisiteKind,
    ResourceCategory,
    Section,
    Standing,
)

__all__ = [
    "CAPACITY_SEMESTER_PATTERN",
    "CLASSIFICATION_TABLES",
    "ID_PATTERN",
    "LANGUAGES",
    "PRACTICE_KINDS",
    "RECORDS",
    "RECORD_OF_TABLE",
    "REQUIRED_TABLES",
    "SCHEMA",
    "SELF_STUDY_KINDS",
    "SEMESTER_PATTERN",
    "TABLES",
    "Baseline",
    "Catalog",
    "CatalogInfo",
    "Competency",
    "CompetencyRelation",
    "CostPart",
    "Demand",
    "Entry",
    "Floor",
    "FundingBudget",
    "FundingLimit",
    "FundingSource",
    "HoursByKind",
    "HoursKind",
    "LabourFunction",
    "Language",
    "LevelValue",
    "Module",
    "ModuleFunction",
    "ModuleOutcome",
    "ModuleRequisite",
    "ModuleResource",
    "Named",
    "Occupation",
    "OccupationRequirement",
    "Origin",
    "ProfileEntry",
    "Programme",
    "ProgrammeFixedLoad",
    "ProgrammeModule",
    "ProgrammeTerm",
    "Record",
    "RelationKind",
    "RequisiteKind",
    "Resource",
    "ResourceCapacity",
    "ResourceCategory",
    "Scenario",
    "Section",
    "Standing",
    "Target",
    "Taught",
    "Teaching",
    "requisite_groups",
]
