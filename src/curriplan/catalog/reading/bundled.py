"""The catalogs that come with curriplan: in the installed package, or in the checkout beside it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from curriplan.catalog.reading.folder import INFO_FILE

PROFILE_CATALOGS = {"KZ-348-2024": "kz-digital-college"}
"""Regulation profiles that a catalog may name, and the bundled catalog whose table each is."""


def bundled_root() -> Path:
    """Return the folder of the bundled catalogs."""
    package = Path(str(files("curriplan")))
    installed = package / "catalogs"
    return installed if installed.is_dir() else package.parents[1] / "catalogs"


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled catalogs, sorted."""
    root = bundled_root()
    if not root.is_dir():
        return ()
    return tuple(sorted(path.name for path in root.iterdir() if (path / INFO_FILE).is_file()))


def bundled_folder(name: str) -> Path | None:
    """Return the folder of a bundled catalog, None where there is none of that name."""
    return bundled_root() / name if name in bundled_names() else None


def profile_file(name: str) -> Path | None:
    """Return the profile table of a bundled regulation profile, None where there is none of that name."""
    catalog = PROFILE_CATALOGS.get(name, "")
    path = bundled_root() / catalog / "profile.csv"
    return path if catalog and path.is_file() else None
