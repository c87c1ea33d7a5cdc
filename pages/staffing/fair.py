"""Is it fair: units of different sizes against what chance alone would do, and trends tested."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists, provenance
from answers.making import numbers as exact
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import fair as staffing_fair
from answers.staffing.fair import COMPARED, Fair
from answers.summary import figure
from answers.words import current, labels, t
from geo.units import at_level
from metrics.registry import indicators
from ui import badges, html, page, unit_list
from ui.export import pins
from ui.show import show as show_figure

NAMED = 6
SIDES = {
    "low_998": "▼▼",
    "low_95": "▼",
    "below_norm": "▼",
    "within": "◆",
    "at_norm": "●",
    "high_95": "▲",
    "high_998": "▲▲",
}
ARROWS = {"up": "↗", "down": "↘", "none": "→", "too_few": "–"}


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the funnel, then the list with intervals, smoothed values, ranks and trends."""
    name = st.selectbox(
        t("map.indicator"),
        COMPARED,
        format_func=labels(COMPARED, lambda one: indicators()[one].name.in_(current())),
        key="staffing.fair.indicator",
        persist_state="session",
        label_visibility="collapsed",
    )
    fair = staffing_fair.compared(results, scope, name)
    if fair.funnel is None:
        st.info(t("staffing.fair.empty", year=scope.year))
        return
    frame = fair.units.assign(name=at_level(scope.geography, fair.level)["name"].reindex(fair.units.index))
    note = "staffing.fair.note" if fair.judge == "chance" else "staffing.fair.note.posts"
    spec = pins.whole("funnel", name, replace(scope, level=fair.level))
    show_figure(results, spec, key="staffing.fair.funnel", note=t(note))
    notes = [staffing_fair.why(fair)]
    if fair.level != scope.level:
        notes.append(t("staffing.fair.districts"))
    if frame["rank"].isna().all():
        notes.append(t("staffing.fair.unranked"))
    st.html(f'<p class="card-note">{escape(" ".join(notes))}</p>')
    _list(fair, frame, scope)
    badges.caption(results.snapshot, provenance.tables_of(fair.definition), fair.definition)


def _list(fair: Fair, frame: pd.DataFrame, scope: Scope) -> None:
    frame = frame.assign(place=order_of(frame["name"])).sort_values(["value", "place"], na_position="last")
    definition = fair.definition
    places = list(SIDES)

    def numbers(key: str, texts: list[str], values: pd.Series) -> lists.Column:
        return lists.Column(t(f"staffing.fair.column.{key}"), texts, exact(values), number=True)

    interval = [
        fmt.span(max(low, 0) if pd.notna(low) else low, high, definition.decimals)
        for low, high in zip(frame["low"], frame["high"], strict=True)
    ]
    told = frame["direction"].where(frame["meaning"].eq("none"), frame["meaning"])
    trend = [
        f"{ARROWS[way]} {t(f'staffing.fair.trend.{what}')}"
        for way, what in zip(frame["direction"], told, strict=True)
    ]
    position = [
        f"{SIDES.get(where, '–')} {t(f'staffing.fair.position.{where}')}" for where in frame["position"]
    ]

    def written(column: str) -> list[str]:
        return [figure(None if pd.isna(v) else v, definition) for v in frame[column]]

    beside = [
        lists.Column(
            t("staffing.fair.column.position" if fair.judge == "chance" else "staffing.fair.column.against"),
            position,
            [float(places.index(where)) if where in places else None for where in frame["position"]],
        )
    ]
    if fair.judge == "chance":
        beside[:0] = [
            numbers("interval", interval, frame["low"]),
            numbers("smoothed", written("smoothed"), frame["smoothed"]),
        ]
    elif fair.judge == "norm":
        beside.insert(0, numbers("asked", written("asked"), frame["asked"]))
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
        numbers("rank", [fmt.number(None if pd.isna(v) else v) for v in frame["rank"]], frame["rank"]),
        numbers("raw", written("value"), frame["value"]),
        *beside,
        lists.Column(t("staffing.fair.column.trend"), trend, exact(frame["slope"])),
    ]
    if fair.level != scope.level:
        # A click in the list would choose a unit of another level than the page's.
        texts = [[escape(text) for text in row] for row in zip(*(one.texts for one in columns), strict=True)]
        st.html(html.table([one.name for one in columns], texts, numbers=range(1, 4)))
        return
    data = lists.payload(list(frame.index), columns, selected=scope.unit, height=420)
    unit_list.show(data, key="staffing.fair.list")
