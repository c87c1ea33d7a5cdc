"""Family-doctor clinics: do they work, how sure are we, and where next."""

import streamlit as st

from answers import kept as cache
from answers import provenance
from answers.pilots import words as pilots_words
from answers.words import t
from pages.pilots import cost, evidence, readiness, register, rollout, verdicts, where_next
from ui import page, visit
from ui.export.buttons import export_menu
from ui.kpis import strip

TABS = {
    "verdicts": verdicts.show,
    "evidence": evidence.show,
    "rollout": rollout.show,
    "readiness": readiness.show,
    "next": where_next.show,
    "cost": cost.show,
}

chosen, results = visit.current(), cache.results()
assert results is not None
with st.spinner(t("pilots.working")):
    headline = pilots_words.headline(results, chosen)
    found = pilots_words.cards(results, chosen)
page.head(headline, chosen, provenance.nature(results.snapshot, ["staffing"]))
strip(found)
export_menu("pilots")
register.show()

names = {name: t(f"pilots.tab.{name}") for name in TABS}
tabs = st.tabs(list(names.values()), key="pilots.tabs", on_change="rerun")
for tab, (name, show) in zip(tabs, TABS.items(), strict=True):
    if tab.open:
        with tab, page.boundary(names[name]):
            show(results, chosen)
