"""The cartogram: equal hexagons, one each, in one piece, near where the units are."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.cartogram import hexagons
from geo.schematic import cells


@pytest.fixture(scope="module")
def areas():
    return cells("current", provinces=["92"])


@pytest.fixture(scope="module")
def tiles(areas):
    return hexagons(areas)


def metric(frame):
    return frame.to_crs(3405).geometry


def test_one_equal_hexagon_per_commune_without_overlap(areas, tiles):
    assert list(tiles.index) == list(areas.index)
    sizes = metric(tiles).area
    assert sizes.max() / sizes.min() < 1.02
    assert (shapely.get_num_coordinates(tiles.geometry) == 7).all()
    joined = tiles.geometry.union_all(grid_size=1e-6)
    assert joined.area == pytest.approx(tiles.geometry.area.sum(), rel=1e-3)
    assert joined.geom_type == "Polygon"


def test_hexagons_cover_about_the_land_and_keep_the_places(areas, tiles):
    assert metric(tiles).area.sum() == pytest.approx(metric(areas).area.sum(), rel=0.25)
    here, there = metric(areas).centroid, metric(tiles).centroid
    assert np.corrcoef(here.x, there.x)[0, 1] > 0.95
    assert np.corrcoef(here.y, there.y)[0, 1] > 0.95
    across = np.sqrt(metric(areas).area.sum())
    assert here.distance(there).median() < 0.12 * across


def test_the_assignment_is_no_worse_than_any_swap(areas, tiles):
    """Independent check of optimality: exchanging two communes never brings them nearer."""
    scale = np.array([np.cos(np.radians(areas.total_bounds[[1, 3]].mean())), 1])
    place = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy())) * scale
    tile = shapely.get_coordinates(shapely.centroid(tiles.geometry.to_numpy())) * scale
    cost = ((place[:, None] - tile[None]) ** 2).sum(axis=2)
    kept = np.diag(cost)[:, None] + np.diag(cost)[None]
    assert (kept <= cost + cost.T + 1e-5).all()


def test_the_same_areas_give_the_same_hexagons(areas, tiles):
    assert tiles.geometry.geom_equals(hexagons(areas).geometry).all()


def test_too_many_units_are_refused():
    many = gpd.GeoDataFrame(geometry=[shapely.box(105, 10, 106, 11)] * 4001, crs=4326)
    with pytest.raises(ValueError, match="4001"):
        hexagons(many)
