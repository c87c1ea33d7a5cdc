"""The PostgreSQL server of the tests: the one ``ATLAS_TEST_POSTGRES`` names, or this machine's own if it answers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

HERE = "postgresql://postgres@127.0.0.1:5432/test"
SKIPPED = "no PostgreSQL server answers, or its driver is not installed"


@cache
def server() -> str:
    """Return the server's address, "" where none answers or there is no driver."""
    address = os.environ.get("ATLAS_TEST_POSTGRES", HERE)
    try:
        import psycopg

        psycopg.connect(address, connect_timeout=3).close()
    except ImportError:
        return ""
    except psycopg.OperationalError:
        return ""
    return address


needs_server = pytest.mark.skipif(not server(), reason=SKIPPED)


@contextmanager
def schema() -> Iterator[str]:
    """Make a schema of a test's own, and yield the address at which it is the only one seen."""
    import psycopg

    name = f"atlas_test_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            joint = "&" if "?" in server() else "?"
            yield f"{server()}{joint}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")
