"""Charts: where they lie, what they refer to, what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from curriplan.catalog.records import Catalog
from curriplan.plan.comparison import compare_plans
from curriplan.plan.frontier import Frontier, FrontierPoint
from curriplan.plan.plan import Selection
from curriplan.problem.problem import find_gaps
from curriplan.report.comparison import write_comparison_workbook
from curriplan.report.frontier import write_frontier_workbook
from curriplan.report.gaps import write_gap_workbook
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.styles import SERIES
from functional.report.drawn import (
    NAMES,
    Drawn,
    cells_of,
    charts_of,
    faults_of_place,
    heights,
    opened,
    printed_points,
    references,
)
from functional.report.workbooks import differences, formulas, values
from unit.report.rich import rich_view
from unit.report.sample import sample_catalog, sample_view
from workbooks.office import recalculated

LONG = " with a name that goes on and on, as official names of qualifications and enterprises often do"
MANY = 40

POINTS = (
    FrontierPoint(1_000_000, "infeasible"),
    FrontierPoint(1_500_000, "optimal", 0.5, 1_400_000, 0.4, 3, 4, 0.0),
    FrontierPoint(2_000_000, "feasible", 0.7, 1_900_000, 0.5, 4, 6, 0.01, is_current=True),
    FrontierPoint(2_500_000, "no_plan"),
    FrontierPoint(3_000_000, "optimal", 0.75, 2_800_000, 0.5, 5, 7, 0.0),
)


def many_programmes() -> Catalog:
    """Return the sample with programme A forty times, every name very long."""
    catalog = sample_catalog()
    tables: dict[str, Any] = {}
    for name in ("programmes", "programme_terms", "programme_fixed_hours", "programme_modules", "targets"):
        key = "id" if name == "programmes" else "programme"
        rows = [row for row in catalog.table(name) if getattr(row, key) == "A"]
        tables[name] = tuple(
            row.model_copy(update={key: f"P{number:02}"}) for number in range(1, MANY + 1) for row in rows
        )
    for name in ("programmes", "occupations", "competencies", "funding_sources"):
        rows = tables.get(name, catalog.table(name))
        tables[name] = tuple(
            row.model_copy(update={f"name_{code}": getattr(row, f"name_{code}") + LONG for code in LANGUAGES})
            for row in rows
        )
    areas = tuple(row.model_copy(update={"area": f"{row.id}{LONG}"}) for row in tables["competencies"])
    return catalog.replace(**tables | {"competencies": areas, "baseline": ()})


def plan_workbook(view: PlanView, language: str) -> bytes:
    target = BytesIO()
    write_plan_workbook(view, target, language)
    return target.getvalue()


def gap_workbook(language: str) -> bytes:
    view, target = sample_view(), BytesIO()
    write_gap_workbook(view.catalog, view.limits, find_gaps(view.problem), target, language)
    return target.getvalue()


def frontier_workbook(language: str) -> bytes:
    target = BytesIO()
    write_frontier_workbook(sample_catalog(), Frontier(POINTS, 0.2, 9, 1_200_000), target, language)
    return target.getvalue()


def comparison_workbook(language: str) -> bytes:
    one, other = sample_view().plan, sample_view(selection=Selection(())).plan
    target = BytesIO()
    write_comparison_workbook(sample_catalog(), compare_plans(one, other), target, language)
    return target.getvalue()


WRITERS: dict[str, Callable[[str], bytes]] = {
    "sample": lambda language: plan_workbook(sample_view(), language),
    "rich": lambda language: plan_workbook(rich_view(), language),
    "many": lambda language: plan_workbook(sample_view(many_programmes(), Selection(())), language),
    "gaps": gap_workbook,
    "frontier": frontier_workbook,
    "comparison": comparison_workbook,
}
CHARTS = {
    "sample": ["programmes", "budget", "gaps", "occupations"],
    "rich": ["programmes", "budget", "gaps", "occupations"],
    "many": ["programmes", "gaps", "occupations"],  # nothing is added, so nothing is paid
    "gaps": ["gaps"],
    "frontier": ["frontier"],
    "comparison": ["compare_measures"],
}


@cache
def written(name: str, language: str) -> bytes:
    return WRITERS[name](language)


CASES = [(one, code) for one in WRITERS for code in LANGUAGES if one != "many" or code == "en"]
EVERY = pytest.mark.parametrize(("name", "language"), CASES)


@EVERY
def test_each_workbook_has_its_charts(name: str, language: str) -> None:
    texts = Words(language)
    expected = [texts(f"sheet.{sheet}") for sheet in CHARTS[name]]
    assert [drawn.sheet for drawn in charts_of(written(name, language))] == expected


@EVERY
def test_charts_lie_on_empty_cells_of_one_page(name: str, language: str) -> None:
    data = written(name, language)
    assert faults_of_place(data) == []
    for drawn in charts_of(data):
        high = heights(data, drawn.sheet)
        # Every row below a chart has a height of its own, and a page holds them all.
        assert sum(high[row] for row in range(drawn.rows[0], drawn.rows[1] + 1)) < printed_points(
            data, drawn.sheet
        )


def test_a_chart_in_a_wrong_place_would_be_found() -> None:
    """Two charts on each other, over a text, across the end of a page, beyond the columns."""
    book = xlsxwriter.Workbook(target := BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet("S")
    sheet.write(5, 1, "covered")
    sheet.set_h_pagebreaks([4])
    for row in (0, 3):
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=S!$A$1:$A$2"})
        sheet.insert_chart(row, 0, chart)
    book.close()
    assert faults_of_place(target.getvalue()) == [
        "S: two charts overlap",
        "S: B6 lies below a chart",
        "S: a page ends in row 4, within a chart",
        "S: a chart makes the page wider",
        "S: B6 lies below a chart",
        "S: a page ends in row 4, within a chart",
        "S: a chart makes the page wider",
    ]


@EVERY
def test_references_hold_what_the_cells_hold(name: str, language: str) -> None:
    """Previews draw a chart from its caches, so they must say what the cells say."""
    data = written(name, language)
    book = opened(data)
    for drawn in charts_of(data):
        found = list(references(drawn))
        assert len(found) >= 4
        for reference, cached in found:
            cells = cells_of(book, reference)
            assert len(cached) == len(cells), reference
            for value, text in zip(cells, cached, strict=True):
                if value is None:
                    assert text is None, reference
                elif isinstance(value, str):
                    # A dash among numbers is drawn as nothing.
                    assert text == (None if value == "–" else value), reference
                else:
                    assert text is not None and float(text) == pytest.approx(value), reference


@EVERY
def test_charts_follow_formulas(name: str, language: str) -> None:
    """Titles are formulas; the values are cells that are computed, or the rows of a table."""
    data = written(name, language)
    live = formulas(data)
    for drawn in charts_of(data):
        (title,) = drawn.all("c:chart/c:title/c:tx/c:strRef/c:f")
        sheet, _, cell = (title.text or "").rpartition("!")
        assert (sheet.strip("'"), cell.replace("$", "")) in live


@EVERY
def test_charts_say_what_they_show(name: str, language: str) -> None:
    letters = {"kk": "[а-яәғқңөұүһі]{3}", "ru": "[а-я]{3}", "en": "[a-z]{3}"}[language]
    for drawn in charts_of(written(name, language)):
        titles = [drawn.title, *drawn.axis_titles]
        assert len(titles) == 3
        assert all(re.search(letters, title.casefold()) for title in titles), titles
        assert not [
            one
            for one in drawn.all(".//c:overlay")
            if one.attrib.get("val", "1") == "1" and _is_title(drawn, one)
        ]
        assert not [one for one in drawn.all(".//c:smooth") if one.attrib.get("val", "1") == "1"]


def _is_title(drawn: Drawn, overlay: Any) -> bool:
    return any(overlay in list(title) for title in drawn.all(".//c:title"))


@EVERY
def test_axes_and_colours_are_said(name: str, language: str) -> None:
    for drawn in charts_of(written(name, language)):
        for axis in drawn.all(".//c:valAx"):
            low, high, step = (
                float(axis.find(path, NAMES).attrib["val"])  # type: ignore[union-attr]
                for path in ("c:scaling/c:min", "c:scaling/c:max", "c:majorUnit")
            )
            assert low < high and 1 <= (high - low) / step <= 12
            assert axis.find("c:numFmt", NAMES) is not None
        for series in drawn.all(".//c:ser"):
            assert (
                series.find("c:spPr//a:srgbClr", NAMES) is not None
                or series.find("c:marker/c:spPr//a:srgbClr", NAMES) is not None
            )


def shown(drawn: Drawn) -> list[float]:
    """Return the largest value of each place, or of stacked columns their sums."""
    columns: dict[str, list[float]] = {}
    for series in drawn.all(".//c:ser"):
        for point in [*series.findall("c:val//c:pt", NAMES), *series.findall("c:yVal//c:pt", NAMES)]:
            columns.setdefault(point.attrib["idx"], []).append(float(point.findtext("c:v", "0", NAMES)))
    stacked = drawn.xml.find(".//c:grouping[@val='stacked']", NAMES) is not None
    return [sum(one) if stacked else max(one) for one in columns.values()]


@EVERY
def test_no_value_leaves_its_axis(name: str, language: str) -> None:
    for drawn in charts_of(written(name, language)):
        axis = drawn.all(".//c:valAx")[-1]
        high = axis.find("c:scaling/c:max", NAMES)
        assert high is not None
        assert max(shown(drawn)) <= float(high.attrib["val"])


def chart_of(name: str, sheet: str, language: str = "en") -> Drawn:
    (found,) = (
        one for one in charts_of(written(name, language)) if one.sheet == Words(language)(f"sheet.{sheet}")
    )
    return found


def drawn_values(drawn: Drawn) -> dict[str, list[float]]:
    """Return the values of each series by its name."""
    found = {}
    for series in drawn.all(".//c:ser"):
        name = series.findtext("c:tx//c:v", "", NAMES)
        found[name] = [float(point.text or 0) for point in series.findall("c:val//c:pt/c:v", NAMES)]
    return found


def test_the_hours_of_the_programmes_are_those_of_the_curricula() -> None:
    found = drawn_values(chart_of("sample", "programmes"))
    # Term 1: A 48 fixed + M1 36 theory and 36 practical, B M1; term 2: A M2 12 and 36 (see sample.py).
    assert found["Theory"] == [48 + 36 + 36, 12]
    assert found["Lab and practical"] == [36 + 36, 36]
    assert found["Production training and practice"] == [0, 0]
    assert found["Self-study"] == [0, 0]
    # 72 + 36 of 120 + 72 + 12 + 36 hours: no share, which would have another denominator than the norm's.
    assert chart_of("sample", "programmes").title == (
        "108 of 240 hours, general education included, are practical training"
    )


def test_closure_by_area_is_that_of_the_evaluation() -> None:
    """Steps weighed as the objective weighs them: weight of the programme, share of its gap."""
    view = sample_view()
    weights = {one.programme: one.weight for one in view.after.programmes}
    worth: dict[str, float] = {}
    left: dict[str, float] = {}
    for name, gaps in view.problem.gaps.items():
        levels = view.after.levels_after[name]
        for step in gaps.steps:
            area = "DigComp 3.0" if step.competency == "C1" else "ESCO"
            part = weights[name] * step.weight / gaps.total_weight
            worth[area] = worth.get(area, 0.0) + part
            left[area] = left.get(area, 0.0) + part * (step.level > levels.get(step.competency, 0))
    expected = {area: 1 - left[area] / worth[area] for area in worth}
    drawn = chart_of("sample", "gaps")
    areas = [point.text for point in drawn.all(".//c:ser")[0].findall("c:cat//c:v", NAMES)]
    found = dict(zip(areas, drawn_values(drawn)["Gap closed by plan"], strict=True))
    assert found == pytest.approx(expected)
    whole = view.after.objectives["closure"]
    sure = view.figures.if_estimates_err.plan
    assert sure.closure_low is not None and sure.closure_high is not None
    shown = f"{100 * sure.closure_low:.1f}–{sure.closure_high:.1%}"
    assert drawn.title.endswith(f"all areas together – {whole:.1%} (if estimates err: {shown})")


def test_one_area_is_compared_with_nothing() -> None:
    catalog = sample_catalog()
    alike = tuple(row.model_copy(update={"area": "information"}) for row in catalog.competencies)
    said = {}
    for name, view in (("two", sample_view()), ("one", sample_view(catalog.replace(competencies=alike)))):
        target = BytesIO()
        write_plan_workbook(view, target, "en")
        said[name] = {value for (sheet, _), value in values(target.getvalue()).items() if sheet == "Gaps"}
    heading = Words("en")("heading.areas")
    assert heading in said["two"]
    assert heading not in said["one"]


def test_long_names_are_short_in_charts_and_rows_are_limited_with_a_note() -> None:
    data = written("many", "en")
    drawn = chart_of("many", "occupations")
    labels = [point.text or "" for point in drawn.all(".//c:ser")[0].findall("c:cat//c:v", NAMES)]
    assert 5 <= len(labels) < MANY
    assert all(len(label) <= 50 and label.endswith("…") for label in labels)
    assert f"The chart shows {len(labels)} of {MANY} rows." in values(data).values()


def test_each_point_of_the_frontier_is_labelled_and_the_present_budget_marked() -> None:
    drawn = chart_of("frontier", "frontier")
    line, *points = drawn.all(".//c:ser")
    assert line.find("c:dLbls", NAMES) is None
    names = [point.findtext("c:tx//c:v", "", NAMES) for point in points]
    assert names == ["50%", "present budget: 70%", "75%"]
    assert all(point.find("c:dLbls/c:showSerName[@val='1']", NAMES) is not None for point in points)
    assert [float(point.findtext("c:xVal//c:v", "", NAMES)) for point in points] == [1.5e6, 2e6, 3e6]
    colours = [point.find("c:marker/c:spPr//a:srgbClr", NAMES).attrib["val"] for point in points]  # type: ignore[union-attr]
    assert colours == [SERIES[0][1:], SERIES[1][1:], SERIES[0][1:]]
    assert (
        drawn.title
        == "The present budget (2 million KZT) closes 70% of the gap, the largest of the table 75%"
    )


def test_a_frontier_without_any_plan_has_no_chart() -> None:
    target = BytesIO()
    write_frontier_workbook(sample_catalog(), Frontier(POINTS[:1], 0.2, 9), target, "ru")
    assert charts_of(target.getvalue()) == []


def test_money_of_many_sources_and_years_is_gathered() -> None:
    """Ten payers in nine years: six colours, five columns of years; the sums stay whole."""
    view = rich_view()
    (first, *_) = view.plan.payments
    payments = tuple(
        replace(first, source=f"S{number}", year=2026 + year, kzt=1_000 * (number + 1) + year)
        for number in range(10)
        for year in range(9)
    )
    data = plan_workbook(replace(view, plan=replace(view.plan, payments=payments)), "en")
    (drawn,) = (one for one in charts_of(data) if one.sheet == "Budget")
    found = drawn_values(drawn)
    assert list(found) == ["S9", "S8", "S7", "S6", "S5", "Other sources"]
    years = [point.text for point in drawn.all(".//c:ser")[0].findall("c:cat//c:v", NAMES)]
    assert years == ["2026", "2027", "2028", "2029", "2030+"]
    assert sum(map(sum, found.values())) == sum(one.kzt for one in payments)
    assert faults_of_place(data) == []


@pytest.mark.parametrize("name", ["many", "frontier", "comparison"])
def test_libreoffice_computes_the_cells_of_the_charts(name: str) -> None:
    data = written(name, "en")
    assert differences(values(data), recalculated(data), formulas(data)) == {}
