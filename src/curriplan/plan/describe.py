"""The public files ``schemas/plan-1.json`` and ``edit-1.json``, written from the declarations of the records.

Run ``python -m curriplan.plan.describe > src/curriplan/schemas/plan-1.json``, and with the word ``edit`` for
``edit-1.json``; tests compare.
"""

from __future__ import annotations

import sys

from curriplan.base.codec import schema_text
from curriplan.plan.hand_edit import edit_schema
from curriplan.plan.plan import plan_schema

if __name__ == "__main__":
    sys.stdout.write(schema_text(edit_schema() if "edit" in sys.argv[1:] else plan_schema()))
