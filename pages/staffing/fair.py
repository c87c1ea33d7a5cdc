"""Is it fair: units of different sizes against what chance alone would do, and trends tested."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists, provenance
from answers.figure import Spec
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import fair as staffing_fair
from answers.staffing.fair import COMPARED, Fair
from answers.staffing.numbers import missing_to_none
from answers.summary import figure
from answers.words import current, labels, t, tn
from geo.units import at_level
from metrics.registry import indicators
from ui import badges, html, page, plot, theme, unit_list
from ui.draw import charts_staffing
from ui.export import pins

NAMED = 6
SIDES = {"low_998": "▼▼", "low_95": "▼", "within": "◆", "high_95": "▲", "high_998": "▲▲"}
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
    page.section(sentence(fair, frame), t("staffing.fair.note"))
    _funnel(fair, frame, pins.whole("funnel", name, replace(scope, level=fair.level)))
    notes = [
        t(
            "staffing.fair.dispersed" if fair.funnel.dispersed else "staffing.fair.chance",
            phi=fmt.number(fair.funnel.dispersion, 2),
        )
    ]
    if fair.level != scope.level:
        notes.append(t("staffing.fair.districts"))
    if frame["rank"].isna().all():
        notes.append(t("staffing.fair.unranked"))
    st.html(f'<p class="card-note">{escape(" ".join(notes))}</p>')
    _list(fair, frame, scope)
    badges.caption(results.snapshot, provenance.tables_of(fair.definition), fair.definition)


def sentence(fair: Fair, frame: pd.DataFrame) -> str:
    """Return how many units lie outside what chance explains, and which the most."""
    low = frame[frame["position"].str.startswith("low")].sort_values("value")
    high = int(frame["position"].str.startswith("high").sum())
    known = int(frame["position"].ne("unknown").sum())
    if high == 0 and low.empty:
        return t("staffing.fair.sentence.none", known=fmt.number(known))
    text = tn(
        "staffing.fair.sentence",
        len(low),
        low=fmt.number(len(low)),
        known=fmt.number(known),
        high=fmt.number(high),
    )
    if len(low):
        text += " " + t("staffing.fair.lowest", names=", ".join(low["name"].head(3)))
    return text


def _funnel(fair: Fair, frame: pd.DataFrame, pin: Spec | None) -> None:
    assert fair.funnel is not None
    drawn = frame[frame["position"].ne("unknown")]
    outside = drawn[drawn["position"].ne("within")]
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
        named=list(outside.sort_values("value").index[:NAMED]),
        axes=(size, f"{fair.definition.name.in_(current())}"),
        theme=theme.current(),
    )
    ticks = [_ticks(0.0, float(axis.max())) for axis in (drawn["denominator"], lines["high_998"])]
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

    def numbers(key: str, texts: list[str], values: pd.Series) -> lists.Column:
        return lists.Column(t(f"staffing.fair.column.{key}"), texts, missing_to_none(values), number=True)

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
    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
        numbers("rank", [fmt.number(None if pd.isna(v) else v) for v in frame["rank"]], frame["rank"]),
        numbers(
            "raw", [figure(None if pd.isna(v) else v, definition) for v in frame["value"]], frame["value"]
        ),
        numbers("interval", interval, frame["low"]),
        numbers(
            "smoothed",
            [figure(None if pd.isna(v) else v, definition) for v in frame["smoothed"]],
            frame["smoothed"],
        ),
        lists.Column(
            t("staffing.fair.column.position"),
            position,
            [float(places.index(where)) if where in places else None for where in frame["position"]],
        ),
        lists.Column(t("staffing.fair.column.trend"), trend, missing_to_none(frame["slope"])),
    ]
    if fair.level != scope.level:
        # A click in the list would choose a unit of another level than the page's.
        texts = [[escape(text) for text in row] for row in zip(*(one.texts for one in columns), strict=True)]
        st.html(html.table([one.name for one in columns], texts, numbers=range(1, 5)))
        return
    data = lists.payload(list(frame.index), columns, selected=scope.unit, height=420)
    unit_list.show(data, key="staffing.fair.list")
