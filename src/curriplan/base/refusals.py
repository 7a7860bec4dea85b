"""Why something outside this program failed, as phrases in the language of whoever reads.

Systems and libraries speak English, or the language of the computer. What went wrong is taken from their
code and place; their own words are left to logs.
"""

from __future__ import annotations

import errno
import json
import logging
import re
from typing import Any

from curriplan.texts.words import Phrase, texts_of

logger = logging.getLogger(__name__)

MOST_SHOWN = 80
"""Letters of a value."""
TOML_FAULTS = (
    ("Expected '=' after a key", "no_equals_sign"),
    ("Expected newline or end of document", "more_after_value"),
    ("Invalid value", "value"),
    ("Unterminated string", "open_string"),
    ("Expected \"'''\"", "open_string"),
    ("Illegal character", "character"),
    ("Found invalid character", "character"),
    ("Unescaped '\\' in a string", "backslash"),
    ("Invalid hex value", "backslash"),
    ("Unclosed", "open_bracket"),
    ("Invalid initial character for a key part", "key"),
    ("Invalid statement", "key"),
    ("Expected ']", "open_bracket"),
    ("Invalid date", "date"),
    ("Cannot ", "twice"),
    ("Duplicate inline table key", "twice"),
)
"""How messages of `tomllib` begin, which has no codes, with what they mean."""
TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class RefusedError(ValueError):
    """A value that is refused in the middle of reading.

    Parameters
    ----------
    key : str
        The phrase that says why.
    values
        What fills its placeholders.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        self.reason = Phrase(key, values)
        super().__init__(str(self.reason))


class NoOrdinaryFileError(OSError):
    """A device or a pipe where a file is wanted: what is read from one, or written to it, may never end."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, str(NO_ORDINARY_FILE))


NO_ORDINARY_FILE = Phrase("file.not_ordinary")


def reason_of(error: Exception) -> Phrase:
    """Return why a file could not be opened, read or written, without its path."""
    logger.info("%s: %s", type(error).__name__, error)
    match error:
        case RefusedError():
            return error.reason
        case NoOrdinaryFileError():
            return NO_ORDINARY_FILE
        case OSError():
            return system_reason(error.errno)
        case json.JSONDecodeError():
            return Phrase("file.json", {"row": error.lineno, "column": error.colno})
        case UnicodeDecodeError():
            return Phrase("file.encoding", {"place": error.start + 1})
    known = {RecursionError: Phrase("file.nested"), MemoryError: system_reason(errno.ENOMEM)}
    return known.get(type(error), Phrase("file.value"))


def system_reason(number: int | None) -> Phrase:
    """Return what an error number of the operating system means."""
    name = errno.errorcode.get(number or 0, "?")
    key = f"system.{name}"
    return Phrase(key) if key in texts_of("reasons") else Phrase("system.other", {"code": name})


def toml_reason(error: Exception) -> Phrase:
    """Return what is wrong with a text of TOML, and where."""
    if isinstance(error, RefusedError | OSError | UnicodeDecodeError | RecursionError):
        return reason_of(error)
    logger.info("TOML: %s", error)
    message = str(error)
    fault = Phrase(f"toml.{next((key for start, key in TOML_FAULTS if message.startswith(start)), 'other')}")
    place = TOML_PLACE.search(message)
    if place is not None:
        return Phrase("toml.at", {"fault": fault, "row": int(place[1]), "column": int(place[2])})
    return Phrase("toml.at_end", {"fault": fault}) if "at end of document" in message else fault


def schema_reason(fault: Any) -> Phrase:
    """Return how data departs from its JSON Schema.

    Parameters
    ----------
    fault : jsonschema.ValidationError
        The departure.
    """
    logger.info("JSON Schema: %s", fault.message)
    asked, found = fault.validator_value, fault.instance
    values: dict[str, object] = {"path": fault.json_path, "value": shown_value(found)}
    kind = fault.validator
    if kind == "required":
        values = {"path": fault.json_path, "key": next(key for key in asked if key not in found)}
    elif kind == "additionalProperties" and isinstance(found, dict):
        known = fault.schema.get("properties", {})
        values = {"path": fault.json_path, "key": next(key for key in found if key not in known)[:MOST_SHOWN]}
    elif kind == "type":
        names = asked if isinstance(asked, list) else [asked]
        values["expected"] = tuple(Phrase(f"json_type.{name}") for name in names)
    elif kind == "enum":
        values["known"] = ", ".join(map(shown_value, asked))
    elif kind in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        signs = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
        kind, values["allowed"] = "range", f"{signs[kind]} {asked}"
    elif kind == "uniqueItems":
        values = {"path": fault.json_path}
    elif kind != "pattern":
        kind = "other"
    return Phrase(f"schema.{kind}", values)


def shown_value(value: Any) -> str:
    """Return a value as it stands in JSON, cut where it is long."""
    return json.dumps(value, ensure_ascii=False)[:MOST_SHOWN]
