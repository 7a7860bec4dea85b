"""Every word for people: one loader, one lookup, one place that writes numbers.

The words stand in TOML files beside this module, one for each subject, so that a translator needs no
Python: ``report`` (workbooks), ``cli`` (the terminal), ``rules`` (rules and their aspects, wherever they
are named), ``diagnosis`` (what stands around clashes and repairs), ``issues`` (problems), ``reasons`` (texts
within texts), ``columns`` (titles and help of tables), ``understood`` (what planners type), ``questions``
(what an import asks in a workbook), ``map`` (the map, a file of its own).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from typing import Any

from curriplan.texts.languages import FORM_LANGUAGES, LANGUAGES

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NO_NUMBER = "-"
"""What stands where there is no number, or none that could be written."""


@cache
def read_texts(subject: str) -> Mapping[str, Any]:
    """Return the file of a subject as it stands."""
    import tomllib
    from importlib.resources import files

    text = files("curriplan").joinpath(f"texts/{subject}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def texts_of(subject: str) -> Mapping[str, Mapping[str, str]]:
    """Return every text of a subject by its dotted key and language."""
    return dict(_flat(read_texts(subject), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        if not isinstance(value, dict):
            continue
        if set(LANGUAGES) & set(value):
            yield prefix + key, value
        else:
            yield from _flat(value, f"{prefix}{key}.")


@dataclass(frozen=True)
class Phrase:
    """A text within a text, such as the reason of an issue: said in the language of whoever reads it.

    Parameters
    ----------
    key : str
        Its key in the file of `subject`.
    values : mapping
        What fills its placeholders.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    subject: str = "reasons"

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """Return the phrase in a language."""
        return Words(language, self.subject)(self.key, **self.values)


class Digits(str):
    """Numbers as text, with a decimal point: in a sentence they have the mark of its language."""

    __slots__ = ()


class Words:
    """The texts of one subject in one language; a missing key is a bug and raises `KeyError`."""

    def __init__(self, language: str, subject: str = "report") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language!r}")
        self.language = language
        self._texts = texts_of(subject)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key, its placeholders filled."""
        return self.filled(self.template(key), **values)

    def filled(self, template: str, /, **values: object) -> str:
        """Return a text with its placeholders filled."""
        shown = {name: self._shown(one) for name, one in values.items()}
        quoted = {name: within_quotes(str(one)) for name, one in shown.items() if f"«{{{name}}}»" in template}
        return template.format_map(shown | quoted)

    def template(self, key: str) -> str:
        """Return the text of a key with its placeholders."""
        return self._texts[key][self.language]

    def has(self, key: str) -> bool:
        """Say whether there is a text of a key."""
        return key in self._texts

    def in_form(self, key: str, between: str = " · ") -> str:
        """Return the text of a key as a state form has it: in the language, in Kazakh and in Russian."""
        entry = self._texts[key]
        return between.join(dict.fromkeys(entry[code] for code in (self.language, *FORM_LANGUAGES)))

    def said(self, value: object) -> str:
        """Return a value as text: a phrase in the language, a number with its decimal mark."""
        return str(self._shown(value))

    def _shown(self, value: object) -> object:
        """Return a value as it stands in a sentence."""
        if isinstance(value, Phrase):
            return value.said(self.language)
        if isinstance(value, tuple):
            return ", ".join(map(self.said, value))
        if isinstance(value, Digits):
            return value.replace(".", self.decimal_mark)
        return self._marked(str(value)) if isinstance(value, float) else value

    @property
    def decimal_mark(self) -> str:
        """The mark between a number's whole and decimal digits in a sentence."""
        return "." if self.language == "en" else ","

    def _marked(self, number: str) -> str:
        """Return a number as Python writes it with the marks of the language."""
        return number.replace(",", NO_BREAK_SPACE).replace(".", self.decimal_mark)

    def number(
        self, value: float | None, digits: int = 0, *, trimmed: bool = False, signed: bool = False
    ) -> str:
        """Return a number with gaps between thousands, at which no line breaks, and the decimal mark.

        Parameters
        ----------
        value : float or None
            The number; a dash stands for none, and for what is not finite.
        digits : int
            Decimal digits.
        trimmed : bool
            Whether zeros at the end of them are left out.
        signed : bool
            Whether a number from 0 on bears a plus.
        """
        if value is None or not isfinite(value):
            return NO_NUMBER
        text = f"{round(value, digits) + 0.0:{'+' if signed else ''},.{digits}f}"
        if trimmed and "." in text:
            text = text.rstrip("0").rstrip(".")
        return self._marked(text)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Return a share of 1 in per cent or points, without a sign; a dash where there is none."""
        return self.number(None if share is None else share * 100, digits)

    def percent_range(self, low: float | None, high: float | None) -> str:
        """Return ``34.1–68.1``: what becomes of a share if estimates err; a dash where nothing is known."""
        return NO_NUMBER if low is None or high is None else f"{self.percent(low)}–{self.percent(high)}"

    def ranged(self, share: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
        """Return ``60.5 (34.1–68.1)``: a closure as people read it wherever it stands, without a sign."""
        known = low is not None and high is not None
        return self.percent(share, digits) + (f" ({self.percent_range(low, high)})" if known else "")

    def significant(self, value: float, digits: int = 6) -> str:
        """Return a number with as many digits as say something, without gaps between thousands."""
        return self._marked(f"{value:.{digits}g}") if isfinite(value) else NO_NUMBER

    def semester(self, semester: str) -> str:
        """Return ``autumn 2026`` for 2026-1, ``spring 2027`` for 2026-2, ``every spring`` for *-2."""
        words = Words(self.language)  # they stand among those of workbooks
        year, half = semester.split("-")
        if year == "*":
            return words(f"semester.every_{half}")
        return words(f"semester.{half}", year=int(year) + int(half) - 1)


def within_quotes(text: str) -> str:
    """Return a text as it stands between guillemets: quotes within quotes are others.

    >>> within_quotes("ТОО «Степь»")
    'ТОО „Степь“'
    """
    return text.replace("«", "„").replace("»", "“")


def thousands(kzt: int) -> str:
    """Return an amount with gaps between thousands at which no line breaks, the same in each language."""
    return f"{kzt:,}".replace(",", NO_BREAK_SPACE)


def with_plain_spaces(text: str) -> str:
    """Return a text as JSON and consoles have it: with spaces of one kind."""
    return text.replace(NO_BREAK_SPACE, " ")


def short(text: str, most: int) -> str:
    """Return a text, cut where it is longer than `most`, in letters that every console has."""
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
