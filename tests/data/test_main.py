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


def test_as_a_program(store: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"")
    run = subprocess.run(
        [sys.executable, "-m", "data", "ingest", str(tmp_path / "bad.xlsx")],
        cwd=ROOT,
        env={**os.environ, "ATLAS_STORE": str(store), "ATLAS_LANG": "vi", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert "bad.xlsx: tệp rỗng" in run.stderr
