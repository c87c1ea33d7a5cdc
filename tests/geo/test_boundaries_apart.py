"""An import in a process of its own: within its limits, gone with its caller, and whole or not there when killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import pytest

from data.problems import Refused
from geo import __main__ as command
from geo import boundaries_apart
from geo.boundaries import kept_report
from geo.boundaries_apart import import_apart
from tests.geo.boundary_files import communes, saved
from tests.geo.test_boundaries import contents

ROOT = Path(__file__).resolve().parents[2]
unix = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system tells no process's memory"
)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_it_gives_what_the_import_gives_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    path = saved(communes(), tmp_path / "a.gpkg")
    report = import_apart(
        path, geography="current", output=tmp_path / "out", progress=lambda *at: told.append(at)
    )
    assert len(report.matched) == len(communes())
    assert "a.gpkg" in report.text("vi")
    assert (told[0], told[-1]) == (("read", 0.0), ("write", 1.0))
    assert kept_report(tmp_path / "out", "current") == report.as_dict()
    assert contents(tmp_path / "out").keys() == {"current.parquet", "current.report.json"}


def test_a_refusal_comes_through_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("Kính gửi")
    with pytest.raises(Refused) as refusal:
        import_apart(path, geography="current", output=tmp_path / "out")
    assert codes(refusal) == ["not_vector"]
    assert "a.geojson: cannot be read" in refusal.value.problems[0].text("en")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(Refused) as refusal:
        import_apart(
            saved(communes(), tmp_path / "a.gpkg"), geography="current", output=tmp_path / "out" / "in"
        )
    assert codes(refusal) == ["not_written"]


@unix
def test_a_file_that_asks_for_too_much_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        import_apart(
            saved(communes(), tmp_path / "a.gpkg"), geography="current", output=tmp_path / "out", memory=60
        )
    assert codes(refusal) == ["too_much_memory"]
    assert refusal.value.problems[0].expected == "<= 60 MB"
    assert not (tmp_path / "out").exists()


@unix
def test_two_combs_laid_across_each_other_end_at_the_limits(tmp_path: Path) -> None:
    # each is valid by itself; together they meet 4,000,000 times
    import shapely

    teeth = 2000
    west, south, size = 105.7, 10.0, 0.2
    across = [
        shapely.box(west, south + n * size / teeth, west + size, south + (n + 0.5) * size / teeth)
        for n in range(teeth)
    ]
    along = [
        shapely.box(west + n * size / teeth, south, west + (n + 0.5) * size / teeth, south + size)
        for n in range(teeth)
    ]
    frame = geopandas.GeoDataFrame(
        communes()[["MA", "XA"]].iloc[:2],
        geometry=[shapely.MultiPolygon(across), shapely.MultiPolygon(along)],
        crs=4326,
    )
    with pytest.raises(Refused) as refusal:
        import_apart(
            saved(frame, tmp_path / "a.gpkg"),
            geography="current",
            output=tmp_path / "out",
            memory=500,
            seconds=4,
        )
    assert codes(refusal)[0] in ("too_much_memory", "too_long", "displaced", "not_clean")


def test_a_file_that_takes_too_long_or_stops_the_reader_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(communes(), tmp_path / "a.gpkg")
    monkeypatch.setattr(boundaries_apart, "_WAITING", 0)
    with pytest.raises(Refused) as refusal:
        import_apart(path, geography="current", output=None)
    assert codes(refusal) == ["too_long"]
    monkeypatch.undo()
    monkeypatch.setattr(boundaries_apart.sys, "executable", "/bin/false")
    with pytest.raises(Refused) as refusal:
        import_apart(path, geography="current", output=None)
    assert codes(refusal) == ["gave_up"]


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no time of work")
def test_time_of_work_is_limited(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        import_apart(saved(communes(), tmp_path / "a.gpkg"), geography="current", output=None, seconds=0)
    assert codes(refusal) == ["too_long"]


def test_the_command_refuses_what_its_limits_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATLAS_BOUNDARIES", str(tmp_path / "out"))
    monkeypatch.setenv("ATLAS_LANG", "en")
    path = saved(communes(), tmp_path / "a.gpkg")
    monkeypatch.setattr(boundaries_apart, "_megabytes", lambda _: 100.0)
    assert command.main(["import", str(path), "--geography", "current", "--memory", "99"]) == 2
    assert "allow more with --memory (expected: <= 99 MB)" in capsys.readouterr().err
    assert command.main(["import", str(path), "--geography", "current", "--memory", "101"]) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_an_import_killed_at_any_instant_leaves_the_old_map_or_the_new_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old, new = communes().iloc[:30], communes().iloc[:31]
    import_apart(saved(old, tmp_path / "old.gpkg"), geography="current", output=out)
    path = saved(new, tmp_path / "new.gpkg")
    asked = [sys.executable, "-m", "geo", "import", str(path), "--geography", "current"]
    chance = random.Random(18)
    for _ in range(4):
        run = subprocess.Popen(
            asked,
            env={**os.environ, "ATLAS_BOUNDARIES": str(out)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert run.stderr is not None
        for line in run.stderr:  # so that the kill falls into the work, however busy the machine is
            if line.split(b"%")[0].strip() == chance.choice([b"0", b"15", b"40", b"75", b"95"]):
                break
        time.sleep(chance.random() * 0.3)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        run.stderr.close()
        drawn = geopandas.read_parquet(out / "current.parquet")
        report = kept_report(out, "current")
        assert report is not None
        assert len(drawn) == report["counts"]["matched"]
        assert report["file"] in ("old.gpkg", "new.gpkg")
        assert drawn.attrs["sha256"] == report["sha256"]
    (out / ".import-12ab").mkdir()
    (out / ".import-12ab" / "map").write_text("cut short")
    (out / ".import-current.parquet").write_text("cut short")
    import_apart(path, geography="current", output=out)
    assert contents(out).keys() == {"current.parquet", "current.report.json"}


@unix
def test_an_import_ends_with_its_caller(tmp_path: Path) -> None:
    path = saved(communes(), tmp_path / "a.gpkg")
    asked = [sys.executable, "-m", "geo", "import", str(path), "--geography", "current", "--dry-run"]
    run = subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert run.stderr is not None
    run.stderr.readline()
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    run.kill()
    run.wait()
    run.stderr.close()
    assert children
    end = time.monotonic() + 30
    while any(
        Path(f"/proc/{child}/statm").exists() and boundaries_apart._megabytes(int(child))
        for child in children
    ):
        assert time.monotonic() < end
        time.sleep(0.05)
