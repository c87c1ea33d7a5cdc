"""The three commitments that need attention, under the overview's map."""

from __future__ import annotations

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import t
from metrics.targets import needing_attention
from ui import badges, brief, page, target_cards


def show(results: Results, scope: Scope) -> None:
    """Show them, or that none does."""
    found = needing_attention(judged=targets.commitments(results, scope))
    page.section(t("targets.attention"), "" if len(found) else t("targets.attention.none"))
    if len(found):
        st.html(target_cards.cards_html(found))
    with st.container(horizontal=True):
        st.page_link("pages/targets/page.py", label=t("targets.open"), icon=":material/flag:")
        brief.download(results, scope, key="overview.brief")
    badges.caption(results.snapshot, ["targets", "facts"])
