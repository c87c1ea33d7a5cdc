"""What looks wrong in the data: every rule's findings, each with the station or commune it belongs to."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from answers.results import Results, home
from data.units import extents
from metrics import quality
from metrics.criteria import criterion_shares
from metrics.criteria_sets import set_in_force

_KM: Final = 111.195  # of one degree of latitude

# The rules, and the table whose owner is asked.
RULES: Final = {
    "no_staff": "staffing",
    "counted_twice": "staffing",
    "staff_jump": "staffing",
    "months_and_year": "activity_monthly",
    "insured_above_visits": "activity",
    "visits_per_doctor": "activity",
    "visits_jump": "activity",
    "criteria_premises": "criteria_scores",
    "criteria_equipment": "criteria_scores",
    "population_parts": "population",
    "population_jump": "population",
    "insured_above_population": "insurance",
    "outlier_staff": "staffing",
    "outlier_visits": "activity",
    "outlier_insurance": "insurance",
    "station_astray": "stations",
}
# Criterion 3 scores the premises, criterion 4 the equipment; these items are the ones reported on each.
ITEMS: Final = {
    "criteria_premises": (3, ("clean_water", "delivery_room", "medical_waste_treatment", "solid_building")),
    "criteria_equipment": (4, ("ecg", "glucose_meter", "nebuliser", "spo2", "ultrasound")),
}


def findings(results: Results) -> pd.DataFrame:
    """Return every finding: rule, table, commune (old code), year, found, expected_low, expected_high."""
    return results.keep("quality", compute=lambda: _findings(results))


def _findings(results: Results) -> pd.DataFrame:
    parts = [_of_staff(results), _of_activity(results), _of_criteria(results), _of_people(results)]
    parts.append([_of_places(results)])
    found = pd.concat([part for group in parts for part in group], ignore_index=True)
    station = results.frame("stations").set_index("station")["legacy_commune"]
    commune = found["unit"].map(station).fillna(found["unit"])
    return found.assign(commune=commune, table=found["rule"].map(RULES)).sort_values(
        ["year", "rule", "commune"], ascending=[False, True, True], ignore_index=True
    )


def _of_staff(results: Results) -> list[pd.DataFrame]:
    staff = results.frame("staffing").rename(columns={"station": "unit"})
    return [
        quality.no_staff(staff=staff),
        quality.counted_twice(staff=staff),
        quality.staff_jump(staff=staff),
    ]


def _yearly(results: Results, activity: str) -> pd.DataFrame:
    rows = results.frame("activity")
    return rows[rows["activity"].eq(activity)].rename(columns={"station": "unit"})


def _of_activity(results: Results) -> list[pd.DataFrame]:
    visits, insured = _yearly(results, "visits"), _yearly(results, "insured_visits")
    staff = results.frame("staffing").rename(columns={"station": "unit"})
    doctors = staff[staff["cadre"].eq("doctor")]
    both = visits.merge(insured, on=["unit", "year"], suffixes=("_all", "_insured"))
    both = both.rename(columns={"quantity_insured": "part", "quantity_all": "whole"})
    monthly = _months(results)
    found = [
        quality.visits_per_doctor(visits=visits, doctors=doctors),
        quality.visits_jump(visits=visits),
        quality.more_than_whole(counts=both, rule="insured_above_visits"),
    ]
    return found if monthly is None else [*found, quality.sums_differ(sums=monthly, rule="months_and_year")]


def _months(results: Results) -> pd.DataFrame | None:
    """Return the yearly visits beside the sum of twelve reported months; None without monthly reports."""
    if "activity_monthly" not in results.snapshot.tables:
        return None
    rows = results.frame("activity_monthly")
    rows = rows[rows["activity"].eq("visits") & rows["quantity"].notna()]
    rows = rows.assign(year=rows["month"].str[:4].astype("Int64")).rename(columns={"station": "unit"})
    sums = rows.groupby(["unit", "year"])["quantity"].agg(["sum", "size"]).reset_index()
    sums = sums[sums["size"].eq(12)].merge(_yearly(results, "visits"), on=["unit", "year"])
    return sums.rename(columns={"sum": "parts", "quantity": "total"})


def _of_criteria(results: Results) -> list[pd.DataFrame]:
    scores = results.frame("criteria_scores")
    scores = scores[scores["geography"].eq("legacy")]
    rows = results.frame("facilities")
    communes = results.frame("stations").set_index("station")["legacy_commune"]
    rows = rows.assign(unit=rows["station"].map(communes), quantity=rows["quantity"].astype("float64"))
    found = []
    for rule, (criterion, items) in ITEMS.items():
        some = rows[rows["item"].isin(items)]
        groups = some.assign(present=some["quantity"].gt(0)).groupby(["unit", "year"])
        premises = groups.agg(present=("present", "sum"), asked=("quantity", "count")).reset_index()
        premises = premises[premises["asked"].eq(len(items))]
        shares = _shares(scores, criterion)
        part = quality.criteria_against_facilities(shares=shares, premises=premises)
        found.append(part.assign(rule=rule))
    return found


def _shares(scores: pd.DataFrame, criterion: int) -> pd.DataFrame:
    parts = []
    for year, sheets in scores.groupby("year"):
        rules = set_in_force(int(year))
        if rules is not None and criterion in rules.numbers and not rules.by_zone:
            shares = criterion_shares(scores=sheets, criteria_set=rules)[criterion]
            parts.append(shares.rename("share").reset_index().rename(columns={"commune": "unit"}))
    empty = pd.DataFrame({"unit": pd.Series(dtype="str"), "year": pd.Series(dtype="Int64"), "share": []})
    return pd.concat(parts) if parts else empty


def _of_people(results: Results) -> list[pd.DataFrame]:
    people = results.frame("population")
    people = people[people["geography"].eq("legacy")].rename(columns={"commune": "unit"})
    parts = people.assign(parts=people["urban"] + people["rural"])
    insured = results.indicator("health_insurance_coverage", "legacy", "commune")[
        ["numerator", "denominator"]
    ]
    insured = insured.set_axis(["part", "whole"], axis=1).rename_axis(["unit", "year"]).reset_index()
    found = [
        quality.sums_differ(sums=parts, rule="population_parts", share=0),
        quality.population_jump(population=people),
        quality.more_than_whole(counts=insured, rule="insured_above_population"),
    ]
    for rule, name in (
        ("outlier_staff", "staff_requirement_ratio"),
        ("outlier_visits", "visits_per_person"),
        ("outlier_insurance", "health_insurance_coverage"),
    ):
        values = results.indicator(name, "legacy", "commune")["value"].rename_axis(["unit", "year"])
        found.append(quality.outliers(values=values.reset_index(), rule=rule))
    return found


def _of_places(results: Results) -> pd.DataFrame:
    """Judge where stations stand today, told of the newest year: how far outside their commune's extent."""
    stations = results.frame("stations")
    box = extents().reindex(stations["legacy_commune"]).set_axis(stations.index)
    north = np.maximum(box["south"] - stations["latitude"], stations["latitude"] - box["north"]).clip(lower=0)
    east = np.maximum(box["west"] - stations["longitude"], stations["longitude"] - box["east"]).clip(lower=0)
    km = _KM * np.hypot(north, east * np.cos(np.radians(stations["latitude"])))
    rows = stations.assign(unit=stations["station"], year=results.options.years[-1], km=km)
    return quality.station_astray(stations=rows)


def flagged(results: Results, geography: str, year: int) -> frozenset[str]:
    """Return the communes of a geography with an open finding of a year: their numbers are not to be read plainly.

    A commune in force has the findings of those it was made of.
    """

    def compute() -> frozenset[str]:
        found = findings(results)
        communes = found.loc[found["year"].eq(year), "commune"]
        return frozenset(communes.map(home("legacy", geography, "commune")).dropna())

    return results.keep("flagged", geography, str(year), compute=compute)
