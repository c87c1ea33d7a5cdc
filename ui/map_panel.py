"""A map beside its ranked list, and under them the chosen unit: click either, the other follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers import provenance
from answers import scope as scopes
from answers.figure import Spec
from answers.results import Results
from answers.view import ABOUT, View, view_of
from answers.words import current, labels, t
from geo.units import parent_of
from metrics.registry import indicators
from ui import badges, map_shapes, page, theme, unit_list, visit
from ui.export import pins
from ui.show import show as show_figure

HALF = 505  # pixels a map is wide beside another map


def _name(name: str) -> str:
    return indicators()[name].name.in_(current())


@page.fragment
def map_and_list(choices: Sequence[str], key: str, basis: str = "points") -> None:
    """Show the choice of indicator and level, the map beside the list or another map, and the chosen unit."""
    if st.session_state.pop("map.year.changed", False):
        st.rerun()  # the year is the whole page's
    results = cache.results()
    assert results is not None
    name, shape, comparing = _controls(choices, key)
    scope = visit.current()
    view = view_of(results, scope, name, basis, theme.current())
    listed = view.listed(unit_list.asked(f"{key}.list"))
    if comparing:
        _two_maps(view, _other(view, choices, key, basis), shape, key, basis)
        unit_list.show(listed | {"height": 300}, key=f"{key}.list")
    else:
        with st.container(key="map-and-list"):
            left, right = st.columns([7, 5], gap="medium")
            with left:
                map_shapes.show(view, shape, map_shapes.DESK, f"{key}.{shape}", pin=_slide(view, basis))
            with right:
                unit_list.show(listed, key=f"{key}.list")
    _year_slider(results.options.years, key)
    _notes(view, shape)
    badges.caption(results.snapshot, provenance.tables_of(view.definition), view.definition)
    _chosen(view, basis)
    if st.query_params.to_dict() != visit.current().params():
        st.query_params.from_dict(visit.current().params())


def _controls(choices: Sequence[str], key: str) -> tuple[str, str, bool]:
    """Draw what is chosen above the map; return the indicator, how it is drawn, and whether two are compared."""
    pick, more = st.columns([3, 3], vertical_alignment="bottom")
    with pick:
        name = st.selectbox(
            t("map.indicator"),
            choices,
            format_func=labels(choices, _name),
            key=f"{key}.indicator",
            persist_state="session",
            label_visibility="collapsed",
        )
    with more, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        visit.level_control(f"{key}.level")
        shapes = map_shapes.offered(visit.current(), comparing=bool(st.session_state.get(f"{key}.compare")))
        if st.session_state.get(f"{key}.shape", "map") not in shapes:
            st.session_state[f"{key}.shape"] = "map"
        shape = st.segmented_control(
            t("map.shape"),
            shapes,
            default="map",
            key=f"{key}.shape",
            format_func=labels(shapes, lambda one: t(f"map.shape.{one}")),
            persist_state="session",
            required=True,
            label_visibility="collapsed",
        )
        comparing = st.toggle(t("map.compare"), key=f"{key}.compare", persist_state="session")
    return name, str(shape), comparing


def _other(view: View, choices: Sequence[str], key: str, basis: str) -> View:
    """Return what the second map shows: another year or another indicator, by the reader's choice."""
    years = view.results.options.years
    what, when = st.columns([3, 3], vertical_alignment="bottom")
    with what:
        name = st.selectbox(
            t("map.compare.indicator"),
            choices,
            index=list(choices).index(view.definition.id),
            format_func=labels(choices, _name),
            key=f"{key}.other",
        )
    with when:
        year = st.selectbox(
            t("map.compare.year"),
            list(reversed(years)),
            index=min(len(years) - 1, len(years) - years.index(view.scope.year)),
            key=f"{key}.other.year",
            format_func=str,
        )
    return view_of(view.results, replace(view.scope, year=year), name, basis, view.theme)


def _slide(view: View, basis: str) -> Spec | None:
    return pins.whole("map", view.definition.id, view.scope, basis)


def _two_maps(view: View, other: View, shape: str, key: str, basis: str) -> None:
    for place, one, name in zip(st.columns(2, gap="small"), (view, other), ("first", "second"), strict=True):
        with place:
            title = f"{one.definition.name.in_(current())}, {one.scope.year}"
            st.html(f'<p class="atlas card-title">{escape(title)}</p>')
            map_shapes.show(one, shape, HALF, f"{key}.{name}", pin=_slide(one, basis), linked=key)


def _year_chosen(key: str) -> None:
    st.session_state["scope.year"] = st.session_state[key]
    st.session_state["map.year.changed"] = True


def _year_slider(years: Sequence[int], key: str) -> None:
    # Not bound to the scope itself, which the sidebar's own control holds.
    st.session_state[f"{key}.year"] = visit.current().year
    st.select_slider(
        t("scope.year"),
        years,
        key=f"{key}.year",
        format_func=str,
        on_change=_year_chosen,
        args=(f"{key}.year",),
    )


def _notes(view: View, shape: str) -> None:
    """Say under the map what its shapes are, and what a marked range means where there is one."""
    scope = view.scope
    source = cache.geometry().asset(scope.geography, scope.level, scope.province).source
    lines = [t("map.hexagons.note") if shape == "hexagons" else t(f"map.{source}")]
    if shape == "columns":
        lines.append(t("map.columns.note"))
    if any(view.divided):
        lines.append(t("map.divided", mark=ABOUT))
    if scope.province == scopes.NATION:
        known = int(view.rows["value"].notna().sum())
        lines.append(t("map.known", known=fmt.number(known), total=fmt.number(len(view.rows))))
    st.html(f'<p class="caption">{escape(" ".join(lines))}</p>')


def _chosen(view: View, basis: str) -> None:
    """Show the chosen unit's trend beside the whole scope's, and the way to its profile."""
    scope = view.scope
    if scope.unit is None or scope.unit not in view.rows.index:
        st.html(f'<p class="card-note">{escape(t("unit.choose"))}</p>')
        return
    spec = pins.of_unit("unit_trend", view.definition.id, scope, basis)
    show_figure(view.results, spec, key="chosen.trend")
    with st.container(horizontal=True):
        if _has_profile(scope, view.results):
            st.page_link("pages/commune/page.py", label=t("unit.open"), icon=":material/open_in_new:")
        st.button(
            t("unit.clear"), key="chosen.clear", type="tertiary", on_click=visit.choose_unit, args=(None,)
        )


def _has_profile(scope: scopes.Scope, results: Results) -> bool:
    """Say whether the chosen unit lies in a province with stations."""
    home = parent_of(scope.geography, scope.level, "province")
    return scope.province != scopes.NATION or (
        scope.level == "commune" and home[str(scope.unit)] in results.options.provinces[scope.geography]
    )
