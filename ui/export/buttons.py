"""What a page's reader takes away: slides, workbook, pictures, and pins for the presentation."""

from __future__ import annotations

from typing import Final

import streamlit as st

from answers import kept as cache
from answers import scope as scopes
from answers import story
from answers.colours import LIGHT
from answers.figure import Slide
from answers.results import Results
from answers.scope import NATION, Scope
from answers.words import current, labels, t
from metrics.registry import indicators
from ui import page, visit
from ui.draw import picture
from ui.draw.deck import deck
from ui.draw.xlsx import workbook
from ui.export import pins
from ui.export.downloads import EXCEL

CHARTS: Final = ("map", "ranking", "trend", "funnel")
POWERPOINT: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@page.fragment
def export_menu(name: str) -> None:
    """Draw the menu: a story as PowerPoint, the scope as Excel, any chart as a picture or a pinned slide.

    Nothing is made before the menu is opened, and files not before they are asked for. Of the whole country,
    of which the atlas holds little, the page's figures and maps are pinned.
    """
    results, scope = cache.results(), visit.current()
    assert results is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        menu = None
        if scope.province != NATION:
            icon = ":material/ios_share:"
            menu = st.popover(t("export.menu"), icon=icon, key=f"export.{name}", on_change="rerun")
        figures = pins.whole("cards", name, scope)
        pins.button(figures, key=f"export.{name}.figures", label=t("export.pin.figures"))
    if menu is None or not menu.open:
        return
    with menu:
        st.download_button(
            t("export.menu.deck"),
            data=lambda: _deck(results, scope, name),
            file_name=_file(scope, "pptx", name),
            mime=POWERPOINT,
            icon=":material/slideshow:",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            t("export.menu.workbook"),
            data=lambda: workbook(results, scope, lang=scope.lang),
            file_name=_file(scope, "xlsx"),
            mime=EXCEL,
            icon=":material/table_view:",
            on_click="ignore",
            width="stretch",
        )
        _pictures(results, scope)


def _pictures(results: Results, scope: Scope) -> None:
    """Choose a chart, then take it as a picture or pin it."""
    chosen = list(indicators())
    kind = st.segmented_control(
        t("export.menu.chart"),
        CHARTS,
        default="map",
        key="export.kind",
        format_func=labels(CHARTS, lambda kind: t(f"export.kind.{kind}")),
        required=True,
    )
    what = st.selectbox(
        t("map.indicator"),
        chosen,
        index=chosen.index("staffing_gap"),
        key="export.indicator",
        format_func=labels(chosen, lambda one: indicators()[one].name.in_(current())),
    )
    spec = pins.whole(str(kind), what, scope, *(["points"] if kind == "map" else []))
    built = story.build(results, [spec], scope.lang)
    if not built.slides:
        st.info(built.missing[0][1])
        return
    [slide] = built.slides
    left, right = st.columns(2)
    for place, ending, mime in ((left, "svg", "image/svg+xml"), (right, "png", "image/png")):
        with place:
            st.download_button(
                t(f"export.menu.{ending}"),
                data=lambda ending=ending: _picture(slide, ending),
                file_name=_file(scope, ending, f"{kind}-{what}"),
                mime=mime,
                icon=":material/image:",
                on_click="ignore",
                width="stretch",
            )
    pins.button(spec, key="export.pin")
    st.page_link("pages/present/page.py", label=t("export.menu.present"), icon=":material/present_to_all:")


def warm(results: Results) -> None:
    """Make ready what the first deck needs: the overview's slides of the scope the app opens with."""
    _deck(results, scopes.default(results.options), "overview")


def _file(scope: Scope, ending: str, what: str = "") -> str:
    words = ("atlas", scope.province, scope.geography, str(scope.year), what, scope.lang)
    return f"{'-'.join(word for word in words if word)}.{ending}"


def _deck(results: Results, scope: Scope, name: str) -> bytes:
    return deck(story.build(results, story.specs(name, scope), scope.lang), lang=scope.lang)


def _picture(slide: Slide, ending: str) -> bytes:
    if ending == "png":
        return picture.png(slide, LIGHT)
    return picture.svg(slide, LIGHT, fonts=True).encode()
