"""What is released: sdist → wheel → installed outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest


def call(*arguments: Any, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Build the sdist, and from it (not from the checkout) the wheel."""
    target = tmp_path_factory.mktemp("dist")
    call("-m", "build", "--no-isolation", "--outdir", target, ".", cwd=repository)
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """Install the wheel alone into a folder of its own; its dependencies are those of this environment."""
    target = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    call("-m", "pip", "install", "--no-deps", "--no-index", "--target", target, wheel, cwd=target)
    return target


@pytest.mark.slow
def test_the_sdist_holds_what_a_build_needs(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {
        "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "src/curriplan/cli/app.py",
        "catalogs/mini/catalog.toml", "catalogs/kz-digital-college/catalog.toml", "docs/formulation.md",
        "tests/conftest.py", "examples/catalog_in_code.py",
    }  # fmt: skip
    assert expected <= names


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_the_catalogs_only(built: Path) -> None:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    expected = {
        "curriplan/py.typed", "curriplan/texts/issues.toml", "curriplan/texts/cli.toml",
        "curriplan/schemas/plan-1.json", "curriplan/catalogs/mini/catalog.toml",
        "curriplan/catalogs/kz-digital-college/modules.csv", "curriplan/report/map/page.html",
        "curriplan/report/map/page.css", "curriplan/report/map/reader.js", "curriplan/texts/map.toml",
    }  # fmt: skip
    assert expected <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"curriplan", next(top for top in tops if top.endswith(".dist-info"))}


@pytest.mark.slow
def test_the_installed_wheel_plans_mini(installed: Path, tmp_path: Path) -> None:
    where = call("-c", "import curriplan; print(curriplan.__file__)", cwd=tmp_path, PYTHONPATH=str(installed))
    assert Path(where.strip()).is_relative_to(installed), "the checkout was imported instead"
    names = call(
        "-c", "import curriplan; print(*curriplan.bundled_names())", cwd=tmp_path, PYTHONPATH=str(installed)
    )
    assert names.split() == ["kz-digital-college", "mini"]
    outputs = ("-o", "plan.json", "-o", "plan.xlsx")
    call("-m", "curriplan", "optimize", "mini", "-q", *outputs, cwd=tmp_path, PYTHONPATH=str(installed))
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["status"] == "optimal"
    assert (tmp_path / "plan.xlsx").read_bytes()[:2] == b"PK"
    call("-m", "curriplan", "verify", "plan.json", cwd=tmp_path, PYTHONPATH=str(installed))


def test_the_bundled_catalogs_are_found_in_this_environment() -> None:
    import curriplan

    assert curriplan.bundled_names() == ("kz-digital-college", "mini")
