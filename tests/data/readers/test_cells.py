"""Reading one cell: every way Excel may hold a value, and what is too doubtful to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.readers import cells
from data.readers.excel import CellError

BLANK = st.sampled_from(["", " ", "\u00a0", "\t "])


@given(st.integers(-(10**12), 10**12), BLANK)
def test_a_whole_number_in_any_dress(value: int, blank: str) -> None:
    for cell in (value, float(value), str(value), f"{blank}{value}{blank}"):
        assert cells.whole(cell) == value
        assert cells.number(cell) == value


@given(st.integers(0, 99_999))
def test_a_code_gets_its_zeros_back(value: int) -> None:
    for cell in (value, float(value), str(value), f" {value:05d} "):
        assert cells.code(cell, 5) == f"{value:05d}"


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_a_day_in_any_dress(day: dt.date) -> None:
    wanted = dt.datetime(day.year, day.month, day.day)
    texts = (f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", day.isoformat(), f" {day:%d.%m.%Y} ")
    for cell in (day, wanted, *texts):
        assert cells.date(cell) == wanted


@given(BLANK)
def test_empty_is_missing(blank: str) -> None:
    assert [read(blank) for read in (cells.text, cells.number, cells.whole, cells.date, cells.truth)] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (cells.number, "ba", "not_a_number"),
        (cells.number, "1.234", "not_a_number"),  # a thousand, or one and a bit
        (cells.number, "12,500", "not_a_number"),
        (cells.number, True, "not_a_number"),
        (cells.number, dt.date(2024, 1, 1), "not_a_number"),
        (cells.number, CellError("#REF!"), "not_a_number"),
        (cells.whole, 1.5, "not_whole"),
        (cells.whole, "1,5", "not_whole"),
        (cells.date, "21 tháng 10", "not_a_date"),
        (cells.date, "10/21/2024", "not_a_date"),  # month first, as an American Excel writes it
        (cells.date, "30/02/2024", "not_a_date"),
        (cells.date, 45586, "not_a_date"),
        (cells.date, CellError("#N/A"), "not_a_date"),
        (cells.text, CellError("#REF!"), "not_allowed"),
        (cells.truth, "có lẽ", "not_allowed"),
    ],
)
def test_what_cannot_be_read_is_not_guessed(read: Any, cell: Any, code: str) -> None:
    with pytest.raises(cells.Unreadable) as unreadable:
        read(cell)
    assert unreadable.value.code == code


@pytest.mark.parametrize(("cell", "value"), [("12,5", 12.5), ("0.75", 0.75), ("-3,25", -3.25)])
def test_a_decimal_text_that_can_mean_one_number(cell: str, value: float) -> None:
    assert cells.number(cell) == value
