"""The public benchmark: its files are read whole, and planned by the optimizer that plans curricula."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from curriplan.catalog.records import RequisiteKind, Standing

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CURRIPLAN_DATA") or ROOT.parent / "shared" / "data") / "bacp"
PUBLISHED = {
    "csplib/bacp8.dat": 17,
    "csplib/bacp10.dat": 14,
    "csplib/bacp12.dat": 17,
    **{
        f"minizinc/bacp-{number}.mzn": load
        for number, load in enumerate((28, 29, 30, 44, 26, 26, 27, 30, 38, 26), start=1)
    },
}
"""Least largest loads: CSPLib prob030 and the MiniZinc benchmarks."""


@pytest.fixture(scope="module")
def bacp() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_bacp", ROOT / "benchmarks" / "bacp.py")
    assert spec and spec.loader
    module = sys.modules["benchmark_bacp"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Like the public file: one pair twice, a comma missing, the last comment never closed.
CSPLIB = """
%data file
p=3; // periods
a=1; /* least load,
        2 to be tighter */
b=8;
c=1;
d=3; /* most courses; p=9;

courses = { alg, geo ,cal1,
  cal2 };
credit = [ 5, 4, 3, 1];
prereq= {
<cal1, alg>,<cal1,alg>
<cal2 , cal1>,
};
"""

MINIZINC = """
include "curriculum.mzn.model";
n_courses = 4; % n_courses = 9;
n_periods = 3;
load_per_period_lb = 1;
load_per_period_ub = 8;
courses_per_period_lb = 1;
courses_per_period_ub = 3;
course_load = [5, 4, 3, 1, ];
constraint prerequisite(3, 1);
constraint prerequisite(4,3);
"""


def test_a_csplib_file(bacp: ModuleType) -> None:
    found = bacp.read_csplib("small", CSPLIB)
    assert found == bacp.Instance(
        name="small",
        periods=3,
        courses=(("alg", 5), ("geo", 4), ("cal1", 3), ("cal2", 1)),
        prerequisites=(("cal1", "alg"), ("cal2", "cal1")),
        credits=(1, 8),
        modules=(1, 3),
    )


def test_a_minizinc_file(bacp: ModuleType) -> None:
    found = bacp.read_minizinc("small", MINIZINC)
    assert found == bacp.Instance(
        name="small",
        periods=3,
        courses=(("1", 5), ("2", 4), ("3", 3), ("4", 1)),
        prerequisites=(("3", "1"), ("4", "3")),
        credits=(1, 8),
        modules=(1, 3),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("p=3;", "", "no number p"),
        ("credit = [ 5, 4, 3, 1]", "credit = [ 5, 4, 3]", "4 courses, but 3 loads"),
        ("<cal2 , cal1>", "<cal2 . cal1>", "3 times <, but 2 prerequisites"),
        ("<cal2 , cal1>", "<cal2 , cal7>", "unknown courses: cal7"),
        ("cal2 }", "alg }", "named twice: alg"),
        ("prereq=", "needs=", "no prereq = {}"),
    ],
)
def test_a_broken_file_is_refused(bacp: ModuleType, old: str, new: str, said: str) -> None:
    assert old in CSPLIB
    with pytest.raises(bacp.FormatError, match=said):
        bacp.read_csplib("small", CSPLIB.replace(old, new))


def test_other_files_are_refused(bacp: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(bacp.FormatError, match=r"neither in \.dat nor in \.mzn"):
        bacp.read_instance(tmp_path / "bacp.dzn")


def test_the_catalog_holds_the_whole_instance(bacp: ModuleType) -> None:
    catalog = bacp.to_catalog(bacp.read_csplib("small", CSPLIB))
    assert {row.id: row.credits for row in catalog.modules} == {"alg": 5, "geo": 4, "cal1": 3, "cal2": 1}
    rows = [(row.module, row.requires, row.kind) for row in catalog.module_requisites]
    prerequisite = RequisiteKind.PREREQUISITE
    assert rows == [("cal1", "alg", prerequisite), ("cal2", "cal1", prerequisite)]
    assert {row.status for row in catalog.programme_modules} == {Standing.MANDATORY}
    assert len(catalog.programme_modules) == 4
    limits = [
        (row.term, row.min_credits, row.max_credits, row.min_modules, row.max_modules)
        for row in catalog.programme_terms
    ]
    assert limits == [(term, 1, 8, 1, 3) for term in (1, 2, 3)]


@pytest.mark.parametrize(("reader", "text"), [("read_csplib", CSPLIB), ("read_minizinc", MINIZINC)])
def test_a_small_instance_is_proven(bacp: ModuleType, reader: str, text: str) -> None:
    # alg 5 | cal1 3 | cal2 1 by the chain; geo 4 best with cal2: 5, 3, 5. With cal1 it would be 7.
    outcome = bacp.run(getattr(bacp, reader)("small", text), time_limit_s=600)
    assert (outcome.load, outcome.proven) == (5, True)
    assert outcome.line().startswith("small 5 proven ")


def test_the_line_says_what_is_not_proven(bacp: ModuleType) -> None:
    assert bacp.Outcome("one", 18, 0.05, 300.04).line() == "one 18 0.0500 300.0"
    assert bacp.Outcome("one", 18, None, 1).line() == "one 18 unknown 1.0"


def test_one_line_a_file_and_an_error_for_what_is_no_instance(
    bacp: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.mzn", tmp_path / "bad.dat"
    good.write_text(MINIZINC, encoding="utf-8")
    bad.write_text("p=1;", encoding="utf-8")
    assert bacp.main([str(bad), str(good)]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("good 5 proven ") and told.out.count("\n") == 1
    assert told.err == "bad: no courses = {}\n"
    assert bacp.main([str(good)]) == 0


@pytest.mark.skipif(not DATA.is_dir(), reason="no bacp in $CURRIPLAN_DATA nor in ../shared/data")
@pytest.mark.parametrize("name", PUBLISHED)
def test_public_instances_come_out_at_their_published_optimum(bacp: ModuleType, name: str) -> None:
    outcome = bacp.run(bacp.read_instance(DATA / name), time_limit_s=600)
    assert (outcome.load, outcome.proven) == (PUBLISHED[name], True)


@pytest.mark.skipif(not DATA.is_dir(), reason="no bacp in $CURRIPLAN_DATA nor in ../shared/data")
def test_no_public_instance_is_left_out() -> None:
    found = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.suffix in (".dat", ".mzn")}
    assert found == set(PUBLISHED)
