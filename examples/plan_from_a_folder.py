"""A plan from a folder of CSV tables: read, check, optimize, write a workbook and ``plan.json``.

Run it with ``python examples/plan_from_a_folder.py [FOLDER]``; the folder is ``catalogs/mini`` by default.
"""

import sys
from pathlib import Path

import curriplan

root = Path(__file__).resolve().parents[1]
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "catalogs" / "mini"

reading = curriplan.read_catalog(folder)
catalog = reading.require()
for issue in (*reading.issues, *curriplan.check_catalog(catalog)):
    print(issue.line("en"))

result = curriplan.optimize(folder, gap=0.0)
print(
    f"{result.status}: closure {result.after.closure_before:.1%} -> {result.after.objectives['closure']:.1%}"
)
print(result.modules.groupby(["programme", "decision"]).size().to_string())

result.to_excel("example-plan.xlsx", lang="ru", force=True)
result.to_json("example-plan.json", force=True)
print("the plan holds:", curriplan.verify("example-plan.json", catalog).holds)
