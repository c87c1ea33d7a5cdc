"""What surrounds every page: its frame, language, scope, navigation, and what is said when it fails."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from answers import kept as cache
from answers import scope as scopes
from answers import words as i18n
from answers.words import t
from data.store import StoreError, open_store
from ui import component, search, theme, visit
from ui.page import boundary, log

ROOT = Path(__file__).parent.parent
PAGES = {
    "overview": ":material/dashboard:",
    "staffing": ":material/groups:",
    "compliance": ":material/fact_check:",
    "pilots": ":material/stethoscope:",
    "targets": ":material/flag:",
    "commune": ":material/location_on:",
    "data": ":material/database:",
    "present": ":material/slideshow:",
}
NATIONAL = ("", "overview")  # pages that can show the whole country


def page_title(name: str) -> str:
    """Return a page's title; where the catalogue lacks it, the page still has its folder's name.

    Every page shows the navigation, so a title that is missing would otherwise break them all.
    """
    if f"page.{name}" not in i18n.catalogue(i18n.current()):
        log.log(logging.ERROR, "the catalogue has no title of page %r", name)
        return name.replace("_", " ").capitalize()
    return t(f"page.{name}")


def _pages() -> list[StreamlitPage]:
    # The root of the site leads to /overview (see ui/server.py); the hidden default page stands in for it
    # where no server is in front, as in page tests.
    start = st.Page(ROOT / "pages/overview/page.py", url_path="start", default=True, visibility="hidden")
    return [start] + [
        st.Page(ROOT / f"pages/{name}/page.py", title=page_title(name), icon=icon, url_path=name)
        for name, icon in PAGES.items()
    ]


def _without_store(error: StoreError) -> None:
    """Say that the data cannot be read, and why, in the language the visitor last had or asks for."""
    asked = st.session_state.get("scope.lang") or st.query_params.get("lang")
    i18n.use(asked if asked in i18n.LANGUAGES else i18n.LANGUAGES[0])
    st.set_page_config(page_title=t("app.name"), page_icon=str(ROOT / "static/icon.svg"), layout="wide")
    st.html(theme.style_sheet(theme.current().mode))
    log.warning("%s", error)
    st.error(error.text(i18n.current()), icon=":material/database_off:")
    st.button(t("error.store.again"), icon=":material/refresh:")


def main() -> None:
    """Run the app once: frame, scope, navigation, page."""
    try:
        results = cache.results()
        bad = visit.begin(results.options) if results else []
    except StoreError as error:
        _without_store(error)
        return
    i18n.use(st.session_state.get("scope.lang", i18n.LANGUAGES[0]))
    st.set_page_config(page_title=t("app.name"), page_icon=str(ROOT / "static/icon.svg"), layout="wide")
    st.html(theme.style_sheet(theme.current().mode))
    component.show("language", {"lang": i18n.current()}, key="page.language")
    if results is None:
        st.warning(t("error.no_snapshot" if open_store().current() is None else "error.no_stations"))
        return
    page = st.navigation(_pages())
    national = page.url_path in NATIONAL
    search.show(results.options, national=national)
    chosen = visit.controls(results.options, national=national)
    if bad:
        st.info(
            t("error.link", names=", ".join(bad), scope=scopes.sentence(chosen)), icon=":material/link_off:"
        )
    with boundary(page_title(page.url_path or "overview")):
        page.run()
