"""The stations as a table, those that lack the most first."""

from __future__ import annotations

from typing import Final

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.results import Results
from answers.scope import Scope
from geo.units import at_level, parent_of
from ui import station_link, unit_list

HEIGHT: Final = 520


def show(results: Results, scope: Scope, found: pd.DataFrame) -> None:
    """Show the stations as a table, those that lack the most first."""
    found = found.sort_values(["gap_low", "gap_high"], kind="stable", na_position="last")
    district = parent_of("legacy", "commune", "district").map(at_level("legacy", "district")["name"])
    gap = [
        fmt.span(low, high, sign=True) for low, high in zip(found["gap_high"], found["gap_low"], strict=True)
    ]
    columns = [
        lists.names("commune.station", found["name"]),
        lists.numbers("profile.norm.existing", found["existing"]),
        lists.numbers("profile.peer.gap", found["gap_low"], gap),
    ]
    notes = list(found["legacy_commune"].map(district))
    data = lists.payload(list(found.index), columns, notes=notes, selected=scope.station, height=HEIGHT - 46)
    unit_list.show(data, key="staffing.stations.list", choose=station_link.chooser(results))
