"""The statistics office's export by district and age."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.contracts import AGE_GROUPS
from data.problems import Refused
from data.readers import gso_age, gso_census
from data.readers.excel import open_workbook
from tests.data.bad import Sheets, write

RAW = Path(__file__).resolve().parents[3].parent / "shared" / "raw"
FILE = RAW / "census2019_age_district.xlsx"
SHEET = "Cube1b_DansocapHuyen"
LABELS = ["0 - 04", *(f"{a:02d} - {a + 4:02d}" for a in range(5, 85, 5)), "85+"]


def small() -> Sheets:
    """Lay out two districts of one province, with n people in the n-th age group of towns, 2n of the country."""
    towns, country = list(range(1, 19)), list(range(2, 37, 2))

    def line(names: list[str], times: int) -> list[object]:
        urban, rural = [times * n for n in towns], [times * n for n in country]
        counts = [sum(urban) + sum(rural), sum(urban), *urban, sum(rural), *rural]
        return [*names, *map(str, counts)]

    upper = ["", "", "Tổng số", "1. Thành thị (Tổng số)", "1. Thành thị", *[""] * 17]
    upper += ["2. Nông thôn (Tổng số)", "2. Nông thôn", *[""] * 17]
    rows = [
        ["Dân số chia theo dân tộc, nhóm tuổi, đơn vị hành chính (ĐVT: Người)"],
        [],
        upper,
        ["", "", "", "", *LABELS, "", *LABELS],
        line(["Tổng số", ""], 3),
        line([" Tỉnh Hậu Giang (Tổng số)", ""], 3),
        line([" Tỉnh Hậu Giang", "Huyện Châu Thành"], 1),
        line(["", "Thị xã Ngã Bảy"], 2),
    ]
    return {SHEET: rows}


def read(tmp_path: Path, sheets: Sheets):
    opened = open_workbook(write(tmp_path / "a.xlsx", sheets))
    assert gso_age.fits(opened)
    assert not gso_census.fits(opened)
    return gso_age.read(opened, file="a.xlsx")


def test_groups_land_under_their_own_label(tmp_path: Path) -> None:
    tidy = gso_age.tidy(read(tmp_path, small()))
    first = tidy.loc[[7]].set_index("age_group")
    assert list(first.index) == list(AGE_GROUPS)
    assert first["urban"].tolist() == list(range(1, 19))
    assert (first["rural"] == 2 * first["urban"]).all()
    assert (tidy.loc[[8], "total"].to_numpy() == 2 * first["total"].to_numpy()).all()


@pytest.mark.parametrize(("row", "column"), [(4, 2), (5, 3), (6, 10), (7, 22), (7, 40)])
def test_any_number_changed_is_noticed(tmp_path: Path, row: int, column: int) -> None:
    sheets = small()
    sheets[SHEET][row][column] = str(int(sheets[SHEET][row][column]) + 1)
    with pytest.raises(Refused) as refused:
        read(tmp_path, sheets)
    assert {problem.code for problem in refused.value.problems} == {"totals_differ"}
    assert row + 1 in {problem.row for problem in refused.value.problems}


def test_a_missing_age_group_is_named(tmp_path: Path) -> None:
    sheets = {SHEET: [row[:21] + row[22:] for row in small()[SHEET]]}
    with pytest.raises(Refused) as refused:
        read(tmp_path, sheets)
    assert [(p.code, p.column) for p in refused.value.problems] == [("missing_column", "urban 85+")]


@pytest.mark.skipif(not FILE.is_file(), reason="the statistics office's export is not here")
def test_the_offices_own_file() -> None:
    lines = gso_age.read(open_workbook(FILE), file=FILE.name)
    assert lines["level"].value_counts().to_dict() == {"district": 712, "province": 63, "country": 1}
    assert gso_age.tidy(lines)["total"].sum() == 96_208_984
