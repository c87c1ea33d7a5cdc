"""Snapshots in a folder: Parquet files named by their hash, manifests, and a pointer to the current one.

Every file is written beside its place, synced and renamed into it, and the pointer is renamed last: a crash
at any instant leaves the old or the new snapshot, whole. Reads go through one in-memory DuckDB per process.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import filelock
import ibis
import pyarrow
import pyarrow.parquet
from pydantic import ValidationError

from data.canonical import ibis_table, to_bytes
from data.failures import store_errors
from data.manifest import ID, SnapshotInfo, StoreError, say_waiting

_UNFINISHED: Final = ".new-"
# A DuckDB connection is not for two threads at once: each has its own to the one engine.
_thread = threading.local()
_engine_in_use = threading.Lock()


class FolderStore:
    """The store's files. Only :class:`data.store.Store` uses it."""

    patience: float = 60.0  # seconds to wait for another writer

    def __init__(self, root: Path) -> None:
        self.root = root
        self.location = str(root)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out, and clear away what a crashed one left unfinished."""
        lock = filelock.FileLock(self.root / "lock")
        try:
            for folder in (self.root / "objects", self.root / "snapshots"):
                folder.mkdir(parents=True, exist_ok=True)
            with self._locked(lock):
                for unfinished in self.root.rglob(f"{_UNFINISHED}*"):
                    unfinished.unlink()
                yield
        except filelock.Timeout:
            raise StoreError("locked", self.location) from None
        except OSError as error:
            raise StoreError(
                "not_written", f"{error.filename or self.location} ({error.strerror or error})"
            ) from error

    @contextmanager
    def _locked(self, lock: filelock.BaseFileLock) -> Iterator[None]:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            say_waiting(self.location)
            lock.acquire(timeout=self.patience)
        try:
            yield
        finally:
            lock.release()

    def current(self) -> str | None:
        """Return the id the pointer names, None in an empty store."""
        try:
            pointer = (self.root / "CURRENT").read_bytes().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError("not_read", f"{self.root / 'CURRENT'} ({error.strerror})") from error
        if not re.match(ID.encode(), pointer):
            raise StoreError("damaged", str(self.root / "CURRENT"))
        return pointer.decode("ascii")

    def info(self, snapshot: str) -> SnapshotInfo:
        """Return the manifest of a snapshot; StoreError when there is none or it cannot be read."""
        path = self.root / "snapshots" / f"{snapshot}.json"
        if not re.match(ID, snapshot) or not path.exists():
            raise StoreError("unknown_snapshot", snapshot)
        try:
            return SnapshotInfo.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise StoreError("damaged", str(path)) from error
        except OSError as error:
            raise StoreError("not_read", f"{path} ({error.strerror})") from error

    def ids(self) -> list[str]:
        """Return the id of every snapshot."""
        return [path.stem for path in (self.root / "snapshots").glob("[!.]*.json")]

    def add(self, info: SnapshotInfo, tables: Mapping[str, pyarrow.Table]) -> None:
        """Write a snapshot's new tables, then its manifest, then make it current."""
        for name, table in tables.items():
            path, sha256 = self._object(info.tables[name].sha256), info.tables[name].sha256
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                _put(path, to_bytes(table))
        manifest = self.root / "snapshots" / f"{info.id}.json"
        if not manifest.exists():
            _put(manifest, info.json_text().encode())
        self.point(info.id)

    def point(self, snapshot: str) -> None:
        """Make a snapshot current."""
        _put(self.root / "CURRENT", f"{snapshot}\n".encode())

    def arrow(self, name: str, sha256: str) -> pyarrow.Table:
        """Return a table's content."""
        path = self._existing(name, sha256)
        with _readable(name, path):
            return pyarrow.parquet.read_table(path)

    def digest(self, name: str, sha256: str) -> str:
        """Return the hash a table's content has now."""
        path = self._existing(name, sha256)
        with _readable(name, path):
            return hashlib.sha256(path.read_bytes()).hexdigest()

    def table(self, name: str, sha256: str) -> ibis.Table:
        """Return a table for queries, tied to the calling thread's connection."""
        path = self._existing(name, sha256).resolve()
        view = f"{name}_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
        literal = str(path).replace("'", "''")
        with _engine_in_use, _readable(name, path):
            if not hasattr(_thread, "connection"):
                _thread.connection = ibis.duckdb.from_connection(_engine().cursor())
            _engine().execute(f"CREATE VIEW IF NOT EXISTS {view} AS SELECT * FROM read_parquet('{literal}')")
        return ibis_table(_thread.connection, name, view)

    def _object(self, sha256: str) -> Path:
        return self.root / "objects" / f"{sha256}.parquet"

    def _existing(self, name: str, sha256: str) -> Path:
        path = self._object(sha256)
        if not path.exists():
            raise StoreError("damaged", f"{name}: {path}")
        return path


@contextmanager
def _readable(name: str, path: Path) -> Iterator[None]:
    """Say of a file that cannot be read which it is."""
    try:
        with store_errors(f"{name}: {path}"):
            yield
    except OSError as error:
        raise StoreError("not_read", f"{name}: {path} ({error.strerror or error})") from error


def _put(path: Path, content: bytes) -> None:
    """Put a whole file in its place, or leave what was there."""
    unfinished = path.with_name(f"{_UNFINISHED}{path.name}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    if os.name != "nt":  # Windows cannot sync a folder, and does not need to
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return the process's DuckDB; it may not fetch extensions, because the hall has no network."""
    return duckdb.connect(config={"autoinstall_known_extensions": False})
