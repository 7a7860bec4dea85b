"""Small releases of ESCO and O*NET, made by hand, that a test may spoil."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

Row = dict[str, str]
SKILL, OCCUPATION = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"
ISCED = "http://data.europa.eu/esco/isced-f/"
RELATIONS = ("occupationSkillRelations", "skillSkillRelations", "broaderRelationsSkillPillar")


def skill(name: str, status: str = "released", kind: str = "knowledge") -> Row:
    return {
        "conceptUri": SKILL + name,
        "preferredLabel": f"skill {name}",
        "status": status,
        "skillType": kind,
    }


def group(uri: str, label: str, code: str = "") -> Row:
    return {"conceptUri": uri, "preferredLabel": label, "status": "released", "code": code}


def occupation(name: str, code: str, isco: str | None = None) -> Row:
    return {
        "conceptUri": OCCUPATION + name,
        "preferredLabel": f"occupation {name}",
        "status": "released",
        "iscoGroup": code[:4] if isco is None else isco,
        "code": code,
    }


def need(who: str, what: str, kind: str = "essential", skill_type: str = "knowledge") -> Row:
    return {
        "occupationUri": OCCUPATION + who,
        "relationType": kind,
        "skillType": skill_type,
        "skillUri": SKILL + what,
    }


def tie(first: str, second: str, kind: str) -> Row:
    return {
        "originalSkillUri": SKILL + first,
        "originalSkillType": "knowledge",
        "relationType": kind,
        "relatedSkillType": "knowledge",
        "relatedSkillUri": SKILL + second,
    }


def broader(uri: str, above: str) -> Row:
    return {"conceptType": "any", "conceptUri": uri, "broaderType": "any", "broaderUri": above}


def esco_tables() -> dict[str, list[Row]]:
    """Return a release: two pillars, five skills, of which `sql` is digital and needs `data`."""
    pillar, knowledge = SKILL + "pillar", SKILL + "knowledge"
    return {
        "skills": [skill(name) for name in ("sql", "data", "sew", "cut", "talk")],
        "skillGroups": [
            group(pillar, "skills", "S"),
            group(knowledge, "knowledge", "K"),
            group(SKILL + "s5", "working with computers", "S5"),
            group(SKILL + "s6", "handling\nthings", "S6"),
            group(ISCED + "061", "information technologies"),
        ],
        "occupations": [
            occupation("dev", "2512.4"),
            occupation("dba", "2521.1"),
            occupation("tailor", "7531.2"),
        ],
        "occupationSkillRelations": [
            need("dev", "sql"),
            need("dev", "talk", "optional"),
            need("dba", "sql", "optional"),
            need("tailor", "sew"),
            need("tailor", "cut"),
        ],
        "skillSkillRelations": [tie("sql", "data", "essential"), tie("sew", "cut", "optional")],
        "broaderRelationsSkillPillar": [
            broader(SKILL + "s5", pillar),
            broader(SKILL + "s6", pillar),
            broader(ISCED + "061", knowledge),
            broader(SKILL + "sql", SKILL + "s5"),
            broader(SKILL + "sql", ISCED + "061"),
            broader(SKILL + "data", ISCED + "061"),
            broader(SKILL + "sew", SKILL + "s6"),
            broader(SKILL + "cut", SKILL + "sew"),
        ],
        "digitalSkillsCollection": [skill("sql")],
    }


def write_esco(folder: Path, tables: dict[str, list[Row]], release: str = "1.1") -> Path:
    """Write a release as ESCO does: CRLF, and with the names and columns of its version."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, rows in tables.items():
        suffix = "" if release == "1.1" and stem in RELATIONS else "_en"
        shown = [{"conceptType": "X", **row, "description": "a\r\nb, c"} for row in rows]
        if release == "1.2":
            shown = [{"label": "x", **row, "otherLabel": "y"} for row in shown]
        write_table(folder / f"{stem}{suffix}.csv", shown)
    return folder


def write_table(path: Path, rows: list[Row], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def rating(
    code: str, element: str, scale: str, value: str, suppress: str = "N", not_relevant: str = "N"
) -> Row:
    return {
        "O*NET-SOC Code": code,
        "Element ID": element,
        "Element Name": f"element {element}",
        "Scale ID": scale,
        "Data Value": value,
        "N": "8",
        "Recommend Suppress": suppress,
        "Not Relevant": not_relevant if scale == "LV" else "",
    }


def rated(code: str, element: str, importance: str, level: str, **marks: str) -> list[Row]:
    return [
        rating(code, element, "IM", importance),
        rating(code, element, "LV", level, **marks),
    ]


def technology(code: str, commodity: str, hot: str = "N", in_demand: str = "N") -> Row:
    return {
        "O*NET-SOC Code": code,
        "Example": 'An "example',
        "Commodity Code": commodity,
        "Commodity Title": f"commodity {commodity}",
        "Hot Technology": hot,
        "In Demand": in_demand,
    }


def onet_tables() -> dict[str, list[Row]]:
    """Return a release of two occupations."""
    first, second = "15-1252.00", "43-1011.00"
    return {
        "Occupation Data": [
            {"O*NET-SOC Code": code, "Title": f"title {code}", "Description": "d"} for code in (first, second)
        ],
        "Skills": [
            *rated(first, "2.A.1.a", "4.12", "4.62"),
            *rated(first, "2.B.3.e", "4.5", "5"),
            *rated(second, "2.A.1.a", "3", "3.5"),
            *rated(second, "2.B.3.e", "1.5", "0.4", not_relevant="Y"),
        ],
        "Knowledge": [
            *rated(first, "2.C.3.a", "5", "7"),
            *rated(second, "2.C.3.a", "2", "1", suppress="Y"),
            *rated(second, "2.C.1.b", "1", "2"),
        ],
        "Technology Skills": [
            technology(first, "43232202", "Y"),
            technology(first, "43232202", "Y", "Y"),
            technology(second, "43231513"),
        ],
    }


def write_onet(folder: Path, tables: dict[str, list[Row]], *, workbooks: bool = False) -> Path:
    """Write a release as text files, or as workbooks with the ratings as numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, rows in tables.items():
        if workbooks:
            _write_workbook(folder / f"{stem}.xlsx", stem, rows)
        else:
            lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
            text = "\r\n".join(lines) + "\r\n"
            (folder / f"{stem}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def _write_workbook(path: Path, title: str, rows: list[Row]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([float(value) if key == "Data Value" else value for key, value in row.items()])
    book.save(path)
