import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import TheilD

from metrics.equity import concentration, inequality, lorenz, people_in_short_units

rows = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 40_000)), min_size=1, max_size=20)


def columns(cases):
    return pd.Series([amount for amount, _ in cases]), pd.Series([people for _, people in cases])


def per_person_gini(cases):
    """Write every person out with what they have, and compare all pairs: half the relative mean difference."""
    have = np.repeat([amount / people for amount, people in cases], [people for _, people in cases])
    return np.abs(have[:, None] - have[None, :]).mean() / (2 * have.mean())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12)), min_size=1, max_size=10))
def test_gini_agrees_with_comparing_every_pair_of_people(cases):
    assume(any(amount for amount, _ in cases))
    amount, people = columns(cases)
    assert inequality(amount=amount, population=people).gini == pytest.approx(
        per_person_gini(cases), abs=1e-12
    )


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12), st.sampled_from("ab")), min_size=1, max_size=10)
)
def test_theil_agrees_with_averaging_over_people(cases):
    assume(any(amount for amount, _, _ in cases))
    people = sum(size for _, size, _ in cases)
    mean = sum(amount for amount, _, _ in cases) / people

    def over_people(values):
        return sum(size * (x := level / mean) * math.log(x) for level, size in values if level > 0) / people

    total = over_people([(amount / size, size) for amount, size, _ in cases])
    groups = {}
    for amount, size, group in cases:
        have, live = groups.get(group, (0, 0))
        groups[group] = (have + amount, live + size)
    between = over_people([(have / live, live) for have, live in groups.values()])
    amount, population = columns([case[:2] for case in cases])
    result = inequality(amount=amount, population=population, groups=pd.Series([case[2] for case in cases]))
    assert result.theil == pytest.approx(total, abs=1e-12)
    assert result.between == pytest.approx(between, abs=1e-12)
    assert result.within == pytest.approx(total - between, abs=1e-12)
    assert result.within >= -1e-12


def test_with_equal_populations_it_is_pysal():
    generator = np.random.default_rng(5)
    income = generator.gamma(2, 3, 60)
    groups = generator.integers(0, 4, 60)
    ours = inequality(
        amount=pd.Series(income), population=pd.Series(np.full(60, 10)), groups=pd.Series(groups)
    )
    theirs = TheilD(income, groups)
    assert ours.gini == pytest.approx(Gini(income).g)
    assert ours.theil == pytest.approx(float(theirs.T))
    assert ours.between == pytest.approx(float(np.squeeze(theirs.bg)))


@given(rows, st.sampled_from([2, 7, 1000]))
@settings(max_examples=40)
def test_bounds_and_invariance(cases, factor):
    assume(any(amount for amount, _ in cases))
    amount, people = columns(cases)
    base = inequality(amount=amount, population=people)
    assert -1e-12 <= base.gini < 1
    assert base.theil >= -1e-12
    more = [
        inequality(amount=amount * factor, population=people),
        inequality(amount=amount, population=people * factor),
    ]
    doubled = inequality(amount=pd.concat([amount, amount]), population=pd.concat([people, people]))
    shuffled = inequality(amount=amount[::-1], population=people)
    for other in (*more, doubled, shuffled):
        assert (other.gini, other.theil) == pytest.approx((base.gini, base.theil), abs=1e-9)


@given(rows)
def test_the_curve_runs_below_the_diagonal_and_only_rises(cases):
    assume(any(amount for amount, _ in cases))
    amount, people = columns(cases)
    curve = lorenz(amount=amount, population=people)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1])
    assert (curve.diff().iloc[1:] >= -1e-12).all(axis=None)
    assert (curve.amount <= curve.people + 1e-12).all()


def test_moving_a_doctor_to_where_there_is_none_lowers_every_measure():
    people = pd.Series([5000, 5000, 5000])
    before = inequality(amount=pd.Series([2, 1, 0]), population=people)
    after = inequality(amount=pd.Series([1, 1, 1]), population=people)
    assert (after.gini, after.theil) == pytest.approx((0, 0))
    assert before.gini > 0.3


def test_zeros_are_kept_and_missing_units_counted():
    result = inequality(amount=pd.Series([0, 4, None]), population=pd.Series([100, 100, 100]))
    assert (result.known, result.units) == (2, 3)
    assert result.gini == pytest.approx(0.5)
    assert result.theil == pytest.approx(math.log(2))


@pytest.mark.parametrize(("amount", "people"), [([0, 0], [1, 2]), ([None, 4], [1, None])])
def test_nothing_anywhere_has_no_inequality_to_measure(amount, people):
    result = inequality(
        amount=pd.Series(amount, dtype="Int64"),
        population=pd.Series(people, dtype="Int64"),
        groups=pd.Series(["a", "b"]),
    )
    assert all(math.isnan(value) for value in (result.gini, result.theil, result.between, result.within))


@pytest.mark.parametrize(
    ("amount", "people", "said"),
    [([-1], [5], "negative"), ([1], [0], "no people"), ([1, 1], [5, 5], "no group")],
)
def test_what_cannot_be_compared_is_refused(amount, people, said):
    with pytest.raises(ValueError, match=said):
        inequality(amount=pd.Series(amount), population=pd.Series(people), groups=pd.Series(["a"]))


def test_people_in_short_units_counts_the_unknown_apart():
    result = people_in_short_units(
        status=pd.Series(["short", "between", "met", "unknown", "short"]),
        population=pd.Series([100, 200, 300, 400, None], dtype="Int64"),
    )
    assert (result.short, result.known, result.unknown) == (100, 600, 400)
    assert result.share == pytest.approx(1 / 6)
    assert math.isnan(
        people_in_short_units(
            status=pd.Series([], dtype="str"), population=pd.Series([], dtype="Int64")
        ).share
    )


def test_concentration_is_the_ratio_of_shares():
    table = concentration(
        amount=pd.Series([3, 5, 2]), population=pd.Series([10, 30, 60]), groups=pd.Series(list("uur"))
    )
    assert table.loc["u"].tolist() == pytest.approx([8, 40, 0.8, 0.4, 2])
    assert table.loc["r", "concentration"] == pytest.approx(1 / 3)


def test_intervals_hold_the_measure_of_the_population_they_come_from():
    """Communes drawn from a known pool: the 95 percent intervals must hold the pool's own Gini and Theil."""
    draw = np.random.default_rng(4)
    people = pd.Series(draw.integers(3_000, 15_000, 20_000).astype(float))
    staff = pd.Series(draw.poisson(people * draw.gamma(4, 0.00025, 20_000)).astype(float))
    whole = inequality(amount=staff, population=people)
    held = {"gini": 0, "theil": 0}
    for _ in range(120):
        at = draw.choice(20_000, 80, replace=False)
        found = inequality(amount=staff.iloc[at], population=people.iloc[at])
        assert found.gini_low <= found.gini <= found.gini_high
        for name in held:
            low, high = getattr(found, f"{name}_low"), getattr(found, f"{name}_high")
            held[name] += low <= getattr(whole, name) <= high
    assert min(held.values()) >= 0.87 * 120


def test_few_units_have_no_interval():
    few = inequality(amount=pd.Series([1.0] * 9), population=pd.Series([100.0] * 9))
    assert np.isnan([few.gini_low, few.theil_high]).all()
