"""One unit on one page: who lives there, its stations, its staff against the norm, what it was and is now."""

import streamlit as st

from pages.commune import profile
from ui import cache, page, scope, summary, unit_list
from ui.i18n import t
from ui.kpis import strip

chosen, results = scope.current(), cache.results()
assert results is not None
units = profile.units(chosen)
if chosen.unit not in units.index:
    page.head(t("commune.choose"), chosen, results.snapshot.nature("staffing"))
    scope.level_control("commune.level")
    unit_list.show(profile.list_payload(units), key="commune.list")
    st.stop()

page.head(profile.headline(results, chosen), chosen, results.snapshot.nature("staffing"))
profile.navigation(units, chosen)
profile.history(chosen)
strip([summary.unit_card(results, name, chosen) for name in profile.CARDS])
left, right = st.columns(2, gap="medium")
with left:
    profile.trend(results, chosen)
with right:
    profile.cadres(results, chosen)
profile.stations(results, chosen)
