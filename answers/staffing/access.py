"""What people can reach: doctors near enough, not only those of their own commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import in_units, key_of
from answers.summary import of_year
from answers.words import t, tn
from geo.units import at_level
from metrics.access import DETOUR, STEPS_KM, fine_but_poor, reachable, travel
from metrics.errors import BadParameters
from metrics.registry import Text

NAMED: Final = 6

STEPS_MINUTES: Final[Mapping[float, float]] = MappingProxyType({15: 1.0, 30: 0.68, 60: 0.22})
COLUMNS: Final = ("origin", "destination", "minutes")
MAX_ROWS: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The scope's units: ``doctors``, ``population``, ``ratio`` and ``access`` (per 10,000), ``nearest`` (km or
    minutes, of the worst-placed part), ``incomplete`` and ``fine_but_poor``."""

    units: pd.DataFrame
    minutes: bool
    pairs: int


def reach(
    results: Results, scope: Scope, *, detour: float = DETOUR, table: pd.DataFrame | None = None
) -> Reach:
    """Return the access of the scope's units: straight lines times a detour, or a table of travel times.

    Computed between old communes and stations of the whole data set, since people cross borders; a larger
    unit's access is the mean over its people.
    """
    if table is not None:
        return _reach(results, scope, _accessed(results, scope.year, table, STEPS_MINUTES), table)
    pairs = _pairs(results, detour)
    key = ("access", str(scope.year), f"{detour:g}")
    found = results.keep(*key, compute=lambda: _accessed(results, scope.year, pairs, STEPS_KM))
    return results.keep(*key, *key_of(scope), compute=lambda: _reach(results, scope, found, None))


def _pairs(results: Results, detour: float) -> pd.DataFrame:
    """Return every old commune and station near enough, in km by a lengthened straight line."""

    def compute() -> pd.DataFrame:
        stations = results.frame("stations").set_index("station")
        places = at_level("legacy", "commune").reindex(sorted(stations["legacy_commune"].unique()))
        return travel(origins=places, destinations=stations, limit=max(STEPS_KM), detour=detour)

    return results.keep("travel", f"{detour:g}", compute=compute)


def _accessed(results: Results, year: int, pairs: pd.DataFrame, steps: Mapping[float, float]) -> pd.DataFrame:
    """Return the access of each old commune, with its people and doctors."""
    doctors = results.frame("staffing")
    doctors = doctors[doctors["cadre"].eq("doctor") & doctors["year"].eq(year)]
    stations = results.frame("stations").set_index("station")["legacy_commune"]
    supply = doctors.set_index("station")["headcount"].reindex(stations.index).astype("float64")
    people = of_year(results.indicator("population", "legacy", "commune"), year)["value"]
    people = people.reindex(sorted(stations.unique()))
    # doctors of a place whose people are not known would be shared among other places' people only
    supply = supply.where(stations.map(people).notna())
    found = reachable(population=people, supply=supply, travel=pairs, steps=steps)
    there = supply.groupby(stations).agg(lambda each: each.sum(skipna=False))
    return found.assign(population=people, doctors=there.reindex(people.index))


def _reach(results: Results, scope: Scope, found: pd.DataFrame, table: pd.DataFrame | None) -> Reach:
    unit = in_units(found.index, "legacy", scope)
    inside = found[unit.notna()].assign(unit=unit)
    inside["weighed"] = inside["access"] * inside["population"]
    inside["missing"] = inside["doctors"].isna()
    groups = inside.groupby("unit")
    units = groups.agg(
        population=("population", "sum"),
        doctors=("doctors", "sum"),
        weighed=("weighed", "sum"),
        nearest=("nearest", "max"),
        incomplete=("incomplete", "any"),
        missing=("missing", "any"),
    )
    units["doctors"] = units["doctors"].mask(units["missing"])
    people = units["population"].where(units["population"] > 0)
    units["ratio"] = units["doctors"] / people * 10_000
    units["access"] = units["weighed"] / people
    units["fine_but_poor"] = fine_but_poor(ratio=units["ratio"], access=units["access"], population=people)
    pairs = len(table) if table is not None else 0
    return Reach(units=units.drop(columns=["weighed", "missing"]), minutes=table is not None, pairs=pairs)


def travel_times(*, table: pd.DataFrame, origins: pd.Index, destinations: pd.Index) -> pd.DataFrame:
    """Return a province's travel times as pairs with a cost; :class:`BadParameters` says what is wrong with them.

    ``table`` has text columns ``origin`` (old commune), ``destination`` (station) and ``minutes``. Rows of
    unknown places are refused, not dropped.

    >>> times = pd.DataFrame({"origin": ["31198"], "destination": ["TYT-31198"], "minutes": ["12.5"]})
    >>> travel_times(table=times, origins=pd.Index(["31198"]), destinations=pd.Index(["TYT-31198"])).cost.tolist()
    [12.5]
    """
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        names = ", ".join(missing)
        raise BadParameters([Text(vi=f"Thiếu cột {names}", en=f"Missing column {names}")])
    minutes = pd.to_numeric(table["minutes"], errors="coerce")
    faults = []
    for wrong, text in (
        (minutes.isna() | (minutes < 0), ("số phút thiếu hoặc không hợp lệ", "minutes missing or not valid")),
        (~table["origin"].isin(origins), ("không có xã cũ mang mã này", "no old commune has this code")),
        (~table["destination"].isin(destinations), ("không có trạm mang mã này", "no station has this code")),
        (table.duplicated(["origin", "destination"]), ("cặp bị lặp lại", "the pair is given twice")),
    ):
        if wrong.any():
            first, count = int(wrong.to_numpy().argmax()) + 2, int(wrong.sum())
            faults.append(
                Text(
                    vi=f"{text[0]}: {count} dòng, đầu tiên là dòng {first}",
                    en=f"{text[1]}: {count} rows, the first is row {first}",
                )
            )
    if len(table) > MAX_ROWS or table.empty:
        faults.append(
            Text(vi=f"Phải có từ 1 đến {MAX_ROWS} dòng", en=f"There must be from 1 to {MAX_ROWS} rows")
        )
    if faults:
        raise BadParameters(faults)
    return table[["origin", "destination"]].assign(cost=minutes)


def sentence(frame: pd.DataFrame, scope: Scope) -> str:
    """Return how many units look fine by their own doctors while their people can reach few."""
    flagged = frame[frame["fine_but_poor"].fillna(False).astype(bool)].sort_values("access")
    if flagged.empty:
        return t("staffing.access.none")
    text = tn("staffing.access.flagged", len(flagged), n=fmt.number(len(flagged)))
    return f"{text} {t('staffing.fair.lowest', names=', '.join(flagged['name'].head(NAMED)))}"
