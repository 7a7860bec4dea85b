"""Why there is no plan: the demands that clash, and the least changes that would help."""

from curriplan.diagnosis.records import DIAGNOSIS_SCHEMA, Clash, Demand, Diagnosis, Repair
from curriplan.diagnosis.words import diagnosis_lines, diagnosis_to_data

__all__ = [
    "DIAGNOSIS_SCHEMA",
    "Clash",
    "Demand",
    "Diagnosis",
    "Repair",
    "diagnosis_lines",
    "diagnosis_to_data",
]
