"""Every station and point as a dot and a row, by whether it meets the norm; a click leads to its profile."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.colours import map_colours
from answers.results import Results
from answers.scope import Scope, sentence
from answers.staffing.stations import STATES, hover
from answers.units import station
from answers.words import t, tn
from geo import decks
from geo.classify import NO_DATA, Classes
from pages.staffing import stations_list
from pages.staffing.stations_list import HEIGHT
from ui import badges, page, station_link, theme, unit_list
from ui.export import pins


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the dots; the norm is applied to each station, whatever ``basis`` is elsewhere."""
    found = station.of_scope(results, scope)
    page.section(t("staffing.stations.title", year=scope.year), t("staffing.stations.note"))
    colours = theme.current()
    fills = [colours.short, colours.between, colours.met]
    codes = found["status"].map({name: i for i, name in enumerate(STATES)}).fillna(NO_DATA).astype("int64")
    above = "district" if scope.geography == "legacy" else "commune"
    borders = cache.geometry().asset(scope.geography, above, scope.province, "outline")
    deck = decks.stations_map(
        outline_url=borders.url,
        stations=found,
        classes=Classes((0.5, 1.5), "left", codes),
        hover=[hover(row) for _, row in found.iterrows()],
        colors=map_colours(colours, fills),
        bounds=borders.bounds,
        width=340 if unit_list.is_narrow() else 610,
        height=HEIGHT,
    )
    alt = t("staffing.stations.alt", scope=sentence(scope))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.pydeck_chart(
            deck,
            height=HEIGHT,
            key="staffing.stations",
            alt=alt,
            on_select=lambda: _dot_chosen(results),
            selection_mode="single-object",
        )
    with right:
        stations_list.show(results, scope, found)
    station_link.link(results, scope)
    if slide := pins.whole("stations", "", scope):
        pins.button(slide, key="staffing.stations.pin")
    counts = found["status"].value_counts()
    legend = " &nbsp; ".join(
        f'<span style="color:{fill}">⬤</span> {escape(t(f"staffing.status.{name}"))}: {fmt.number(counts.get(name, 0))}'
        for name, fill in zip((*STATES, "unknown"), (*fills, colours.no_data), strict=True)
    )
    unplaced = int(found["longitude"].isna().sum())
    left_out = (
        f" {escape(tn('staffing.stations.unplaced', unplaced, n=fmt.number(unplaced)))}" if unplaced else ""
    )
    st.html(f'<p class="atlas caption">{legend}{left_out}</p>')
    badges.caption(results.snapshot, ["stations", "staffing", "population"])


def _dot_chosen(results: Results) -> None:
    dots = st.session_state["staffing.stations"].selection.objects.get("stations")
    if dots:
        station_link.chooser(results)(dots[0]["s"])
