"""The roll-out: how many clinics were published as open, and how many are planned, each with its source."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import scope as scopes
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import Scope
from answers.words import current, t
from data.sources import source_said
from ui import html
from ui.export import pins
from ui.show import show as show_figure


def show(results: Results, scope: Scope) -> None:
    """Show the published numbers and the plan as a line, and each figure with its source."""
    known = pilots.rollout(results, scope)
    if known.empty:
        place = scopes.place_name(scope)
        st.info(t("pilots.rollout.empty", place=place), icon=":material/info:")
        return
    note = f"{_sentence(results, scope, known)} {t('pilots.rollout.note')}"
    show_figure(results, pins.whole("rollout", "", scope), key="pilots.rollout", note=note)
    rows = [
        [
            escape(fmt.date(row.date)),
            f"{fmt.number(row.value)} {escape(t(f'pilots.rollout.{row.kind}'))}",
            escape(f"{row.place} · {t(f'geography.{row.geography}')}"),
            escape(source_said(row.source, current())),
        ]
        for row in known.itertuples()
    ]
    rows += [
        [
            escape(fmt.date(row.date)),
            escape(t("pilots.rollout.trained", n=fmt.number(row.value))),
            escape(f"{row.place} · {t(f'geography.{row.geography}')}"),
            escape(source_said(row.source, current())),
        ]
        for row in pilots.trained(results, scope).itertuples()
    ]
    heads = ("date", "figure", "place", "source")
    st.html(html.table([t(f"pilots.column.{name}") for name in heads], rows))


def _sentence(results: Results, scope: Scope, known) -> str:
    named = len(pilots.clinics(results, scope))
    opened = known[known["kind"].eq("open")]
    latest = int(opened["value"].iloc[-1]) if len(opened) else 0
    if latest > named:
        return t(
            "pilots.rollout.unnamed",
            latest=fmt.number(latest),
            named=fmt.number(named),
            rest=fmt.number(latest - named),
        )
    return t("pilots.rollout.named", latest=fmt.number(latest))
