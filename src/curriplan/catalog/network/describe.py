"""The page ``docs/network-format.md``, written from the declarations of the tables and the example.

Run ``python -m curriplan.catalog.network.describe > docs/network-format.md``; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from curriplan.catalog.describe import columns_of
from curriplan.catalog.network.checks import MOST_CHOICES
from curriplan.catalog.network.init import EXAMPLE_NETWORK
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.catalog.reading.folder import NETWORK_FILE
from curriplan.catalog.records.network import NETWORK_RECORDS, NetworkHead

INTRODUCTION = """# The format of a network

A network is a folder: the catalogs of colleges (each a folder or a workbook, as
[the catalog format](catalog-format.md) says), and beside them a file `network.toml`, which says what they
share. `curriplan init --network FOLDER` writes the small example below; `curriplan check FOLDER` lists every
problem of the file and of all catalogs at once, each with its line and what to do.

This page is written from the declarations: `python -m curriplan.catalog.network.describe`.

## An example

```toml
{example}```

## What the file says

- `schema = 1` stands above all, with the names of the network, `language` and `places_within`.
- **`[[regions]]`**, **`[[colleges]]`**: the columns of the tables of the same names below, as keys.
- **`[[budgets]]`**: `source` and, for money of one region, `region`; then `years`, a limit for each calendar
  year, `total_kzt`, a limit of all years together, or both. Where there are `years`, a year that is not named
  has no money. The colleges of a region draw on a row of the country and one of their region within both
  limits: a budget of a region is a ceiling inside the country's money of that source and adds none, and in a year
  that it does not name the region gets nothing, of the country's money neither. Where there is no row of the
  country, it is the money of the region, for its colleges alone; colleges of other regions that have the source keep the
  money of their own catalogs.
- **`[[centres]]`**: the columns of the table `centres` as keys, and `hours`, by calendar semester: `2027-1` is
  the autumn of 2027, `2027-2` the spring after it. A semester that is not named has none. `region` says where it
  stands; the colleges of all regions may use it.
- **`[[places]]`** (state order): `college`, and `choices`: a list of at most {choices} tables of groups by
  programme, such as `choices = [ {{ TECH = 2 }} ]`. A programme that is not named keeps its groups of today: its
  learners of one intake by the `group_size` of the profile, rounded up (75 of 25 are 3 groups). They are always a
  choice, and are not listed. All groups of a region stay as many as today, so that another college needs the
  answering choice; a choice lies at most `places_within` groups a programme from today. In the example:

      [[places]]
      college = "north-1"
      choices = [ {{ TECH = 2 }} ]   # 3 groups today

      [[places]]
      college = "north-2"
      choices = [ {{ TECH = 3 }} ]   # 2 groups today

The ids of sources, centres and programmes are those of the catalogs. What a catalog says of a shared source or
centre is what the college has *by itself*; in the national plan the network's own money and hours stand in its
stead. All else of a catalog stays the college's own.

`catalog` is a path from the folder of `network.toml`, with `/` or `\\`, to a folder or an `.xlsx` workbook in
that folder. Paths of other folders, of drives and of other computers are refused, and links that lead there: a
network is moved as one folder. The catalogs may extend each other ([extends](extends.md)). Ids of colleges name
files of results, so that those which Windows does not take for a file (`con`, `aux`) are refused, and ids that
differ in case only.

## Tables beside it

Where rows are many, they stand as tables: CSV files of these names beside `network.toml` (`colleges.csv`), or
sheets of these names in a workbook `network.xlsx`. Rows of the file and of the tables count together. All that
[the catalog format](catalog-format.md#what-is-understood) says is understood there: encodings and separators,
headers in Kazakh, Russian or English ("Колледждер", "Колледжи"), decimal commas, units, totals. So are values
in `network.toml` that are written as text: `floor = "60 %"`.
"""  # noqa: E501


def format_page() -> str:
    """Return the text of the page."""
    example = (bundled_root() / EXAMPLE_NETWORK / NETWORK_FILE).read_text(encoding="utf-8")
    return "\n".join([INTRODUCTION.format(example=example, choices=MOST_CHOICES), *_tables()])


def _tables() -> Iterator[str]:
    for record in NETWORK_RECORDS:
        is_head = record is NetworkHead
        yield "## Above the tables of network.toml\n" if is_head else f"## {record.table}\n"
        if not is_head:
            yield f"One row is {record.summary}. Key: {', '.join(f'`{name}`' for name in record.key)}.\n"
        yield from columns_of(record)
        yield ""


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(format_page())
