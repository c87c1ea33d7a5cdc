"""The tab of how a unit's indicators went."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.making import numbers
from answers.results import Results
from answers.scope import Scope, place_name
from answers.summary import figure
from answers.units import profile
from answers.words import current, t
from metrics.registry import Indicator, indicators
from ui import badges, html, kpis, theme


def trends(results: Results, scope: Scope) -> None:
    """Show how the unit's indicators went, beside the province."""
    frame = profile.trends(results, scope)
    years = list(results.options.years)
    rows = []
    for name, row in frame.iterrows():
        definition = indicators()[str(name)]
        values = list(numbers(row[years]))
        now, beside = numbers(row[["now", "scope"]])
        change = _change(row[years], scope.year, definition, str(row["compared"]))
        label = definition.name.in_(current())
        rows.append(
            [
                f"<strong>{escape(label)}</strong><br><small>{escape(definition.unit.in_(current()))}</small>",
                figure(now, definition),
                change,
                kpis.sparkline(values, t("kpi.trend", label=label), theme.current()),
                figure(beside, definition),
            ]
        )
    heads = [t("profile.trend.indicator"), str(scope.year), t("profile.trend.change")]
    heads += [t("profile.trend.line"), place_name(scope)]
    st.html(html.table(heads, rows, numbers=(1, 2, 4)))
    badges.caption(results.snapshot, ["staffing", "activity", "population", "insurance", "village_workers"])


def _change(values: pd.Series, year: int, definition: Indicator, compared: str) -> str:
    """Return the change from the first year compared to the year shown, with since when and of how many."""
    known = values.loc[:year].astype("float64").dropna()
    if len(known) < 2 or known.index[-1] != year:
        return fmt.MISSING
    amount = fmt.number(float(known.iloc[-1] - known.iloc[0]), definition.decimals, sign=True)
    since = t("profile.trend.since", year=int(known.index[0]))
    return f"{amount}<br><small>{escape(f'{since}, {compared}' if compared else since)}</small>"
