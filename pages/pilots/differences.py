"""Differences in differences: the effect, its events, and how alike the matched stations are."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.pilots import words as pilots_words
from answers.pilots.numbers import Evidence
from answers.pilots.words import amount, bare, interval
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.pilot_matching import BALANCED
from pages.pilots.opening import about_opening, refused, who
from ui import html, page
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Show the effect, the events about the opening, and how alike the matched stations are."""
    study = found.studies[name]
    if study.effect is None or study.events is None or study.matched is None:
        refused(results, scope, found, name)
        return
    effect, events = study.effect, study.events
    page.say(
        t(
            "pilots.differences.found",
            size=amount(results, name, effect.estimate, sign=True),
            interval=interval(effect.low, effect.high, name),
            pilots=fmt.number(effect.pilots),
            comparisons=fmt.number(effect.comparisons),
            chance=fmt.percent(100 * effect.p_value, 1),
            detectable=amount(results, name, study.detectable),
        )
    )
    page.remark(pilots_words.bootstrap(name, study))
    about_opening(results, scope, found, name, "differences")
    spec = pins.whole("events", name, scope, who(results, scope, found))
    show_figure(results, spec, key="pilots.events", note=t("pilots.events.note"))
    key = "pilots.events.drift" if events.pre_p < 0.1 else "pilots.events.no_drift"
    carried, chance = bare(events.carried_on, name, sign=True), fmt.percent(100 * events.pre_p, 0)
    page.say(t(key, carried=carried, chance=chance))
    _balance(study.matched.balance, name)


def _balance(balance: pd.DataFrame, name: str) -> None:
    page.section(t("pilots.balance"), t("pilots.balance.note", limit=fmt.number(BALANCED, 2)))
    rows = []
    for covariate, row in balance.iterrows():
        alike = abs(row["after"]) <= BALANCED
        tone, word = ("met", t("pilots.balance.alike")) if alike else ("short", t("pilots.balance.unlike"))
        digits = {"people": 0, "zone": 2, "urban": 2, "staff": 1}.get(str(covariate), 2)
        rows.append(
            [
                escape(t(f"pilots.covariate.{covariate}")),
                *(fmt.number(row[column], digits) for column in ("pilots", "pool", "matched")),
                *(fmt.number(row[column], 2, sign=True) for column in ("before", "after")),
                f'<span class="status {tone}">{"●" if alike else "▼"} {escape(word)}</span>',
            ]
        )
    heads = ("covariate", "pilots", "pool", "matched", "apart_before", "apart_after", "alike")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2, 3, 4, 5}))
