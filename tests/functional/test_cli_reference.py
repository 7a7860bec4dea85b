"""docs/cli.md holds the help text of every command, as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from curriplan.cli.app import main

INTRODUCTION = """\
# The command line

`curriplan COMMAND --help` prints what stands here. A catalog is a folder of CSV tables, a workbook of the same tables, or the name of a bundled catalog (an existing path wins). The kind of output follows the ending of the file name.

An existing output needs `--force`, which is checked before any work; a file that comes up during the work is not replaced without it either. All outputs of a command are first written beside the old ones, are on the disk, and then replace them, so that the old or the new one is always there, whole; none is new where one of them cannot be written. A process killed between two replacements can leave one new and one old, each whole: the next command that writes there says so (`outputs-in-part`). A folder is exchanged for the new one in one step on Linux; elsewhere a process killed between two renames leaves the old folder aside, and the next command puts it back. What killed processes leave beside an output (names that begin with a dot) is cleared away by the next one that writes there; what other processes are writing stays. Nothing that a command has read is ever written by it, with `--force` neither, whatever it is called: not the catalog that a plan or a review names, not the base of an `extends`, no table of a folder, no earlier plan, profile or mapping (but an import's own mapping, which is passed back). Pipes and devices are no outputs. Results go to stdout, messages and progress to stderr; progress is drawn only on a terminal, and `NO_COLOR` is obeyed. There `optimize` says closure and new money as soon as closure has been sought, and of each further objective what it changed. Lines are as wide as the terminal (`COLUMNS`), from 30 to 80 columns.

The language is that of `--lang` (before or behind the command), else of the environment variable `CURRIPLAN_LANG`, else of the workbook under review (`--review`), else of the catalog, as far as that can be read (else English). `--help` is in that of `--lang` or `CURRIPLAN_LANG`, else in English. Codes, keys of JSON and logs are in English.

| exit code | meaning |
|---|---|
| 0 | done; for `optimize`: a plan was written, optimal or feasible with its gap (read `status`), also after Ctrl-C |
| 1 | a bug, with its traceback |
| 2 | wrong usage: an unknown option, value, programme, objective, solver or language |
| 3 | something wrong in or about a file |
| 4 | no plan can satisfy the rules |
| 5 | stopped before any plan was found, or none was found and a second solver did not confirm in time that there is none; `verify --optimality`: no time to tell |
| 6 | `verify` found a broken rule, a wrong value, or (with `--optimality`) a better plan; the edit of `try` breaks a rule |
| 7 | the solver failed, or its plan did not pass the evaluation |

`optimize --time-limit S` holds for everything together, within 2 s or a tenth of S on a machine that does nothing else: reading, building the model, every stage, the reason why there is no plan, evaluating, and writing. What cannot be cut short is set aside before the search: evaluating and writing are estimated from what the building of the model took. Where that leaves nothing for the search, the command says so at once and how much would do (`time-limit-too-short`, exit 5); on the bundled college a workbook takes about 5 s of processor time, `plan.json` alone less than one. The runs of `--stability` have the time limit once more.

Ctrl-C is answered at once. A search ends as soon as it can, with the best found so far, which is evaluated and written as usual. While that goes on, a press more drops nothing and is told so; a further one, at least a second later, drops the result (`stopped-while-writing`, exit 5), and old files stay as they are. Elsewhere Ctrl-C ends the command. SIGTERM, and a terminal that is closed, end it at once; while results are written, they are first undone.

Warnings alone end with 0; `--strict` makes the warnings of a catalog errors.
"""  # noqa: E501


def names() -> Iterator[str]:
    """Yield the words of every command, of groups and of what is in them."""
    for name, command in main.commands.items():
        yield name
        if isinstance(command, click.Group):
            yield from (f"{name} {part}" for part in command.commands)


def reference() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for name in ("", *sorted(names())):
        words = [*name.split(), "--help"]
        result = CliRunner().invoke(main, words, prog_name="curriplan", terminal_width=80)
        assert result.exit_code == 0
        parts.append(f"## {f'curriplan {name}'.strip()}\n\n```text\n{result.stdout}```\n")
    return "\n".join(parts)


def test_the_page_is_current(repository: Path, request: pytest.FixtureRequest) -> None:
    path = repository / "docs" / "cli.md"
    if request.config.getoption("--update-golden"):
        path.write_text(reference(), encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == reference(), "run this test with --update-golden"
