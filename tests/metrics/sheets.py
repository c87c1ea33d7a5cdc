"""Score sheets for the tests of the criteria, of the cheapest path and of their checks."""

from __future__ import annotations

import pandas as pd

from metrics.criteria_sets import CriteriaSet, criteria_sets

RULE = criteria_sets()["decision_1300_2023"]
OLD = criteria_sets()["decision_4667_2014"]
MAXIMA = [14, 10, 12, 9, 19, 12, 6, 11, 3, 4]


def sheet(points, *, commune="31117", year=2024, geography="legacy", disqualified=False, numbers=None):
    """One score sheet; ``None`` is a criterion without points."""
    return pd.DataFrame(
        {
            "geography": pd.Series([geography] * len(points), dtype="str"),
            "commune": pd.Series([commune] * len(points), dtype="str"),
            "year": pd.array([year] * len(points), dtype="Int64"),
            "criterion": pd.array(numbers or range(1, len(points) + 1), dtype="Int64"),
            "points": pd.Series(points, dtype="float64"),
            "disqualified": [disqualified] + [False] * (len(points) - 1),
            "reason": pd.Series([None] * len(points), dtype="str"),
        }
    )


def lowered(criterion, points):
    """Everything at its most, one criterion at the points given."""
    return [points if at == criterion else most for at, most in enumerate(MAXIMA)]


def by_zone() -> CriteriaSet:
    """Decision 1300 with a criterion 3 of 12, 10 or 6 points by zone."""
    criteria = [
        {**one.model_dump(), "maximum": {1: 12, 2: 10, 3: 6} if one.number == 3 else one.maximum}
        for one in RULE.criteria
    ]
    return CriteriaSet.model_validate({**RULE.model_dump(), "criteria": criteria})


def with_maxima(rule: CriteriaSet, maxima: dict[int, object]) -> CriteriaSet:
    """Return a set with the points a province would write into its file."""
    criteria = [{**one.model_dump(), "maximum": maxima.get(one.number, one.maximum)} for one in rule.criteria]
    return CriteriaSet.model_validate({**rule.model_dump(), "criteria": criteria})
