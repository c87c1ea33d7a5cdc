"""The tables of the snapshot: nature, source, date and rows; completeness by year; licences; the template."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.words import current, t
from data.manifest import Provenance
from data.readers.workbook import template
from ui import badges, html, page


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


def licences(results: Results) -> None:
    """Show under which licence each table may be used."""
    rows = [
        [escape(t(f"table.{name}")), *_said(table.provenance)]
        for name, table in results.snapshot.tables.items()
    ]
    st.html(html.table([t(f"data.column.{name}") for name in ("table", "source", "licence")], rows))
