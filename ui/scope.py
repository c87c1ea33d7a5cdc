"""One scope for the whole app: province, geography, level, year, language and the chosen unit.

It lives in the session, shows in the sidebar, and is mirrored in the URL, so that a copied link opens the
same view. A link's value that does not fit the data falls back to the default and the visitor is told. The unit
may be a station: the profile page then shows it, and every other page the commune it is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.units import crosswalk, units
from geo.units import at_level, parent_of
from geo.webgeometry import NATION, PRODUCT
from ui import i18n
from ui.i18n import labels, t

ALL: Final = "all"
REFORM_YEAR: Final = 2025
LEVELS: Final = {"legacy": ("commune", "district"), "current": ("commune",)}
NATION_LEVELS: Final = ("province", "commune")
HOME: Final = "92"


@dataclass(frozen=True)
class Options:
    """What the snapshot offers: its provinces by geography, its years, and each station's commune by geography."""

    provinces: Mapping[str, tuple[str, ...]]
    years: tuple[int, ...]
    stations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What the visitor looks at. With a ``station`` the ``unit`` is its commune."""

    province: str
    geography: str
    level: str
    year: int
    lang: str
    unit: str | None = None
    station: str | None = None

    @property
    def within(self) -> str | None:
        """The province to restrict to, or None for all of them."""
        return None if self.province in (ALL, NATION) else self.province

    def params(self) -> dict[str, str]:
        """Return the scope as query parameters."""
        found = {
            "province": self.province,
            "geography": self.geography,
            "level": self.level,
            "year": str(self.year),
            "lang": self.lang,
        }
        unit = self.station or self.unit
        return found | ({"unit": unit} if unit else {})


def levels(geography: str, province: str) -> tuple[str, ...]:
    """Return the levels a scope can be seen at, the first by default."""
    return NATION_LEVELS if province == NATION else LEVELS[geography]


def codes(scope: Scope, level: str) -> pd.Index[str]:
    """Return the units of a level in the scope, whether anything is known of them or not."""
    if scope.province != ALL:
        return at_level(scope.geography, level, within=scope.within).index
    home = parent_of(scope.geography, level, "province")
    return home.index[home.isin(PRODUCT[scope.geography])]


def default(options: Options, lang: str = "vi") -> Scope:
    """Return the scope the app opens with: Cần Thơ before the reform, its latest year."""
    provinces = options.provinces["legacy"]
    home = HOME if HOME in provinces else provinces[0]
    return Scope(home, "legacy", "commune", options.years[-1], lang)


def from_params(params: Mapping[str, str], options: Options) -> tuple[Scope, list[str]]:
    """Read a scope from query parameters; return it with the names of those that do not fit."""
    start = default(options)
    bad: list[str] = []

    def take(name: str, allowed: tuple[str, ...], fallback: str) -> str:
        value = params.get(name, fallback)
        if value not in allowed:
            bad.append(name)
            return fallback
        return value

    lang = take("lang", i18n.LANGUAGES, start.lang)
    geography = take("geography", tuple(options.provinces), start.geography)
    provinces = options.provinces[geography]
    province = take("province", (*provinces, ALL, NATION), HOME if HOME in provinces else provinces[0])
    allowed = levels(geography, province)
    level = take("level", allowed, allowed[0])
    year = int(take("year", tuple(str(y) for y in options.years), str(start.year)))
    scope = Scope(province, geography, level, year, lang)
    unit = params.get("unit")
    if unit in options.stations:
        return replace(scope, level="commune", unit=options.stations[unit][geography], station=unit), bad
    if unit is not None and unit not in known_units(geography):
        bad.append("unit")
        unit = None
    return replace(scope, unit=unit), bad


@lru_cache
def known_units(geography: str) -> frozenset[str]:
    """Return the codes of all units of a geography."""
    table = units()
    return frozenset(table.loc[table["geography"] == geography, "code"])


@lru_cache
def province_after(province: str) -> str:
    """Return the province in force that an old province became part of."""
    home = parent_of("legacy", "commune", "province")
    links = crosswalk()
    links = links[links["main"] & links["legacy_commune"].map(home).eq(province)]
    return str(links["current_commune"].map(parent_of("current", "commune", "province")).mode()[0])


def province_in(geography: str, province: str, options: Options) -> str:
    """Return the same place in another geography: the successor, or the old province of the same code."""
    if province in (ALL, NATION) or province in options.provinces[geography]:
        return province
    return province_after(province) if geography == "current" else ALL


def place_name(scope: Scope) -> str:
    """Return the name of the scope's province, of all of them, or of the country."""
    if scope.within is None:
        return t("scope.nation" if scope.province == NATION else "scope.all_provinces")
    return str(at_level(scope.geography, "province").loc[scope.province, "short_name"])


def sentence(scope: Scope) -> str:
    """Return the scope in words, as it is printed on pages and exports."""
    return t(
        "scope.sentence",
        place=place_name(scope),
        geography=t(f"geography.{scope.geography}"),
        year=scope.year,
    )


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
    geography = state["scope.geography"]
    state["scope.province"] = province_in(geography, state["scope.province"], options)
    _keep_level()
    # A station outlives the reform of the communes around it.
    station = state["scope.station"]
    choose_unit(options.stations[station][geography] if station else None, station=station)


def _keep_level() -> None:
    """Keep the level where the scope has it, else take the scope's first."""
    state = st.session_state
    offered = levels(state["scope.geography"], state["scope.province"])
    if state["scope.level"] not in offered:
        state["scope.level"] = offered[0]


def _province_changed() -> None:
    state = st.session_state
    if state["scope.province"] == NATION:
        state["scope.level"] = NATION_LEVELS[0]
    _keep_level()
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
    geography = state["scope.geography"]
    if state["scope.province"] == NATION and not national:
        state["scope.province"] = ALL
        _keep_level()
        if state["scope.unit"] not in codes(current(), state["scope.level"]):
            choose_unit(None)
    provinces = [*options.provinces[geography], ALL, *([NATION] if national else [])]
    with st.sidebar:
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
        )
        st.selectbox(t("scope.year"), list(reversed(options.years)), key="scope.year", format_func=str)
        st.segmented_control(
            t("scope.language"),
            i18n.LANGUAGES,
            key="scope.lang",
            format_func=labels(i18n.LANGUAGES, lambda lang: t(f"language.{lang}")),
            required=True,
            width="stretch",
        )
    scope = current()
    if st.query_params.to_dict() != scope.params():
        st.query_params.from_dict(scope.params())
    return scope


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
