"""Every wrong score row is named by row and column."""

from __future__ import annotations

import pandas as pd
import pytest

from metrics.criteria_checks import check_rows, check_scores, commune_zones
from tests.metrics.sheets import MAXIMA, by_zone, sheet


def said(frame, **options):
    problems = check_scores(frame, file="a.xlsx", sheet="criteria", **options)
    return [(one.code, one.row, one.column, one.found, one.expected) for one in problems]


def with_value(column, row, value):
    frame = sheet(MAXIMA).astype(object)
    frame.loc[row, column] = value
    return frame


def test_a_right_sheet_has_no_problem():
    assert said(sheet(MAXIMA)) == []
    assert said(sheet([None, *MAXIMA[1:]])) == []


@pytest.mark.parametrize(
    ("column", "row", "value", "expected"),
    [
        ("points", 0, 14.5, ("out_of_range", 2, "points", "14.5", "0–14")),
        ("points", 4, -1, ("negative", 6, "points", "-1", ">= 0")),
        ("points", 9, "bốn", ("not_a_number", 11, "points", "bốn", None)),
        ("criterion", 9, 11, ("not_allowed", 11, "criterion", "11", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10")),
        ("criterion", 9, 9.5, ("not_whole", 11, "criterion", "9.5", None)),
        ("criterion", 9, None, ("missing_value", 11, "criterion", None, None)),
        ("year", 3, 2040, ("not_allowed", 5, "year", "2040", "2014–2022, 2023–2030")),
        ("year", 3, "năm", ("not_a_number", 5, "year", "năm", None)),
        ("disqualified", 2, True, ("missing_value", 4, "reason", None, None)),
    ],
)
def test_each_fault_has_its_place(column, row, value, expected):
    assert said(with_value(column, row, value)) == [expected]


def test_a_criterion_given_twice_is_named_at_its_second_row():
    frame = with_value("criterion", 7, 1)
    assert [one[:3] for one in said(frame)] == [("duplicate", 9, "criterion")]


def test_a_reason_on_any_row_of_the_sheet_is_enough():
    frame = sheet(MAXIMA, disqualified=True)
    frame.loc[5, "reason"] = "Không có bác sĩ"
    assert said(frame) == []


def test_all_faults_come_at_once_in_row_order():
    frame = sheet(MAXIMA).astype(object)
    frame.loc[8, "points"] = "x"
    frame.loc[0, "points"] = 99
    frame.loc[3, "criterion"] = 12
    assert [one[1] for one in said(frame)] == [2, 5, 10]


def test_rows_keep_the_place_they_had_in_the_file():
    frame = with_value("points", 9, -3).drop(index=[0, 1])
    assert said(frame)[0][1] == 11


def test_the_maximum_follows_the_zone():
    points = [*MAXIMA[:2], 8, *MAXIMA[3:]]
    places = pd.MultiIndex.from_tuples([("legacy", "31117")])
    sets = {"zoned": by_zone()}
    assert said(sheet(points), sets=sets, zones=pd.Series([2], index=places)) == []
    low = said(sheet(points), sets=sets, zones=pd.Series([3], index=places))
    assert low == [("out_of_range", 4, "points", "8.0", "0–6")]


def test_only_the_wrong_row_of_many_is_named():
    many = pd.concat([sheet(MAXIMA, commune=f"{at:05d}") for at in range(300)], ignore_index=True)
    many.loc[2999, "points"] = 5
    assert said(many) == [("out_of_range", 3001, "points", "5.0", "0–4")]


def test_rows_about_to_be_taken_in_keep_the_row_they_had_in_the_file():
    frame = with_value("points", 9, 4.5).set_axis(range(3, 13))
    stations = pd.DataFrame(columns=["role", "zone", "legacy_commune", "current_commune"])
    assert [(one.code, one.row) for one in check_rows(frame, stations)] == [("out_of_range", 12)]


def test_a_merged_commune_has_the_zone_of_its_main_station():
    stations = pd.DataFrame(
        {
            "role": ["point", "station", "station"],
            "zone": pd.array([3, 1, None], dtype="Int64"),
            "legacy_commune": ["31117", "31118", "31120"],
            "current_commune": ["31120", "31120", "31135"],
        }
    )
    zones = commune_zones(stations=stations)
    assert zones["legacy"].drop("31120").to_dict() == {"31117": 3, "31118": 1}
    assert zones["current", "31120"] == 1
    assert zones[[("legacy", "31120"), ("current", "31135")]].isna().all()
