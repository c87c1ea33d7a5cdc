"""The snapshots kept, the newest first, with the one in use marked."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.words import t
from data.store import open_store
from ui import html


def show(results: Results) -> None:
    """Show every snapshot."""
    rows = []
    for info in open_store().snapshots():
        mark = (
            f" <strong>({escape(t('data.snapshot.current'))})</strong>"
            if info.id == results.snapshot.id
            else ""
        )
        rows.append(
            [
                f"<code>{info.id}</code>{mark}",
                escape(fmt.date(info.created.date())),
                escape(info.message),
                str(len(info.tables)),
            ]
        )
    heads = [t(f"data.column.{name}") for name in ("id", "created", "message")] + [t("data.tab.tables")]
    st.html(html.table(heads, rows, numbers=(3,)))
