"""One scope for the whole app, as a value: province, geography, level, year, language and the chosen unit.

It is mirrored in the URL, so that a copied link opens the same view. A link's value that does not fit the data
falls back to the default and the visitor is told. The unit may be a station: the profile page then shows it, and
every other page the commune it is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import pandas as pd

from answers import format as fmt
from answers import words as i18n
from answers.words import t
from data.units import crosswalk, units
from geo.units import at_level, parent_of
from geo.webgeometry import NATION, PRODUCT
from metrics.comparability import enough, opening_year

ALL: Final = "all"


REFORM_YEAR: Final = 2025


LEVELS: Final = {"legacy": ("commune", "district"), "current": ("commune",)}


NATION_LEVELS: Final = ("province", "commune")


HOME: Final = "92"


@dataclass(frozen=True)
class Options:
    """What the snapshot offers: its provinces by geography, its years, and each station's commune by geography.

    ``reports`` says by geography, province and year how many stations reported, of how many.
    """

    provinces: Mapping[str, tuple[str, ...]]
    years: tuple[int, ...]
    stations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reports: Mapping[str, Mapping[str, Mapping[int, tuple[int, int]]]] = field(default_factory=dict)

    def reported(self, geography: str, province: str, year: int) -> tuple[int, int]:
        """Return how many stations of a province, or of all of them, reported in a year, and of how many."""
        own = self.reports.get(geography, {})
        parts = [own[province]] if province in own else list(own.values())
        counts = [part.get(year, (0, 0)) for part in parts]
        return sum(count[0] for count in counts), sum(count[1] for count in counts)

    def opening_year(self, geography: str, province: str) -> int:
        """Return the year a place is shown in first: the newest that enough of its stations reported."""
        return opening_year({year: self.reported(geography, province, year) for year in self.years})


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
    """Return the scope the app opens with: Cần Thơ before the reform, the newest year that enough reported."""
    provinces = options.provinces["legacy"]
    home = HOME if HOME in provinces else provinces[0]
    return Scope(home, "legacy", "commune", options.opening_year("legacy", home), lang)


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
    opening = options.opening_year(geography, province)
    year = int(take("year", tuple(str(y) for y in options.years), str(opening)))
    scope = Scope(province, geography, level, year, lang)
    unit = params.get("unit")
    if unit in options.stations:
        return replace(scope, level="commune", unit=options.stations[unit][geography], station=unit), bad
    if unit is not None and unit not in known_units(geography):
        bad.append("unit")
        unit = None
    return replace(scope, unit=unit), bad


@cache
def known_units(geography: str) -> frozenset[str]:
    """Return the codes of all units of a geography."""
    table = units()
    return frozenset(table.loc[table["geography"] == geography, "code"])


@cache
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


def collecting(options: Options, scope: Scope) -> tuple[int, int] | None:
    """Return how many stations reported of how many, where too few did to speak of the scope's year; else None."""
    counts = options.reported(scope.geography, scope.province, scope.year)
    return None if enough(*counts) or not counts[1] else counts


def collected(options: Options, scope: Scope) -> str:
    """Return in words that the scope's year is not yet reported by enough, with how many did; else nothing.

    Of an older year that never was, it says how many reported.
    """
    counts = collecting(options, scope)
    if counts is None:
        return ""
    newer = scope.year > options.opening_year(scope.geography, scope.province)
    n, total = (fmt.number(count) for count in counts)
    return t("headline.collecting" if newer else "headline.partial", year=scope.year, n=n, total=total)


def year_name(options: Options, scope: Scope, year: int) -> str:
    """Return what a year is called where it is chosen: of one that too few reported, how many of how many."""
    counts = collecting(options, replace(scope, year=year))
    if counts is None:
        return str(year)
    newer = year > options.opening_year(scope.geography, scope.province)
    reported, total = (fmt.number(count) for count in counts)
    return t("scope.year.collecting" if newer else "scope.year.partial", year=year, n=reported, total=total)


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
