"""What engines and drivers raise, turned into the store's own errors: one place knows their names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import ibis
import pyarrow

from data.manifest import StoreError

try:
    import psycopg
except ImportError:  # without the extra, only the folder store is there
    psycopg = None  # type: ignore[assignment]


@contextmanager
def store_errors(what: str = "") -> Iterator[None]:
    """Raise StoreError in place of what an engine or a driver raises; ``what`` names the place."""
    try:
        yield
    except (duckdb.Error, pyarrow.ArrowException, ibis.common.exceptions.IbisError) as error:
        raise StoreError("damaged", _said(what, error)) from error
    except Exception as error:
        if psycopg is None or not isinstance(error, psycopg.Error):
            raise
        gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        raise StoreError("unreachable" if gone else "database", _said(what, error)) from error


def fetched(query: ibis.Table) -> pyarrow.Table:
    """Run a query; StoreError when the engine cannot."""
    with store_errors():
        answer: pyarrow.Table = query.to_pyarrow()
        return answer


def _said(what: str, error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ": ".join(filter(None, [what, lines[0] if lines else type(error).__name__]))
