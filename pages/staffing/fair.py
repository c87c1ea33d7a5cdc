"""Is it fair: units of different sizes against what chance alone would do, and trends tested."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from geo.units import at_level
from metrics.registry import indicators
from ui import badges, charts_staffing, html, page, plot, staffing_fair, theme, unit_list
from ui import format as fmt
from ui.export import pins
from ui.export.parts import Spec
from ui.i18n import current, labels, t
from ui.names import order_of
from ui.results import Results
from ui.scope import Scope
from ui.staffing import missing_to_none
from ui.staffing_fair import COMPARED, Fair
from ui.summary import figure

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
    page.section(staffing_fair.sentence(fair, frame["name"]), t(note))
    _funnel(fair, frame, pins.whole("funnel", name, replace(scope, level=fair.level)))
    notes = [staffing_fair.why(fair)]
    if fair.level != scope.level:
        notes.append(t("staffing.fair.districts"))
    if frame["rank"].isna().all():
        notes.append(t("staffing.fair.unranked"))
    st.html(f'<p class="card-note">{escape(" ".join(notes))}</p>')
    _list(fair, frame, scope)
    badges.caption(results.snapshot, badges.tables_of(fair.definition), fair.definition)


def _funnel(fair: Fair, frame: pd.DataFrame, pin: Spec | None) -> None:
    assert fair.funnel is not None
    drawn = frame[frame["position"].ne("unknown")]
    below, above = staffing_fair.outside(fair)
    lines = staffing_fair.limits(fair)
    unit = fair.definition.unit.in_(current())
    size = t("staffing.fair.size.stations" if fair.kind == "proportion" else "staffing.fair.size.people")
    texts = [
        f"<b>{escape(str(row.name))}</b><br>{figure(row.value, fair.definition)} {escape(unit)}"
        f"<br>{size}: {fmt.number(row.denominator)}<br>{t(f'staffing.fair.position.{row.position}')}"
        for row in drawn.rename_axis("code").reset_index().itertuples(index=False)
    ]
    chart = charts_staffing.funnel(
        points=drawn,
        limits=lines,
        target=fair.funnel.target,
        labels={
            "target": t("staffing.fair.target", value=figure(fair.funnel.target, fair.definition)),
            "95": t("staffing.fair.limit", share=fmt.percent(95, 0)),
            "998": t("staffing.fair.limit", share=fmt.percent(99.8, 1)),
        },
        texts=texts,
        named=[*below, *above][:NAMED],
        axes=(size, f"{fair.definition.name.in_(current())}"),
        theme=theme.current(),
    )
    tops = (
        float(drawn["denominator"].max()),
        float(max(drawn["value"].max(), lines.max(axis=None) if lines.size else 0)),
    )
    ticks = [_ticks(0.0, top) for top in tops]
    charts_staffing.axis_ticks(
        chart,
        x=[(tick, fmt.number(tick)) for tick in ticks[0]],
        y=[(tick, fmt.number(tick, 0 if tick == int(tick) else 1)) for tick in ticks[1]],
    )
    plot.show(
        chart,
        key="staffing.fair.funnel",
        alt=t("staffing.fair.alt", indicator=fair.definition.name.in_(current())),
        pin=pin,
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return four or five round numbers over a range."""
    step = 10 ** np.floor(np.log10(max(high - low, 1e-9)))
    step *= next(part for part in (0.2, 0.5, 1.0, 2.0) if (high - low) / (step * part) <= 5)
    return [round(float(tick), 6) for tick in np.arange(low, high + step / 2, step)]


def _list(fair: Fair, frame: pd.DataFrame, scope: Scope) -> None:
    frame = frame.assign(place=order_of(frame["name"])).sort_values(["value", "place"], na_position="last")
    definition = fair.definition
    places = list(SIDES)

    def numbers(key: str, texts: list[str], values: pd.Series) -> unit_list.Column:
        return unit_list.Column(t(f"staffing.fair.column.{key}"), texts, missing_to_none(values), number=True)

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
        unit_list.Column(
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
        unit_list.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
        numbers("rank", [fmt.number(None if pd.isna(v) else v) for v in frame["rank"]], frame["rank"]),
        numbers("raw", written("value"), frame["value"]),
        *beside,
        unit_list.Column(t("staffing.fair.column.trend"), trend, missing_to_none(frame["slope"])),
    ]
    if fair.level != scope.level:
        # A click in the list would choose a unit of another level than the page's.
        texts = [[escape(text) for text in row] for row in zip(*(one.texts for one in columns), strict=True)]
        st.html(html.table([one.name for one in columns], texts, numbers=range(1, 4)))
        return
    data = unit_list.payload(list(frame.index), columns, selected=scope.unit, height=420)
    unit_list.show(data, key="staffing.fair.list")
