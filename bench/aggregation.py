"""A country of stations summed to units and years in the engine: seconds and peak memory, each in a process of its own.

10,035 stations (one per former commune) report 20 activities in each of 72 months: 14 million rows, and ten times as
many stations for 10x, to show how it grows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import ibis

from bench import Promise
from data.query import Measure, measure_sums
from data.store import Snapshot
from data.units import crosswalk, units

ACTIVITIES = 20
GOALS = (("legacy", "commune"), ("current", "province"))


class Country:
    """Stands in for a snapshot: writing 144 million rows through the contracts is not what is measured."""

    def __init__(self, folder: Path) -> None:
        self.engine = ibis.duckdb.connect()
        self.tables = {path.stem: self.engine.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}

    def table(self, name: str) -> ibis.Table:
        return self.tables[name]


def measure() -> Iterator[Promise]:
    """Measure 1x and 10x."""
    for times in (1, 10):
        with tempfile.TemporaryDirectory() as folder:
            # In a process of its own too: a child is charged with its parent's peak.
            rows = _process("build", folder, str(times))["rows"]
            yield Promise(name=f"synthetic country, {times}x", measured=rows / 1e6, limit=None, unit="M rows")
            for geography, level in GOALS:
                found = _process("sum", folder, geography, level)
                name = f"20 measures by {geography} {level} and year, {times}x"
                yield Promise(name=name, measured=found["seconds"], limit=None, unit="s")
                yield Promise(
                    name="the same, peak memory", measured=found["megabytes"], limit=None, unit="MB"
                )


def _process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.aggregation", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _build(folder: Path, times: int) -> dict[str, float]:
    """Write the country's tables: every value is told by its station, month and activity."""
    engine = ibis.duckdb.connect()
    links = crosswalk()
    home = links[links["main"]].set_index("legacy_commune")["current_commune"]
    units().to_parquet(folder / "units.parquet")
    links.to_parquet(folder / "crosswalk.parquet")
    engine.con.register("home", home.reset_index())
    engine.raw_sql(
        f"""copy (select 'TYT-' || legacy_commune || '-' || copy as station, legacy_commune, current_commune
        from home, range({times}) as copies(copy)) to '{folder}/stations.parquet'"""
    )
    engine.raw_sql(
        f"""copy (select station, strftime(date '2020-01-01' + to_months(m::int), '%Y-%m') as month,
        'a' || a as activity, (hash(station, m, a) % 500)::double as quantity
        from '{folder}/stations.parquet', range(72) as months(m), range({ACTIVITIES}) as kinds(a))
        to '{folder}/activity_monthly.parquet'"""
    )
    return {"rows": float(engine.read_parquet(folder / "activity_monthly.parquet").count().execute())}


def _sum(folder: Path, geography: str, level: str) -> dict[str, float]:
    country: Any = Country(folder)
    wanted = {
        f"a{i}": Measure(table="activity_monthly", column="quantity", where={"activity": [f"a{i}"]})
        for i in range(ACTIVITIES)
    }
    start = time.perf_counter()
    found = measure_sums(cast("Snapshot", country), wanted, geography=geography, level=level)
    seconds = time.perf_counter() - start
    assert found["value"].notna().all()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": megabytes}


if __name__ == "__main__":
    what, where, *rest = sys.argv[1:]
    done = _build(Path(where), int(rest[0])) if what == "build" else _sum(Path(where), *rest)
    print(json.dumps(done))
