"""Map files as they come damaged: each imported with a note of what was put right, or refused with why."""

from __future__ import annotations

import json
import math
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely

from data.problems import Refused
from geo.boundaries import ImportReport, import_boundaries
from tests.geo.boundary_files import communes, saved

pytestmark = pytest.mark.filterwarnings("ignore")
CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "boundaries"


def ran(path: Path, **options: object) -> ImportReport:
    return import_boundaries(path, geography="current", output=None, **options)  # type: ignore[arg-type]


def refused(path: Path) -> list[str]:
    with pytest.raises(Refused) as refusal:
        ran(path)
    for problem in refusal.value.problems:
        assert path.name in problem.text("vi")
        assert path.name in problem.text("en")
    return [problem.code for problem in refusal.value.problems]


def with_first_ring(folder: Path, ring: list[list[object]]) -> Path:
    """Write communes as GeoJSON, the first of them drawn as this ring."""
    drawn = json.loads(communes().to_json())
    drawn["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    path = folder / "drawn.geojson"
    path.write_text(json.dumps(drawn), encoding="utf-8")
    return path


def shapefile(folder: Path, frame: geopandas.GeoDataFrame, name: str = "xa", **options: str) -> Path:
    frame.to_file(folder / f"{name}.shp", **options)
    return folder / f"{name}.shp"


def zipped(path: Path, parts: dict[str, bytes | Path]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part if isinstance(part, bytes) else part.read_bytes())
    return path


def parts(folder: Path, name: str = "xa") -> dict[str, bytes | Path]:
    return {part.name: part for part in sorted(folder.glob(f"{name}.*"))}


# Shapes


@pytest.mark.parametrize(
    "ring",
    [
        [[105.7, 10.0]],
        [[105.7, 10.0], [105.7, 10.0]],
        [[105.7, 10.0], [105.8, 10.0], [105.8, float("nan")], [105.7, 10.0]],
        [[105.7, 10.0], [105.8, 10.0], [105.7, 10.0]],
        [],
    ],
    ids=["one point", "one point twice", "no number", "a line there and back", "nothing"],
)
def test_a_ring_that_is_none_costs_its_own_row_alone(tmp_path: Path, ring: list[list[object]]) -> None:
    report = ran(with_first_ring(tmp_path, ring))
    assert list(report.unmatched.index) == [1]
    assert report.unmatched["reason"][1] in ("broken_shape", "no_geometry", "not_a_polygon")
    assert len(report.matched) == len(communes()) - 1


def test_a_coordinate_that_is_no_place_is_refused_as_another_system(tmp_path: Path) -> None:
    for far in (1e300, 1e9):
        path = with_first_ring(tmp_path, [[105.7, 10.0], [105.8, 10.0], [far, 10.1], [105.7, 10.0]])
        assert refused(path) == ["no_crs"]


def test_an_open_ring_is_closed_and_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, communes())
    content = bytearray(path.read_bytes())
    # the last point of the first ring is its first: move it
    points = int.from_bytes(content[100 + 8 + 40 : 100 + 8 + 44], "little")
    last = 100 + 8 + 48 + 16 * (points - 1)
    assert points > 3
    content[last : last + 16] = content[last - 16 : last]
    path.write_bytes(content)
    report = ran(path)
    assert report.notes["closed"] == 1
    assert communes()["MA"][0] in report.matched.index


def star(points: int) -> list[list[object]]:
    turns = [2 * math.pi * (place * (points // 2) % points) / points for place in range(points)]
    ring: list[list[object]] = [[105.76 + 0.02 * math.sin(t), 10.03 + 0.02 * math.cos(t)] for t in turns]
    return [*ring, ring[0]]


def test_a_ring_that_crosses_itself_without_end_is_refused_by_its_row(tmp_path: Path) -> None:
    path = with_first_ring(tmp_path, star(3001))
    with pytest.raises(Refused) as refusal:
        ran(path)
    assert [(problem.code, problem.row) for problem in refusal.value.problems] == [("tangled", 1)]


def test_a_ring_that_crosses_itself_here_and_there_is_repaired(tmp_path: Path) -> None:
    report = ran(with_first_ring(tmp_path, star(101)))
    assert report.notes["repaired"] == 1
    wavy = [[105.7 + n / 1e5, 10.0 + (n % 2) / 1e4] for n in range(5000)]
    back = [[x, 10.00005] for x, _ in reversed(wavy)]
    assert ran(with_first_ring(tmp_path, [*wavy, *back, wavy[0]])).notes["repaired"] == 1  # type: ignore[list-item]


# What a file says of itself


@pytest.mark.parametrize(
    "prj",
    [
        'GEOGCS["x"',
        'GEOGCS["GCS\xa3",DATUM["D"],PRIM;M["x"]',
        'LOCAL_CS["x"]',
        "garbage",
        "\x00\xff" * 40,
        "",
    ],
)
def test_a_damaged_prj_is_set_aside(tmp_path: Path, prj: str) -> None:
    path = shapefile(tmp_path, communes())
    path.with_suffix(".prj").write_bytes(prj.encode("latin-1"))
    report = ran(path)
    assert report.notes["crs_assumed"] == "EPSG:4326"
    assert len(report.matched) == len(communes())
    inside = zipped(tmp_path / "xa.zip", parts(tmp_path))
    assert len(ran(inside).matched) == len(communes())


def test_metres_under_a_damaged_prj_need_the_system_named(tmp_path: Path) -> None:
    path = shapefile(tmp_path, communes().to_crs(9209))
    path.with_suffix(".prj").write_text('PROJCS["x"')
    assert refused(path) == ["no_crs"]
    with pytest.raises(Refused, match="choose it, on the command line with --crs EPSG:"):
        ran(path)
    assert len(ran(path, crs="EPSG:9209").matched) == len(communes())


# Zips


def test_the_map_of_a_zip_is_found_whatever_comes_before_it(tmp_path: Path) -> None:
    wards = json.dumps(json.loads(communes().to_json())).encode()
    shapefile(tmp_path, communes().dissolve("TINH").reset_index(), "a_tinh")
    shapefile(tmp_path, communes().set_geometry(communes().representative_point()), "b_tram")
    shapefile(tmp_path, communes())
    told: dict[str, dict[str, bytes | Path]] = {
        "metadata first": {"a.json": b'{"title": "x"}', "xa.json": wards},
        "a broken map first": {"a.geojson": b"{", "xa.json": wards},
        "several layers": {**parts(tmp_path, "a_tinh"), **parts(tmp_path, "b_tram"), **parts(tmp_path)},
        "folders": {"bản đồ/thừa.json": b"{}", "bản đồ/xã/xa.json": wards},
        "backslashes": {"ban do\\xa\\xa.json": wards},
        "backslashes and more": {"ban do\\a.txt": b"x", "ban do\\xa\\xa.json": wards},
    }
    for name, files in told.items():
        report = ran(zipped(tmp_path / f"{name}.zip", files))
        assert len(report.matched) == len(communes()), name


def test_a_layer_of_communes_goes_before_one_of_more_areas(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    fields = communes().geometry.iloc[:2].union_all().bounds
    cells = [
        shapely.box(fields[0] + n * 1e-4, fields[1], fields[0] + (n + 0.5) * 1e-4, fields[3])
        for n in range(300)
    ]
    geopandas.GeoDataFrame({"LOAI": ["LUA"] * 300}, geometry=cells, crs=4326).to_file(path, layer="dat")
    communes().to_file(path, layer="xa")
    report = ran(path)
    assert report.notes["layer"] == "xa"
    assert len(report.matched) == len(communes())


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.json": b"{}", "b.json": b'{"title": 1}'}, "not_vector"),
        ({"a.txt": b"x", "b.txt": b"y"}, "no_map_in_zip"),
        ({}, "no_map_in_zip"),
        ({"a.json": b"{}", "b.geojson": b"<OGRVRTDataSource/>"}, "not_vector"),
    ],
)
def test_a_zip_without_a_map_is_refused(tmp_path: Path, files: dict[str, bytes | Path], code: str) -> None:
    assert refused(zipped(tmp_path / "a.zip", files)) == [code]


# The cases that were handed in


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("g01_vn2000_noprj.zip", "no_crs"),
        ("g03_cp1258.zip", 32),
        ("g12_metadata_json_first.zip", 32),
        ("g15_two_layers.zip", 32),
        ("geofault_118_badgeom.geojson", 2),
        ("geofault_126_shpflip.zip", "few_matched"),
        ("geofault_243_star.geojson", "tangled"),
        ("geofault_39_shpflip.zip", "outside"),
    ],
)
def test_a_case_is_imported_or_refused(name: str, outcome: str | int) -> None:
    if not CASES.is_dir():
        pytest.skip("the cases are not on this machine")
    if isinstance(outcome, str):
        assert refused(CASES / name) == [outcome]
    else:
        assert len(ran(CASES / name).matched) == outcome


# Anything


def in_geojson(folder: Path) -> Path:
    return saved(communes().iloc[:12], folder / "a.geojson")


def in_shapefile(folder: Path) -> Path:
    shapefile(folder, communes().iloc[:12])
    return zipped(folder / "a.zip", parts(folder))


def in_geopackage(folder: Path) -> Path:
    return saved(communes().iloc[:12], folder / "a.gpkg")


def in_kml(folder: Path) -> Path:
    return saved(communes().iloc[:12], folder / "a.kml")


def in_geoparquet(folder: Path) -> Path:
    communes().iloc[:12].to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Change some bytes, or take out, double or swap a stretch."""
    out = bytearray(content)
    for _ in range(chance.choice([1, 1, 1, 3, 20])):
        at, end = sorted(chance.randrange(len(out)) for _ in range(2))
        end = min(end, at + 200)
        match chance.randrange(6):
            case 0:
                out[at] = chance.randrange(256)
            case 5:  # what is text stays well formed
                digit = chance.choice(
                    [place for place, one in enumerate(out) if one in b"0123456789"] or [at]
                )
                out[digit] = chance.choice(b"0123456789.e- ")
            case 1:
                out[at:end] = b""
            case 2:
                out[at:at] = out[at:end]
            case 3:
                out[at : at + 8] = chance.choice(
                    [b"\xff" * 8, b"\x00" * 8, b"99999999", b"-1e308,1", b"null,[],"]
                )
            case 4:
                del out[-chance.randrange(1, 100) :]
        if len(out) < 2:
            break
    return bytes(out)


@pytest.mark.parametrize("make", [in_geojson, in_shapefile, in_geopackage, in_kml, in_geoparquet])
def test_no_damage_ends_in_anything_but_a_drawing_or_a_refusal(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    whole = make(tmp_path)
    folder = tmp_path / "damaged"
    folder.mkdir()
    chance = random.Random(f"{make.__name__} 18")
    outcomes = set()
    for _ in range(20):
        path = folder / whole.name
        if path.suffix == ".zip":  # the zip stays whole; what is in it does not
            with zipfile.ZipFile(whole) as archive:
                inside = {name: archive.read(name) for name in archive.namelist()}
            name = chance.choice(sorted(inside))
            zipped(path, {**inside, name: damaged(inside[name], chance)})
        else:
            path.write_bytes(damaged(whole.read_bytes(), chance))
        try:
            outcomes.add(ran(path).sha256 != "")
        except Refused as refusal:
            outcomes.add(refusal.problems[0].code)
    assert len(outcomes) > 1
