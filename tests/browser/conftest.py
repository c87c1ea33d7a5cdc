"""The running app, driven in the system's Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench._browser import CHROMIUM, ROOT, chromium, serving

SCREENSHOTS = Path(__file__).parent / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium on this machine: browser tests were skipped")
                )


@pytest.fixture(scope="session")
def app_url(demo_store: Path) -> Iterator[str]:
    """Start the app on the illustrative store and return its address."""
    if CHROMIUM is None:
        pytest.fail("REQUIRE_BROWSER is set, and there is no Chromium")
    with serving(ROOT / "app.py", ATLAS_STORE=str(demo_store)) as url:
        yield url


@pytest.fixture(scope="session")
def browser(app_url: str) -> Iterator[Any]:
    """Return a Chromium; the app is up first, because it takes longer to start."""
    with chromium() as found:
        yield found
