"""What a catalog was read from: so that one that nobody has changed is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from curriplan.catalog.reading.bundled import bundled_root

BUNDLED = "bundled:"
Seen = Mapping[str, str | None]
"""A hash by path, of a file what is in it, of a folder the names in it; None for what is not there."""


def seen(paths: Iterable[Path], home: Path) -> dict[str, str | None]:
    """Return what was read: files, and the folders that they lie in, for another table may be put there.

    Parameters
    ----------
    home : Path
        The folder from which paths are named.
    """
    found = {path.absolute() for path in paths}
    found |= {path.parent for path in found if path.is_file() and path.suffix.lower() in {".csv", ".toml"}}
    return {name: _hash(path) for name, path in sorted((_name(path, home), path) for path in found)}


def is_as_seen(known: Seen, home: Path) -> bool:
    """Say whether all is as it was when it was read."""
    return all(_hash(_path(name, home)) == value for name, value in known.items())


def changed(known: Seen, home: Path) -> list[str]:
    """Return the files that are there and are not as they were; what is gone can be made again."""
    found = ((name, value, home / name) for name, value in sorted(known.items()))
    return [name for name, value, path in found if _hash_of_file(path) not in (None, value)]


def _name(path: Path, home: Path) -> str:
    if path.is_relative_to(bundled_root()):
        return BUNDLED + path.relative_to(bundled_root()).as_posix()
    return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()


def _path(name: str, home: Path) -> Path:
    if name.startswith(BUNDLED):
        return bundled_root() / name.removeprefix(BUNDLED)
    return home / name


def _hash(path: Path) -> str | None:
    with suppress(OSError):
        if path.is_dir():
            names = "\n".join(sorted(one.name for one in path.iterdir()))
            return hashlib.sha256(names.encode(errors="surrogateescape")).hexdigest()
        return _hash_of_file(path)
    return None


def _hash_of_file(path: Path) -> str | None:
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None
