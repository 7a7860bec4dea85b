"""Outlooks on the labour market out of public scores and counts of vacancies.

`exposure` ranks scores of ISCO-08 unit groups, `snapshots` compares two counts of vacancies, `make` turns
what they say of occupations into the rows of a catalog. The formulas stand in ``docs/formulation.md`` under
*Made outlooks*.
"""
