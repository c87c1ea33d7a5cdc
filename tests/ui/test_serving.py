"""The running server: however it is started it has the settings it needs, and sessions go when visitors leave."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from bench._visitor import visiting
from tests.asked import asked
from tests.conftest import ROOT

SETTINGS = {"server.fileWatcherType": "none", "runner.postScriptGC": False}
README = re.compile(r"^\.venv\\Scripts\\streamlit (run .+)$", re.M)
MAKE = re.compile(r"^\t\$\(BIN\)/streamlit (run .+)$", re.M)


def _started(path: str, command: re.Pattern[str]) -> list[str]:
    """Return the arguments of ``streamlit`` in the one place where a file starts the app."""
    (found,) = command.findall((ROOT / path).read_text("utf-8"))
    return re.sub(r" --server.port \S+", "", found).split()


@pytest.mark.parametrize("way", ["README", "from another folder"])
def test_the_server_has_the_settings_it_needs(way, demo_store, tmp_path):
    told = way == "README"
    arguments = _started("README.md", README) if told else ["run", str(ROOT / "app.py")]
    with asked(arguments, ROOT if told else tmp_path, ATLAS_STORE=str(demo_store)) as app:
        assert {name: app.setting(name) for name in SETTINGS} == SETTINGS


def test_both_readmes_start_the_app_alike():
    assert _started("README.md", README) == _started("README.vi.md", README)


def test_a_session_is_gone_after_its_visitor(demo_store: Path):
    lasting = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with asked(_started("Makefile", MAKE), ROOT, ATLAS_STORE=str(demo_store), **lasting) as app:
        assert {name: app.setting(name) for name in SETTINGS} == SETTINGS
        for page in ("overview", "staffing", "compliance", "overview", "targets", "overview"):
            with visiting(app.url) as visitor:
                visitor.open(page, "province=92&lang=vi")
        with visiting(app.url) as there:
            there.open("overview")
            assert app.count("LocalSourcesWatcher") == 0  # nobody watches files
            assert app.count("AppSession") > 1  # one may come back for a while
        time.sleep(1.5)
        with visiting(app.url) as last:
            last.open("overview")
        # The last may still be there; of those before nothing holds one.
        assert app.count("AppSession") <= 2
