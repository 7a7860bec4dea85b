"""``curriplan import esco`` and ``import onet`` as a user runs them: reports, refusals, exit codes."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main
from curriplan.texts.languages import LANGUAGES
from unit.importing.releases import esco_tables, need, onet_tables, skill, write_esco, write_onet

ROOT = Path(__file__).resolve().parents[2]
ESCO = Path(os.environ.get("CURRIPLAN_DATA") or ROOT.parent / "shared" / "data") / "esco-1.1.1"
EXAMPLE = ROOT / "examples" / "esco_digital"


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["import", *(str(argument) for argument in arguments)])


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    """A release with one fault of one kind and five of another."""
    tables = esco_tables()
    tables["skills"].append(skill("old", status="obsolete"))
    tables["occupationSkillRelations"] += [need(f"nobody{number}", "sql") for number in range(5)]
    return write_esco(tmp_path / "esco-1.1.1", tables)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report(esco: Path, tmp_path: Path, lang: str) -> None:
    result = invoke("esco", esco, tmp_path / "catalog", "--lang", lang)
    assert result.exit_code == 0, result.output
    table = result.stdout.splitlines()
    assert [line.split()[-4:] for line in table[1:7]] == [
        ["6", "5", "1", "0"],
        ["5", "5", "0", "0"],
        ["3", "3", "0", "0"],
        ["2", "1", "0", "1"],
        ["8", "8", "0", "0"],
        ["10", "5", "5", "0"],
    ]
    assert all(len(line) <= 80 for line in table[:7])
    assert result.stderr.count("import-not-released: ") == 1
    assert result.stderr.count("occupationSkillRelations.csv:") == 1  # the first of five
    assert "import-unknown-concept: " in result.stderr
    assert str(tmp_path / "catalog") in result.stderr
    assert read_catalog(tmp_path / "catalog").require().info.classification


def test_every_row_on_request(esco: Path, tmp_path: Path) -> None:
    result = invoke("esco", esco, tmp_path / "a", "-v", "--report", tmp_path / "report.csv")
    assert result.exit_code == 0, result.output
    assert result.stderr.count("occupationSkillRelations.csv:") == 5
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["code"], row["row"]) for row in rows] == [
        *(("import-unknown-concept", str(number)) for number in range(7, 12)),
        ("import-not-released", "7"),
    ]


def test_quiet_says_nothing(esco: Path, tmp_path: Path) -> None:
    result = invoke("esco", esco, tmp_path / "a", "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_what_is_there_is_kept_unless_forced(esco: Path, tmp_path: Path) -> None:
    destination = tmp_path / "catalog"
    assert invoke("esco", esco, destination, "-q").exit_code == 0
    before = read_catalog(destination).require().sha256
    refused = invoke("esco", esco, destination, "--collection", "digital", "-q")
    assert refused.exit_code == 3
    assert "output-exists" in refused.stderr
    assert read_catalog(destination).require().sha256 == before
    assert invoke("esco", esco, destination, "--collection", "digital", "-q", "--force").exit_code == 0
    assert read_catalog(destination).require().sha256 != before
    assert invoke("esco", esco, esco, "-q", "--force").exit_code == 3  # never what is read


def test_a_workbook_holds_the_same(esco: Path, tmp_path: Path) -> None:
    for name in ("catalog", "catalog.xlsx"):
        assert invoke("esco", esco, tmp_path / name, "-q").exit_code == 0
    folder, book = (read_catalog(tmp_path / name).require() for name in ("catalog", "catalog.xlsx"))
    assert folder.sha256 == book.sha256
    assert "uses the ESCO classification" in book.info.attribution[0]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (shutil.rmtree, ["file-unreadable"]),
        (lambda folder: (folder / "skills_en.csv").unlink(), ["import-file-missing"]),
        (lambda folder: (folder / "skills_en.csv").write_bytes(b"\xff\xfe\0"), ["wrong-encoding"]),
        (
            lambda folder: (folder / "skills_en.csv").write_text("a,b\n1,2\n"),
            ["missing-column", "conceptUri", "status"],
        ),
        (lambda folder: _cut(folder / "occupations_en.csv"), ["malformed-csv"]),
        (lambda folder: _cut(folder / "broaderRelationsSkillPillar.csv"), ["malformed-csv"]),
    ],
)
def test_broken_releases(
    esco: Path, tmp_path: Path, spoil: Callable[[Path], object], codes: list[str]
) -> None:
    spoil(esco)
    result = invoke("esco", esco, tmp_path / "catalog", "--lang", "en")
    assert result.exit_code == 3, result.output
    code, *columns = codes  # alike, they are one line that names each
    assert f": {code}: " in result.stderr
    assert all(f"({column})" in result.stderr for column in columns)
    assert not (tmp_path / "catalog").exists()


def test_a_file_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "skills_en.csv").write_text("x")
    result = invoke("esco", tmp_path / "skills_en.csv", tmp_path / "catalog", "--lang", "en")
    assert (result.exit_code, result.stderr.count("Error: ")) == (3, 1)


def test_an_unknown_occupation_is_wrong_usage(esco: Path, tmp_path: Path) -> None:
    result = invoke("esco", esco, tmp_path / "a", "--occupation", "2512.5", "--lang", "en")
    assert result.exit_code == 2
    assert "2512.4" in result.stderr


def test_onet(tmp_path: Path) -> None:
    folder = write_onet(tmp_path / "db_29_2_text", onet_tables())
    result = invoke("onet", folder, tmp_path / "catalog", "--lang", "en", "--occupation", "15-1252")
    assert result.exit_code == 0, result.output
    assert "occupations" in result.stdout
    catalog = read_catalog(tmp_path / "catalog").require()
    assert (catalog.info.id, len(catalog.occupations)) == ("onet-29.2", 1)
    assert invoke("onet", tmp_path / "catalog", tmp_path / "b").exit_code == 3


@pytest.mark.slow
@pytest.mark.skipif(not ESCO.is_dir(), reason="no esco-1.1.1 in $CURRIPLAN_DATA nor in ../shared/data")
def test_the_example_as_its_readme_has_it(tmp_path: Path, run: Any) -> None:
    """A plan out of ESCO's digital collection, by the commands of examples/esco_digital/README.md."""
    folder = tmp_path / "esco_digital"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("esco"))
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    commands = text.split("```sh\n")[1].split("```")[0].replace("PATH/TO/THE/RELEASE", str(ESCO))
    for line in commands.splitlines():
        words = line.split()
        assert words[0] == "curriplan"
        done = run(*words[1:], cwd=folder, env={"PYTHONIOENCODING": "utf-8"})
        assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode()
    assert "proven optimal within 0.1 %" in said
    assert "Closure of the gaps:        13.9 → 73.5 %" in said
    assert "35, of 54" in said
    verified = run("verify", "plan.json", cwd=folder)
    assert verified.returncode == 0, verified.stdout.decode()
