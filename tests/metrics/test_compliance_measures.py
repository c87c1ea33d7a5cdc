"""The table of measures: what ships, and every way a province's own table can be wrong."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from data.problems import Refused
from metrics.compliance_measures import REFERENCE, check_measures, measures, read_measures


def test_the_shipped_table_serves_every_criterion_and_says_it_is_an_illustration():
    assert set(measures()["criterion"]) == set(range(1, 11))
    about = yaml.safe_load(REFERENCE.with_suffix(".meta.yml").read_text(encoding="utf-8"))
    assert about["nature"] == "illustrative"
    assert set(about["note"]) == {"vi", "en"}


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("id", None, ("missing_value", 2, "id")),
        ("name_vi", None, ("missing_value", 2, "name_vi")),
        ("criterion", 11, ("not_allowed", 2, "criterion")),
        ("criterion", 1.5, ("not_whole", 2, "criterion")),
        ("points", 0, ("out_of_range", 2, "points")),
        ("points", 1.005, ("out_of_range", 2, "points")),
        ("points", "hai", ("not_a_number", 2, "points")),
        ("cost", -5, ("out_of_range", 2, "cost")),
        ("cost", None, ("missing_value", 2, "cost")),
        ("max_times", 0, ("out_of_range", 2, "max_times")),
        ("lead_time_years", -1, ("out_of_range", 2, "lead_time_years")),
        ("prerequisite", "nothing", ("not_allowed", 2, "prerequisite")),
    ],
)
def test_each_fault_is_named_by_row_and_column(column, value, expected):
    frame = measures().reset_index().tail(4).reset_index(drop=True).astype(object)
    frame.loc[0, column] = value
    problems = [(one.code, one.row, one.column) for one in check_measures(frame, file="a.xlsx")]
    assert expected in problems
    assert len(problems) == 1


def test_an_id_given_twice_and_a_circle_of_prerequisites_are_found():
    frame = measures().reset_index()
    frame.loc[1, "id"] = frame.loc[3, "id"]
    assert ("duplicate", 5, "id") in [
        (one.code, one.row, one.column) for one in check_measures(frame, file="x")
    ]
    frame = measures().reset_index()
    frame.loc[frame["id"] == "steering_committee", "prerequisite"] = "commune_health_plan"
    rows = [one.row for one in check_measures(frame, file="x") if one.code == "inconsistent"]
    assert rows == [2, 3, 4]


def test_a_faulty_table_is_refused_whole():
    with pytest.raises(Refused, match="column is missing"):
        read_measures(pd.DataFrame({"id": ["a"]}), file="a.xlsx", sheet="measures")
