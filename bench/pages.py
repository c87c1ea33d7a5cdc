"""Pages in a real browser: warm reruns beside an empty page, and what a change of indicator costs on the wire."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import Promise
from bench._browser import ROOT, Page, chromium, serving
from data.demo import build_snapshot
from data.store import open_store


def _change_bytes(page: Page) -> int:
    """Return the bytes received when the indicator changes, the second time (nothing left to load)."""
    for option in (2, 3):
        before = page.received
        page.page.locator('[data-testid="stMain"] [data-testid="stSelectbox"]').first.locator("input").click()
        page.page.get_by_role("option").nth(option).click()
        page.settle()
    return page.received - before


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('')\n")
        build_snapshot(open_store(Path(folder) / "store"))
        store = str(Path(folder) / "store")
        with (
            serving(empty) as plain,
            serving(ROOT / "app.py", rest=60, ATLAS_STORE=store) as atlas,
            chromium() as browser,
        ):
            nothing = Page(browser, plain).rerun_seconds()
            yield Promise(
                name="warm rerun of an empty Streamlit page", measured=nothing, limit=None, unit="s"
            )
            for name in ("overview", "staffing"):
                page = Page(browser, f"{atlas}/{name}?province=92")
                spent = page.rerun_seconds()
                yield Promise(
                    name=f"warm rerun of {name}, one province",
                    measured=spent / nothing,
                    limit=2,
                    unit="x",
                    beside=f"{spent:.3f} s, an empty page {nothing:.3f} s",
                )
                page.page.close()
            for province, limit in (("92", 60), ("all", 150)):
                page = Page(browser, f"{atlas}/overview?province={province}")
                kilobytes = _change_bytes(page) / 1000
                where = "one province" if province != "all" else "the six provinces"
                yield Promise(
                    name=f"websocket bytes when the indicator changes, {where}",
                    measured=kilobytes,
                    limit=limit,
                    unit="kB",
                )
                page.page.close()
