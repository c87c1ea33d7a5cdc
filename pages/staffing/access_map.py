"""What people can reach on a map, beside the list."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.colours import palette
from answers.figure import Spec
from answers.scope import Scope
from answers.staffing.access import Reach
from answers.words import t
from geo import maps
from geo.classify import Classes, classes, interval_labels
from pages.staffing import access_list
from pages.staffing.access_list import HEIGHT
from ui import map_shapes, plot, theme


def show(frame: pd.DataFrame, scope: Scope, found: Reach, pin: Spec | None) -> None:
    """Show the map beside the list, in the same classes."""
    colours = theme.current()
    values = frame["access"].astype("float64")
    cut = classes(values, decimals=2, k=5)
    fills = palette("sequential", cut.k, colours)
    with st.container(key="staffing-access"):
        left, right = st.columns([6, 6], gap="medium")
        with left:
            plot.show(
                _map(frame, scope, cut, fills),
                key="staffing.access.map",
                chooses=True,
                alt=t("staffing.access.alt"),
                pin=pin,
            )
        with right:
            access_list.show(frame, scope, cut, fills, found)


def _map(frame: pd.DataFrame, scope: Scope, cut: Classes, fills: list[str]):
    legend = maps.Legend(
        title=t("staffing.access.legend"),
        labels=interval_labels(cut, lambda value: fmt.number(value, 2)),
        no_data=t("map.no_data"),
        not_applicable=t("map.not_applicable"),
    )
    hover = [
        f"<b>{escape(str(row.name))}</b><br>"
        + t("staffing.access.hover", access=fmt.number(row.access, 2), ratio=fmt.number(row.ratio, 2))
        for row in frame[["name", "access", "ratio"]]
        .rename_axis("code")
        .reset_index()
        .itertuples(index=False)
    ]
    return map_shapes.figure_of(
        scope, cut, legend, fills, hover, theme.current(), width=map_shapes.room(560), height=HEIGHT
    )
