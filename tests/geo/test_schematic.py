"""Schematic cells: a valid coverage, every commune present, close to real polygons where there are some."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.names import bare_key, split_type
from data.units import crosswalk, extents, units
from geo.schematic import cells, communes_of

BOUNDARIES = Path(__file__).resolve().parents[2].parent / "shared" / "boundaries"
SIX = ("83", "84", "86", "92", "93", "94")
METRIC = 3405  # VN-2000 / UTM 48N


@pytest.fixture(scope="module")
def legacy():
    return cells("legacy", provinces=SIX)


@pytest.fixture(scope="module")
def current():
    return cells("current", provinces=("86", "92"))


def overlap(drawn: gpd.GeoSeries, real: gpd.GeoSeries) -> pd.Series:
    drawn, real = drawn.loc[real.index].to_crs(METRIC), real.to_crs(METRIC)
    return drawn.intersection(real).area / drawn.union(real).area


def test_six_provinces_have_every_commune_and_no_gap_or_overlap(legacy, current):
    assert (len(legacy), len(current)) == (617, 227)
    for frame in (legacy, current):
        assert frame.crs == 4326
        assert frame.index.name == "code"
        assert frame.is_valid.all()
        assert (frame.to_crs(METRIC).area > 20_000).all()
        assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_current_cells_are_their_former_communes_joined(legacy, current):
    """The two geographies tell the same story on a map, whatever the quality of either."""
    links = crosswalk()
    successor = links[links["main"]].set_index("legacy_commune")["current_commune"]
    joined = legacy.dissolve(successor.reindex(legacy.index)).geometry
    assert overlap(joined, current.geometry).median() > 0.97


def test_the_same_call_gives_the_same_cells(legacy):
    again = cells("legacy", provinces=list(reversed(SIX)))
    assert (shapely.to_wkb(again.geometry) == shapely.to_wkb(legacy.geometry)).all()


def test_real_legacy_communes_overlap_by_more_than_half(legacy, capsys):
    path = BOUNDARIES / "communes_2009_names_only_six_provinces.geojson"
    if not path.exists():
        pytest.skip("no real polygons at hand")
    real = gpd.read_file(path)
    real["key"] = [
        tuple(bare_key(split_type(part)[1]) for part in row)
        for row in real[["TINH", "HUYEN", "XA"]].itertuples(index=False)
    ]
    table = units()
    table = table[table["geography"] == "legacy"]
    name = {level: rows.set_index("code") for level, rows in table.groupby("level")}
    rows = name["commune"].loc[legacy.index]
    district = name["district"].loc[rows["parent"]]
    province = name["province"].loc[district["parent"]]
    names = zip(province["name"], district["name"], rows["name"], strict=True)
    keys = pd.Series([tuple(bare_key(split_type(n)[1]) for n in part) for part in names], index=rows.index)
    keys = keys[~keys.duplicated(keep=False)]
    real = real[~real["key"].duplicated(keep=False)].set_index("key").geometry
    matched = keys[keys.isin(real.index)]
    result = overlap(legacy.geometry, real.loc[matched].set_axis(matched.index))
    with capsys.disabled():
        print(f"\nschematic legacy cells: median IoU {result.median():.3f} of {len(result)} communes")
    assert len(result) > 500
    assert result.median() > 0.6


def test_real_current_communes_overlap_by_more_than_half(current, capsys):
    path = BOUNDARIES / "communes_2025_coded_cantho_vinhlong.gpkg"
    if not path.exists():
        pytest.skip("no real polygons at hand")
    result = overlap(current.geometry, gpd.read_file(path).set_index("code").geometry)
    with capsys.disabled():
        print(f"\nschematic current cells: median IoU {result.median():.3f} of {len(result)} communes")
    assert result.median() > 0.7


def test_cells_keep_within_the_land_the_extents_know(legacy):
    """No lattice point outside every box is land, but for the gaps closed between them."""
    boxes = extents().loc[legacy.index]
    reach = shapely.union_all(
        shapely.box(boxes["west"], boxes["south"], boxes["east"], boxes["north"])
    ).buffer(0.005)
    outside = legacy.geometry.union_all().difference(reach).area
    assert outside < 0.005 * reach.area


def test_the_whole_country_is_a_valid_coverage_with_its_archipelagos():
    country = cells("current")
    assert len(country) == 3321
    assert not country.is_empty.any()
    assert shapely.coverage_is_valid(country.geometry.to_numpy())
    far = country.loc[["20333", "22736"]].bounds  # Hoàng Sa, Trường Sa
    assert (far["minx"] > 110).all()
    islands = country.loc[["20333"]].to_crs(32649).area / 1e6
    assert np.allclose(islands, 305, rtol=0.01)


def test_unknown_places_are_refused():
    with pytest.raises(ValueError, match="geography"):
        communes_of("future")
    with pytest.raises(ValueError, match="93"):
        communes_of("current", ["93"])
    assert len(communes_of("legacy")) == 10_035
