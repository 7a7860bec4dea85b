"""Examples of the codes of imports: small releases of ESCO and O*NET, each with one fault."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from error_pages.example import Example, Stage, command
from unit.importing.releases import (
    Row,
    esco_tables,
    need,
    occupation,
    onet_tables,
    rating,
    skill,
    technology,
    tie,
    write_esco,
    write_onet,
)

Tables = dict[str, list[Row]]
Fault = Callable[[Tables], object]
ESCO, ONET = "import esco esco-1.1.1 out", "import onet onet-29.2 out"
ANALYST = "15-1252.00"


def _esco(fault: Fault = lambda _: None, folder: str = "esco-1.1.1") -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        tables = esco_tables()
        fault(tables)
        write_esco(stage.folder / folder, tables)

    return prepare


def _onet(fault: Fault) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        tables = onet_tables()
        fault(tables)
        write_onet(stage.folder / "onet-29.2", tables)

    return prepare


def _more(table: str, *rows: Row) -> Fault:
    return lambda tables: tables[table].extend(rows)


def _without_skills(stage: Stage) -> None:
    _esco()(stage)
    (stage.folder / "esco-1.1.1" / "skills_en.csv").rename(stage.folder / "esco-1.1.1" / "skills_de.csv")


def _packed(stage: Stage) -> None:
    (stage.folder / "esco").mkdir()
    with zipfile.ZipFile(stage.folder / "esco" / "esco-1.1.1.zip", "w") as archive:
        archive.writestr("skills_en.csv", "conceptUri,preferredLabel\n" * 9)


def _cut_off(stage: Stage) -> None:
    _packed(stage)
    data = (stage.folder / "esco" / "esco-1.1.1.zip").read_bytes()
    (stage.folder / "esco-1.1.1.zip").write_bytes(data[:-9])


def _french(stage: Stage) -> None:
    _esco()(stage)
    for path in (stage.folder / "esco-1.1.1").glob("*_en.csv"):
        path.rename(path.with_name(path.name.replace("_en", "_fr")))


def _semicolons(stage: Stage) -> None:
    _esco()(stage)
    path = stage.folder / "esco-1.1.1" / "occupations_en.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")


def _endless(stage: Stage) -> None:
    stage.monkeypatch.setattr("curriplan.importing.source.MOST_ROUNDS", 1)
    _esco(_more("skillSkillRelations", tie("data", "sql", "essential")))(stage)


NEEDS = "occupationSkillRelations"
TIES = "skillSkillRelations"
IMPORTS: tuple[Example, ...] = (
    command("import-file-missing", "a release in another language", ESCO, _without_skills),
    command("import-packed", "a folder with an archive", "import esco esco out", _packed),
    command("import-archive-damaged", "an archive cut off", "import esco esco-1.1.1.zip out", _cut_off),
    command("import-other-language", "a release in French", ESCO, _french),
    command("import-wrong-delimiter", "a file saved again with semicolons", ESCO, _semicolons),
    command(
        "import-nothing-left",
        "an occupation that needs nothing digital",
        f"{ESCO} --occupation tailor --collection digital",
        _esco(),
    ),
    command(
        "import-unknown-occupation",
        "a code mistyped",
        f"{ESCO} --occupation 2512.44",
        _esco(),
    ),
    command(
        "import-release-unknown",
        "a folder whose name has no version",
        "import esco esco out",
        _esco(folder="esco"),
    ),
    command(
        "import-not-released", "an obsolete skill", ESCO, _esco(_more("skills", skill("old", "obsolete")))
    ),
    command(
        "import-without-name",
        "a skill without a name",
        ESCO,
        _esco(_more("skills", skill("blank") | {"preferredLabel": " "})),
    ),
    command("import-wrong-uri", "a URI that ends in no id", ESCO, _esco(_more("skills", skill("no id!")))),
    command("import-repeated-row", "a skill twice", ESCO, _esco(_more("skills", skill("sql")))),
    command(
        "import-blank-type", "a skill without a type", ESCO, _esco(_more("skills", skill("plain", kind="")))
    ),
    command(
        "import-wrong-isco",
        "letters in a code of ISCO-08",
        ESCO,
        _esco(_more("occupations", occupation("odd", "2519.1", isco="25x"))),
    ),
    command(
        "import-unknown-concept",
        "a need of a skill that the release does not have",
        ESCO,
        _esco(_more(NEEDS, need("dba", "nothing"))),
    ),
    command(
        "import-unknown-relation",
        "a need that is neither essential nor optional",
        ESCO,
        _esco(_more(NEEDS, need("dba", "data", "wanted"))),
    ),
    command(
        "import-own-relation",
        "a skill that needs itself",
        ESCO,
        _esco(_more(TIES, tie("sql", "sql", "essential"))),
    ),
    command(
        "import-circle",
        "two skills that need each other",
        ESCO,
        _esco(_more(TIES, tie("data", "sql", "essential"))),
    ),
    command("import-circles", "more circles than are opened (the limit lowered)", ESCO, _endless),
    command(
        "import-wrong-code",
        "an element whose number is no id",
        ONET,
        _onet(_more("Technology Skills", technology(ANALYST, "no id!"))),
    ),
    command(
        "import-wrong-rating",
        "an importance above 5",
        ONET,
        _onet(_more("Skills", rating(ANALYST, "2.B.9.a", "IM", "5.01"))),
    ),
    command("import-suppressed", "ratings that O*NET advises against", ONET, _onet(lambda _: None)),
    command("import-not-relevant", "a level that is not relevant", ONET, _onet(lambda _: None)),
    command("import-rating-alone", "an importance without a level", ONET, _onet(lambda _: None)),
)
