"""Damaged, endless and hostile files: refused with a reason, soon, whatever is in them; never a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from data.ingest import ingest
from data.names import bare_key, collation_key, name_key, split_type
from data.problems import TOLD, Refused
from data.store import open_store
from metrics.criteria_checks import check_rows
from tests.data.bad import province, write
from tests.data.bad.mutated import damaged

SEEDS = 80


def test_no_damage_makes_a_traceback(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.xlsx", province()).read_bytes()
    store = open_store(tmp_path / "store")
    outcomes = {"taken": 0, "refused": 0}
    unplaced: list[str] = []
    for seed in range(SEEDS):
        (tmp_path / "a.xlsx").write_bytes(damaged(whole, seed))
        try:
            ingest([tmp_path / "a.xlsx"], store=store, dry_run=True, checks={"criteria_scores": check_rows})
            outcomes["taken"] += 1
        except Refused as refused:
            outcomes["refused"] += 1
            unplaced += [line for line in refused.lines("en")[:TOLD] if not line.startswith("a.xlsx")]
    assert outcomes["refused"] > SEEDS / 2
    assert outcomes["taken"] > 0
    assert unplaced == []
    assert store.current() is None


@pytest.mark.parametrize("key", [name_key, bare_key, collation_key, split_type])
@pytest.mark.parametrize("piece", ["A", "a ", "0", "á", "x", "'", "xã ", "_"])
def test_a_name_as_long_as_a_cell_can_be_takes_no_time(key, piece: str) -> None:  # type: ignore[no-untyped-def]
    began = time.process_time()
    key((piece * 32_767)[:32_767])
    assert time.process_time() - began < 2


def test_a_hundred_faults_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [[f"TYT-{n:05d}", 2042, f"thợ {n}", "x", 1] for n in range(20_000)]
    sheets = {"staffing": [["station", "year", "cadre", "headcount", "permanent"], *rows]}
    began = time.process_time()
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "a.xlsx", sheets)], store=open_store(tmp_path / "store"))
    assert time.process_time() - began < 60
    lines = refused.value.lines("vi")
    assert len(lines) == TOLD + 1
    assert lines[-1].startswith(f"… và {4 * 20_000 - TOLD} lỗi nữa")


@pytest.mark.parametrize("value", [2**63, -(2**63), 1e308, "9" * 400, float(2**53 + 2)])
def test_a_number_no_count_can_be_is_refused_with_its_cell(tmp_path: Path, value: object) -> None:
    sheets = {"staffing": [["station", "year", "cadre", "headcount"], ["TYT-31241", 2024, "doctor", value]]}
    with pytest.raises(Refused) as refused:
        ingest([write(tmp_path / "a.xlsx", sheets)], store=open_store(tmp_path / "store"))
    places = {(p.row, p.column) for p in refused.value.problems}
    assert (2, "headcount") in places


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = write(tmp_path / "a.xlsx", province()), Path.read_bytes

    def denied(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(Refused) as refused:
        ingest([path], store=open_store(tmp_path / "store"))
    assert [problem.code for problem in refused.value.problems] == ["unreadable"]
