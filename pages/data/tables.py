"""The tables of the snapshot: nature, source, date and rows; completeness by year; licences; the template."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.colours import palette
from answers.results import Results
from answers.words import current, t
from data import query
from data.manifest import Provenance
from data.readers.workbook import template
from ui import badges, html, page, theme


def show(results: Results) -> None:
    """Show every table of the snapshot, and how to load one's own."""
    rows, lang = [], current()
    for name, table in results.snapshot.tables.items():
        origin = table.provenance
        note = f"<br><small>{escape(origin.note[current()])}</small>" if origin.note else ""
        rows.append(
            [
                f"<strong>{escape(t(f'table.{name}'))}</strong><br><code>{name}</code>",
                badges.html(origin.nature),
                f"{escape(origin.said('title', lang))}<br><small>{escape(origin.said('producer', lang))}</small>{note}",
                escape(fmt.date(origin.date)),
                fmt.number(table.rows),
            ]
        )
    heads = [t(f"data.column.{name}") for name in ("table", "nature", "source", "date", "rows")]
    st.html(html.table(heads, rows, numbers=(4,)))
    st.html(f'<h2 class="atlas card-title">{escape(t("data.own.title"))}</h2>')
    page.remark(t("data.own.note"))
    st.download_button(
        t("data.template"),
        data=template,
        file_name="commune-health-atlas.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
    )


def _said(origin: Provenance) -> list[str]:
    return [escape(origin.said(field, current())) for field in ("producer", "licence")]


def completeness(results: Results) -> None:
    """Show the share of filled cells by table and year."""
    found = results.keep("completeness", compute=lambda: query.completeness(results.snapshot))
    grid = found.assign(filled=100 * (1 - found["missing"])).pivot(
        index="table", columns="year", values="filled"
    )
    shades = palette("sequential", 5, theme.current())
    rows = []
    for name, shares in grid.iterrows():
        cells = [_shaded(share, shades) for share in shares]
        rows.append([f"<strong>{escape(t(f'table.{name}'))}</strong>", *cells])
    page.remark(t("data.completeness.note"))
    dated = [t("data.completeness.undated") if pd.isna(year) else str(year) for year in grid.columns]
    heads = [t("data.column.table"), *dated]
    st.html(html.table(heads, rows, numbers=range(1, len(heads))))


def _shaded(share: float, palette: list[str]) -> str:
    if pd.isna(share):
        return ""
    colour = palette[min(int(share / 100 * len(palette)), len(palette) - 1)]
    return f'<span style="border-bottom:3px solid {colour}">{fmt.percent(share)}</span>'


def licences(results: Results) -> None:
    """Show under which licence each table may be used."""
    rows = [
        [escape(t(f"table.{name}")), *_said(table.provenance)]
        for name, table in results.snapshot.tables.items()
    ]
    st.html(html.table([t(f"data.column.{name}") for name in ("table", "source", "licence")], rows))
