"""What someone should look at in an import: for each commune drawn, why it may be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd
import shapely

from geo.boundaries_places import BOX, in_place, likeness

# A part that lost more of its area than this to its neighbours was drawn over them, not beside them.
_OVERLAP: Final = 0.1
# An official area this many times larger or smaller than drawn is no difference of drawing.
_SIZE: Final = 1.5
_ALIKE: Final = 0.5


def doubts(
    parts: pd.DataFrame, shapes: pd.Series, places: pd.DataFrame, *, shared: Iterable[str]
) -> pd.Series:
    """Return the reasons (keys of ``REASONS``) to doubt each commune drawn, as lists by code.

    ``parts`` has code, method, cut (the row was divided), lost (the share of its area that went to others) and
    code_differs; ``shapes`` are the communes in metres, ``places`` their official places, and ``shared`` the
    communes that gave or got a part of another, which the file cannot show.
    """
    codes = shapes.index
    place = places.reindex(codes)
    polygons = shapes.to_numpy()
    boxes = shapely.bounds(polygons)
    alike = likeness(boxes, place[BOX].to_numpy()) >= _ALIKE
    placed = in_place(polygons, boxes, place)
    known = (place["x"].notna() | place["west"].notna()).to_numpy()
    area = shapely.area(polygons) / 1e6 / place["area_km2"].to_numpy()
    methods = parts.groupby("code")["method"].agg(set).reindex(codes)

    def any_part(which: pd.Series) -> np.ndarray:
        return codes.isin(parts["code"][which])

    found = {
        "code_and_name_differ": any_part(parts["code_differs"]),
        "far_from_official_place": known & ~placed & ~_beside_siblings(shapes, place["parent"]),
        "size_differs": (area > _SIZE) | (area < 1 / _SIZE),
        "place_only": ~alike & np.array([bool(m & {"point", "extent"}) for m in methods]),
        "spelling_differs": ~placed & np.array(["similar_name" in m for m in methods]),
        "split_estimated": any_part(parts["cut"]),
        "overlapped": any_part(parts["lost"] > _OVERLAP),
        "part_changed_hands": codes.isin(list(shared)),
    }
    table = pd.DataFrame(found, index=codes)
    reasons = [[reason for reason, holds in row.items() if holds] for row in table.to_dict("records")]
    return pd.Series(reasons, codes)


def _beside_siblings(shapes: pd.Series, parents: pd.Series) -> np.ndarray:
    """Tell which communes border on another of the same district, or province where there are none."""
    one, other = shapely.STRtree(shapes.to_numpy()).query(shapes.to_numpy(), predicate="intersects")
    siblings = (one != other) & (parents.to_numpy()[one] == parents.to_numpy()[other])
    return np.isin(np.arange(len(shapes)), one[siblings])
