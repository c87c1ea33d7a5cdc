"""What looks wrong in the data, for the data officer: every rule's findings with the unit they belong to."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.quality.found import findings
from answers.results import Results, home
from answers.scope import Scope
from answers.summary import figure, is_percent
from answers.targets.numbers import NATION
from answers.words import current, t
from data.store import open_store
from geo.units import at_level, implausible_points, parent_of
from metrics import quality
from metrics.registry import indicators


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
