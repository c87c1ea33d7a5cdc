"""National criteria: who meets them, what blocks the rest, and the cheapest way to 100 percent."""

import streamlit as st

from answers import kept as cache
from answers import provenance
from answers.compliance import cards, words
from answers.compliance import numbers as compliance
from answers.words import t
from pages.compliance import area, blocks, checks, commune, grid, plan, trend
from ui import page, visit
from ui.export.buttons import export_menu
from ui.kpis import strip

PARTS = {"trend": trend, "grid": grid, "blocks": blocks, "commune": commune, "plan": plan, "checks": checks}

chosen, results = visit.current(), cache.results()
assert results is not None
if "criteria_scores" not in results.snapshot.tables:
    st.warning(t("compliance.empty.table"))
    st.stop()
page.head(words.headline(results, chosen), chosen, provenance.nature(results.snapshot, compliance.TABLES))
strip(cards.cards(results, chosen))
export_menu("criteria")
area.show(results, chosen)

names = [t(f"compliance.tab.{name}") for name in PARTS]
tabs = st.tabs(names, key="compliance.tabs", on_change="rerun")
for tab, name, part in zip(tabs, names, PARTS.values(), strict=True):
    if tab.open:
        with tab, page.boundary(name):
            part.show(results, chosen)
