"""What surrounds every page: its frame, language, scope, navigation, and what is said when it fails."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

from data.store import StoreError, open_store
from ui import cache, i18n, scope, search, theme
from ui.i18n import t
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


def _pages() -> list[StreamlitPage]:
    # The root of the site leads to /overview (see ui/server.py); the hidden default page stands in for it
    # where no server is in front, as in page tests.
    start = st.Page(ROOT / "pages/overview/page.py", url_path="start", default=True, visibility="hidden")
    return [start] + [
        st.Page(ROOT / f"pages/{name}/page.py", title=t(f"page.{name}"), icon=icon, url_path=name)
        for name, icon in PAGES.items()
    ]


def register() -> None:
    """Tell Streamlit, before the first visitor, that pages come from ``st.navigation``.

    Until some session has called it, a folder named ``pages`` puts Streamlit in its older mode, and the first
    deep link after a restart is answered "page not found".
    """
    PagesManager.uses_pages_directory = False


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
        bad = scope.begin(results.options) if results else []
    except StoreError as error:
        _without_store(error)
        return
    i18n.use(st.session_state.get("scope.lang", i18n.LANGUAGES[0]))
    st.set_page_config(page_title=t("app.name"), page_icon=str(ROOT / "static/icon.svg"), layout="wide")
    st.html(theme.style_sheet(theme.current().mode))
    if results is None:
        st.warning(t("error.no_snapshot" if open_store().current() is None else "error.no_stations"))
        return
    page = st.navigation(_pages())
    national = page.url_path in NATIONAL
    search.show(results.options, national=national)
    chosen = scope.controls(results.options, national=national)
    if bad:
        st.info(
            t("error.link", names=", ".join(bad), scope=scope.sentence(chosen)), icon=":material/link_off:"
        )
    with boundary(t(f"page.{page.url_path or 'overview'}")):
        page.run()
