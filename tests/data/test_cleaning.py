"""Names of 2019 to codes of 30 June 2025: each way of matching, and that nobody is lost on the way."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from data import cleaning
from data.readers import gso_age, gso_census
from data.readers.excel import open_workbook
from data.reference_tables import PROVINCES
from data.units import units

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILE = SHARED / "raw" / "census2019_population_ward_urban_rural.xlsx"
AGE_FILE = SHARED / "raw" / "census2019_age_district.xlsx"
STATED = {"92": 1_235_171, "93": 733_017, "94": 1_199_653, "86": 1_022_791, "83": 1_288_463, "84": 1_009_168}
needs_census = pytest.mark.skipif(not FILE.is_file(), reason="the statistics office's export is not here")


def matched(*place: str) -> pd.Series:
    lines = pd.DataFrame([place], columns=["province", "district", "commune"], dtype="str")
    return cleaning.match_communes(lines).iloc[0]


@pytest.mark.parametrize(
    ("place", "code", "how"),
    [
        (("Thành phố Cần Thơ", "Quận Bình Thuỷ", "Phường Bùi Hữu Nghĩa"), "31178", "exact"),
        (("TP. CẦN THƠ", "Q. Bình Thuỷ", "P. Bùi Hữu Nghĩa"), "31178", "type"),
        (("Thành phố Cần Thơ", "Quận Ninh Kiều", "Phường An Hội"), "31135", "change"),  # merged
        (("Tỉnh Thừa Thiên Huế", "Thành phố Huế", "Phường Vĩ Dạ"), "19777", "spelling"),
        (("Tỉnh Khánh Hoà", "Thành phố Nha Trang", "Phường Vĩnh Hoà"), "22327", "exact"),
        (("Tỉnh Hậu Giang", "Thị xã Ngã Bảy", "Xã Đại Thành"), "31411", "change"),  # the town became a city
        (("Tỉnh Kon Tum", "Huyện Ia H' Drai", "Xã La Dom"), "23537", "similar"),
        # of two old communes of Tứ Kỳ one is gone, and its name is now that of another
        (("Tỉnh Hải Dương", "Huyện Tứ Kỳ", "Xã Kỳ Sơn"), "11083", "change"),
        (("Tỉnh Bình Phước", "Thị xã Đồng Xoài", "Phường Tân Phú"), "25195", "type"),
    ],
)
def test_each_way_of_matching(place: tuple[str, str, str], code: str, how: str) -> None:
    found = matched(*place)
    assert (found["code"], found["how"]) == (code, how)


def test_a_divided_commune_is_doubtful() -> None:
    found = matched("Tỉnh Hậu Giang", "Huyện Châu Thành", "Xã Phú An")
    assert (found["code"], found["doubtful"]) == ("31369", True)
    assert not matched("Tỉnh Hậu Giang", "Huyện Châu Thành", "Xã Đông Thạnh")["doubtful"]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (("Thành phố Cần Thơ", "Quận Ninh Kiều", "Phường Không Có"), "unknown_unit"),
        (("Thành phố Cần Thơ", "Quận Không Có", "Phường An Hội"), "unknown_unit"),
        (("Nước Khác", "Quận Ninh Kiều", "Phường An Hội"), "unknown_unit"),
        (("Tỉnh Quảng Ngãi", "Huyện Lý Sơn", "Xã An Vĩnh"), "no_commune"),
        (("Tỉnh Bà Rịa - Vũng Tàu", "Huyện Côn Đảo", "Huyện Côn Đảo"), "no_commune"),
        # Thới An Đông lies in another district: a name is never looked for outside its own
        (("Thành phố Cần Thơ", "Quận Cái Răng", "Phường Thới An Đông"), "unknown_unit"),
        (("Thành phố Hồ Chí Minh", "Quận 4", "Phường 99"), "unknown_unit"),  # numbers are never similar
    ],
)
def test_no_match_has_its_reason(place: tuple[str, str, str], reason: str) -> None:
    found = matched(*place)
    assert (found["code"], found["reason"]) == (pytest.approx(float("nan"), nan_ok=True), reason)
    assert set(cleaning.REASONS[reason]) == {"vi", "en"}


def test_a_line_is_not_taken_for_its_neighbour() -> None:
    """A name that the file has on a line of its own is not what a misspelled line means."""
    names = ["Xã Tân Thạc", "Xã Tân Thạch"]
    lines = pd.DataFrame(
        {"province": "Tỉnh Bến Tre", "district": "Huyện Châu Thành", "commune": names}, dtype="str"
    )
    assert cleaning.match_communes(lines[:1])["how"].tolist() == ["similar"]
    assert cleaning.match_communes(lines)["how"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("place", "code", "how", "doubtful"),
    [
        (("Thành phố Cần Thơ", "Quận Bình Thuỷ"), "918", "exact", False),
        (("Tỉnh Hậu Giang", "Thị xã Ngã Bảy"), "931", "change", False),
        (("Thành phố Hồ Chí Minh", "Quận 9"), "769", "change", False),  # merged into Thủ Đức
        (("Tỉnh Thừa Thiên Huế", "Thành phố Huế"), "475", "change", True),  # divided in two
        (("Tỉnh Quảng Ngãi", "Huyện Lý Sơn"), "536", "exact", False),  # no communes, still a district
    ],
)
def test_districts(place: tuple[str, str], code: str, how: str, doubtful: bool) -> None:
    lines = pd.DataFrame([place], columns=["province", "district"], dtype="str")
    found = cleaning.match_districts(lines).iloc[0]
    assert (found["code"], found["how"], found["doubtful"]) == (code, how, doubtful)


@pytest.fixture(scope="module")
def census() -> tuple[pd.DataFrame, pd.DataFrame]:
    return cleaning.population(gso_census.read(open_workbook(FILE), file=FILE.name))


@pytest.fixture(scope="module")
def ages() -> tuple[pd.DataFrame, pd.DataFrame]:
    return cleaning.population_age(gso_age.read(open_workbook(AGE_FILE), file=AGE_FILE.name))


def province_of(communes: pd.Series) -> pd.Series:
    parent = units()[units()["geography"] == "legacy"].set_index(["level", "code"])["parent"]
    return communes.map(parent.loc["commune"]).map(parent.loc["district"])


@needs_census
def test_six_provinces_place_everybody_in_the_617_communes(census: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    frame, lines = census
    with (SHARED / "facts" / "crosswalk_2025_cantho_vinhlong.csv").open(encoding="utf-8") as file:
        communes = {row["legacy_code"] for row in csv.DictReader(file)}
    assert len(communes) == 617
    here = frame[province_of(frame["commune"]).isin(PROVINCES)]
    assert set(here["commune"]) == communes
    assert here["commune"].is_unique
    assert here.groupby(province_of(here["commune"]))["total"].sum().to_dict() == STATED
    names = ["Cần Thơ", "Hậu Giang", "Sóc Trăng", "Vĩnh Long", "Bến Tre", "Trà Vinh"]
    assert lines.loc[lines["province"].str.split(n=1).str[1].isin(names), "code"].notna().all()


@needs_census
def test_the_country_is_matched_far_better_than_by_joining_names(
    census: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    frame, lines = census
    legacy = units()[units()["geography"] == "legacy"].set_index(["level", "code"])
    commune, district = legacy.loc["commune"], legacy.loc["district"]
    parent = commune["parent"]
    now = pd.DataFrame(
        {
            "province": parent.map(district["parent"]).map(legacy.loc["province", "name"]),
            "district": parent.map(district["name"]),
            "commune": commune["name"],
        }
    )
    everybody = lines["total"].sum()
    naive = (
        lines.merge(now.drop_duplicates(), on=["province", "district", "commune"])["total"].sum() / everybody
    )
    ours = frame["total"].sum() / everybody
    print(f"\npeople matched: joining names {naive:.1%}, cleaning {ours:.3%}")
    assert naive < 0.8
    assert ours > 0.999
    assert frame["total"].sum() + lines.loc[lines["code"].isna(), "total"].sum() == everybody == 96_208_984
    assert set(lines.loc[lines["code"].isna(), "reason"]) == {"no_commune"}


@needs_census
def test_urban_and_rural_are_kept_apart(census: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    frame, _ = census
    assert (frame["urban"] + frame["rural"] == frame["total"]).all()
    assert frame[["under_5", "over_65"]].isna().all().all()


@needs_census
def test_age_by_district_places_everybody(ages: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    frame, lines = ages
    assert lines["code"].notna().all()
    assert frame["total"].sum() == 96_208_984
    assert frame.groupby("district").size().eq(18).all()
    assert frame.loc[frame["age_group"] == "00-04", "urban"].sum() == 2_436_970


@needs_census
def test_communes_and_ages_agree_in_the_six_provinces(
    census: tuple[pd.DataFrame, pd.DataFrame], ages: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    """Two files, two ways of matching, the same people in every district."""
    frame, by_age = census[0], ages[0]
    parent = units()[units()["geography"] == "legacy"].set_index(["level", "code"])["parent"]
    here = frame[province_of(frame["commune"]).isin(PROVINCES)]
    by_commune = here.groupby(here["commune"].map(parent.loc["commune"]))["total"].sum()
    by_district = by_age.groupby("district")["total"].sum()
    assert len(by_commune) == 54
    assert by_district[by_commune.index].to_dict() == by_commune.to_dict()
