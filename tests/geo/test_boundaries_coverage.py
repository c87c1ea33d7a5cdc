"""Any polygons come out as a coverage: no overlap, no narrow gap, borders shared before and after simplifying."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.coverage import clean, cut, dissolve, simplify


def grid(side: int = 4, size: float = 1000.0) -> np.ndarray:
    steps = np.arange(side) * size
    return np.array([shapely.box(x, y, x + size, y + size) for x in steps for y in steps])


@settings(max_examples=40)
@example([-32, -33, -32, -1, -33, -32, -33, -32, -32, -33, -32, -33, -1, -32, -33, -32])
@given(st.lists(st.integers(-40, 40), min_size=16, max_size=16))
def test_polygons_drawn_apart_become_a_coverage_of_the_same_land(bulges: list[int]) -> None:
    land = grid()
    coast = shapely.intersects(land, shapely.box(0, 0, 4000, 4000).exterior)
    # a gap that is open to the sea is an inlet and stays, so only inner borders are drawn short
    drawn = shapely.buffer(land, np.where(coast, np.abs(bulges), bulges), join_style="mitre")
    tidy, _ = clean(drawn)
    assert shapely.coverage_is_valid(tidy)
    assert shapely.area(tidy).sum() == pytest.approx(shapely.area(shapely.union_all(tidy)))
    assert shapely.area(shapely.difference(shapely.union_all(land), shapely.union_all(tidy))) < 1
    alike = shapely.area(shapely.intersection(tidy, land)) / shapely.area(shapely.union(tidy, land))
    assert alike.min() > 0.8
    for i, kept in enumerate(tidy):
        undisputed = shapely.difference(drawn[i], shapely.union_all(np.delete(drawn, i)))
        assert shapely.area(shapely.difference(undisputed, kept)) < 1, "what it alone drew stays its own"


def test_a_lake_stays_and_a_sliver_goes() -> None:
    frame = shapely.difference(
        shapely.box(0, 0, 5000, 5000),
        shapely.union(shapely.box(1000, 1000, 2000, 2000), shapely.box(3000, 1000, 3040, 4000)),
    )
    tidy, filled = clean(np.array([frame, shapely.box(5000, 0, 6000, 5000)]))
    assert filled == 1
    assert len(tidy[0].interiors) == 1
    assert shapely.area(tidy[0]) == 25_000_000 - 1_000_000


def test_a_polygon_inside_another_takes_or_loses_its_land_whole() -> None:
    tidy, _ = clean(np.array([shapely.box(0, 0, 1000, 1000), shapely.box(0, 0, 1000, 1000)]))
    assert sorted(shapely.area(tidy)) == [0, 1_000_000]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(5, 100))
def test_simplifying_keeps_borders_shared(seed: int, tolerance: float) -> None:
    points = np.random.default_rng(seed).uniform(0, 10_000, (30, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    land = shapely.intersection(cells, shapely.box(0, 0, 10_000, 10_000))
    rough, _ = clean(shapely.segmentize(land, 100))
    simple = simplify(rough, tolerance)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(rough).sum()
    assert shapely.area(simple).sum() == pytest.approx(100_000_000, rel=0.01)


def test_simplifying_what_overlaps_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        simplify(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)]), 1)


def test_dissolving_joins_what_has_one_label() -> None:
    labels = pd.Series(["a", "b"] * 8)
    joined = dissolve(grid(), labels)
    assert list(joined.index) == ["a", "b"]
    assert [shapely.area(shape) for shape in joined] == [8_000_000, 8_000_000]


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=6, unique=True))
def test_cutting_gives_each_point_what_is_nearest_to_it(places: list[tuple[int, int]]) -> None:
    whole, points = shapely.box(0, 0, 100, 100), shapely.points(places)
    parts = cut(whole, points)
    assert shapely.area(parts).sum() == pytest.approx(10_000)
    inner = shapely.point_on_surface(parts)
    nearest = [int(np.argmin(shapely.distance(points, point))) for point in inner]
    assert nearest == list(range(len(places)))
