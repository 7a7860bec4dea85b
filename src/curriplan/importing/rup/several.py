"""Several working curricula at once: one catalog, in which equal modules stand once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from curriplan.base.errors import CurriplanError, Issue, Place, errors_in
from curriplan.catalog.order import with_college_order
from curriplan.catalog.records import Catalog, CatalogInfo, Module, is_id
from curriplan.importing.rup.alike import alike_issues
from curriplan.importing.rup.grid import RupSheet, read_book
from curriplan.importing.rup.mapping import RupMapping
from curriplan.importing.rup.programme import left_open
from curriplan.importing.rup.programmes import programmes_of
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import college_title
from curriplan.texts.words import Phrase

DEFAULT_CATALOG_ID = "college"


@dataclass(frozen=True)
class RupSource:
    """A file with a working curriculum, or one of the programmes in it, and what is known of it beforehand.

    Parameters
    ----------
    part : int
        Which programme of the file it is, from 1; 0 where the file holds one.
    sheets : tuple of RupSheet, optional
        What the programme sees of the workbook, where that has been read.
    """

    path: Path
    choices: RupChoices = field(default_factory=RupChoices)
    mapping: RupMapping | None = None
    part: int = 0
    sheets: tuple[RupSheet, ...] | None = field(default=None, repr=False, compare=False)


def each_programme(sources: Sequence[RupSource], mappings: Sequence[RupMapping] = ()) -> list[RupSource]:
    """Return a source for each programme of the files; one of a file that the mappings say to be one.

    A file that cannot be read stays as it is: reading it says why.
    """
    found: list[RupSource] = []
    for source in sources:
        mine = [one for one in mappings if len(sources) == 1 or one.file == source.path.name]
        try:
            sheets = () if mine and not any(one.part for one in mine) else read_book(source.path)
        except CurriplanError:
            sheets = ()
        parts = programmes_of(sheets, source.choices.sheet) if sheets else []
        if len(parts) < 2:
            found.append(replace(source, sheets=sheets or None))
        else:
            found += [replace(source, part=at, sheets=part) for at, part in enumerate(parts, start=1)]
    return found


@dataclass(frozen=True)
class RupReadings:
    """What came of reading working curricula.

    Attributes
    ----------
    catalog : Catalog or None
        All of them together; None where something is wrong with any.
    readings : tuple of RupReading or None
        What came of each file, None where it could not be read at all.
    issues : tuple of Issue
        What concerns files that could not be read, and all of them together.
    """

    catalog: Catalog | None
    readings: tuple[RupReading | None, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The problems that must be mended first, of all files."""
        found = [issue for reading in self.readings if reading is not None for issue in reading.errors]
        return (*found, *errors_in(self.issues))


def with_mappings(
    sources: Sequence[RupSource], mappings: Sequence[RupMapping], place: Place
) -> list[RupSource]:
    """Give each programme the mapping of its file and part; those of one file are taken whatever they name.

    Raises
    ------
    CurriplanError
        If mappings name none of the files.
    """
    if len(sources) == len(mappings) == 1:
        return [replace(sources[0], mapping=mappings[0])]
    found = list(sources)
    issues = []
    alone = len({one.path for one in sources}) == 1
    for mapping in mappings:
        mine = (at for at, one in enumerate(found) if alone or one.path.name == mapping.file)
        free = (at for at in mine if found[at].part == mapping.part and found[at].mapping is None)
        at = next(free, None)
        if at is None:
            given = ", ".join(one.path.name for one in sources)
            values = {"file": mapping.file or "?", "given": given}
            issues.append(Issue("rup-mapping-of-no-file", place, values))
        else:
            found[at] = replace(found[at], mapping=mapping)
    if issues:
        raise CurriplanError(issues)
    return found


def read_all_rup(sources: Sequence[RupSource], *, free_order: bool = False) -> RupReadings:
    """Read working curricula into one catalog; the problems of all files are reported together.

    A module that stands in several of them under one id is taken once where all that is said of it, and
    of the outcomes that belong to it, is equal; else the ids of its versions begin with their programmes.

    Parameters
    ----------
    free_order : bool
        Whether to leave out the order of the college's own plans.
    """
    readings: list[RupReading | None] = []
    issues: list[Issue] = []
    for source in sources:
        try:
            choices = replace(source.choices, free_order=True)
            mapping = replace(source.mapping or RupMapping(), part=source.part)
            readings.append(read_rup(source.path, choices, mapping, source.sheets))
        except CurriplanError as error:
            readings.append(None)
            issues += error.issues
    catalogs = [one.catalog for one in readings if one is not None and one.catalog is not None]
    unsaid = list(_norms_left_out(sources, readings))
    if len(catalogs) < len(sources):
        return RupReadings(None, tuple(readings), (*issues, *unsaid))
    named, clashes = _with_own_names(catalogs, [source.path for source in sources])
    names = _names(named)
    catalog = catalogs[0] if len(catalogs) == 1 else _together(named, names)
    if not free_order:
        catalog = with_college_order(catalog)
    alike = alike_issues(named, names, [source.path for source in sources])
    return RupReadings(catalog, tuple(readings), (*issues, *clashes, *alike, *unsaid))


def _norms_left_out(sources: Sequence[RupSource], readings: Sequence[RupReading | None]) -> Iterator[Issue]:
    """Yield the files that do not say by what the norm of total credits is found."""
    for source, reading in zip(sources, readings, strict=True):
        if reading is None or any(one.code == "rup-entry-bases" for one in reading.issues):
            continue
        if lacks := left_open(reading.mapping.programme):
            columns = tuple(Phrase(f"columns.programmes.{one}.title", subject="columns") for one in lacks)
            yield Issue("rup-norm-left-out", Place(str(source.path)), {"columns": columns})


def _with_own_names(catalogs: Sequence[Catalog], paths: Sequence[Path]) -> tuple[list[Catalog], list[Issue]]:
    """Return catalogs of which no two call their programme the same; a later one gets a number."""
    homes: dict[str, Path] = {}
    found: list[Catalog] = []
    issues: list[Issue] = []
    for catalog, path in zip(catalogs, paths, strict=True):
        (programme,) = catalog.programmes
        name = _free(programme.id, homes)
        if name != programme.id:
            values = {"programme": programme.id, "file": str(homes[programme.id]), "id": name}
            issues.append(Issue("rup-programme-twice", Place(str(path)), values))
        homes[name] = path
        found.append(_of_programme(catalog, name))
    return found, issues


def _free(wanted: str, taken: Iterable[str]) -> str:
    """Return an id, with a number behind it where it is taken."""
    known, name, number = set(taken), wanted, 2
    while name in known:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _of_programme(catalog: Catalog, name: str) -> Catalog:
    (programme,) = catalog.programmes
    told = {"programme": name}
    return catalog.replace(
        programmes=(programme.model_copy(update={"id": name}),),
        programme_terms=tuple(row.model_copy(update=told) for row in catalog.programme_terms),
        programme_fixed_hours=tuple(row.model_copy(update=told) for row in catalog.programme_fixed_hours),
        programme_modules=tuple(row.model_copy(update=told) for row in catalog.programme_modules),
    )


def _together(catalogs: Sequence[Catalog], names: Sequence[Mapping[str, str]]) -> Catalog:
    modules: dict[str, Module] = {}
    for catalog, named in zip(catalogs, names, strict=True):
        for module in catalog.modules:
            ids = {"id": named[module.id], "parent": named[module.parent] if module.parent else None}
            if ids["id"] != module.id:
                ids["index"] = module.index or module.id
            modules.setdefault(ids["id"] or "", module.model_copy(update=ids))
    return Catalog(
        _info(catalogs),
        modules=tuple(modules.values()),
        programmes=tuple(row for one in catalogs for row in one.programmes),
        programme_terms=tuple(row for one in catalogs for row in one.programme_terms),
        programme_fixed_hours=tuple(row for one in catalogs for row in one.programme_fixed_hours),
        programme_modules=tuple(
            row.model_copy(update={"module": named[row.module]})
            for one, named in zip(catalogs, names, strict=True)
            for row in one.programme_modules
        ),
    )


Family = tuple[str, ...]
"""What is said of a module and of the outcomes that belong to it."""


def _names(catalogs: Sequence[Catalog]) -> list[dict[str, str]]:
    """Return the ids that the modules of each catalog get, by those that they have."""
    families = [dict(_families(catalog)) for catalog in catalogs]
    versions: defaultdict[str, dict[Family, str]] = defaultdict(dict)
    for catalog, found in zip(catalogs, families, strict=True):
        for head, (family, _) in found.items():
            versions[head].setdefault(family, catalog.programmes[0].id)
    taken = {member for found in families for _, members in found.values() for member in members}
    chosen: dict[tuple[str, Family], dict[str, str]] = {}
    named: list[dict[str, str]] = []
    for found in families:
        names: dict[str, str] = {}
        for head, (family, members) in found.items():
            if len(versions[head]) > 1 and (head, family) not in chosen:
                prefixed = {one: _free(f"{versions[head][family]}-{one}", taken) for one in members}
                taken |= {*prefixed.values()}
                chosen[head, family] = prefixed
            names |= chosen.get((head, family), dict(zip(members, members, strict=True)))
        named.append(names)
    return named


def _families(catalog: Catalog) -> Iterator[tuple[str, tuple[Family, list[str]]]]:
    """Yield the modules that belong to no other with what is said of them and theirs, and their ids."""
    below: defaultdict[str, list[Module]] = defaultdict(list)
    for module in catalog.modules:
        below[module.parent or module.id].append(module)
    for head, modules in below.items():
        family = sorted(modules, key=lambda one: one.id)
        # The index is that of the id, however it is spelled.
        said = tuple(one.model_dump_json(exclude={"index"}) for one in family)
        yield head, (said, [one.id for one in family])


def _info(catalogs: Sequence[Catalog]) -> CatalogInfo:
    first = catalogs[0].info
    joined = "-".join(one.programmes[0].id for one in catalogs)
    titles: Mapping[str, str] = {f"title_{code}": college_title(code) for code in LANGUAGES}
    name = joined if is_id(joined) and len(joined) <= 40 else DEFAULT_CATALOG_ID
    return CatalogInfo.model_validate(
        {"id": name, "language": first.language, "profile": first.profile, **titles}
    )
