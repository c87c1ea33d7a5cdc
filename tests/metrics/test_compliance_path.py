"""The cheapest path against a search of every set of measures, and against the rule itself."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compliance_measures import measures
from metrics.compliance_path import cheapest_path, cheapest_paths, rule_shadows, with_gains
from metrics.criteria import evaluate
from metrics.criteria_sets import CriteriaSet
from tests.metrics.sheets import MAXIMA, OLD, RULE, by_zone, lowered, sheet

SMALL = CriteriaSet.model_validate(
    {
        **RULE.model_dump(),
        "criteria": [
            {**one.model_dump(), "maximum": most}
            for one, most in zip(RULE.criteria[:3], (10, 6, 4), strict=True)
        ],
    }
)


def table(*rows):
    """A table of measures: id, criterion, points, cost, max_times, prerequisite, lead time."""
    names = ["id", "criterion", "points", "cost", "max_times", "prerequisite", "lead_time_years"]
    frame = pd.DataFrame(list(rows), columns=names).astype({"prerequisite": "str"})
    return frame.set_index("id").assign(name_vi="", name_en="")


FIVE = table(
    ("a", 1, 2.0, 30.0, 2, None, 1),
    ("b", 1, 1.5, 18.0, 1, None, 0),
    ("c", 2, 1.25, 25.0, 2, "b", 2),
    ("d", 3, 1.0, 9.0, 2, None, 0),
    ("e", 2, 3.0, 70.0, 1, None, 1),
)


def search(points, catalogue, *, floors=True):
    """The least cost over every number of times of every measure, by the rule said in plain steps."""
    best = np.inf
    maxima = [float(one.maximum) for one in SMALL.criteria]
    rows = {one.Index: one for one in catalogue.itertuples()}
    for times in itertools.product(*(range(one.max_times + 1) for one in rows.values())):
        done = dict(zip(rows, times, strict=True))
        if any(done[one] and done.get(rows[one].prerequisite) == 0 for one in rows):
            continue
        lifted = list(points)
        for one, row in rows.items():
            lifted[row.criterion - 1] += done[one] * row.points
        lifted = [min(have, most) for have, most in zip(lifted, maxima, strict=True)]
        enough = round(sum(lifted) * 100) >= round(0.8 * sum(maxima) * 100)
        above = all(round(have * 100) >= round(most * 50) for have, most in zip(lifted, maxima, strict=True))
        if enough and (above or not floors):
            best = min(best, sum(done[one] * row.cost for one, row in rows.items()))
    return best


quarters = st.tuples(st.integers(0, 40), st.integers(0, 24), st.integers(0, 16))


@given(points=quarters)
@settings(max_examples=40)
def test_the_path_passes_and_no_cheaper_set_of_measures_does(points):
    have = [value / 4 for value in points]
    path = cheapest_path(scores=sheet(have), measures=FIVE, criteria_set=SMALL)
    least = search(have, FIVE)
    if least == np.inf:
        assert path.status == "out_of_reach"
        assert np.isnan(path.cost)
        return
    assert path.cost == pytest.approx(least)
    assert path.cost == pytest.approx(path.steps["cost"].sum())
    assert path.gap == 0
    assert evaluate(scores=sheet(list(path.after)), criteria_set=SMALL).passes.item()
    assert (path.status == "passes") == (least == 0)


def test_a_plan_that_only_lifts_the_total_is_wrong():
    """Two points short in all: the cheap points are in criterion 3, but criterion 2 is below its floor."""
    have = [10.0, 2.0, 2.0]
    path = cheapest_path(scores=sheet(have), measures=FIVE, criteria_set=SMALL)
    total_only = search(have, FIVE, floors=False)
    assert total_only == 18.0
    lifted = sheet([10.0, 2.0, 4.0])
    assert lifted["points"].sum() == 16
    assert not evaluate(scores=lifted, criteria_set=SMALL).passes.item()
    assert path.cost == 52.0
    assert path.steps["measure"].tolist() == ["d", "b", "c"]
    shadows = rule_shadows(scores=sheet(have), measures=FIVE, criteria_set=SMALL).set_index("part")
    assert shadows.loc["floors", "saved"] == path.cost - total_only
    assert shadows.loc["2", "saved"] == path.cost - total_only
    assert shadows.loc["total", "saved"] == path.cost - 43.0


def test_points_above_the_maximum_do_not_count():
    catalogue = table(("big", 3, 5.0, 5.0, 1, None, 0), ("fair", 1, 2.0, 50.0, 1, None, 0))
    path = cheapest_path(scores=sheet([8.0, 3.0, 2.5]), measures=catalogue, criteria_set=SMALL)
    assert path.after.tolist() == [10, 3, 4]
    assert path.cost == 55.0


def test_lead_time_follows_the_prerequisites_and_can_be_limited():
    path = cheapest_path(scores=sheet([10.0, 1.75, 4.0]), measures=FIVE, criteria_set=SMALL)
    assert path.steps.set_index("measure")["lead_time_years"].to_dict() == {"b": 0, "c": 2}
    assert (path.cost, path.lead_time_years) == (43.0, 2)
    quick = cheapest_path(scores=sheet([10.0, 1.75, 4.0]), measures=FIVE, criteria_set=SMALL, within_years=1)
    assert quick.steps["measure"].tolist() == ["e"]
    never = cheapest_path(scores=sheet([10.0, 1.75, 4.0]), measures=FIVE, criteria_set=SMALL, within_years=0)
    assert never.status == "out_of_reach"


def test_each_reason_for_having_no_path():
    ours = {"measures": measures(), "criteria_set": RULE}
    assert cheapest_path(scores=sheet(MAXIMA), **ours).status == "passes"
    assert cheapest_path(scores=sheet(MAXIMA, disqualified=True), **ours).status == "disqualified"
    assert cheapest_path(scores=sheet([None, *MAXIMA[1:]]), **ours).status == "not_assessable"
    assert cheapest_path(scores=sheet([0.0] * 10), **ours).status == "out_of_reach"
    unknown = cheapest_path(scores=sheet(MAXIMA, year=2020), measures=measures(), criteria_set=OLD)
    assert (unknown.status, unknown.steps.empty) == ("not_assessable", True)
    with pytest.raises(ValueError, match="one score sheet"):
        cheapest_path(scores=pd.concat([sheet(MAXIMA), sheet(MAXIMA, year=2023)]), **ours)


def test_the_zone_sets_the_floor_of_the_path():
    scores = pd.concat([sheet(lowered(2, 4), commune="00001"), sheet(lowered(2, 4), commune="00002")])
    zones = pd.Series([1, 3], index=pd.MultiIndex.from_product([["legacy"], ["00001", "00002"]]))
    paths = cheapest_paths(scores=scores, measures=measures(), criteria_set=by_zone(), zones=zones)
    assert paths.communes["status"].tolist() == ["reached", "passes"]
    assert paths.steps["measure"].tolist() == ["water_and_waste"]


@given(
    cents=st.lists(
        st.tuples(*(st.integers(most * 30, most * 100) for most in MAXIMA)), min_size=1, max_size=4
    )
)
@settings(max_examples=12)
def test_every_reached_commune_of_a_province_passes_afterwards(cents):
    scores = pd.concat(
        [sheet([value / 100 for value in one], commune=f"{at:05d}") for at, one in enumerate(cents)]
    )
    paths = cheapest_paths(scores=scores, measures=measures(), criteria_set=RULE)
    gains = paths.steps[["geography", "commune", "criterion", "points"]]
    after = evaluate(scores=with_gains(scores=scores, gains=gains, criteria_set=RULE), criteria_set=RULE)
    reached = paths.communes["status"].isin(["reached", "passes"])
    assert (after["passes"] == reached.to_numpy()).all()
    costs = paths.steps.groupby("commune")["cost"].sum().reindex(paths.communes["commune"], fill_value=0.0)
    assert costs[reached.to_numpy()].tolist() == paths.communes.loc[reached, "cost"].tolist()


def test_two_years_of_one_commune_are_refused():
    with pytest.raises(ValueError, match="choose one year"):
        cheapest_paths(
            scores=pd.concat([sheet(MAXIMA), sheet(MAXIMA, year=2023)]),
            measures=measures(),
            criteria_set=RULE,
        )


def test_shadows_agree_with_paths_solved_under_the_weaker_rule():
    scores = pd.concat(
        [
            sheet(lowered(4, 6), commune="00001"),
            sheet([8, 4, 7, 5, 11, 7, 2, 7, 1, 3], commune="00002"),
            sheet(MAXIMA, commune="00003", disqualified=True),
            sheet(MAXIMA, commune="00004"),
        ]
    )
    shadows = rule_shadows(scores=scores, measures=measures(), criteria_set=RULE).set_index("part")
    full = cheapest_paths(scores=scores, measures=measures(), criteria_set=RULE).communes["cost"]
    for part, change in {"total": {"total_share": 0}, "floors": {"floor_share": 0}}.items():
        rule = RULE.model_copy(update={"pass_rule": RULE.pass_rule.model_copy(update=change)})
        weaker = cheapest_paths(scores=scores, measures=measures(), criteria_set=rule).communes["cost"]
        assert shadows.loc[part, "saved"] == (full - weaker).sum()
    assert shadows.loc["disqualified", ["communes", "saved", "newly_reached"]].tolist() == [1, 0, 1]
    assert set(shadows.index) == {"total", "floors", "2", "5", "7", "9", "disqualified"}


def test_gains_add_up_stop_at_the_maximum_and_leave_missing_missing():
    scores = sheet([13.0, None, 5.0, *MAXIMA[3:]])
    gains = pd.DataFrame(
        {"geography": "legacy", "commune": "31117", "criterion": [1, 1, 2, 3], "points": [0.5, 2.0, 1.0, 1.0]}
    )
    after = with_gains(scores=scores, gains=gains, criteria_set=RULE)["points"]
    assert after.tolist()[0] == 14
    assert np.isnan(after.iloc[1])
    assert after.tolist()[2:] == [6.0, *MAXIMA[3:]]
