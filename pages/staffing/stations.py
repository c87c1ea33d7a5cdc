"""Every station and point as a dot, coloured by whether it meets the norm."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from geo import maps
from geo.classify import NO_DATA, Classes
from ui import badges, cache, page, theme, unit_list
from ui import format as fmt
from ui.i18n import t, tn
from ui.results import Results, home
from ui.scope import Scope, sentence
from ui.summary import of_year

HEIGHT: Final = 520
STATES: Final = ("short", "between", "met")


def rows(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the scope's stations by id: name, place, role, zone, existing and required staff, status."""
    stations = results.snapshot.frame("stations").set_index("station")
    if scope.within:
        inside = stations["legacy_commune"].map(home("legacy", scope.geography, "province"))
        stations = stations[inside.eq(scope.within)]
    gaps = of_year(results.station_gaps("legacy"), scope.year)
    return stations.join(gaps, on="legacy_commune")


def hover(row: pd.Series) -> str:
    """Return a station's hover text."""
    return "<br>".join(
        (
            f"<b>{escape(row['name'])}</b>",
            escape(t(f"commune.role.{row['role']}")),
            escape(
                t(
                    "staffing.stations.hover",
                    existing=fmt.number(row["existing"]),
                    required=fmt.span(row["required_low"], row["required_high"]),
                )
            ),
            escape(t(f"staffing.status.{row['status']}")),
        )
    )


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the dots; the norm is applied to each station, whatever ``basis`` is elsewhere."""
    found = rows(results, scope)
    page.section(t("staffing.stations.title", year=scope.year), t("staffing.stations.note"))
    colours = theme.current()
    fills = [colours.short, colours.between, colours.met]
    codes = found["status"].map({name: i for i, name in enumerate(STATES)}).fillna(NO_DATA).astype("int64")
    above = "district" if scope.geography == "legacy" else "commune"
    borders = cache.geometry().asset(scope.geography, above, scope.province, "outline")
    deck = maps.stations_map(
        outline_url=borders.url,
        stations=found,
        classes=Classes((0.5, 1.5), "left", codes),
        hover=[hover(row) for _, row in found.iterrows()],
        colors=theme.map_colours(colours, fills),
        bounds=borders.bounds,
        width=340 if unit_list.is_narrow() else 900,
        height=HEIGHT,
    )
    alt = t("staffing.stations.alt", scope=sentence(scope))
    st.pydeck_chart(deck, height=HEIGHT, key="staffing.stations", alt=alt)
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
