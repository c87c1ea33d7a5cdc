"""The budget plan, its curve and its calendar against every choice there is, on small provinces."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compliance_path import Paths
from metrics.compliance_plan import budget_curve, budget_plan, schedule


def paths(costs, *, lead=None, statuses=None):
    communes = pd.DataFrame(
        {
            "geography": pd.Series(["legacy"] * len(costs), dtype="str"),
            "commune": pd.Series([f"{at:05d}" for at in range(len(costs))], dtype="str"),
            "status": pd.Series(statuses or ["reached"] * len(costs), dtype="str"),
            "cost": [float(cost) for cost in costs],
            "lead_time_years": lead or [0] * len(costs),
        }
    )
    return Paths(communes=communes, steps=communes[["geography", "commune"]].assign(measure="m"))


def people_of(counts):
    index = pd.MultiIndex.from_tuples([("legacy", f"{at:05d}") for at in range(len(counts))])
    return pd.Series(counts, index=index)


def subsets(count):
    return (list(one) for size in range(count + 1) for one in itertools.combinations(range(count), size))


small = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 60)), min_size=1, max_size=8)


@given(communes=small, budget=st.integers(0, 160))
@settings(max_examples=40)
def test_no_affordable_choice_does_better(communes, budget):
    costs, people = map(np.array, zip(*communes, strict=True))
    affordable = [one for one in subsets(len(costs)) if costs[one].sum() <= budget]
    plan = budget_plan(paths=paths(costs), budget=budget)
    assert plan.passing_after == max(len(one) for one in affordable)
    assert plan.spent <= budget
    most = budget_plan(paths=paths(costs), budget=budget, objective="people", population=people_of(people))
    assert most.people_after == max(people[one].sum() for one in affordable)
    assert most.spent <= budget


@given(communes=small)
@settings(max_examples=8)
def test_the_curve_never_falls_and_agrees_with_the_plan(communes):
    costs, people = zip(*communes, strict=True)
    curve = budget_curve(paths=paths(costs), population=people_of(people))
    assert (curve["communes"].diff().dropna() == 1).all()
    assert (curve["marginal_cost"].dropna().diff().dropna() >= 0).all()
    assert curve["people"].iloc[-1] == sum(people)
    for row in curve.itertuples():
        assert budget_plan(paths=paths(costs), budget=row.budget).passing_after == row.communes
    persons = budget_curve(paths=paths(costs), objective="people", population=people_of(people))
    assert (persons["people"].diff().dropna() >= 0).all()
    assert (persons["people"].iloc[0], persons["people"].iloc[-1]) == (0, sum(people))


def test_those_without_a_path_are_never_chosen_and_those_passing_count_before():
    statuses = ["passes", "reached", "disqualified", "out_of_reach", "not_assessable"]
    plan = budget_plan(paths=paths([0, 5, np.nan, np.nan, np.nan], statuses=statuses), budget=1000)
    assert (plan.passing_before, plan.passing_after, plan.spent) == (1, 2, 5)
    assert plan.steps["commune"].tolist() == ["00001"]


def test_a_missing_population_is_not_a_population_of_zero():
    weights = people_of([100, None]).astype("Float64")
    plan = budget_plan(paths=paths([5, 5]), budget=10, objective="people", population=weights)
    assert plan.communes["chosen"].tolist() == [True, False]
    counted = budget_plan(paths=paths([5, 5]), budget=10, population=weights)
    assert counted.passing_after == 2
    assert np.isnan(counted.people_after)


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="negative"):
        budget_plan(paths=paths([1]), budget=-1)
    with pytest.raises(ValueError, match="population"):
        budget_plan(paths=paths([1]), budget=1, objective="people")
    with pytest.raises(ValueError, match="deadline"):
        schedule(paths=paths([1]), annual_budget={2031: 5}, deadline=2030)


calendar = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=5)


@given(communes=calendar, money=st.tuples(*[st.integers(0, 40)] * 3))
@settings(max_examples=25)
def test_no_calendar_brings_more_communes_over_the_line(communes, money):
    costs, lead = map(list, zip(*communes, strict=True))
    years = [2026, 2027, 2028]
    plan = schedule(
        paths=paths(costs, lead=lead), annual_budget=dict(zip(years, money, strict=True)), deadline=2028
    )
    most = 0
    for starts in itertools.product([None, 0, 1, 2], repeat=len(costs)):
        spent = np.cumsum(
            [sum(c for c, s in zip(costs, starts, strict=True) if s == year) for year in range(3)]
        )
        in_time = all(s is None or s + wait <= 2 for s, wait in zip(starts, lead, strict=True))
        if in_time and (spent <= np.cumsum(money)).all():
            most = max(most, sum(s is not None for s in starts))
    assert plan.communes["start"].notna().sum() == most
    assert (plan.years["carried_over"] >= 0).all()
    assert (plan.communes["passes_in"].dropna() <= 2028).all()
    assert (plan.years["money"].sum() - plan.years["spent"].sum()) == plan.years["carried_over"].iloc[-1]


def test_money_is_spent_as_early_as_it_comes():
    plan = schedule(paths=paths([10, 10, 10]), annual_budget={2026: 20, 2027: 20}, deadline=2027)
    assert plan.years["started"].tolist() == [2, 1]
    assert plan.years["passing"].tolist() == [2, 3]
    late = schedule(paths=paths([10, 500], lead=[5, 0]), annual_budget={2026: 20}, deadline=2027)
    assert late.communes["why_not"].tolist() == ["too_late", "no_money"]
