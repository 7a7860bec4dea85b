"""The files of a national plan: a workbook, JSON, and a CSV of the colleges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from curriplan.base.files import write_each
from curriplan.plan.network import NetworkPlan, network_to_data

NETWORK_FILES = ("network.json", "network.xlsx", "colleges.csv")


def write_network_files(
    plan: NetworkPlan, folder: Path, language: str, *, prints_details: bool = False
) -> tuple[Path, ...]:
    """Write a national plan into a folder, all files at one stroke; return them.

    Parameters
    ----------
    language : str
        Of the workbook, and of the names in the CSV.
    prints_details : bool
        Whether the sheets of details are printed too.

    Raises
    ------
    CurriplanError
        If a file cannot be written; the old ones are there then.
    """
    paths = tuple(folder / name for name in NETWORK_FILES)
    write_network_as(plan, paths, language, prints_details=prints_details)
    return paths


def write_network_as(
    plan: NetworkPlan, paths: Sequence[Path], language: str, *, prints_details: bool = False
) -> None:
    """Write a national plan to each of `paths`, as its ending says; a CSV holds a row a college."""
    from curriplan.report.network.records import college_records
    from curriplan.report.network.view import NetworkView
    from curriplan.report.network.write import write_network_workbook
    from curriplan.texts.words import Words

    fields, rows = college_records(NetworkView(plan, Words(language)))

    def workbook(stream: IO[bytes]) -> None:
        write_network_workbook(plan, stream, language, prints_details=prints_details)

    write_each(paths, workbook, network_to_data(plan), fields, rows)
