"""Slides and workbooks: how long they take and how large they are; presenting: how soon a slide is seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from answers import story
from answers.results import Results
from answers.scope import ALL, Scope
from bench import Promise
from bench._browser import CHROMIUM, ROOT, Page, chromium, serving
from data.demo import build_snapshot
from data.store import open_store
from ui.draw.deck import deck
from ui.draw.xlsx import workbook

PRESENT = "/present?province=92&geography=legacy&level=commune&year=2024&lang=vi"
# Two frames after the slide stands in the page it is on the screen.
SEEN = """(button, act) => new Promise((done, fail) => {
  const stage = document.querySelector(".atlas-talk").shadowRoot.querySelector(".stage");
  const shown = () => (stage.hidden ? null : stage.querySelector(".slide.shown"));
  const before = shown(), start = performance.now();
  const spent = () => (performance.now() - start) / 1000;
  const look = () => {
    if (spent() > 20) return void fail(new Error(`nothing was shown after ${act}`));
    if (!shown() || shown() === before) return void requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => done(spent())));
  };
  if (act === "press") button.click();
  else stage.dispatchEvent(new KeyboardEvent("keydown", { key: act }));
  look();
})"""


def seen_after(page: Any, act: str) -> float:
    """Return the seconds from pressing present, or from a key, until the slide is on the screen."""
    return float(page.locator("button.begin").evaluate(SEEN, act))


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set; the app has its results already when somebody asks for slides."""
    with tempfile.TemporaryDirectory() as folder:
        build_snapshot(open_store(Path(folder)))
        yield from _files(folder)
        if CHROMIUM is not None:
            with serving(ROOT / "app.py", ATLAS_STORE=folder) as url, chromium() as browser:
                yield from _presenting(browser, url)


def _presenting(browser: Any, url: str) -> Iterator[Promise]:
    opened = Page(browser, f"{url}{PRESENT}")
    opened.page.locator("ol.strip li:nth-child(12) svg").wait_for(timeout=60_000)
    beside = f"a rerun of the page takes {opened.rerun_seconds(3):.2f} s"
    first, following = seen_after(opened.page, "press"), seen_after(opened.page, "ArrowRight")
    yield Promise(name="pressing present, first slide seen", measured=first, limit=1, unit="s", beside=beside)
    yield Promise(name="a key, next slide seen", measured=following, limit=0.5, unit="s", beside=beside)


def _files(folder: str) -> Iterator[Promise]:
    snapshot = open_store(Path(folder)).current()
    assert snapshot is not None
    results = Results(snapshot)
    for province, where, seconds in (("92", "one province", 3), (ALL, "the six provinces", 8)):
        scope = Scope(province, "legacy", "commune", 2024, "vi")
        start = time.perf_counter()
        built = story.build(results, story.specs("overview", scope), "vi")
        deck(built, lang="vi")
        cold = time.perf_counter() - start
        start = time.perf_counter()
        built = story.build(results, story.specs("overview", scope), "vi")
        made = deck(built, lang="vi")
        yield Promise(
            name=f"a deck of {len(built.slides)} slides, {where}",
            measured=time.perf_counter() - start,
            limit=seconds,
            unit="s",
            beside=f"{cold:.1f} s when nothing is computed yet",
        )
        yield Promise(name=f"its size, {where}", measured=len(made) / 1e6, limit=3, unit="MB")
    yield Promise(
        name="the same deck from the command line, everything loaded and computed anew",
        measured=_from_the_command_line(folder),
        limit=None,
        unit="s",
    )
    scope = Scope("92", "legacy", "commune", 2024, "vi")
    start = time.perf_counter()
    book = workbook(results, scope, lang="vi")
    spent = time.perf_counter() - start
    yield Promise(name="the scope as a workbook, one province", measured=spent, limit=None, unit="s")
    yield Promise(name="its size", measured=len(book) / 1e6, limit=3, unit="MB")


def _from_the_command_line(folder: str) -> float:
    """Return the seconds a process of its own takes for the deck of one province."""
    asked = ["deck", "--province", "92", "--year", "2024", "--out", str(Path(folder) / "deck.pptx")]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "ui.export", *asked],
        check=True,
        cwd=ROOT,
        env=os.environ | {"ATLAS_STORE": folder},
    )
    return time.perf_counter() - start
