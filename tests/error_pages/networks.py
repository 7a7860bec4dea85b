"""Broken networks: the smallest ``network.toml`` of each code, and what its catalogs have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from curriplan.base.errors import Issue, errors_in
from curriplan.catalog.network.against import issues_against
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.read import find_network
from error_pages.example import Example, Seen, Stage, command

HEAD = 'schema = 1\nname_kk = "Ж"\nname_ru = "С"\nname_en = "N"\n'
NAMES = 'name_kk = "С"\nname_ru = "С"\nname_en = "N"\n'
REGION = f'[[regions]]\nid = "north"\n{NAMES}'
COLLEGE = '[[colleges]]\nid = "a"\ncatalog = "a"\nregion = "north"\n'
OTHER = '[[colleges]]\nid = "b"\ncatalog = "b"\nregion = "north"\n'
BUDGET = '[[budgets]]\nsource = "STATE"\nyears = { 2027 = 900, 2028 = 900 }\n'
CENTRE = f'[[centres]]\nid = "LAB"\n{NAMES}hours = {{ "2027-1" = 90, "2027-2" = 90 }}\n'
BASE = HEAD + REGION + COLLEGE + BUDGET
FACTS = CollegeFacts(
    college="a",
    catalog_sha256="a" * 64,
    sources=("COLLEGE", "STATE"),
    resources={"LAB": "laboratory", "LAB-1": "laboratory"},
    used=("LAB", "LAB-1"),
    groups={"SD": 3, "WD": 2},
    learners=125,
    years=(2027, 2028),
    semesters=("2027-1", "2027-2"),
)
"""What the catalog of the college ``a`` has."""


@dataclass(frozen=True)
class Broken:
    """A network that raises one code.

    Parameters
    ----------
    text : str
        Its ``network.toml``.
    shown : str
        The part of it that is wrong.
    files : mapping of str to str
        What else lies in its folder.
    facts : tuple of CollegeFacts
        Of the catalogs that could be read.
    """

    code: str
    caption: str
    text: str
    shown: str
    files: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[CollegeFacts, ...] = ()

    def issues(self, stage: Stage) -> tuple[Issue, ...]:
        """Return all that is said of it."""
        folder = stage.folder / "net"
        for name in ("a", "b"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, text in {"network.toml": self.text, **self.files}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        found = find_network("net")
        assert found.network is not None
        whole = not errors_in(found.issues)
        return (*found.issues, *issues_against(found.network, self.facts, whole=whole))

    def run(self, stage: Stage) -> Seen:
        """Read it, and show what is said of its code."""
        issues = self.issues(stage)
        lines = [issue.line() for issue in issues if issue.code == self.code]
        assert lines, f"{self.text}\ndoes not raise {self.code}, but {[one.line() for one in issues]}"
        files = [f"`net/{name}`:\n```text\n{text}```" for name, text in self.files.items()]
        shown = "\n".join([f"In `net/network.toml`:\n```toml\n{self.shown}```", *files])
        return Seen("\n".join(lines), 3 if errors_in(issues) else 0, shown, issues=issues)


def _added(code: str, caption: str, text: str, *facts: CollegeFacts) -> Broken:
    """Return the small network with something added."""
    return Broken(code, caption, BASE + text, text, facts=facts)


def _choices(listed: str) -> str:
    return f'[[places]]\ncollege = "a"\nchoices = [{listed}]\n'


MANY = ", ".join(f"{{ SD = {number} }}" for number in range(1, 22))
OF_CHOICES = "college,choice,programme,groups\na,1,SD,4\na,3,SD,2\n"

BROKEN = (
    _added("network-unknown-key", "a key is misspelt", '[[place]]\ncollege = "a"\n'),
    _added(
        "network-wrong-value", "money by year is a list", '[[budgets]]\nsource = "COLLEGE"\nyears = [900]\n'
    ),
    _added("network-budget-empty", "a budget says no amount", '[[budgets]]\nsource = "COLLEGE"\n'),
    _added("network-choice-empty", "a choice names no programme", _choices("{}")),
    Broken("network-without-colleges", "there are only regions", HEAD + REGION, REGION),
    Broken(
        "network-unknown-table",
        "a table beside the file has a name of its own",
        BASE,
        "",
        {"money.csv": "source,year\n"},
    ),
    Broken(
        "network-catalog-outside",
        "the catalog of a college lies elsewhere",
        HEAD + REGION + COLLEGE.replace('catalog = "a"', 'catalog = "../a"'),
        'catalog = "../a"\n',
    ),
    Broken(
        "network-catalog-missing",
        "the path of a catalog is misspelt",
        HEAD + REGION + COLLEGE.replace('catalog = "a"', 'catalog = "aa"'),
        'catalog = "aa"\n',
        {"a/catalog.toml": 'id = "a"\n'},
    ),
    Broken(
        "network-catalog-unnamed",
        "a catalog in the folder is of no college",
        BASE,
        COLLEGE,
        {"b/catalog.toml": 'id = "b"\n'},
    ),
    Broken(
        "network-id-no-file-name",
        "a college is called as a device of Windows",
        HEAD + REGION + COLLEGE.replace('id = "a"', 'id = "con"'),
        'id = "con"\n',
    ),
    _added(
        "network-without-names", "a centre has no name", '[[centres]]\nid = "LAB"\nhours = {"2027-1" = 9}\n'
    ),
    _added("network-region-empty", "nobody is in a region", f'[[regions]]\nid = "south"\n{NAMES}'),
    _added("network-centre-without-hours", "a centre has no hours", f'[[centres]]\nid = "LAB"\n{NAMES}'),
    _added(
        "network-total-idle",
        "all years together are less than the total",
        '[[budgets]]\nsource = "COLLEGE"\nyears = { 2027 = 900 }\ntotal_kzt = 1800\n',
    ),
    _added("network-too-many-choices", "21 choices are listed", _choices(MANY)),
    Broken(
        "network-choices-not-counted", "choice 2 is left out", BASE, "", {"group_choices.csv": OF_CHOICES}
    ),
    _added("network-choice-twice", "a choice is listed twice", _choices("{ SD = 4 }, { SD = 4 }")),
    _added(
        "network-id-nowhere",
        "no catalog has the source",
        '[[budgets]]\nsource = "STAT"\nyears = { 2027 = 900 }\n',
        FACTS,
    ),
    Broken(
        "network-id-unseen",
        "no catalog has the source, and one could not be read",
        BASE.replace('"STATE"', '"STAT"') + OTHER,
        BUDGET.replace('"STATE"', '"STAT"'),
        facts=(FACTS,),
    ),
    _added("network-centre-unused", "no module needs the centre", CENTRE, replace(FACTS, used=())),
    Broken(
        "network-centre-alike",
        "a college calls the centre otherwise",
        BASE + OTHER + CENTRE,
        CENTRE,
        facts=(FACTS, replace(FACTS, college="b", catalog_sha256="b" * 64, resources={"LAB1": "laboratory"})),
    ),
    _added(
        "network-money-unlike",
        "the ministry wrote thousands of tenge",
        '[[budgets]]\nsource = "COLLEGE"\nyears = { 2027 = 1500, 2028 = 900 }\n',
        replace(FACTS, own_kzt={"COLLEGE": 1_200_000}),
    ),
    _added(
        "network-times-idle",
        "a year is too late",
        '[[budgets]]\nsource = "COLLEGE"\nyears = { 2027 = 9, 2028 = 9, 2029 = 9 }\n',
        FACTS,
    ),
    _added(
        "network-times-unnamed",
        "a year is left out",
        '[[budgets]]\nsource = "COLLEGE"\nyears = { 2027 = 9 }\n',
        FACTS,
    ),
    _added(
        "network-region-years-unnamed",
        "a year of a region is left out",
        '[[budgets]]\nsource = "STATE"\nregion = "north"\nyears = { 2027 = 9 }\n',
        FACTS,
    ),
    _added(
        "network-college-shares-nothing",
        "a catalog has no shared source",
        OTHER,
        FACTS,
        replace(FACTS, college="b", catalog_sha256="b" * 64, sources=("COLLEGE",)),
    ),
    _added("network-catalogs-same", "a catalog is given twice", OTHER, FACTS, replace(FACTS, college="b")),
    Broken(
        "network-shared-elsewhere",
        "a source is shared in one of two regions",
        HEAD
        + REGION
        + REGION.replace("north", "south")
        + COLLEGE
        + OTHER.replace("north", "south")
        + BUDGET
        + 'region = "north"\n',
        BUDGET + 'region = "north"\n',
        facts=(FACTS, replace(FACTS, college="b", catalog_sha256="b" * 64)),
    ),
    _added("network-choice-programme", "no programme is called so", _choices("{ SB = 4 }"), FACTS),
    _added("network-choice-far", "a choice doubles the groups", _choices("{ SD = 6 }"), FACTS),
    _added("network-choice-today", "a choice is as today", _choices("{ SD = 3, WD = 2 }"), FACTS),
    _added("network-choice-unbalanced", "one more group in a region of one", _choices("{ SD = 4 }"), FACTS),
)

NETWORKS = (
    *(Example(one.code, one.caption, one.run) for one in BROKEN),
    command(
        "network-not-found",
        "a folder of catalogs lacks the file",
        "check .",
        lambda stage: stage.college(),
    ),
)
