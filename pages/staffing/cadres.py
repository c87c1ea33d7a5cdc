"""Who is there: headcount by cadre, the posts the norm names, village health workers, and rates beside targets."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope, place_name
from answers.staffing import numbers as staffing
from answers.summary import figure, scope_row
from answers.words import current, t
from geo.units import at_level
from metrics.registry import indicators
from ui import badges, html, page, plot, theme
from ui.draw import charts
from ui.export import pins
from ui.staff import cadre_chart

RATES = (
    "doctors_per_10000",
    "university_pharmacists_per_10000",
    "nurses_per_10000",
    "beds_per_10000",
    "villages_with_trained_health_worker",
)
TABLES = ("staffing", "stations", "facilities", "population", "village_workers", "targets")


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the bars of the chosen unit or the scope, the posts filled, and the rates."""
    place = at_level(scope.geography, scope.level)["name"][scope.unit] if scope.unit else place_name(scope)
    left, right = st.columns(2, gap="medium")
    with left:
        page.section(f"{place}: {t('staffing.cadre.title', year=scope.year)}", t("staffing.cadre.note"))
        cadre_chart(results, scope, key="staffing.cadres")
    with right:
        _posts(results, scope, basis)
    page.section(t("staffing.rates.title"), t("staffing.rates.note"))
    st.html(_rates(results, scope))
    badges.caption(results.snapshot, TABLES)


def _posts(results: Results, scope: Scope, basis: str) -> None:
    held = staffing.posts_held(results, scope, basis)
    if not held.assessed:
        page.section(t("staffing.posts.title"), t("staffing.fair.empty", year=scope.year))
        return
    said = t(
        "staffing.posts.complete",
        complete=fmt.number(held.complete),
        assessed=fmt.number(held.assessed),
        share=fmt.percent(100 * held.complete / held.assessed),
    )
    page.section(t("staffing.posts.title"), said)
    share = 100 * held.filled / held.known.where(held.known > 0)
    names = [
        "<br>".join(t(f"cadre.{cadre}") for cadre in post.split("/"))
        + f" ({held.grades[post].in_(current())})"
        for post in share.index
    ]
    counted = [f"{fmt.number(a)}/{fmt.number(b)}" for a, b in zip(held.filled, held.known, strict=True)]
    chart = charts.bars(
        names=names,
        values=[None if pd.isna(value) else float(value) for value in share],
        texts=[
            f"{fmt.percent(None if pd.isna(value) else value, 0)} ({count})"
            for value, count in zip(share, counted, strict=True)
        ],
        theme=theme.current(),
        title="",
        height=max(300, 60 + 42 * len(share)),
    )
    chart.update_layout(margin_r=110)
    pin = pins.whole("posts", "", scope, basis)
    plot.show(chart, key="staffing.posts", alt=t("staffing.posts.title"), pin=pin)


def _rates(results: Results, scope: Scope) -> str:
    rows = []
    for name in RATES:
        definition = indicators()[name]
        value = scope_row(results, name, scope)["value"].get(scope.year)
        wanted = [
            t("staffing.rates.target", value=figure(target, definition), year=year)
            for target, year in staffing.targets_of(results, name)
        ]
        caution = definition.caution.in_(current()) if definition.caution else ""
        rows.append(
            [
                escape(definition.name.in_(current())),
                f"<b>{figure(None if pd.isna(value) else float(value), definition)}</b>",
                escape("; ".join(wanted) or fmt.MISSING),
                escape(caution),
            ]
        )
    heads = [t(f"staffing.rates.column.{name}") for name in ("indicator", "value", "targets", "caution")]
    return html.table(heads, rows, numbers=(1,))
