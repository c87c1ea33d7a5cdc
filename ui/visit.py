"""The scope of a visit: it lives in the session, shows in the sidebar, and is mirrored in the URL."""

from __future__ import annotations

from typing import Any

import streamlit as st

from answers import words as i18n
from answers.scope import (
    ALL,
    NATION,
    NATION_LEVELS,
    Options,
    Scope,
    codes,
    collecting,
    from_params,
    levels,
    province_in,
    year_name,
)
from answers.words import labels, t
from geo.units import at_level


def _option_name(geography: str, province: str) -> str:
    if province in (ALL, NATION):
        return t("scope.nation" if province == NATION else "scope.all_provinces")
    return str(at_level(geography, "province").loc[province, "name"])


def begin(options: Options) -> list[str]:
    """Set the session's scope from the URL on a first visit; return the parameters that did not fit."""
    state = st.session_state
    if "scope.year" in state:
        return []
    scope, bad = from_params(st.query_params.to_dict(), options)
    for name in ("province", "geography", "level", "year", "lang"):
        state[f"scope.{name}"] = getattr(scope, name)
    choose_unit(scope.unit, station=scope.station)
    return bad


def _geography_changed(options: Options) -> None:
    state = st.session_state
    # Streamlit (1.67) has been seen to empty a control of its own accord: the scope of the address stands.
    state["scope.geography"] = state["scope.geography"] or st.query_params.get("geography", "legacy")
    geography = state["scope.geography"]
    state["scope.province"] = province_in(geography, state["scope.province"], options)
    _keep_level()
    _keep_year(options)
    # A station outlives the reform of the communes around it.
    station = state["scope.station"]
    choose_unit(options.stations[station][geography] if station else None, station=station)


def _keep_level() -> None:
    """Keep the level where the scope has it, else take the scope's first."""
    state = st.session_state
    offered = levels(state["scope.geography"], state["scope.province"])
    if state["scope.level"] not in offered:
        state["scope.level"] = offered[0]


def _keep_year(options: Options) -> None:
    """Keep the year where enough of the scope reported it, else take the one the scope opens with."""
    scope = current()
    if collecting(options, scope):
        st.session_state["scope.year"] = options.opening_year(scope.geography, scope.province)


def _province_changed(options: Options) -> None:
    state = st.session_state
    if state["scope.province"] == NATION:
        state["scope.level"] = NATION_LEVELS[0]
    _keep_level()
    _keep_year(options)
    choose_unit(None)


def current() -> Scope:
    """Return the session's scope."""
    state: Any = st.session_state
    return Scope(
        state["scope.province"],
        state["scope.geography"],
        state["scope.level"],
        state["scope.year"],
        state["scope.lang"],
        state["scope.unit"],
        state["scope.station"],
    )


def controls(options: Options, *, national: bool = False) -> Scope:
    """Draw the scope's controls in the sidebar, mirror the scope in the URL and return it.

    ``national`` says that the page can show the whole country; another falls back to the provinces with data.
    """
    state = st.session_state
    if state["scope.province"] == NATION and not national:
        state["scope.province"] = ALL
        _keep_level()
        if state["scope.unit"] not in codes(current(), state["scope.level"]):
            choose_unit(None)
    with st.sidebar:
        _choices(options, national)
    scope = current()
    if st.query_params.to_dict() != scope.params():
        st.query_params.from_dict(scope.params())
    return scope


def _choices(options: Options, national: bool) -> None:
    """Draw what a scope is chosen with: geography, province, year and language."""
    geography = st.session_state["scope.geography"]
    provinces = [*options.provinces[geography], ALL, *([NATION] if national else [])]
    st.segmented_control(
        t("scope.geography"),
        list(options.provinces),
        key="scope.geography",
        format_func=labels(options.provinces, lambda g: t(f"geography.{g}.short")),
        on_change=_geography_changed,
        args=(options,),
        help=t("scope.geography.help"),
        required=True,
        width="stretch",
    )
    st.selectbox(
        t("scope.province"),
        provinces,
        key="scope.province",
        format_func=labels(provinces, lambda p: _option_name(geography, p)),
        on_change=_province_changed,
        args=(options,),
    )
    years = list(reversed(options.years))
    st.selectbox(
        t("scope.year"),
        years,
        key="scope.year",
        format_func=labels(years, lambda year: year_name(options, current(), year)),
    )
    st.segmented_control(
        t("scope.language"),
        i18n.LANGUAGES,
        key="scope.lang",
        format_func=labels(i18n.LANGUAGES, lambda lang: t(f"language.{lang}")),
        required=True,
        width="stretch",
    )


def _level_chosen(key: str) -> None:
    st.session_state["scope.level"] = st.session_state[key]
    choose_unit(None)


def level_control(key: str) -> None:
    """Draw the choice between the scope's levels where it has more than one."""
    scope = current()
    offered = levels(scope.geography, scope.province)
    if len(offered) == 1:
        return
    # Not bound to the scope itself: the control is not on every page, and its state goes when it does.
    st.session_state[key] = scope.level
    st.segmented_control(
        t("scope.level"),
        offered,
        key=key,
        format_func=labels(offered, lambda level: t(f"level.{level}")),
        on_change=_level_chosen,
        args=(key,),
        required=True,
        label_visibility="collapsed",
    )


def choose_unit(code: str | None, *, station: str | None = None) -> None:
    """Make a unit the chosen one, or none; with a station, the commune it is in."""
    state = st.session_state
    state["scope.unit"], state["scope.station"] = code, station
    if station is not None:
        state["scope.level"] = "commune"


def choose_station(options: Options, station: str) -> None:
    """Make a station the chosen one, in the geography being viewed."""
    choose_unit(options.stations[station][st.session_state["scope.geography"]], station=station)
