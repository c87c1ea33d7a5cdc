"""What a profile opens with: the way to the next unit, what it was, who lives there, where it lies, its staff."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from answers import kept as cache
from answers import lists
from answers.results import Results
from answers.scope import Scope
from answers.units import profile, station
from answers.words import t
from geo import crosswalk
from geo.units import at_level
from ui import badges, page, station_link, theme, visit
from ui.draw import pdf, vector_map
from ui.export import pins
from ui.show import show as show_figure


def list_payload(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the list to choose a unit from."""
    names = lists.Column(t("list.unit"), list(frame["name"]), list(range(len(frame))))
    return lists.payload(list(frame.index), [names], height=520)


def choose_province(scope: Scope) -> None:
    """Offer the profile of the province itself."""
    if scope.within is None:
        return
    name = str(at_level(scope.geography, "province")["name"][scope.within])
    st.button(
        t("profile.of_province", name=name),
        key="commune.province",
        icon=":material/account_balance:",
        on_click=visit.choose_unit,
        args=(scope.within,),
    )


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


def history(scope: Scope) -> None:
    """Show where an old commune went, or what a new one is made of."""
    if scope.level != "commune":
        return
    legacy = scope.geography == "legacy"
    links = (crosswalk.went_to if legacy else crosswalk.made_of)(str(scope.unit))
    names = [
        t("unit.part", name=link["name"]) if link["kind"] == "part" else link["name"]
        for _, link in links.iterrows()
    ]
    text = t("unit.merged_into" if legacy else "unit.made_of", names=", ".join(names))
    st.html(f'<p class="atlas card-note">{escape(text)}</p>')


def people(results: Results, scope: Scope) -> None:
    """Show who lives in the unit, and where it lies."""
    found = profile.people(results, scope)
    page.section(t("commune.people"), "" if found.own_ages else t("profile.people.note"))
    rows = "".join(
        f"<tr><td>{escape(label)}<br><small>{escape(remark)}</small></td>"
        f'<td class="num"><strong>{escape(figure)}</strong></td></tr>'
        for label, figure, remark in profile.people_lines(found)
    )
    st.html(f'<table class="atlas facts"><tbody>{rows}</tbody></table>')
    badges.caption(results.snapshot, ["population", "population_age"])
    st.html(_locator(scope))
    pins.button(pins.of_unit("where", "", scope), key="commune.where", label=t("export.pin.map"))


def _locator(scope: Scope) -> str:
    """Return a small map of the province with the unit in it."""
    store, colours = cache.geometry(), theme.current()
    province = str(scope.unit) if scope.level == "province" else scope.province
    shapes = store.asset(scope.geography, scope.level, province)
    drawn = vector_map.svg(
        shapes=shapes,
        fills={str(scope.unit): colours.accent},
        theme=colours,
        outline=store.asset(scope.geography, "province", province, "outline"),
        selected=scope.unit,
    )
    alt = escape(t("profile.map.alt", name=profile.name(scope)))
    source = escape(t(f"map.{shapes.source}.short"))
    return (
        f'<img alt="{alt}" style="width:100%;max-height:230px;object-fit:contain" '
        f'src="data:image/svg+xml,{quote(drawn)}"><p class="caption">{alt} · {source}</p>'
    )


def trend(results: Results, scope: Scope) -> None:
    """Show existing staff beside the low end of the norm, by year."""
    show_figure(results, pins.of_unit("unit_staff", "", scope), key="commune.trend")
