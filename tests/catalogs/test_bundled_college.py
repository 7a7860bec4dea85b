"""What an expert of vocational education looks for in the bundled college, read from its CSV files alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from catalogs.test_bundled_facts import (
    COLLEGE,
    KINDS,
    QUALIFICATIONS,
    Row,
    headers,
    hours,
    ids,
    levels_of,
    reachable,
    table,
)

AFTER_GRADE_11 = "DT"


def modules() -> dict[str, Row]:
    return {row["id"]: row for row in table(COLLEGE, "modules")}


def offered(programme: str) -> list[Row]:
    return [
        row
        for row in table(COLLEGE, "programme_modules")
        if row["programme"] == programme and row["status"] != "forbidden"
    ]


def current(programme: str) -> list[Row]:
    return [row for row in offered(programme) if row["current_term"]]


def credits_of(programme: str, section: str) -> float:
    known = modules()
    rows = [known[row["module"]] for row in current(programme)]
    return sum(float(row["credits"]) for row in rows if row["section"] == section)


# ---------------------------------------------------------------- what is taught


@pytest.mark.parametrize("programme", QUALIFICATIONS)
def test_general_education_and_basic_modules_stand_by_name(programme: str) -> None:
    """57 credits of subjects in the first year (none after grade 11), 16 of basic modules, all mandatory."""
    assert not table(COLLEGE, "programme_fixed_hours")
    known = modules()
    general = [row for row in current(programme) if known[row["module"]]["section"] == "general"]
    assert credits_of(programme, "general") == (0 if programme == AFTER_GRADE_11 else 57)
    assert credits_of(programme, "basic") == 16
    assert {row["current_term"] for row in general} <= {"1"}
    assert {known[row["module"]]["span_terms"] for row in general} <= {"2"}
    for row in current(programme):
        if known[row["module"]]["section"] in ("general", "basic"):
            assert row["status"] == "mandatory", row


def test_languages_of_teaching_decide_which_languages_are_subjects() -> None:
    """Where Kazakh is spoken, Russian language and literature are one subject, and the other way round."""
    kazakh, russian = {"GE01", "GE02", "GE03"}, {"GE01R", "GE02R", "GE03R"}
    for row in table(COLLEGE, "programmes"):
        if row["entry_base"] == "grade9":
            taught = {one["module"] for one in current(row["id"])}
            assert taught & (kazakh | russian) == (kazakh if row["language"] == "kk" else russian), row["id"]
    assert {row["language"] for row in table(COLLEGE, "programmes")} == {"kk", "ru"}


def test_every_professional_module_is_split_into_outcomes() -> None:
    """No learning outcome stands without its module, and no module of today's curricula has only one."""
    known = modules()
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in known.values():
        if row["section"] == "professional" and row["id"] not in headers(COLLEGE):
            assert row["parent"], row["id"]
            groups[row["parent"]].append(row["id"])
    assert all(len(rows) >= 2 for rows in groups.values()), groups


@pytest.mark.parametrize("programme", QUALIFICATIONS)
def test_professional_modules_wait_for_the_terms_in_which_the_college_teaches_them(programme: str) -> None:
    known = modules()
    first = min(
        int(row["current_term"])
        for row in current(programme)
        if known[row["module"]]["section"] == "professional"
    )
    for row in offered(programme):
        if known[row["module"]]["section"] == "professional":
            terms = row["pinned_term"] or row["allowed_terms"]
            assert min(int(term) for term in terms.split(";")) >= first, row


@pytest.mark.parametrize("programme", QUALIFICATIONS)
def test_todays_curricula_follow_their_own_order(programme: str) -> None:
    """What a row of today requires stands before it: in an earlier term, or earlier in the same term."""
    known = modules()
    place = {row["module"]: (int(row["current_term"]), int(row["position"])) for row in current(programme)}
    rows = [row for row in table(COLLEGE, "module_requisites") if row["module"] in place]
    for row in rows:
        if not row["any_of"]:
            assert place[row["requires"]] < place[row["module"]], row
    followed = {(row["module"], row["requires"]) for row in rows}
    by_parent: defaultdict[str, list[str]] = defaultdict(list)
    for name in known:
        if name in place and known[name]["parent"] and known[name]["section"] == "professional":
            by_parent[known[name]["parent"]].append(name)
    for outcomes in by_parent.values():
        for earlier, later in pairwise(outcomes):
            assert (later, earlier) in followed or place[earlier] < place[later], (earlier, later)
    practices = {name for name in place if known[name]["section"] == "practice"}
    assert practices <= {row["module"] for row in rows}  # each comes after what it serves
    last = max(place.values())
    assert {name for name, at in place.items() if at == last} <= practices


# ---------------------------------------------------------------- rooms and teachers


def test_all_theory_has_teachers_and_all_practical_work_rooms_and_teachers() -> None:
    """The shares of the kinds sum to 1; practice outside has a place, and a supervisor for a part of it."""
    known = modules()
    share: Counter[tuple[str, str, bool]] = Counter()
    for row in table(COLLEGE, "module_resources"):
        teacher = row["resource_kind"].startswith("teacher-")
        share[row["module"], row["hours_kind"], teacher] += round(1000 * float(row["hours_share"]))
    for name in {row["module"] for row in table(COLLEGE, "programme_modules")} - {"CHO-TXT.1", "CHO-TXT.2"}:
        for kind in KINDS[:4]:
            if not float(known[name][f"{kind}_hours"]):
                continue
            if kind != "theory":
                assert share[name, kind, False] == 1000, (name, kind)
            if kind != "professional_practice":
                assert share[name, kind, True] == 1000, (name, kind)
            else:
                assert share[name, kind, True] == 100, (name, kind)


# ---------------------------------------------------------------- within reach


def wanted(programme: str, competency: str) -> int:
    """Return the highest level of a competency that the occupations of a programme need."""
    targets = {row["occupation"] for row in table(COLLEGE, "targets") if row["programme"] == programme}
    return max(
        (
            int(row["level"])
            for row in table(COLLEGE, "occupation_requirements")
            if row["occupation"] in targets and row["competency"] == competency
        ),
        default=0,
    )


@pytest.mark.parametrize("programme", table(COLLEGE, "programmes"), ids=lambda row: row["id"])
def test_artificial_intelligence_basics_are_within_reach_of_whoever_needs_them(programme: Row) -> None:
    assert wanted(programme["id"], "AIUSE") >= 2
    assert reachable(COLLEGE, programme)["AIUSE"] >= min(3, wanted(programme["id"], "AIUSE"))


def test_payment_security_is_within_reach_of_the_accountants() -> None:
    (accountants,) = (row for row in table(COLLEGE, "programmes") if row["id"] == "ACC")
    assert wanted("ACC", "PAYSEC") == 4
    assert reachable(COLLEGE, accountants)["PAYSEC"] >= 4


def test_the_new_professions_are_targets_and_their_essentials_are_taught() -> None:
    """Data analysis, data processing and public policy, which the fourth challenge names."""
    named = {
        "data-analyst": ("2511", "d3edb8f8-3a06-47a0-8fb9-9b212c006aa2"),
        "data-entry-supervisor": ("3341", "af355ac4-dd89-44df-99a6-bba70202d6fe"),
        "policy-officer": ("2422", "caf7b8fb-b2d6-46b7-bffa-bea7f8e4aed8"),
    }
    known = {row["id"]: row for row in table(COLLEGE, "occupations")}
    for name, (isco08, uri) in named.items():
        assert known[name]["isco08"] == isco08
        assert known[name]["uri"] == f"http://data.europa.eu/esco/occupation/{uri}"
    targets = {row["occupation"] for row in table(COLLEGE, "targets") if row["programme"] == "DT"}
    assert set(named) <= targets
    (programme,) = (row for row in table(COLLEGE, "programmes") if row["id"] == "DT")
    held = reachable(COLLEGE, programme)
    for row in table(COLLEGE, "occupation_requirements"):
        if row["occupation"] in targets and row["essential"] == "yes":
            assert held.get(row["competency"], 0) >= int(row["level"]), row


def test_whatever_is_taught_today_lasts_whole_steps_of_credits() -> None:
    """A module that spans terms has half or whole credits in each of them."""
    for row in table(COLLEGE, "modules"):
        span = int(row["span_terms"] or 1)
        weights = [float(part) for part in row["span_weights"].split(";")] if row["span_weights"] else []
        for part in weights or [1 / span] * span:
            if row["id"] not in headers(COLLEGE):
                steps = 2 * part * float(row["credits"])
                assert steps == pytest.approx(round(steps)), row["id"]
                assert hours(row) == 24 * float(row["credits"])


def test_outcomes_of_one_competency_rise_from_row_to_row() -> None:
    """Within a module of today's curricula a later outcome never teaches less than an earlier one."""
    known = modules()
    taught = {(row["module"], row["competency"]): levels_of(row) for row in table(COLLEGE, "module_outcomes")}
    today = {row["module"] for name in ids(COLLEGE, "programmes") for row in current(name)}
    for name in sorted(headers(COLLEGE)):
        outcomes = [row["id"] for row in known.values() if row["parent"] == name and row["id"] in today]
        best: dict[str, int] = {}
        for outcome in outcomes:
            for (module, competency), (entry, level) in taught.items():
                if module == outcome:
                    if competency in best:
                        assert entry >= best[competency], (outcome, competency)
                    best[competency] = level
