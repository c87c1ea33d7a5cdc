"""The statistics office's export by commune: its lines, and a file that disagrees with itself."""

from __future__ import annotations

import copy
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.problems import Refused
from data.readers import gso_age, gso_census
from data.readers.excel import open_workbook
from tests.data.bad import Sheets, Tree, census, small_census, write

SHEET = "Cube1a_DansoChung"
RAW = Path(__file__).resolve().parents[3].parent / "shared" / "raw"
FILE = RAW / "census2019_population_ward_urban_rural.xlsx"
COUNT = st.integers(0, 50_000)
TREES = st.dictionaries(
    st.sampled_from(["Tỉnh A", "Tỉnh B", "Thành phố C"]),
    st.dictionaries(
        st.sampled_from(["Huyện Một", "Quận 2", "Thị xã Ba"]),
        st.dictionaries(
            st.sampled_from(["Xã X", "Phường 1", "Thị trấn Y"]), st.tuples(COUNT, COUNT), min_size=1
        ),
        min_size=1,
    ),
    min_size=1,
)


def read(tmp_path: Path, sheets: Sheets):
    path = write(tmp_path / "c.xlsx", sheets)
    opened = open_workbook(path)
    assert gso_census.fits(opened)
    assert not gso_age.fits(opened)
    return gso_census.read(opened, file=path.name)


def problems(tmp_path: Path, sheets: Sheets) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(Refused) as refused:
        read(tmp_path, sheets)
    assert {(problem.file, problem.sheet) for problem in refused.value.problems} == {("c.xlsx", SHEET)}
    return [(problem.code, problem.row, problem.column) for problem in refused.value.problems]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES)
def test_everybody_in_the_file_is_in_the_lines(tmp_path: Path, tree: Tree) -> None:
    lines = read(tmp_path, census(tree))
    communes = lines[lines["level"] == "commune"]
    wanted = {
        (province, district, commune): people
        for province, districts in tree.items()
        for district, communes_of in districts.items()
        for commune, people in communes_of.items()
    }
    keys = zip(communes["province"], communes["district"], communes["commune"], strict=True)
    counts = zip(communes["urban"], communes["rural"], strict=True)
    assert dict(zip(keys, counts, strict=True)) == wanted


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, data=st.data())
def test_any_number_changed_is_noticed_on_the_right_row(
    tmp_path: Path, tree: Tree, data: st.DataObject
) -> None:
    sheets = census(tree)
    row = data.draw(st.integers(3, len(sheets[SHEET]) - 1))
    column = data.draw(st.integers(3, 5))
    sheets[SHEET][row][column] = str(int(sheets[SHEET][row][column] or 0) + 1)
    found = problems(tmp_path, sheets)
    assert {code for code, _, _ in found} == {"totals_differ"}
    assert row + 1 in {place for _, place, _ in found}


def test_rows_are_those_of_excel(tmp_path: Path) -> None:
    lines = read(tmp_path, census(small_census()))
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")[SHEET]
    for row, line in lines[lines["level"] == "commune"].iterrows():
        assert sheet.cell(row, 3).value.strip() == line["commune"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("nhiều", "not_a_number"), ("-5", "negative"), ("1,5", "not_whole"), (2.5, "not_whole")],
)
def test_a_wrong_number_is_named_by_row_and_column(tmp_path: Path, cell: object, code: str) -> None:
    sheets = census(small_census())
    sheets[SHEET][7][4] = cell
    sheets[SHEET][9][3] = cell
    assert problems(tmp_path, sheets) == [(code, 8, "urban"), (code, 10, "total")]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    sheets = {SHEET: [row[:5] for row in census(small_census())[SHEET]]}
    assert problems(tmp_path, sheets) == [("missing_column", None, "2. Nông thôn")]


def test_a_commune_twice_is_named(tmp_path: Path) -> None:
    sheets = census(small_census())
    row = next(n for n, row in enumerate(sheets[SHEET]) if "Cái Khế" in str(row))
    sheets[SHEET][row][2] = " Phường Tân An"
    assert problems(tmp_path, sheets) == [("duplicate", row + 1, None)]


def test_an_island_district_without_a_total_row_counts(tmp_path: Path) -> None:
    tree = copy.deepcopy(small_census())
    tree["Tỉnh Hậu Giang"]["Huyện Đảo"] = {"Huyện Đảo": (0, 9)}
    sheets = census(tree)
    sheets[SHEET] = [row for row in sheets[SHEET] if "Huyện Đảo (Tổng số)" not in row]
    lines = read(tmp_path, sheets)
    assert lines.loc[lines["commune"] == "Huyện Đảo", "total"].tolist() == [9]


@pytest.mark.skipif(not FILE.is_file(), reason="the statistics office's export is not here")
def test_the_offices_own_file() -> None:
    lines = gso_census.read(open_workbook(FILE), file=FILE.name)
    assert lines["level"].value_counts().to_dict() == {
        "commune": 11165,
        "district": 709,
        "province": 63,
        "country": 1,
    }
    stated = lines[lines["level"] == "province"].set_index("province")["total"]
    wanted = {
        "Thành phố Cần Thơ": 1_235_171,
        "Tỉnh Hậu Giang": 733_017,
        "Tỉnh Sóc Trăng": 1_199_653,
        "Tỉnh Vĩnh Long": 1_022_791,
        "Tỉnh Bến Tre": 1_288_463,
        "Tỉnh Trà Vinh": 1_009_168,
    }
    assert stated[list(wanted)].to_dict() == wanted
