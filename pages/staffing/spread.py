"""How unequally staff are spread over people, and whether that is getting better."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.staffing import fair as staffing_fair
from answers.staffing.fair import SPREAD, Spread
from answers.words import labels, t
from ui import badges, html, page
from ui.export import pins
from ui.show import show as show_figure

TABLES = ("staffing", "population", "stations")


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the Lorenz curve, then the measures year by year."""
    what = st.segmented_control(
        t("staffing.spread.of"),
        SPREAD,
        default="doctor",
        key="staffing.spread.of",
        format_func=labels(SPREAD, lambda one: t(f"staffing.spread.{one}")),
        required=True,
        persist_state="session",
    )
    found = staffing_fair.spread(results.until(scope.year), scope, what, basis)
    now = found.years.loc[scope.year]
    if pd.isna(now["gini"]):
        st.info(t("staffing.fair.empty", year=scope.year))
        return
    for place, kind in zip(st.columns([5, 6], gap="medium"), ("lorenz", "inequality"), strict=True):
        with place:
            spec = pins.whole(kind, what, scope, basis)
            show_figure(results, spec, key=f"staffing.spread.{kind}", note=t("staffing.spread.note"))
    st.html(_table(found, scope))
    badges.caption(results.snapshot, TABLES)


def _ranged(row: pd.Series, name: str) -> str:
    """Return a measure with its 95 percent interval, where there is one."""
    value = fmt.number(row[name], 2)
    if pd.isna(row[f"{name}_low"]):
        return value
    return f"{value} ({fmt.span(row[f'{name}_low'], row[f'{name}_high'], 2)})"


def _table(found: Spread, scope: Scope) -> str:
    groups = t(f"staffing.spread.groups.{scope.geography}")
    rows = []
    for year, row in found.years.iterrows():
        rows.append(
            [
                f"{year}",
                _ranged(row, "gini"),
                _ranged(row, "theil"),
                fmt.number(row["between"], 2),
                fmt.number(row["within"], 2),
                fmt.percent(100 * row["short_share"]),
                fmt.number(row.get("urban"), 2),
                fmt.number(row.get("rural"), 2),
                f"{fmt.number(row['known'])}/{fmt.number(row['units'])}",
            ]
        )
    names = ("year", "gini", "theil", "between", "within", "short", "urban", "rural", "known")
    heads = [t(f"staffing.spread.column.{name}", groups=groups) for name in names]
    return html.table(heads, rows, numbers=range(1, 9))
