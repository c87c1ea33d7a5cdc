"""The register: the clinics and every other station's readiness on the map, and the clinics in a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from answers import kept as cache
from answers import lists
from answers import scope as scopes
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.scope import Scope
from answers.words import t
from geo.units import at_level
from pages.pilots import clinics_list
from pages.pilots.clinics_list import TABLES
from pages.pilots.readiness_map import HEIGHT, readiness_map
from ui import badges, page, plot, station_link, unit_list, visit
from ui.export import pins


@page.fragment
def show() -> None:
    """Show the map beside the list of communes, and the register of clinics."""
    results, scope = cache.results(), visit.current()
    assert results is not None
    frame = pilots.readiness(results, scope)
    known = pilots.units(frame)
    page.section(t("pilots.register"), t("pilots.register.note", year=scope.year))
    with st.container(key="map-and-list"):
        left, right = st.columns([7, 5], gap="medium")
        with left:
            plot.show(
                readiness_map(scope, known, frame),
                key="pilots.map",
                chooses=True,
                alt=t("pilots.map.alt", scope=scopes.sentence(scope)),
                pin=pins.whole("clinics", "", scope),
            )
        with right:
            _list(scope, known, frame)
    if scope.station is None:
        station_link.link(results, scope)
    badges.caption(results.snapshot, [name for name in TABLES if name in results.snapshot.tables])
    clinics_list.show(results, scope, frame)


def _list(scope: Scope, known: pd.DataFrame, frame: pd.DataFrame) -> None:
    names = at_level(scope.geography, "commune", within=scope.within)["name"].reindex(known.index)
    counted = frame["unit"].value_counts().reindex(known.index)
    rows = known.assign(name=names, stations=counted, place=order_of(names))
    rows = rows.sort_values(["state", "place"], ascending=[False, True], na_position="last")
    order = {float(at): name for at, name in enumerate(pilots.STATES)}
    texts = [pilots_words.state(order.get(value, np.nan)) for value in rows["state"]]
    values = [None if pd.isna(value) else float(value) for value in rows["state"]]
    columns = [
        lists.Column(t("list.unit"), list(rows["name"]), list(rows["place"])),
        lists.Column(t("pilots.column.state"), texts, values),
    ]
    above = frame.drop_duplicates("unit").set_index("unit")["above"].reindex(rows.index)
    notes = None if scope.geography == "current" and scope.within else list(above)
    data = lists.payload(list(rows.index), columns, notes=notes, selected=scope.unit, height=HEIGHT - 46)
    unit_list.show(data, key="pilots.list")
