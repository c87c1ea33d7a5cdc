"""A table as CSV that Excel opens: UTF-8 with a mark, its provenance on top, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pandas as pd

from answers import format as fmt
from answers import provenance
from answers.words import t
from data.store import Snapshot

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; numbers stay numbers, missing stays empty.

    >>> safe("=1+1"), safe(-3), safe("Xã An Phú")
    ("'=1+1", -3, 'Xã An Phú')
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if pd.isna(cell) else cell  # type: ignore[call-overload]


def csv_bytes(
    table: pd.DataFrame, *, index_label: str, title: str, snapshot: Snapshot, tables: Iterable[str]
) -> bytes:
    """Return the table with its scope, nature, sources and snapshot in the first lines."""
    tables = list(tables)
    sources = provenance.sources(snapshot, tables)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow([safe(title)])
    out.writerow([t(f"nature.{provenance.nature(snapshot, tables)}"), t("caption.snapshot"), snapshot.id])
    out.writerow([t("caption.source", sources="; ".join(sources)), fmt.date(snapshot.created.date())])
    out.writerow([index_label, *(safe(name) for name in table.columns)])
    for code, *cells in table.itertuples(name=None):
        out.writerow([safe(code), *(safe(cell) for cell in cells)])
    return ("\ufeff" + text.getvalue()).encode("utf-8")
