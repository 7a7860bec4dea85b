"""The public files ``schemas/plan-1.json`` and others, written from the declarations of the records.

Run ``python -m curriplan.plan.describe > src/curriplan/schemas/plan-1.json``, and with the word ``edit`` for
``edit-1.json``, ``retrain`` for ``retrain-1.json``; tests compare.
"""

from __future__ import annotations

import sys

from curriplan.base.codec import schema_text
from curriplan.plan.hand_edit import edit_schema
from curriplan.plan.plan import plan_schema
from curriplan.plan.retraining import retrain_schema

SCHEMAS = {"edit": edit_schema, "retrain": retrain_schema}
"""Those that a word asks for."""

if __name__ == "__main__":
    asked = next((SCHEMAS[word] for word in sys.argv[1:] if word in SCHEMAS), plan_schema)
    sys.stdout.write(schema_text(asked()))
