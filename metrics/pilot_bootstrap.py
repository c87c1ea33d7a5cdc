"""A second inference on a group's difference-in-differences: the wild cluster bootstrap, where it holds.

Each station is one cluster and, its months averaged, one number: the change from its mean before the opening
of its pilot to its mean since (averaging removes the correlation over time: Bertrand, Duflo and Mullainathan
2004, Quarterly Journal of Economics 119(1)). The changes are regressed on being a pilot with a constant for
each pilot and its matched comparisons; the restricted wild cluster bootstrap-t with Rademacher weights gives
the p-value, and the effects it does not reject the interval. Source: Cameron, Gelbach and Miller (2008),
Review of Economics and Statistics 90(3).

With few treated clusters the test hardly ever rejects, true effects included; with few clusters it has few
values to take (MacKinnon and Webb 2018, The Econometrics Journal 21(2)). Below :data:`LEAST_TREATED` pilots or
as many comparisons nothing is returned, and randomisation inference (:mod:`metrics.pilot_effects`) stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from metrics.pilot_effects import ALPHA, SEED, station_changes

LEAST_TREATED: Final = 6
DRAWS: Final = 4999


@dataclass(frozen=True, kw_only=True)
class Bootstrap:
    """The interval at 1 - alpha in the outcome's unit, the p-value of no effect, and the clusters (stations)."""

    low: float
    high: float
    p_value: float
    clusters: int


def wild_cluster_bootstrap(
    *,
    panel: pd.DataFrame,
    opened: pd.Series[pd.Timestamp],
    sets: pd.Series[str],
    alpha: float = ALPHA,
) -> Bootstrap | None:
    """Test and bracket the pilots' effect by the wild cluster bootstrap; None where it does not apply.

    The arguments, and the effect meant, are those of :func:`metrics.pilot_effects.difference_in_differences`
    with matched comparisons. A station without a value on both sides of the opening is left out; where single
    periods are missing the effect is that of the stations' averages. None as well where nothing varies.

    >>> months = pd.period_range("2024-01", periods=12, freq="M")
    >>> rows = np.random.default_rng(1).normal(size=(48, 12))
    >>> rows[:8, 6:] += 3
    >>> panel = pd.DataFrame(rows, index=[f"S{at:02d}" for at in range(48)], columns=months)
    >>> opened = pd.Series({f"S{at:02d}": pd.Timestamp("2024-07-01") for at in range(8)})
    >>> sets = pd.Series({f"S{at:02d}": f"S{at % 8:02d}" for at in range(8, 48)})
    >>> found = wild_cluster_bootstrap(panel=panel, opened=opened, sets=sets)
    >>> found.low < 3 < found.high, found.p_value < 0.01
    (True, True)
    >>> wild_cluster_bootstrap(panel=panel, opened=opened.head(3), sets=sets[sets < "S03"])
    """
    if len(opened) < LEAST_TREATED:
        return None
    changes = station_changes(panel=panel, opened=opened, sets=sets).dropna()
    treated = changes.groupby("pilot")["treated"].transform("any")
    changes = changes[treated & changes.groupby("pilot")["treated"].transform("size").gt(1)]
    pilots = int(changes["treated"].sum())
    if min(pilots, len(changes) - pilots) < LEAST_TREATED:
        return None
    # costs two seconds to load, and three pilots never need it
    from diff_diff import wild_bootstrap_se

    size = changes.groupby("pilot")["treated"].transform("size")
    # within a set all count alike; between sets, so that the estimate is the average over pilot-periods
    root = np.sqrt((changes["periods"] * size / (size - 1)).to_numpy(dtype="float64"))
    constants = pd.get_dummies(changes["pilot"]).to_numpy(dtype="float64")
    design = np.column_stack([constants, changes["treated"]]) * root[:, None]
    made = wild_bootstrap_se(
        design,
        changes["change"].to_numpy() * root,
        np.zeros(len(changes)),  # not used: the library fits anew
        np.arange(len(changes)),
        constants.shape[1],
        n_bootstrap=DRAWS,
        alpha=alpha,
        seed=SEED,
    )
    if not np.isfinite(made.p_value):
        return None
    return Bootstrap(low=made.ci_lower, high=made.ci_upper, p_value=made.p_value, clusters=made.n_clusters)
