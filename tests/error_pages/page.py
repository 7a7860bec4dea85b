"""The pages ``docs/errors/CODE.md`` and their index, from the texts and what each example shows."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.base.errors import IssueText, Severity, issue_texts
from curriplan.texts.languages import LANGUAGES
from error_pages.example import Example, Seen

INDEX = """# Issue codes

Every problem that curriplan reports has a code, a place (file, sheet, row, column), what was found and
what to do, in Kazakh, Russian and English. Each code has a page with its texts and the smallest example
that raises it. Names in braces stand for values. An *error* stops the work; a *warning* does not, unless
`--strict`.

Places of an example are within the folder that it was run in. `mini` is a bundled catalog, and `college`
a copy of it; `catalog` is that of `tests/broken_catalogs/base`, changed as listed. The tests run every
example and write these pages: `pytest tests/error_pages --update-golden`.

| code | severity | what was found |
|---|---|---|
"""


def page(example: Example, seen: Seen) -> str:
    """Return the page of a code."""
    texts = issue_texts()[example.code]
    return "\n".join(_lines(texts, example, seen))


def _lines(texts: IssueText, example: Example, seen: Seen) -> Iterator[str]:
    yield f"# {texts.code}\n"
    yield f"{_outcome(texts, seen)} [All codes](README.md)\n"
    yield "| | what was found | what to do |\n|---|---|---|"
    for language in LANGUAGES:
        yield f"| {language} | {_cell(texts.found[language])} | {_cell(texts.advice[language])} |"
    yield f"\n## Example: {example.caption}\n"
    if seen.shown:
        yield f"{seen.shown}\n"
    yield f"```text\n{seen.message}\n```\n"


def _outcome(texts: IssueText, seen: Seen) -> str:
    if seen.is_note:
        return "A note: neither an error nor a warning, even with `--strict`."
    if texts.severity is Severity.ERROR:
        return f"An error; exit code {seen.exit_code}."
    with_errors = "" if seen.exit_code == 0 else f", exit code {seen.exit_code} here because of others"
    return f"A warning{with_errors}."


def index() -> str:
    """Return the list of all codes."""
    rows = (
        f"| [{code}]({code}.md) | {texts.severity} | {_cell(texts.found['en'])} |"
        for code, texts in sorted(issue_texts().items())
    )
    return INDEX + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
