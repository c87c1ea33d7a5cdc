import itertools
import math

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.comparison import (
    funnel,
    funnel_limits,
    proportion_interval,
    ranks,
    rate_interval,
    smoothed,
    trend,
)

sizes = st.integers(1, 400)
part_and_whole = sizes.flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
units = st.lists(part_and_whole, min_size=1, max_size=15)


def series(rows):
    tops, bottoms = zip(*rows, strict=True)
    return pd.Series(tops, dtype="Int64"), pd.Series(bottoms, dtype="Int64")


@given(units)
def test_wilson_is_where_the_score_test_turns(rows):
    top, bottom = series(rows)
    for (count, size), low, high in zip(rows, *proportion_interval(numerator=top, denominator=bottom).T.to_numpy(),
                                        strict=True):  # fmt: skip
        for end in (low, high):
            if 1e-9 < end < 1 - 1e-9:
                score = (count / size - end) / math.sqrt(end * (1 - end) / size)
                assert abs(abs(score) - 1.959964) < 1e-4
        assert (
            0 <= low <= count / size <= high <= 1
            or math.isclose(count / size, high)
            or math.isclose(count, 0)
        )


@given(st.integers(0, 300), st.integers(1, 50_000))
def test_the_poisson_interval_has_its_tails(count, people):
    ends = rate_interval(
        numerator=pd.Series([count]), denominator=pd.Series([people]), multiplier=10_000
    ).iloc[0]
    low, high = (end * people / 10_000 for end in (ends.low, ends.high))
    assert stats.poisson.cdf(count, high) == pytest.approx(0.025)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(0.025)
    else:
        assert low == 0


def test_missing_counts_and_empty_wholes_have_no_interval():
    top, bottom = pd.Series([None, 1, 0], dtype="Int64"), pd.Series([5, None, 0], dtype="Int64")
    assert proportion_interval(numerator=top, denominator=bottom).isna().all(axis=None)
    assert rate_interval(numerator=top, denominator=bottom).isna().all(axis=None)


@pytest.mark.parametrize(("top", "bottom", "said"), [(-1, 2, "negative"), (3, 2, "exceed")])
def test_what_cannot_be_counts_is_refused(top, bottom, said):
    for method in (proportion_interval, lambda **both: funnel(kind="proportion", **both)):
        with pytest.raises(ValueError, match=said):
            method(numerator=pd.Series([top]), denominator=pd.Series([bottom]))


def naive_position(count, size, target, kind):
    """Add up the chances of counts as extreme, one by one."""

    def chance(k):
        if kind == "proportion":
            return math.comb(size, k) * target**k * (1 - target) ** (size - k)
        return math.exp(k * math.log(target * size) - target * size - math.lgamma(k + 1))

    most = size if kind == "proportion" else 2000
    at_most = sum(chance(k) for k in range(count + 1))
    at_least = sum(chance(k) for k in range(count, most + 1))
    for name, tail in (("998", 0.001), ("95", 0.025)):
        if at_most < tail - 1e-9:
            return f"low_{name}"
        if at_least < tail - 1e-9:
            return f"high_{name}"
        if min(abs(at_most - tail), abs(at_least - tail)) < 1e-9:
            return None
    return "within"


@pytest.mark.parametrize("kind", ["proportion", "rate"])
@given(st.lists(part_and_whole, min_size=2, max_size=8))
@settings(max_examples=50)
def test_positions_agree_with_adding_up_chances(kind, rows):
    target = sum(top for top, _ in rows) / sum(bottom for _, bottom in rows)
    assume(0 < target < 1)
    top, bottom = series(rows)
    points = funnel(numerator=top, denominator=bottom, kind=kind).points
    for (count, size), position in zip(rows, points.position, strict=True):
        assert naive_position(count, size, target, kind) in (position, None)


@given(st.lists(part_and_whole, min_size=2, max_size=8), st.sampled_from([2, 10, 1000]))
@settings(max_examples=30)
def test_scaling_the_population_scales_the_funnel(rows, factor):
    assume(sum(top for top, _ in rows) > 0)
    top, bottom = series(rows)
    before = funnel(numerator=top, denominator=bottom, kind="rate")
    after = funnel(numerator=top, denominator=bottom * factor, kind="rate", multiplier=factor)
    numbers = before.points.columns.drop("position")
    np.testing.assert_allclose(after.points[numbers], before.points[numbers], rtol=1e-9)
    assert after.points.position.tolist() == before.points.position.tolist()
    assert after.dispersion == pytest.approx(before.dispersion)


@given(part_and_whole.filter(lambda row: 0 < row[0] < row[1]))
def test_limits_mirror_when_success_and_failure_swap(row):
    target, size = row[0] / row[1], pd.Series([row[1]])
    one = funnel_limits(target=target, denominator=size, kind="proportion").iloc[0]
    other = funnel_limits(target=1 - target, denominator=size, kind="proportion").iloc[0]
    assert one.high_95 == pytest.approx(1 - other.low_95, abs=1e-6) or other.low_95 == 0
    assert one.low_998 <= one.low_95 <= target <= one.high_95 <= one.high_998


def test_dispersion_tells_chance_from_shared_causes():
    generator = np.random.default_rng(7)
    people = pd.Series(generator.integers(5_000, 20_000, 300))
    calm = funnel(numerator=pd.Series(generator.poisson(people * 0.002)), denominator=people, kind="rate")
    level = generator.gamma(8, 0.002 / 8, 300)
    uneven = funnel(numerator=pd.Series(generator.poisson(people * level)), denominator=people, kind="rate")
    assert (calm.dispersed, uneven.dispersed) == (False, True)
    assert uneven.dispersion > 2 > calm.dispersion


def test_the_funnel_keeps_units_it_cannot_place():
    top, bottom = pd.Series([None, 1, 0], dtype="Int64"), pd.Series([5, 9, 0], dtype="Int64")
    points = funnel(numerator=top, denominator=bottom, kind="rate").points
    assert points.position.tolist() == ["unknown", "within", "unknown"]
    with pytest.raises(ValueError, match="no unit"):
        funnel(numerator=top[:1], denominator=bottom[:1], kind="rate")


def test_smoothing_agrees_with_pysal():
    generator = np.random.default_rng(3)
    people = generator.integers(500, 30_000, 80)
    doctors = generator.poisson(people * generator.gamma(4, 0.0003, 80))
    theirs = Empirical_Bayes(doctors, people).r.ravel()
    ours = smoothed(numerator=pd.Series(doctors), denominator=pd.Series(people), kind="rate")
    np.testing.assert_allclose(ours.smoothed, theirs)


def naive_smoothed(rows):
    people = sum(bottom for _, bottom in rows)
    common = sum(top for top, _ in rows) / people
    spread = sum(bottom * (top / bottom - common) ** 2 for top, bottom in rows) / people
    between = max(spread - common * (1 - common) / (people / len(rows)), 0)
    out = []
    for top, bottom in rows:
        noise = common * (1 - common) / bottom
        weight = between / (between + noise) if between + noise > 0 else 0
        out.append(common + weight * (top / bottom - common))
    return out


@given(units)
def test_smoothing_of_proportions_agrees_with_its_formula(rows):
    top, bottom = series(rows)
    frame = smoothed(numerator=top, denominator=bottom, kind="proportion")
    np.testing.assert_allclose(frame.smoothed, naive_smoothed(rows), atol=1e-9)
    assert ((frame.weight >= 0) & (frame.weight <= 1)).all()


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 9)), st.integers(0, 50)), min_size=1, max_size=10)
)
def test_ranks_leave_out_small_units(rows):
    values = pd.Series([value for value, _ in rows], dtype="Int64")
    size = pd.Series([size for _, size in rows])
    got = ranks(values=values, denominator=size, minimum_denominator=20, highest_first=True)
    kept = [value for value, size in rows if value is not None and size >= 20]
    for (value, size), rank in zip(rows, got, strict=True):
        if value is None or size < 20:
            assert rank is pd.NA
        else:
            assert rank == 1 + sum(other > value for other in kept)


def exact_chance(values):
    """Try every order of the years."""

    def score(order):
        return sum((b > a) - (b < a) for a, b in itertools.combinations(order, 2))

    seen = abs(score(values))
    orders = list(itertools.permutations(values))
    return sum(abs(score(order)) >= seen for order in orders) / len(orders)


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=6, unique=True))
@settings(max_examples=25)
def test_mann_kendall_agrees_with_trying_every_order(values):
    result = trend(values=pd.DataFrame([values]), polarity="neutral").iloc[0]
    assert result.p == pytest.approx(exact_chance(values))
    assert result.slope == pytest.approx(stats.theilslopes(values).slope)


@given(st.lists(st.integers(0, 4), min_size=8, max_size=20))
def test_with_ties_it_is_the_corrected_normal_form(values):
    result = trend(values=pd.DataFrame([values]), polarity="neutral").iloc[0]
    n = len(values)
    score = sum((b > a) - (b < a) for a, b in itertools.combinations(values, 2))
    groups = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in groups)) / 18
    expected = 1.0 if variance == 0 else 2 * stats.norm.sf(max(abs(score) - 1, 0) / math.sqrt(variance))
    assume(len(set(values)) < n)
    assert result.p == pytest.approx(expected)


@pytest.mark.parametrize(
    ("row", "polarity", "direction", "meaning"),
    [
        ([1, 2, 3, 4, 5, 6], "higher_is_better", "up", "better"),
        ([1, 2, 3, 4, 5, 6], "lower_is_better", "up", "worse"),
        ([6, 5, 4, 3, 2, 1], "lower_is_better", "down", "better"),
        ([6, 5, 4, 3, 2, 1], "neutral", "down", "none"),
        ([1, 2, 1, 2, 1, 2], "higher_is_better", "none", "none"),
        ([1, None, 3, None, 5, 6], "higher_is_better", "too_few", "none"),
        ([4, 4, 4, 4, 4, 4], "higher_is_better", "none", "none"),
    ],
)
def test_direction_is_apart_from_good_or_bad(row, polarity, direction, meaning):
    result = trend(values=pd.DataFrame([row], dtype="Float64"), polarity=polarity).iloc[0]
    assert (result.direction, result.meaning) == (direction, meaning)


def test_a_missing_year_changes_only_its_own_unit():
    values = pd.DataFrame([[1, 2, None, 4, 5, 6], [1, 2, 3, 4, 5, 6]], index=["a", "b"])
    result = trend(values=values, polarity="higher_is_better")
    assert result.years.tolist() == [5, 6]
    assert result.loc["a", "p"] == pytest.approx(2 / math.factorial(5))
    assert result.loc["b", "p"] == pytest.approx(2 / math.factorial(6))
