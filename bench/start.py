"""Right after a start: how long the first visitor waits for a painted map, beside a server that has been up a while."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench import Promise
from bench._browser import ROOT, chromium, serving
from bench.maps import PAINTED
from data.demo import build_snapshot
from data.store import open_store

ADDRESS = "/overview?province=92&lang=en"
STARTS = 3
WARM = 60  # seconds


def _painted(browser: Any, url: str) -> float:
    """Return the seconds until a browser that knows nothing of the page has painted its map."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url + ADDRESS)
    page.wait_for_function(PAINTED, arg="(", timeout=120_000)
    spent = time.perf_counter() - start
    context.close()
    return spent


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set; each start is followed by its own warm loads.

    The first start is not counted: the browser itself is new then.
    """
    first, warm = [], []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        build_snapshot(open_store(Path(folder)))
        for _ in range(1 + STARTS):
            with serving(ROOT / "app.py", ATLAS_STORE=folder) as url:
                first.append(_painted(browser, url))
                time.sleep(WARM)
                warm += [_painted(browser, url) for _ in range(STARTS)]
    yield Promise(
        name="first visitor's painted map right after a start, beside a warm server",
        measured=median(first[1:]) / median(warm),
        limit=2,
        unit="x",
        beside=f"{median(first[1:]):.2f} s, warm {median(warm):.2f} s",
    )
