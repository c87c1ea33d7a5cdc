"""Where every commitment stands: its observations brought together, judged by :mod:`metrics.targets`.

A promise is judged on computed figures where the atlas counts what the promise counts, else on published ones.
A promise of the whole country is judged, on computed figures, in the visitor's own scope: the atlas holds no
other province, and that is where a leader can act.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.cards import Kpi
from answers.results import Results
from answers.scope import ALL, Scope, place_name, province_after
from answers.summary import full_years, scope_row
from answers.words import catalogue, current, t, tn
from geo.units import at_level
from metrics.registry import Indicator, indicators
from metrics.targets import bounds_of, standings

NATION: Final = "Việt Nam"
SYMBOL: Final = {
    "done": "●",
    "on_track": "▲",
    "at_risk": "◆",
    "off_track": "▼",
    "missed": "✕",
    "not_measurable": "○",
}
TONE: Final = {
    "done": "met",
    "on_track": "met",
    "at_risk": "between",
    "off_track": "short",
    "missed": "short",
    "not_measurable": "unknown",
}
# The part of a commitment's id before its first dash names the document it comes from.
DOCUMENTS: Final = ("25ct", "72", "20nq", "ntp", "network", "tv", "ct", "other")
TOPICS: Final = ("staffing", "criteria", "facilities", "services", "insurance", "other")
# What no indicator of the registry counts: the table that would hold it, and the topic it belongs to.
UNCOUNTED: Final = {
    "district_health_centres_unified_model": ("facts", "other"),
    "free_checkup_per_person_per_year": ("activity", "services"),
    "stations_equipped_to_mandate": ("facilities", "facilities"),
    "doctors_rotated_to_stations": ("facts", "staffing"),
    "family_doctor_clinics": ("facts", "services"),
    "stations_on_family_medicine_principles": ("facts", "services"),
}


def commitments(results: Results, scope: Scope) -> pd.DataFrame:
    """Return every commitment that binds the scope, judged on the results' day, with what it is judged on.

    Columns of :func:`metrics.targets.standings`, and: ``document``, ``topic``; ``basis``: ``computed``,
    ``published`` or ``none``; ``measured``: the place the observations are of; ``nature``; ``feeds``: the table
    that would feed it; ``other_count``: whether the atlas counts something narrower under the same name.
    """
    return results.keep(
        "commitments",
        scope.province,
        scope.geography,
        results.today().isoformat(),
        current(),
        compute=lambda: _commitments(results, scope, results.today()),
    )


def _commitments(results: Results, scope: Scope, today: dt.date) -> pd.DataFrame:
    targets = results.frame("targets")
    targets = targets[targets["place"].isin(_bound(results, scope))].reset_index(drop=True)
    pairs = targets[["place", "indicator"]].drop_duplicates()
    seen = {pair: observations(results, scope, *pair) for pair in pairs.itertuples(index=False, name=None)}
    parts = [
        frame.assign(place=place, indicator=indicator) for (place, indicator), (frame, _) in seen.items()
    ]
    rows = pd.concat(parts) if parts else pd.DataFrame(columns=["date", "value", "place", "indicator"])
    judged = standings(targets=targets, observations=rows, today=today)
    basis = [seen[pair][1] for pair in judged[["place", "indicator"]].itertuples(index=False, name=None)]
    tables = [_tables(name) for name in judged["indicator"]]
    known = {
        "computed": lambda names: provenance.nature(results.snapshot, names),
        "published": lambda _: "published",
    }
    return judged.assign(
        document=[_document(name) for name in judged["id"]],
        topic=[_topic(name) for name in judged["indicator"]],
        basis=basis,
        measured=[
            _measured(place, found, scope) for place, found in zip(judged["place"], basis, strict=True)
        ],
        nature=[
            known[found](names) if found in known else "" for found, names in zip(basis, tables, strict=True)
        ],
        feeds=[names[0] for names in tables],
        other_count=[_other_count(name) for name in judged["indicator"]],
    )


def elsewhere(results: Results, scope: Scope) -> list[str]:
    """Return the places whose commitments do not bind the scope."""
    places = results.frame("targets")["place"]
    return sorted(set(places) - set(_bound(results, scope)))


def _bound(results: Results, scope: Scope) -> list[str]:
    """Return the places whose promises bind the scope: the country, its provinces, and what they were made of."""
    provinces = [scope.within] if scope.within else list(results.options.provinces[scope.geography])
    places = [NATION, *at_level(scope.geography, "province")["short_name"].reindex(provinces)]
    if scope.geography == "current" or scope.province == ALL:
        old = at_level("legacy", "province")["short_name"]
        after = set(provinces) if scope.geography == "current" else {province_after(p) for p in provinces}
        places += [old[code] for code in results.options.provinces["legacy"] if province_after(code) in after]
    return list(dict.fromkeys(places))


def observations(results: Results, scope: Scope, place: str, indicator: str) -> tuple[pd.DataFrame, str]:
    """Return a promise's observations (date, value) and whether they are computed, published, or none.

    A computed year is dated on its 31 December. Figures counted otherwise than the promise are never used.
    """
    definition = indicators().get(indicator)
    if definition is not None and definition.comparable_with_published:
        values = full_years(scope_row(results, indicator, _where(results, scope, place)))["value"].dropna()
        if len(values):
            dates = pd.to_datetime([f"{year}-12-31" for year in values.index])
            return pd.DataFrame({"date": dates, "value": values.to_numpy(dtype="float64")}), "computed"
    facts = published(results, place, indicator)
    return facts[["date", "value"]], "published" if len(facts) else "none"


def published(results: Results, place: str, indicator: str) -> pd.DataFrame:
    """Return the published figures of a place, oldest first.

    A province is followed within one geography only, the one in force if it still exists: the merged province
    of the same name is another place.
    """
    facts = results.frame("facts")
    facts = facts[facts["place"].eq(place) & facts["indicator"].eq(indicator)]
    if place != NATION:
        alive = place in set(at_level("current", "province")["short_name"])
        facts = facts[facts["geography"].eq("current" if alive else "legacy")]
    return facts.sort_values("date")


def _where(results: Results, scope: Scope, place: str) -> Scope:
    """Return the scope a promise is computed in: the visitor's for the country, else the province's own."""
    if place == NATION:
        return scope
    for geography in (scope.geography, "legacy"):
        names = at_level(geography, "province")["short_name"].reindex(results.options.provinces[geography])
        if place in set(names):
            return replace(scope, geography=geography, province=str(names[names.eq(place)].index[0]))
    raise ValueError(f"no province of the atlas is called {place!r}")


def _measured(place: str, basis: str, scope: Scope) -> str:
    return place_name(scope) if place == NATION and basis == "computed" else place


def _document(identifier: str) -> str:
    first = identifier.split("-")[0]
    return first if first in DOCUMENTS else "other"


def _topic(indicator: str) -> str:
    definition = indicators().get(indicator)
    if definition is None:
        return UNCOUNTED.get(indicator, ("facts", "other"))[1]
    return definition.topic if definition.topic in TOPICS else "other"


def _tables(indicator: str) -> list[str]:
    """Return the tables that would feed an indicator; published figures where the atlas cannot count it."""
    definition = indicators().get(indicator)
    if definition is None:
        return [UNCOUNTED.get(indicator, ("facts", "other"))[0]]
    return provenance.tables_of(definition) if definition.comparable_with_published else ["facts"]


def _other_count(indicator: str) -> bool:
    definition = indicators().get(indicator)
    return definition is not None and not definition.comparable_with_published


# -- in words ----------------------------------------------------------------------------------------------


def name(indicator: str) -> str:
    """Return what a commitment is about; where the atlas counts something narrower, not by the atlas's name."""
    definition = indicators().get(indicator)
    key = f"targets.what.{indicator}"
    if definition is not None and definition.comparable_with_published:
        return definition.name.in_(current())
    return t(f"targets.what.{indicator}") if key in catalogue(current()) else indicator.replace("_", " ")


def title(row: pd.Series) -> str:
    """Return a commitment in one line: status, what, how much, whose."""
    return f"{SYMBOL[row['status']]} {name(row['indicator'])} {promise(row)} ({row['place']})"


def amount(value: float, row: pd.Series, *, sign: bool = False, decimals: int | None = None) -> str:
    """Return a value in a commitment's unit."""
    definition: Indicator | None = indicators().get(row["indicator"])
    if decimals is None:
        decimals = 0 if float(value).is_integer() else definition.decimals if definition else 1
    if row["unit"].startswith("percent"):
        return fmt.percent(value, decimals, sign=sign)
    return fmt.number(value, decimals, sign=sign)


def unit(row: pd.Series) -> str:
    """Return the words after an amount; none for a percentage, which carries its sign."""
    key = f"targets.unit.{row['unit']}"
    if row["unit"].startswith("percent") or row["unit"] == "yes/no":
        return ""
    return t(f"targets.unit.{row['unit']}") if key in catalogue(current()) else row["unit"]


def promise(row: pd.Series) -> str:
    """Return what was promised, in a few characters: "≥ 95%"."""
    if row["comparator"] == "done":
        return t("targets.promise.done")
    sign = {">=": "≥", "<=": "≤"}.get(row["comparator"], row["comparator"])
    return f"{sign} {amount(row['value'], row)} {unit(row)}".strip()


def stands(row: pd.Series) -> str:
    """Return the newest figure the verdict rests on, with its year."""
    if pd.isna(row["latest"]):
        return fmt.MISSING
    return t(
        "targets.stands",
        value=amount(row["latest"], row, decimals=digits(row)),
        date=fmt.date(row["latest_date"]),
    )


def pace(row: pd.Series) -> str:
    """Return the change a year that is still needed, and the one observed."""
    if row["status"] in ("done", "missed"):
        return fmt.MISSING
    key = "targets.points" if row["unit"].startswith("percent") else "targets.plain"
    needed, seen = (
        fmt.MISSING if pd.isna(row[part]) else t(key, amount=fmt.number(row[part], digits(row), sign=True))
        for part in ("pace_needed", "pace_observed")
    )
    return fmt.MISSING if needed == seen == fmt.MISSING else t("targets.pace", needed=needed, seen=seen)


def outlook(row: pd.Series) -> str:
    """Return the projection at the deadline with its range; where that is cut at a limit, that it is."""
    if pd.isna(row["projected"]) or row["status"] == "missed":
        return fmt.MISSING
    places = digits(row)
    value, low, high = (amount(row[key], row, decimals=places) for key in ("projected", "low", "high"))
    if pd.isna(row["low"]):
        return t("targets.outlook.line", value=value)
    limits = bounds_of(unit=row["unit"])
    if row["low"] <= limits[0] or row["high"] >= limits[1]:
        # The range is cut at the limit: it must not read as if that end were known.
        near, limit = (low, high) if row["high"] >= limits[1] else (high, low)
        return t("targets.outlook.cut", value=value, near=near, limit=limit)
    return t(
        "targets.outlook.range",
        value=value,
        low=low,
        high=high,
    )


def why(row: pd.Series) -> str:
    """Return why the verdict is what it is; without data, which table would feed it."""
    if row["reason"] == "no_data" and row["other_count"]:
        caution = indicators()[row["indicator"]].caution
        assert caution is not None  # the registry asks for one
        return t("targets.reason.other_count", caution=caution.in_(current()), table=t("table.facts"))
    reason = row["reason"]
    if reason in ("range_straddles", "range_fails") and _fast_enough(row):
        reason = f"{reason}.slows"  # else the two paces beside it would contradict the verdict
    return t(f"targets.reason.{reason}", table=t(f"table.{row['feeds']}"))


def _fast_enough(row: pd.Series) -> bool:
    """Say whether the pace observed, if it lasted, would reach the target in time."""
    needed, seen = row["pace_needed"], row["pace_observed"]
    return pd.notna(needed) and pd.notna(seen) and needed * seen > 0 and abs(seen) >= abs(needed)


def digits(row: pd.Series) -> int:
    """Return the decimals a commitment is measured in: none for what is counted whole."""
    definition = indicators().get(row["indicator"])
    if row["unit"] in ("clinics", "yes/no", "doctors per year"):
        return 0
    return max(1, definition.decimals) if definition else 1


def tables(row: pd.Series) -> list[str]:
    """Return the tables a verdict rests on."""
    return ["targets", *(_tables(row["indicator"]) if row["basis"] == "computed" else ["facts"])]


def definition(row: pd.Series) -> Indicator | None:
    """Return the indicator a verdict is computed with, none where it rests on published figures."""
    return indicators()[row["indicator"]] if row["basis"] == "computed" else None


def headline(judged: pd.DataFrame, scope: Scope) -> str:
    """Return the sentence a leader reads first: how many promises, how many kept, how many in danger."""
    count = judged["status"].value_counts()
    danger = sum(int(count.get(name, 0)) for name in ("off_track", "missed", "at_risk"))
    safe = sum(int(count.get(name, 0)) for name in ("done", "on_track"))
    return tn(
        "targets.headline",
        len(judged),
        place=place_name(scope),
        total=fmt.number(len(judged)),
        safe=fmt.number(safe),
        danger=fmt.number(danger),
        unknown=fmt.number(int(count.get("not_measurable", 0))),
    )


CARDS: Final = (("done",), ("on_track",), ("at_risk",), ("off_track", "missed"), ("not_measurable",))


def cards(judged: pd.DataFrame) -> list[Kpi]:
    """Return a card per status with how many commitments have it, and what it means."""
    found = []
    for group in CARDS:
        rows = judged[judged["status"].isin(group)]
        words = " · ".join(f"{SYMBOL[name]} {t(f'targets.status.{name}')}" for name in group)
        first = rows.sort_values("deadline")["deadline"].dropna()
        found.append(
            Kpi(
                label=words,
                figure=fmt.number(len(rows)),
                unit=t("targets.of", total=fmt.number(len(judged))),
                meaning=t("targets.next", date=fmt.date(first.iloc[0])) if len(first) else "",
            )
        )
    return found
