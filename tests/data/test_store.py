from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import pandas as pd
import pytest

from data import folder_store
from data.canonical import key
from data.contracts import TABLES
from data.problems import Refused
from data.store import Provenance, Snapshot, Store, StoreError, open_store
from tests.data.samples import PROVENANCE, TEXTS, sample

ROOT = Path(__file__).resolve().parents[2]


def written(store: Store, *names: str, message: str = "thử", base: Snapshot | None = None) -> Snapshot:
    return store.write({name: (sample(name), PROVENANCE) for name in names}, message=message, base=base)


def sorted_by_key(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(key(name), ignore_index=True)[list(TABLES[name].columns)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "kho [1]" / "store")


# -- what is written is what is read -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_table_comes_back_with_its_contract_types_and_its_missing_values(
    store: Store, name: str
) -> None:
    frame = sample(name)
    snapshot = store.write({name: (frame.iloc[::-1], PROVENANCE)}, message="m")

    read = snapshot.frame(name)

    pd.testing.assert_frame_equal(read, sorted_by_key(name, frame))
    TABLES[name].validate(read, lazy=True)
    assert snapshot.tables[name].rows == 3
    assert snapshot.nature(name) == "illustrative"
    assert snapshot.table(name).count().execute() == 3
    queried = snapshot.table(name).to_pyarrow()
    for column in frame:
        assert queried[column].null_count == frame[column].isna().sum()


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_keeps_its_types(store: Store, name: str) -> None:
    frame = sample(name).iloc[:0]
    snapshot = store.write({name: (frame, PROVENANCE)}, message="m")
    pd.testing.assert_frame_equal(snapshot.frame(name), frame)


def test_the_id_follows_content_and_provenance_only(store: Store, tmp_path: Path) -> None:
    first = written(store, "population", "staffing")
    frames = {name: sample(name).iloc[[2, 0, 1]] for name in ("staffing", "population")}
    shuffled = {name: (frame[frame.columns[::-1]], PROVENANCE) for name, frame in frames.items()}
    second = open_store(tmp_path / "other").write(shuffled, message="another day")
    assert second.id == first.id
    assert len(first.id) == 12

    real = {name: (frame, PROVENANCE.model_copy(update={"nature": "real"})) for name, frame in frames.items()}
    assert store.write(real, message="m").id != first.id
    changed = sample("population").assign(total=pd.array([9, 9, 9], dtype="Int64"))
    assert (
        store.write({"population": (changed, PROVENANCE)}, message="m", base=store.current()).id != first.id
    )


def test_writing_the_same_again_changes_no_file_and_makes_it_current(store: Store) -> None:
    first = written(store, "population", message="first")
    written(store, "staffing")
    before = {path: path.stat().st_mtime_ns for path in Path(store.location).rglob("*.*")}

    again = written(store, "population", message="again")

    assert again == first == store.current()
    assert again.message == "first"
    assert {path: path.stat().st_mtime_ns for path in Path(store.location).rglob("*.*")} == before


def test_a_snapshot_keeps_the_other_tables_of_its_base(store: Store) -> None:
    first = written(store, "population", "staffing")
    second = written(store, "insurance", base=first)
    assert set(second.tables) == {"population", "staffing", "insurance"}
    assert second.tables["staffing"] == first.tables["staffing"]
    assert second.info.base == first.id
    assert set(written(store, "insurance").tables) == {"insurance"}


def test_snapshots_are_listed_newest_first_and_found_by_id(store: Store) -> None:
    assert store.current() is None
    assert store.snapshots() == []
    ids = [written(store, name, message=name).id for name in ("population", "staffing", "pilots")]
    assert [info.id for info in store.snapshots()] == ids[::-1]
    assert store.snapshot(ids[1]).message == "staffing"


def test_snapshots_key_a_cache(store: Store, tmp_path: Path) -> None:
    written(store, "population")
    same = {store.current(): 1, store.current(): 2}
    assert list(same.values()) == [2]
    other = open_store(tmp_path / "other")
    assert written(other, "population") != store.current()


# -- pointers ----------------------------------------------------------------------------------------------


def test_rollback_moves_the_pointer_and_loses_nothing(store: Store) -> None:
    first, second = written(store, "population"), written(store, "staffing")
    assert store.rollback(first.id) == first == store.current()
    assert store.rollback(second.id) == second == store.current()


@pytest.mark.parametrize("unknown", ["0123456789ab", "../../secret", "", "population"])
def test_rollback_to_an_unknown_snapshot_moves_nothing(store: Store, unknown: str) -> None:
    first = written(store, "population")
    with pytest.raises(StoreError) as error:
        store.rollback(unknown)
    assert error.value.text("vi") == f"không có bản dữ liệu “{unknown}”"
    assert error.value.text("en") == f"there is no snapshot “{unknown}”"
    assert store.current() == first


def test_a_write_on_a_base_that_is_no_longer_current_is_refused(store: Store) -> None:
    first = written(store, "population")
    second = written(store, "staffing", base=first)
    with pytest.raises(StoreError, match="changed since snapshot"):
        written(store, "insurance", base=first)
    assert store.current() == second


def test_a_missing_table_is_named(store: Store) -> None:
    snapshot = written(store, "population")
    for ask in (snapshot.frame, snapshot.table, snapshot.nature):
        with pytest.raises(StoreError, match="no table “staffing”"):
            ask("staffing")
    with pytest.raises(StoreError, match="not a table of the atlas"):
        store.write({"doctors": (sample("staffing"), PROVENANCE)}, message="m")


# -- damage and crashes ------------------------------------------------------------------------------------


def test_verify_finds_a_changed_and_a_lost_file_and_writing_again_heals(store: Store) -> None:
    snapshot = written(store, "population", "staffing")
    snapshot.verify()
    other = written(store, "pilots")
    path = Path(store.location) / "objects" / f"{snapshot.tables['staffing'].sha256}.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    with pytest.raises(StoreError, match="damaged: staffing"):
        snapshot.verify()
    with pytest.raises(StoreError, match="damaged"):
        store.rollback(snapshot.id)
    assert store.current() == other
    path.unlink()
    for ask in (snapshot.verify, lambda: snapshot.table("staffing"), lambda: snapshot.frame("staffing")):
        with pytest.raises(StoreError, match="damaged"):
            ask()
    written(store, "population", "staffing").verify()
    assert path.read_bytes() == whole


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_cut_table_is_damage_by_name_however_it_is_read(store: Store, cut: int) -> None:
    snapshot, other = written(store, "population"), written(store, "staffing")
    path = Path(store.location) / "objects" / f"{snapshot.tables['population'].sha256}.parquet"
    path.write_bytes(path.read_bytes()[:cut])
    for ask in (
        lambda: snapshot.table("population").count().execute(),
        lambda: snapshot.frame("population"),
        snapshot.verify,
    ):
        with pytest.raises(StoreError, match="damaged: population"):
            ask()
    assert [info.id for info in store.snapshots()] == [other.id, snapshot.id]
    assert store.damaged().keys() == {snapshot.id}
    assert "population" in store.damaged()[snapshot.id].text("vi")
    assert store.rollback(other.id) == other


@pytest.mark.parametrize("pointer", [b"\xff\xfe\x00", b"", b"../../etc/passwd", b"0123456789abc"])
def test_a_pointer_that_is_none_is_damage_and_what_it_may_point_to_is_listed(
    store: Store, pointer: bytes
) -> None:
    snapshot = written(store, "population")
    (Path(store.location) / "CURRENT").write_bytes(pointer)
    with pytest.raises(StoreError, match=r"damaged.*CURRENT"):
        store.current()
    assert [info.id for info in store.snapshots()] == [snapshot.id]
    assert store.rollback(snapshot.id) == store.current() == snapshot


def test_one_unreadable_manifest_hides_no_other(store: Store) -> None:
    good, bad = written(store, "population"), written(store, "staffing")
    manifest = Path(store.location) / "snapshots" / f"{bad.id}.json"
    for content in (manifest.read_bytes()[:50], b"\xff\x00", b"{}", b""):
        manifest.write_bytes(content)
        assert [info.id for info in store.snapshots()] == [good.id]
        assert {name: error.code for name, error in store.damaged().items()} == {bad.id: "damaged"}
    assert store.rollback(good.id) == store.current()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot be written: .*store") as error:
        written(open_store(tmp_path / "store"), "population")
    assert "không ghi được vào kho dữ liệu" in error.value.text("vi")


def test_whoever_waits_for_another_writer_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    written(store, "population")
    assert not caplog.messages
    lock = filelock.FileLock(Path(store.location) / "lock", thread_local=False)
    lock.acquire()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(written, store, "staffing")
        while not caplog.messages:
            pass
        lock.release()
        assert writing.result() == store.current()
    assert "đang chờ" in caplog.messages[0]


def test_an_unreadable_manifest_is_named(store: Store) -> None:
    snapshot = written(store, "population")
    manifest = Path(store.location) / "snapshots" / f"{snapshot.id}.json"
    manifest.write_text(manifest.read_text(encoding="utf-8")[:50], encoding="utf-8")
    with pytest.raises(StoreError, match=snapshot.id):
        store.current()


@pytest.mark.parametrize("broken", ["os.replace", "os.fsync", "data.folder_store.to_bytes"])
def test_a_write_that_fails_at_any_step_leaves_the_old_or_the_new_snapshot_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    old = written(store, "population")
    module, name = broken.rsplit(".", 1)
    works = getattr(os if module == "os" else folder_store, name)
    outcomes = []
    for step in range(20):
        calls = iter(range(100))

        def fails(*arguments: object, step: int = step, calls: object = calls) -> object:
            if next(calls) == step:
                raise OSError("no space left on device")
            return works(*arguments)

        with monkeypatch.context() as patched:
            patched.setattr(broken, fails)
            said = ""
            try:
                written(store, "staffing", "insurance", base=old)
            except StoreError as error:
                said = error.text("vi")
            failed = bool(said)
        current = open_store(store.location).current()
        assert current is not None
        current.verify()
        outcomes.append((failed, current == old))
        assert failed or current != old
        assert not failed or ("không ghi được" in said and "no space left on device" in said)
        store.rollback(old.id)
        if not failed:
            break
    assert not failed
    assert len(outcomes) > 2
    assert outcomes[0] == (True, True)
    assert not list(Path(store.location).rglob(".new-*"))


KILLED = """
import os, signal, sys
from data.store import open_store
from tests.data.samples import PROVENANCE, sample
store, name, step = open_store(sys.argv[1]), sys.argv[2], int(sys.argv[3])
works, calls = getattr(os, name), iter(range(100))
def dies(*arguments):
    if next(calls) == step:
        os.kill(os.getpid(), signal.SIGKILL)
    return works(*arguments)
setattr(os, name, dies)
store.write({"staffing": (sample("staffing"), PROVENANCE)}, message="m", base=store.current())
"""


def test_a_writer_killed_in_the_middle_leaves_a_whole_store_that_can_be_written(tmp_path: Path) -> None:
    # one table: object, manifest, pointer; each synced, renamed, its folder synced
    cases = [("replace", 2), ("fsync", 5)]
    running = []
    for name, step in cases:
        store = open_store(tmp_path / f"{name}{step}")
        old = written(store, "population")
        arguments = [sys.executable, "-c", KILLED, store.location, name, str(step)]
        running.append((store, old, subprocess.Popen(arguments, cwd=ROOT)))
    new = written(open_store(tmp_path / "whole"), "population", "staffing")
    for (store, old, process), (name, step) in zip(running, cases, strict=True):
        assert process.wait(timeout=60) == -signal.SIGKILL
        current = open_store(store.location).current()
        assert current is not None
        current.verify()
        assert current.id == (new.id if (name, step) == ("fsync", 5) else old.id)
        assert written(store, "staffing", base=current).id == new.id
        assert not list(Path(store.location).rglob(".new-*"))


def test_another_writer_is_waited_for_and_then_reported(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = written(store, "population")
    monkeypatch.setattr(folder_store.FolderStore, "patience", 0.05)
    with filelock.FileLock(Path(store.location) / "lock"):
        with pytest.raises(StoreError, match="another process is writing"):
            written(store, "staffing")
        with pytest.raises(StoreError, match="another process is writing"):
            store.rollback(old.id)
        assert store.current() == old
    written(store, "staffing")


def test_many_writers_at_once_leave_every_snapshot_whole(store: Store) -> None:
    def write(n: int) -> str:
        total = pd.array([n + 10] * 3, dtype="Int64")
        frame = sample("population").assign(total=total)
        return open_store(store.location).write({"population": (frame, PROVENANCE)}, message=str(n)).id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(write, range(8)))
    assert len(set(ids)) == 8
    assert {info.id for info in store.snapshots()} == set(ids)
    for snapshot in ids:
        store.snapshot(snapshot).verify()
    current = store.current()
    assert current is not None
    assert current.id in ids


def test_many_readers_at_once_get_their_own_answers(store: Store) -> None:
    snapshot = written(store, "population", "staffing", "pilots")

    def read(n: int) -> tuple[int, int]:
        name = ("population", "staffing", "pilots")[n % 3]
        table = snapshot.table(name)
        return int(table.count().execute()), len(table.filter(table[key(name)[0]].notnull()).to_pyarrow())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(200))) == {(3, 3)}


# -- what is refused ---------------------------------------------------------------------------------------


def staffing(**changes: object) -> pd.DataFrame:
    return sample("staffing").set_axis([10, 11, 12]).assign(**changes)


@pytest.mark.parametrize(
    ("frame", "code", "row", "column", "found"),
    [
        (staffing().drop(columns="headcount"), "missing_column", None, "headcount", None),
        (staffing(nurses=1), "unknown_column", None, "nurses", None),
        (staffing(headcount=[1.5, 2.5, 3.5]), "not_whole", None, "headcount", "float64"),
        (
            staffing(headcount=pd.Series([1, "x", 3], dtype="object").to_numpy()),
            "not_whole",
            11,
            "headcount",
            "x",
        ),
        (staffing(full_time_equivalent=[1.0, -2.0, None]), "negative", 11, "full_time_equivalent", "-2.0"),
        (staffing(year=pd.array([2020, 2021, 1800], dtype="Int64")), "out_of_range", 12, "year", "1800"),
        (staffing(cadre=pd.array(["doctor", "dr", "nurse"], dtype="str")), "not_allowed", 11, "cadre", "dr"),
        (staffing(station=pd.array(["A", "b c", "C"], dtype="str")), "not_allowed", 11, "station", "b c"),
        (staffing(station=pd.array(["A", None, "C"], dtype="str")), "missing_value", 11, "station", None),
        (
            staffing(permanent=pd.array([0, 7, None], dtype="Int64")),
            "inconsistent",
            11,
            "permanent, headcount",
            "permanent = 7, headcount = 1",
        ),
    ],
)
def test_a_broken_contract_is_refused_with_its_place(
    store: Store, frame: pd.DataFrame, code: str, row: int | None, column: str, found: str | None
) -> None:
    old = written(store, "population")
    with pytest.raises(Refused) as refused:
        store.write({"staffing": (frame, PROVENANCE)}, message="m", base=old)
    match = [problem for problem in refused.value.problems if problem.code == code]
    assert [(problem.file, problem.row, problem.column) for problem in match] == [("staffing", row, column)]
    if found:
        assert match[0].found == found
    assert store.current() == old
    assert len(store.snapshots()) == 1


def test_duplicates_are_refused_once_a_row_and_every_table_is_checked(store: Store) -> None:
    twice = pd.concat([staffing(), staffing().iloc[[0]].set_axis([13])])
    population = sample("population").assign(total=pd.array([5, 5, -1], dtype="Int64"))
    with pytest.raises(Refused) as refused:
        store.write({"staffing": (twice, PROVENANCE), "population": (population, PROVENANCE)}, message="m")
    places = {(problem.file, problem.code, problem.row) for problem in refused.value.problems}
    assert {
        ("staffing", "duplicate", 10),
        ("staffing", "duplicate", 13),
        ("population", "negative", 2),
    } <= places
    duplicate = next(problem for problem in refused.value.problems if problem.code == "duplicate")
    assert duplicate.found == "station = TYT-00001, year = 1992, cadre = doctor"
    assert store.current() is None


def test_rows_about_unknown_stations_and_communes_are_refused(store: Store) -> None:
    base = written(store, "stations", "staffing")
    stray = sample("staffing").assign(station=pd.array(["TYT-00001", "TYT-X", "TYT-X"], dtype="str"))
    with pytest.raises(Refused) as refused:
        store.write({"staffing": (stray, PROVENANCE)}, message="m", base=base)
    assert [(p.code, p.row, p.column, p.found) for p in refused.value.problems] == [
        ("not_allowed", 1, "station", "TYT-X")
    ]
    fewer = sample("stations").iloc[:2]
    with pytest.raises(Refused, match="TYT-99999"):
        store.write({"stations": (fewer, PROVENANCE)}, message="m", base=base)

    units = sample("units").assign(
        level=pd.array(["commune"] * 3, dtype="str"), code=pd.array(["00001", "31198", "31198"], dtype="str")
    )
    assert units["geography"].tolist() == ["legacy", "current", "legacy"]
    people = (
        sample("population")
        .iloc[[0, 1, 1]]
        .assign(
            geography=pd.array(["legacy", "current", "current"], dtype="str"),
            commune=pd.array(["00001", "31198", "00001"], dtype="str"),
        )
    )
    with pytest.raises(Refused) as refused:
        store.write({"units": (units, PROVENANCE), "population": (people, PROVENANCE)}, message="m")
    assert [(p.code, p.file, p.found) for p in refused.value.problems] == [
        ("unknown_unit", "population", "00001")
    ]


def test_provenance_knows_only_three_natures() -> None:
    with pytest.raises(ValueError, match="nature"):
        Provenance(title="t", producer="p", date="2020", licence="l", nature="invented")  # type: ignore[arg-type]


# -- export and places -------------------------------------------------------------------------------------


def test_export_is_for_excel_and_never_a_formula(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no snapshot"):
        store.export(tmp_path / "out")
    snapshot = written(store, "stations", "pilots", message="quý 3")
    paths = store.export(tmp_path / "out" / "2024")
    assert {path.name for path in paths} == {"stations.csv", "pilots.csv", "manifest.json"}

    raw = (tmp_path / "out" / "2024" / "stations.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert [row["name"] for row in rows] == [TEXTS[0], "'" + TEXTS[1], "'" + TEXTS[2]]
    assert [row["latitude"] for row in rows] == ["-88.0", "-89.0", ""]
    assert [row["legacy_commune"] for row in rows] == ["00001", "31198", "99999"]

    manifest = json.loads((tmp_path / "out" / "2024" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["id"], manifest["message"]) == (snapshot.id, "quý 3")
    table = manifest["tables"]["stations"]
    assert table["provenance"]["title"] == PROVENANCE.title
    assert (table["file"], table["key"], table["rows"]) == ("stations.csv", ["station"], 3)
    assert table["columns"]["zone"] == {
        "type": "Int64",
        "may_be_missing": True,
        "rules": ["isin([1, 2, 3])"],
    }


def test_the_location_comes_from_the_argument_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATLAS_STORE", raising=False)
    assert open_store().location == ".atlas/store"
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "env"))
    assert open_store().location == str(tmp_path / "env")
    assert open_store(tmp_path / "arg").location == str(tmp_path / "arg")
    assert not list(tmp_path.iterdir())
    with pytest.raises(StoreError, match=r"postgresql://"):
        open_store("mysql://localhost/atlas")
