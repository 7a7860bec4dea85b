"""The folder of a run: whose it is, what is in it, and what other ones add to it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from curriplan.api.network.failures import FAULTS
from curriplan.api.network.files import NETWORK_FILES
from curriplan.api.network.jobs import CATALOG, COLLEGES, PLAN, WORKBOOK
from curriplan.api.network.seen import Seen, changed
from curriplan.api.network.store import RESULTS, DamagedResultError, Store
from curriplan.api.network.tasks import lasting_settings, sha256_of, versions
from curriplan.base.errors import CurriplanError, Issue
from curriplan.base.leftovers import beside, is_beside, remove, remove_left_within
from curriplan.base.replacing import is_empty_folder, not_writable, replacing
from curriplan.base.touched import real
from curriplan.catalog.network.checks import listed
from curriplan.catalog.network.records import Network
from curriplan.catalog.saving.folder import foreign_in
from curriplan.problem.settings import Settings
from curriplan.texts.words import Phrase

RUN_SCHEMA = "curriplan-network-run/1"
MARKER = "network-run.json"
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class RunFolder:
    """A folder of results, for one network, with one version and the same settings.

    Parameters
    ----------
    path : Path
        Absolute: workers know it by this name.
    place : str
        Where the network lies, from here: whatever is changed in it, it is the same network.
    national : bool or None
        Whether this run ends with a national plan; None where it writes no plan for people.
    """

    path: Path
    network_sha256: str
    settings: Settings
    place: str = ""
    national: bool | None = None

    @classmethod
    def of(cls, path: Path, network: Network, settings: Settings, *, national: bool | None) -> RunFolder:
        """Return the folder of a run of a network, both with absolute paths.

        Raises
        ------
        CurriplanError
            ``network-folder-input`` if what is read lies where results go.
        """
        home, out = network.path.parent, real(path)
        clashes = [network.path] if real(home) == out else []
        for catalog in (one.catalog for one in network.colleges):
            lies = real(catalog)
            if out.is_relative_to(lies) or lies.is_relative_to(out / COLLEGES):
                clashes.append(catalog)
        if clashes:
            raise CurriplanError.of("network-folder-input", path=shown(path), what=shown(clashes[0]))
        try:
            place = Path(os.path.relpath(home, path)).as_posix()
        except ValueError:  # on another drive
            place = home.as_posix()
        return cls(path, network.sha256, settings, place, national)

    @property
    def store(self) -> Store:
        """The results of jobs."""
        return Store(self.path)

    @property
    def identity(self) -> Mapping[str, Any]:
        """What runs must have in common for their results to be taken together."""
        return {
            "versions": dict(versions()),
            "network": self.network_sha256,
            "settings": sha256_of(lasting_settings(self.settings)),
        }

    def open(self, *, resume: bool, force: bool) -> None:
        """Make the folder ours, and clear up what killed writers left.

        Raises
        ------
        CurriplanError
            If there is something else in it and not `force`: no run, one of another network, a national
            plan where this run makes none, or files for people that somebody has changed; if other files lie
            among those of a catalog; or if it cannot be written.
        """
        known = _marker(self.path)
        if known is not None and self.national is not None:
            self._refuse_strays()
            if not force:
                self._refuse_replacing(known)
        try:
            # A run that begins at the same time may have put its marker there meanwhile.
            if not (known or _is_free(self.path, force) or _marker(self.path)):
                raise CurriplanError.of("network-folder-other", path=shown(self.path))
            self.path.mkdir(parents=True, exist_ok=True)
            self._mark(known or {}, _written(known))
            if known and not resume:
                for name in (RESULTS, FAULTS):
                    remove(self.path / name)
            self.store.clear_up()
            remove_left_within(self.path / COLLEGES)
            self.store.probe()
        except OSError as error:
            raise not_writable(Path(shown(self.path)), error) from error

    def _refuse_strays(self) -> None:
        """Refuse other files among those of a catalog: it could not be replaced then, or they be lost."""
        for folder in sorted(self.path.glob(f"{COLLEGES}/*/{CATALOG}")):
            if folder.is_dir() and not is_empty_folder(folder) and (other := foreign_in(folder)):
                raise CurriplanError.of("folder-not-a-catalog", path=shown(folder), value=other)

    def forget(self, *places: str) -> None:
        """Forget what was written at places, before it is replaced: the run may be cut off in the middle.

        Raises
        ------
        CurriplanError
            If it cannot be noted.
        """
        known = _marker(self.path)
        written = _written(known)
        gone = tuple(f"{place}/" for place in places)
        kept = {name: value for name, value in written.items() if not f"{name}/".startswith(gone)}
        if kept != written:
            self._mark(known or {}, kept)

    def note_written(self, written: Seen) -> None:
        """Note what was written for people, so that the next run replaces nothing that they have changed.

        Raises
        ------
        CurriplanError
            If it cannot be written.
        """
        known = _marker(self.path)
        self._mark(known or {}, {**_written(known), **written})

    def _mark(self, known: Mapping[str, Any], written: Seen) -> None:
        is_national = bool(known.get("national")) if self.national is None else self.national
        data = {
            "schema": RUN_SCHEMA,
            **self.identity,
            "place": self.place,
            "national": is_national,
            "written": written,
        }
        text = json.dumps(data, indent=1, sort_keys=True) + "\n"
        with replacing(self.path / MARKER) as (new,):
            new.write_text(text, encoding="utf-8", newline="\n")

    def _refuse_replacing(self, known: Mapping[str, Any]) -> None:
        """Refuse a folder with plans for people that nobody asked to have replaced."""
        plans = _plans_in(self.path)
        if not plans:
            return
        is_same = self.network_sha256 == known.get("network") or self.place == known.get("place")
        if is_same and (self.national or not known.get("national")):
            edited = [*changed(_written(known), self.path), *_links_in(self.path)]
            if edited:
                files = listed(edited)
                raise CurriplanError.of("network-folder-edited", path=shown(self.path), files=files)
            return
        code = "network-folder-national" if is_same else "network-folder-of-another"
        raise CurriplanError.of(code, path=shown(self.path), plans=", ".join(plans))

    def merge(
        self, others: Collection[Path], colleges: Collection[str], remark: Callable[[Issue], None]
    ) -> int:
        """Take the results of other runs that are not here yet, and return how many.

        A college that was done twice is there once: the first result stays.

        Parameters
        ----------
        colleges : collection of str
            Those of the network: only their plans are taken along.

        Raises
        ------
        CurriplanError
            If one is no folder of a run, or of another network, version or settings; or if a result cannot
            be written.
        """
        issues = [issue for path in others for issue in self._refused(path)]
        if issues:
            raise CurriplanError(issues)
        taken = 0
        for path in others:
            other = Store(path)
            for key in other.names():
                try:
                    taken += self.store.take(key, other)
                except DamagedResultError:
                    name = str(other.path(key).relative_to(path))
                    remark(Issue("network-merge-damaged", values={"folder": str(path), "path": name}))
                except OSError as error:
                    raise not_writable(Path(shown(self.path)), error) from error
            self._take_plans(path, colleges)
        return taken

    def _take_plans(self, other: Path, colleges: Collection[str]) -> None:
        """Copy the plans for people that are not here yet; whether they are whole, their results say."""
        with suppress(OSError):
            for name in sorted(colleges):
                folder, place = other / COLLEGES / name, self.path / COLLEGES / name
                if folder.is_dir() and not folder.is_symlink() and not place.exists():
                    place.parent.mkdir(exist_ok=True)
                    new = beside(place)
                    try:
                        shutil.copytree(folder, new, ignore=_links)
                        new.rename(place)
                    finally:
                        remove(new)

    def _refused(self, path: Path) -> list[Issue]:
        found = _marker(path)
        if found is None:
            return [Issue("network-merge-other", values={"path": str(path)})]
        return [
            Issue(
                "network-merge-differs",
                values={"path": str(path), "what": Phrase(f"network_identity.{name}")},
            )
            for name, value in self.identity.items()
            if found.get(name) != value
        ]

    def clear_colleges(self, planned: Collection[str]) -> None:
        """Remove the plans of colleges that have none in this run; what others put there stays."""
        linked = {*_links_in(self.path)}
        with suppress(OSError):
            for folder in sorted((self.path / COLLEGES).iterdir()):
                if folder.name not in planned and not {COLLEGES, f"{COLLEGES}/{folder.name}"} & linked:
                    for name in (PLAN, WORKBOOK, CATALOG):
                        remove(folder / name)
                    with suppress(OSError):
                        folder.rmdir()


def _links_in(folder: Path) -> list[str]:
    """Return the links in the place of plans: what is written there lands elsewhere."""
    colleges = folder / COLLEGES
    with suppress(OSError):
        found = [colleges, *(sorted(colleges.iterdir()) if colleges.is_dir() else ())]
        return [one.relative_to(folder).as_posix() for one in found if one.is_symlink()]
    return []


def _plans_in(folder: Path) -> list[str]:
    """Return what people were given of a run: the files of the network, and how many colleges have plans."""
    count = len(
        {path.parent.name for name in (PLAN, WORKBOOK) for path in folder.glob(f"{COLLEGES}/*/{name}")}
    )
    found = [name for name in NETWORK_FILES if (folder / name).exists()]
    return [*found, *([f"{COLLEGES}/ ({count})"] if count else [])]


def _is_free(path: Path, force: bool) -> bool:
    """Say whether nothing is in the way of a new folder of results."""
    if path.is_dir():
        return force or all(is_beside(one.name) for one in path.iterdir())
    return not path.exists()


def _links(folder: str, names: Iterable[str]) -> list[str]:
    """Return what is not copied of a folder that somebody sent: links lead anywhere."""
    return [name for name in names if (Path(folder) / name).is_symlink()]


def shown(path: Path) -> str:
    """Return a path as people know it: from the working folder, where it lies below that."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def marker_text(folder: Path) -> str | None:
    """Return what stands in the file by which a folder is known as one of a run; None where it has none."""
    with suppress(OSError, ValueError):
        path = folder / MARKER
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_text(encoding="utf-8")
    return None


def _written(marker: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what a marker says was written for people, as far as it can be understood."""
    found = (marker or {}).get("written")
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str) and _is_within(name)}


def _is_within(name: str) -> bool:
    """Say whether a name is one of something below a folder: who sent it may have named any place."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and not {":", "\\", "\0"} & {*name}


def _marker(folder: Path) -> Mapping[str, Any] | None:
    """Return what a folder says of its run; None where it is no folder of a run."""
    with suppress(ValueError, RecursionError):
        data = json.loads(marker_text(folder) or "null")
        if isinstance(data, dict) and data.get("schema") == RUN_SCHEMA:
            return data
    return None
