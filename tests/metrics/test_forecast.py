import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics import forecast as module
from metrics.forecast import forecast

VALUES = np.array([3.0, 5.0, 4.0, 8.0, 9.0, 8.5])


def noise(generator, length, correlation):
    drawn = [generator.normal()]
    for _ in range(length - 1):
        drawn.append(correlation * drawn[-1] + np.sqrt(1 - correlation**2) * generator.normal())
    return np.array(drawn)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_one_correlation_and_no_damping_is_generalised_least_squares(monkeypatch, correlation):
    """The best linear unbiased prediction of Goldberger (1962), with statsmodels' line."""
    monkeypatch.setattr(module, "CORRELATIONS", np.array([correlation]))
    monkeypatch.setattr(module, "DAMPING", np.array([1.0]))
    years = np.arange(6.0)
    found = forecast(years=years, values=VALUES, ahead=np.array([8.0]), level=0.8)
    matrix = correlation ** np.abs(years[:, None] - years[None, :])
    design = sm.add_constant(years)
    fit = sm.GLS(VALUES, design, sigma=matrix).fit()
    near = correlation ** (8.0 - years)
    pull = np.linalg.solve(matrix, near)
    beyond = np.array([1.0, 8.0]) - pull @ design
    place = np.array([1.0, 8.0]) @ fit.params + pull @ (VALUES - design @ fit.params)
    spread = np.sqrt(fit.scale * (1 - pull @ near) + beyond @ fit.cov_params() @ beyond)
    half = stats.t.ppf(0.9, 4) * spread
    assert found.value[0] == pytest.approx(place)
    assert (found.low[0], found.high[0]) == pytest.approx((place - half, place + half))
    assert found.pace == pytest.approx(fit.params[1])
    assert found.rising == pytest.approx(stats.t.cdf(fit.tvalues[1], 4))


def test_damping_sums_its_powers(monkeypatch):
    monkeypatch.setattr(module, "DAMPING", np.array([0.9]))
    found = forecast(years=np.arange(3.0), values=np.array([1.0, 2, 3]), ahead=np.array([4.0]), level=0.8)
    assert found.value[0] == pytest.approx(3 + 0.9 + 0.81, abs=1e-6)


@pytest.mark.parametrize("correlation", [0.0, 0.8])
@pytest.mark.parametrize("shape", ["flat", "rising", "saturating"])
def test_the_range_holds_the_held_out_year(correlation, shape):
    """Stated 80 percent: 75 to 90 for independent and for correlated noise, here within chance of 300 runs."""
    generator = np.random.default_rng(21)
    years = np.arange(9.0)
    held = 0
    for _ in range(300):
        slope = generator.uniform(-1, 3)
        truth = {
            "flat": 60 + 0 * years,
            "rising": 50 + slope * years,
            "saturating": 100 / (1 + np.exp(-0.2 - 0.3 * years)),
        }
        values = np.clip(truth[shape] + 2 * noise(generator, 9, correlation), 0, 100)
        found = forecast(years=years[:7], values=values[:7], ahead=years[8:], level=0.8, bounds=(0, 100))
        held += found.low[0] <= values[8] <= found.high[0]
    assert 0.75 - 0.05 <= held / 300 <= 0.90 + 0.05


@given(values=st.lists(st.floats(0, 100), min_size=2, max_size=8))
@settings(max_examples=60)
def test_a_share_stays_a_share(values):
    found = forecast(
        years=np.arange(float(len(values))),
        values=np.array(values),
        ahead=np.array([len(values) + 1.0, len(values) + 9.0]),
        level=0.8,
        bounds=(0, 100),
    )
    assert ((found.value >= 0) & (found.value <= 100)).all()
    if len(values) == 2:
        assert np.isnan(found.low).all()
        return
    assert (found.low <= found.value + 1e-9).all()
    assert (found.value <= found.high + 1e-9).all()
    assert 0 <= found.rising <= 1


@given(values=st.lists(st.floats(0, 100), min_size=3, max_size=7))
@settings(max_examples=40)
def test_a_share_and_its_complement_mirror_each_other(values):
    years, ahead = np.arange(float(len(values))), np.array([len(values) + 2.0])
    one = forecast(years=years, values=np.array(values), ahead=ahead, level=0.8, bounds=(0, 100))
    other = forecast(years=years, values=100 - np.array(values), ahead=ahead, level=0.8, bounds=(0, 100))
    assert one.low[0] == pytest.approx(100 - other.high[0], abs=1e-3)
    assert one.value[0] == pytest.approx(100 - other.value[0], abs=1e-3)
