"""Many visitors without browsers: how soon they are answered together, and that memory stays where it is."""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from bench import Promise
from bench._browser import ROOT, served
from bench._visitor import visiting
from data.demo import build_snapshot
from data.store import open_store

PAGES = ("overview", "staffing", "compliance", "targets", "commune", "data")
YEARS = (2022, 2023, 2024)
TOGETHER, SECONDS, THINKING = 200, 90.0, (5.0, 15.0)
SESSIONS, AT_ONCE = 500, 10
WARM = 60  # seconds


def _stay(url: str, seed: int, seconds: float) -> list[float]:
    """Open the overview, then think and change the year, again and again; return the milliseconds of each change."""
    chance, found = random.Random(seed), []
    time.sleep(chance.uniform(0, THINKING[1]))  # not all at the door in one moment
    end = time.monotonic() + seconds
    with visiting(url) as visitor:
        visitor.open("overview", "province=92")
        while time.monotonic() < end:
            time.sleep(chance.uniform(*THINKING))
            found.append(1000 * visitor.open("overview", f"province=92&year={chance.choice(YEARS)}"))
    return found


def _pass(url: str, seed: int) -> None:
    with visiting(url) as visitor:
        visitor.open(PAGES[seed % len(PAGES)], f"province=92&year={YEARS[seed % len(YEARS)]}")


def _megabytes(process: int) -> float:
    """Return how much memory a process holds now."""
    (found,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("ascii"))
    return int(found) / 1024


def _together(url: str) -> Iterator[Promise]:
    with visiting(url) as visitor:
        visitor.open("overview", "province=92")
        alone = median(
            1000 * visitor.open("overview", f"province=92&year={YEARS[i % len(YEARS)]}") for i in range(12)
        )
    with ThreadPoolExecutor(TOGETHER) as crowd:
        stays = crowd.map(lambda seed: _stay(url, seed, SECONDS), range(TOGETHER))
        found = [one for stay in stays for one in stay]
    late = quantiles(found, n=20)[-1]
    yield Promise(
        name=f"a change among {TOGETHER} visitors who think 5 to 15 s, beside one alone",
        measured=median(found) / alone,
        limit=3,
        unit="x",
        beside=f"{len(found)} changes, median {median(found):.0f} ms, p95 {late:.0f} ms; alone {alone:.0f} ms",
    )


def _passing(url: str, process: int) -> Iterator[Promise]:
    held = []
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        for half in range(2):
            first = half * SESSIONS // 2
            list(crowd.map(lambda seed: _pass(url, seed), range(first, first + SESSIONS // 2)))
            held.append(_megabytes(process))
    yield Promise(
        name=f"memory after {SESSIONS} sessions, beside after half of them",
        measured=held[1] / held[0],
        limit=1.15,
        unit="x",
        beside=f"{held[0]:.0f} MB, then {held[1]:.0f} MB",
    )


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set."""
    with tempfile.TemporaryDirectory() as folder:
        build_snapshot(open_store(Path(folder)))
        with served(ROOT / "app.py", ATLAS_STORE=folder) as (url, process):
            time.sleep(WARM)
            yield from _together(url)
            yield from _passing(url, process)
