"""The tab of the units a profile is compared with."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.units import neighbours, profile, station
from answers.words import t
from geo.units import at_level
from ui import badges, page, station_link, unit_list
from ui.visit import choose_unit


def peers(results: Results, scope: Scope) -> None:
    """Show the nearest units and those most alike, side by side with this one; of a station, as stations."""
    left, right = st.columns(2, gap="medium")
    for column, key, find in ((left, "nearest", neighbours.nearest), (right, "similar", neighbours.similar)):
        with column:
            page.section(t(f"profile.{key}"), t(f"profile.{key}.note"))
            _peers(results, scope, find(results, scope), key)
    badges.caption(results.snapshot, ["population", "stations", "staffing"])


def _peers(results: Results, scope: Scope, found: pd.DataFrame, key: str) -> None:
    stations = station.of_communes(results, [str(scope.unit), *found.index]) if scope.station else {}
    if stations:
        found = found[found.index.isin(stations)]
    codes = [str(scope.unit), *found.index]
    texts = neighbours.compared(results, scope, codes)
    names = at_level(scope.geography, scope.level)["name"].reindex(codes)
    away = [0.0, *found["distance"]]
    order = list(range(len(codes)))
    head = "profile.peer.km" if key == "nearest" else "profile.peer.alike"
    shown = [fmt.MISSING, *(fmt.number(v, 1 if key == "nearest" else 2) for v in found["distance"])]
    columns = [
        lists.Column(t("list.unit"), [profile.called(scope, code) for code in codes], list(order_of(names))),
        lists.Column(t(head), shown, away, number=True),
        *(
            lists.Column(t(f"profile.peer.{name}"), list(texts[name]), order, number=True)
            for name in ("population", "staff", "gap", "doctors")
        ),
    ]
    chosen, choose = scope.unit, choose_unit
    if stations:
        codes, chosen = [stations[code] for code in codes], scope.station
        choose = station_link.chooser(results)
    data = lists.payload(codes, columns, selected=chosen, height=330)
    unit_list.show(data, key=f"profile.{key}", choose=choose)
