"""The present page: pins reach the stage, a changed snapshot is told and either can be shown."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from answers import story
from answers.figure import Spec
from data.store import open_store
from pages.present.on_stage import Chosen
from tests.ui.export.samples import SCOPE
from ui.shell import ROOT


def opened(**state: object) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.query_params["lang"] = "en"
    for key, value in state.items():
        at.session_state[key.replace("_", ".")] = value
    at.run()
    return at.switch_page("pages/present/page.py").run()


@pytest.mark.usefixtures("demo")
def test_a_story_of_a_snapshot_that_is_gone_says_so_and_shows_the_current_one():
    shared = Chosen("shared", story.specs("criteria", SCOPE), "000000000000")
    at = opened(present_story=shared)
    assert not at.exception
    [warning] = at.warning
    assert "000000000000" in warning.value


def test_a_changed_snapshot_is_told_and_either_can_be_shown(demo_store, tmp_path, monkeypatch):
    folder = tmp_path / "store"
    shutil.copytree(demo_store, folder)
    store = open_store(folder)
    old = store.current()
    facts = old.frame("facts")
    new = store.write({"facts": (facts.head(3), old.tables["facts"].provenance)}, message="fewer", base=old)
    assert new.id != old.id
    monkeypatch.setenv("ATLAS_STORE", str(folder))
    monkeypatch.chdir(ROOT)
    at = opened(present_story=Chosen("shared", (Spec("cover", "overview", SCOPE),), old.id))
    [warning] = at.warning
    assert old.id in warning.value
    assert new.id in warning.value
    choice = at.button_group(key="present.which")
    choice.set_value("then").run()
    assert not at.exception


@pytest.mark.usefixtures("demo")
def test_pinned_slides_make_a_story_with_their_own_scopes():
    pins = (
        Spec("map", "staffing_gap", SCOPE),
        Spec("trend", "doctors_per_10000", replace(SCOPE, geography="current")),
    )
    at = opened(present_pins=pins)
    choice = at.selectbox(key="present.choice")
    assert "Pinned slides" in choice.options
    choice.set_value("pinned").run()
    assert not at.exception
    assert at.session_state["present.story"].specs == pins
