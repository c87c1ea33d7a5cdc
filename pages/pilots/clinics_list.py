"""Every clinic with its doctors, equipment and services."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers import scope as scopes
from answers.names import order_of
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui import badges, station_link, unit_list

TABLES = ("pilots", "stations", "staffing", "facilities")


def show(results: Results, scope: Scope, frame: pd.DataFrame) -> None:
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
