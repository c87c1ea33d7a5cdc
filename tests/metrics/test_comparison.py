import math

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.comparison import (
    are_posts,
    funnel,
    funnel_limits,
    kind_of,
    proportion_interval,
    ranks,
    rate_interval,
    smoothed,
)
from metrics.registry import indicators

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
    found = funnel(numerator=top, denominator=bottom, kind=kind)
    assume(not found.dispersed)
    points = found.points
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


def drawn(generator, kind, units, size, between=0.0):
    """Draw units whose true level differs by ``between`` times the common one, and count by chance."""
    bottom = generator.integers(size // 2, size * 3 // 2, units)
    level = 0.6 if kind == "proportion" else 0.001
    truth = level * np.exp(generator.normal(0, between, units) - between**2 / 2)
    if kind == "proportion":
        return pd.Series(generator.binomial(bottom, np.minimum(truth, 1))), pd.Series(bottom)
    return pd.Series(generator.poisson(bottom * truth)), pd.Series(bottom)


@pytest.mark.parametrize(("kind", "size"), [("proportion", 20), ("rate", 2_000), ("rate", 12_000)])
def test_the_dispersion_test_errs_as_often_as_it_says(kind, size):
    generator = np.random.default_rng(7)
    found = [
        funnel(numerator=top, denominator=bottom, kind=kind).spread
        for top, bottom in (drawn(generator, kind, 40, size) for _ in range(200))
    ]
    assert 0.01 <= found.count("more") / 200 <= 0.095
    assert 0.01 <= found.count("less") / 200 <= 0.095


def test_a_spread_of_thirty_percent_is_seen_and_the_limits_are_widened_for_it():
    generator = np.random.default_rng(8)
    tables = [drawn(generator, "rate", 77, 12_000, between=0.3) for _ in range(60)]
    found = [funnel(numerator=top, denominator=bottom, kind="rate") for top, bottom in tables]
    assert sum(one.dispersed for one in found) >= 50
    beyond = [one.points.position.str.endswith("998").mean() for one in found]
    assert np.mean(beyond) < 0.01
    chance = [
        funnel_limits(target=one.target, denominator=bottom, kind="rate")
        for one, (_, bottom) in zip(found, tables, strict=True)
    ]
    outside = [(one.points.value > exact.high_998).mean() for one, exact in zip(found, chance, strict=True)]
    assert np.mean(outside) > 2 * np.mean(beyond)


def test_the_variance_between_units_is_found_again():
    generator = np.random.default_rng(9)
    between = []
    for _ in range(40):
        people = pd.Series(generator.integers(5_000, 20_000, 200))
        root = np.sqrt(0.002) + generator.normal(0, 0.006, 200)
        doctors = pd.Series(generator.poisson(people * root**2))
        between.append(funnel(numerator=doctors, denominator=people, kind="rate").between)
    assert np.mean(between) == pytest.approx(0.006, rel=0.08)


def test_posts_spread_evenly_are_less_than_chance():
    people = pd.Series(np.random.default_rng(1).integers(6_000, 9_000, 60))
    found = funnel(numerator=pd.Series([1] * 60), denominator=people, kind="rate")
    assert found.spread == "less"
    assert found.dispersion < 0.5


@given(st.lists(part_and_whole, min_size=1, max_size=9), st.floats(0, 3))
@settings(max_examples=60)
def test_no_limit_of_a_proportion_leaves_nought_to_one(rows, between):
    target = sum(top for top, _ in rows) / sum(bottom for _, bottom in rows)
    size = pd.Series([bottom for _, bottom in rows])
    limits = funnel_limits(target=target, denominator=size, kind="proportion", between=between)
    assert ((limits >= 0) & (limits <= 1)).all(axis=None)
    exact = funnel_limits(target=target, denominator=size, kind="proportion")
    assert (limits.low_998 <= exact.low_998).all()
    assert (limits.high_95 >= exact.high_95).all()
    assert (limits.high_998 >= limits.high_95).all()


def test_one_decision_of_the_kind_covers_the_registry():
    for indicator in indicators().values():
        kind = kind_of(indicator=indicator)
        assert (kind is None) == (indicator.formula not in ("ratio", "compliance"))
        assert (kind == "proportion") == (kind is not None and indicator.unit.en == "%")
    posts = {name for name, one in indicators().items() if are_posts(indicator=one)}
    assert {"doctors_per_10000", "stations_with_doctor"} <= posts
    assert "visits_per_person" not in posts


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
