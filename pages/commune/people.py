"""Who lives in a unit, and where it lies."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import streamlit as st

from answers import kept as cache
from answers.results import Results
from answers.scope import Scope
from answers.units import profile
from answers.words import t
from ui import badges, page, theme
from ui.draw import vector_map
from ui.export import pins


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
