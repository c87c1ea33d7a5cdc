"""The way from one profile to the next, to the list and to paper."""

from __future__ import annotations

import streamlit as st

from answers import kept as cache
from answers.results import Results
from answers.scope import Scope
from answers.units import profile, station
from answers.words import t
from ui import station_link, visit
from ui.draw import pdf
from ui.export import pins


def navigation(results: Results, scope: Scope) -> None:
    """Offer the previous and the next unit or station in order, the list, and the printed page."""
    codes, choose = list(profile.units(scope).index), visit.choose_unit
    if scope.level == "province":
        codes = list(results.options.provinces[scope.geography])
    if scope.station:
        codes, choose = station.in_order(results, scope), station_link.chooser(results)
    at = codes.index(scope.station or str(scope.unit))
    with st.container(horizontal=True):
        for key, step in (("previous", -1), ("next", 1)):
            st.button(
                t(f"commune.{key}"),
                key=f"commune.{key}",
                type="tertiary",
                icon=":material/chevron_left:" if step < 0 else ":material/chevron_right:",
                on_click=choose,
                args=(codes[(at + step) % len(codes)],),
            )
        st.button(
            t("commune.all"),
            key="commune.all",
            type="tertiary",
            icon=":material/list:",
            on_click=visit.choose_unit,
            args=(None,),
        )
        if scope.station:
            st.button(
                t("station.commune"),
                key="commune.of_station",
                type="tertiary",
                icon=":material/location_on:",
                on_click=visit.choose_unit,
                args=(scope.unit,),
            )
        st.download_button(
            t("profile.print"),
            data=lambda: pdf.profile(results, scope, cache.geometry()),
            file_name=f"ho-so-{scope.station or scope.unit}-{scope.geography}-{scope.year}-{scope.lang}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            key="commune.pdf",
            on_click="ignore",
        )
        own = pins.of_unit("cards", "unit", scope)
        if scope.station:
            own = pins.of_unit("cards", "station", scope, scope.station)
        pins.button(own, key="commune.figures", label=t("export.pin.figures"))
