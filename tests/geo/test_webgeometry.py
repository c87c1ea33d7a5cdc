"""Geometry files: what a browser gets, how small it is, and that it never changes under a name."""

import gzip
import html
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from data.units import units
from geo.webgeometry import GeometryStore, routes
from tests import asgi

BOUNDARIES = Path(__file__).resolve().parents[2].parent / "shared" / "boundaries"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return GeometryStore(tmp_path_factory.mktemp("geometry"))


def shapes(asset):
    return np.array([shape(feature["geometry"]) for feature in asset.geojson["features"]])


def get(store, path, **headers):
    return asgi.get(routes(store), path, **headers)


def test_a_province_is_small_and_names_every_commune(store):
    asset = store.asset("legacy", "commune", "92")
    table = units()
    names = table[(table["geography"] == "legacy") & (table["level"] == "commune")].set_index("code")["name"]
    features = asset.geojson["features"]
    assert len(asset.data) < 150_000
    assert len(features) == 80
    assert all(f["id"] == int(f["properties"]["c"]) for f in features)
    assert {f["properties"]["c"]: f["properties"]["n"] for f in features} == names[
        asset.places.index
    ].to_dict()
    assert asset.source == "schematic"


@pytest.mark.parametrize(
    ("geography", "level", "scope", "count"),
    [
        ("legacy", "commune", "all", 617),
        ("legacy", "province", "all", 6),
        ("legacy", "commune", "92-93", 155),
        ("current", "commune", "all", 227),
        ("current", "province", "all", 2),
    ],
)
def test_every_level_is_a_valid_coverage_inside_its_bounds(store, geography, level, scope, count):
    asset = store.asset(geography, level, scope)
    areas = shapes(asset)
    assert len(areas) == count
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    assert asset.bounds == pytest.approx(tuple(shapely.total_bounds(areas)))
    assert shapely.contains_xy(areas, asset.places["longitude"], asset.places["latitude"]).all()
    assert all(round(x, 5) == x for x in shapely.get_coordinates(areas[0]).ravel())


def test_outlines_are_the_borders_of_the_areas(store):
    areas = shapes(store.asset("legacy", "district", "92"))
    (lines,) = shapes(store.asset("legacy", "district", "92", "outline"))
    assert lines.geom_type == "MultiLineString"
    assert lines.symmetric_difference(shapely.union_all(shapely.boundary(areas))).length < 1e-9


def test_every_area_has_a_label_inside_it_as_wide_as_the_area_is_there(store):
    asset = store.asset("legacy", "commune", "92")
    for feature in asset.geojson["features"]:
        text, east, north, width = feature["properties"]["l"]
        area = shape(feature["geometry"])
        assert area.buffer(1e-4).contains(shapely.Point(east, north))
        across = area.intersection(shapely.LineString([(-180, north), (180, north)])).length
        assert width == pytest.approx(across, abs=1e-4)
        assert html.unescape(feature["properties"]["n"]).endswith(text.removeprefix("P. "))
    [outline] = store.asset("legacy", "district", "92", "outline").geojson["features"]
    assert {label[0] for label in outline["properties"]["labels"]} >= {"Ninh Kiều", "Cờ Đỏ"}


def test_a_second_store_reads_the_same_file_and_builds_nothing(store, tmp_path, monkeypatch):
    first = store.asset("legacy", "commune", "92")
    again = GeometryStore(store._cache)
    monkeypatch.setattr("geo.schematic.cells", None)
    assert again.asset("legacy", "commune", "92").data == first.data
    monkeypatch.undo()
    assert GeometryStore(tmp_path).asset("legacy", "commune", "92").name == first.name


def test_official_boundaries_replace_cells_and_are_labelled(store, tmp_path):
    square = shapely.box(105.70, 10.00, 105.72, 10.02)
    gpd.GeoDataFrame({"code": ["31117"]}, geometry=[square], crs=4326).to_parquet(tmp_path / "legacy.parquet")
    mixed = GeometryStore(tmp_path / "cache", tmp_path)
    asset = mixed.asset("legacy", "commune", "92")
    assert asset.source == "mixed"
    assert asset.name != store.asset("legacy", "commune", "92").name
    (found,) = [shape(f["geometry"]) for f in asset.geojson["features"] if f["id"] == 31117]
    assert found.symmetric_difference(square).area < 1e-7
    assert shapely.coverage_is_valid(shapes(asset))
    assert len(asset.geojson["features"]) == 80
    assert mixed.asset("legacy", "commune", "83").source == "schematic"


def test_detailed_official_boundaries_fit_the_budget(tmp_path):
    path = BOUNDARIES / "communes_2025_coded_cantho_vinhlong.gpkg"
    if not path.exists():
        pytest.skip("no real polygons at hand")
    real = gpd.read_file(path)[["code", "geometry"]]
    real["geometry"] = shapely.coverage_clean(real.geometry.to_numpy())
    real.to_parquet(tmp_path / "current.parquet")
    asset = GeometryStore(tmp_path / "cache", tmp_path).asset("current", "commune", "92")
    assert asset.source == "official"
    assert len(asset.data) <= 150_000
    assert shapely.coverage_is_valid(shapes(asset))


def test_the_browser_gets_gzip_once_and_keeps_it(store):
    asset = store.asset("legacy", "commune", "92")
    status, head, body = get(store, asset.url, accept_encoding="gzip, br")
    assert (status, head["content-encoding"], head["etag"]) == (200, "gzip", asset.etag)
    assert head["content-type"] == "application/geo+json"
    assert head["cache-control"] == "public, max-age=31536000, immutable"
    assert json.loads(gzip.decompress(body)) == asset.geojson
    plain = get(store, asset.url)
    assert plain[1]["content-encoding"] == "identity"
    assert json.loads(plain[2]) == asset.geojson
    for tag in (asset.etag, f'W/{asset.etag}, "other"'):
        assert get(store, asset.url, if_none_match=tag)[::2] == (304, b"")


@pytest.mark.parametrize("name", ["nothing.0123456789ab.json", "..%2Fsecret", "x.about.json"])
def test_no_other_file_is_served(store, name):
    assert get(store, f"/geometry/{name}")[0] == 404


@pytest.mark.parametrize(
    ("geography", "level", "scope"),
    [
        ("current", "district", "92"),
        ("past", "commune", "92"),
        ("legacy", "commune", "00"),
        ("legacy", "hamlet", "92"),
    ],
)
def test_what_does_not_exist_is_refused(store, geography, level, scope):
    with pytest.raises(ValueError, match="no "):
        store.asset(geography, level, scope)


def test_a_cartogram_is_one_more_kind_of_file(store):
    areas, tiles = store.asset("current", "commune", "92"), store.asset("current", "commune", "92", "hex")
    assert [f["id"] for f in tiles.geojson["features"]] == [f["id"] for f in areas.geojson["features"]]
    assert all(len(f["geometry"]["coordinates"][0]) == 7 for f in tiles.geojson["features"])
    assert "-hex." in tiles.name
