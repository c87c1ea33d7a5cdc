"""The import as a whole: what it writes, what it refuses, and that a refusal changes nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from data.problems import Refused
from geo import __main__ as command
from geo.boundaries import Columns, ImportReport, import_boundaries
from geo.boundaries_texts import METHODS, NOTES, REASONS, REFUSALS, STAGES
from tests.geo.boundary_files import communes, saved

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")


def ran(path: Path, folder: Path, *, geography: str = "current", **options: object) -> ImportReport:
    return import_boundaries(path, geography=geography, output=folder, **options)  # type: ignore[arg-type]


def doubts(report: ImportReport) -> dict[str, list[str]]:
    """The reasons other than size: the areas nearest to a point are not of the official size."""
    reasons = {code: [r for r in of if r != "size_differs"] for code, of in report.matched["reasons"].items()}
    return {code: of for code, of in reasons.items() if of}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("former")
    ran(saved(communes(), folder / "first.gpkg"), folder / "boundaries")
    return folder / "boundaries"


@pytest.fixture
def imported(former: Path, tmp_path: Path) -> Path:
    """A folder that holds boundaries of a former import."""
    return shutil.copytree(former, tmp_path / "boundaries")


# What is written


def test_written_file_has_codes_methods_and_provenance_in_degrees(tmp_path: Path) -> None:
    source = saved(communes(), tmp_path / "92.gpkg")
    report = ran(source, tmp_path / "out")
    drawn = geopandas.read_parquet(tmp_path / "out" / "current.parquet")
    assert list(drawn.columns) == ["code", "method", "doubtful", "geometry"]
    assert sorted(drawn["code"]) == sorted(communes()["MA"])
    assert drawn.crs == "EPSG:4326"
    assert drawn.attrs == {"geography": "current", "file": "92.gpkg", "sha256": report.sha256}
    assert report.methods() == {"code": len(drawn)}
    said = json.loads((tmp_path / "out" / "current.report.json").read_text(encoding="utf-8"))
    assert said["counts"]["matched"] == len(drawn)
    assert [unit["code"] for unit in said["matched"]] == sorted(drawn["code"])
    assert contents(tmp_path / "out").keys() == {"current.parquet", "current.report.json"}


def test_borders_stay_shared_and_land_stays_the_same(tmp_path: Path) -> None:
    land = communes().to_crs(32648)
    # drawn apart: every polygon bulges over its neighbours or shrinks from them by 20 m
    apart = land.assign(geometry=land.buffer(np.where(np.arange(len(land)) % 2, 20.0, -20.0)))
    report = ran(saved(apart, tmp_path / "apart.gpkg"), tmp_path / "out")
    drawn = geopandas.read_parquet(tmp_path / "out" / "current.parquet").to_crs(32648).set_index("code")
    shapes = drawn.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert report.notes["slivers"]
    before = land.set_index("MA").geometry.loc[drawn.index]
    alike = before.intersection(drawn.geometry).area / before.union(drawn.geometry).area
    assert alike.min() > 0.97


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = import_boundaries(saved(communes(), tmp_path / "92.gpkg"), geography="current", output=None)
    assert len(report.matched) == len(communes())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["92.gpkg"]


def test_progress_goes_forward_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    ran(saved(communes(), tmp_path / "92.gpkg"), tmp_path / "out", progress=lambda *at: told.append(at))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.kml", "a.parquet", "a.fgb", "a.zip"])
def test_any_format_gives_the_same_communes(tmp_path: Path, name: str) -> None:
    frame = communes()[["MA", "XA", "geometry"]]
    path = tmp_path / name
    if name.endswith(".parquet"):
        frame.to_parquet(path)
    elif name.endswith(".zip"):
        saved(frame, tmp_path / "inside.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("inside.*"):
                archive.write(part, f"ranh gioi/{part.name}")
    else:
        saved(frame, path)
    assert sorted(ran(path, tmp_path / "out").matched.index) == sorted(frame["MA"])


@pytest.mark.parametrize("crs", ["EPSG:3405", "EPSG:9209", "EPSG:3857", "EPSG:4756"])
def test_any_coordinate_system_gives_the_same_place(tmp_path: Path, crs: str) -> None:
    ran(saved(communes().to_crs(crs), tmp_path / "a.gpkg"), tmp_path / "out")
    drawn = geopandas.read_parquet(tmp_path / "out" / "current.parquet").set_index("code").to_crs(32648)
    truth = communes().set_index("MA").to_crs(32648)
    apart = drawn.centroid.distance(truth.centroid.loc[drawn.index])
    assert apart.max() < 60  # metres: simplification moves a centre by less


def test_metres_without_a_system_are_read_with_the_one_given(tmp_path: Path) -> None:
    path = saved(communes().to_crs("EPSG:9209").set_crs(None, allow_override=True), tmp_path / "a.shp")
    assert len(ran(path, tmp_path / "out", crs="EPSG:9209").matched) == len(communes())


def test_columns_can_be_named(tmp_path: Path) -> None:
    frame = communes().rename(columns={"XA": "OLD"})
    frame["NEW"] = frame["OLD"]
    frame["OLD"] = frame["OLD"].to_numpy()[::-1]
    path = saved(frame.drop(columns="MA"), tmp_path / "a.gpkg")
    report = ran(path, tmp_path / "out", mapping=Columns(commune="NEW"))
    assert report.columns.commune == "NEW"
    assert doubts(report) == {}


# What is mended, and said


def test_self_crossing_ring_is_repaired_and_said(tmp_path: Path) -> None:
    frame = communes()
    ring = list(frame.geometry[0].exterior.coords)
    ring[1], ring[2] = ring[2], ring[1]
    frame.loc[0, "geometry"] = shapely.Polygon(ring)
    assert not frame.geometry[0].is_valid
    report = ran(saved(frame, tmp_path / "a.gpkg"), tmp_path / "out")
    assert report.notes["repaired"] == 1
    assert geopandas.read_parquet(tmp_path / "out" / "current.parquet").is_valid.all()


def test_swapped_axes_are_put_right_and_said(tmp_path: Path) -> None:
    frame = communes()
    swapped = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    report = ran(saved(frame.set_geometry(swapped, crs=4326), tmp_path / "a.gpkg"), tmp_path / "out")
    assert report.notes["axes_swapped"] == len(frame)
    assert len(report.matched) == len(frame)
    west, south, *_ = geopandas.read_parquet(tmp_path / "out" / "current.parquet").total_bounds
    assert west > 100 > south


def test_pieces_of_one_commune_are_joined_and_said(tmp_path: Path) -> None:
    frame = communes()
    west, south, east, north = frame.geometry[0].bounds
    halves = [
        shapely.box(west, south, (west + east) / 2, north),
        shapely.box((west + east) / 2, south, east, north),
    ]
    first, second = (frame.iloc[[0]].assign(geometry=[frame.geometry[0] & half]) for half in halves)
    split = pd.concat([first, second, frame.iloc[1:]], ignore_index=True)
    report = ran(saved(split, tmp_path / "a.gpkg"), tmp_path / "out")
    assert report.notes["same_unit"] == 1
    assert list(report.merged.index) == [frame["MA"][0]]


def test_tcvn3_names_are_understood_and_said(tmp_path: Path) -> None:
    # "Phường Cái Khế" and "Xã Cờ Đỏ" as the old encoding has them, read as Western letters
    frame = communes("current", "92").set_index("XA").loc[["Phường Cái Khế", "Xã Cờ Đỏ"]].reset_index()
    frame["XA"] = ["Ph­êng C¸i KhÕ", "X· Cê §á"]
    report = ran(saved(frame[["XA", "geometry"]], tmp_path / "a.gpkg"), tmp_path / "out")
    assert list(report.matched["name"]) == ["Phường Cái Khế", "Xã Cờ Đỏ"]
    assert report.notes["tcvn3"]


def test_names_that_are_not_the_utf8_they_claim_to_be_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    saved(communes().assign(XA="Ph­êng C¸i KhÕ")[["MA", "XA", "geometry"]].iloc[:1], path)
    western, utf8 = (b"Ph\xad\xeang C\xb8i Kh\xd5", "Ph­êng C¸i KhÕ".encode())
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(utf8, western.ljust(len(utf8))))
    report = ran(path, tmp_path / "out")
    assert report.polygons["commune"].iloc[0] == "Phường Cái Khế"
    assert report.notes["tcvn3"] == 1


def test_all_folders_of_a_kml_are_read(tmp_path: Path) -> None:
    frame = communes()[["MA", "XA", "geometry"]]
    path = tmp_path / "a.kml"
    for folder, part in (("Ninh Kiều", frame.iloc[:40]), ("Ô Môn", frame.iloc[40:])):
        part.to_file(path, driver="LIBKML", layer=folder, mode="a" if path.exists() else "w")
    assert len(ran(path, tmp_path / "out").matched) == len(frame)


def test_of_several_layers_the_one_with_most_areas_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = communes()
    frame.dissolve("TINH").reset_index().to_file(path, layer="tinh")
    frame.to_file(path, layer="xa")
    frame.set_geometry(frame.representative_point()).to_file(path, layer="nhan")
    report = ran(path, tmp_path / "out")
    assert report.notes["layer"] == "xa"
    assert len(report.matched) == len(frame)


def test_rows_that_match_nothing_are_listed_with_why(tmp_path: Path) -> None:
    frame = communes()
    extra = geopandas.GeoDataFrame(
        {"XA": ["Khu kinh tế mở", "", "Phường Ma"]},
        geometry=[shapely.box(104, 8, 104.1, 8.1), shapely.box(104.2, 8, 104.3, 8.1), shapely.Point(105, 10)],
        crs=4326,
    )
    both = pd.concat([frame.drop(columns="MA").iloc[3:], extra], ignore_index=True)
    report = ran(saved(both, tmp_path / "a.gpkg"), tmp_path / "out")
    assert list(report.unmatched["reason"]) == ["unknown_name", "no_name", "not_a_polygon"]
    assert sorted(report.missing.index) == sorted(frame["MA"].iloc[:3])
    for lang in ("vi", "en"):
        assert "Khu kinh tế mở" in report.text(lang)


def test_wrong_name_beside_a_code_is_doubtful(tmp_path: Path) -> None:
    frame = communes()
    frame.loc[5, "XA"] = "Xã Không Có"
    report = ran(saved(frame, tmp_path / "a.gpkg"), tmp_path / "out")
    assert doubts(report) == {frame["MA"][5]: ["code_and_name_differ"]}


# What is refused


def no_polygons(folder: Path) -> Path:
    frame = communes()
    return saved(frame.set_geometry(frame.representative_point()), folder / "points.gpkg")


def no_rows(folder: Path) -> Path:
    return saved(communes().iloc[:0], folder / "none.geojson")


def no_shapes(folder: Path) -> Path:
    return saved(communes().assign(geometry=None).set_crs(4326), folder / "shapeless.geojson")


def metres_without_system(folder: Path) -> Path:
    return saved(communes().to_crs(3405).set_crs(None, allow_override=True), folder / "metres.shp")


def metres_said_to_be_degrees(folder: Path) -> Path:
    return saved(communes().to_crs(3405).set_crs(4326, allow_override=True), folder / "metres.geojson")


def wrong_zone(folder: Path) -> Path:
    # metres of the 105°30' zone said to be of the 104°30' zone: 110 km to the west
    return saved(communes().to_crs(9209).set_crs(9207, allow_override=True), folder / "zone.gpkg")


def duplicate_codes(folder: Path) -> Path:
    frame = communes()
    frame.loc[1, "MA"] = frame["MA"][0]
    return saved(frame, folder / "twice.gpkg")


def duplicate_codes_without_names(folder: Path) -> Path:
    frame = communes()
    frame.loc[len(frame) - 1, "MA"] = frame["MA"][0]
    return saved(frame[["MA", "geometry"]], folder / "twice.gpkg")


def foreign_country(folder: Path) -> Path:
    frame = communes()
    moved = frame.assign(geometry=frame.translate(-5, 10), XA=[f"Muang {n}" for n in range(len(frame))])
    return saved(moved, folder / "laos.gpkg")


def foreign_names(folder: Path) -> Path:
    frame = communes().drop(columns=["MA", "TINH"])
    return saved(frame.assign(XA=[f"Khum {n}" for n in range(len(frame))]), folder / "khmer.gpkg")


def mostly_foreign(folder: Path) -> Path:
    frame = communes().assign(MA="")
    frame.loc[frame.index > len(frame) * 0.4, "XA"] = "Sangkat Boeung"
    return saved(frame, folder / "mixed.gpkg")


def empty_file(folder: Path) -> Path:
    path = folder / "empty.geojson"
    path.write_bytes(b"")
    return path


def not_a_map(folder: Path) -> Path:
    path = folder / "letter.geojson"
    path.write_text("Kính gửi Sở Y tế", encoding="utf-8")
    return path


def points_elsewhere(folder: Path) -> Path:
    path = folder / "virtual.geojson"
    path.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', encoding="utf-8")
    return path


def cut_short(folder: Path) -> Path:
    path = saved(communes(), folder / "cut.geojson")
    path.write_bytes(path.read_bytes()[:-5000])
    return path


def zipped(folder: Path) -> Path:
    source = saved(communes(), folder / "in.shp")
    path = folder / "cut.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in source.parent.glob("in.*"):
            archive.write(part, part.name)
    return path


def truncated_zip(folder: Path) -> Path:
    path = zipped(folder)
    path.write_bytes(path.read_bytes()[:-3000])
    return path


def damaged_zip(folder: Path) -> Path:
    path = zipped(folder)
    damaged = bytearray(path.read_bytes())
    damaged[2000:2100] = bytes(100)
    path.write_bytes(damaged)
    return path


def zip_pointing_elsewhere(folder: Path) -> Path:
    path = folder / "virtual.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(points_elsewhere(folder), "virtual.geojson")
    return path


def zip_without_map(folder: Path) -> Path:
    path = folder / "letters.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thu.txt", "Kính gửi")
    return path


REFUSED: dict[Callable[[Path], Path], str] = {
    no_polygons: "no_polygons",
    no_rows: "no_polygons",
    no_shapes: "no_polygons",
    metres_without_system: "no_crs",
    metres_said_to_be_degrees: "no_crs",
    wrong_zone: "displaced",
    duplicate_codes: "duplicate_code",
    duplicate_codes_without_names: "duplicate_code",
    foreign_country: "outside",
    foreign_names: "no_unit_columns",
    mostly_foreign: "few_matched",
    empty_file: "empty_file",
    not_a_map: "not_vector",
    points_elsewhere: "not_vector",
    cut_short: "not_vector",
    truncated_zip: "broken_zip",
    damaged_zip: "broken_zip",
    zip_pointing_elsewhere: "not_vector",
    zip_without_map: "no_map_in_zip",
}


@pytest.mark.parametrize(("make", "code"), REFUSED.items(), ids=[make.__name__ for make in REFUSED])
def test_bad_file_is_refused_with_why_and_changes_nothing(
    make: Callable[[Path], Path], code: str, tmp_path: Path, imported: Path
) -> None:
    path = make(tmp_path)
    before = contents(imported)
    with pytest.raises(Refused) as refusal:
        ran(path, imported)
    assert [problem.code for problem in refusal.value.problems] == [code]
    for lang in ("vi", "en"):
        assert path.name in refusal.value.problems[0].text(lang)
    assert contents(imported) == before


def test_absent_file_and_column_and_system_are_refused(tmp_path: Path) -> None:
    path = saved(communes(), tmp_path / "a.gpkg")
    for given, code in (
        ({"path": tmp_path / "b.gpkg"}, "not_found"),
        ({"mapping": Columns(commune="TEN")}, "no_such_column"),
        ({"crs": "EPSG:1"}, "bad_crs"),
    ):
        with pytest.raises(Refused) as refusal:
            ran(**{"path": path, "folder": tmp_path / "out", **given})  # type: ignore[arg-type]
        assert [problem.code for problem in refusal.value.problems] == [code]
    assert not (tmp_path / "out").exists()


def test_communes_in_force_cannot_be_split_back(tmp_path: Path, imported: Path) -> None:
    with pytest.raises(Refused) as refusal:
        ran(saved(communes(), tmp_path / "a.gpkg"), imported, geography="legacy")
    assert [problem.code for problem in refusal.value.problems] == ["newer_than_geography"]


def test_failure_while_writing_changes_nothing(
    tmp_path: Path, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(imported)
    path = saved(communes().iloc[:-5], tmp_path / "a.gpkg")

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(geopandas.GeoDataFrame, "to_parquet", full)
    with pytest.raises(OSError, match="no space"):
        ran(path, imported)
    assert contents(imported) == before


# The command


def test_command_says_done_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATLAS_BOUNDARIES", str(tmp_path / "out"))
    monkeypatch.setenv("ATLAS_LANG", "en")
    path = saved(communes(), tmp_path / "a.gpkg")
    assert command.main(["import", str(path), "--geography", "current", "--dry-run"]) == 0
    assert not (tmp_path / "out").exists()
    assert command.main(["import", str(path), "--geography", "current"]) == 0
    said = capsys.readouterr()
    assert f"{len(communes())} of {len(communes())} communes" in said.out
    assert "100%" in said.err
    assert command.main(["import", str(empty_file(tmp_path)), "--geography", "current"]) == 2
    assert "empty.geojson: the file is empty" in capsys.readouterr().err


@pytest.mark.parametrize("texts", [REFUSALS, METHODS, REASONS, NOTES, STAGES])
def test_everything_is_said_in_both_languages(texts: dict[str, dict[str, str]]) -> None:
    for said in texts.values():
        assert said.keys() == {"vi", "en"}
        assert said["vi"] != said["en"]
