"""Examples of the codes of ``curriplan outlooks``: files of scores and of vacancies, each with a fault."""

from __future__ import annotations

from collections.abc import Callable

from error_pages.example import Example, Stage, command

SCORES = "isco08,score\n2521,0.4\n3512,0.3\n"
OLD = "period,occupation code,vacancies,source\n2025-2,2521,20,enbek.kz\n2025-2,3512,20,enbek.kz\n"
NEW = OLD.replace("2025-2", "2026-2").replace("2521,20", "2521,30")
EXPOSED = "outlooks college out --exposure trial=scores.csv --beta 0.5"
COUNTED = "outlooks college out --snapshots old.csv new.csv"


def _files(**texts: str) -> Callable[[Stage], None]:
    """Have the files, and `mini` whose occupations have codes."""

    def prepare(stage: Stage) -> None:
        path = stage.college() / "occupations.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        lines = [
            row.removesuffix(",,,") + f",{code},," for row, code in zip(rows, ("2521", "3512"), strict=True)
        ]
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        for name, text in texts.items():
            (stage.folder / f"{name}.csv").write_text(text, encoding="utf-8")

    return prepare


def _codeless(stage: Stage) -> None:
    _files(scores=SCORES)(stage)
    stage.edit(stage.folder / "college" / "occupations.csv", ",3512,,", ",,,")


def _known_already(stage: Stage) -> None:
    _files(scores=SCORES, old=OLD, new=NEW)(stage)
    for table, rows in {
        "scenarios": "id,name_kk,name_ru,name_en,probability\nas-today,сол қалпы,без перемен,no change,1\n",
        "targets": "programme,occupation,share,scenario\nTECH,analyst-assistant,0.6,\n"
        "TECH,security-assistant,0.4,\nTECH,analyst-assistant,1,as-today\n",
    }.items():
        (stage.folder / "college" / f"{table}.csv").write_text(rows, encoding="utf-8")


OUTLOOKS: tuple[Example, ...] = (
    command(
        "import-wrong-group",
        "a group of three digits",
        EXPOSED,
        _files(scores=SCORES + "252,0.9\n"),
    ),
    command("import-wrong-score", "a score in words", EXPOSED, _files(scores=SCORES + "4132,high\n")),
    command(
        "snapshot-wrong-count",
        "vacancies in words",
        COUNTED,
        _files(old=OLD, new=NEW.replace("2521,30", "2521,many")),
    ),
    command(
        "snapshot-no-counts", "a count of nothing", COUNTED, _files(old=OLD.replace(",20,", ",0,"), new=NEW)
    ),
    command("outlook-nothing-asked", "neither scores nor counts", "outlooks mini out", lambda _: None),
    command(
        "outlook-nothing-known", "scores of other groups", EXPOSED, _files(scores="isco08,score\n9111,0.1\n")
    ),
    command("outlook-unmapped", "an occupation without a code", EXPOSED, _codeless),
    command(
        "outlook-replaced",
        "an outlook that is there already",
        f"{EXPOSED} --probability as-today=0.5 --probability exposure-trial=0.5",
        _known_already,
    ),
    command("outlook-probabilities-unsaid", "a new outlook beside one", COUNTED, _known_already),
    command("outlook-shares-only", "nobody knows how many are wanted", EXPOSED, _files(scores=SCORES)),
    command(
        "no-new-professions",
        "no occupation is called new",
        f"{EXPOSED} --new-professions 0.5",
        _files(scores=SCORES),
    ),
)
