"""What looks wrong in the data, for the data officer: every rule's findings with the unit they belong to."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.results import Results, home
from answers.scope import Scope
from answers.summary import figure, is_percent
from answers.targets.numbers import NATION
from answers.words import current, t
from data.store import open_store
from geo.units import at_level, implausible_points, parent_of
from metrics import quality
from metrics.criteria import criterion_shares
from metrics.criteria_sets import set_in_force
from metrics.registry import indicators

# The rules, and the table whose owner is asked.
RULES: Final = {
    "no_staff": "staffing",
    "counted_twice": "staffing",
    "staff_jump": "staffing",
    "months_and_year": "activity_monthly",
    "insured_above_visits": "activity",
    "visits_per_doctor": "activity",
    "criteria_premises": "criteria_scores",
    "criteria_equipment": "criteria_scores",
    "population_parts": "population",
    "population_jump": "population",
    "insured_above_population": "insurance",
    "outlier_staff": "staffing",
    "outlier_visits": "activity",
    "outlier_insurance": "insurance",
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


def within(results: Results, scope: Scope, *, unit: str | None = None) -> pd.DataFrame:
    """Return the scope's findings with the unit each belongs to, in the geography being viewed."""
    frame = findings(results)
    code = frame["commune"].map(home("legacy", scope.geography, scope.level))
    wanted = [unit] if unit else at_level(scope.geography, scope.level, within=scope.within).index
    return frame.assign(code=code)[code.isin(wanted)]


def by_district(results: Results) -> pd.DataFrame:
    """Return the share of station figures filled, by old district and table, in percent: the officer's map."""

    def compute() -> pd.DataFrame:
        stations = results.frame("stations").set_index("station")["legacy_commune"]
        district = parent_of("legacy", "commune", "district")
        parts = {}
        for table, column in (
            ("staffing", "headcount"),
            ("activity", "quantity"),
            ("facilities", "quantity"),
        ):
            rows = results.frame(table)
            place = rows["station"].map(stations).map(district)
            parts[table] = 100 * rows[column].notna().groupby([place, rows["year"]]).mean()
        for table, column in (("insurance", "insured"), ("village_workers", "villages_with_worker")):
            rows = results.frame(table)
            rows = rows[rows["geography"].eq("legacy")]
            parts[table] = (
                100 * rows[column].notna().groupby([rows["commune"].map(district), rows["year"]]).mean()
            )
        return pd.DataFrame(parts).rename_axis(["district", "year"])

    return results.keep("completeness.district", compute=compute)


def over_snapshots(results: Results, last: int = 6) -> pd.DataFrame:
    """Return how many findings the latest snapshots had, newest first: id, created, message, findings, change."""
    store = open_store()
    rows = []
    for info in store.snapshots()[:last]:
        mine = info.id == results.snapshot.id
        count = len(findings(results if mine else Results(store.snapshot(info.id))))
        rows.append({"id": info.id, "created": info.created, "message": info.message, "findings": count})
    frame = pd.DataFrame(rows)
    return frame.assign(change=frame["findings"] - frame["findings"].shift(-1))


def points(results: Results) -> pd.DataFrame:
    """Return the communes of the country whose point cannot be right (:func:`geo.units.implausible_points`).

    Columns: geography, code, name, province, latitude, longitude, reason, km, and ``ours``: whether the province
    has stations in the atlas. Those come first, then the farthest.
    """

    def compute() -> pd.DataFrame:
        parts = []
        for geography, rows in implausible_points().groupby("geography"):
            home_of = parent_of(str(geography), "commune", "province").reindex(rows["code"]).to_numpy()
            named = at_level(str(geography), "province")["name"].reindex(home_of).to_numpy()
            where = at_level(str(geography), "commune")[["latitude", "longitude"]].reindex(rows["code"])
            ours = pd.Series(home_of, index=rows.index).isin(results.options.provinces[str(geography)])
            parts.append(
                rows.assign(province=named, ours=ours, **{k: v.to_numpy() for k, v in where.items()})
            )
        found = pd.concat(parts)
        order = ["geography", "code", "name", "province", "latitude", "longitude", "reason", "km", "ours"]
        return found.sort_values(["ours", "km"], ascending=False, ignore_index=True)[order]

    return results.keep("quality.points", compute=compute)


def published(results: Results) -> pd.DataFrame:
    """Return published figures that count what the atlas counts, each beside the computed one.

    Columns: place, geography, code, date, indicator, published, computed, difference, beyond. Places are the
    atlas's provinces; a figure counted otherwise, or not computed for its year, is left out.
    """
    rows = []
    for fact in results.frame("facts").to_dict("records"):
        definition = indicators().get(fact["indicator"])
        names = at_level(fact["geography"], "province")["short_name"]
        code = next(iter(names[names.eq(fact["place"])].index), None)
        if (
            definition is None
            or not definition.comparable_with_published
            or fact["place"] == NATION
            or code is None
        ):
            continue
        values = results.indicator(definition.id, fact["geography"], "province")["value"]
        value = values.get((code, fact["date"].year))
        if value is None or pd.isna(value):
            continue
        beyond = quality.beyond_tolerance(
            published=fact["value"], computed=float(value), percent=is_percent(definition)
        )
        kept = {key: fact[key] for key in ("place", "geography", "date", "indicator", "source")}
        rows.append(
            kept
            | {"code": code, "published": fact["value"], "computed": float(value)}
            | {"difference": float(value) - fact["value"], "beyond": beyond}
        )
    return pd.DataFrame(rows, columns=[*_PUBLISHED])


_PUBLISHED: Final = (
    "place",
    "geography",
    "date",
    "indicator",
    "source",
    "code",
    "published",
    "computed",
    "difference",
    "beyond",
)


# -- in words ----------------------------------------------------------------------------------------------


def points_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return implausible points as a table to read or to download, the headings in the current language."""
    reasons = [t(f"quality.points.{reason}") for reason in found["reason"]]
    named = {
        "geography": [t(f"geography.{one}.short") for one in found["geography"]],
        "unit": found["name"],
        "province": found["province"],
        "latitude": [fmt.number(value, 4) for value in found["latitude"]],
        "longitude": [fmt.number(value, 4) for value in found["longitude"]],
        "reason": reasons,
        "km": [fmt.number(value, 1) for value in found["km"]],
    }
    return pd.DataFrame({t(f"quality.points.column.{key}"): list(column) for key, column in named.items()})


def name_of(finding: pd.Series) -> str:
    """Return what a finding is known by: its rule, station or commune, and year."""
    return f"{finding['rule']}|{finding['unit']}|{finding['year']}"


def found_text(row: pd.Series) -> str:
    """Return what was found and what was expected, in a few words."""
    low, high = row["expected_low"], row["expected_high"]
    digits = 1 if row["rule"].startswith("outlier") or row["found"] % 1 else 0
    if pd.notna(low) and pd.notna(high):
        expected = fmt.span(low, high, digits)
    elif pd.notna(low):
        expected = f"≥ {fmt.number(low, digits)}"
    else:
        expected = f"≤ {fmt.number(high, digits)}"
    return t("quality.found", found=fmt.number(row["found"], digits), expected=expected)


def published_heads() -> list[str]:
    """Return the headings of :func:`published_rows`."""
    names = ("indicator", "place", "published", "computed", "difference", "flag")
    return [t(f"quality.column.{name}") for name in names]


def published_rows(found: pd.DataFrame) -> list[list[str]]:
    """Return published figures beside computed ones, each flagged where they differ beyond the tolerance."""
    rows = []
    for _, row in found.iterrows():
        definition = indicators()[row["indicator"]]
        flag = t("quality.flag.beyond" if row["beyond"] else "quality.flag.within")
        tone = "short" if row["beyond"] else "met"
        rows.append(
            [
                escape(definition.name.in_(current())),
                escape(f"{row['place']}, {fmt.date(row['date'])}"),
                figure(row["published"], definition),
                figure(row["computed"], definition),
                fmt.number(row["difference"], definition.decimals, sign=True),
                f'<span class="status {tone}">{escape(flag)}</span>',
            ]
        )
    return rows
