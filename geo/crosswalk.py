"""From old communes to new ones: who went where on 1 July 2025, and how area figures follow them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.units import crosswalk
from geo.units import at_level, parent_of


def went_to(legacy_code: str) -> pd.DataFrame:
    """Return the communes in force an old commune became, the main one first: kind, main, name, province.

    Indexed by current code; an unknown old code raises KeyError.

    >>> went_to("31183")["name"].to_list()
    ['Phường Long Tuyền', 'Phường An Bình']
    """
    return _followed("legacy_commune", legacy_code, "current_commune")


def made_of(current_code: str) -> pd.DataFrame:
    """Return the old communes a commune was made of, whole ones first: kind, main, name, district, province.

    ``main`` says that this commune took the main part of the old one. Indexed by legacy code; an unknown
    current code raises KeyError. A special zone made of an island district without communes has none.

    >>> made_of("31150")["kind"].to_list()
    ['whole', 'whole', 'part']
    """
    return _followed("current_commune", current_code, "legacy_commune")


def apportion(frame: pd.DataFrame, *, columns: Sequence[str]) -> pd.DataFrame:
    """Carry counts of old communes to the communes in force, with bounds where an old commune was divided.

    For every current commune an old commune of ``frame`` went to: ``low`` = sum over the communes that came
    whole; ``value`` = low + those whose main part came; ``high`` = low + all of which any part came. The true
    figure lies between low and high; ``value`` loses nobody and counts nobody twice. Station data needs none
    of this: sum it by the station's own current commune.

    ``frame``: indexed by legacy commune code, once each; ``columns``: its numeric columns, people or things
    (not rates). Missing is missing: ``reported`` of ``expected`` old communes have a figure, the sums are
    over those, and missing where none has. An unknown code raises KeyError, a repeated one ValueError.

    Returns one row per current code and column: code, column, low, value, high, reported, expected.

    >>> people = pd.DataFrame({"total": [100.0, 40.0]}, index=["31183", "31150"])
    >>> print(apportion(people, columns=["total"]).to_string(index=False))
     code column  low  value  high  reported  expected
    31150  total 40.0   40.0 140.0         2         3
    31183  total  0.0  100.0 100.0         1         2
    """
    links = crosswalk()
    unknown = frame.index.difference(pd.Index(links["legacy_commune"]))
    if len(unknown):
        raise KeyError(f"not communes of the legacy geography: {', '.join(map(str, unknown))}")
    if not frame.index.is_unique:
        raise ValueError("an old commune appears more than once")
    reached = links.loc[links["legacy_commune"].isin(frame.index), "current_commune"]
    links = links[links["current_commune"].isin(reached)]
    counts = frame.reindex(links["legacy_commune"])
    return pd.concat(
        [_sums(links, counts[column].astype("float64").set_axis(links.index), column) for column in columns],
        ignore_index=True,
    )


def _sums(links: pd.DataFrame, count: pd.Series[float], column: str) -> pd.DataFrame:
    whole = links["kind"] == "whole"
    shares = pd.DataFrame(
        {
            "low": count.where(whole | count.isna(), 0.0),
            "value": count.where(links["main"] | count.isna(), 0.0),
            "high": count,
            "reported": count.notna(),
            "expected": 1,
        }
    )
    grouped = shares.groupby(links["current_commune"].rename("code"))
    sums = pd.concat(
        [grouped[["low", "value", "high"]].sum(min_count=1), grouped[["reported", "expected"]].sum()], axis=1
    )
    return (
        sums.astype({"reported": "int64", "expected": "int64"})
        .reset_index()
        .assign(column=column)[["code", "column", "low", "value", "high", "reported", "expected"]]
    )


def _followed(given: str, code: str, wanted: str) -> pd.DataFrame:
    """Return the links of one commune with the names of the communes at their other end."""
    geography = wanted.removesuffix("_commune")
    other = given.removesuffix("_commune")
    if code not in parent_of(other, "commune", "commune").index:
        raise KeyError(f"no commune {code!r} in the {other} geography")
    links = crosswalk()
    links = links[links[given] == code].set_index(wanted).rename_axis("code")
    found = links[["kind", "main"]].assign(name=at_level(geography, "commune")["name"].reindex(links.index))
    for level in ("district", "province") if geography == "legacy" else ("province",):
        above = parent_of(geography, "commune", level)
        found[level] = above.reindex(found.index).map(at_level(geography, level)["name"])
    order = ["kind", "main"] if wanted == "legacy_commune" else ["main"]
    return found.sort_values(order, ascending=False, kind="stable")
