"""What all tests share: a store with the illustrative snapshot, built once per run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from data.demo import build_snapshot
from data.store import open_store
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
# How fast an example runs says nothing on a busy machine: speed is promised in bench, not here.
settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store that holds the illustrative snapshot; parallel test workers share it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "atlas-demo-store"
    with FileLock(f"{folder}.lock"):
        store = open_store(folder)
        if store.current() is None:
            build_snapshot(store)
    return folder


@pytest.fixture
def demo(demo_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the illustrative store the app's store for one test."""
    monkeypatch.setenv("ATLAS_STORE", str(demo_store))
    monkeypatch.chdir(ROOT)
    return demo_store


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests had no PostgreSQL server to run on."""
    skipped = [
        one for one in terminalreporter.stats.get("skipped", []) if postgres.SKIPPED in str(one.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests were skipped: {postgres.SKIPPED} ({postgres.HERE})"
        )
