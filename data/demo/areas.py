"""Figures of a commune's people rather than of its station: health insurance and village health workers."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from data.demo.ground import TRA_VINH, YEARS, cube, ground, smooth

INSURED_SHARE: Final = (0.884, 0.895, 0.906, 0.925, 0.939, 0.950)
VILLAGES_COVERED: Final = (0.86, 0.86, 0.87, 0.89, 0.91, 0.93)
VILLAGES_COVERED_TRA_VINH: Final = (0.93, 0.94, 0.95, 0.965, 0.975, 0.985)
NOT_REPORTED: Final = 0.008


def insurance(rng: np.random.Generator) -> pd.DataFrame:
    """Return insured people by old commune and year, a share of the people counted in 2019."""
    people = ground()["population"].to_numpy()
    lean = 0.018 * smooth(rng, length_km=14) + rng.normal(scale=0.014, size=len(people))
    lean -= np.average(lean, weights=people)
    wander = rng.normal(scale=0.004, size=(len(people), len(YEARS)))
    share = np.clip(np.array(INSURED_SHARE) + lean[:, None] + wander, 0.70, 0.995)
    insured = np.floor(people[:, None] * share)
    return _by_commune({"insured": np.where(rng.random(insured.shape) < NOT_REPORTED, np.nan, insured)})


def village_workers(rng: np.random.Generator) -> pd.DataFrame:
    """Return villages (about 1,500 people each) and those with a health worker, by old commune and year."""
    communes = ground()
    people = communes["population"].to_numpy()
    villages = np.clip(np.rint(people / 1500 + rng.normal(scale=1.0, size=len(people))), 4, 16)
    covered = np.where(
        (communes["province"] == TRA_VINH).to_numpy()[:, None], VILLAGES_COVERED_TRA_VINH, VILLAGES_COVERED
    )
    lean = 0.05 * smooth(rng, length_km=12) + rng.normal(scale=0.05, size=len(people))
    luck = rng.random(len(people))  # one draw for all years: a worker found stays
    share = np.clip(covered + lean[:, None], 0.4, 1.0)
    served = np.minimum(np.floor(villages[:, None] * share + luck[:, None]), villages[:, None])
    served = np.where(rng.random(served.shape) < NOT_REPORTED, np.nan, served)
    return _by_commune(
        {
            "villages": np.repeat(villages[:, None], len(YEARS), axis=1),
            "villages_with_worker": served,
        }
    )


def _by_commune(values: dict[str, np.ndarray]) -> pd.DataFrame:
    table = cube({"geography": ["legacy"], "commune": ground().index, "year": YEARS}, values)
    return table.astype(dict.fromkeys(values, "Int64"))
