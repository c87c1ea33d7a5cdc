"""Data quality: how complete, what contradicts itself, what stands out, and where published figures disagree."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.colours import palette
from answers.names import order_of
from answers.quality import numbers as quality
from answers.quality.found import RULES
from answers.results import Results
from answers.scope import Scope
from answers.words import labels, t, tn
from geo.units import at_level
from ui import badges, findings, html, page, theme, visit
from ui.export.downloads import table_downloads


def show(results: Results) -> None:
    """Show the findings, published figures beside computed ones, completeness, and the trend over snapshots."""
    chosen = visit.current()
    _findings(chosen)
    _points(results)
    _published(results)
    _districts(results, chosen)
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


def _points(results: Results) -> None:
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


def _published(results: Results) -> None:
    page.section(t("quality.published"), t("quality.published.note"))
    found = quality.published(results)
    if found.empty:
        page.remark(t("quality.published.none"))
        return
    st.html(html.table(quality.published_heads(), quality.published_rows(found), numbers=(2, 3, 4)))


def _districts(results: Results, chosen: Scope) -> None:
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
        [escape(str(names[code])), *(_share(share, shades) for share in row)]
        for code, row in frame.iterrows()
    ]
    heads = [t("list.unit"), *(t(f"table.{name}") for name in frame.columns)]
    st.html(html.table(heads, rows, numbers=range(1, len(heads))))


def _share(share: float, palette: list[str]) -> str:
    """Return a share of filled cells, underlined by how complete it is."""
    if pd.isna(share):
        return fmt.MISSING
    colour = palette[min(int(share / 100 * len(palette)), len(palette) - 1)]
    return f'<span style="border-bottom:3px solid {colour}">{fmt.percent(share)}</span>'


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
