"""Scores of how exposed unit groups of ISCO-08 are to automation, and their ranks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from curriplan.base.errors import Issue
from curriplan.catalog.reading.understand import number
from curriplan.catalog.records import Catalog, Exposure, Occupation
from curriplan.importing.outlooks.reading import read_rows

UNIT_GROUP = r"\d{4}"
RANK_DIGITS = 4
"""To which ranks are kept in a catalog: finer than any of the sources can tell."""


@dataclass(frozen=True)
class Form:
    """A file of scores: what rows of a catalog call it, its two columns, and how it is cited."""

    source: str
    group: str = "isco08"
    score: str = "score"
    cited: str | None = None


FORMS: Mapping[str, Form] = {
    "ilo": Form(
        "ILO 2025",
        score="mean_score_2025",
        cited="ILO 2025: P. Gmyrek and others, Generative AI and Jobs: A Refined Global Index of "
        "Occupational Exposure, ILO Working Paper 140, 2025 (mean scores of tasks by ISCO-08 unit group, "
        "from 0 to 1).",
    ),
    "nesta": Form(
        "Nesta 2020",
        group="isco_code",
        score="risk",
        cited="Nesta 2020: Mapping Career Causeways, 2020 (scores of how suitable for machine learning tasks "
        "are, by ISCO-08 unit group, from 1 to 5).",
    ),
}
"""The files that are known by a name; any other has the columns `isco08` and `score`."""


@dataclass(frozen=True)
class Scores:
    """What one source says of unit groups: score and rank of each, and what of its file was left out."""

    source: str
    cited: str | None
    groups: Mapping[str, tuple[float, float]]
    issues: tuple[Issue, ...] = ()


def read_scores(name: str, path: Path) -> Scores:
    """Read the scores of a source.

    Parameters
    ----------
    name : str
        ``ilo`` and ``nesta`` have the columns of these sources; another source is called so.

    Raises
    ------
    CatalogError
        If the file cannot be read, or lacks a column.
    """
    form = FORMS.get(name.casefold(), Form(name))
    found = read_rows(path, "scores", (form.group, form.score))
    found.leave_out(~found[form.group].str.fullmatch(UNIT_GROUP), "import-wrong-group", form.group)
    found.leave_out(found[form.group].duplicated(), "import-repeated-row", form.group)
    values = found[form.score].map(_score).astype(float)
    finite = values.abs().lt(float("inf"))
    found.leave_out(~finite, "import-wrong-score", form.score)
    scores = values[finite].set_axis(found[form.group])
    ranks = ranks_of(scores)
    groups = {str(group): (float(scores[group]), float(ranks[group])) for group in sorted(scores.index)}
    return Scores(form.source, form.cited, groups, tuple(found.issues))


def _score(text: str) -> float:
    """Return a score as typed in a cell, with a point or a decimal comma; not a number where it is none."""
    read, _ = number(text, None)
    try:
        return float(text if read is None else read)
    except ValueError:
        return math.nan


def ranks_of(scores: pd.Series[float]) -> pd.Series[float]:
    """Return where each score stands: 0 the lowest, 1 the highest, equal ones at the mean of their places.

    >>> ranks_of(pd.Series([0.1, 0.4, 0.4, 9.0])).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    if len(scores) < 2:
        return scores * 0 + 0.5  # the only one is the lowest and the highest
    return (scores.rank(method="average") - 1) / (len(scores) - 1)


def unit_group(occupation: Occupation) -> str | None:
    """Return the ISCO-08 unit group of an occupation: its own, else that of its code in the НКЗ.

    >>> unit_group(Occupation(id="a", isco08="4132")), unit_group(Occupation(id="b", nkz_code="4110-9"))
    ('4132', '4110')
    """
    if occupation.isco08 and re.fullmatch(UNIT_GROUP, occupation.isco08):
        return occupation.isco08
    code = re.match(rf"({UNIT_GROUP})(?!\d)", occupation.nkz_code or "")
    return code[1] if code else None


def exposure_rows(
    catalog: Catalog, sources: Iterable[Scores], as_of: str | None = None
) -> Iterator[Exposure]:
    """Yield what each source says of the occupations of a catalog."""
    for scores in sources:
        for occupation in catalog.occupations:
            group = unit_group(occupation)
            if group is not None and group in scores.groups:
                score, rank = scores.groups[group]
                yield Exposure(
                    occupation=occupation.id,
                    source=scores.source,
                    score=score,
                    rank=round(rank, RANK_DIGITS),
                    isco08=group,
                    as_of=as_of,
                )
