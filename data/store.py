"""Snapshots: every table of the atlas at one moment, written whole and never changed.

A snapshot's id is a hash of its content and provenance. One is current; writing makes a new one current, and
rolling back moves the pointer. Where they are kept, a folder or PostgreSQL, is behind :class:`Keeper`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import ibis
import pandas as pd
import pyarrow

from data.canonical import describe, to_arrow, to_bytes, to_frame, violations
from data.database_store import DatabaseStore
from data.folder_store import FolderStore
from data.manifest import Provenance, SnapshotInfo, StoreError, TableInfo
from data.problems import Problem, Refused
from data.references import dangling

__all__ = ["Provenance", "Snapshot", "SnapshotInfo", "Store", "StoreError", "TableInfo", "open_store"]

DEFAULT: Final = ".atlas/store"
# A spreadsheet runs a cell that begins so; an apostrophe before it makes it text.
_FORMULA: Final = r"[=+\-@\t\r\n]"


class Keeper(Protocol):
    """What a place that keeps snapshots can do."""

    location: str

    def writing(self) -> AbstractContextManager[None]: ...
    def current(self) -> str | None: ...
    def info(self, snapshot: str) -> SnapshotInfo: ...
    def ids(self) -> list[str]: ...
    def add(self, info: SnapshotInfo, tables: Mapping[str, pyarrow.Table]) -> None: ...
    def point(self, snapshot: str) -> None: ...
    def arrow(self, name: str, sha256: str) -> pyarrow.Table: ...
    def digest(self, name: str, sha256: str) -> str: ...
    def table(self, name: str, sha256: str) -> ibis.Table: ...


class Snapshot:
    """One immutable snapshot. Equal snapshots of one store are interchangeable, so they can key a cache."""

    def __init__(self, keeper: Keeper, info: SnapshotInfo) -> None:
        self._keeper = keeper
        self.info = info
        self.id = info.id
        self.created = info.created
        self.message = info.message
        self.tables: Mapping[str, TableInfo] = info.tables

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and (self.id, self._keeper.location) == (
            other.id,
            other._keeper.location,
        )

    def __hash__(self) -> int:
        return hash((self.id, self._keeper.location))

    def __repr__(self) -> str:
        return f"Snapshot({self.id}, {self.message!r})"

    def table(self, name: str) -> ibis.Table:
        """Return a table to build a query on; build and run it in the thread that asked."""
        return self._keeper.table(name, self._of(name).sha256)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table with exactly its contract's types, sorted by its key."""
        return to_frame(name, self._keeper.arrow(name, self._of(name).sha256))

    def nature(self, name: str) -> str:
        """Return whether a table is real, published or illustrative."""
        return self._of(name).provenance.nature

    def verify(self) -> None:
        """Hash every table again; StoreError names the first that is missing or has changed."""
        for name, table in self.tables.items():
            if self._keeper.digest(name, table.sha256) != table.sha256:
                raise StoreError("damaged", name)

    def _of(self, name: str) -> TableInfo:
        if name not in self.tables:
            raise StoreError("missing_table", name)
        return self.tables[name]


class Store:
    """The snapshots of one place."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.location = keeper.location

    def current(self) -> Snapshot | None:
        """Return the current snapshot, None in an empty store."""
        snapshot = self._keeper.current()
        return None if snapshot is None else self.snapshot(snapshot)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return a snapshot by id; StoreError when there is none."""
        return Snapshot(self._keeper, self._keeper.info(snapshot_id))

    def snapshots(self) -> list[SnapshotInfo]:
        """Return every snapshot whose manifest can be read, the newest first; :meth:`damaged` has the others."""
        infos, _ = self._manifests()
        return sorted(infos, key=lambda info: (info.created, info.id), reverse=True)

    def damaged(self) -> dict[str, StoreError]:
        """Return what is wrong with each snapshot whose manifest cannot be read, or that lacks a table, by id."""
        infos, faults = self._manifests()
        lost: dict[tuple[str, str], StoreError | None] = {}
        for info in infos:
            for name, table in info.tables.items():
                at = name, table.sha256
                if at not in lost:
                    lost[at] = self._lost(*at)
                if error := lost[at]:
                    faults.setdefault(info.id, error)
        return faults

    def _lost(self, name: str, sha256: str) -> StoreError | None:
        """Return what keeps a table from being opened; only :meth:`Snapshot.verify` reads it all."""
        try:
            self._keeper.table(name, sha256)
        except StoreError as error:
            return error
        return None

    def _manifests(self) -> tuple[list[SnapshotInfo], dict[str, StoreError]]:
        infos, faults = [], {}
        for snapshot in self._keeper.ids():
            try:
                infos.append(self._keeper.info(snapshot))
            except StoreError as error:
                faults[snapshot] = error
        return infos, faults

    def write(
        self,
        tables: Mapping[str, tuple[pd.DataFrame, Provenance]],
        *,
        message: str,
        base: Snapshot | None = None,
    ) -> Snapshot:
        """Write these tables, and ``base``'s others, as a new snapshot and make it current.

        Raises Refused with every broken contract, or StoreError when ``base`` is no longer current: another
        writer came between, and going on would undo its work. Either way the store is untouched.
        """
        _refuse(violation for name, (frame, _) in tables.items() for violation in violations(name, frame))
        _refuse(dangling({name: frame for name, (frame, _) in tables.items()}, _kept(base)))
        new = {name: to_arrow(name, frame) for name, (frame, _) in tables.items()}
        infos = dict(base.tables) if base else {}
        for name, table in new.items():
            sha256 = hashlib.sha256(to_bytes(table)).hexdigest()
            infos[name] = TableInfo(rows=table.num_rows, sha256=sha256, provenance=tables[name][1])
        info = SnapshotInfo.of(infos, message=message, base=base.id if base else None)
        with self._keeper.writing():
            if base and self._keeper.current() != base.id:
                raise StoreError("stale_base", base.id)
            self._keeper.add(info, new)
        return self.snapshot(info.id)

    def rollback(self, snapshot_id: str) -> Snapshot:
        """Make an earlier snapshot current; StoreError, and nothing moved, when it is unknown or damaged."""
        snapshot = self.snapshot(snapshot_id)
        snapshot.verify()
        with self._keeper.writing():
            self._keeper.point(snapshot_id)
        return snapshot

    def export(self, directory: Path | str) -> list[Path]:
        """Write the current snapshot as CSV that Excel opens, and a manifest that defines every column."""
        snapshot = self.current()
        if snapshot is None:
            raise StoreError("no_snapshot", self.location)
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        written = [_write_csv(snapshot, name, folder) for name in snapshot.tables]
        manifest = snapshot.info.model_dump(mode="json")
        for name, table in manifest["tables"].items():
            table |= {"file": f"{name}.csv", **describe(name)}
        path = folder / "manifest.json"
        path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return [*written, path]


def open_store(location: str | Path | None = None) -> Store:
    """Open the store at a folder or database URL; by default ``ATLAS_STORE``, else ``.atlas/store``."""
    where = str(location or os.environ.get("ATLAS_STORE") or DEFAULT)
    if where.startswith(("postgresql://", "postgres://")):
        return Store(DatabaseStore(where))
    if "://" in where:
        raise StoreError("unknown_location", where)
    return Store(FolderStore(Path(where)))


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise Refused(found)


def _kept(base: Snapshot | None) -> Callable[[str], pd.DataFrame | None]:
    @cache
    def frame(name: str) -> pd.DataFrame | None:
        return base.frame(name) if base and name in base.tables else None

    return frame


def _write_csv(snapshot: Snapshot, name: str, folder: Path) -> Path:
    """Write one table; the byte-order mark tells Excel that the text is UTF-8."""
    frame = snapshot.frame(name)
    for column in frame.columns[frame.dtypes == "str"]:
        frame[column] = frame[column].mask(frame[column].str.match(_FORMULA), "'" + frame[column])
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return path
