"""The rules that tie the rows of a catalog together: one small function each, all in `RULES`.

A rule yields issues with the place of the value at fault. Rules that would speak of rows which reading
had to leave out name the tables that they need whole, and wait until those are mended.
"""

from __future__ import annotations

from collections.abc import Iterable

from curriplan.base.errors import Issue
from curriplan.base.progress import keeping_objects, step
from curriplan.catalog.records import Catalog
from curriplan.problem.checks import funding, keys, modules, programmes, reach, relations, resources
from curriplan.problem.checks.checked import Checked, Rule
from curriplan.problem.limits import Limits, effective_limits


@keeping_objects()
def check_catalog(
    catalog: Catalog, limits: Limits | None = None, incomplete: Iterable[str] = ()
) -> tuple[Issue, ...]:
    """Check a catalog.

    Parameters
    ----------
    catalog : Catalog
        What to check.
    limits : Limits, optional
        The effective limits; by default those of the catalog's own profile.
    incomplete : iterable of str
        Tables that lack rows because reading left them out (`ReadResult.incomplete`).

    Returns
    -------
    tuple of Issue
        Every problem, errors and warnings, by place.
    """
    lacking = frozenset(incomplete)
    checked = Checked(catalog, limits or effective_limits(catalog), lacking)
    found: list[Issue] = []
    for place, rule in enumerate(RULES):
        step("checking", place, len(RULES))
        if not lacking & {*rule.needs}:
            found.extend(rule.check(checked))
    return tuple(sorted(found, key=Issue.sort_key))


TEACHING_TABLES = (
    "competency_relations",
    "competency_mappings",
    "module_outcomes",
    "modules",
    "programme_modules",
    "baseline",
)
"""What decides which levels the modules of a programme teach."""

RULES: tuple[Rule, ...] = (
    Rule(keys.duplicate_keys),
    Rule(keys.unknown_references),
    Rule(keys.missing_translations),
    Rule(keys.wrong_uris),
    Rule(relations.relation_columns),
    Rule(relations.own_relations),
    Rule(relations.contradicted_mappings),
    Rule(relations.joined_frameworks),
    Rule(relations.requirement_cycles, ("competency_relations",)),
    Rule(relations.broader_cycles),
    Rule(modules.exit_levels),
    Rule(modules.missing_credits, ("modules",)),
    Rule(modules.credit_steps, ("profile",)),
    Rule(modules.hours_of_credits, ("profile", "modules")),
    Rule(modules.header_sums, ("modules", "programme_modules")),
    Rule(modules.nested_headers),
    Rule(modules.chosen_headers),
    Rule(modules.span_weights),
    Rule(modules.own_requisites),
    Rule(modules.alternatives_of_several_kinds),
    Rule(modules.requisite_cycles, ("module_requisites",)),
    Rule(modules.contradictions, ("module_requisites",)),
    Rule(resources.resource_kinds, ("resources",)),
    Rule(resources.room_shares, ("resources",)),
    Rule(resources.split_kinds, ("resources", "module_resources")),
    Rule(resources.committed_hours),
    Rule(resources.capacity_rows, ("resource_capacity", "programmes", "module_resources")),
    Rule(programmes.qualification_codes),
    Rule(programmes.target_shares, ("targets",)),
    Rule(programmes.clashing_mandatory_modules, ("modules", "programme_modules")),
    Rule(programmes.target_requirements, ("occupation_requirements",)),
    Rule(programmes.terms_in_programme),
    Rule(programmes.long_modules),
    Rule(programmes.existing_terms),
    Rule(programmes.start_terms),
    Rule(programmes.limits_in_order),
    Rule(programmes.year_credits, ("profile", "modules", "programme_modules", "programme_fixed_hours")),
    Rule(programmes.dual_programmes, ("profile", "resources")),
    Rule(programmes.needless_dual_share, ("programmes",)),
    Rule(programmes.too_few_learners, ("programmes", "programme_modules")),
    Rule(reach.unserved_functions, ("module_functions", "modules", "programme_modules", "targets")),
    Rule(reach.modules_without_function, ("module_functions", "programme_modules", "targets")),
    Rule(funding.sources_without_budget, ("funding_budgets",)),
    Rule(funding.budget_years, ("programmes",)),
    Rule(funding.limits_without_effect),
    Rule(funding.unpayable_modules, ("funding_limits", "funding_sources", "modules")),
    Rule(reach.untaught_steps, TEACHING_TABLES),
    Rule(reach.unoffered_requisites, ("modules", "programme_modules")),
    Rule(reach.untaught_entries, TEACHING_TABLES),
    Rule(reach.untaught_requirements, TEACHING_TABLES),
    Rule(reach.reachable_floors, TEACHING_TABLES),
    Rule(funding.profile_keys),
    Rule(funding.profile_values),
    Rule(keys.scenario_probabilities, ("scenarios",)),
    Rule(keys.not_yet_used),
)
"""Every rule. To add one: a function in the module that suits it, its texts in
``texts/issues.toml``, a line here, and an example in ``tests/broken_catalogs``."""
