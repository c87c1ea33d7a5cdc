"""From old communes to new ones: who went where on 1 July 2025, and how area figures follow them."""

from __future__ import annotations

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
