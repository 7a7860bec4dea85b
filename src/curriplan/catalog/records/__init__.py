"""The records of a catalog: one frozen class per table, and the catalog that holds them.

Each table of ``docs/catalog-format.md`` is one class here; the reader, the checks, the format
documentation and the templates are all driven by these declarations. Levels are ordinal 1-8 with
0 for none, money is whole KZT, shares are fractions of 1, hours may be halves.
"""

from curriplan.base.fields import ID_PATTERN, MAX_ID_LENGTH, SEMESTER_PATTERN
from curriplan.catalog.records.allotted import Allotted
from curriplan.catalog.records.catalog import (
    CATALOG_READ,
    CLASSIFICATION_TABLES,
    RECORD_OF_TABLE,
    RECORDS,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
)
from curriplan.catalog.records.challenges import Challenge, ChallengeLink
from curriplan.catalog.records.competencies import (
    Competency,
    CompetencyMapping,
    CompetencyRelation,
    Occupation,
    OccupationRequirement,
)
from curriplan.catalog.records.modules import (
    LabourFunction,
    Module,
    ModuleFunction,
    ModuleOutcome,
    ModuleRequisite,
    requisite_groups,
)
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
from curriplan.catalog.records.record import HoursByKind, Named, Origin, Record
from curriplan.catalog.records.resources import ModuleResource, Resource, ResourceCapacity
from curriplan.catalog.records.teaching import Entry, Taught, Teaching
from curriplan.catalog.records.values import (
    CAPACITY_SEMESTER_PATTERN,
    MAX_CREDITS,
    MAX_HOURS,
    PRACTICE_KINDS,
    SCHEMA,
    SELF_STUDY_KINDS,
    CostPart,
    FigureUnit,
    HoursKind,
    Match,
    RelationKind,
    RequisiteKind,
    ResourceCategory,
    Section,
    Standing,
    is_id,
)
from curriplan.texts.languages import LANGUAGES, Language

__all__ = [
    "CAPACITY_SEMESTER_PATTERN",
    "CATALOG_READ",
    "CLASSIFICATION_TABLES",
    "ID_PATTERN",
    "LANGUAGES",
    "MAX_CREDITS",
    "MAX_HOURS",
    "MAX_ID_LENGTH",
    "PRACTICE_KINDS",
    "RECORDS",
    "RECORD_OF_TABLE",
    "REQUIRED_TABLES",
    "SCHEMA",
    "SELF_STUDY_KINDS",
    "SEMESTER_PATTERN",
    "TABLES",
    "Allotted",
    "Baseline",
    "Catalog",
    "CatalogInfo",
    "Challenge",
    "ChallengeLink",
    "Competency",
    "CompetencyMapping",
    "CompetencyRelation",
    "CostPart",
    "Demand",
    "Entry",
    "Exposure",
    "FigureUnit",
    "Floor",
    "FundingBudget",
    "FundingLimit",
    "FundingSource",
    "HoursByKind",
    "HoursKind",
    "LabourFunction",
    "Language",
    "LevelValue",
    "Match",
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
    "is_id",
    "requisite_groups",
]
