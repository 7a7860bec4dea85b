"""Turn what a catalog says of itself into a record: ``catalog.toml``, or the sheet ``catalog``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from curriplan.base.errors import Issue
from curriplan.catalog.reading import understand
from curriplan.catalog.reading.raw import (
    REFUSED,
    SHORT,
    RawCatalog,
    RawInfo,
    refused_issue,
    shorten,
    understood_issue,
)
from curriplan.catalog.reading.understand import Reading
from curriplan.catalog.records import ID_PATTERN, SCHEMA, CatalogInfo
from curriplan.texts.languages import LANGUAGES

INFO_FLAGS = {"illustrative", "classification"}
LANGUAGES_KEY = "languages"
# Error types of pydantic in the information about the catalog, with what is allowed there instead.
INFO_CODES = {
    "literal_error": ("wrong-word", ", ".join(LANGUAGES)),
    "bool_parsing": ("wrong-word", "true, false"),
    "bool_type": ("wrong-word", "true, false"),
    "int_parsing": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "int_type": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "int_from_float": ("out-of-range", f">= 1, <= {SCHEMA}"),
    "tuple_type": ("not-a-list", ""),
    "greater_than_equal": ("out-of-range", f">= 1, <= {SCHEMA}"),
}


def parse_info(raw: RawInfo) -> tuple[CatalogInfo | None, tuple[Issue, ...]]:
    """Parse the information about the catalog."""
    values = {
        key: value
        for key, value in raw.values.items()
        if value != "" and not (key == LANGUAGES_KEY and value == [])
    }
    issues = [
        refused_issue(raw.place_of(key), found[0])
        for key, value in values.items()
        if (found := REFUSED.search(str(value)))
    ]
    schema = values.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        place = raw.place_of("schema")
        return None, (Issue("schema-too-new", place, {"found": schema, "known": SCHEMA}),)
    issues += _understand_info(raw, values)
    try:
        info = CatalogInfo.model_validate(values)
    except ValidationError as error:
        issues += [_info_issue(raw, detail) for detail in error.errors(include_url=False)]
        return None, tuple(issues)
    issues += _missing_titles(raw, info)
    return info, tuple(issues)


def language_of(raw: RawCatalog) -> str | None:
    """Return the language that a catalog names, whatever else is wrong with its information."""
    value = raw.language_named if raw.info is None else raw.info.values.get("language")
    if not isinstance(value, str) or len(value) > SHORT:
        return None
    return value if value in LANGUAGES else understand.word(value, LANGUAGES)[0]


def says_classification(raw: RawInfo | None) -> bool:
    """Say whether a catalog calls itself a classification."""
    value = raw.values.get("classification") if raw else None
    return value is True or (isinstance(value, str) and understand.word(value, ("yes", "no"))[0] == "yes")


def _understand_info(raw: RawInfo, values: dict[str, object]) -> Iterator[Issue]:
    """Put what odd values mean in their place, with a warning for each."""
    for key, text in values.items():
        if key == LANGUAGES_KEY and isinstance(text, list):
            values[key] = list(_languages(text))
        if not isinstance(text, str) or len(text) > SHORT:
            continue
        value, code = _understood_info(key, text)
        if value is not None and code is not None:
            values[key] = value == "yes" if key in INFO_FLAGS else value
            yield understood_issue(code, raw.place_of(key), key, text, value)


def _languages(texts: list[object]) -> Iterator[object]:
    """Yield codes of languages, also of those named in one cell or by their names, in any language."""
    parts = (
        part for text in texts for part in (re.split("[;,]", text) if isinstance(text, str) else (text,))
    )
    for part in parts:
        text = part.strip() if isinstance(part, str) else part
        understood = (
            understand.word(text, LANGUAGES)[0] if isinstance(text, str) and len(text) <= SHORT else None
        )
        yield understood or text


def _understood_info(key: str, text: str) -> Reading:
    if key in INFO_FLAGS:
        return understand.word(text, ("yes", "no"))
    if key == "language" and text not in LANGUAGES:
        return understand.word(text, LANGUAGES)
    if key in {"id", "profile"} and not re.match(ID_PATTERN, text):
        return understand.identifier(text, ID_PATTERN)
    return None, None


def _info_issue(raw: RawInfo, detail: ErrorDetails) -> Issue:
    """Translate a pydantic error of the information about the catalog."""
    key = str(detail["loc"][0])
    place, error = raw.place_of(key), detail["type"]
    value = shorten(str(raw.values.get(key, "")))
    fields = {field.alias or name for name, field in CatalogInfo.model_fields.items()}
    if error == "missing":
        return Issue("missing-value", place, {"column": key})
    if error == "extra_forbidden":
        return Issue("unknown-key", place, {"value": key, "known": ", ".join(sorted(fields))})
    if error in {"string_pattern_mismatch", "string_too_long"}:
        return Issue("wrong-id", place, {"value": value})
    code, allowed = INFO_CODES.get(error, ("wrong-text", ""))
    if code == "not-a-list":
        return Issue(code, place, {"column": key, "value": value})
    return Issue(code, place, {"value": value, "allowed": allowed})


def _missing_titles(raw: RawInfo, info: CatalogInfo) -> list[Issue]:
    missing = [code for code in info.kept_languages if getattr(info, f"title_{code}") is None]
    if not missing:
        return []
    place = raw.place_of(f"title_{missing[0]}")
    return [Issue("missing-translation", place, {"id": info.id, "languages": ", ".join(missing)})]
