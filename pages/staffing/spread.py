"""How unequally staff are spread over people, and whether that is getting better."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ui import badges, charts, charts_staffing, html, page, plot, staffing_fair, theme
from ui import format as fmt
from ui.export import pins
from ui.export.parts import Spec
from ui.i18n import labels, t
from ui.results import Results
from ui.scope import Scope
from ui.staffing_fair import SPREAD, Spread

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
    found = staffing_fair.spread(results, scope, what, basis)
    now = found.years.loc[scope.year]
    if pd.isna(now["gini"]):
        st.info(t("staffing.fair.empty", year=scope.year))
        return
    page.section(_sentence(found, scope, what), t("staffing.spread.note"))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _curve(found, what, pins.whole("lorenz", what, scope, basis))
    with right:
        _years(found, pins.whole("inequality", what, scope, basis))
    st.html(_table(found, scope))
    badges.caption(results.snapshot, TABLES)


def _sentence(found: Spread, scope: Scope, what: str) -> str:
    """Return what the poorest half of the people have, and how Gini moved."""
    curve = found.curve
    first = found.years["gini"].dropna()
    below = curve[curve["people"] <= 0.5]["amount"].max()
    text = t(
        "staffing.spread.half", share=fmt.percent(100 * below, 0), staff=t(f"staffing.spread.{what}.staff")
    )
    if len(first) > 1:
        text += " " + t(
            "staffing.spread.moved",
            then=fmt.number(first.iloc[0], 2),
            since=first.index[0],
            now=fmt.number(found.years["gini"][scope.year], 2),
            year=scope.year,
        )
    return text


def _curve(found: Spread, what: str, pin: Spec | None) -> None:
    chart = charts_staffing.lorenz(
        curve=found.curve,
        label=t(f"staffing.spread.{what}"),
        equal=t("staffing.spread.equal"),
        axes=(t("staffing.spread.axis.people"), t("staffing.spread.axis.staff")),
        theme=theme.current(),
    )
    shares = [(share / 100, fmt.percent(share, 0)) for share in range(0, 101, 25)]
    charts_staffing.axis_ticks(chart, x=shares, y=shares)
    plot.show(chart, key="staffing.spread.curve", alt=t("staffing.spread.alt"), pin=pin)


def _years(found: Spread, pin: Spec | None) -> None:
    series = [
        (
            t("staffing.spread.gini"),
            _line(found.years["gini"]),
            [fmt.number(v, 2) for v in found.years["gini"]],
        ),
        (
            t("staffing.spread.short"),
            _line(found.years["short_share"]),
            [fmt.percent(100 * v, 0) for v in found.years["short_share"]],
        ),
    ]
    chart = charts.trend(
        years=list(found.years.index),
        series=series,
        theme=theme.current(),
        title=t("staffing.spread.years"),
        reform_label=t("trend.reform"),
        zero=True,
        height=380,
    )
    plot.show(
        chart,
        key="staffing.spread.years",
        alt=t("trend.alt", title=t("staffing.spread.years")),
        pin=pin,
    )


def _line(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _ranged(row: pd.Series, name: str) -> str:
    """Return a measure with its 95 percent interval, where there is one."""
    value = fmt.number(row[name], 3)
    if pd.isna(row[f"{name}_low"]):
        return value
    return f"{value} ({fmt.number(row[f'{name}_low'], 3)} – {fmt.number(row[f'{name}_high'], 3)})"


def _table(found: Spread, scope: Scope) -> str:
    groups = t(f"staffing.spread.groups.{scope.geography}")
    rows = []
    for year, row in found.years.iterrows():
        rows.append(
            [
                f"{year}",
                _ranged(row, "gini"),
                _ranged(row, "theil"),
                fmt.number(row["between"], 3),
                fmt.number(row["within"], 3),
                fmt.percent(100 * row["short_share"]),
                fmt.number(row.get("urban"), 2),
                fmt.number(row.get("rural"), 2),
                f"{fmt.number(row['known'])}/{fmt.number(row['units'])}",
            ]
        )
    names = ("year", "gini", "theil", "between", "within", "short", "urban", "rural", "known")
    heads = [t(f"staffing.spread.column.{name}", groups=groups) for name in names]
    return html.table(heads, rows, numbers=range(1, 9))
