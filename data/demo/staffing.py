"""Staff by cadre: calibrated to the published study of 239 stations, with shortages that cluster.

A station's total follows the size of its commune, a smooth field over the map, and remoteness. Doctors are
given by rank within the old province, so that the share of stations with one is met exactly; every other post
comes in a station's own order of priority, so that one more person never reshuffles the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.contracts import CADRES
from data.demo.ground import (
    CAN_THO,
    TRA_VINH,
    YEARS,
    Bools,
    Floats,
    Ints,
    cube,
    ground,
    rank_share,
    smooth,
    standard,
    station_ids,
)

PLANTED: Final = 10
"""Communes of each new province whose shortage is planted to be the worst."""

MEAN_STAFF: Final = (6.33, 6.27, 6.32, 6.53, 6.73, 6.93)
SPREAD: Final = 1.68
DOCTOR_SHARE: Final = {
    CAN_THO: (0.78, 0.80, 0.82, 0.86, 0.89, 0.92),
    "93": (0.55, 0.58, 0.61, 0.66, 0.71, 0.76),
    "94": (0.47, 0.50, 0.53, 0.59, 0.65, 0.71),
    "86": (0.57, 0.60, 0.63, 0.69, 0.74, 0.80),
    "83": (0.54, 0.57, 0.60, 0.66, 0.72, 0.78),
    TRA_VINH: (0.93, 0.97, 1.00, 1.00, 1.00, 1.00),
}
SECOND_DOCTORS: Final = (0.05, 0.06, 0.07, 0.09, 0.11, 0.13)
SECOND_DOCTORS_CAN_THO: Final = (0.20, 0.24, 0.34, 0.50, 0.68, 0.76)
TRAINED: Final = (0.06, 0.07, 0.09, 0.12, 0.15, 0.18)
TRAINED_CAN_THO: Final = (14, 20, 38, 70, 106, 120)
# Posts in the usual order of filling; the number is how far down the list a station reaches before it.
POSTS: Final = (
    ("assistant_doctor", 0.0),
    ("midwife", 0.9),
    ("nurse", 0.9),
    ("population_officer", 1.7),
    ("pharmacy", 2.2),
    ("assistant_doctor", 1.9),
    ("nurse", 2.5),
    ("public_health", 3.0),
    ("other", 3.1),
    ("midwife", 3.5),
    ("assistant_doctor", 3.6),
    ("pharmacist_university", 3.8),
    ("preventive_doctor", 4.1),
    *(("nurse", 4.5 + step) for step in range(6)),
    *(("assistant_doctor", 5.0 + step) for step in range(5)),
)
POST_SPREAD: Final = 0.8
MISSING_REPORTS: Final = 0.02
WEAK_DISTRICTS: Final = 5
WEAK_DISTRICT_ODDS: Final = 15


@dataclass(frozen=True)
class Staffing:
    """The table ``staffing`` and what was planted in it; arrays are stations x years."""

    table: pd.DataFrame
    total: Ints
    doctors: Ints
    adequacy: Floats
    worst: dict[str, tuple[str, ...]]
    unreported: Bools


def need() -> Floats:
    """Return the yardstick by which shortages are planted, in people per station.

    It has the form of the fixed norm (a base, an increment by population, a factor by zone) at the middle of
    its range; the norms themselves are ``metrics/norms``.
    """
    communes = ground()
    people, zone = communes["population"].to_numpy(), communes["zone"].to_numpy()
    remote, near = np.maximum(people - 5000, 0) / 1000, np.maximum(people - 6000, 0) / 2500
    added = np.where(zone == 3, remote, near)
    result: Floats = (5 + added) * np.select([zone == 3, zone == 2], [1.3, 1.2], default=1.0)
    return result


def staffing(rng: np.random.Generator, *, pilots: Bools) -> Staffing:
    """Return staff of every station, year and cadre; ``pilots`` marks the family-doctor clinics."""
    communes = ground()
    worst = _worst()
    planted = communes.index.isin([code for codes in worst.values() for code in codes])
    field = smooth(rng, length_km=14)
    total = _totals(rng, field, planted)
    doctors = _doctors(rng, field, total, planted, pilots)
    posts = _posts(rng, total - doctors)
    headcount = np.stack([doctors if cadre == "doctor" else posts[cadre] for cadre in CADRES], axis=2)
    trained = np.zeros_like(headcount)
    trained[:, :, CADRES.index("doctor")] = _trained(rng, doctors, pilots)
    permanent = headcount - ((rng.random(headcount[:, :1].shape) < 0.08) & (headcount > 0))
    full_time = headcount - 0.5 * ((rng.random(headcount[:, :1].shape) < 0.06) & (headcount > 0))
    unreported = _unreported(rng, planted | pilots)
    values = {
        "headcount": headcount,
        "full_time_equivalent": full_time,
        "permanent": permanent,
        "family_medicine_trained": trained,
    }
    known = {name: np.where(unreported[:, :, None], np.nan, array) for name, array in values.items()}
    table = cube({"station": station_ids(), "year": YEARS, "cadre": CADRES}, known)
    whole = dict.fromkeys(("headcount", "permanent", "family_medicine_trained"), "Int64")
    adequacy = total / need()[:, None]
    return Staffing(table.astype(whole), total, doctors, adequacy, worst, unreported)


def _worst() -> dict[str, tuple[str, ...]]:
    """Return the communes of each new province that need the most, whose stations will get the fewest."""
    communes = ground().assign(need=need()).sort_values("need", ascending=False, kind="stable")
    largest = communes.groupby("new_province").head(PLANTED)
    return {str(province): tuple(own.index) for province, own in largest.groupby("new_province")}


def _totals(rng: np.random.Generator, field: Floats, planted: Bools) -> Ints:
    communes = ground()
    people = communes["population"].to_numpy()
    remote = (communes["zone"] == 3).to_numpy()
    studied = (communes["province"] != TRA_VINH).to_numpy()
    city = (communes["province"] == CAN_THO).to_numpy()
    pull = 0.8 * standard(np.log(people)) + 0.7 * field - 0.5 * remote + 0.9 * city
    pull += 0.5 * rng.normal(size=len(people))
    drift = rng.normal(scale=0.25, size=(len(people), len(YEARS))).cumsum(axis=1)
    level = (pull - pull[studied].mean()) / pull[studied].std()
    wanted = np.array(MEAN_STAFF) + SPREAD * level[:, None] + drift
    least = np.ceil(np.maximum.reduce([np.full(len(people), 4.0), 0.32 * people / 1000, 0.42 * need()]))
    total = np.maximum(np.rint(wanted), least[:, None])
    few = np.clip(np.rint(people / 6000), 2, 4)
    result: Ints = np.where(planted[:, None], few[:, None], total).astype("int64")
    return result


def _doctors(rng: np.random.Generator, field: Floats, total: Ints, planted: Bools, pilots: Bools) -> Ints:
    """Give first doctors by rank within the old province, then second ones to larger stations."""
    communes = ground()
    province = communes["province"].to_numpy()
    remote = (communes["zone"] == 3).to_numpy()
    own = smooth(rng, length_km=10)
    score = 0.5 * field + 0.6 * own - 0.6 * remote - 1.0 * planted + rng.normal(scale=0.8, size=len(own))
    score = np.where(pilots, np.inf, score)
    share = np.array([DOCTOR_SHARE[one] for one in province])
    first = rank_share(score, within=province)[:, None] < share
    roomy = (total.min(axis=1) >= 5) | pilots
    extra = np.where(pilots, np.inf, 0.3 * total.mean(axis=1) + rng.normal(size=len(own)))
    in_can_tho = province == CAN_THO
    wanted = np.where(in_can_tho[:, None], SECOND_DOCTORS_CAN_THO, SECOND_DOCTORS)
    second = rank_share(np.where(roomy, extra, -np.inf), within=in_can_tho)[:, None] < wanted
    result: Ints = first.astype("int64") + (first & second & roomy[:, None])
    return result


def _posts(rng: np.random.Generator, places: Ints) -> dict[str, Ints]:
    """Fill each station's places in its own order; return cadre -> stations x years."""
    cadres = np.array([cadre for cadre, _ in POSTS])
    order = np.array([step for _, step in POSTS])
    urgency = order + rng.normal(scale=POST_SPREAD, size=(len(places), len(POSTS)))
    place = urgency.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    filled = place[:, None, :] < places[:, :, None]
    return {cadre: filled[:, :, cadres == cadre].sum(axis=2) for cadre in CADRES}


def _trained(rng: np.random.Generator, doctors: Ints, pilots: Bools) -> Ints:
    """Return doctors trained in family medicine: so many in old Can Tho, a share of stations elsewhere."""
    in_can_tho = (ground()["province"] == CAN_THO).to_numpy()
    luck = np.where(pilots, -1.0, rng.random(len(pilots)))
    result = ((luck[:, None] < TRAINED) & (doctors > 0)).astype("int64")
    for at, wanted in enumerate(TRAINED_CAN_THO):
        result[in_can_tho, at] = _shared_out(wanted, doctors[in_can_tho, at], luck[in_can_tho])
    return result


def _shared_out(wanted: int, doctors: Ints, luck: Floats) -> Ints:
    """Share out training places to stations in order of luck, to every doctor of a station in turn."""
    taken = np.zeros_like(doctors)
    order = luck.argsort(kind="stable")
    before = doctors[order].cumsum() - doctors[order]
    taken[order] = np.clip(wanted - before, 0, doctors[order])
    return taken


def _unreported(rng: np.random.Generator, spared: npt.NDArray[np.bool_]) -> Bools:
    """Draw the station-years whose report never came, most of them in a few districts.

    None in Tra Vinh, where every station is known to have a doctor, and none in 2024 in old Can Tho, where
    the number of trained doctors is published.
    """
    communes = ground()
    province = communes["province"].to_numpy()
    districts = communes.loc[province != TRA_VINH, "district"].unique()
    weak = communes["district"].isin(rng.choice(districts, size=WEAK_DISTRICTS, replace=False)).to_numpy()
    odds = np.where(weak, WEAK_DISTRICT_ODDS, 1.0)[:, None] * np.ones(len(YEARS))
    odds[spared | (province == TRA_VINH)] = 0
    odds[province == CAN_THO, YEARS.index(2024)] = 0
    size = round(MISSING_REPORTS * odds.size)
    drawn = rng.choice(odds.size, size=size, replace=False, p=(odds / odds.sum()).ravel())
    unreported = np.zeros(odds.shape, dtype=bool)
    unreported.ravel()[drawn] = True
    return unreported
