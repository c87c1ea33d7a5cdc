"""The tab of a unit's stations and points."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.units import profile
from answers.words import t
from geo.units import at_level, parent_of
from ui import badges, page, station_link, unit_list


def stations(results: Results, scope: Scope) -> None:
    """Show the unit's stations and points, and which run a family-doctor clinic; a click opens its profile."""
    page.section(t("commune.stations"), t("commune.stations.note"))
    found = profile.stations(results, scope)
    old, new = at_level("legacy", "commune")["name"], at_level("current", "commune")["name"]
    district = parent_of("legacy", "commune", "district").map(at_level("legacy", "district")["name"])
    texts = {
        "station": found["name"],
        "role": found["role"].map(lambda role: t(f"commune.role.{role}")),
        "zone": found["zone"].map(fmt.number),
        "former": found["legacy_commune"].map(old + ", " + district),
        "now": found["current_commune"].map(new),
    }
    columns = [
        lists.Column(t(f"commune.{key}"), list(column), [float(v) for v in order_of(column)])
        for key, column in texts.items()
    ]
    opened = [None if pd.isna(day) else float(day.toordinal()) for day in found["opened"]]
    columns.append(lists.Column(t("profile.clinic"), [_clinic(day) for day in found["opened"]], opened))
    height = min(440, 40 + 34 * len(found))
    data = lists.payload(list(found["station"]), columns, selected=scope.station, height=height)
    unit_list.show(data, key="profile.stations", choose=station_link.chooser(results))
    badges.caption(results.snapshot, ["stations", "pilots"])


def _clinic(opened: pd.Timestamp) -> str:
    if pd.isna(opened):
        return t("profile.clinic.none")
    return t("profile.clinic.since", date=fmt.date(opened))
