"""The staffing page: every tab's warm rerun beside an empty page, and the planner on all 617 stations."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from answers.results import Results
from answers.scope import Scope
from answers.staffing.plan import OBJECTIVES, Question, answer
from bench import Promise
from bench._browser import ROOT, Page, chromium, serving
from data.demo import build_snapshot
from data.store import Store, open_store
from metrics.rotation_rules import Objective

LIMITS = {"92": 0.3, "all": 1.0}
WHERE = {"92": "one province", "all": "the six provinces"}
PLANNER_LIMIT = 10


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store")
        build_snapshot(store)
        yield from _planner(store)
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('')\n")
        with (
            serving(empty) as plain,
            serving(ROOT / "app.py", rest=60, ATLAS_STORE=str(Path(folder) / "store")) as atlas,
            chromium() as browser,
        ):
            nothing = Page(browser, plain)
            for province in LIMITS:
                page = Page(browser, f"{atlas}/staffing?province={province}&geography=current")
                yield from _tabs(page, nothing, province)


def _planner(store: Store) -> Iterator[Promise]:
    snapshot = store.current()
    assert snapshot is not None
    results, scope = Results(snapshot), Scope("all", "legacy", "commune", 2025, "vi")
    for objective in OBJECTIVES:
        yield Promise(
            name=f"rotation of 617 stations, {objective.replace('_', ' ')}",
            measured=_solved(results, scope, objective),
            limit=PLANNER_LIMIT,
            unit="s",
        )


def _solved(results: Results, scope: Scope, objective: Objective) -> float:
    question = Question(norm="circular_43_2025_wisn", objective=objective, km=30, recruits=50)
    start = time.perf_counter()
    found = answer(results, scope, "points", question)
    spent = time.perf_counter() - start
    assert found.plan.proven
    assert len(found.stations) == 617
    return spent


def _tabs(page: Page, nothing: Page, province: str) -> Iterator[Promise]:
    """Measure each tab and, right beside it, the empty page: the machine may be busier at one time than another."""
    tabs = page.page.locator('[data-testid="stTab"]')
    for i in range(tabs.count()):
        name = tabs.nth(i).inner_text()
        tabs.nth(i).click()
        page.settle()
        plain, spent = nothing.rerun_seconds(), page.rerun_seconds()
        yield Promise(
            name=f"staffing, tab {name}, {WHERE[province]}: warm rerun above an empty page",
            measured=spent - plain,
            limit=LIMITS[province],
            unit="s",
            beside=f"{spent:.3f} s, an empty page {plain:.3f} s",
        )
    page.page.close()
