"""Is it fair: units of different sizes against what chance alone would do, and trends tested."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from answers import lists, provenance
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing import fair as staffing_fair
from answers.staffing import fair_list
from answers.staffing.fair import COMPARED, Fair
from answers.words import current, labels, t
from geo.units import at_level
from metrics.registry import indicators
from ui import badges, html, page, unit_list
from ui.export import pins
from ui.show import show as show_figure

NAMED = 6


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
    key = {"chance": "staffing.fair.note", "norm": "staffing.fair.note.posts"}
    note = key.get(fair.judge, "staffing.fair.note.nothing")
    spec = pins.whole("funnel", name, replace(scope, level=fair.level))
    show_figure(results, spec, key="staffing.fair.funnel", note=t(note))
    notes = [staffing_fair.why(fair)]
    if fair.level != scope.level:
        notes.append(t("staffing.fair.districts"))
    if frame["rank"].isna().all():
        notes.append(t("staffing.fair.unranked"))
    page.remark(" ".join(notes))
    _list(fair, frame, scope)
    badges.caption(results.snapshot, provenance.tables_of(fair.definition), fair.definition)


def _list(fair: Fair, frame: pd.DataFrame, scope: Scope) -> None:
    frame = frame.assign(place=order_of(frame["name"])).sort_values(["value", "place"], na_position="last")
    columns = fair_list.columns(fair, frame)
    if fair.level != scope.level:
        # A click in the list would choose a unit of another level than the page's.
        texts = [[escape(text) for text in row] for row in zip(*(one.texts for one in columns), strict=True)]
        st.html(html.table([one.name for one in columns], texts, numbers=range(1, 4)))
        return
    data = lists.payload(list(frame.index), columns, selected=scope.unit, height=420)
    unit_list.show(data, key="staffing.fair.list")
