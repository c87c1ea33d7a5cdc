"""Files that once went wrong, each one of a kind: what becomes of them now."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from data import __main__ as command
from data import clock
from data.store import Snapshot, Store, open_store

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "intake"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ATLAS_LANG", "en")
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 11, 28))
    return open_store(tmp_path / "store")


def take(name: str, *options: str) -> int:
    (path,) = CASES.glob(f"{name}*")
    return command.main(["ingest", str(path), *options])


def now(store: Store) -> Snapshot:
    snapshot = store.current()
    assert snapshot is not None
    return snapshot


def untouched(before: Snapshot, after: Snapshot, *but: str) -> None:
    for name in set(before.tables) - set(but):
        assert after.tables[name].sha256 == before.tables[name].sha256, name


@pytest.fixture
def full(store: Store) -> Snapshot:
    assert take("write_full_two_tables") == 0
    return now(store)


def test_one_figure_changes_one_row(store: Store, full: Snapshot) -> None:
    assert take("write_one_figure") == 0
    before, after = full.frame("staffing"), now(store).frame("staffing")
    assert len(before) == len(after) == 80
    changed = after.ne(before).any(axis=1)
    assert after[changed][["station", "headcount"]].to_numpy().tolist() == [["TYT-31117", 3]]
    untouched(full, now(store), "staffing")


@pytest.mark.parametrize("case", ["write_one_district", "write_one_station_only"])
def test_a_part_that_says_the_same_changes_nothing(store: Store, full: Snapshot, case: str) -> None:
    assert take(case) == 0
    untouched(full, now(store))


def test_a_station_list_in_part_closes_nothing(store: Store, full: Snapshot) -> None:
    assert take("officer_step_20") == 0
    assert len(now(store).frame("stations")) == 80
    untouched(full, now(store), "stations")


def test_a_station_is_added_alone(store: Store, full: Snapshot) -> None:
    assert take("officer_step_21") == 0
    assert set(now(store).frame("stations")["station"]) - set(full.frame("stations")["station"]) == {
        "TYT-NEW-1"
    }
    untouched(full, now(store), "stations")


def test_replacing_says_what_goes_before_it_does(
    store: Store, full: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert take("write_one_district", "--replace", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "72 earlier rows of staffing taken out" in told
    assert "Quận Ô Môn, 2024: 7 rows" in told
    assert now(store) == full
    assert take("write_one_district", "--replace") == 0
    assert "72 earlier rows of staffing taken out" in capsys.readouterr().out
    assert len(now(store).frame("staffing")) == 8


REFUSED = {
    "41_cantho": [
        "sheet “staffing”, row 33, column “year”: later than today (found: 2042; expected: <= 2026)"
    ],
    "45_activity": [
        "sheet “activity”, row 7, column “activity”: value is not allowed (found: visit; nearest: visits",
        "sheet “facilities”, row 2, column “item”: value is not allowed (found: ultra_sound; nearest: ultrasound",
    ],
    "77_model": [
        "row 3, column “Ngày khai trương”: later than today (found: 2042-01-01; expected: <= 2026-11-28)",
        "row 3, column “Mô hình”: value is not allowed (found: pk; nearest: family_doctor_clinic",
    ],
    "F1": ["row 2, column “Có thẻ bảo hiểm y tế”: outside the allowed range (found: 9.223372036854776e+18"],
    "F2": ["row 2, column “Năm”: later than today (found: 99999; expected: <= 2026)"],
    "F4": ["row 2, column “Địa giới”: value is not allowed (found: AAAAAA"],
    "79": [
        "row 2, column “Mã xã cũ”: unknown administrative unit (found: Phường Cái Khế; expected: 31117 Phường Cái Khế)"
    ],
    "officer_step_18": ["column “Mã xã”: unknown administrative unit (found: 99999"],
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_names_the_cell(store: Store, capsys: pytest.CaptureFixture[str], case: str) -> None:
    began = time.process_time()
    assert take(case) == 2
    assert time.process_time() - began < 10
    _, *reasons = capsys.readouterr().err.splitlines()
    assert store.current() is None
    for wanted in REFUSED[case]:
        assert sum(wanted in reason for reason in reasons) == (2 if case == "officer_step_18" else 1), reasons


TAKEN = {
    "01_month": [],
    "03_empty": ["empty sheet “Sheet1” left out"],
    "04_hidden": ["hidden sheet “DM_xa” left out"],
    "05_merged": ["sheet “Nhân lực”: 1 cells merged downwards have the value of the first"],
    "06_form": [
        "column “STT” not read",
        "row 4: numbers of the columns, not read",
        "row 8: totals, compared and not read",
        "row 9: a note under the table, not read",
    ],
    "14_cadre": [],
    "50_backslash": [],
    "78_role": [],
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_officers_write_is_understood_and_what_is_left_out_said(
    store: Store, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    assert take(case) == 0, capsys.readouterr().err
    told = capsys.readouterr().out
    assert [said for said in TAKEN[case] if said not in told] == []
    staff = now(store).frame("staffing").set_index(["station", "cadre"])["headcount"].to_dict()
    assert staff == {("TYT-31117", "doctor"): 1, ("TYT-31117", "nurse"): 2, ("TYT-31120", "doctor"): 2}
    if case == "01_month":
        assert set(now(store).frame("activity_monthly")["month"]) == {"2024-03"}
    if case == "78_role":
        assert now(store).frame("stations")[["role", "zone"]].to_numpy().tolist() == [
            ["point", 1],
            ["station", 1],
        ]


@pytest.mark.parametrize("case", ["74", "75"])
def test_criteria_are_known_by_label_and_numeral(store: Store, case: str) -> None:
    assert take(case) == 0
    assert now(store).frame("criteria_scores")["criterion"].tolist() == list(range(1, 11))


def test_a_column_of_notes_and_vietnamese_activities_go_in_over_known_stations(
    store: Store, full: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert take("officer_step_8") == 0
    told = capsys.readouterr().out
    assert "column “TT” not read" in told
    assert "column “Ghi chú” not read" in told
    assert take("officer_step_9") == 0
    assert now(store).frame("activity")["activity"].tolist() == ["visits"]
    assert "nghỉ thai sản" not in now(store).frame("staffing").to_csv()
