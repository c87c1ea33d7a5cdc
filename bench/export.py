"""Slides and workbooks: how long they take once the results are there, and how large they are."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import Promise
from data.demo import build_snapshot
from data.store import open_store
from ui.export import story
from ui.export.deck import deck
from ui.export.xlsx import workbook
from ui.results import Results
from ui.scope import ALL, Scope


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set; the app has its results already when somebody asks for slides."""
    with tempfile.TemporaryDirectory() as folder:
        build_snapshot(open_store(Path(folder)))
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
        scope = Scope("92", "legacy", "commune", 2024, "vi")
        start = time.perf_counter()
        book = workbook(results, scope, lang="vi")
        spent = time.perf_counter() - start
        yield Promise(name="the scope as a workbook, one province", measured=spent, limit=None, unit="s")
        yield Promise(name="its size", measured=len(book) / 1e6, limit=3, unit="MB")
