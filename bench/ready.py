"""Numbers that are ready, read while another visitor's are being computed: how long a reader waits."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from answers.colours import LIGHT
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import Scope
from answers.summary import overview_cards, shortage_sentence
from answers.view import view_of
from bench import Promise
from data.demo import build_snapshot
from data.store import open_store

LIMIT = 50  # ms
PAUSE = 0.02  # seconds between two looks


def _look(results: Results, scope: Scope) -> float:
    """Return the milliseconds it takes to read what the overview shows."""
    start = time.perf_counter()
    shortage_sentence(results, scope)
    overview_cards(results, scope)
    view_of(results, scope, "staffing_gap", "points", LIGHT)
    return 1000 * (time.perf_counter() - start)


def _looks(results: Results, scope: Scope, other: Future[object] | None = None) -> list[float]:
    """Look 100 times, or as long as the other computes."""
    found = []
    while len(found) < 100 if other is None else not other.done():
        found.append(_look(results, scope))
        time.sleep(PAUSE)
    return sorted(found)


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set; the other visitor asks for the evidence on the clinics."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as visitor:
        snapshot = build_snapshot(open_store(Path(folder)))
        results, scope = Results(snapshot), Scope("92", "legacy", "commune", 2024, "vi")
        _look(results, scope)
        alone = _looks(results, scope)
        start = time.perf_counter()
        other = visitor.submit(pilots.evidence, results, scope)
        beside = _looks(results, scope, other)
        other.result()
        spent = time.perf_counter() - start
    yield Promise(
        name="ready numbers while another visitor computes, the longest wait",
        measured=beside[-1],
        limit=LIMIT,
        unit="ms",
        beside=f"{len(beside)} looks in the other's {spent:.1f} s; alone at most {alone[-1]:.2f} ms",
    )
