from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pandas as pd
import pytest

from data import database_store
from data.contracts import TABLES
from data.store import Store, StoreError, open_store
from tests.data.samples import PROVENANCE, sample
from tests.data.world import LEVELS, check_against_loops, country

SERVER = os.environ.get("ATLAS_TEST_POSTGRES", "")
needs_server = pytest.mark.skipif(not SERVER, reason="ATLAS_TEST_POSTGRES names no server")


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an empty store in a schema of its own."""
    psycopg = pytest.importorskip("psycopg")
    schema = f"atlas_test_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            joint = "&" if "?" in SERVER else "?"
            yield open_store(f"{SERVER}{joint}options=-csearch_path%3D{schema}")
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


def written(store: Store, *names: str, **options: object) -> str:
    return store.write({name: (sample(name), PROVENANCE) for name in names}, message="m", **options).id  # type: ignore[arg-type]


@needs_server
def test_the_same_content_has_the_same_id_and_comes_back_exactly(store: Store, tmp_path: object) -> None:
    assert store.current() is None
    assert store.snapshots() == []
    folder = open_store(tmp_path)  # type: ignore[arg-type]
    for name in TABLES:
        assert written(store, name) == written(folder, name)
        here, there = store.current(), folder.current()
        assert here is not None
        assert there is not None
        here.verify()
        pd.testing.assert_frame_equal(here.frame(name), there.frame(name))
        assert here.table(name).count().execute() == 3


@needs_server
def test_queries_give_what_plain_loops_give(store: Store) -> None:
    world = country(Random(7), provinces=3)
    tables = {name: (frame, PROVENANCE) for name, frame in world.frames().items()}
    check_against_loops(world, store.write(tables, message="world"), LEVELS)


@needs_server
def test_a_write_that_fails_leaves_the_old_snapshot(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = written(store, "population")

    def fails(*_: object) -> None:
        raise OSError("the server went away")

    with monkeypatch.context() as patched:
        patched.setattr(database_store.DatabaseStore, "point", fails)
        with pytest.raises(OSError, match="went away"):
            written(store, "staffing", "insurance")
    current = store.current()
    assert current is not None
    assert current.id == old
    assert len(store.snapshots()) == 1
    new = written(store, "staffing", base=current)
    with pytest.raises(StoreError, match="changed since"):
        written(store, "insurance", base=current)
    assert store.rollback(old).id == old
    with pytest.raises(StoreError, match="no snapshot"):
        store.rollback("0123456789ab")
    assert {info.id for info in store.snapshots()} == {old, new}


@needs_server
def test_writers_take_turns_and_readers_have_their_own_connections(store: Store) -> None:
    def write(n: int) -> int:
        frame = sample("population").assign(total=pd.array([n + 10] * 3, dtype="Int64"))
        snapshot = store.write({"population": (frame, PROVENANCE)}, message=str(n))
        return int(snapshot.table("population").count().execute())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, range(8))) == [3] * 8
    assert len(store.snapshots()) == 8


@needs_server
def test_a_lost_or_changed_table_is_found(store: Store) -> None:
    written(store, "population")
    snapshot = store.current()
    assert snapshot is not None
    stored = f"population__{snapshot.tables['population'].sha256[:12]}"
    connection = store._keeper._connection()  # type: ignore[attr-defined]
    connection.execute(f"UPDATE {stored} SET total = total + 1")
    with pytest.raises(StoreError, match="damaged: population"):
        snapshot.verify()
    connection.execute(f"DROP TABLE {stored}")
    with pytest.raises(StoreError, match=stored):
        snapshot.frame("population")


@needs_server
def test_another_writer_is_waited_for_and_then_reported(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(store, "population")
    monkeypatch.setattr(database_store.DatabaseStore, "patience", 0.05)
    with (
        ThreadPoolExecutor(1) as pool,
        store._keeper.writing(),
        pytest.raises(StoreError, match="another process"),
    ):
        pool.submit(written, store, "staffing").result()


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_store, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install -r requirements-postgres\.txt"):
        open_store("postgresql://somewhere/atlas")


def test_an_unreachable_server_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg")
    store = open_store("postgresql://atlas:secret@127.0.0.1:1/atlas")
    with pytest.raises(StoreError, match=r"postgresql://127\.0\.0\.1:1/atlas") as error:
        store.current()
    assert "secret" not in error.value.text("vi") + str(error.value)
