"""What the atlas's claims are worth: size, power and coverage on simulated data whose truth is known.

``measure`` prints each beside what was promised; the seed is in every line, so that any of them can be drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench import Promise
from metrics.comparison import funnel
from metrics.forecast import forecast
from metrics.multiple import adjust
from metrics.pilot_effects import difference_in_differences
from metrics.pilot_matching import comparisons
from metrics.pilot_placebos import Placebos, placebos
from metrics.targets import bounds_of, standing
from metrics.trends import trend

Floats = npt.NDArray[np.float64]

SEED = 20261128
RUNS = 400
YEARS = 6
MONTHS = pd.period_range("2023-01", periods=36, freq="M")
OPENED = pd.Timestamp("2024-11-01")
INDICATORS = 14
SCENES = (
    "equal noise",
    "autocorrelated 0.8",
    "pilots three times noisier",
    "one shared district",
    "smallest communes",
)


def measure() -> Iterator[Promise]:
    """Measure every claim."""
    yield from funnels()
    yield from trends()
    yield from projections()
    yield from pilots()


def noise(draw: np.random.Generator, rows: int, length: int, correlation: float) -> Floats:
    """Draw noise of variance 1, correlated from one period to the next."""
    found = np.empty((rows, length))
    found[:, 0] = draw.normal(size=rows)
    for at in range(1, length):
        fresh = np.sqrt(1 - correlation**2) * draw.normal(size=rows)
        found[:, at] = correlation * found[:, at - 1] + fresh
    return found


def _percent(name: str, found: list[float], most: float | None, runs: int) -> Promise:
    beside = f"{runs} runs, seed {SEED}"
    return Promise(name=name, measured=100 * float(np.mean(found)), limit=most, unit="percent", beside=beside)


# -- funnel ------------------------------------------------------------------------------------------------


def funnels(runs: int = RUNS) -> Iterator[Promise]:
    """Measure the dispersion test's size and power, and how many units widened limits call odd."""
    for kind, size in (("rate", 12_000), ("proportion", 20)):
        for between in (0.0, 0.3 if kind == "rate" else 0.15):
            draw = np.random.default_rng(SEED)
            found = [funnel(**table(draw, kind, 77, size, between), kind=kind) for _ in range(runs)]  # type: ignore[arg-type]
            what = f"funnel of a {kind}, 77 units"
            if between == 0:
                size_of = [float(one.dispersed) for one in found]
                yield _percent(f"{what}: size of the dispersion test (5)", size_of, 7, runs)
                continue
            missed = [1.0 - one.dispersed for one in found]
            yield _percent(f"{what}: spread of {100 * between:g} percent missed", missed, 20, runs)
            odd = [float(one.points["position"].str.endswith("998").mean()) for one in found]
            yield _percent(f"{what}: called odd beyond widened 99.8", odd, 1, runs)


def table(
    draw: np.random.Generator, kind: str, units: int, size: int, between: float
) -> dict[str, pd.Series]:
    """Draw counts of units whose true level differs by ``between`` times the common one."""
    bottom = draw.integers(size // 2, size * 3 // 2, units)
    wave = np.exp(draw.normal(0, between, units) - between**2 / 2)
    counts = {
        "rate": lambda: draw.poisson(bottom * 0.001 * wave),
        "proportion": lambda: draw.binomial(bottom, np.minimum(0.6 * wave, 1)),
    }
    top = counts[kind]()
    return {"numerator": pd.Series(top), "denominator": pd.Series(bottom)}


# -- trend arrows ------------------------------------------------------------------------------------------


def trends(runs: int = RUNS // 2) -> Iterator[Promise]:
    """Measure false arrows of 60 units over six years, before and after the correction, and true ones."""
    for name, spread, correlation, most in (
        ("counts alone", 0.0, 0.0, 6),
        ("independent noise", 0.15, 0.0, 6),
        ("autocorrelated 0.8", 0.15, 0.8, 8),
    ):
        draw = np.random.default_rng(SEED)
        chance, shown = [], []
        for _ in range(runs):
            found = trend(**visits(draw, 60, spread, correlation), kind="rate", polarity="neutral")
            chance.append(float((found["p"] <= 0.05).mean()))
            shown.append(float(found["direction"].isin(["up", "down"]).mean()))
        yield _percent(f"trend, {name}: false at 5 percent", chance, most, runs)
        yield _percent(f"trend, {name}: false arrows shown", shown, most, runs)
    draw = np.random.default_rng(SEED)
    missed = []
    for _ in range(runs):
        found = trend(**visits(draw, 60, 0.05, 0.0, growth=0.08), kind="rate", polarity="neutral")
        missed.append(float(found["direction"].ne("up").mean()))
    yield _percent("trend of 8 percent a year, noise of 5: missed", missed, None, runs)


def visits(
    draw: np.random.Generator, units: int, spread: float, correlation: float, growth: float = 0.0
) -> dict[str, pd.DataFrame]:
    """Draw yearly visits and the people they are of, one percent more every year."""
    people = np.rint(draw.integers(5_000, 20_000, units)[:, None] * 1.01 ** np.arange(YEARS))
    wave = np.exp(spread * noise(draw, units, YEARS, correlation)) * (1 + growth) ** np.arange(YEARS)
    return {
        "numerator": pd.DataFrame(draw.poisson(people / 12_500 * 400 * wave)),
        "denominator": pd.DataFrame(people),
    }


# -- targets -----------------------------------------------------------------------------------------------


def projections(runs: int = RUNS) -> Iterator[Promise]:
    """Measure how often the 80 percent range misses a year held out, and how often a flat truth moves away."""
    for correlation in (0.0, 0.8):
        held: list[float] = []
        for shape in ("flat", "rising", "saturating"):
            held += coverage(shape, correlation, runs)
        name = f"projection, noise correlated {correlation}: held-out year"
        yield _percent(f"{name} outside (20)", [1 - one for one in held], 25, len(held))
        yield _percent(f"{name} inside (too wide)", held, 90, len(held))
    for correlation in (0.0, 0.8):
        draw = np.random.default_rng(SEED)
        dates = pd.to_datetime([f"{year}-12-31" for year in range(2020, 2026)])
        away = []
        for row in 80 + 2 * noise(draw, runs, YEARS, correlation):
            found = standing(
                observed=pd.Series(row, index=dates),
                comparator=">=",
                target=90,
                deadline=pd.Timestamp("2030-12-31").date(),
                today=pd.Timestamp("2026-06-01").date(),
                bounds=bounds_of(unit="percent"),
            )
            away.append(float(found.reason == "wrong_direction"))
        yield _percent(f"target, flat truth, correlated {correlation}: wrong direction", away, 10, runs)


def coverage(shape: str, correlation: float, runs: int) -> list[float]:
    """Return, for every run, whether the range holds a year one to three ahead of six to eight known ones."""
    draw = np.random.default_rng(SEED)
    held = []
    for run in range(runs):
        known, ahead = 6 + run % 3, 1 + run % 3
        years = np.arange(float(known + ahead))
        truth = {
            "flat": np.full(len(years), 60.0),
            "rising": 50 + draw.uniform(-1, 3) * years,
            "saturating": 100 / (1 + np.exp(-0.2 - 0.3 * years)),
        }[shape]
        values = np.clip(truth + 2 * noise(draw, 1, len(years), correlation)[0], 0, 100)
        found = forecast(
            years=years[:known], values=values[:known], ahead=years[-1:], level=0.8, bounds=(0, 100)
        )
        held.append(float(found.low[0] <= values[-1] <= found.high[0]))
    return held


# -- pilots ------------------------------------------------------------------------------------------------


def pilots(runs: int = RUNS) -> Iterator[Promise]:
    """Measure false alarms of three pilots at 5 percent, of one indicator and of any of 14 after the correction."""
    for scene in SCENES:
        found = [judged(scene, SEED + run) for run in range(runs)]
        alarms = [float(one.p_value <= 0.05) for one in found]
        yield _percent(f"pilots, {scene}: false alarms at 5 percent", alarms, 8, runs)
        covered = [float(one.low <= 0 <= one.high) for one in found]
        yield _percent(f"pilots, {scene}: interval misses the truth", [1 - one for one in covered], 8, runs)
        families = [
            adjust(p_values=pd.Series([one.p_value for one in found[at : at + INDICATORS]])).min() <= 0.05
            for at in range(0, runs - INDICATORS + 1, INDICATORS)
        ]
        if families:
            name = f"pilots, {scene}: any false alarm of 14 (Holm)"
            yield _percent(name, [float(one) for one in families], 10, len(families))
    found = [judged("equal noise", SEED + run, effect=2.0) for run in range(runs // 4)]
    missed = [float(one.p_value > 0.05) for one in found]
    yield _percent("pilots, equal noise: effect of two monthly deviations missed", missed, None, runs // 4)


def judged(scene: str, seed: int, effect: float = 0.0) -> Placebos:
    """Draw 240 stations in 30 districts over three years, and judge three pilots as a study does."""
    draw = np.random.default_rng(seed)
    count, many = 240, 30
    district = np.arange(count) % many
    size = draw.lognormal(0, 0.6, count)
    swing = 1 / np.sqrt(size) if scene == "smallest communes" else np.ones(count)
    ours = np.argsort(size)[:3] if scene == "smallest communes" else np.arange(3)
    if scene == "one shared district":
        ours = np.array([0, many, 2 * many])
    if scene == "pilots three times noisier":
        swing[ours] = 3.0
    wave = noise(draw, count, 36, 0.8 if scene == "autocorrelated 0.8" else 0.0)
    values = 50 + 4 * draw.normal(size=(count, 1)) + 0.2 * np.arange(36) + swing[:, None] * wave
    if scene == "one shared district":
        values[:, 22:] += 0.7 * draw.normal(size=many)[district][:, None]
    values[ours, 22:] += effect
    names = [f"S{at:03d}" for at in range(count)]
    panel = pd.DataFrame(values, index=names, columns=MONTHS)
    opened = pd.Series({names[at]: OPENED for at in ours})
    found = comparisons(
        panel=panel, opened=opened, covariates=pd.DataFrame({"size": np.log(size)}, index=names)
    )
    sets = found.matched.pairs.set_index("comparison")["pilot"]
    return placebos(
        panel=panel,
        opened=opened,
        near=found.near,
        estimate=difference_in_differences(panel=panel, opened=opened, sets=sets).estimate,
        held=found.held,
        districts=pd.Series(district, index=names).astype(str),
    )
