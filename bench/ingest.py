"""Reading the census export and opening a snapshot."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import Promise
from bench._browser import ROOT
from data.contracts import TABLES
from data.demo import build_snapshot
from data.store import open_store

CENSUS = ROOT.parent / "shared" / "raw" / "census2019_population_ward_urban_rural.xlsx"


def measure() -> Iterator[Promise]:
    """Measure; the census file is not part of the project, and its row is left out where it is absent."""
    with tempfile.TemporaryDirectory() as folder:
        if CENSUS.is_file():
            start = time.perf_counter()
            command = [sys.executable, "-m", "data", "ingest", str(CENSUS), "--dry-run"]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            yield Promise(
                name="ingest of the census by commune, whole country",
                measured=time.perf_counter() - start,
                limit=60,
                unit="s",
            )
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            yield Promise(name="ingest of the census, peak memory", measured=peak, limit=1000, unit="MB")
        store = open_store(Path(folder) / "store")
        start = time.perf_counter()
        build_snapshot(store)
        built = time.perf_counter() - start
        yield Promise(name="building the illustrative snapshot", measured=built, limit=60, unit="s")
        start = time.perf_counter()
        snapshot = open_store(Path(folder) / "store").current()
        assert snapshot is not None
        for name in snapshot.tables:
            snapshot.frame(name)
        loaded = time.perf_counter() - start
        yield Promise(
            name=f"loading a snapshot, all {len(snapshot.tables)} of {len(TABLES)} tables",
            measured=loaded / built,
            limit=0.5,
            unit="x",
            beside=f"{loaded:.2f} s, building it {built:.2f} s",
        )
