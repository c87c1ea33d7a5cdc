"""Synthetic controls: each clinic beside what it would have done."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.names import of_station
from answers.pilots import words as pilots_words
from answers.pilots.numbers import Evidence
from answers.pilots.words import amount
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t
from pages.pilots.opening import about_opening, refused, who
from ui import html, page
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Show one clinic beside its synthetic control, and the placebos."""
    made = found.studies[name].synthetic
    if not made:
        refused(results, scope, found, name)
        return
    names = pilots_words.station_names(results, scope)
    options = list(made)
    pilot = st.selectbox(
        t("pilots.synthetic.which"),
        options,
        key="pilots.synthetic",
        format_func=labels(options, lambda one: names[one]),
    )
    one = made[pilot]
    page.say(
        t(
            "pilots.synthetic.found",
            station=names[pilot],
            size=amount(results, name, one.effect, sign=True),
            rank=fmt.number(round(one.p_value * (len(one.placebos) + 1))),
            total=fmt.number(len(one.placebos) + 1),
        )
    )
    about_opening(results, scope, found, name, "synthetic", pilot)
    spec = pins.whole("placebos", name, scope, who(results, scope, found), pilot)
    show_figure(results, spec, key="pilots.placebos", note=t("pilots.placebos.note"))
    called = results.frame("stations").set_index("station")["name"].map(of_station)
    top = [
        [escape(str(called[station])), fmt.percent(100 * weight, 0)]
        for station, weight in one.weights.head(8).items()
    ]
    st.html(html.table([t("pilots.column.donor"), t("pilots.column.weight")], top, numbers={1}))
