"""Import of real boundaries, each in a process of its own: seconds, peak memory, and what was found."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas

from bench import Promise
from data.units import crosswalk
from geo.boundaries import boundaries_file, import_boundaries

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "boundaries"
SIX_2009 = SHARED / "communes_2009_names_only_six_provinces.geojson"
CODED_2025 = SHARED / "communes_2025_coded_cantho_vinhlong.gpkg"
NATIONAL_2009 = SHARED / "communes_2009_names_only_national.parquet"


def measure() -> Iterator[Promise]:
    if not SHARED.is_dir():
        return
    with tempfile.TemporaryDirectory() as folder:
        six = _imported(SIX_2009, "legacy", folder)
        yield Promise(
            name="import of 646 polygons of 2009: communes not found, of 617",
            measured=six["expected"] - six["matched"],
            limit=617 * 0.03,
            unit="",
        )
        coded = _imported(CODED_2025, "current", folder)
        yield Promise(
            name="import of 227 coded communes: not found", measured=coded["missing"], limit=0, unit=""
        )
        yield Promise(name="import of 227 coded communes", measured=coded["seconds"], limit=None, unit="s")
        yield Promise(
            name="former communes joined, against those in force: 1 - median overlap",
            measured=1 - _overlap(Path(folder)),
            limit=0.07,
            unit="",
        )
        country = _imported(NATIONAL_2009, "legacy", folder)
        share = 1 - country["matched"] / country["expected"]
        yield Promise(
            name="import of the country's 11,163 polygons", measured=country["seconds"], limit=90, unit="s"
        )
        yield Promise(name="the same, peak memory", measured=country["megabytes"], limit=2048, unit="MB")
        yield Promise(name="the same, communes not found", measured=share * 100, limit=3, unit="%")


def _imported(path: Path, geography: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.boundaries", str(path), geography, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _overlap(folder: Path) -> float:
    """Return the median overlap of communes merged whole: their former ones joined, and as drawn in 2025."""
    old, new = (
        geopandas.read_parquet(boundaries_file(folder, geography)).to_crs(32648)
        for geography in ("legacy", "current")
    )
    links = crosswalk()
    whole = links[~links["current_commune"].isin(links["current_commune"][links["kind"] == "part"])]
    joined = old.merge(whole, left_on="code", right_on="legacy_commune").dissolve("current_commune").geometry
    both = joined.index.intersection(new["code"])
    joined, drawn = joined[both], new.set_index("code").geometry[both]
    return float((joined.intersection(drawn).area / joined.union(drawn).area).median())


def _run(path: str, geography: str, folder: str) -> None:
    start = time.perf_counter()
    report = import_boundaries(Path(path), geography=geography, output=Path(folder))
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**report.counts(), "seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    _run(*sys.argv[1:])
