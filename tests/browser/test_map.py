"""The map in a real browser, opened as a file: what a reader does and sees, without any network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.browser import Browser, browser
from curriplan import read_catalog
from curriplan.api.map import map_source
from curriplan.catalog.records import Catalog, CatalogInfo, Competency, Occupation, OccupationRequirement
from curriplan.report.map.data import MOST_DRAWN, MapSource
from curriplan.report.map.page import map_html
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words

HOSTILE = "</script><script>window.ran=1</script><img src=x onerror=window.ran=2>{0}javascript:window.ran=3"
ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture(autouse=True)
def quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does, nothing stands on the console, and only the file itself was asked for."""
    page: Browser = request.getfixturevalue("page")
    yield
    assert page.complaints() == []
    assert {url.partition(":")[0] for url in page.requests()} == {"file"}
    assert page.run("return performance.getEntriesByType('resource').map((one) => one.name)") == []


def written(folder: Path, source: MapSource, language: str = "en") -> Path:
    path = folder / "Карта & map #1.html"
    path.write_text(map_html(source, language), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def with_plan(once: Any) -> MapSource:
    import curriplan

    result = once("mini plan", lambda: curriplan.optimize("mini"))
    return MapSource(result.problem, result.plan.selection)


def number_of(page: Browser, name: str) -> int:
    """Return the number of the module, competency or occupation of an id."""
    script = "return JSON.parse(document.getElementById('data').textContent).nodes.findIndex("
    found: int = page.run(f"{script}(one) => one.id === arguments[0])", name)
    return found


def node(page: Browser, name: str) -> str:
    return f'[data-node="{number_of(page, name)}"]'


def listed(page: Browser, name: str) -> list[str]:
    return page.texts(f'#panel [data-list="{name}"] li')


def test_a_click_shows_what_a_module_needs_gives_and_closes(
    page: Browser, with_plan: MapSource, tmp_path: Path
) -> None:
    """SEC2 of mini: after SEC1, from level 3 to 4 of SEC, of which its occupation asks for 4 (its files)."""
    page.open(written(tmp_path, with_plan))
    catalog = with_plan.catalog
    row = catalog.module_requisites[0]
    (taught,) = catalog.outcomes_by_module[row.module]
    labels = {one.id: one.name("en") for one in (*catalog.modules, *catalog.competencies)}
    page.click(node(page, row.module))
    (needed, *_) = listed(page, "needs")
    assert needed.startswith(labels[row.requires])
    assert needed.endswith("prerequisite")
    (given,) = listed(page, "gives")
    assert given.startswith(labels[taught.competency])
    assert f"from level {taught.entry_level} to {taught.exit_level}" in given
    assert "estimate" in given
    asked = max(one.level for one in catalog.occupation_requirements if one.competency == taught.competency)
    (closed,) = listed(page, "closes")
    assert f"(asked: {asked})" in closed
    drawn = page.run(
        "return [...document.querySelectorAll('#canvas path.near')].map((one) => [+one.dataset.from, "
        "+one.dataset.to])"
    )
    assert drawn == [[number_of(page, row.requires), number_of(page, row.module)]]
    page.click("#panel [data-list='needs'] button")
    assert page.texts("#panel h2") == [labels[row.requires]]
    assert [one for one in listed(page, "needed_by") if one.startswith(labels[row.module])]
    page.press(ESCAPE)
    assert page.texts("#panel h2") == []


ENDS = """
    const zoom = Number(getComputedStyle(document.getElementById('canvas')).zoom);
    const box = document.getElementById('canvas').getBoundingClientRect();
    return [...document.querySelectorAll('#canvas path[data-from]')].flatMap((path) => {
      const ends = [[path.dataset.from, 0], [path.dataset.to, path.getTotalLength()]];
      return ends.map(([number, at]) => {
        const point = path.getPointAtLength(at);
        const one = document.querySelector(`[data-node="${number}"]`).getBoundingClientRect();
        const [x, y] = [point.x * zoom + box.left, point.y * zoom + box.top];
        return Math.max(Math.abs(y - (one.top + one.bottom) / 2),
          Math.min(Math.abs(x - one.left), Math.abs(x - one.right)));
      });
    });
    """
"""How far from its box each end of a line lies, in pixels."""


def test_lines_end_at_their_boxes(page: Browser, tmp_path: Path) -> None:
    """On a screen, and on paper, where the boxes are scaled and long columns stand side by side."""
    page.open(written(tmp_path, map_source(read_catalog("kz-digital-college").require())))
    assert len(page.run(ENDS)) > 20
    assert max(page.run(ENDS)) < 2
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run("return document.getElementById('canvas').getBoundingClientRect().width") < 1500
    assert page.run("return document.querySelectorAll('.many').length") > 0
    assert max(page.run(ENDS)) < 3
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert max(page.run(ENDS)) < 2


def test_the_switch_shows_what_the_plan_changes(page: Browser, with_plan: MapSource, tmp_path: Path) -> None:
    page.open(written(tmp_path, with_plan))
    assert with_plan.selection is not None
    added = {start.module for start in with_plan.selection.starts} - {"BASE"}
    current = {row.module for row in with_plan.catalog.programme_modules if row.current_term is not None}
    added -= current
    assert added
    shown = "return [...document.querySelectorAll('#canvas .node.added')].map((one) => +one.dataset.node)"
    assert set(page.run(shown)) == {number_of(page, name) for name in added}
    column = (
        "return document.querySelector(arguments[0]).closest('.column').firstChild.firstChild.textContent"
    )
    name = min(added)
    (term,) = (start.term for start in with_plan.selection.starts if start.module == name)
    assert page.run(column, node(page, name)) == f"Semester {term}"
    page.click("#switch [data-when='today']")
    assert page.run(shown) == []
    assert page.run(column, node(page, name)) == "Not taught today"
    assert page.texts("#switch [aria-pressed='true']") == ["Today"]


def test_search_finds_by_name_id_and_another_language(
    page: Browser, with_plan: MapSource, tmp_path: Path
) -> None:
    page.open(written(tmp_path, with_plan))
    for sought in ("phish", "drill phishing", "ТРЕНИРОВКА ПО РАСПОЗНАВАНИЮ", "Фишингке"):
        page.type("#search", sought)
        assert page.texts("#found button")[0].startswith("Phishing drill"), sought
        page.type("#search", ENTER)
        assert page.texts("#panel h2") == ["Phishing drill"], sought
        assert page.run("return document.activeElement.dataset.node") == str(number_of(page, "PHISH"))
        page.press(ESCAPE)
    page.type("#search", "nothing of the kind")
    assert page.texts("#found") == ["Nothing found"]
    page.type("#search", ESCAPE)
    assert page.run("return document.getElementById('found').hidden")


def test_the_keyboard_reaches_all(page: Browser, with_plan: MapSource, tmp_path: Path) -> None:
    """From the search field by Tab to the first boxes; Enter chooses, Escape takes the choice back."""
    page.open(written(tmp_path, with_plan))
    page.type("#search", TAB)
    for _ in range(6):
        if page.run("return document.activeElement.classList.contains('node')"):
            break
        page.press(TAB)
    reached = page.run("return document.activeElement.innerText").splitlines()[0]
    page.press(ENTER)
    assert page.texts("#panel h2") == [reached]
    page.press(ESCAPE)
    assert page.texts("#panel h2") == []
    assert page.run("return document.activeElement.innerText").splitlines()[0] == reached


def test_a_hostile_name_runs_nothing(page: Browser, tmp_path: Path) -> None:
    catalog = read_catalog("mini").require()
    tables = ("modules", "competencies", "occupations", "programmes")
    named = {
        name: tuple(row.model_copy(update={"name_en": HOSTILE}) for row in catalog.table(name))
        for name in tables
    }
    info = catalog.info.model_copy(update={"title_en": HOSTILE, "attribution": (HOSTILE,)})
    page.open(written(tmp_path, map_source(catalog.replace(info=info, **named))))
    page.click(node(page, "SEC2"))
    assert page.texts("#panel h2") == [HOSTILE]
    page.type("#search", "script")
    assert page.texts("#found button")
    assert page.run("return window.ran ?? null") is None
    assert page.run("return document.querySelectorAll('img, iframe, object, link').length") == 0
    assert page.run("return document.scripts.length") == 2


def wide_catalog(count: int) -> Catalog:
    """One occupation in the middle of a ring of competencies, and more occupations around it."""
    competencies = tuple(
        Competency(id=f"C{number:04}", name_en=f"ability {number}") for number in range(count)
    )
    occupations = tuple(Occupation(id=f"O{number}", name_en=f"job {number}") for number in range(3))
    needs = tuple(
        OccupationRequirement(
            occupation=f"O{number % 3}", competency=row.id, level=2, importance=1.0, essential=True
        )
        for number, row in enumerate(competencies)
    )
    info = CatalogInfo(schema=1, id="wide", classification=True)
    return Catalog(info, competencies=competencies, occupations=occupations, occupation_requirements=needs)


def test_of_a_large_graph_what_lies_around_the_chosen_node(page: Browser, tmp_path: Path) -> None:
    """1,200 abilities, each third of one job: 300 nodes are drawn, and all of them are about that job."""
    page.open(written(tmp_path, map_source(wide_catalog(1200))))
    drawn = (
        "return [...document.querySelectorAll('#canvas .node')].map((one) => one.innerText.split('\\n')[0])"
    )
    page.type("#search", "job 2")
    page.type("#search", ENTER)
    found = page.run(drawn)
    assert len(found) == MOST_DRAWN == 300
    assert "job 2" in found
    assert all(int(name.split()[1]) % 3 == 2 for name in found)
    (note,) = page.texts("#note")
    assert "300 of 1203" in note
    assert "“job 2”" in note
    page.click(node(page, "C0005"))
    assert listed(page, "asked_by")[0].startswith("job 2 – level 2, essential")
    assert page.texts("#panel h3") == ["Asked by"], "there is no programme of which no module teaches it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_fits_a_narrow_screen_in_its_language(
    page: Browser, with_plan: MapSource, language: str, tmp_path: Path
) -> None:
    """At 320 px the page itself never scrolls sideways, however long the words are."""
    long = tuple(
        row.model_copy(update={f"name_{language}": "Электроэнергетика" * 12})
        for row in with_plan.catalog.modules
    )
    info = with_plan.catalog.info.model_copy(update={f"title_{language}": "Политехникалық" * 9})
    catalog = with_plan.catalog.replace(modules=long, info=info)
    page.open(written(tmp_path, map_source(catalog), language))
    size = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.click(node(page, "SEC2"))
        root = "document.documentElement"
        assert page.run("return innerWidth") == 320
        assert page.run(f"return {root}.scrollWidth <= {root}.clientWidth")
        assert page.run("return document.documentElement.lang") == language
        assert Words(language, "map")("page.needs") in page.texts("#panel h3")
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
