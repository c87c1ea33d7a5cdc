"""The imported boundaries as they are kept: one file for each geography, which holds its report too.

Map and report change in one step, the renaming of that file; a copy of the report beside it is for people.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

import geopandas
import pandas as pd
import pyarrow
import pyarrow.parquet

from geo.boundaries_open import DEGREES
from geo.boundaries_places import METRES
from geo.boundaries_report import ImportReport

_REPORT: Final = b"atlas_report"
_UNFINISHED: Final = ".import-"


def boundaries_folder() -> Path:
    """Return the folder of imported boundaries: ``ATLAS_BOUNDARIES``, or ``.atlas/boundaries``."""
    return Path(os.environ.get("ATLAS_BOUNDARIES") or ".atlas/boundaries")


def boundaries_file(folder: Path, geography: str) -> Path:
    """Return where a geography's boundaries are: columns code, method, doubtful and geometry, in degrees."""
    return folder / f"{geography}.parquet"


def kept_report(folder: Path, geography: str) -> dict[str, Any] | None:
    """Return the report of the import that made a geography's boundaries, None where there is none."""
    path = boundaries_file(folder, geography)
    try:
        kept = (pyarrow.parquet.read_schema(path).metadata or {}).get(_REPORT)
    except (OSError, pyarrow.ArrowException):
        return None
    report: dict[str, Any] | None = json.loads(kept) if kept else None
    return report


def keep(report: ImportReport, shapes: pd.Series, folder: Path) -> None:
    """Put the boundaries and their report in place of the geography's former ones."""
    frame = geopandas.GeoDataFrame(
        report.matched[["method", "doubtful"]].rename_axis("code").reset_index(),
        geometry=geopandas.GeoSeries(shapes.to_numpy(), crs=METRES).to_crs(DEGREES),
    )
    frame.attrs = {"geography": report.geography, "file": report.file, "sha256": report.sha256}
    said = json.dumps(report.as_dict(), ensure_ascii=False, indent=1).encode()
    target = boundaries_file(folder, report.geography)
    folder.mkdir(parents=True, exist_ok=True)
    content = _with_report(frame, said)
    with _sole_writer(folder):
        clear_unfinished(folder)
        _put(target, content)
        _put(target.with_suffix(".report.json"), said)


def clear_unfinished(folder: Path) -> None:
    """Clear away what killed imports left behind."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        if left.is_dir():
            rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _with_report(frame: geopandas.GeoDataFrame, said: bytes) -> bytes:
    buffer = BytesIO()
    frame.to_parquet(buffer, index=False)
    table = pyarrow.parquet.read_table(buffer)
    buffer = BytesIO()
    metadata = {**(table.schema.metadata or {}), _REPORT: said}
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), buffer)
    return buffer.getvalue()


def _put(path: Path, content: bytes) -> None:
    """Put a whole file in its place, or leave what was there."""
    unfinished = path.with_name(f"{_UNFINISHED}{path.name}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def _sole_writer(folder: Path) -> Iterator[None]:
    """Keep other imports into a folder waiting; the folder itself is locked, so nothing is left in it."""
    if os.name == "nt":  # Windows cannot lock a folder; there an import goes on without
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
