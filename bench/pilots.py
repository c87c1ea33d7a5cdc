"""What a verdict on the clinics is worth, on simulated data sets whose effects are known.

Every data set is drawn anew with :func:`data.demo.monthly_activity` and studied as the page studies it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from answers.pilots import numbers as pilots
from answers.results import Results
from bench import Promise
from data import demo
from data.demo.activity import PRE_TREND_ACTIVITY, PRE_TREND_STATION
from data.store import open_store
from metrics.pilots import rates, study

DATA_SETS = 200
PLANTED = ("people_managed", "visits", "hypertension_managed")
NOTHING = ("people_managed", "visits", "referrals")
ALPHA = 0.05


@dataclass
class Tally:
    """What the studies of some data sets found."""

    covered: list[bool] = field(default_factory=list)
    alarms: list[bool] = field(default_factory=list)
    caught: list[bool] = field(default_factory=list)


def measure() -> Iterator[Promise]:
    """Measure coverage, false alarms and the planted drift on many data sets."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store")
        results = Results(demo.build_snapshot(store))
        tally = simulate(results, range(DATA_SETS))
    yield from promises(tally)


def promises(tally: Tally) -> Iterator[Promise]:
    """Say what was promised of a tally: a band is two promises, on either side."""

    def percent(found: list[bool]) -> float:
        return 100 * sum(found) / len(found)

    covered, alarms = percent(tally.covered), percent(tally.alarms)
    beside = f"{covered:.1f} percent of {len(tally.covered)} intervals hold the planted effect"
    yield Promise(
        name="clinics: planted effects missed",
        measured=100 - covered,
        limit=10,
        unit="percent",
        beside=beside,
    )
    yield Promise(
        name="clinics: intervals never miss (too wide)",
        measured=covered,
        limit=99,
        unit="percent",
        beside=beside,
    )
    beside = f"{len(tally.alarms)} studies with nothing planted"
    yield Promise(name="clinics: false alarms", measured=alarms, limit=7, unit="percent", beside=beside)
    yield Promise(
        name="clinics: no false alarm missing (too cautious)",
        measured=100 - alarms,
        limit=97,
        unit="percent",
        beside=beside,
    )
    beside = f"{len(tally.caught)} data sets with a drift at one clinic"
    yield Promise(
        name="clinics: planted drifts missed",
        measured=100 - percent(tally.caught),
        limit=10,
        unit="percent",
        beside=beside,
    )


def simulate(results: Results, seeds: range) -> Tally:
    """Study one data set with the planted effects and one with none, for each seed."""
    tally = Tally()
    opened = pilots.opened(results)
    known = pilots.covariates(results, int(opened.min().year))
    people = pilots.people(results)
    for seed in seeds:
        planted = demo.monthly_activity(seed)
        for name in PLANTED:
            made = _study(planted, name, people, opened, known)
            tally.covered.append(made.effect.low <= demo.PILOT_EFFECTS[name] <= made.effect.high)
        drifting = _study(planted, PRE_TREND_ACTIVITY, people, opened, known)
        tally.caught.append((PRE_TREND_STATION, "drifting_alone") in drifting.problems)
        nothing = demo.monthly_activity(seed, effects={})
        for name in NOTHING:
            tally.alarms.append(_study(nothing, name, people, opened, known).effect.p_value <= ALPHA)
    return tally


def _study(
    reports: pd.DataFrame, name: str, people: pd.Series, opened: pd.Series, known: Mapping[str, pd.Series]
):
    """Study one indicator as the page does."""
    rows = reports.loc[reports["activity"].eq(name), ["station", "month", "quantity"]]
    panel = rates(quantity=rows.rename(columns={"month": "period"}), per=people)
    return study(panel=panel, opened=opened, covariates=known, exact=["zone"])
