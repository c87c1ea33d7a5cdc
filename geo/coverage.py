"""Polygons that share their borders: overlaps and slivers taken out, narrow gaps closed, borders simplified.

All shapes are polygons or multipolygons in one projected coordinate system in metres.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Shapes = npt.NDArray[np.object_]

# Gaps between neighbours drawn apart are all narrower than this in maps at 1:250,000; lakes and
# enclaves that are really left out are wider.
GAP_WIDTH: Final = 250.0
# A crack or a corner has up to four neighbours; what has more is a chain of gaps that touch.
RING: Final = 4


def clean(shapes: Shapes, *, gap_width: float = GAP_WIDTH) -> tuple[Shapes, int]:
    """Return the shapes edge-matched, without overlaps or narrow gaps, and the number of gaps filled.

    An overlap goes to the neighbour it shares the longest border with, and so does an enclosed gap that
    is nowhere wider than ``gap_width``; a chain of gaps along more than ``RING`` neighbours is shared out
    among them. A shape that lay wholly inside others becomes empty.

    >>> left, right = shapely.box(0, 0, 100, 100), shapely.box(110, 0, 200, 100)
    >>> frame = shapely.difference(shapely.box(-100, -100, 300, 200), shapely.box(0, 0, 200, 100))
    >>> tidy, filled = clean(np.array([left, right, frame]))
    >>> filled, bool(shapely.coverage_is_valid(tidy)), float(shapely.area(tidy).sum())
    (1, True, 120000.0)
    """
    tidy = np.array(shapely.coverage_clean(shapes))
    gaps = _gaps(tidy, gap_width)
    if not len(gaps):
        return tidy, 0
    # Filling them here rather than by coverage_clean(gap_width=...) takes a tenth of its time on a country.
    pieces, owner = shapely.get_parts(tidy, return_index=True)
    pairs = _borders(gaps, pieces, owner)
    many = pairs.groupby("gap")["owner"].nunique()
    chains = many.index[many > RING]
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(gaps[chains]))
    fills = np.concatenate([np.delete(gaps, chains), triangles])
    longest = _borders(fills, pieces, owner).groupby("gap")["owner"].last()
    # A triangle between others touches no neighbour but at its corners: it goes where its own do.
    for place in longest.unique():
        filled = longest.index[longest == place]
        tidy[place] = shapely.union_all([tidy[place], *fills[filled]])
    return tidy, len(gaps)


def _borders(gaps: Shapes, pieces: Shapes, owner: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return the length of border each gap has with each neighbour, from the shortest to the longest."""
    gap, piece = shapely.STRtree(pieces).query(gaps, predicate="intersects")
    border = shapely.length(shapely.intersection(shapely.boundary(gaps)[gap], pieces[piece]))
    pairs = pd.DataFrame({"gap": gap, "owner": owner[piece], "border": border})
    return pairs.sort_values("border", kind="stable")


def _gaps(shapes: Shapes, width: float) -> Shapes:
    """Return the parts that a coverage leaves open in its midst and that are nowhere wider than ``width``."""
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.r_[False, part[1:] == part[:-1]] if len(part) else np.array([], bool)
    holes = shapely.polygons(rings[inner])
    # A hole may hold islands; what is open is the moat around them.
    hole, island = shapely.STRtree(parts).query(holes, predicate="contains")
    for place in np.unique(hole):
        holes[place] = shapely.difference(holes[place], shapely.union_all(parts[island[hole == place]]))
    holes = shapely.get_parts(holes)
    narrow: Shapes = holes[shapely.is_empty(shapely.buffer(holes, -width / 2, quad_segs=2))]
    return narrow


def dissolve(shapes: Shapes, labels: pd.Series) -> pd.Series:
    """Return one shape for each label, by label; ``labels`` goes along with ``shapes``.

    >>> halves = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> dissolve(halves, pd.Series(["a", "a"]))["a"].area
    2.0
    """
    places = pd.Series(np.arange(len(shapes)), labels.to_numpy()).groupby(level=0)
    joined = {
        label: shapes[at.iloc[0]] if len(at) == 1 else shapely.union_all(shapes[at.to_numpy()])
        for label, at in places
    }
    return pd.Series(joined, dtype=object)


def simplify(shapes: Shapes, tolerance: float) -> Shapes:
    """Return the shapes with fewer vertices, their shared borders still shared.

    ``tolerance`` is in metres: the root of the area of the corners that may be cut off (Visvalingam).
    Raises ValueError if the shapes are no valid coverage before or after.

    >>> coast = shapely.from_wkt("POLYGON ((0 0, 50 1, 100 0, 100 100, 0 100, 0 0))")
    >>> int(shapely.get_num_coordinates(simplify(np.array([coast]), 10)[0]))
    5
    """
    if not shapely.coverage_is_valid(shapes):
        raise ValueError("the shapes overlap or their borders do not match")
    simple = np.array(shapely.coverage_simplify(shapes, tolerance))
    if not (shapely.coverage_is_valid(simple) and shapely.is_valid(simple).all()):
        raise ValueError("simplification broke the shared borders")
    return simple


def cut(shape: shapely.Geometry, points: Shapes) -> Shapes:
    """Return the parts of a shape nearest to each point, in the order of the points, which lie in the shape.

    >>> west, east = cut(shapely.box(0, 0, 10, 4), shapely.points([[2, 2], [4, 2]]))
    >>> west.area, east.area
    (12.0, 28.0)
    """
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shape))
    point, cell = shapely.STRtree(cells).query(points, predicate="intersects")
    order = pd.Series(cell, point).groupby(level=0).first().sort_index()
    parts: Shapes = shapely.intersection(cells[order.to_numpy()], shape)
    return parts
