"""Trends of counts over a few years: is it real, which way, and is that good.

Each unit's rate or proportion is fitted by a weighted line over the years, with the variance that chance gives
counts of that size (Poisson or binomial), times a dispersion of its own. Two things make a short series look
like a trend and are allowed for:

* **dispersion**: visits vary more than chance. Each unit's is drawn to what is usual among the units shown by
  as much as they are alike (empirical Bayes), and is never below 1;
* **autocorrelation**: a good year is followed by a good one. It is estimated once from all units shown, at the
  upper end of what they allow, so that few units make the test careful.

Of all units shown, at most 5 percent of the arrows are false on average (Benjamini and Hochberg 1995).
Sources: McCullagh and Nelder, Generalized Linear Models, 2nd ed., section 9.3 (dispersion); Smyth, Statistical
Applications in Genetics and Molecular Biology 3 (2004) 3 (moderation); Judge et al., Theory and Practice of
Econometrics, 2nd ed., section 8.2 (autocorrelated errors).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from metrics.comparison import Kind

Floats = npt.NDArray[np.float64]

# Fewer years leave too little to tell a trend from its noise.
MINIMUM_YEARS: Final = 5
HIGHEST: Final = 0.9
GRID: Final = np.linspace(0.0, HIGHEST, 37)


def trend(
    *,
    numerator: pd.DataFrame,
    denominator: pd.DataFrame,
    kind: Kind,
    polarity: str,
    multiplier: float = 1,
    significance: float = 0.05,
) -> pd.DataFrame:
    """Return each unit's trend over the years, tested for all units together.

    Both frames have one row per unit and one column per year; a year without both counts, or with a
    denominator of zero, is left out. Columns: ``years`` used, ``slope`` (change of the value a year), ``p``
    (two-sided), ``adjusted`` (false discovery rate over the units), ``direction`` (``up``, ``down``, ``none``
    when not significant, ``too_few`` years) and ``meaning`` (``better`` or ``worse`` by ``polarity``, else
    ``none``). A numerator that never changes has no trend, however its denominator grows.

    >>> years = range(2019, 2025)
    >>> visits = pd.DataFrame([[100, 140, 190, 230, 290, 330], [3, 3, 3, 3, 3, 3]], columns=years)
    >>> people = pd.DataFrame([[9000] * 6, [8000, 8100, 8200, 8300, 8400, 8500]], columns=years)
    >>> found = trend(numerator=visits, denominator=people, kind="rate", polarity="higher_is_better")
    >>> found.direction.tolist(), found.meaning.tolist()
    (['up', 'none'], ['better', 'none'])
    """
    fit = _Lines(numerator, denominator, kind)
    enough = fit.years >= MINIMUM_YEARS
    usable = enough & fit.varies
    chance = np.where(enough, 1.0, np.nan)
    if usable.any():
        chance[usable] = fit.chances(usable)
    adjusted = chance.copy()
    adjusted[enough] = stats.false_discovery_control(chance[enough]) if enough.any() else chance[enough]
    real = enough & (adjusted <= significance)
    direction = np.select(
        [~enough, real & (fit.slope > 0), real & (fit.slope < 0)], ["too_few", "up", "down"], "none"
    )
    good = {"higher_is_better": "up", "lower_is_better": "down"}.get(polarity)
    meaning = np.select([~real | (good is None), direction == good], ["none", "better"], "worse")
    frame = pd.DataFrame({"years": fit.years, "slope": fit.slope * multiplier, "p": chance})
    frame["adjusted"] = adjusted
    frame["direction"] = pd.Series(direction, dtype="str")
    frame["meaning"] = pd.Series(meaning, dtype="str")
    return frame.set_axis(numerator.index, axis=0)


class _Lines:
    """The weighted line of every unit, its residuals in units of chance, and what correlation does to them."""

    def __init__(self, numerator: pd.DataFrame, denominator: pd.DataFrame, kind: Kind) -> None:
        counts = numerator.to_numpy(dtype="float64", na_value=np.nan)
        size = denominator.reindex(columns=numerator.columns).to_numpy(dtype="float64", na_value=np.nan)
        known = ~np.isnan(counts) & (size > 0)
        self.years = known.sum(axis=1)
        counts, size = np.where(known, counts, 0.0), np.where(known, size, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            common = counts.sum(axis=1) / size.sum(axis=1)
            share = np.where(known, counts / size, 0.0)
        variance = common * (1 - common) if kind == "proportion" else common
        most = np.max(np.where(known, counts, -np.inf), axis=1)
        self.varies = (variance > 0) & (most > np.min(np.where(known, counts, np.inf), axis=1))
        with np.errstate(invalid="ignore", divide="ignore"):
            root = np.where(self.varies[:, None], np.sqrt(size / variance[:, None]), 0.0)
            year = np.asarray(numerator.columns, dtype="float64")[None, :]
            middle = (root**2 * year).sum(axis=1) / (root**2).sum(axis=1)
            self.lever = root * np.where(self.varies[:, None], year - middle[:, None], 0.0)
            self.square = (self.lever**2).sum(axis=1)
            self.slope = np.where(self.varies, (self.lever * root * share).sum(axis=1) / self.square, 0.0)
        level = root / np.sqrt((root**2).sum(axis=1, keepdims=True)).clip(1e-300)
        steep = self.lever / np.sqrt(self.square)[:, None].clip(1e-300)
        self.basis = np.stack([level, np.nan_to_num(steep)], axis=2)
        scaled = root * share
        self.residual = scaled - (self.basis @ (self.basis.transpose(0, 2, 1) @ scaled[:, :, None]))[:, :, 0]
        apart = np.abs(year.T - year)
        self.correlation = GRID[:, None, None] ** apart[None]
        self.seen = known

    def chances(self, usable: npt.NDArray[np.bool_]) -> Floats:
        """Return the two-sided chance of each usable unit's slope where nothing moves."""
        at = self._correlation(usable)
        matrix = self.correlation[at]
        left = self.residual[usable]
        free = self._traces(usable, matrix[None])[:, 0]
        own = (left**2).sum(axis=1) / free
        degrees = self.years[usable] - 2.0
        spread, total = _moderated(own, degrees)
        lever, square = self.lever[usable], self.square[usable]
        inflation = ((lever @ matrix) * lever).sum(axis=1) / square
        score = self.slope[usable] * np.sqrt(square / (np.maximum(spread, 1.0) * inflation))
        return np.asarray(2 * stats.t.sf(np.abs(score), total), dtype="float64")

    def _traces(self, usable: npt.NDArray[np.bool_], matrices: Floats) -> Floats:
        """Return the expected sum of squared residuals, in units of the dispersion: units x correlations."""
        basis = self.basis[usable]
        taken = (basis @ basis.transpose(0, 2, 1)).reshape(len(basis), -1) @ matrices.reshape(
            len(matrices), -1
        ).T
        return np.asarray(np.maximum(self.years[usable][:, None] - taken, 1e-6))

    def _correlation(self, usable: npt.NDArray[np.bool_]) -> int:
        """Return the autocorrelation of neighbouring years, as a place in the grid: the upper end of the likely.

        Residuals of a line through six years look negatively correlated even where the noise is not, so what is
        seen (sum of products of neighbours / sum of squares, over all units) is compared with what each value
        on the grid would give. One standard error is added, 1 / sqrt(units x (years - 2)), the units counted by
        how much each weighs in the sums.
        """
        left, basis = self.residual[usable], self.basis[usable]
        own = (left**2).sum(axis=1)
        seen = float((left[:, 1:] * left[:, :-1]).sum() / max(float(own.sum()), 1e-300))
        units = float(own.sum()) ** 2 / max(float((own**2).sum()), 1e-300)
        error = 1 / np.sqrt(max(units * float((self.years[usable] - 2).mean()), 1.0))
        width = left.shape[1]
        rest = np.eye(width) * self.seen[usable][:, :, None] - basis @ basis.transpose(0, 2, 1)
        beside = (np.eye(width, k=1) + np.eye(width, k=-1)) / 2
        products = (rest @ beside @ rest).reshape(len(left), -1) @ self.correlation.reshape(len(GRID), -1).T
        weight = own / self._traces(usable, self.correlation[:1])[:, 0]
        expected = (weight @ products) / (weight @ self._traces(usable, self.correlation))
        return int(np.searchsorted(expected, seen + error).clip(0, len(GRID) - 1))


def _moderated(own: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """Draw each unit's dispersion to the usual one, and return it with its degrees of freedom.

    log s^2 of like units spreads by trigamma(d / 2); what it spreads beyond that says how unlike they are, and
    gives the degrees of freedom d0 of the usual value s0^2: (d0 s0^2 + d s^2) / (d0 + d). Smyth 2004, section 6.2.
    """
    if len(own) < 3:
        return own, degrees
    floor = 1e-4 * max(float(np.median(own)), 1e-12)
    logs = np.log(np.maximum(own, floor)) - special.digamma(degrees / 2) + np.log(degrees / 2)
    beyond = float(logs.var(ddof=1) - special.polygamma(1, degrees / 2).mean())
    if beyond <= 0:
        prior, usual = 1e6, float(np.exp(logs.mean()))
    else:
        half = _inverse_trigamma(beyond)
        prior = 2 * half
        usual = float(np.exp(logs.mean() + special.digamma(half) - np.log(half)))
    return (prior * usual + degrees * own) / (prior + degrees), degrees + prior


def _inverse_trigamma(value: float) -> float:
    """Return y with trigamma(y) = value, by Newton's steps on 1 / trigamma (Smyth 2004, appendix).

    >>> round(float(special.polygamma(1, _inverse_trigamma(0.7))), 9)
    0.7
    """
    guess = 0.5 + 1 / value
    for _ in range(50):
        slope = special.polygamma(1, guess)
        step = float(slope * (1 - slope / value) / special.polygamma(2, guess))
        guess += step
        if -step / guess < 1e-10:
            break
    return float(guess)
