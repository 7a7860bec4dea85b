"""The results of a network's jobs: files named by what they follow from, whole or not there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from curriplan.api.network.tasks import Task, canonical, sha256_of
from curriplan.base.leftovers import beside, remove, remove_left_within
from curriplan.base.renaming import sync

RESULT_SCHEMA = "curriplan-network-result/1"
RESULTS = "results"
PROBE_BYTES = 1 << 16


class DamagedResultError(Exception):
    """A result that is not as it was written."""


class Store:
    """The results below the folder of a run.

    Parameters
    ----------
    out : Path
        That folder.
    """

    def __init__(self, out: Path) -> None:
        self.folder = out / RESULTS

    def path(self, key: str) -> Path:
        """Return where the result of a key lies."""
        return self.folder / key[:2] / f"{key}.json"

    def get(self, key: str) -> Any:
        """Return a result, None where there is none.

        Raises
        ------
        DamagedResultError
            If it is cut short, was edited, or belongs to another key.
        OSError
            If it cannot be read.
        """
        try:
            text = self.path(key).read_bytes()
        except FileNotFoundError:
            return None
        return _checked(text, key)

    def put(self, task: Task, result: Mapping[str, Any]) -> None:
        """Write a result whole, on the disk, and only then under its name.

        Raises
        ------
        OSError
            As where the disk is full; then nothing is left.
        """
        data = {
            "schema": RESULT_SCHEMA,
            "of": task.material,
            "sha256": sha256_of(result),
            "result": result,
        }
        self._write(self.path(task.key), canonical(data))

    def take(self, key: str, other: Store) -> bool:
        """Copy a result of another store that is not here yet, and say whether it was.

        Raises
        ------
        DamagedResultError, OSError
            As `get`, and where it cannot be written.
        """
        path = self.path(key)
        if path.exists():
            return False
        text = other.path(key).read_bytes()
        _checked(text, key)
        self._write(path, text)
        return True

    def names(self) -> list[str]:
        """Return the names of all results, sorted."""
        return sorted(path.stem for path in self.folder.glob("??/*.json") if not path.name.startswith("."))

    def probe(self) -> None:
        """Find out, before hours of work, whether a result could be written.

        Raises
        ------
        OSError
            If not.
        """
        self._write(self.folder / "probe", b"\0" * PROBE_BYTES, is_kept=False)

    def clear_up(self) -> None:
        """Remove what killed writers have left."""
        for folder in (self.folder, *self.folder.glob("??")):
            remove_left_within(folder)

    @staticmethod
    def _write(path: Path, content: bytes, *, is_kept: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = beside(path)
        try:
            with new.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if is_kept:
                os.replace(new, path)  # noqa: PTH105 - tests stand in for it here
                with suppress(OSError):
                    sync(path.parent)
        finally:
            remove(new)


def _checked(text: bytes, key: str) -> Any:
    """Return the result within a file, where it is the one of a key and as it was written."""
    try:
        data = json.loads(text)
        is_whole = data["schema"] == RESULT_SCHEMA and sha256_of(data["of"]) == key
        if is_whole and sha256_of(data["result"]) == data["sha256"]:
            return data["result"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise DamagedResultError from error
    raise DamagedResultError
