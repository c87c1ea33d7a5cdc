"""Points of communes that cannot be right, and published figures beside computed ones."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.quality import numbers as quality
from answers.results import Results
from answers.words import t, tn
from ui import badges, html, page, visit
from ui.export.downloads import table_downloads


def show(results: Results) -> None:
    """Show the communes of the country whose point cannot be right: a wrong point draws a wrong map."""
    found = quality.points(results)
    ours = int(found["ours"].sum())
    page.section(
        tn("quality.points.title", len(found), n=fmt.number(len(found))),
        t("quality.points.note", ours=fmt.number(ours)),
    )
    if found.empty:
        return
    shown = quality.points_table(found)
    with st.expander(t("quality.points.show")):
        rows = [[escape(str(cell)) for cell in row] for row in shown.itertuples(index=False)]
        st.html(html.table(list(shown.columns), rows, numbers=(3, 4, 6)))
    table_downloads(
        lambda: shown.set_axis(found["code"]),
        results,
        visit.current(),
        name="units-points",
        tables=["units", "crosswalk"],
        title=t("quality.points.show"),
    )
    badges.caption(results.snapshot, ["units", "crosswalk"])


def published(results: Results) -> None:
    """Show the published figures that the data contradict."""
    page.section(t("quality.published"), t("quality.published.note"))
    found = quality.published(results)
    if found.empty:
        page.remark(t("quality.published.none"))
        return
    st.html(html.table(quality.published_heads(), quality.published_rows(found), numbers=(2, 3, 4)))
