"""What stations do year by year: the months added up since 2023, an assumed past, and yearly-only services.

A flow is the sum of its twelve months, a level that of December; a year with a month missing has no flow.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from data.demo.activity import FLOWS, MONTHLY_YEARS, Monthly, keep_within, tidy
from data.demo.ground import YEARS, Bools, Floats, ground

# Quantity of 2020, 2021 and 2022 as a share of that of 2023: the epidemic of 2021 kept people away.
BEFORE: Final = {
    "visits": (0.93, 0.72, 0.92),
    "insured_visits": (0.91, 0.70, 0.91),
    "insured_visits_all_facilities": (0.93, 0.70, 0.90),
    "referrals": (0.95, 0.75, 0.95),
    "teleconsultations": (0.02, 0.35, 0.60),
    "people_managed": (0.55, 0.62, 0.80),
    "households_managed": (0.55, 0.62, 0.80),
    "electronic_records": (0.25, 0.40, 0.70),
    "hypertension_found": (0.88, 0.90, 0.95),
    "hypertension_managed": (0.78, 0.80, 0.92),
    "hypertension_controlled": (0.75, 0.75, 0.90),
    "diabetes_found": (0.85, 0.87, 0.94),
    "diabetes_managed": (0.75, 0.77, 0.90),
    "diabetes_controlled": (0.72, 0.73, 0.88),
}
# Usual quantity per 1,000 people in 2023, and the quantity of each year as a share of it.
YEARLY_ONLY: Final = {
    "home_visits": (55.0, (0.95, 0.78, 0.95, 1.0, 1.04, 1.08)),
    "vaccinations": (135.0, (1.02, 0.84, 0.94, 1.0, 1.01, 1.0)),
    "antenatal": (30.0, (1.05, 0.90, 0.98, 1.0, 0.99, 0.98)),
    "deliveries": (0.8, (1.6, 1.3, 1.15, 1.0, 0.85, 0.7)),
}
FOLLOW_UPS_A_YEAR: Final = 7.5
"""Visits a managed patient with hypertension or diabetes makes in a year."""


def yearly(rng: np.random.Generator, *, months: Monthly, unreported: Bools) -> pd.DataFrame:
    """Return the contract table ``activity``; a year without a report before 2023 is missing."""
    people = ground()["population"].to_numpy()[:, None]
    past = {name: _past(rng, name, months.counts[name]) for name in BEFORE}
    keep_within(past, people)
    past = {name: np.where(unreported[:, : values.shape[1]], np.nan, values) for name, values in past.items()}
    known = months.reported()
    year = {name: np.hstack([past[name], _by_year(name, known[name])]) for name in BEFORE}
    for name, (usual, course) in YEARLY_ONLY.items():
        rate = (
            usual
            * np.array(course)
            * _spread(rng, 0.25)
            * np.exp(rng.normal(scale=0.05, size=unreported.shape))
        )
        year[name] = np.where(unreported, np.nan, np.rint(rate * people / 1000))
    managed = year["hypertension_managed"] + year["diabetes_managed"]
    year["chronic_followup"] = np.rint(FOLLOW_UPS_A_YEAR * managed * _spread(rng, 0.12))
    return tidy("year", YEARS, year)


def _spread(rng: np.random.Generator, scale: float) -> Floats:
    """Return one lasting factor for each station."""
    factor: Floats = np.exp(rng.normal(scale=scale, size=(len(ground()), 1)))
    return factor


def _by_year(name: str, values: Floats) -> Floats:
    """Return a monthly quantity by year: a flow's sum (missing with any month), a level's December."""
    by_month = values.reshape(len(values), len(MONTHLY_YEARS), 12)
    result: Floats = by_month.sum(axis=2) if name in FLOWS else by_month[:, :, -1]
    return result


def _past(rng: np.random.Generator, name: str, counts: Floats) -> Floats:
    since = _by_year(name, counts)[:, :1]
    noise = np.exp(rng.normal(scale=0.03, size=(len(since), len(BEFORE[name]))))
    result: Floats = np.rint(since * np.array(BEFORE[name]) * noise)
    return result
