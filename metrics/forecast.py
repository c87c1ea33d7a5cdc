"""A few figures of past years carried forward, with a range that holds what it says.

The curve is straight on a scale that knows what the figures cannot leave (a logistic curve for a percentage),
and flattens out: h years ahead it has gone damp + damp^2 + ... + damp^h years' worth of its slope. Its noise may
be correlated from year to year, by how much six figures cannot tell; so every value of a grid is tried and
weighed by how well it explains the figures (restricted likelihood of the curve made linear where it fits best),
and the range is that of the mixture: of a new observation, Student's t with n - 2 degrees of freedom for each,
cut at the bounds. Sources: Bates and Watts, Nonlinear Regression Analysis, ch. 2 (linear approximation);
Gardner and McKenzie, Management Science 31 (1985) 1237 (damping); Harville, Biometrika 61 (1974) 383
(restricted likelihood); Chib, Journal of Econometrics 58 (1993) 275 (regression with autocorrelated errors).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float] | None

CORRELATIONS: Final = np.array([0.0, 0.3, 0.6, 0.8, 0.9, 0.95])
# Weight before the figures are seen: few figures look less correlated than they are, so much of it counts double.
BEFORE: Final = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
DAMPING: Final = np.array([0.8, 0.9, 1.0])
# No percentage is told from its bound more finely than this logit (0.03 percent).
STEEPEST: Final = 8.0


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The line and its range on the days asked for, and what the slope is known to be.

    ``value``, ``low``, ``high``: mean of the curves and ends of the range, in the unit of the figures.
    ``pace``: the slope at the latest figure, per year, in that unit. ``level``: the line there. ``rising``: the
    chance that the slope is above zero. Range and chance are missing with fewer than three figures.
    """

    value: Floats
    low: Floats
    high: Floats
    pace: float
    level: float
    rising: float


def forecast(
    *, years: Floats, values: Floats, ahead: Floats, level: float, bounds: Bounds = None
) -> Forecast:
    """Carry figures forward: ``years`` and ``values`` of two or more, ``ahead`` the years asked for.

    ``bounds`` are what the figures cannot leave; where both ends are finite the scale is the logit between them,
    else the result is only cut at them.

    >>> made = forecast(years=np.arange(5.0), values=np.array([60.0, 70, 76, 83, 88]), ahead=np.array([10.0]),
    ...     level=0.8, bounds=(0, 100))
    >>> bool(85 < made.low[0] < made.value[0] < made.high[0] <= 100)
    True
    """
    scale = _Scale(bounds)
    line = _Mixture(np.asarray(years, dtype="float64"), np.asarray(values, dtype="float64"), scale)
    place, spread, weight = line.predicted(np.asarray(ahead, dtype="float64"))
    tail = (1 - level) / 2
    value = weight @ scale.cut(place)
    low = high = np.full(len(value), np.nan)
    if line.degrees > 0:
        low, high = (_quantile(one, place, spread, weight, line.degrees) for one in (tail, 1 - tail))
        value = np.clip(value, low, high)
    return Forecast(
        value=scale.cut(value),
        low=scale.cut(low),
        high=scale.cut(high),
        pace=line.slope * float(scale.steepness(np.array(line.level))),
        level=float(scale.back(np.array(line.level))),
        rising=line.rising,
    )


class _Scale:
    """On which scale the curve is straight: that of the figures, or the logit between two bounds."""

    def __init__(self, bounds: Bounds) -> None:
        self.low, self.high = bounds or (-np.inf, np.inf)
        self.width = self.high - self.low
        self.bent = bool(np.isfinite(self.width))

    def to(self, values: Floats) -> Floats:
        """Return figures on the scale, a first guess: those at a bound are drawn in by one percent."""
        if not self.bent:
            return values
        share = np.clip((values - self.low) / self.width, 0.01, 0.99)
        return np.asarray(np.log(share / (1 - share)))

    def back(self, scores: Floats) -> Floats:
        """Return the scale's numbers as figures."""
        return np.asarray(self.low + self.width * special.expit(scores)) if self.bent else scores

    def steepness(self, scores: Floats) -> Floats:
        """Return how much a figure changes for one step on the scale, at a place on it."""
        if not self.bent:
            return np.ones_like(scores)
        share = special.expit(np.clip(scores, -STEEPEST, STEEPEST))
        return np.asarray(self.width * share * (1 - share))

    def cut(self, values: Floats) -> Floats:
        """Return figures within the bounds."""
        return np.asarray(np.clip(values, self.low, self.high))


class _Mixture:
    """The curve fitted under every correlation of the grid, each with the weight the figures give it."""

    def __init__(self, years: Floats, values: Floats, scale: _Scale) -> None:
        self.last, self.years, self.scale = float(years[-1]), years, scale
        self.degrees = len(years) - 2
        plain = np.column_stack([np.ones(len(years)), years - self.last])
        best = _best_curve(plain, values, scale)
        slant = scale.steepness(plain @ best)
        self.design = plain * slant[:, None]
        response = values - scale.back(plain @ best) + self.design @ best
        apart = np.abs(years[:, None] - years[None, :])
        found = []
        for correlation in CORRELATIONS if self.degrees > 0 else CORRELATIONS[:1]:
            matrix = correlation**apart
            inverse = np.linalg.inv(matrix)
            within = self.design.T @ inverse @ self.design
            covariance = np.linalg.pinv(within)
            line = covariance @ self.design.T @ inverse @ response
            rest = response - self.design @ line
            square = max(float(rest @ inverse @ rest), 1e-24)
            log = -0.5 * (np.linalg.slogdet(matrix)[1] + np.linalg.slogdet(within)[1])
            log -= 0.5 * self.degrees * np.log(square)
            found.append((correlation, inverse, covariance, line, rest, square, log))
        logs = np.array([one[-1] for one in found]) + np.log(BEFORE[: len(found)])
        self.weight = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
        self.fits = found
        lines = np.array([one[3] for one in found])
        self.level, self.slope = (float(one) for one in self.weight @ lines)
        self.rising = self._rising(lines) if self.degrees > 0 else np.nan

    def _rising(self, lines: Floats) -> float:
        """Return the chance that the slope is above zero."""
        errors = np.sqrt([one[5] / self.degrees * one[2][1, 1] for one in self.fits])
        return float(self.weight @ special.stdtr(self.degrees, lines[:, 1] / np.maximum(errors, 1e-12)))

    def predicted(self, ahead: Floats) -> tuple[Floats, Floats, Floats]:
        """Return place and spread of one new observation on every day, for each correlation and damping."""
        places, spreads, weights = [], [], []
        steps = np.maximum(ahead - self.last, 0.0)
        for damping in DAMPING:
            # whole years: damp + ... + damp^h; the same formula in between
            gone = steps if damping == 1 else damping * (1 - damping**steps) / (1 - damping)
            asked = np.column_stack([np.ones(len(steps)), gone])
            for weight, (correlation, inverse, covariance, line, rest, square, _) in zip(
                self.weight, self.fits, strict=True
            ):
                near = correlation ** np.abs(ahead[:, None] - self.years[None, :])
                pull = near @ inverse
                score = asked @ line
                beyond = asked * self.scale.steepness(score)[:, None] - pull @ self.design
                variance = 1 - (pull * near).sum(axis=1) + ((beyond @ covariance) * beyond).sum(axis=1)
                places.append(self.scale.back(score) + pull @ rest)
                spreads.append(np.sqrt(np.maximum(variance, 0) * square / max(self.degrees, 1)))
                weights.append(weight / len(DAMPING))
        return np.array(places), np.array(spreads), np.array(weights)


def _best_curve(design: Floats, values: Floats, scale: _Scale) -> Floats:
    """Return level and slope of least squares in the unit of the figures, by halved Gauss-Newton steps."""
    line: Floats = np.asarray(np.linalg.lstsq(design, scale.to(values), rcond=None)[0], dtype=np.float64)
    if not scale.bent:
        return line

    def miss(one: Floats) -> float:
        return float(((values - scale.back(design @ one)) ** 2).sum())

    for _ in range(25):
        slant = design * scale.steepness(design @ line)[:, None]
        step = np.linalg.lstsq(slant, values - scale.back(design @ line), rcond=None)[0]
        share = next(
            (
                half
                for half in 0.5 ** np.arange(8)
                if miss(line + half * step) < miss(line)
                and np.abs(design @ (line + half * step)).max() <= STEEPEST
            ),
            0.0,
        )
        line = line + share * step
        if share * np.abs(step).max() < 1e-6:
            break
    return line


def _quantile(chance: float, place: Floats, spread: Floats, weight: Floats, degrees: int) -> Floats:
    """Return the quantile of a mixture of Student's t on each day, by bisection."""
    safe = np.maximum(spread, 1e-12)
    reach = -special.stdtrit(degrees, min(chance, 1 - chance) / 10) * safe
    low, high = (place - reach).min(axis=0), (place + reach).max(axis=0)
    for _ in range(45):
        middle = (low + high) / 2
        below = weight @ special.stdtr(degrees, (middle - place) / safe) < chance
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
