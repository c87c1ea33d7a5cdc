"""The share of filled cells by table and year."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.colours import palette
from answers.names import order_of
from answers.quality import numbers as quality
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from data import query
from geo.units import at_level
from ui import html, page, theme


def completeness(results: Results) -> None:
    """Show the share of filled cells by table and year."""
    found = results.keep("completeness", compute=lambda: query.completeness(results.snapshot))
    grid = found.assign(filled=100 * (1 - found["missing"])).pivot(
        index="table", columns="year", values="filled"
    )
    shades = palette("sequential", 5, theme.current())
    rows = []
    for name, shares in grid.iterrows():
        cells = [shaded(share, shades) for share in shares]
        rows.append([f"<strong>{escape(t(f'table.{name}'))}</strong>", *cells])
    page.remark(t("data.completeness.note"))
    dated = [t("data.completeness.undated") if pd.isna(year) else str(year) for year in grid.columns]
    heads = [t("data.column.table"), *dated]
    st.html(html.table(heads, rows, numbers=range(1, len(heads))))


def shaded(share: float, palette: list[str]) -> str:
    """Return a share of filled cells, underlined by how complete it is; nothing where it is not known."""
    if pd.isna(share):
        return ""
    colour = palette[min(int(share / 100 * len(palette)), len(palette) - 1)]
    return f'<span style="border-bottom:3px solid {colour}">{fmt.percent(share)}</span>'


def districts(results: Results, chosen: Scope) -> None:
    """Show how complete each old district's tables are in the scope's year."""
    page.section(t("quality.districts", year=chosen.year), t("quality.districts.note"))
    frame = quality.by_district(results)
    frame = frame[frame.index.get_level_values("year") == chosen.year].droplevel("year")
    if chosen.within and chosen.geography == "legacy":
        frame = frame[frame.index.isin(at_level("legacy", "district", within=chosen.within).index)]
    names = at_level("legacy", "district")["name"].reindex(frame.index)
    frame = frame.loc[names.sort_values(key=order_of).index]
    shades = palette("sequential", 5, theme.current())
    rows = [
        [escape(str(names[code])), *(shaded(share, shades) or fmt.MISSING for share in row)]
        for code, row in frame.iterrows()
    ]
    heads = [t("list.unit"), *(t(f"table.{name}") for name in frame.columns)]
    st.html(html.table(heads, rows, numbers=range(1, len(heads))))
