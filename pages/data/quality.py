"""Data quality: how complete, what contradicts itself, what stands out, and where published figures disagree."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.quality import numbers as quality
from answers.quality.found import RULES
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t, tn
from pages.data import points
from pages.data.completeness import districts
from ui import findings, html, page, visit


def show(results: Results) -> None:
    """Show the findings, published figures beside computed ones, completeness, and the trend over snapshots."""
    chosen = visit.current()
    _findings(chosen)
    points.show(results)
    points.published(results)
    districts(results, chosen)
    _snapshots(results)


@page.fragment
def _findings(chosen: Scope) -> None:
    results = cache.results()
    assert results is not None
    found = quality.within(results, chosen)
    counts = found["rule"].value_counts().reindex(list(RULES), fill_value=0)
    title = tn("quality.title", len(found), n=fmt.number(len(found)))
    page.section(title, t("quality.note"))
    options = ["all", *(rule for rule in RULES if counts[rule])]
    names = {rule: f"{t(f'quality.rule.{rule}')} ({fmt.number(counts[rule])})" for rule in options[1:]}
    names["all"] = t("quality.all")
    rule = st.selectbox(
        t("quality.column.rule"), options, key="quality.rule", format_func=labels(options, names.__getitem__)
    )
    clean = [t(f"quality.rule.{name}") for name in RULES if not counts[name]]
    if len(found):
        shown = found if rule == "all" else found[found["rule"].eq(rule)]
        findings.show(results, chosen, shown, key="quality")
    if clean:
        page.remark(t("quality.clean", rules="; ".join(clean)))


def _snapshots(results: Results) -> None:
    page.section(t("quality.snapshots"), t("quality.snapshots.note"))
    with st.spinner(t("quality.snapshots.wait")):
        frame = results.keep("quality.snapshots", compute=lambda: quality.over_snapshots(results))
    rows = [
        [
            f"<code>{escape(row['id'])}</code>",
            escape(fmt.date(row["created"].date())),
            escape(row["message"]),
            fmt.number(row["findings"]),
            fmt.number(row["change"], sign=True),
        ]
        for _, row in frame.iterrows()
    ]
    heads = [t(f"data.column.{name}") for name in ("id", "created", "message")]
    heads += [t("quality.column.count"), t("quality.column.change")]
    st.html(html.table(heads, rows, numbers=(3, 4)))
