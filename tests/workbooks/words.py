"""The Kazakh and Russian words of the program and of the bundled catalogs, and where they stand."""

from __future__ import annotations

import csv
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from workbooks.kazakh import stems
from workbooks.tools import needs_dictionary

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEXTS = ROOT / "src" / "curriplan" / "texts"
CATALOGS = ROOT / "catalogs"
SIGNS = re.compile(r"\{[^{}]*\}|`[^`]*`|https?://\S+|--[\w-]+|[\w.]+\.(?:csv|toml|xlsx|json|md)\b|\w+_\w+")
"""What is no word: placeholders, code, links, options, files, names of tables."""
WORD = re.compile(r"[^\W\d_]+")
CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
LATIN = re.compile(r"[a-z]", re.IGNORECASE)

Found = tuple[str, str]
"""A text and where it stands."""


def texts(language: str) -> Iterator[Found]:
    """Yield every text of a language: of the program, then of the bundled catalogs."""
    for path in sorted(TEXTS.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for text, key in _of_language(data, language, ""):
            yield text, f"{path.name} {key}"
    for path in sorted(CATALOGS.glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                for column, text in row.items():
                    if column.endswith(f"_{language}") and text:
                        yield text, f"{path.parent.name}/{path.name} row {number}"
    for path in sorted(CATALOGS.glob("*/catalog.toml")):
        info = tomllib.loads(path.read_text(encoding="utf-8"))
        yield info[f"title_{language}"], f"{path.parent.name}/{path.name}"


def _of_language(data: Mapping[str, object], language: str, prefix: str) -> Iterator[Found]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _of_language(value, language, f"{prefix}{key}.")
        elif isinstance(value, list):
            numbered = {str(number): one for number, one in enumerate(value) if isinstance(one, dict)}
            yield from _of_language(numbered, language, f"{prefix}{key}.")
        elif key == language and isinstance(value, str):
            yield value, prefix.rstrip(".")


def other_cells() -> Iterator[Found]:
    """Yield the texts of the bundled catalogs that belong to no language: sources, reasons, owners."""
    for path in sorted(CATALOGS.glob("*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                for column, text in row.items():
                    if text and column[-3:] not in ("_kk", "_ru", "_en"):
                        yield text, f"{path.parent.name}/{path.name} row {number}"


def words(found: Iterable[Found]) -> dict[str, str]:
    """Return each word of some texts with one place where it stands; single letters are left out."""
    places: dict[str, str] = {}
    for text, place in found:
        for word in WORD.findall(SIGNS.sub(" ", text)):
            if len(word) > 1:
                places.setdefault(word, place)
    return places


def cyrillic(found: Iterable[Found]) -> dict[str, str]:
    """Return the words in Cyrillic letters."""
    return {word: place for word, place in words(found).items() if CYRILLIC.search(word)}


@cache
def terms(language: str) -> frozenset[str]:
    """Return the reviewed words of a language that its dictionary lacks, in small letters."""
    lines = (HERE / f"terms_{language}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


def unknown(dictionary: str, wanted: Iterable[str]) -> set[str]:
    """Return the words that hunspell does not know."""
    hunspell = needs_dictionary(dictionary)
    command = [hunspell, "-i", "utf-8", "-d", dictionary, "-l"]
    text = "\n".join(sorted(wanted)).encode()
    done = subprocess.run(command, input=text, capture_output=True, timeout=120, check=True)
    return set(done.stdout.decode("utf-8").split())


def misspelt_russian(wanted: Iterable[str]) -> set[str]:
    """Return the words that neither the dictionary nor the list of terms has."""
    return {word for word in unknown("ru_RU", wanted) if word.casefold() not in terms("ru")}


def misspelt_kazakh(wanted: Iterable[str]) -> set[str]:
    """Return the words that are no known stem with endings."""
    doubtful = {word for word in unknown("kk_KZ", wanted) if word.casefold() not in terms("kk")}
    possible = {word: set(stems(word.casefold())) for word in doubtful}
    strange = unknown("kk_KZ", set().union(*possible.values()))
    return {word for word, found in possible.items() if not (found - strange) | (found & terms("kk"))}
