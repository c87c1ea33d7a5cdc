"""What stations do month by month from January 2023, with the planted effects of the pilots.

Two kinds of series. A flow counts events: a year's quantity is the sum of its twelve months. A level counts
people or households on a register at the end of the period: a year's quantity is that of its December.

Every rate is per 1,000 people of the commune. A pilot's effect is a constant added to that rate from the
first full month after it opened: what an honest method should find is written in :data:`PILOT_EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data.demo.ground import (
    CAN_THO,
    TRA_VINH,
    YEARS,
    Bools,
    Floats,
    cube,
    ground,
    smooth,
    standard,
    station_ids,
)
from data.demo.staffing import Staffing

MONTHLY_YEARS: Final = tuple(year for year in YEARS if year >= 2023)
MONTHS: Final = tuple(f"{year}-{month:02d}" for year in MONTHLY_YEARS for month in range(1, 13))
EFFECT_FROM: Final = "2024-11"
"""First month of the planted effects: the first full one after the openings of 21 October 2024."""

FLOWS: Final = ("visits", "insured_visits", "insured_visits_all_facilities", "referrals", "teleconsultations")
LEVELS: Final = (
    "people_managed",
    "households_managed",
    "electronic_records",
    "hypertension_found",
    "hypertension_managed",
    "hypertension_controlled",
    "diabetes_found",
    "diabetes_managed",
    "diabetes_controlled",
)
MONTHLY: Final = (*FLOWS, *LEVELS)
# What cannot exceed what, the part first; applied in this order.
PART_OF: Final = (
    ("insured_visits", "visits"),
    ("insured_visits", "insured_visits_all_facilities"),
    ("hypertension_managed", "hypertension_found"),
    ("hypertension_controlled", "hypertension_managed"),
    ("diabetes_managed", "diabetes_found"),
    ("diabetes_controlled", "diabetes_managed"),
)

PILOT_EFFECTS: Final[Mapping[str, float]] = {
    "people_managed": 120.0,
    "households_managed": 32.0,
    "visits": 9.0,
    "insured_visits": 7.0,
    "hypertension_found": 6.0,
    "hypertension_managed": 9.0,
    "hypertension_controlled": 7.0,
    "diabetes_managed": 1.5,
    "diabetes_controlled": 0.6,
    "teleconsultations": 3.0,
    "electronic_records": 0.0,
    "diabetes_found": 0.0,
    "referrals": 0.0,
}
"""Planted effect of a pilot, per 1,000 people: a month's events, or people on the register."""

PRE_TREND_STATION: Final = "TYT-31228"
PRE_TREND_ACTIVITY: Final = "electronic_records"
PRE_TREND_PER_MONTH: Final = 7.0
"""Rise per 1,000 people and month at one pilot, from the first month on: begun long before it opened."""

# Usual rate per 1,000 people in the first month, and its rise over the 36 months.
START: Final = {
    "referrals": (3.0, 0.2),
    "teleconsultations": (0.5, 0.5),
    "people_managed": (360.0, 190.0),
    "electronic_records": (300.0, 230.0),
    "hypertension_found": (72.0, 14.0),
    "hypertension_managed": (43.0, 13.0),
    "hypertension_controlled": (22.0, 8.0),
    "diabetes_found": (20.0, 5.0),
    "diabetes_managed": (11.0, 3.5),
    "diabetes_controlled": (5.0, 1.8),
}
PEOPLE_PER_HOUSEHOLD: Final = 3.5
VISITS_A_YEAR: Final = {"other": 0.78, TRA_VINH: 0.42}
VISITS_GROWTH: Final = 0.08
INSURED_SHARE: Final = 0.60
# Insured visits a person makes in a year at any facility, in 2023: by old province, else by new.
INSURED_ANYWHERE: Final = {CAN_THO: 3.1, "86": 2.8, TRA_VINH: 1.50}
ANYWHERE_GROWTH: Final = 0.06
TET_MONTHS: Final = ("2023-01", "2024-02", "2025-01")
SEASON: Final = (0.97, 0.95, 0.98, 0.97, 0.99, 1.02, 1.04, 1.05, 1.04, 1.03, 1.00, 0.96)
LATE_STATIONS: Final = 14
"""Stations that left out one quarter of monthly reports."""


@dataclass(frozen=True)
class Monthly:
    """Quantities of each activity, stations x months; ``late`` marks the months whose report never came."""

    counts: dict[str, Floats]
    late: Bools

    def reported(self) -> dict[str, Floats]:
        """Return the quantities with the months that were not reported missing."""
        return {name: np.where(self.late, np.nan, values) for name, values in self.counts.items()}

    def table(self) -> pd.DataFrame:
        """Return the contract table ``activity_monthly``."""
        return tidy("month", MONTHS, self.reported())


def monthly(
    rng: np.random.Generator, *, staff: Staffing, pilots: Bools, effects: Mapping[str, float] = PILOT_EFFECTS
) -> Monthly:
    """Return what every station did each month; ``effects`` are added to the rates of the pilots."""
    rates = _rates(rng, staff)
    after = pilots[:, None] & (np.array(MONTHS) >= EFFECT_FROM)
    for name, effect in effects.items():
        rates[name] = rates[name] + effect * after
    rising = (np.array(station_ids()) == PRE_TREND_STATION)[:, None] * np.arange(len(MONTHS))
    rates[PRE_TREND_ACTIVITY] = rates[PRE_TREND_ACTIVITY] + PRE_TREND_PER_MONTH * rising
    people = ground()["population"].to_numpy()[:, None]
    counts = {name: np.rint(rates[name] * people / 1000) for name in MONTHLY}
    keep_within(counts, people)
    return Monthly(counts, _late(rng, pilots))


def keep_within(counts: dict[str, Floats], people: Floats) -> None:
    """Hold every part at or below its whole, and every register at or below the people (in place)."""
    for name in ("people_managed", "electronic_records"):
        counts[name] = np.minimum(counts[name], people)
    for part, whole in PART_OF:
        counts[part] = np.minimum(counts[part], counts[whole])


def tidy(name: str, periods: Sequence[str] | Sequence[int], values: Mapping[str, Floats]) -> pd.DataFrame:
    """Return quantities by activity (stations x periods) as a tidy table; ``name`` is the period's column."""
    quantity = np.stack(list(values.values()), axis=1)
    axes = {"station": station_ids(), "activity": tuple(values), name: periods}
    return cube(axes, {"quantity": quantity})[["station", name, "activity", "quantity"]]


def _rates(rng: np.random.Generator, staff: Staffing) -> dict[str, Floats]:
    """Return each activity's rate per 1,000 people: stations x months, before any pilot."""
    months = np.arange(len(MONTHS)) / 12
    field, staffed = smooth(rng, length_km=14), standard(staff.adequacy[:, -1])
    shared = standard(0.6 * field + 0.5 * staffed + rng.normal(size=len(field)))
    rates = {}
    for name, (start, rise) in START.items():
        base = start * np.exp(0.10 * shared + rng.normal(scale=0.12, size=len(shared)))
        slope = rise / 3 * (1 + rng.normal(scale=0.15, size=len(shared)))
        level = base[:, None] + slope[:, None] * months
        wobble = _wander(rng, keep=0.9, scale=0.006) if name in LEVELS else _wander(rng, keep=0.4, scale=0.08)
        rates[name] = level * np.exp(wobble)
    homes = np.exp(rng.normal(scale=0.08, size=len(shared)))[:, None]
    rates["households_managed"] = (
        rates["people_managed"] / PEOPLE_PER_HOUSEHOLD * homes * np.exp(_wander(rng, keep=0.9, scale=0.006))
    )
    return rates | _visits(rng, shared, months)


def _visits(rng: np.random.Generator, shared: Floats, months: Floats) -> dict[str, Floats]:
    communes = ground()
    old, new = communes["province"], communes["new_province"]
    season = np.tile(SEASON, len(MONTHS) // 12) * np.where(np.isin(MONTHS, TET_MONTHS), 0.90, 1.0)
    usual = old.map(VISITS_A_YEAR).fillna(VISITS_A_YEAR["other"]).to_numpy() * 1000 / 12
    usual = usual * np.exp(0.12 * shared + rng.normal(scale=0.12, size=len(shared)))
    growing = np.exp(VISITS_GROWTH * months) * season
    visits = usual[:, None] * growing * np.exp(_wander(rng, keep=0.5, scale=0.05))
    share = INSURED_SHARE + 0.02 * months + rng.normal(scale=0.04, size=len(shared))[:, None]
    insured = visits * np.clip(share + _wander(rng, keep=0.4, scale=0.012), 0.4, 0.97)
    anywhere = old.map(INSURED_ANYWHERE).fillna(new.map(INSURED_ANYWHERE)).to_numpy() * 1000 / 12
    anywhere = anywhere * np.exp(rng.normal(scale=0.08, size=len(shared)))
    everywhere = anywhere[:, None] * np.exp(ANYWHERE_GROWTH * (months - 0.5)) * season
    everywhere = everywhere * np.exp(_wander(rng, keep=0.5, scale=0.03))
    return {"visits": visits, "insured_visits": insured, "insured_visits_all_facilities": everywhere}


def _wander(rng: np.random.Generator, *, keep: float, scale: float) -> Floats:
    """Return noise over stations x months that keeps a share of itself from month to month."""
    noise = rng.normal(scale=scale, size=(len(ground()), len(MONTHS)))
    for month in range(1, len(MONTHS)):
        noise[:, month] += keep * noise[:, month - 1]
    return noise


def _late(rng: np.random.Generator, pilots: Bools) -> Bools:
    """Mark the months that some stations, none of them a pilot, did not report: one quarter each."""
    late = np.zeros((len(pilots), len(MONTHS)), dtype=bool)
    for station in rng.choice(np.flatnonzero(~pilots), size=LATE_STATIONS, replace=False):
        first = 3 * int(rng.integers(len(MONTHS) // 3))
        late[station, first : first + 3] = True
    return late
