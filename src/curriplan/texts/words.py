"""The words of the workbook, in three languages, from ``texts/report.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from curriplan.texts.languages import LANGUAGES


@cache
def report_texts() -> Mapping[str, Mapping[str, str]]:
    """Return every text by its dotted key and language."""
    text = files("curriplan").joinpath("texts/report.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text), ""))


def _flatten(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        assert isinstance(value, dict)
        if set(LANGUAGES) & set(value):
            yield prefix + key, value
        else:
            yield from _flatten(value, f"{prefix}{key}.")


class Texts:
    """The texts of one language; a missing key is a bug and raises `KeyError`."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language!r}")
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key, its placeholders filled."""
        text = report_texts()[key][self.language]
        return text.format_map(values) if values else text

    def has(self, key: str) -> bool:
        """Say whether there is a text of a key."""
        return key in report_texts()

    def others(self, key: str) -> str:
        """Return the text of a key in the two other languages, for the small row above a header."""
        entry = report_texts()[key]
        return " · ".join(entry[code] for code in LANGUAGES if code != self.language)

    @property
    def decimal_mark(self) -> str:
        """The mark between a number's whole and decimal digits in a sentence."""
        return "." if self.language == "en" else ","
