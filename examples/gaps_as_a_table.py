"""What graduates still lack, as a pandas DataFrame to go on with.

Run it with ``python examples/gaps_as_a_table.py [CATALOG]``; the catalog is the bundled ``mini`` by default.
"""

import sys

import curriplan

gaps = curriplan.find_gaps(sys.argv[1] if len(sys.argv) > 1 else "mini", lang="en")

open_gaps = gaps[gaps["before"] < gaps["required"]]
print(open_gaps[["programme", "name", "required", "before", "teachable"]].to_string(index=False))

untaught = gaps[gaps["teachable"] < gaps["required"]]
print(f"{len(open_gaps)} open gaps, {len(untaught)} that no module can close")
