"""The tree of administrative units: who belongs to whom, in either geography, and which points look wrong."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from data.units import crosswalk, extents, units

LEVELS: Final = {"legacy": ("province", "district", "commune"), "current": ("province", "commune")}
_KM_PER_DEGREE: Final = 111.2


def at_level(geography: str, level: str, *, within: str | None = None) -> pd.DataFrame:
    """Return the units of one level, indexed by code and sorted by it; ``within`` a unit above, or all.

    A level the geography lacks (districts ended on 30 June 2025) and an unknown ``within`` raise KeyError. An
    island district without communes gives no row at commune level.

    >>> len(at_level("current", "commune", within="92")), len(at_level("legacy", "district", within="92"))
    (103, 9)
    """
    frame = _level(geography, level)
    if within is None:
        return frame.copy()
    above = ancestors(geography, within)
    upper = list(above)[-1]
    return frame[parent_of(geography, level, upper) == within].copy()


def ancestors(geography: str, code: str) -> dict[str, str]:
    """Return the codes from the province down to the unit itself, by level; an unknown code raises KeyError.

    >>> ancestors("legacy", "31198")
    {'province': '92', 'district': '919', 'commune': '31198'}
    """
    level = next((level for level in LEVELS[geography] if code in _level(geography, level).index), None)
    if level is None:
        raise KeyError(f"no unit {code!r} in the {geography} geography")
    upward = LEVELS[geography][: LEVELS[geography].index(level) + 1]
    return {upper: str(parent_of(geography, level, upper)[code]) for upper in upward}


@cache
def parent_of(geography: str, level_from: str, level_to: str) -> pd.Series[str]:
    """Return, for every unit of a level, the code of the unit above it (or itself) at another level.

    The Series is cached and shared: do not change it. A level below ``level_from`` raises KeyError.

    >>> parent_of("legacy", "commune", "province")["31198"]
    '92'
    """
    levels = LEVELS[geography]
    if {level_from, level_to} - set(levels) or levels.index(level_to) > levels.index(level_from):
        raise KeyError(f"no {level_to} above a {level_from} in the {geography} geography")
    codes = pd.Series(_level(geography, level_from).index, _level(geography, level_from).index, name=level_to)
    for level in reversed(levels[levels.index(level_to) + 1 : levels.index(level_from) + 1]):
        codes = codes.map(_level(geography, level)["parent"])
    return codes


def implausible_points(*, beyond: float = 20.0) -> pd.DataFrame:
    """Return the communes whose point cannot be right: geography, code, name, reason and how far (km).

    ``outside``: a legacy point outside the commune's own extent (no distance). ``astray``: a point more than
    ``beyond`` kilometres, in a straight line, from the median point of the communes it was made from or went
    to in 2025; both ends of a link may be named, as either may be wrong, and far-flung islands are.
    Nothing is changed here: a point known to be wrong is mended in ``data/reference/unit_corrections.csv``.
    """
    legacy, current = _level("legacy", "commune"), _level("current", "commune")
    box = extents().reindex(legacy.index)
    in_box = legacy["latitude"].between(box["south"], box["north"]) & legacy["longitude"].between(
        box["west"], box["east"]
    )
    links = crosswalk()
    main = links[links["main"]]
    old, new = main["legacy_commune"], main["current_commune"]
    found = [
        _found("legacy", legacy.assign(km=np.nan)[~in_box], "outside"),
        _found("legacy", _astray(legacy, old, current, new, beyond), "astray"),
        _found("current", _astray(current, new, legacy, old, beyond), "astray"),
    ]
    return pd.concat(found, ignore_index=True)


@cache
def _level(geography: str, level: str) -> pd.DataFrame:
    if level not in LEVELS[geography]:
        raise KeyError(f"the {geography} geography has no {level}")
    frame = units()
    chosen = frame[(frame["geography"] == geography) & (frame["level"] == level)]
    return chosen.set_index("code").sort_index()


def _astray(
    here: pd.DataFrame, codes: pd.Series[str], there: pd.DataFrame, linked: pd.Series[str], beyond: float
) -> pd.DataFrame:
    """Return the rows of ``here`` further than ``beyond`` km from the median of what they are linked to."""
    sides = {side: linked.map(there[side]).groupby(codes).median() for side in ("latitude", "longitude")}
    north = (here["latitude"] - sides["latitude"]) * _KM_PER_DEGREE
    east = (here["longitude"] - sides["longitude"]) * _KM_PER_DEGREE * np.cos(np.radians(here["latitude"]))
    far = here.assign(km=np.hypot(north, east))
    return far[far["km"] > beyond]


def _found(geography: str, frame: pd.DataFrame, reason: str) -> pd.DataFrame:
    named = frame.reset_index()[["code", "name", "km"]].assign(geography=geography, reason=reason)
    return named[["geography", "code", "name", "reason", "km"]]
