"""The button that hands over a province's brief on paper."""

from __future__ import annotations

import streamlit as st

from answers import kept as cache
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui.draw import pdf_brief


def download(results: Results, scope: Scope, *, key: str) -> None:
    """Offer the two-page brief of the scope; it is set when it is asked for."""
    st.download_button(
        t("brief.download"),
        data=lambda: pdf_brief.brief(results, scope, cache.geometry()),
        file_name=f"bao-cao-{scope.province}-{scope.geography}-{scope.year}-{scope.lang}.pdf",
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        key=key,
        on_click="ignore",
    )
