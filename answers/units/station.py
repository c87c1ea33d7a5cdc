"""One station's profile: what it has and does itself, and what its commune's profile says of where it stands.

The commune is the one from before July 2025: each had one station, the norm and the criteria are written for it,
and it is what a station keeps through the reform.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import provenance, summary
from answers.cards import Kpi
from answers.making import numbers
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.results import Results, home
from answers.scope import Scope
from answers.summary import of_year
from answers.units import profile
from answers.words import catalogue, current, t
from geo.units import ancestors, at_level, parent_of

CARDS: Final = ("staff", "visits_per_person", "insured_visits_share")
# Reported by the station, but not what it did itself.
ELSEWHERE: Final = "insured_visits_all_facilities"
# What is there or not; anything else a station reports is counted.
YES_NO: Final = (
    "solid_building",
    "clean_water",
    "medical_waste_treatment",
    "delivery_room",
    "ultrasound",
    "ecg",
    "spo2",
    "glucose_meter",
    "nebuliser",
    "traditional_medicine_garden",
    "computer",
    "internet",
    "electronic_record_software",
)


def at_home(results: Results, scope: Scope) -> Scope:
    """Return the scope of the chosen station's commune of before July 2025, whose profile it shares."""
    code = results.options.stations[str(scope.station)]["legacy"]
    province = ancestors("legacy", code)["province"]
    return replace(scope, geography="legacy", level="commune", unit=code, province=province)


def now(results: Results, scope: Scope) -> Scope:
    """Return the scope of the commune in force the chosen station is in."""
    code = results.options.stations[str(scope.station)]["current"]
    province = ancestors("current", code)["province"]
    return replace(scope, geography="current", level="commune", unit=code, province=province)


def of_scope(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the scope's stations by id: the columns of ``stations`` and of the staffing gap in its year."""
    stations = results.frame("stations").set_index("station")
    inside = stations["legacy_commune"].map(home("legacy", scope.geography, "province"))
    wanted = [scope.within] if scope.within else list(results.options.provinces[scope.geography])
    gaps = of_year(results.station_gaps("legacy"), scope.year)
    return stations[inside.isin(wanted)].join(gaps, on="legacy_commune")


def in_order(results: Results, scope: Scope) -> list[str]:
    """Return the scope's stations in Vietnamese order of their names."""
    return list(of_scope(results, scope)["name"].sort_values(key=order_of, kind="stable").index)


def row(results: Results, scope: Scope) -> pd.Series:
    """Return the chosen station's row of ``stations``."""
    return results.frame("stations").set_index("station").loc[str(scope.station)]


def name(results: Results, scope: Scope) -> str:
    """Return the chosen station's name."""
    return str(row(results, scope)["name"])


def headline(results: Results, scope: Scope) -> str:
    """Return the station's sentence: who is there, who is required, who is missing."""
    return profile.headline(results, at_home(results, scope), called=name(results, scope))


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a station is, in words."""

    role: str
    lies: str
    clinic: str
    shared: str


def identity(results: Results, scope: Scope) -> Identity:
    """Return what the station is: main station or point of which, where before and after the reform, clinic."""
    own = row(results, scope)
    others = results.frame("stations").set_index("station").drop(index=str(scope.station))
    led = others[others["current_commune"].eq(own["current_commune"])]
    main = led.loc[led["role"].eq("station"), "name"]
    if own["role"] == "station":
        points = int(led["role"].eq("point").sum())
        role = t("station.role.station", n=fmt.number(points)) if points else t("commune.role.station")
    else:
        role = t("station.role.point", name=", ".join(main)) if len(main) else t("commune.role.point")
    district = parent_of("legacy", "commune", "district")[own["legacy_commune"]]
    province = parent_of("current", "commune", "province")[own["current_commune"]]
    opened = pilots.opened(results).get(str(scope.station))
    shared = int(others["legacy_commune"].eq(own["legacy_commune"]).sum())
    return Identity(
        role=role,
        lies=t(
            "station.lies",
            before=at_level("legacy", "commune")["name"][own["legacy_commune"]],
            district=at_level("legacy", "district")["name"][district],
            now=at_level("current", "commune")["name"][own["current_commune"]],
            province=at_level("current", "province")["name"][province],
        ),
        clinic="" if opened is None or pd.isna(opened) else t("station.clinic", date=fmt.date(opened)),
        shared=t("station.shared", n=fmt.number(shared)) if shared else "",
    )


def cards(results: Results, scope: Scope) -> list[Kpi]:
    """Return the station's five cards: staff, doctors, visits, insured visits, what it is equipped with."""
    there = at_home(results, scope)
    staff, visits, insured = (summary.unit_card(results, name, there) for name in CARDS)
    return [staff, _doctors(results, scope), visits, insured, _equipped(results, scope)]


def _doctors(results: Results, scope: Scope) -> Kpi:
    rows = results.frame("staffing")
    rows = rows[rows["station"].eq(scope.station) & rows["cadre"].eq("doctor")].set_index("year")
    rows = rows.reindex(list(results.options.years)).loc[
        :, ["headcount", "permanent", "family_medicine_trained"]
    ]
    now = rows.loc[scope.year]
    return Kpi(
        label=t("export.cadre.doctor"),
        figure=fmt.number(now["headcount"]),
        unit=t("kpi.missing_staff.unit"),
        meaning=t(
            "station.doctors",
            permanent=fmt.number(now["permanent"]),
            trained=fmt.number(now["family_medicine_trained"]),
        ),
        trend=list(numbers(rows["headcount"])),
        nature=provenance.nature(results.snapshot, ["staffing"]),
    )


def _equipped(results: Results, scope: Scope) -> Kpi:
    items = facilities(results, scope).reindex(list(YES_NO)).dropna(how="all")
    has = items.gt(0).where(items.notna()).astype("float64")
    counts = has.sum(min_count=1).reindex(list(results.options.years))
    now = counts.get(scope.year)
    return Kpi(
        label=t("station.equipped"),
        figure=fmt.number(now),
        unit=t("station.of", total=fmt.number(has[scope.year].notna().sum() if scope.year in has else 0)),
        meaning=t("station.equipped.meaning"),
        trend=list(numbers(counts)),
        nature=provenance.nature(results.snapshot, ["facilities"]),
    )


def facilities(results: Results, scope: Scope) -> pd.DataFrame:
    """Return what the station reported on its premises and equipment: items by year, missing where it did not."""
    return _by_year(results, scope, "facilities", "item")


def activity(results: Results, scope: Scope) -> pd.DataFrame:
    """Return what the station did: activities by year, missing where it did not report."""
    return _by_year(results, scope, "activity", "activity")


def _by_year(results: Results, scope: Scope, table: str, what: str) -> pd.DataFrame:
    rows = results.frame(table)
    rows = rows[rows["station"].eq(scope.station)]
    frame = rows.pivot(index=what, columns="year", values="quantity").astype("float64")
    return frame.reindex(columns=list(results.options.years))


def called(code: str) -> str:
    """Return what an item or activity is called; one of a data set's own, by its code."""
    if f"compliance.item.{code}" in catalogue(current()):
        return t(f"compliance.item.{code}")
    if f"station.what.{code}" in catalogue(current()):
        return t(f"station.what.{code}")
    return code.replace("_", " ")


def amount(item: str, value: float | None) -> str:
    """Return what a station has of an item: yes or no with a symbol, or how many."""
    if value is None or pd.isna(value):
        return fmt.MISSING
    if item not in YES_NO:
        return fmt.number(value)
    return t("station.has" if value > 0 else "station.lacks")


def state(results: Results, scope: Scope) -> pd.Series:
    """Return how near the station is to a family-doctor clinic (see :func:`answers.pilots.numbers.readiness`)."""
    return pilots.readiness(results, at_home(results, scope)).loc[str(scope.station)]


def of_communes(results: Results, communes: list[str]) -> dict[str, str]:
    """Return the station of each of these communes of before July 2025; the main one where there are several."""
    stations = results.frame("stations").sort_values("role", ascending=False)
    first = stations.drop_duplicates("legacy_commune").set_index("legacy_commune")["station"]
    return {code: str(first[code]) for code in communes if code in first.index}
