"""Problems on the terminal: the worst first, many alike as one line with their cells."""

from __future__ import annotations

import io
import sys

import pytest

from curriplan.base.errors import Issue, Place, Severity, issue_texts
from curriplan.base.harm import TRANSLATIONS, UNDERSTOOD, Harm, harm
from curriplan.cli.console.problems import alike
from curriplan.cli.console.terminal import Terminal


def _issue(code: str, row: int | None, letter: str | None = "F", /, **values: object) -> Issue:
    return Issue(code, Place("c.xlsx", "modules", row, letter), values)


def test_codes_of_less_harm_are_warnings() -> None:
    for code in UNDERSTOOD | TRANSLATIONS:
        assert issue_texts()[code].severity is Severity.WARNING, code


def test_the_worst_comes_first_and_translations_last() -> None:
    issues = [
        _issue("missing-translation", 2, "B", id="A", languages="kk"),
        _issue("decimal-comma", 3, value="1,5", understood="1.5", column="credits", count=1),
        _issue("exit-not-above-entry", 9, entry=1, exit=1),
        _issue("capacity-unlimited", 4, resource="R"),
        _issue("wrong-number", 5, value="x", allowed=""),
    ]
    shown = [group.first for group in alike(issues)]
    assert [harm(issue) for issue in shown] == [
        Harm.STOPS,
        Harm.STOPS,
        Harm.MISLEADS,
        Harm.UNDERSTOOD,
        Harm.UNTRANSLATED,
    ]
    assert [issue.place and issue.place.row for issue in shown][:2] == [5, 9]


def test_many_of_one_column_are_one_line_with_their_values() -> None:
    issues = [_issue("missing-credits", row, module=f"M{row}") for row in (51, 48)]
    (group,) = alike(issues)
    assert group.text("en") == (
        "c.xlsx [modules] F48 (M48), F51 (M51): missing-credits: F48: The module 'M48' has no credits. "
        "Write its credits; only a header that groups other modules may leave them empty."
    )


def test_what_is_the_same_everywhere_is_said_once() -> None:
    issues = [_issue("missing-value", row, "D", column="section") for row in range(2, 20)]
    (group,) = alike(issues)
    text = group.text("ru")
    assert text.startswith("c.xlsx [modules] D2, D3, D4, ")
    assert "... (+6): missing-value: Не задано" in text


def test_in_a_csv_file_the_rows_are_listed() -> None:
    issues = [
        Issue("wrong-number", Place("c/modules.csv", None, row, "credits"), {"value": text, "allowed": ""})
        for row, text in ((4, "two"), (3, "one"))
    ]
    (group,) = alike(issues)
    assert group.text("en").startswith("c/modules.csv (credits): 3 (one), 4 (two): wrong-number: 3: 'one'")


def test_other_columns_sheets_and_codes_stand_apart() -> None:
    issues = [
        _issue("wrong-number", 2, "F", value="x", allowed=""),
        _issue("wrong-number", 2, "G", value="x", allowed=""),
        Issue("wrong-number", Place("c.xlsx", "targets", 2, "F"), {"value": "x", "allowed": ""}),
        _issue("out-of-range", 3, "F", value="-1", allowed=">= 0"),
        _issue("missing-table", None, None, table="targets"),
        _issue("missing-table", None, None, table="programmes"),
    ]
    assert len(alike(issues)) == len(issues)


def test_the_place_of_a_column_is_that_of_the_sheet() -> None:
    """AA stands behind Z, not behind A."""
    places = [Place("c.xlsx", "modules", 2, column) for column in ("AA", "B", "Z")]
    assert [one.column for one in sorted(places, key=Place.sort_key)] == ["B", "Z", "AA"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_on_a_terminal_lines_keep_to_its_width(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "80")
    Terminal(language).problems([_issue("missing-credits", row, module=f"MOD-{row}") for row in range(9)])
    lines = stream.getvalue().splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("  ") for line in lines[1:])


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_errors_warnings_and_messages_keep_to_it_too(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths alone are not torn apart, so that they can be copied; what is no terminal keeps its lines."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "80")
    terminal, path = Terminal(language), "/home/" + 90 * "x"

    def told() -> list[str]:
        stream.seek(stream.truncate(0))
        terminal.error([_issue("missing-credits", 2, module="M")])
        terminal.warn([_issue("missing-translation", 2, id="M", languages="kk")])
        terminal.tell(f"{terminal.text('run.open', path=path)}\n\n{' word' * 30}")
        return stream.getvalue().splitlines()

    assert len(told()) == 5
    monkeypatch.setattr(stream, "isatty", lambda: True)
    lines = told()
    assert len(lines) > 8 and "" in lines
    assert [line for line in lines if len(line) > 80] == [line for line in lines if path in line]


def test_other_commands_group_them_too(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal("en").error([_issue("missing-credits", row, module=f"M{row}") for row in (48, 51)])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Error: c.xlsx [modules] F48 (M48), F51 (M51): missing-credits: ")
