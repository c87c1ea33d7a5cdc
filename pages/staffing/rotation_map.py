"""A rotation on the map: stations by what becomes of them, and who goes where."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.colours import map_colours
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import STATES, Answer
from answers.words import t
from geo import decks
from geo.classify import NO_DATA, Classes
from ui import theme, unit_list

HEIGHT = 480
SIGNS = {"still": "▼", "helped": "▲", "giver": "●", "same": "·"}


def show(found: Answer, moves: pd.DataFrame, scope: Scope) -> None:
    """Show the stations and the moves, and what the colours say."""
    colours, store = theme.current(), cache.geometry()
    states = staffing_plan.states(found)
    codes = states.map({name: i for i, name in enumerate(STATES)}).fillna(NO_DATA).astype("int64")
    fills = [colours.short, colours.accent, colours.met, colours.not_applicable]
    borders = store.asset(
        scope.geography, "district" if scope.geography == "legacy" else "commune", scope.province, "outline"
    )
    deck = decks.stations_map(
        outline_url=borders.url,
        stations=found.stations,
        classes=Classes(tuple(i + 0.5 for i in range(len(STATES) - 1)), "left", codes),
        hover=staffing_plan.hover(found),
        colors=map_colours(colours, fills),
        bounds=borders.bounds,
        width=340 if unit_list.is_narrow() else 560,
        height=HEIGHT,
    )
    texts = [
        f"{row.origin_name} → {row.destination_name}\n"
        + t("staffing.rotation.arc", doctors=fmt.number(row.doctors), km=fmt.number(row.cost, 1))
        for row in moves.itertuples()
    ]
    flows = moves.rename(columns={"doctors": "count"})
    decks.add_flows(
        deck, flows=flows, places=found.stations, hover=texts, colors=(colours.met, colours.short)
    )
    st.pydeck_chart(deck, height=HEIGHT, key="staffing.rotation.map", alt=t("staffing.rotation.alt"))
    legend = " &nbsp; ".join(
        f'<span style="color:{fill}">{SIGNS[name]} ⬤</span> {escape(t(f"staffing.rotation.state.{name}"))}'
        for name, fill in zip(STATES, fills, strict=True)
    )
    st.html(f'<p class="caption">{legend}</p>')
