"""Classing: every value has exactly one class, and the interval printed for it holds it."""

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import NO_DATA, NOT_APPLICABLE, against, classes, interval_labels

numbers = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(0, 4).map(float)), min_size=0, max_size=60
)


def series(values) -> pd.Series:
    return pd.Series(values, dtype="float64", index=[f"{i:05d}" for i in range(len(values))])


@given(
    numbers,
    st.integers(2, 7),
    st.sampled_from(["quantiles", "fisher_jenks"]),
    st.sampled_from([None, 0.0, 2.0]),
    st.sampled_from([None, 0, 1]),
)
def test_each_value_lies_in_the_interval_of_its_class(values, k, method, center, decimals):
    data = series(values)
    result = classes(data, k=k, method=method, center=center, decimals=decimals)
    assert list(result.codes.index) == list(data.index)
    assert len(result.intervals) == result.k <= k + (center is not None and k % 2 == 0)
    assert list(result.breaks) == sorted(set(result.breaks))
    for value, code in zip(data, result.codes, strict=True):
        if np.isnan(value):
            assert code == NO_DATA
            continue
        low, high = result.intervals[code]
        assert low <= value < high if result.closed == "left" else low < value <= high
    assert sum(result.counts.values()) == len(data)


@given(numbers.filter(lambda v: len({x for x in v if x is not None}) > 1), st.integers(2, 7))
def test_a_computed_class_is_never_empty_of_the_extremes(values, k):
    result = classes(series(values), k=k)
    assert result.counts[0] > 0
    assert result.counts[result.k - 1] > 0


@given(numbers, st.integers(2, 7))
def test_breaks_about_a_norm_are_symmetric(values, k):
    center = 2.0
    breaks = np.array(classes(series(values), k=k, center=center).breaks)
    assert np.allclose(center - breaks, (breaks - center)[::-1])


whole = st.lists(st.integers(-60, 60).map(float), max_size=60)


@given(whole, st.integers(2, 7), st.integers(-5, 5))
def test_what_is_below_a_norm_mirrors_what_is_above(values, k, center):
    data = series(values)
    found = classes(data, k=k, center=center, decimals=0)
    mirrored = classes(2 * center - data, k=k, center=center, decimals=0)
    assert list(found.codes) == [found.k - 1 - code for code in mirrored.codes]
    assert found.k <= k + (k % 2 == 0)


@given(whole, st.integers(2, 7), st.one_of(st.none(), st.just((-3.0, 0.0, 4.0)), st.just((-9.0, -1.0))))
def test_only_what_is_at_the_norm_is_neutral(values, k, breaks):
    """A certain shortage of one is never grey, whatever the other values are; nor is a certain surplus."""
    found = classes(series(values), k=k, center=0, decimals=0, breaks=breaks)
    for value, code in zip(values, found.codes, strict=True):
        assert (code == found.neutral) == (value == 0)
        assert (code < found.neutral) == (value < 0)


@given(st.integers(-400, 400), st.integers(0, 400))
def test_a_range_is_classed_by_its_end_nearest_the_norm(low, width):
    high = low + width
    nearest = against(low=series([low]), high=series([high]), center=0).iloc[0]
    if low <= 0 <= high:
        assert nearest == 0
    else:
        assert nearest == min((low, high), key=abs)
    assert against(low=series([None]), high=series([high]), center=0).isna().all()


def test_quantiles_agree_with_mapclassify():
    values = series(np.random.default_rng(1).lognormal(size=300))
    expected = mapclassify.Quantiles(values.to_numpy(), k=5)
    result = classes(values)
    assert result.closed == "right"
    assert list(result.codes) == list(expected.yb)


def test_a_policy_cut_off_owns_the_value_above_and_all_years_share_breaks():
    result = classes(series([79.99, 80, 100, 0]), breaks=[50, 80])
    assert list(result.codes) == [1, 2, 2, 0]
    assert result.closed == "left"
    old, new = series([1, 2, 3, 4, 5]), series([50, 60, 70, 80, 90])
    both = pd.concat([old, new])
    assert classes(old, reference=both).breaks == classes(new, reference=both).breaks


def test_none_and_all_equal_and_few_values_survive():
    assert classes(series([None, None])).k == 1
    assert classes(series([])).breaks == ()
    same = classes(series([3.0, 3.0, 3.0]))
    assert (same.k, same.counts[0]) == (1, 3)
    assert classes(series([0, 0, 1])).breaks == (0.0,)
    assert classes(series([0.0, 0.0]), center=0, decimals=0).breaks == (0.0, 1.0)
    assert classes(pd.Series([1, None, 3], dtype="Int64"), k=2).counts == {0: 1, 1: 1, -1: 1, -2: 0}


def test_not_applicable_is_not_the_same_as_no_data():
    data = series([1.0, None, None])
    flag = pd.Series({"00002": True})
    assert list(classes(data, not_applicable=flag).codes) == [0, NO_DATA, NOT_APPLICABLE]


@pytest.mark.parametrize("breaks", [[3, 1], [1, 1], [1, float("nan")]])
def test_breaks_that_do_not_rise_are_refused(breaks):
    with pytest.raises(ValueError, match="rise"):
        classes(series([1.0]), breaks=breaks)
    with pytest.raises(ValueError, match="two"):
        classes(series([1.0]), k=1)


def test_labels_say_who_owns_a_boundary_value():
    computed = classes(series([0, 0, 1, 2, 3, 4, 5, 6]), k=3)
    assert interval_labels(computed, "{:g}".format) == ["≤ 1.33333", "> 1.33333 – 3.66667", "> 3.66667"]
    assert interval_labels(classes(series([0, 0, 1, 2, 3]), k=4), "{:g}".format, whole=True)[:2] == [
        "≤ 0",
        "1",
    ]
    assert interval_labels(classes(series([None])), "{:g}".format) == ["…"]
