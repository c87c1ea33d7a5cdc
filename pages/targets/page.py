"""Commitments: what was promised, where we stand, and which promises need attention first."""

import streamlit as st

from answers import kept as cache
from answers import scope as scopes
from answers.targets import numbers as targets
from answers.words import t
from pages.targets import parts
from ui import brief, page, visit
from ui.export.buttons import export_menu
from ui.kpis import strip

chosen, results = visit.current(), cache.results()
assert results is not None
judged = targets.commitments(results, chosen)
if judged.empty:
    page.head(t("targets.empty", place=scopes.place_name(chosen)), chosen, "published")
    st.stop()
page.head(targets.headline(judged, chosen), chosen, parts.nature(judged))
strip(targets.cards(judged))
export_menu("commitments")
parts.note(results, chosen, judged)
parts.attention(judged)
brief.download(results, chosen, key="targets.brief")

tabs = st.tabs([t(f"targets.tab.{name}") for name in parts.TABS], key="targets.tabs", on_change="rerun")
for tab, (name, show) in zip(tabs, parts.TABS.items(), strict=True):
    if tab.open:
        with tab, page.boundary(t(f"targets.tab.{name}")):
            show(results, chosen)
