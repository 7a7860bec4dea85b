"""The public files ``schemas/*-1.json`` of records, written from their declarations.

Run ``python -m curriplan.plan.describe > src/curriplan/schemas/plan-1.json``, and with the word ``edit`` for
``edit-1.json``, ``design`` for ``design-1.json``, ``retrain`` for ``retrain-1.json``, ``network`` for
``network-1.json``; tests compare.
"""

from __future__ import annotations

import sys

from curriplan.base.codec import schema_text
from curriplan.plan.design import design_schema
from curriplan.plan.hand_edit import edit_schema
from curriplan.plan.network import network_schema
from curriplan.plan.plan import plan_schema
from curriplan.plan.retraining import retrain_schema

SCHEMAS = {
    "plan": plan_schema,
    "edit": edit_schema,
    "design": design_schema,
    "retrain": retrain_schema,
    "network": network_schema,
}

if __name__ == "__main__":
    sys.stdout.write(schema_text(SCHEMAS[(*sys.argv[1:], "plan")[0]]()))
