"""The data commands, run as a person runs them: what they print, what they return."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import __main__ as command
from data.store import open_store
from tests.data.bad import census, province, small_census, spoiled, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ATLAS_LANG", "en")
    return tmp_path / "store"


def test_from_files_to_export_and_back(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.xlsx", province())
    assert command.main(["snapshots"]) == 0
    assert "no snapshot yet" in capsys.readouterr().out
    assert command.main(["ingest", str(good)]) == 0
    first = open_store(store).current()
    assert first is not None
    assert f"Snapshot {first.id} written." in capsys.readouterr().out
    assert command.main(["ingest", str(write(tmp_path / "c.xlsx", census(small_census())))]) == 0
    capsys.readouterr()
    assert command.main(["snapshots"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith("← current") for line in lines] == [True, False]
    assert command.main(["rollback", first.id]) == 0
    assert open_store(store).current() == first
    assert command.main(["export", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "staffing.csv").read_text(encoding="utf-8-sig").count("TYT-") == 3


def test_a_dry_run_makes_no_store(store: Path, tmp_path: Path) -> None:
    assert command.main(["ingest", "--dry-run", str(write(tmp_path / "a.xlsx", province()))]) == 0
    assert open_store(store).current() is None


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("vi", "tệp.xlsx, trang “staffing”, dòng 2, cột “headcount”: không phải là số (thấy: hai)"),
        ("en", "tệp.xlsx, sheet “staffing”, row 2, column “headcount”: not a number (found: hai)"),
    ],
)
def test_a_refusal_says_every_reason_in_ones_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, told: str
) -> None:
    monkeypatch.setenv("ATLAS_LANG", lang)

    def spoil(sheets: dict[str, list[list[object]]]) -> None:
        for row in (1, 2, 3):
            sheets["staffing"][row][3] = "hai"

    assert command.main(["ingest", str(write(tmp_path / "tệp.xlsx", spoiled(spoil)))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    head, *reasons = err.splitlines()
    assert (
        head == {"vi": "Bị từ chối, kho dữ liệu giữ nguyên:", "en": "Refused, the store is unchanged:"}[lang]
    )
    assert reasons[0] == told
    assert len(reasons) == 3


SCORES = "Điểm tiêu chí"
FULL = (14, 10, 12, 9, 19, 12, 6, 11, 3, 4)
# what a score sheet may not say: the cell (row in Excel, place), what stands there, and what is told of it
UNALLOWED = {
    "above its maximum": (
        (2, 4, 14.5),
        "dòng 2, cột “Điểm”: ngoài khoảng cho phép (thấy: 14.5; cần: 0–14)",
        "row 2, column “Điểm”: outside the allowed range (found: 14.5; expected: 0–14)",
    ),
    "negative": (
        (6, 4, -1),
        "dòng 6, cột “Điểm”: số âm (thấy: -1.0; cần: >= 0)",
        "row 6, column “Điểm”: a negative number (found: -1.0; expected: >= 0)",
    ),
    "text": (
        (11, 4, "bốn"),
        "dòng 11, cột “Điểm”: không phải là số (thấy: bốn)",
        "row 11, column “Điểm”: not a number (found: bốn)",
    ),
    "an eleventh criterion": (
        (12, 3, 11),
        "dòng 12, cột “Tiêu chí”: giá trị không hợp lệ (thấy: 11; cần: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
        "row 12, column “Tiêu chí”: value is not allowed (found: 11; expected: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
    ),
    "a year without a set": (
        (9, 2, 2012),
        "dòng 9, cột “Năm”: giá trị không hợp lệ (thấy: 2012; cần: 2014–2022, 2023–2030)",
        "row 9, column “Năm”: value is not allowed (found: 2012; expected: 2014–2022, 2023–2030)",
    ),
    "struck without a reason": (
        (4, 5, "có"),
        "dòng 4, cột “Lý do”: thiếu giá trị",
        "row 4, column “Lý do”: a value is missing",
    ),
}


def scored(*cells: tuple[int, int, object]) -> dict[str, list[list[object]]]:
    """Return the province's workbook with one full score sheet, and cells of it set; row 12 is a new row."""

    def spoil(sheets: dict[str, list[list[object]]]) -> None:
        rows = [["mới", "31246", 2024, at, most, "không", ""] for at, most in enumerate(FULL, start=1)]
        sheets[SCORES] = [sheets[SCORES][0], *rows]
        for row, place, value in cells:
            if row > len(sheets[SCORES]):
                sheets[SCORES].append(["mới", "31246", 2024, 10, 1, "không", ""])
            sheets[SCORES][row - 1][place] = value

    return spoiled(spoil)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("fault", UNALLOWED)
def test_scores_no_criteria_set_allows_are_refused(
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
    lang: str,
) -> None:
    monkeypatch.setenv("ATLAS_LANG", lang)
    cell, *told = UNALLOWED[fault]
    assert command.main(["ingest", str(write(tmp_path / "a.xlsx", scored(cell)))]) == 2
    _, *reasons = capsys.readouterr().err.splitlines()
    sheet = {"vi": "trang", "en": "sheet"}[lang]
    assert reasons == [f"a.xlsx, {sheet} “{SCORES}”, {told[lang == 'en']}"]
    assert open_store(store).current() is None


def test_a_criterion_given_twice_is_refused_and_told_once_per_row(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["ingest", str(write(tmp_path / "a.xlsx", scored((12, 4, 3))))]) == 2
    reasons = capsys.readouterr().err.splitlines()[1:]
    assert [reason.split(", ")[2] for reason in reasons] == ["row 11", "row 12"]
    assert all("duplicate row" in reason and "criterion = 10" in reason for reason in reasons)
    assert open_store(store).current() is None


def test_every_fault_of_a_score_sheet_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [cell for cell, *_ in UNALLOWED.values()]
    assert command.main(["ingest", str(write(tmp_path / "a.xlsx", scored(*cells)))]) == 2
    reasons = capsys.readouterr().err.splitlines()[1:]
    assert set(reasons) == {f"a.xlsx, sheet “{SCORES}”, {english}" for *_, english in UNALLOWED.values()}


def test_a_score_sheet_the_set_allows_goes_in(store: Path, tmp_path: Path) -> None:
    assert command.main(["ingest", str(write(tmp_path / "a.xlsx", scored((11, 4, ""))))]) == 0
    snapshot = open_store(store).current()
    assert snapshot is not None
    points = snapshot.frame("criteria_scores").sort_values("criterion")["points"].tolist()
    assert points[:9] == list(FULL[:9])
    assert points[9] != points[9]  # not scored is missing, and no fault


def test_an_unknown_snapshot_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["rollback", "0123456789ab"]) == 2
    assert "0123456789ab" in capsys.readouterr().err


def test_the_template_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["template", str(tmp_path / "mẫu.xlsx")]) == 0
    assert command.main(["ingest", str(tmp_path / "mẫu.xlsx")]) == 2
    assert "there are no rows" in capsys.readouterr().err
    assert command.main(["template", str(tmp_path / "nowhere" / "mẫu.xlsx")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_demo_only_where_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ingest", str(write(tmp_path / "a.xlsx", province()))]) == 0
    assert command.main(["demo", "--if-empty"]) == 0
    assert "nothing was made" in capsys.readouterr().out


def run_ingest(store: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "data", "ingest", str(file)],
        cwd=ROOT,
        env={**os.environ, "ATLAS_STORE": str(store), "ATLAS_LANG": "vi", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_as_a_program(store: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"")
    run = run_ingest(store, tmp_path / "bad.xlsx")
    assert (run.returncode, run.stdout) == (2, "")
    assert "bad.xlsx: tệp rỗng" in run.stderr


def test_as_a_program_it_knows_the_criteria(store: Path, tmp_path: Path) -> None:
    cell, told, _ = UNALLOWED["above its maximum"]
    run = run_ingest(store, write(tmp_path / "bad.xlsx", scored(cell)))
    assert (run.returncode, run.stdout) == (2, "")
    assert told in run.stderr
    assert open_store(store).current() is None


@pytest.mark.parametrize("large", [True, False])
def test_a_file_that_takes_long_is_announced(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.xlsx", province())
    monkeypatch.setattr(command, "LARGE", good.stat().st_size - large)
    assert command.main(["ingest", str(good), "--dry-run"]) == 0
    assert ("Reading good.xlsx" in capsys.readouterr().err) == large
