"""What is demanded of every setting beside its declaration; `docs/add-a-setting.md` says in which order."""

from __future__ import annotations

import pytest

from curriplan.catalog.records.policy import NUMBER_KEYS
from curriplan.cli.app import main
from curriplan.plan.plan import plan_schema
from curriplan.problem.aspects import ASPECTS, InProfile, InSettings
from curriplan.problem.declaration import Setting
from curriplan.problem.limits import effective_limits
from curriplan.problem.settings import SETTINGS, Settings
from formulation.instances import base, profile

IN_STEAD_OF_A_NORM = [one for one in SETTINGS if one.norm]


@pytest.mark.parametrize("one", IN_STEAD_OF_A_NORM, ids=lambda one: one.name)
def test_a_setting_comes_before_the_norm_that_it_stands_in_for(one: Setting) -> None:
    """Else a clash would name the norm and offer to change the law, where the user chose the number."""
    assert one.norm in NUMBER_KEYS
    limited = [aspect.origins for aspect in ASPECTS.values() if InProfile(str(one.norm)) in aspect.origins]
    for origins in limited:
        assert InSettings(one.name) in origins[: origins.index(InProfile(str(one.norm)))]


@pytest.mark.parametrize("one", IN_STEAD_OF_A_NORM, ids=lambda one: one.name)
def test_the_number_in_force_is_the_users_else_that_of_the_profile(one: Setting) -> None:
    """Whoever asks for the norm gets the setting, and asks for nothing else."""
    norm = str(one.norm)
    catalog = base(profile=profile(**{norm: "0.25"}))
    assert effective_limits(catalog).number(norm) == 0.25
    for chosen in (0.5, 0.0):  # a chosen nothing is a choice
        assert effective_limits(catalog, Settings(**{one.name: chosen})).number(norm) == chosen
        assert effective_limits(base(), Settings(**{one.name: chosen})).number(norm) == chosen


def test_every_option_of_a_setting_is_one_of_optimize() -> None:
    """A group that the command does not name would have options that nobody can give."""
    given = {name for parameter in main.commands["optimize"].params for name in parameter.opts}
    assert {one.option.name for one in SETTINGS if one.option} <= given


def test_a_plan_that_is_older_than_a_setting_is_still_read() -> None:
    """What the first version wrote is there; every key that came later must be marked `MAY_LACK`."""
    required = plan_schema()["properties"]["limits"]["required"]
    assert set(required) == {
        "programmes", "budget_kzt", "practice_share_min", "objectives", "gap", "time_limit_s", "solver",
        "meeting_share", "essential_factor", "previous", "max_changes", "taught_until", "equity",
        "closure_alone", "profile", "overrides",
    }  # fmt: skip
