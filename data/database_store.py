"""Snapshots in PostgreSQL, for several app servers that share them.

``atlas_snapshots`` holds the manifests, ``atlas_current`` the pointer, and each content of a table is a table of
its own, named by its hash. A write is one transaction: it is there whole, or not at all. The driver is an
optional extra (``requirements-postgres.txt``).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final, LiteralString
from urllib.parse import urlsplit

import ibis
import pyarrow
import pyarrow.csv
from pydantic import ValidationError

from data.canonical import arrow_schema, ibis_table, ordered, to_bytes
from data.failures import store_errors
from data.manifest import SnapshotInfo, StoreError, say_waiting

try:
    import psycopg
    from psycopg import sql
except ImportError:  # without the extra, only the folder store is there
    psycopg = None  # type: ignore[assignment]

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS atlas_snapshots (id text PRIMARY KEY, manifest text NOT NULL);
CREATE TABLE IF NOT EXISTS atlas_current (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    id text NOT NULL REFERENCES atlas_snapshots
)
"""
_TYPES: Final = {
    pyarrow.string(): "text",
    pyarrow.int64(): "bigint",
    pyarrow.float64(): "double precision",
    pyarrow.bool_(): "boolean",
    pyarrow.timestamp("us"): "timestamp",
}
# Seconds, and milliseconds: a server that does not answer is not waited for as long as the system would.
_SETTINGS: Final = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
# What text is read in, whatever the server's own settings are.
_SPEAKS: Final = {"client_encoding": "UTF8"}
_WRITERS: Final = 0x61746C6173  # the advisory lock writers take, "atlas" in ASCII


class DatabaseStore:
    """The store's tables. Only :class:`data.store.Store` uses it."""

    patience: float = 60.0  # seconds to wait for another writer

    def __init__(self, url: str) -> None:
        if psycopg is None:
            raise StoreError("no_driver", "pip install -r requirements-postgres.txt")
        try:
            parts = urlsplit(url)
        except ValueError:
            raise StoreError("unknown_location", "postgresql://…") from None  # what it says may be a password
        server = parts.netloc.rpartition("@")[2]
        self.location = parts._replace(netloc=server, query="").geturl()  # shown, so without the password
        self._url = url
        self._thread = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a write as one transaction, and keep other writers out."""
        with store_errors(self.location):
            connection = self._alive()
        try:
            with connection.transaction():
                self._keep_others_out(connection)
                connection.execute(_TABLES)
                yield
        except psycopg.errors.LockNotAvailable:
            raise StoreError("locked", self.location) from None
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise StoreError("lost", f"{self.location} ({_first_line(error)})") from error
        except psycopg.Error as error:
            raise StoreError("database", f"{self.location} ({_first_line(error)})") from error

    def _keep_others_out(self, connection: psycopg.Connection[Any]) -> None:
        free = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_WRITERS]).fetchone()
        if free and not free[0]:
            say_waiting(self.location)
            connection.execute("SELECT set_config('lock_timeout', %s, true)", [f"{self.patience}s"])
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])

    def current(self) -> str | None:
        """Return the id the pointer names, None in an empty store."""
        rows = self._select("SELECT id FROM atlas_current")
        return rows[0] if rows else None

    def info(self, snapshot: str) -> SnapshotInfo:
        """Return the manifest of a snapshot; StoreError when there is none."""
        rows = self._select("SELECT manifest FROM atlas_snapshots WHERE id = %s", snapshot)
        if not rows:
            raise StoreError("unknown_snapshot", snapshot)
        try:
            return SnapshotInfo.model_validate_json(rows[0])
        except ValidationError as error:
            raise StoreError("damaged", f"{self.location} {snapshot}") from error

    def ids(self) -> list[str]:
        """Return the id of every snapshot."""
        return self._select("SELECT id FROM atlas_snapshots")

    def add(self, info: SnapshotInfo, tables: Mapping[str, pyarrow.Table]) -> None:
        """Write a snapshot's new tables and its manifest, and make it current."""
        for name, table in tables.items():
            stored = _stored_as(name, info.tables[name].sha256)
            if not self._has(stored):
                self._put(stored, table)
        insert = "INSERT INTO atlas_snapshots VALUES (%s, %s) ON CONFLICT DO NOTHING"
        self._connection().execute(insert, [info.id, info.json_text()])
        self.point(info.id)

    def point(self, snapshot: str) -> None:
        """Make a snapshot current."""
        upsert = (
            "INSERT INTO atlas_current (id) VALUES (%s) ON CONFLICT (sole) DO UPDATE SET id = excluded.id"
        )
        self._connection().execute(upsert, [snapshot])

    def arrow(self, name: str, sha256: str) -> pyarrow.Table:
        """Return a table's content."""
        stored = _stored_as(name, sha256)
        if not self._has(stored):
            raise StoreError("damaged", f"{name}: {stored}")
        with store_errors(self.location):
            return ordered(name, self._got(name, stored))

    def digest(self, name: str, sha256: str) -> str:
        """Return the hash a table's content has now."""
        return hashlib.sha256(to_bytes(self.arrow(name, sha256))).hexdigest()

    def table(self, name: str, sha256: str) -> ibis.Table:
        """Return a table for queries, tied to the calling thread's connection."""
        stored = _stored_as(name, sha256)
        if not self._has(stored):
            raise StoreError("damaged", f"{name}: {stored}")
        with store_errors(self.location):
            return ibis_table(ibis.postgres.from_connection(self._connection()), name, stored)

    def _select(self, query: LiteralString, *values: str) -> list[str]:
        """Return one column of the store's own tables, which the first write makes."""
        if not self._has("atlas_current"):
            return []
        with store_errors(self.location):
            return [value for (value,) in self._connection().execute(query, values)]

    def _has(self, stored: str) -> bool:
        with store_errors(self.location):
            row = self._alive().execute("SELECT to_regclass(%s) IS NOT NULL", [stored]).fetchone()
        return bool(row and row[0])

    def _alive(self) -> psycopg.Connection[Any]:
        """Return this thread's connection, made anew if the server has closed it since."""
        connection = self._connection()
        if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            try:
                connection.execute("SELECT 1")
            except psycopg.Error:
                connection.close()
                connection = self._connection()
        return connection

    def _got(self, name: str, stored: str) -> pyarrow.Table:
        """Read a table whole, as text parsed by Arrow: row by row it takes a hundred times longer."""
        schema = arrow_schema(name)
        columns = sql.SQL(", ").join(map(sql.Identifier, schema.names))
        asked = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT csv, HEADER)").format(sql.Identifier(stored), columns)
        content = BytesIO()
        with self._connection().cursor().copy(asked) as copy:
            for piece in copy:
                content.write(piece)
        content.seek(0)
        return pyarrow.csv.read_csv(
            content,
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=schema,
                null_values=[""],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )

    def _put(self, stored: str, table: pyarrow.Table) -> None:
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_TYPES[column.type]))
            for column in table.schema
        ]
        name = sql.Identifier(stored)
        cursor = self._connection().cursor()
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(columns)))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            for batch in table.to_batches(max_chunksize=10_000):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    copy.write_row(row)

    def _connection(self) -> psycopg.Connection[Any]:
        """Return this thread's connection."""
        connection: psycopg.Connection[Any] | None = getattr(self._thread, "connection", None)
        if connection is None or connection.closed:
            try:
                given = psycopg.conninfo.conninfo_to_dict(self._url)
                address = psycopg.conninfo.make_conninfo(self._url, **{**_SETTINGS, **given, **_SPEAKS})
            except psycopg.ProgrammingError:
                raise StoreError("unknown_location", self.location) from None  # it may quote a password
            with store_errors(self.location):
                connection = psycopg.connect(address, autocommit=True)
                connection.execute("SET datestyle TO ISO")
            self._thread.connection = connection
        return connection


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _stored_as(name: str, sha256: str) -> str:
    return f"{name}__{sha256[:12]}"
