"""Fair comparison of units of very different sizes.

A register of every station has no sampling error. The intervals and limits here answer another question:
how much would this year's number move by chance alone, from year to year, if nothing had changed? Say so
beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from metrics.registry import Indicator

Kind = Literal["proportion", "rate"]
Spread = Literal["more", "chance", "less"]
Floats = npt.NDArray[np.float64]

# Two-sided chances of a point outside the limits when nothing is unusual.
LIMITS: Final = {"95": 0.05, "998": 0.002}
ALPHA: Final = 0.05
# Of fewer units a spread cannot be told from chance.
LEAST_UNITS: Final = 5
MOST_DRAWS, LEAST_DRAWS, CELLS, SEED = 999, 199, 400_000, 20050130


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
    ``unknown``. ``dispersion``: how many times chance the units' spread is (variance; about 1 where chance
    explains it). ``spread``: ``more`` or ``less`` than chance at 5 percent on that side, else ``chance``.
    ``between``: standard deviation between units on the transformed scale by which the limits are widened;
    0 unless the spread is ``more``. Where it is ``less``, chance is not what moves the units (posts are filled
    by decision) and the limits say nothing of them.
    """

    kind: Kind
    target: float
    points: pd.DataFrame
    dispersion: float
    spread: Spread
    between: float

    @property
    def dispersed(self) -> bool:
        """Whether the units differ by more than chance explains."""
        return self.spread == "more"


def kind_of(*, indicator: Indicator) -> Kind | None:
    """Return the one law an indicator is compared by: of a proportion, of a rate, or none where nothing is divided.

    A percentage counts part of its denominator (stations with a doctor); any other ratio counts events.

    >>> from metrics.registry import indicators
    >>> [kind_of(indicator=indicators()[name]) for name in ("stations_with_doctor", "doctors_per_10000", "staff")]
    ['proportion', 'rate', None]
    """
    if indicator.formula not in ("ratio", "compliance"):
        return None
    return "proportion" if indicator.unit.en == "%" else "rate"


def are_posts(*, indicator: Indicator) -> bool:
    """Tell whether an indicator counts filled posts: an administrative decision, so the norm judges, not chance.

    >>> from metrics.registry import indicators
    >>> [are_posts(indicator=indicators()[name]) for name in ("stations_with_doctor", "visits_per_person")]
    [True, False]
    """
    return indicator.numerator is not None and indicator.numerator.table == "staffing"


def funnel(*, numerator: pd.Series, denominator: pd.Series, kind: Kind, multiplier: float = 1) -> Funnel:
    """Return the funnel of a proportion (binomial) or a rate (Poisson) around sum / sum, 95 and 99.8 percent.

    Where chance explains the spread, the limits are exact (:func:`funnel_limits`). Where the units differ by
    more, they are those of an additive random effect: the variance between units, by moments from the
    winsorised scores, is added to each unit's own. The test refers the winsorised mean square to its own
    distribution, simulated with the same total (:func:`_dispersion`). Units with a count missing or a
    denominator of zero are ``unknown``. Source: Spiegelhalter, Statistics in Medicine 24 (2005) 1185;
    Spiegelhalter et al., JRSS A 175 (2012) 1.

    >>> doctors, people = pd.Series([9, 12, 0]), pd.Series([10_000, 11_000, 12_000])
    >>> funnel(numerator=doctors, denominator=people, kind="rate").points.position.tolist()
    ['within', 'within', 'low_998']
    """
    counts = _counts(numerator, denominator, kind=kind)
    usable = counts[counts.denominator > 0].dropna()
    if usable.empty:
        raise ValueError("no unit has both counts")
    target = float(usable.numerator.sum() / usable.denominator.sum())
    dispersion, spread, between = _dispersion(usable, target, kind)
    limits = funnel_limits(target=target, denominator=usable.denominator, kind=kind, between=between)
    share = usable.numerator / usable.denominator
    position = np.select(
        [share < limits.low_998, share < limits.low_95, share > limits.high_998, share > limits.high_95],
        ["low_998", "low_95", "high_998", "high_95"],
        "within",
    )
    points = limits.assign(value=share)[["value", *limits.columns]] * multiplier
    points["position"] = pd.Series(position, index=points.index, dtype="str")
    points = points.reindex(counts.index)
    return Funnel(
        kind=kind,
        target=target * multiplier,
        points=points.assign(position=points.position.fillna("unknown")),
        dispersion=dispersion,
        spread=spread,
        between=between,
    )


def funnel_limits(*, target: float, denominator: pd.Series, kind: Kind, between: float = 0.0) -> pd.DataFrame:
    """Return the control limits at each denominator, as shares: ``low_95``, ``high_95``, ``low_998``, ``high_998``.

    Give a regular series of denominators to draw the funnel's lines. A whole count lies outside a limit
    exactly when the chance of one as extreme is below 2.5 (0.1) percent on that side; between whole counts
    the limit is interpolated, (r - a) / n below with r the p-quantile and a = (P(R <= r) - p) / P(R = r),
    and mirrored above. Source: Spiegelhalter 2005, appendix, whose upper limit we mirror from the lower
    one. With ``between`` (standard deviation between units) the limits are g(target) +/- z sqrt(1 / 4n +
    between^2) on the scale g that makes the variance one of n alone, arcsin sqrt of a proportion and sqrt of
    a rate (Spiegelhalter et al. 2012), and never inside the exact ones. No limit leaves 0 to 1 (a
    proportion) or falls below 0.

    >>> funnel_limits(target=0.5, denominator=pd.Series([100]), kind="proportion").round(2).iloc[0].tolist()
    [0.4, 0.6, 0.34, 0.66]
    """
    trials = denominator.to_numpy(dtype="float64")
    law = stats.binom(trials, target) if kind == "proportion" else stats.poisson(trials * target)
    most = 1.0 if kind == "proportion" else np.inf
    limits = {}
    for name, chance in LIMITS.items():
        tail = chance / 2
        low, high = law.ppf(tail), law.ppf(1 - tail)
        below = (low - _beyond(law.cdf(low) - tail, law.pmf(low))) / trials
        above = (high + _beyond(law.sf(high - 1) - tail, law.pmf(high))) / trials
        if between > 0:
            centre = _stable(np.asarray(target), kind)
            reach = stats.norm.isf(tail) * np.sqrt(0.25 / trials + between**2)
            below = np.minimum(below, _unstable(centre - reach, kind))
            above = np.maximum(above, _unstable(centre + reach, kind))
        limits[f"low_{name}"], limits[f"high_{name}"] = np.clip(below, 0, most), np.clip(above, 0, most)
    return pd.DataFrame(limits, index=denominator.index)


def _beyond(excess: Floats, mass: Floats) -> Floats:
    """Return how far beyond a whole count the limit lies, so that its tail has exactly the chance asked for."""
    return np.asarray(np.divide(excess, mass, out=np.zeros_like(mass), where=mass > 0))


def _stable(share: Floats, kind: Kind) -> Floats:
    """Return shares on the scale where chance has the variance 1 / 4n whatever the share."""
    root = np.sqrt(share)
    return np.asarray(np.arcsin(np.minimum(root, 1.0)) if kind == "proportion" else root)


def _unstable(score: Floats, kind: Kind) -> Floats:
    """Return scores of :func:`_stable` as shares again, those beyond its ends at the ends."""
    inside = np.maximum(score, 0.0)
    return np.asarray(np.sin(np.minimum(inside, np.pi / 2)) if kind == "proportion" else inside) ** 2


def _dispersion(counts: pd.DataFrame, target: float, kind: Kind) -> tuple[float, Spread, float]:
    """Return how many times chance the spread is, whether that is more or less than chance, and what is between.

    The mean squared score, its extreme tenths drawn in (so that a few odd units do not make all of them look
    dispersed), is compared with the same of tables that have the same denominators and total and differ by
    chance alone: hypergeometric for a proportion, multinomial for a rate. That is exact for any size of counts,
    where the chi-squared distribution is of the statistic not drawn in. The ratio to their mean is the
    dispersion phi; the variance between units is (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = 4n.
    """
    size = counts.denominator.to_numpy()
    total = float(counts.numerator.sum())
    if len(counts) < LEAST_UNITS or target <= 0 or (kind == "proportion" and target >= 1):
        return 1.0, "chance", 0.0
    draw = np.random.default_rng(SEED)
    draws = MOST_DRAWS if MOST_DRAWS * len(size) <= CELLS else LEAST_DRAWS
    if kind == "proportion":
        whole = np.rint(size).astype(np.int64)
        chance = draw.multivariate_hypergeometric(whole, round(total), draws, method="marginals")
    else:
        chance = draw.multinomial(round(total), size / size.sum(), draws)
    centre = _stable(np.asarray(target), kind)
    shares = (
        np.vstack([counts.numerator.to_numpy(), np.minimum(chance, size) if kind == "proportion" else chance])
        / size
    )
    scores = (_stable(shares, kind) - centre) * 2 * np.sqrt(size)
    low, high = np.quantile(scores, [0.1, 0.9], axis=1)[:, :, None]
    squares = (np.clip(scores, low, high) ** 2).mean(axis=1)
    seen, expected = squares[0], squares[1:]
    phi = float(seen / max(expected.mean(), 1e-12))
    above, below = (
        (1 + int(found.sum())) / (1 + draws) for found in (expected >= seen - 1e-12, expected <= seen + 1e-12)
    )
    if above > ALPHA:
        return phi, "less" if below <= ALPHA else "chance", 0.0
    weight = 4 * size
    excess = len(size) * phi - (len(size) - 1)
    between = excess / float(weight.sum() - (weight**2).sum() / weight.sum())
    return phi, "more", float(np.sqrt(max(between, 0.0)))


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
