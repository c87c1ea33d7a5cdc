from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pandas as pd
import pytest

from data import __main__ as command
from data import database_store
from data.contracts import TABLES
from data.failures import fetched
from data.store import Store, StoreError, open_store
from tests.data.samples import PROVENANCE, sample
from tests.data.world import LEVELS, check_against_loops, country
from tests.postgres import needs_server, schema


@pytest.fixture
def store() -> Iterator[Store]:
    """Return an empty store in a schema of its own."""
    with schema() as address:
        yield open_store(address)


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


@pytest.fixture
def own_server() -> Iterator[str]:
    """Return the address of a schema whose connections a test may end."""
    with schema() as address:
        yield address


def end_of(store: Store) -> None:
    """End the store's own connection from the server's side."""
    import psycopg

    keeper = store._keeper
    with psycopg.connect(keeper._url, autocommit=True) as connection:  # type: ignore[attr-defined]
        pid = keeper._connection().info.backend_pid  # type: ignore[attr-defined]
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@needs_server
@pytest.mark.parametrize("step", ["_put", "point"])
def test_a_server_lost_during_a_write_is_the_stores_own_error_and_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old = written(store, "population")
    works = getattr(database_store.DatabaseStore, step)

    def dies(keeper: object, *arguments: object) -> None:
        works(keeper, *arguments)
        end_of(store)
        works(keeper, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(database_store.DatabaseStore, step, dies)
        with pytest.raises(StoreError) as error:
            written(store, "staffing")
    assert error.value.code == "lost"
    assert "mất kết nối" in error.value.text("vi")
    current = store.current()
    assert current is not None
    assert current.id == old
    assert [info.id for info in store.snapshots()] == [old]
    new = written(store, "staffing", base=current)
    assert {info.id for info in store.snapshots()} == {old, new}


@needs_server
def test_a_connection_the_server_closed_is_made_anew(store: Store) -> None:
    old = written(store, "population")
    snapshot = store.current()
    assert snapshot is not None
    for ask in (
        store.current,
        store.snapshots,
        lambda: snapshot.frame("population"),
        lambda: snapshot.table("population"),
        lambda: written(store, "staffing"),
        lambda: store.rollback(old),
    ):
        end_of(store)
        ask()


@needs_server
def test_a_server_lost_during_a_query_is_the_stores_own_error(store: Store) -> None:
    written(store, "population")
    snapshot = store.current()
    assert snapshot is not None
    table = snapshot.table("population")
    end_of(store)
    with pytest.raises(StoreError) as error:
        fetched(table)
    assert error.value.code == "unreachable"


@needs_server
def test_a_damaged_manifest_hides_no_other(store: Store) -> None:
    good, bad = written(store, "population"), written(store, "staffing")
    lost = written(store, "insurance")
    connection = store._keeper._connection()  # type: ignore[attr-defined]
    stored = f"insurance__{store.snapshot(lost).tables['insurance'].sha256[:12]}"
    connection.execute("UPDATE atlas_snapshots SET manifest = '{' WHERE id = %s", [bad])
    connection.execute(f"DROP TABLE {stored}")
    assert [info.id for info in store.snapshots()] == [lost, good]
    assert store.damaged().keys() == {bad, lost}
    assert stored in store.damaged()[lost].text("vi")


@needs_server
def test_texts_come_back_as_they_were(store: Store) -> None:
    frame = sample("stations").assign(name=pd.array(["", 'a,"b"\nc\r\nd\\N', "NULL, NaN t"], dtype="str"))
    snapshot = store.write({"stations": (frame, PROVENANCE)}, message="m")
    names = snapshot.frame("stations").set_index("station")["name"]
    pd.testing.assert_series_equal(
        names, frame.set_index("station")["name"].sort_index(), check_index_type=False
    )


@needs_server
@pytest.mark.parametrize(
    ("lang", "said"), [("vi", "mất kết nối cơ sở dữ liệu"), ("en", "the database was lost")]
)
def test_the_commands_say_so_and_end_with_2(
    own_server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    monkeypatch.setenv("ATLAS_STORE", own_server)
    monkeypatch.setenv("ATLAS_LANG", lang)
    first = written(open_store(), "population")
    written(open_store(), "staffing")
    works = database_store.DatabaseStore.point

    def dies(keeper: database_store.DatabaseStore, snapshot: str) -> None:
        end_of(Store(keeper))
        works(keeper, snapshot)

    monkeypatch.setattr(database_store.DatabaseStore, "point", dies)
    assert command.main(["rollback", first]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "said"), [("vi", "không kết nối được"), ("en", "cannot be reached")])
def test_an_unreachable_server_is_said_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    monkeypatch.setenv("ATLAS_STORE", "postgresql://atlas:secret@127.0.0.1:1/atlas")
    monkeypatch.setenv("ATLAS_LANG", lang)
    for arguments in (["snapshots"], ["demo"], ["rollback", "0123456789ab"], ["export", "nowhere"]):
        assert command.main(arguments) == 2
        out = capsys.readouterr()
        assert said in out.err
        assert "secret" not in out.err + out.out
        assert "Traceback" not in out.err


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://atlas:secret@[host/x",
        "postgresql://atlas:secret@host:port/x",
        "postgresql://a:secret@h/x?y=z",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str) -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    with pytest.raises(StoreError) as error:
        open_store(address).current()
    assert error.value.code in ("unknown_location", "unreachable")
    assert "secret" not in error.value.text("vi") + str(error.value)


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_store, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install -r requirements-postgres\.txt"):
        open_store("postgresql://somewhere/atlas")


def test_an_unreachable_server_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg", exc_type=ImportError)
    store = open_store("postgresql://atlas:secret@127.0.0.1:1/atlas")
    with pytest.raises(StoreError, match=r"postgresql://127\.0\.0\.1:1/atlas") as error:
        store.current()
    assert "secret" not in error.value.text("vi") + str(error.value)
