"""The register: the clinics and every other station's readiness on the map, and the clinics in a table."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers import lists
from answers import scope as scopes
from answers.colours import Theme
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from geo import maps
from geo.classify import Classes
from geo.units import at_level
from ui import badges, map_shapes, page, plot, station_link, theme, unit_list, visit
from ui.export import pins

TABLES = ("pilots", "stations", "staffing", "facilities")
HEIGHT = 440


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
    _register(results, scope, frame)


def state_colours(colours: Theme) -> list[str]:
    """Return a colour per state, from the farthest to an open clinic."""
    return [colours.sequential[0], colours.sequential[1], colours.sequential[3], colours.categorical[1]]


def coded(state: pd.Series, size: int) -> Classes:
    """Return numbers of kinds as the classes of a map; missing is no data."""
    return Classes(tuple(at - 0.5 for at in range(1, size)), "left", state.fillna(-1).astype("int64"))


def base_map(
    scope: Scope, codes: pd.Series, fills: list[str], legend: maps.Legend, hover: list[str]
) -> go.Figure:
    """Return a map of the scope's communes in kinds, for the register and for what comes next."""
    return map_shapes.figure_of(
        replace(scope, level="commune"), coded(codes, len(fills)), legend, fills, hover, theme.current(),
        width=map_shapes.room(610), height=HEIGHT,
    )  # fmt: skip


def readiness_map(scope: Scope, known: pd.DataFrame, frame: pd.DataFrame) -> go.Figure:
    """Return the map of communes by the nearest state of their stations."""
    legend = maps.Legend(
        title=t("pilots.map.legend"),
        labels=[t(f"pilots.state.{name}") for name in pilots.STATES],
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    lines = {}
    for row in frame.itertuples():
        lines.setdefault(row.unit, []).append(f"{escape(str(row.name))}: {escape(_state(row.state))}")
    hover = ["<br>".join(lines[code][:6]) for code in known.index]
    return base_map(scope, known["state"], state_colours(theme.current()), legend, hover)


def _state(state: object) -> str:
    return t("pilots.state.unknown") if pd.isna(state) else t(f"pilots.state.{state}")


def _list(scope: Scope, known: pd.DataFrame, frame: pd.DataFrame) -> None:
    names = at_level(scope.geography, "commune", within=scope.within)["name"].reindex(known.index)
    counted = frame["unit"].value_counts().reindex(known.index)
    rows = known.assign(name=names, stations=counted, place=order_of(names))
    rows = rows.sort_values(["state", "place"], ascending=[False, True], na_position="last")
    order = {float(at): name for at, name in enumerate(pilots.STATES)}
    texts = [_state(order.get(value, np.nan)) for value in rows["state"]]
    values = [None if pd.isna(value) else float(value) for value in rows["state"]]
    columns = [
        lists.Column(t("list.unit"), list(rows["name"]), list(rows["place"])),
        lists.Column(t("pilots.column.state"), texts, values),
    ]
    above = frame.drop_duplicates("unit").set_index("unit")["above"].reindex(rows.index)
    notes = None if scope.geography == "current" and scope.within else list(above)
    data = lists.payload(list(rows.index), columns, notes=notes, selected=scope.unit, height=HEIGHT - 46)
    unit_list.show(data, key="pilots.list")


def _register(results: Results, scope: Scope, frame: pd.DataFrame) -> None:
    """Show every clinic; a click leads to its station's profile."""
    ours = frame[frame["opened"].notna()].sort_values("opened", kind="stable")
    if ours.empty:
        st.info(t("pilots.register.empty", place=scopes.place_name(scope)), icon=":material/info:")
        return
    shown = pilots.services(results)
    texts = {
        "station": ours["name"],
        "opened": ours["opened"].map(fmt.date),
        "doctors": [_doctors(row) for _, row in ours.iterrows()],
        "equipment": [_equipment(row) for _, row in ours.iterrows()],
        "services": [_services(str(name), shown) for name in ours.index],
    }
    by_name = order_of(ours["name"])
    orders = {"station": by_name, "opened": [float(day.toordinal()) for day in ours["opened"]]}
    columns = [
        lists.Column(t(f"pilots.column.{name}"), list(column), list(orders.get(name, by_name)))
        for name, column in texts.items()
    ]
    notes = [f"{row['commune']}, {row['above']} · {code}" for code, row in ours.iterrows()]
    data = lists.payload(
        list(ours.index), columns, notes=notes, selected=scope.station, height=min(460, 60 + 76 * len(ours))
    )
    unit_list.show(data, key="pilots.register.list", choose=station_link.chooser(results))
    if scope.station is not None:
        station_link.link(results, scope)
    badges.caption(results.snapshot, [*TABLES, pilots.table(results)])


def _doctors(row: pd.Series) -> str:
    trained, doctors = (fmt.number(_none(row[name])) for name in ("trained_doctors", "doctors"))
    return t("pilots.doctors", trained=trained, doctors=doctors)


def _equipment(row: pd.Series) -> str:
    has = row[list(pilots.EQUIPMENT)].fillna(False)
    return ", ".join(t(f"pilots.condition.{name}") for name in pilots.EQUIPMENT if has[name]) or fmt.MISSING


def _services(code: str, shown: pd.DataFrame) -> str:
    offered = shown.loc[code].fillna(False)
    return ", ".join(t(f"pilots.service.{name}") for name in shown.columns if offered[name]) or fmt.MISSING


def _none(value: object) -> float | None:
    return None if pd.isna(value) else float(value)
