"""The snapshots kept, the newest first, with the one in use marked."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.words import current, t
from data.store import StoreError, open_store
from ui import html


def show(results: Results) -> None:
    """Show every snapshot."""
    rows, store = [], open_store()
    faults = store.damaged()
    for info in store.snapshots():
        mark = (
            f" <strong>({escape(t('data.snapshot.current'))})</strong>"
            if info.id == results.snapshot.id
            else ""
        )
        rows.append(
            [
                f"<code>{info.id}</code>{mark}{_said(faults.pop(info.id, None))}",
                escape(fmt.date(info.created.date())),
                escape(info.message),
                str(len(info.tables)),
            ]
        )
    rows += [
        [f"<code>{escape(name)}</code>{_said(fault)}", *[fmt.MISSING] * 3] for name, fault in faults.items()
    ]
    heads = [t(f"data.column.{name}") for name in ("id", "created", "message")] + [t("data.tab.tables")]
    st.html(html.table(heads, rows, numbers=(3,)))


def _said(fault: StoreError | None) -> str:
    return f"<br>⚠ {escape(fault.text(current()))}" if fault else ""
