"""Each issue code has a page, and an example that raises it: the page shows what the example showed."""

from __future__ import annotations

from pathlib import Path

import pytest

from curriplan.base.errors import Severity, issue_texts
from error_pages.catalogs import catalog_examples
from error_pages.commands import COMMANDS
from error_pages.curricula import curriculum_examples
from error_pages.example import Example, Stage
from error_pages.imports import IMPORTS
from error_pages.network_runs import NETWORK_RUNS
from error_pages.networks import NETWORKS
from error_pages.outlooks import OUTLOOKS
from error_pages.page import index, page
from error_pages.replans import REPLANS
from error_pages.reviews import review_examples
from error_pages.tables import TABLES

EXAMPLES: dict[str, Example] = {
    example.code: example
    for example in (
        *catalog_examples(),
        *COMMANDS,
        *IMPORTS,
        *NETWORKS,
        *NETWORK_RUNS,
        *OUTLOOKS,
        *REPLANS,
        *TABLES,
        *curriculum_examples(),
        *review_examples(),
    )
}
UPDATE = "pytest tests/error_pages --update-golden"
NO_EXAMPLE = f"""the issue code {{code!r}} has no broken example. Give it one:
- raised by reading or checking a catalog: a Case in tests/broken_catalogs/cases.py;
- raised by a command, an import or a library call: command(...) or call(...) in
  tests/error_pages/commands.py (the code, what is wrong in English, the arguments of curriplan, and a
  function that makes the files it needs in stage.folder).
Then write its page: {UPDATE} -k {{code}}, and read what it shows."""


@pytest.mark.parametrize("code", sorted(issue_texts()))
def test_each_code_has_an_example_and_its_page(
    code: str, stage: Stage, repository: Path, request: pytest.FixtureRequest
) -> None:
    example = EXAMPLES.get(code)
    assert example is not None, NO_EXAMPLE.format(code=code)
    seen = example.run(stage)
    assert seen.exit_code != 1, "an example is no bug"
    assert issue_texts()[code].severity is Severity.WARNING or seen.exit_code != 0
    assert str(stage.folder) not in seen.message
    path, text = repository / "docs" / "errors" / f"{code}.md", page(example, seen)
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.exists(), f"docs/errors/{code}.md is missing: run {UPDATE} -k {code}"
    assert path.read_text(encoding="utf-8") == text, f"run {UPDATE} -k {code}"


def test_the_index_lists_them_all(repository: Path, request: pytest.FixtureRequest) -> None:
    folder = repository / "docs" / "errors"
    if request.config.getoption("--update-golden"):
        (folder / "README.md").write_text(index(), encoding="utf-8", newline="\n")
    assert (folder / "README.md").read_text(encoding="utf-8") == index(), f"run {UPDATE} -k index"
    pages = {path.stem for path in folder.glob("*.md")} - {"README"}
    assert pages == set(issue_texts()), "remove the pages of codes that are gone"


def test_every_example_is_of_a_code() -> None:
    assert set(EXAMPLES) <= set(issue_texts())
