"""The public file ``schemas/plan-1.json``, written from the declarations of the records.

Run ``python -m curriplan.plan.describe > src/curriplan/schemas/plan-1.json``; a test compares.
"""

from __future__ import annotations

import sys

from curriplan.base.codec import schema_text
from curriplan.plan.plan import plan_schema

if __name__ == "__main__":
    sys.stdout.write(schema_text(plan_schema()))
