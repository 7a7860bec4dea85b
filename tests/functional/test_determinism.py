"""The same catalog gives the same bytes, whatever the order of rows, columns, sets and files."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path
from typing import Any


def shuffle(folder: Path, seed: int) -> None:
    """Shuffle the rows and the columns of every table."""
    shuffler = random.Random(seed)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        order = list(range(len(header)))
        shuffler.shuffle(order)
        shuffler.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row[i] for i in order] for row in [header, *rows])


def test_two_processes_give_the_same_bytes(tmp_path: Path, repository: Path, run_all: Any) -> None:
    original = (repository / "catalogs" / "mini" / "modules.csv").read_text(encoding="utf-8")
    found = []
    for seed in ("1", "2"):
        home = tmp_path / seed
        folder = Path(shutil.copytree(repository / "catalogs" / "mini", home / "college"))
        shuffle(folder, int(seed))
        assert (folder / "modules.csv").read_text(encoding="utf-8") != original
        outputs = (
            *("plan.xlsx", "plan.json", "graph.graphml", "graph.json", "map.html"),
            *("gaps.csv", "gaps.xlsx"),
        )
        written = (("optimize", outputs[:2]), ("graph", outputs[2:5]), ("gaps", outputs[5:]))
        commands = [
            (command, "college", "-q", *(word for name in names for word in ("-o", name)))
            for command, names in written
        ]
        codes, said = run_all(*commands, cwd=home, env={"PYTHONHASHSEED": seed})
        assert codes == [0, 0, 0], said
        found.append({name: (home / name).read_bytes() for name in outputs})
    for name in found[0]:
        assert found[0][name] == found[1][name], f"{name} differs"


def test_warnings_do_not_depend_on_rows(tmp_path: Path, repository: Path, run: Any) -> None:
    """Two warnings of a shuffled table come in the same order and without row numbers."""
    found = []
    for seed in ("3", "4"):
        home = tmp_path / seed
        folder = Path(shutil.copytree(repository / "catalogs" / "mini", home / "college"))
        path = folder / "competencies.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        changed = [head + ",half_life_years", *(row + ",5" for row in rows)]
        path.write_text("\n".join(changed), encoding="utf-8")
        shuffle(folder, int(seed))
        done = run("optimize", "college", "-q", "-o", "p.json", "-o", "p.xlsx", cwd=home)
        assert done.returncode == 0, done.stderr.decode()
        found.append(((home / "p.json").read_bytes(), (home / "p.xlsx").read_bytes()))
    assert b"not-yet-used" in found[0][0]
    assert found[0] == found[1]
