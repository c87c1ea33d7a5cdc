"""The interrupted series, and several tests at once."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.pilots import words as pilots_words
from answers.pilots.numbers import Evidence
from answers.pilots.words import amount, bare, interval
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from pages.pilots.opening import about_opening
from ui import html, page, verdict_cards


def series(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Show the interrupted series of all clinics together."""
    made = found.studies[name].series
    if made is None:
        st.info(t("pilots.series.none"), icon=":material/info:")
        return
    about_opening(results, scope, found, name, "series")
    page.say(
        t(
            "pilots.series.found",
            size=amount(results, name, made.effect, sign=True),
            interval=interval(made.low, made.high, name),
            step=bare(made.step, name, sign=True),
            slope=bare(made.slope, name, sign=True),
            before=fmt.number(made.before),
            since=fmt.number(made.since),
        )
    )
    page.say(t("pilots.series.seasonal" if made.seasonal else "pilots.series.not_seasonal"))


def several(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Show every indicator's verdict, corrected for how many were tested."""
    rows = [
        [
            escape(pilots_words.named(one)),
            fmt.number(verdict.p_value, 3),
            fmt.number(verdict.p_adjusted, 3),
            verdict_cards.status_html(verdict),
            escape(verdict.grade),
        ]
        for one, verdict in found.verdicts.items()
    ]
    page.say(t("pilots.several.note", n=fmt.number(len(rows))))
    heads = ("indicator", "p", "p_adjusted", "conclusion", "grade")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2}))
