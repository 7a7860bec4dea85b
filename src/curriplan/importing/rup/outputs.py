"""What an import of working curricula writes beside the catalog: mappings, questions, the account of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import CurriplanError, UsageError
from curriplan.base.files import check_outputs, write_csv
from curriplan.base.replacing import replacing
from curriplan.base.touched import keys_of
from curriplan.catalog.reading.archive import listed_sheets
from curriplan.catalog.reading.names import table_names
from curriplan.catalog.saving.save import WORKBOOK, check_destination
from curriplan.importing.rup.accounts import REPORT_COLUMNS, report_rows
from curriplan.importing.rup.mapping_text import is_own_report, is_untouched, mapping_text
from curriplan.importing.rup.question_book import (
    has_questions,
    is_untouched_book,
    write_questions,
)
from curriplan.importing.rup.reading import RupReading


@dataclass(frozen=True)
class RupOutputs:
    """The files that are written: the catalog, its account, and a mapping beside it for each file read."""

    dest: Path
    files: tuple[Path, ...]
    report: Path | None = None
    questions: Path | None = None

    @property
    def noted(self) -> tuple[Path, ...]:
        """Where the mapping of each file is written."""
        base = self.dest.stem if self.dest.suffix == WORKBOOK else self.dest.name
        if len(self.files) == 1:
            return (self.dest.with_name(f"{base}.mapping.toml"),)
        names: list[str] = []
        for file in self.files:
            stems = [one.stem for one in self.files]
            name = file.stem if stems.count(file.stem) == 1 else file.name
            number = sum(one == name or one.startswith(f"{name} (") for one in names)
            names.append(f"{name} ({number + 1})" if number else name)
        return tuple(self.dest.with_name(f"{base}.{name}.mapping.toml") for name in names)

    def check(self, mappings: Sequence[Path], *, force: bool) -> None:
        """Refuse what cannot or must not be written, before any work.

        A mapping file or a workbook of questions may be replaced where it is one that is read, or as an
        import left it; so may the account that such an import left.

        Raises
        ------
        CurriplanError, UsageError
            As `check_outputs` does.
        """
        first = self.files[0]
        self._refuse_twins()
        check_destination(self.dest, force=force, source=first)
        if self.dest.suffix.casefold() == WORKBOOK and self.dest.exists():
            _refuse_other_workbook(self.dest)
        if self.report is not None:
            own = is_own_report(self.report, self.noted)
            check_outputs([self.report], [".csv"], force=force or own, source=first)
        if self.questions is not None:
            is_book = self.questions.is_file() and self.questions.suffix.casefold() == WORKBOOK
            untouched = is_book and is_untouched_book(self.questions)  # no other workbook, by force or not
            replaceable = force or untouched or _is_among(self.questions, mappings)
            check_outputs([self.questions], [WORKBOOK], force=replaceable, source=first, may_be_read=True)
        for path in self.noted:
            replaceable = force or _is_among(path, mappings) or is_untouched(path)
            check_outputs([path], [".toml"], force=replaceable, source=first, may_be_read=True)

    def _refuse_twins(self) -> None:
        seen: set[object] = set()
        for path in (self.dest, self.report, self.questions, *self.noted):
            keys = keys_of(path) if path is not None else frozenset()
            if path is not None and keys & seen:
                raise UsageError.of("output-twice", path=str(path))
            seen |= keys

    def write(
        self, readings: Sequence[RupReading | None], comments: Mapping[str, str], language: str
    ) -> None:
        """Write all but the catalog at one stroke; questions only where there are any."""
        read = [(path, one) for path, one in zip(self.noted, readings, strict=True) if one is not None]
        asked = self.questions if has_questions(readings) else None
        wanted = [path for path in (self.report, asked) if path is not None]
        with replacing(*(path for path, _ in read), *wanted) as new_files:
            account = None
            beside = dict(zip(wanted, new_files[len(read) :], strict=True))
            if self.report is not None:
                rows = (row for _, reading in read for row in report_rows(reading, language))
                write_csv(beside[self.report], REPORT_COLUMNS, rows)
                account = beside[self.report].read_bytes()
            if asked is not None:
                write_questions(readings, beside[asked], language)
            for new, (_, reading) in zip(new_files, read, strict=False):
                text = mapping_text(reading.mapping, comments, account)
                new.write_text(text, encoding="utf-8", newline="\n")


def _refuse_other_workbook(dest: Path) -> None:
    """Refuse to put a catalog in the place of what is none: of several files the last one may be no DEST."""
    if not any(table_names().find(name) for name in listed_sheets(dest)):
        raise CurriplanError.of("output-no-catalog", path=str(dest))


def _is_among(path: Path, others: Sequence[Path]) -> bool:
    return path.exists() and any(one.exists() and one.samefile(path) for one in others)
