"""Real boundaries: six provinces and the country as drawn about 2009, two new provinces as drawn in 2025."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from data.units import crosswalk
from geo.boundaries import ImportReport, import_boundaries
from tests.geo.boundary_files import CODED_2025, NATIONAL_2009, SIX_2009

pytestmark = pytest.mark.skipif(not SIX_2009.exists(), reason="the shared boundaries are not here")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, ImportReport]]:
    folder = tmp_path_factory.mktemp("real")
    reports = {
        "legacy": import_boundaries(SIX_2009, geography="legacy", output=folder),
        "current": import_boundaries(CODED_2025, geography="current", output=folder),
    }
    return folder, reports


def test_names_of_2009_give_the_communes_of_2025(real: tuple[Path, dict[str, ImportReport]]) -> None:
    counts = real[1]["legacy"].counts()
    report = real[1]["legacy"]
    assert counts["expected"] == 617
    estimated = report.matched["reasons"].map(lambda reasons: "split_estimated" in reasons).sum()
    assert counts["matched"] - estimated >= 0.97 * 617
    assert counts["doubtful"] <= 0.03 * 617
    assert report.matched["method"].isin(["name", "change", "province_name", "point", "split"]).all()


def test_named_changes_of_2009_to_2025_are_applied(real: tuple[Path, dict[str, ImportReport]]) -> None:
    """Resolutions say: five wards became An Hội; An Khánh went into the town Châu Thành; Phú Ngãi is gone."""
    used = real[1]["legacy"].polygons
    ben_tre = used[used["district"] == "Thành phố Bến Tre"].set_index("commune")["code"]
    assert set(ben_tre[[f"Phường {n}" for n in range(1, 6)]]) == {"28777"}
    chau_thanh = used[(used["district"] == "Huyện Châu Thành") & (used["commune"] == "Xã An Khánh")]
    assert list(chau_thanh["code"]) == ["28810"]
    ba_tri = used[used["district"] == "Huyện Ba Tri"].set_index("commune")["code"]
    assert ba_tri["Xã Phú Ngãi"] == ba_tri["Xã Phước Tuy"] == "29137"


def test_all_communes_of_2025_are_found_by_code(real: tuple[Path, dict[str, ImportReport]]) -> None:
    report = real[1]["current"]
    assert report.methods() == {"code": 227}
    assert report.counts()["missing"] == report.counts()["unmatched"] == len(report.doubtful) == 0


def test_former_communes_joined_overlap_those_in_force(real: tuple[Path, dict[str, ImportReport]]) -> None:
    folder, _ = real
    old = geopandas.read_parquet(folder / "legacy.parquet").to_crs(32648)
    new = geopandas.read_parquet(folder / "current.parquet").to_crs(32648).set_index("code").geometry
    links = crosswalk()
    torn = set(links["current_commune"][links["kind"] == "part"])
    whole = links[~links["current_commune"].isin(torn)]
    joined = old.merge(whole, left_on="code", right_on="legacy_commune").dissolve("current_commune").geometry
    joined = joined[joined.index.isin(new.index)]
    new = new.loc[joined.index]
    overlap = joined.intersection(new).area / joined.union(new).area
    assert len(joined) > 200
    assert overlap.median() >= 0.93


def test_former_communes_give_those_in_force_by_the_reform() -> None:
    report = import_boundaries(SIX_2009, geography="current", output=None)
    assert report.counts()["matched"] == 227
    assert report.notes["reform"] == 617


def test_written_borders_are_shared(real: tuple[Path, dict[str, ImportReport]]) -> None:
    for geography in ("legacy", "current"):
        drawn = geopandas.read_parquet(real[0] / f"{geography}.parquet")
        assert drawn.is_valid.all()
        assert shapely.coverage_is_valid(drawn.geometry.to_numpy())


def test_the_country_is_found_and_what_changed_is_said() -> None:
    """The slowest test here: about 20 s."""
    report = import_boundaries(NATIONAL_2009, geography="legacy", output=None)
    counts = report.counts()
    assert counts["polygons"] == 11_163
    assert counts["expected"] == 10_035
    assert counts["matched"] >= 0.99 * 10_035
    assert counts["doubtful"] <= 0.015 * 10_035
    used = report.polygons.set_index(["province", "district", "commune"])["code"]
    # a province renamed, a district that became another province's or a town, a unit dissolved
    assert used["Thừa Thiên Huế", "Thành phố Huế", "Phường Vĩnh Ninh"].startswith("19")
    assert (
        report.matched.at[used["Thanh Hóa", "Huyện Tĩnh Gia", "Xã Hải Yến"], "district"] == "Thị xã Nghi Sơn"
    )
    assert report.unmatched[report.unmatched["district"] == "Huyện Lý Sơn"]["reason"].eq("dissolved").all()
    # islands that the file does not draw
    assert {"22736", "22737", "22739"} <= set(report.missing.index)
    assert len(report.changed) > 1000
