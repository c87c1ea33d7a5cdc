"""The pass rule at every edge, against a plain re-statement of it in exact fractions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.criteria import criterion_shares, evaluate, evaluate_by_year
from metrics.criteria_standing import (
    blockers,
    blocking_combinations,
    compare_sets,
    near_misses,
    recognition,
    transitions,
)
from tests.metrics.sheets import MAXIMA, OLD, RULE, by_zone, lowered, sheet, with_maxima


def judged(points, **options):
    return evaluate(scores=sheet(points, **options), criteria_set=RULE).iloc[0]


def passes_in_fractions(points, maxima, *, disqualified=False):
    """The rule said again, exactly, with no code of the product."""
    exact = [Fraction(str(value)) for value in points]
    most = [Fraction(str(value)) for value in maxima]
    enough = sum(exact) >= Fraction(4, 5) * sum(most)
    floors = all(have >= limit / 2 for have, limit in zip(exact, most, strict=True))
    return enough and floors and not disqualified


@pytest.mark.parametrize(("total", "expected"), [(79.99, False), (80.0, True), (80.01, True)])
def test_the_total_must_reach_eighty(total, expected):
    points = [11.2, 8, 9.6, 7.2, 15.2, 9.6, 4.8, 8.8, 2.4, 3.2]
    points[4] = float(Fraction("15.2") + Fraction(str(total)) - 80)
    row = judged(points)
    assert row.passes == expected
    assert row.failed_total == (not expected)
    assert row.points_missing == pytest.approx(max(0, 80 - total), abs=1e-9)


@pytest.mark.parametrize("criterion", range(10))
@pytest.mark.parametrize(("share", "expected"), [("0.499", False), ("0.5", True), ("0.501", True)])
def test_each_criterion_must_reach_half_of_its_own_maximum(criterion, share, expected):
    points = float(Fraction(share) * MAXIMA[criterion])
    row = judged(lowered(criterion, points))
    assert row.passes == expected
    assert row.failed_floor == (() if expected else (criterion + 1,))
    assert row.floors_failed == (0 if expected else 1)
    assert not row.failed_total
    missing = 0 if expected else MAXIMA[criterion] / 2 - points
    assert row.points_missing == pytest.approx(missing, abs=1e-9)


@pytest.mark.parametrize("tenth", [0.1, 0.2, 0.3, 0.7, 1.1])
def test_sums_that_floats_cannot_hold_are_still_exact(tenth):
    """0.1 + 0.2 is not 0.3 in floats; a sheet that sums to exactly 80.00 must pass."""
    points = [11.1, 8.1, 9.7, 7.1, 15.3, 9.5, 4.9, 8.7, 2.5, 3.1]
    points[0] = round(11.1 + tenth, 1)
    points[5] = round(9.5 - tenth, 1)
    assert sum(Fraction(str(value)) for value in points) == 80
    assert judged(points).passes


def test_a_disqualifying_item_fails_a_full_sheet():
    row = judged(MAXIMA, disqualified=True)
    assert not row.passes
    assert row.blocking == ("disqualified",)
    assert row.total == 100
    assert np.isnan(row.points_missing)


def test_full_marks_pass_until_three_years_on():
    row = judged(MAXIMA)
    assert row.passes
    assert (row.total, row.maximum, row.share, row.points_missing) == (100, 100, 1, 0)
    assert row.blocking == ()
    assert row.valid_until == pd.Timestamp("2027-12-31")


@pytest.mark.parametrize("left_out", range(10))
def test_a_missing_criterion_is_not_assessable_never_zero(left_out):
    numbers = [at + 1 for at in range(10) if at != left_out]
    row = judged([MAXIMA[at - 1] for at in numbers], numbers=numbers)
    assert not row.assessable
    assert row.reason == "missing_criterion"
    assert row.passes is pd.NA
    assert np.isnan(row.total)
    assert row.completeness == 0.9


def test_a_criterion_without_points_is_not_assessable():
    row = judged([None, *MAXIMA[1:]])
    assert (row.assessable, row.reason, row.completeness) == (False, "missing_points", 0.9)


def test_points_outside_the_range_and_strangers_are_not_assessable():
    assert judged([14.01, *MAXIMA[1:]]).reason == "out_of_range"
    assert judged([-0.5, *MAXIMA[1:]]).reason == "out_of_range"
    assert judged([*MAXIMA, 5]).reason == "unknown_criterion"


def test_one_criterion_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        evaluate(scores=pd.concat([sheet(MAXIMA), sheet([14])]), criteria_set=RULE)


def test_the_old_decision_waits_for_its_points():
    assert evaluate(scores=sheet(MAXIMA, year=2020), criteria_set=OLD).reason.item() == "no_maximum"
    supplied = with_maxima(OLD, {at + 1: most for at, most in enumerate(MAXIMA)})
    assert evaluate(scores=sheet(MAXIMA, year=2020), criteria_set=supplied).passes.item()


@pytest.mark.parametrize(
    ("zone", "points", "expected"),
    [(1, 5.99, False), (1, 6, True), (2, 4.99, False), (2, 5, True), (3, 2.99, False), (3, 3, True)],
)
def test_the_floor_follows_the_zone(zone, points, expected):
    zones = pd.Series([zone], index=pd.MultiIndex.from_tuples([("legacy", "31117")]))
    row = evaluate(scores=sheet(lowered(2, points)), criteria_set=by_zone(), zones=zones).iloc[0]
    assert row.passes == expected
    assert row.maximum == {1: 100, 2: 98, 3: 94}[zone]


def test_an_unknown_zone_is_not_assessable_and_the_other_geography_does_not_lend_its_own():
    zones = pd.Series([3], index=pd.MultiIndex.from_tuples([("current", "31117")]))
    assert evaluate(scores=sheet(MAXIMA), criteria_set=by_zone(), zones=zones).reason.item() == "zone_unknown"
    assert evaluate(scores=sheet(MAXIMA), criteria_set=by_zone()).reason.item() == "zone_unknown"


def test_the_same_code_in_two_geographies_is_two_sheets():
    scores = pd.concat([sheet(MAXIMA), sheet([0] * 10, geography="current")])
    assert evaluate(scores=scores, criteria_set=RULE)["passes"].tolist() == [False, True]


EDGE = [most * 40 for most in MAXIMA]


def many(lowest):
    """Sheets in hundredths of a point, many at a time: one judgement of twenty costs as much as one of one."""
    one = st.tuples(*(st.integers(low, most * 100) for low, most in zip(lowest, MAXIMA, strict=True)))
    return st.lists(one, min_size=1, max_size=20)


def all_judged(cents, disqualified=()):
    """Judge one sheet per row of hundredths; those whose place is in ``disqualified`` are."""
    count = len(cents)
    frame = pd.DataFrame(
        {
            "geography": "legacy",
            "commune": np.repeat([f"{at:05d}" for at in range(count)], len(MAXIMA)),
            "year": 2024,
            "criterion": np.tile(np.arange(1, len(MAXIMA) + 1), count),
            "points": np.array(cents).ravel() / 100,
            "disqualified": np.repeat(np.isin(np.arange(count), list(disqualified)), len(MAXIMA)),
        }
    )
    return evaluate(scores=frame, criteria_set=RULE)


@given(cents=st.one_of(many([0] * 10), many(EDGE)), disqualified=st.sets(st.integers(0, 19)))
@settings(max_examples=30)
def test_agrees_with_the_rule_in_fractions(cents, disqualified):
    rows = all_judged(cents, disqualified)
    for at, (given_points, row) in enumerate(zip(cents, rows.itertuples(), strict=True)):
        points = [value / 100 for value in given_points]
        assert row.passes == passes_in_fractions(points, MAXIMA, disqualified=at in disqualified)
        assert row.passes == (row.blocking == ())


@given(cents=many(EDGE), criterion=st.integers(0, 9), more=st.integers(0, 1900))
@settings(max_examples=30)
def test_raising_any_score_never_turns_pass_into_fail(cents, criterion, more):
    higher = np.array(cents)
    higher[:, criterion] = np.minimum(higher[:, criterion] + more, MAXIMA[criterion] * 100)
    before, after = all_judged(cents), all_judged(higher)
    assert not (before["passes"] & ~after["passes"]).any()
    assert (after["points_missing"] <= before["points_missing"]).all()


def lifted(cents, missing):
    """Spend the missing points on the floors first, then anywhere; return the sheet and what is left over."""
    sheet = [max(have, most * 50) for have, most in zip(cents, MAXIMA, strict=True)]
    spare = missing - (sum(sheet) - sum(cents))
    assert spare >= 0
    for at, most in enumerate(MAXIMA):
        step = min(spare, most * 100 - sheet[at])
        sheet[at] += step
        spare -= step
    return sheet, spare


@given(cents=many([0] * 10))
@settings(max_examples=30)
def test_points_missing_is_enough_and_one_hundredth_less_is_not(cents):
    missing = (all_judged(cents)["points_missing"] * 100).round().astype(int)
    enough = [lifted(given_points, need) for given_points, need in zip(cents, missing, strict=True)]
    assert all(spare == 0 for _, spare in enough)
    assert all_judged([points for points, _ in enough])["passes"].all()
    for given_points, need in zip(cents, missing, strict=True):
        floors = sum(max(0, most * 50 - have) for most, have in zip(MAXIMA, given_points, strict=True))
        if need:  # one hundredth less leaves a floor or the total unmet, whatever it is spent on
            assert floors > need - 1 or sum(given_points) + need - 1 < 8000


def test_the_order_of_the_rows_does_not_matter():
    cents = np.random.default_rng(0).integers(0, np.array(MAXIMA) * 100, (40, 10))
    frames = [sheet(points / 100, commune=f"{at:05d}", year=2023 + at % 2) for at, points in enumerate(cents)]
    scores = pd.concat(frames, ignore_index=True)
    mixed = scores.sample(frac=1, random_state=1)
    expected = evaluate(scores=scores, criteria_set=RULE)
    pd.testing.assert_frame_equal(evaluate(scores=mixed, criteria_set=RULE), expected)


@pytest.mark.parametrize("number", [-1, 0, 11, 12, 9999])
def test_any_number_outside_the_set_is_a_stranger(number):
    row = judged([*MAXIMA, 1], numbers=[*range(1, 11), number])
    assert (row.assessable, row.reason) == (False, "unknown_criterion")


def test_years_take_the_set_in_force():
    scores = pd.concat([sheet(MAXIMA, year=year) for year in (2005, 2022, 2023)])
    rows = evaluate_by_year(scores=scores).set_index("year")
    assert rows["reason"].iloc[:2].tolist() == ["no_set", "no_maximum"]
    assert rows["criteria_set"].iloc[1:].tolist() == ["decision_4667_2014", "decision_1300_2023"]
    assert rows["passes"].loc[2023]
    assert rows["passes"].isna().tolist() == [True, True, False]


def test_no_scores_give_no_rows():
    empty = sheet(MAXIMA).iloc[:0]
    assert len(evaluate(scores=empty, criteria_set=RULE)) == 0
    assert list(evaluate_by_year(scores=empty).columns) == list(
        evaluate(scores=empty, criteria_set=RULE).columns
    )


def test_shares_are_points_over_the_maximum():
    shares = criterion_shares(scores=sheet(lowered(1, 4)), criteria_set=RULE)
    assert shares.loc[("legacy", "31117", 2024)].tolist() == [1, 0.4, 1, 1, 1, 1, 1, 1, 1, 1]


def four_communes() -> pd.DataFrame:
    """A passes in both years, B gains, C fails on two floors, D is disqualified and then not assessable."""
    weak = [0.0, 0.0, *MAXIMA[2:]]
    scores = [
        sheet(MAXIMA, commune="00001", year=2023),
        sheet(MAXIMA, commune="00001", year=2024),
        sheet(lowered(8, 1), commune="00002", year=2023),
        sheet(MAXIMA, commune="00002", year=2024),
        sheet(weak, commune="00003", year=2023),
        sheet(weak, commune="00003", year=2024),
        sheet(MAXIMA, commune="00004", year=2023, disqualified=True),
        sheet(MAXIMA[:9], commune="00004", year=2024),
    ]
    return evaluate_by_year(scores=pd.concat(scores, ignore_index=True))


def test_transitions_name_every_change():
    frame = transitions(evaluated=four_communes(), year_from=2023, year_to=2024)
    assert frame["transition"].tolist() == ["kept", "gained", "never", "not_assessable"]
    back = transitions(evaluated=four_communes(), year_from=2024, year_to=2023)
    assert back["transition"].tolist() == ["kept", "lost", "never", "not_assessable"]
    unseen = transitions(evaluated=four_communes(), year_from=2019, year_to=2023)
    assert set(unseen["transition"]) == {"not_assessable"}


def test_blockers_count_alone_and_together():
    first = four_communes().query("year == 2023")
    table = blockers(evaluated=first).set_index("part")
    assert table.loc["9"].tolist() == [1, 0, 1]
    assert table.loc["1"].tolist() == [0, 1, 1]
    assert table.loc["total"].tolist() == [0, 1, 1]
    assert table.loc["disqualified"].tolist() == [1, 0, 1]
    combined = blocking_combinations(evaluated=first)
    assert combined["communes"].sum() == 3
    assert ("1", "2", "total") in set(combined["parts"])


def test_near_misses_are_close_in_points_or_in_one_criterion():
    near = near_misses(evaluated=four_communes(), within_points=0.5, within_criteria=1)
    assert near["commune"].tolist() == ["00002"]
    assert near["points_missing"].tolist() == [0.5]
    assert near_misses(evaluated=four_communes(), within_points=0.4, within_criteria=0).empty
    far = near_misses(evaluated=four_communes(), within_points=12, within_criteria=0)
    assert far["commune"].tolist() == ["00002", "00003", "00003"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (dt.date(2023, 12, 30), "not_assessable"),
        (dt.date(2023, 12, 31), "recognised"),
        (dt.date(2025, 12, 30), "recognised"),
        (dt.date(2025, 12, 31), "expiring"),
        (dt.date(2026, 12, 31), "expiring"),
        (dt.date(2027, 1, 1), "lapsed"),
    ],
)
def test_recognition_runs_three_years_from_the_years_end(as_of, expected):
    evaluated = evaluate_by_year(scores=sheet(MAXIMA, year=2023))
    row = recognition(evaluated=evaluated, as_of=as_of).iloc[0]
    assert row.status == expected


def test_recognition_outlives_a_later_failure_and_knows_the_never():
    rows = recognition(evaluated=four_communes(), as_of=dt.date(2025, 1, 1)).set_index("commune")
    assert rows["status"].tolist() == ["recognised", "recognised", "never", "never"]
    assert rows.loc["00004", "latest_year"] == 2024
    assert rows.loc["00004", "latest_passes"] is pd.NA


def test_two_sets_compared_on_the_same_year():
    strict = RULE.model_copy(
        update={"pass_rule": RULE.pass_rule.model_copy(update={"floor_share": RULE.pass_rule.total_share})}
    )
    scores = pd.concat([sheet(lowered(1, 6), commune="00001"), sheet(MAXIMA, commune="00002")])
    row = compare_sets(scores=scores, first=RULE, second=strict).iloc[0]
    assert (row.communes, row.passing_first, row.passing_second, row.passing_both) == (2, 2, 1, 1)
