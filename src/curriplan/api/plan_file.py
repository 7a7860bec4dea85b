"""``plan.json``: what is written into it, and reading it back with every doubt reported.

The file holds no clock times and no run times, so that the same catalog and settings give the same
bytes. Its JSON Schema, ``schemas/plan-1.json``, follows from `curriplan.plan.plan.Plan`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from math import isinf
from pathlib import Path
from typing import Any

from curriplan.base.codec import from_data
from curriplan.base.errors import CurriplanError, ExitCode, Place
from curriplan.base.progress import keeping_objects
from curriplan.base.refusals import MOST_SHOWN, NoOrdinaryFileError, RefusedError, reason_of, schema_reason
from curriplan.base.touched import note_read
from curriplan.base.version import TOOL
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.reading.contents import contents_of
from curriplan.plan.plan import PLAN_SCHEMA, Plan, plan_schema, plan_to_json
from curriplan.problem.limits import settings_from_data
from curriplan.texts.words import Phrase

MAX_PLAN_BYTES = 100_000_000


def earlier_starts(plan: Plan) -> tuple[tuple[str, str, int], ...]:
    """Return what an earlier plan starts, as `Settings.previous` takes it (§12).

    Raises
    ------
    CurriplanError
        If it starts a module twice in one programme, as no plan of this program does.
    """
    starts = sorted((one.programme, one.module, one.term) for one in plan.selection.starts)
    twice = [name for name, count in Counter(start[:2] for start in starts).items() if count > 1]
    if twice:
        reason = Phrase("file.started_twice", dict(zip(("programme", "module"), twice[0], strict=True)))
        raise CurriplanError.of("plan-invalid", reason=reason)
    return tuple(starts)


def saved_source(source: str | None, folder: Path) -> str | None:
    """Return how a plan in `folder` names its catalog.

    Parameters
    ----------
    source : str or None
        The name of a bundled catalog, or an absolute path.
    folder : Path
        Where the plan is written.

    Returns
    -------
    str or None
        A bare name for a bundled catalog; a path from the plan's folder, always beginning with a
        dot, for a catalog on the same disk; else the absolute path. With forward slashes.
    """
    if source is None or not Path(source).is_absolute():
        return source
    try:
        relative = Path(os.path.relpath(source, folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return Path(source).as_posix()
    return relative if relative.startswith("../") or relative in {".", ".."} else f"./{relative}"


def found_source(saved: str, folder: Path) -> str:
    """Return the catalog that a plan in `folder` names, as `curriplan.read_catalog` takes it.

    A file that somebody sent may name any path. One is looked at only where it lies in or below the
    folder of that file, or the working folder; all others are the user's to name.

    Raises
    ------
    CurriplanError
        If it lies elsewhere, or is not there.
    """
    is_path = saved.startswith(".") or Path(saved).is_absolute()
    if not is_path and saved in bundled_names():
        return saved
    home = folder if is_path else Path()
    path = os.path.normpath(home.absolute() / saved)
    homes = [os.path.normpath(one.absolute()) for one in (folder, Path())]
    homes += [os.path.realpath(one) for one in homes]
    # First by name alone: to look at another computer's folder (//host/share) tells it who asks.
    is_remote = saved.startswith(("//", "\\\\")) or "\0" in saved
    if is_remote or not _is_below(path, homes) or not _is_below(os.path.realpath(path), homes):
        raise CurriplanError.of("saved-catalog-elsewhere", exit_code=ExitCode.FILE, source=saved[:200])
    if not Path(path).exists():
        raise CurriplanError.of("saved-catalog-missing", exit_code=ExitCode.FILE, source=saved[:200])
    return path


def _is_below(path: str, homes: Iterable[str]) -> bool:
    """Say whether a path is one of the folders, or lies below one."""
    own = Path(os.path.normcase(path))
    return any(own.is_relative_to(os.path.normcase(home)) for home in homes)


def placed(plan: Plan, folder: Path) -> Plan:
    """Return the plan as it names its catalog from `folder`, where it is written."""
    source = saved_source(plan.catalog.source, folder)
    return replace(plan, catalog=replace(plan.catalog, source=source))


def plan_text(plan: Plan) -> str:
    """Return the text of ``plan.json``."""
    return plan_to_json(plan, TOOL)


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    CurriplanError
        If the file cannot be read, has a higher schema than this version knows, or is not built as
        its JSON Schema says.
    """
    return plan_of(_read_json(path), Place(str(path)))


def plan_of(data: Any, place: Place) -> Plan:
    """Build a plan from data as it was read at `place`, with every doubt reported; raises as `read_plan`."""
    _check_schema_number(data, place)
    reason = _first_fault(data)
    if reason is not None:
        raise CurriplanError.of("plan-invalid", place, reason=reason)
    try:
        settings_from_data(data["limits"])
        return from_data(Plan, data)
    except (TypeError, ValueError) as error:
        raise CurriplanError.of("plan-invalid", place, reason=reason_of(error)) from error


@keeping_objects()
def _read_json(path: Path) -> Any:
    note_read(path)
    try:
        if path.exists() and path.is_fifo():  # nobody may ever write into it
            raise NoOrdinaryFileError
        with path.open("rb") as file:
            content = file.read(MAX_PLAN_BYTES + 1)  # a device may have no end
        if len(content) > MAX_PLAN_BYTES:
            raise RefusedError("file.too_large", limit=MAX_PLAN_BYTES // 10**6)
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=lambda text: int(text) if _finite(text) else 0,
        )
    except FileNotFoundError as error:
        raise CurriplanError.of("plan-not-found", path=str(path)) from error
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(path, _reason(path, error)) from error


def _reason(path: Path, error: Exception) -> Phrase:
    """Return why a plan cannot be read: where it is no text at all, what it is."""
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        kind = contents_of(path)
        if kind.key not in {"contents.text", "contents.other", "contents.empty"}:
            return Phrase("file.is_other", {"contents": kind})
    return reason_of(error)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of which no key stands twice: nobody could say which of them counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        key = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise RefusedError("file.key_twice", key=key[:40])
    return found


def _refuse_constant(name: str) -> float:
    raise RefusedError("file.not_a_number", value=name)


def _finite(text: str) -> float:
    """Refuse a number that is too large for any computation."""
    number = float(text)
    if isinf(number):
        raise RefusedError("file.number_too_large", value=text[:20])
    return number


def _unreadable(path: Path | str, reason: Phrase) -> CurriplanError:
    return CurriplanError.of("plan-unreadable", path=str(path), reason=reason)


def _check_schema_number(data: Any, place: Place) -> None:
    schema = data.get("schema") if isinstance(data, dict) else None
    name, _, number = schema.partition("/") if isinstance(schema, str) else ("", "", "")
    known_name, _, known_number = PLAN_SCHEMA.partition("/")
    if name != known_name:
        if not isinstance(schema, str):
            raise _unreadable(place.file, Phrase("file.without_schema", {"expected": PLAN_SCHEMA}))
        values = {"expected": PLAN_SCHEMA, "found": schema[:MOST_SHOWN]}
        raise _unreadable(place.file, Phrase("file.other_schema", values))
    if number.isdecimal() and int(number) > int(known_number):
        raise CurriplanError.of("plan-schema-too-new", place, found=schema, known=PLAN_SCHEMA)


def _first_fault(data: Any) -> Phrase | None:
    """Return where and how data departs from the JSON Schema first, None where it does not."""
    faults = sorted(_validator().iter_errors(data), key=lambda one: str(one.json_path))
    return schema_reason(faults[0]) if faults else None


@cache
def _validator() -> Any:
    """Return the validator of plans, made once."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    # JSON Schema takes 2.0 for a whole number, but no term or count is ever written so.
    whole = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    validator = extend(Draft202012Validator, type_checker=whole)  # type: ignore[no-untyped-call]
    schema = plan_schema()
    whole_schema = {key: one for key, one in schema.items() if key != "$defs"}
    return validator(_without_references(whole_schema, schema["$defs"]))


def _without_references(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Put definitions, none of which holds itself, where they are referred to.

    Following a reference takes longer than to check what it leads to, and a plan has thousands of rows.
    """
    if isinstance(schema, list):
        return [_without_references(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _without_references(one, definitions) for key, one in schema.items() if key != "$ref"}
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        found = _without_references(definitions[name], definitions) | found
    return found


def check_same_catalog(plan: Plan, sha256: str) -> None:
    """Refuse a catalog that the plan was not made from.

    Raises
    ------
    CurriplanError
        If the hashes differ.
    """
    if plan.catalog.sha256 != sha256:
        raise CurriplanError.of(
            "plan-other-catalog",
            exit_code=ExitCode.FILE,
            expected=plan.catalog.sha256[:12],
            found=sha256[:12],
        )
