"""Examples of the codes of `import rup`: the cases of ``tests/unit/importing/rup/test_issues.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curriplan.base.errors import Severity
from error_pages.example import Example, Seen, Stage, code_text
from unit.importing.rup.test_issues import CASES, PLAIN, Case, problems


def curriculum_examples() -> Iterator[Example]:
    """Yield one case of each code, one with no other code where there is one."""
    found: dict[str, Case] = {}
    for case in sorted(CASES, key=lambda case: len({code for code, _, _ in case.issues})):
        for code, _, _ in sorted(case.issues, key=str):
            if code.startswith("rup-"):
                found.setdefault(code, case)
    yield from (_example(code, case) for code, case in sorted(found.items()))


def curriculum_cases() -> Iterator[Example]:
    """Yield every case that has an issue."""
    for case in CASES:
        for code in sorted({code for code, _, _ in case.issues})[:1]:
            yield _example(code, case)


def _example(code: str, case: Case) -> Example:
    def run(stage: Stage) -> Seen:
        issues = problems(case, Path())
        lines = [issue.line() for issue in issues if issue.code == code]
        assert lines, f"the case {case.name!r} of tests/unit/importing/rup/test_issues.py lacks {code}"
        wrong = any(issue.severity is Severity.ERROR for issue in issues)
        return Seen("\n".join(lines), 3 if wrong else 0, "\n".join(_shown(case)), issues=tuple(issues))

    return Example(code, f"a curriculum with {case.name}", run)


def _shown(case: Case) -> Iterator[str]:
    if case.change is None:
        text = case.text
        for old, new in case.replace:
            text = text.replace(old, new)
        yield "The sheet, cells between bars:\n"
        yield f"```text\n{text.strip()}\n```\n"
    else:
        yield "The sheet before the change:\n"
        yield f"```text\n{PLAIN.strip()}\n```\n"
    if case.mapping:
        yield f"The mapping file: {code_text(case.mapping)}\n"
    given = ", ".join(f"{name} {value}" for name, value in case.choices)
    yield f"Given to the import: {given or 'nothing'}."
