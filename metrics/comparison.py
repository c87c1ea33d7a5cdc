"""Fair comparison of units of very different sizes.

A register of every station has no sampling error. The intervals and limits here answer another question:
how much would this year's number move by chance alone, from year to year, if nothing had changed? Say so
beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import factorial
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

Kind = Literal["proportion", "rate"]
Floats = npt.NDArray[np.float64]

# Two-sided chances of a point outside the limits when nothing is unusual.
LIMITS: Final = {"95": 0.05, "998": 0.002}
# Fewer years cannot reach 5 percent in the exact Mann-Kendall test (at four, the smallest p is 2/24).
MINIMUM_YEARS: Final = 5


def proportion_interval(
    *, numerator: pd.Series, denominator: pd.Series, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the Wilson interval of a proportion: ``low`` and ``high``, from 0 to 1.

    Missing where either count is missing or the denominator is zero. Counts that are negative, or a
    numerator above its denominator, raise ``ValueError``. Source: Wilson 1927 (statsmodels).

    >>> proportion_interval(numerator=pd.Series([0]), denominator=pd.Series([10])).round(3).iloc[0].tolist()
    [0.0, 0.278]
    """
    counts = _counts(numerator, denominator, kind="proportion")
    usable = counts[counts.denominator > 0].dropna()
    low, high = proportion_confint(
        usable.numerator, usable.denominator, alpha=1 - confidence, method="wilson"
    )
    return (
        pd.DataFrame({"low": low, "high": high}, index=usable.index).reindex(counts.index).astype("float64")
    )


def rate_interval(
    *, numerator: pd.Series, denominator: pd.Series, multiplier: float = 1, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the exact Poisson interval of a rate, numerator / denominator x multiplier: ``low`` and ``high``.

    Missing where either is missing or the denominator is zero. Negative numbers raise ``ValueError``.
    Source: Garwood 1936 (chi-squared quantiles).

    >>> people = pd.Series([10_000])
    >>> rate_interval(numerator=pd.Series([0]), denominator=people, multiplier=10_000).round(2).iloc[0].tolist()
    [0.0, 3.69]
    """
    counts = _counts(numerator, denominator, kind="rate")
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * counts.numerator.where(counts.numerator > 0)) / 2
    high = stats.chi2.ppf(1 - tail, 2 * (counts.numerator + 1)) / 2
    scale = multiplier / counts.denominator.where(counts.denominator > 0)
    ends = pd.DataFrame({"low": low, "high": high}, index=counts.index).mul(scale, axis=0)
    return ends.assign(low=ends.low.mask(counts.numerator == 0, 0 * scale))


def _counts(numerator: pd.Series, denominator: pd.Series, *, kind: Kind) -> pd.DataFrame:
    """Return both counts as floats side by side, refused when they cannot be counts."""
    counts = pd.DataFrame({"numerator": numerator, "denominator": denominator}).astype("float64")
    if (counts < 0).any(axis=None):
        raise ValueError("counts must not be negative")
    if kind == "proportion" and (counts.numerator > counts.denominator).any():
        raise ValueError("a part must not exceed its whole")
    return counts


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """A funnel plot: each unit against what chance alone would spread around the common value.

    ``points`` (indexed like the input): ``value``, ``low_95``, ``high_95``, ``low_998``, ``high_998``, and
    ``position``: ``low_998``, ``low_95``, ``within``, ``high_95``, ``high_998`` (beyond that limit),
    ``unknown``. ``dispersion`` is the mean squared standard score after its tails are drawn in (1 or less
    when chance explains the spread); ``dispersed`` says whether it is more than chance explains, at 5 percent.
    When it is, many units lie outside for causes they share, and single ones should not be named for it.
    """

    target: float
    points: pd.DataFrame
    dispersion: float
    dispersed: bool


def funnel(*, numerator: pd.Series, denominator: pd.Series, kind: Kind, multiplier: float = 1) -> Funnel:
    """Return the funnel of a proportion (binomial) or a rate (Poisson) around sum / sum, 95 and 99.8 percent.

    Exact limits, interpolated between whole counts so that they are smooth in the denominator; dispersion
    with the extreme tenth of standard scores drawn in at each end. Units with a count missing or a
    denominator of zero are ``unknown``. Source: Spiegelhalter, Statistics in Medicine 24 (2005) 1185.

    >>> doctors, people = pd.Series([9, 12, 0]), pd.Series([10_000, 11_000, 12_000])
    >>> funnel(numerator=doctors, denominator=people, kind="rate").points.position.tolist()
    ['within', 'within', 'low_998']
    """
    counts = _counts(numerator, denominator, kind=kind)
    usable = counts[counts.denominator > 0].dropna()
    if usable.empty:
        raise ValueError("no unit has both counts")
    target = float(usable.numerator.sum() / usable.denominator.sum())
    limits = funnel_limits(target=target, denominator=usable.denominator, kind=kind)
    share = usable.numerator / usable.denominator
    position = np.select(
        [share < limits.low_998, share < limits.low_95, share > limits.high_998, share > limits.high_95],
        ["low_998", "low_95", "high_998", "high_95"],
        "within",
    )
    points = limits.assign(value=share)[["value", *limits.columns]] * multiplier
    points["position"] = pd.Series(position, index=points.index, dtype="str")
    points = points.reindex(counts.index)
    dispersion, chance = _dispersion(share, usable.denominator, target, kind)
    return Funnel(
        target=target * multiplier,
        points=points.assign(position=points.position.fillna("unknown")),
        dispersion=dispersion,
        dispersed=chance < 0.05,
    )


def funnel_limits(*, target: float, denominator: pd.Series, kind: Kind) -> pd.DataFrame:
    """Return the control limits at each denominator, as shares: ``low_95``, ``high_95``, ``low_998``, ``high_998``.

    Give a regular series of denominators to draw the funnel's lines. A whole count lies outside a limit
    exactly when the chance of one as extreme is below 2.5 (0.1) percent on that side; between whole counts
    the limit is interpolated, (r - a) / n below with r the p-quantile and a = (P(R <= r) - p) / P(R = r),
    and mirrored above. Source: Spiegelhalter 2005, appendix, whose upper limit we mirror from the lower
    one.

    >>> funnel_limits(target=0.5, denominator=pd.Series([100]), kind="proportion").round(2).iloc[0].tolist()
    [0.4, 0.6, 0.34, 0.66]
    """
    trials = denominator.to_numpy(dtype="float64")
    law = stats.binom(trials, target) if kind == "proportion" else stats.poisson(trials * target)
    limits = {}
    for name, chance in LIMITS.items():
        tail = chance / 2
        low, high = law.ppf(tail), law.ppf(1 - tail)
        limits[f"low_{name}"] = (low - _beyond(law.cdf(low) - tail, law.pmf(low))).clip(min=0) / trials
        limits[f"high_{name}"] = (high + _beyond(law.sf(high - 1) - tail, law.pmf(high))) / trials
    return pd.DataFrame(limits, index=denominator.index)


def _beyond(excess: Floats, mass: Floats) -> Floats:
    """Return how far beyond a whole count the limit lies, so that its tail has exactly the chance asked for."""
    return np.asarray(np.divide(excess, mass, out=np.zeros_like(mass), where=mass > 0))


def _dispersion(share: pd.Series, denominator: pd.Series, target: float, kind: Kind) -> tuple[float, float]:
    """Return the winsorised mean squared standard score, and the chance of one this large."""
    spread = target * (1 - target) if kind == "proportion" else target
    if spread <= 0:
        return 0.0, 1.0
    scores = (share - target) / np.sqrt(spread / denominator)
    drawn_in = scores.clip(scores.quantile(0.1), scores.quantile(0.9))
    dispersion = float((drawn_in**2).mean())
    return dispersion, float(stats.chi2.sf(dispersion * len(scores), len(scores)))


def smoothed(
    *, numerator: pd.Series, denominator: pd.Series, kind: Kind, multiplier: float = 1
) -> pd.DataFrame:
    """Return empirical-Bayes values beside the raw ones: ``raw``, ``smoothed``, ``weight`` (of the raw value).

    smoothed = w x raw + (1 - w) x common value; w = A / (A + v / n), where v is the variance of one trial
    (m for a rate, m (1 - m) for a proportion), and A = variance between units = weighted variance of the
    raw values - v / mean n, at least 0. Small units are drawn to the common value, large ones keep their
    own. Missing where a count is missing or the denominator is zero. Source: Marshall, Applied Statistics
    40 (1991) 283 (global form).

    >>> smoothed(numerator=pd.Series([0, 90]), denominator=pd.Series([10, 1000]), kind="rate").round(3).raw.tolist()
    [0.0, 0.09]
    """
    counts = _counts(numerator, denominator, kind=kind)
    usable = counts[counts.denominator > 0].dropna()
    if usable.empty:
        return pd.DataFrame(np.nan, index=counts.index, columns=["raw", "smoothed", "weight"])
    size = usable.denominator
    common = usable.numerator.sum() / size.sum()
    raw = usable.numerator / size
    variance = common * (1 - common) if kind == "proportion" else common
    between = max(float((size * (raw - common) ** 2).sum() / size.sum() - variance / size.mean()), 0.0)
    weight = between / (between + variance / size) if variance > 0 else pd.Series(0.0, index=usable.index)
    result = pd.DataFrame(
        {
            "raw": raw * multiplier,
            "smoothed": (weight * raw + (1 - weight) * common) * multiplier,
            "weight": weight,
        }
    )
    return result.reindex(counts.index)


def ranks(
    *, values: pd.Series, denominator: pd.Series, minimum_denominator: float, highest_first: bool
) -> pd.Series:
    """Return each unit's rank, 1 first, equal values sharing the better; missing below the minimum denominator.

    >>> ranks(values=pd.Series([1.0, 3.0, 9.0]), denominator=pd.Series([900, 800, 20]), minimum_denominator=100,
    ...       highest_first=True).tolist()
    [2, 1, <NA>]
    """
    enough = denominator.ge(minimum_denominator).fillna(False).astype(bool)
    return values.where(enough).rank(method="min", ascending=not highest_first).astype("Int64")


def trend(*, values: pd.DataFrame, polarity: str, significance: float = 0.05) -> pd.DataFrame:
    """Return each unit's trend over the years: is it real, which way, and is that good.

    ``values`` has one row per unit and one column per year (numbers); a missing year is left out. Columns:
    ``years`` used, ``slope`` (median change a year between all pairs of years, Theil-Sen), ``p``
    (Mann-Kendall, two-sided: exact where all values differ, else the normal form corrected for ties and
    continuity), ``direction`` (``up``, ``down``, ``none`` when not significant, ``too_few`` years) and
    ``meaning`` (``better`` or ``worse`` by ``polarity``, else ``none``). Source: Mann 1945; Kendall 1975;
    Sen 1968.

    >>> visits = pd.DataFrame([[1, 3, 5, 7, 9]], columns=range(2020, 2025))
    >>> result = trend(values=visits, polarity="lower_is_better")
    >>> result.slope.tolist(), result.direction.tolist(), result.meaning.tolist()
    ([2.0], ['up'], ['worse'])
    """
    amounts = values.to_numpy(dtype="float64", na_value=np.nan)
    years = np.asarray(values.columns, dtype="float64")
    first, second = np.triu_indices(len(years), k=1)
    differences = amounts[:, second] - amounts[:, first]
    used = (~np.isnan(amounts)).sum(axis=1)
    score = np.nansum(np.sign(differences), axis=1)
    chance = _mann_kendall(score, used, amounts)
    enough = used >= MINIMUM_YEARS
    real = enough & (chance < significance)
    direction = np.select(
        [~enough, real & (score > 0), real & (score < 0)], ["too_few", "up", "down"], "none"
    )
    good = {"higher_is_better": "up", "lower_is_better": "down"}.get(polarity)
    meaning = np.select([~real | (good is None), direction == good], ["none", "better"], "worse")
    frame = pd.DataFrame({"years": used, "slope": _median_slopes(differences, years[second] - years[first])})
    frame["p"] = np.where(enough, chance, np.nan)
    frame["direction"] = pd.Series(direction, dtype="str")
    frame["meaning"] = pd.Series(meaning, dtype="str")
    return frame.set_axis(values.index, axis=0)


def _median_slopes(differences: Floats, spans: Floats) -> Floats:
    """Return the median slope of each row; missing where no pair of years is known."""
    slopes = pd.DataFrame(differences / spans)
    return slopes.median(axis=1).to_numpy(dtype="float64")


def _mann_kendall(score: Floats, used: npt.NDArray[np.int_], amounts: Floats) -> Floats:
    """Return the two-sided chance of a score this far from zero when the order of the years is random."""
    ties = _tie_terms(amounts)
    variance = (used * (used - 1) * (2 * used + 5) - ties) / 18
    standard = np.maximum(np.abs(score) - 1, 0) / np.sqrt(np.where(variance > 0, variance, np.inf))
    chance = np.asarray(2 * stats.norm.sf(standard), dtype="float64")
    for years in np.unique(used[ties == 0]):
        exact = (ties == 0) & (used == years)
        inversions = ((years * (years - 1) / 2 - np.abs(score[exact])) / 2).astype(int)
        chance[exact] = np.minimum(2 * _chance_of_inversions(int(years))[inversions], 1)
    return chance


def _tie_terms(amounts: Floats) -> Floats:
    """Return, for each row, the sum over groups of equal values of t (t - 1) (2 t + 5)."""
    equal = (amounts[:, :, None] == amounts[:, None, :]).sum(axis=2)
    terms = np.where(equal > 0, (equal - 1) * (2 * equal + 5), 0)
    return np.asarray(terms.sum(axis=1), dtype="float64")


@cache
def _chance_of_inversions(years: int) -> Floats:
    """Return P(inversions <= k) for k = 0.. in a random order of that many different values."""
    counts = np.ones(1)
    for size in range(2, years + 1):
        counts = np.convolve(counts, np.ones(size))
    return np.asarray(np.cumsum(counts) / factorial(years), dtype="float64")
