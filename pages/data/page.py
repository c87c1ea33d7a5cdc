"""Data: every table with its nature, source and date; how complete it is; how every indicator is computed."""

import streamlit as st

from answers import kept as cache
from answers.words import t
from pages.data import boundaries, completeness, indicators, quality, snapshots, tables
from ui import page, visit

chosen, results = visit.current(), cache.results()
assert results is not None
natures = [results.snapshot.nature(name) for name in results.snapshot.tables]
headline = t(
    "data.headline",
    id=results.snapshot.id,
    **{kind: natures.count(kind) for kind in ("real", "published", "illustrative")},
)
page.head(headline, chosen, "illustrative" if "illustrative" in natures else "real")

sections = {
    "tables": tables.show,
    "completeness": completeness.completeness,
    "quality": quality.show,
    "indicators": indicators.show,
    "boundaries": boundaries.show,
    "snapshots": snapshots.show,
    "licences": tables.licences,
}
tabs = st.tabs([t(f"data.tab.{name}") for name in sections], key="data.tabs", on_change="rerun")
for tab, show in zip(tabs, sections.values(), strict=True):
    if tab.open:
        with tab, page.boundary(show.__name__):
            show(results)
