import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from metrics import trends
from metrics.trends import trend

YEARS = range(2019, 2025)


def frame(rows):
    return pd.DataFrame(rows, columns=range(2019, 2019 + len(rows[0])), dtype="Float64")


def noise(generator, units, correlation):
    """Draw six years of noise of variance 1 for each unit."""
    drawn = np.empty((units, 6))
    drawn[:, 0] = generator.normal(size=units)
    for at in range(1, 6):
        fresh = np.sqrt(1 - correlation**2) * generator.normal(size=units)
        drawn[:, at] = correlation * drawn[:, at - 1] + fresh
    return drawn


def visits(generator, units, *, spread=0.0, correlation=0.0, growth=0.0, expected=400.0):
    """Draw visits whose rate grows by ``growth`` a year, and the people they are of, one percent more a year."""
    people = np.rint(generator.integers(5_000, 20_000, units)[:, None] * 1.01 ** np.arange(6))
    wave = np.exp(spread * noise(generator, units, correlation)) * (1 + growth) ** np.arange(6)
    return frame(generator.poisson(people / 12_500 * expected * wave)), frame(people)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(40, 90)), min_size=5, max_size=8))
def test_the_line_is_weighted_least_squares(rows):
    tops, bottoms = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = trend(
        numerator=frame([tops]), denominator=frame([bottoms]), kind="proportion", polarity="neutral"
    ).iloc[0]
    if len(set(tops)) == 1:
        assert found.direction == "none"
        return
    design = sm.add_constant(np.arange(len(rows), dtype=float))
    fit = sm.WLS(tops / bottoms, design, weights=bottoms).fit()
    assert found.slope == pytest.approx(fit.params[1], abs=1e-9)


def test_without_dispersion_or_correlation_it_is_the_test_of_cochran_and_armitage(monkeypatch):
    monkeypatch.setattr(trends._Lines, "_correlation", lambda *_: 0)
    monkeypatch.setattr(trends, "_moderated", lambda own, degrees: (np.ones(len(own)), degrees + 1e9))
    tops, bottoms = np.array([3, 5, 9, 8, 14, 15.0]), np.array([20, 22, 25, 24, 30, 28.0])
    found = trend(
        numerator=frame([tops]), denominator=frame([bottoms]), kind="proportion", polarity="neutral"
    )
    table = np.column_stack([tops, bottoms - tops])
    expected = sm.stats.Table(table, shift_zeros=False).test_ordinal_association(
        row_scores=np.arange(6), col_scores=np.array([1, 0])
    )
    total = bottoms.sum()  # their variance is of the permutation: total - 1
    score = expected.zscore * np.sqrt(total / (total - 1))
    assert abs(found.p.iloc[0] - 2 * sm.stats.stattools.stats.norm.sf(abs(score))) < 1e-6


@pytest.mark.parametrize(
    ("spread", "correlation", "allowed"), [(0.0, 0.0, 0.06), (0.15, 0.0, 0.06), (0.15, 0.8, 0.08)]
)
def test_false_arrows_are_few(spread, correlation, allowed):
    generator = np.random.default_rng(11)
    chance, arrows = [], []
    for _ in range(40):
        tops, bottoms = visits(generator, 60, spread=spread, correlation=correlation)
        found = trend(numerator=tops, denominator=bottoms, kind="rate", polarity="neutral")
        chance.append((found.p <= 0.05).mean())
        arrows.append(found.direction.isin(["up", "down"]).mean())
    assert np.mean(chance) <= allowed
    assert np.mean(arrows) <= 0.01


def test_a_real_trend_is_seen():
    tops, bottoms = visits(np.random.default_rng(12), 60, spread=0.05, growth=0.08)
    found = trend(numerator=tops, denominator=bottoms, kind="rate", polarity="higher_is_better")
    assert (found.meaning == "better").mean() > 0.8


@given(st.integers(1, 100_000), st.floats(0, 0.05))
def test_a_constant_count_over_a_growing_population_has_no_arrow(count, growth):
    people = np.rint(9_000 * (1 + growth) ** np.arange(6))
    found = trend(
        numerator=frame([[count] * 6] * 8), denominator=frame([people] * 8), kind="rate", polarity="neutral"
    )
    assert (found.direction == "none").all()


@pytest.mark.parametrize(
    ("row", "polarity", "direction", "meaning"),
    [
        ([100, 200, 300, 400, 500, 600], "higher_is_better", "up", "better"),
        ([100, 200, 300, 400, 500, 600], "lower_is_better", "up", "worse"),
        ([600, 500, 400, 300, 200, 100], "lower_is_better", "down", "better"),
        ([600, 500, 400, 300, 200, 100], "neutral", "down", "none"),
        ([10, 20, 10, 20, 10, 20], "higher_is_better", "none", "none"),
        ([1, None, 3, None, 5, 6], "higher_is_better", "too_few", "none"),
        ([0, 0, 0, 0, 0, 0], "higher_is_better", "none", "none"),
    ],
)
def test_direction_is_apart_from_good_or_bad(row, polarity, direction, meaning):
    people = frame([[9000] * 6])
    result = trend(numerator=frame([row]), denominator=people, kind="rate", polarity=polarity).iloc[0]
    assert (result.direction, result.meaning) == (direction, meaning)


def test_a_missing_year_is_left_out():
    tops = frame([[10, 20, None, 40, 50, 60], [10, 20, 30, 40, 50, 60]])
    people = frame([[1000] * 6, [1000, 1000, 0, 1000, 1000, 1000]])
    found = trend(numerator=tops, denominator=people, kind="rate", polarity="neutral")
    assert found.years.tolist() == [5, 5]
    assert found.slope.tolist() == pytest.approx([0.01, 0.01])
    assert found.p[0] == pytest.approx(found.p[1])


def test_moderation_leaves_unlike_units_their_own_dispersion():
    own = np.array([0.01, 0.2, 3.0, 40.0, 900.0, 5.0, 0.05, 70.0])
    drawn, degrees = trends._moderated(own, np.full(8, 4.0))
    assert degrees[0] < 6
    assert (np.diff(drawn[np.argsort(own)]) > 0).all()
    alike, many = trends._moderated(np.full(8, 2.0), np.full(8, 4.0))
    assert many[0] > 1e5
    assert alike == pytest.approx(np.full(8, alike[0]))
