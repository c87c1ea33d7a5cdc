"""Every tab of the national criteria page and every part of its plan, filled and empty, in both languages."""

from __future__ import annotations

from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from answers.words import catalogue
from ui.shell import ROOT

TABS = ("trend", "grid", "blocks", "commune", "plan", "checks")
PLAN = ("budget", "calendar", "joint", "shadows", "measures")
VIEWS = (
    {"lang": "vi", "province": "86", "geography": "legacy", "level": "district"},
    {"lang": "en", "province": "92", "geography": "current"},
)
EMPTY = {"lang": "vi", "province": "92", "geography": "legacy", "year": "2021"}


def opened(tab: str, part: str = "budget", **params: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in params.items():
        at.query_params[key] = value
    at.run()
    at.session_state["compliance.tabs"] = catalogue(params["lang"])[f"compliance.tab.{tab}"]
    at.session_state["compliance.plan.part"] = part
    at.switch_page("pages/compliance/page.py").run()
    assert not at.exception
    assert not at.error, [error.value for error in at.error]
    return at


def said(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view["geography"])
@pytest.mark.parametrize(
    ("tab", "key"),
    [
        ("trend", "compliance.trend.note"),
        ("grid", "compliance.grid.title"),
        ("blocks", "compliance.near.title"),
        ("commune", "compliance.profile.note"),
        ("checks", "compliance.sets.title"),
    ],
)
def test_a_tab_shows_its_part(tab, key, view):
    assert escape(str(catalogue(view["lang"])[key])) in said(opened(tab, **view))


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("part", PLAN)
def test_a_part_of_the_plan_shows_and_wears_the_badge(part):
    at = opened("plan", part, **VIEWS[0])
    assert said(at).count("badge illustrative") >= 3
    assert bool(at.select_slider) == (part in ("budget", "calendar", "joint"))


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("tab", TABS)
def test_a_year_without_sheets_names_the_table_to_load(tab):
    at = opened(tab, **EMPTY)
    told = [info.value for info in at.info]
    if tab == "checks":
        assert catalogue("vi")["compliance.check.none"] in said(at)
    else:
        assert any(str(catalogue("vi")["table.criteria_scores"]) in text for text in told)


@pytest.mark.usefixtures("demo")
def test_a_chosen_unit_is_explained_under_the_map():
    at = opened("commune", lang="en", province="86", geography="legacy", level="district", unit="855")
    assert "Thành phố Vĩnh Long" in said(at)
    [picked] = [box for box in at.selectbox if box.label == "Commune"]
    assert len(picked.options) == 10
