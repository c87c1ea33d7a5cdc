"""A map beside its ranked list, and under them the chosen unit: click either, the other follows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from geo import maps
from metrics.registry import Indicator, indicators
from ui import badges, cache, charts, page, theme, unit_list
from ui import scope as scopes
from ui.i18n import current, labels, t
from ui.summary import figure, scope_row
from ui.view import HEIGHT, View, view_of

DESK, PHONE = 610, 340  # pixels a map is wide


def _name(name: str) -> str:
    return indicators()[name].name.in_(current())


@page.fragment
def map_and_list(choices: Sequence[str], key: str, basis: str = "points") -> None:
    """Show the choice of indicator and level, the map beside the list, and the chosen unit."""
    results = cache.results()
    assert results is not None
    pick, level = st.columns([3, 1.4], vertical_alignment="bottom")
    with pick:
        name = st.selectbox(
            t("map.indicator"),
            choices,
            format_func=labels(choices, _name),
            key=f"{key}.indicator",
            persist_state="session",
            label_visibility="collapsed",
        )
    with level:
        scopes.level_control(f"{key}.level")
    scope = scopes.current()
    view = view_of(results, scope, name, basis, theme.current())
    with st.container(key="map-and-list"):
        left, right = st.columns([7, 5], gap="medium")
        with left, st.container(key=f"{key}-map"):
            _map(view)
        with right:
            unit_list.show(view.ranked, key=f"{key}.list", beside=f"{key}-map")
    badges.caption(results.snapshot, badges.tables_of(view.definition), view.definition)
    _chosen(view)
    if st.query_params.to_dict() != scopes.current().params():
        st.query_params.from_dict(scopes.current().params())


@lru_cache(maxsize=64)
def _figure(view: View, narrow: bool, area: str, border: str) -> go.Figure:
    """Return the map of a view; ``area`` and ``border`` name its geometry, which imported boundaries change."""
    scope = view.scope
    shapes = cache.geometry().asset(scope.geography, scope.level, scope.province)
    return maps.area_map(
        url=area,
        classes=view.classes,
        legend=view.legend(),
        colors=theme.map_colours(view.theme, view.colours),
        bounds=shapes.bounds,
        hover=view.hover,
        selected=scope.unit,
        outlines=[maps.Outline(border, 1.4)],
        note=t(f"map.{shapes.source}.short"),
        places=shapes.places,
        width=PHONE if narrow else DESK,
        height=HEIGHT,
        uirevision=f"{scope.geography}-{scope.level}-{scope.province}-{narrow}",
    )


def _map(view: View) -> None:
    scope = view.scope
    store = cache.geometry()
    shapes = store.asset(scope.geography, scope.level, scope.province)
    above = "district" if scope.geography == "legacy" and scope.level == "commune" else "province"
    borders = store.asset(scope.geography, above, scope.province, "outline")
    st.plotly_chart(
        _figure(view, unit_list.is_narrow(), shapes.url, borders.url),
        theme=None,
        config=charts.CONFIG | {"scrollZoom": True},
        alt=t("map.alt", indicator=view.definition.name.in_(current()), scope=scopes.sentence(scope)),
    )
    st.html(f'<p class="caption">{escape(t(f"map.{shapes.source}"))}</p>')


def _chosen(view: View) -> None:
    """Show the chosen unit's trend beside the whole scope's, and the way to its profile."""
    scope = view.scope
    if scope.unit is None or scope.unit not in view.rows.index:
        st.html(f'<p class="card-note">{escape(t("unit.choose"))}</p>')
        return
    years = list(view.results.options.years)
    own = view.all_years["value"].xs(scope.unit, level="code").reindex(years)
    series = [_series(str(view.names[scope.unit]), own, view.definition)]
    if view.definition.display == "rate":
        whole = scope_row(view.results, view.definition.id, scope)["value"].reindex(years)
        series.append(_series(t("trend.scope", place=scopes.place_name(scope)), whole, view.definition))
    title = f"{view.names[scope.unit]} – {view.definition.name.in_(current())}"
    chart = charts.trend(
        years=years, series=series, theme=view.theme, title=title, reform_label=t("trend.reform"), height=260
    )
    st.plotly_chart(
        chart, key="chosen.trend", theme=None, config=charts.CONFIG, alt=t("trend.alt", title=title)
    )
    with st.container(horizontal=True):
        st.page_link("pages/commune/page.py", label=t("unit.open"), icon=":material/open_in_new:")
        st.button(
            t("unit.clear"), key="chosen.clear", type="tertiary", on_click=scopes.choose_unit, args=(None,)
        )


def _series(name: str, values: pd.Series, definition: Indicator) -> tuple[str, list[float | None], list[str]]:
    numbers = [None if pd.isna(v) else float(v) for v in values]
    return name, numbers, [figure(v, definition) for v in numbers]
