"""Which unit of a geography and level each station or commune counts in, as a snapshot has it.

``homes`` is the relation itself, to join to in the engine; ``places`` is the list of units, with how many
stations and communes count in each.
"""

from __future__ import annotations

from functools import lru_cache, reduce

import ibis
import pandas as pd

from data.contracts import GEOGRAPHIES, TABLES
from data.failures import fetched
from data.store import Snapshot


def homes(snapshot: Snapshot, atom: str, geography: str, level: str) -> ibis.Table:
    """Return the units (code, province) that stations or communes (``atom``) count in.

    ``geography`` is that of the atom's own rows, to join to with it: area data of legacy communes also counts
    in units in force, wholly (``inside``) when every part of the commune went there, and as ``main`` in the
    unit that took its main part. Everything else has one home, and counts in it wholly.
    """
    communes = _communes(snapshot, geography, level)
    if atom == "station":
        stations = snapshot.table("stations")
        lies = stations.select("station", commune=stations[f"{geography}_commune"])
        at = lies.join(communes, "commune").drop("commune")
        return at.mutate(geography=ibis.literal(geography), main=True, inside=True)
    own = communes.mutate(geography=ibis.literal(geography), main=True, inside=True)
    return own.union(_through_crosswalk(snapshot, communes)) if geography == "current" else own


def _through_crosswalk(snapshot: Snapshot, communes: ibis.Table) -> ibis.Table:
    """Return the units in force that legacy communes count in; one split inside a unit is whole there."""
    links = snapshot.table("crosswalk")
    parts = links.group_by(commune=links.legacy_commune).agg(parts=links.count())
    ends = links.select("legacy_commune", "main", commune=links.current_commune).join(communes, "commune")
    here = ends.group_by(commune=ends.legacy_commune, code=ends.code, province=ends.province)
    met = here.agg(main=ends.main.any(), here=ends.count()).join(parts, "commune")
    whole = met.mutate(geography=ibis.literal("legacy"), inside=met.here == met.parts)
    return whole.select("commune", "province", "code", "geography", "main", "inside")


def _communes(snapshot: Snapshot, geography: str, level: str) -> ibis.Table:
    """Return each commune of a geography with its unit (code) at a level, and its province."""
    units = snapshot.table("units")
    communes = units.filter(units.geography == geography, units.level == "commune")
    communes = communes.select(commune="code", district="parent", province="parent")
    if geography == "legacy":
        districts = units.filter(units.geography == geography, units.level == "district")
        districts = districts.select(district="code", province="parent")
        communes = communes.drop("province").join(districts, "district")
    return communes.select("commune", "province", code=communes[level])


@lru_cache(maxsize=64)
def places(snapshot: Snapshot, geography: str, level: str) -> pd.DataFrame:
    """Return the units of a level by code: province, known, stations, legacy, current.

    The last three count what can report there: stations, and legacy and current communes with area data.
    ``known`` units hold a station, or a commune with area data. The frame is shared: never change it.
    """
    frame = _frame(_units(snapshot, geography, level)).set_index("code").sort_index()
    area = homes(snapshot, "commune", geography, level)
    counts = _frame(area.group_by(["geography", "code"]).agg(n=area.count()))
    for name in GEOGRAPHIES:
        count = counts[counts["geography"] == name].set_index("code")["n"]
        frame[name] = count.reindex(frame.index, fill_value=0)
    known = _frame(area.semi_join(_with_data(snapshot), ["geography", "commune"]).select("code").distinct())
    frame["stations"] = 0
    if "stations" in snapshot.tables:
        at = homes(snapshot, "station", geography, level)
        count = _frame(at.group_by("code").agg(n=at.count())).set_index("code")["n"]
        frame["stations"] = count.reindex(frame.index, fill_value=0)
    frame["known"] = frame.index.isin(known["code"]) | (frame["stations"] > 0)
    return frame


def _units(snapshot: Snapshot, geography: str, level: str) -> ibis.Table:
    if level == "commune":
        return _communes(snapshot, geography, level).select("code", "province")
    units = snapshot.table("units")
    units = units.filter(units.geography == geography, units.level == level)
    return units.select("code", province="parent" if level == "district" else "code")


def _with_data(snapshot: Snapshot) -> ibis.Table:
    """Return the communes (geography, commune) that some area table has a row for."""
    names = [name for name in snapshot.tables if "commune" in TABLES[name].columns]
    tables = [snapshot.table(name).select("geography", "commune") for name in names]
    none = snapshot.table("units").select("geography", commune="code").limit(0)
    return reduce(lambda some, more: some.union(more), tables, none).distinct()


def _frame(query: ibis.Table) -> pd.DataFrame:
    frame: pd.DataFrame = fetched(query).to_pandas()
    return frame
