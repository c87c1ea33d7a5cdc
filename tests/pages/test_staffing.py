"""Every tab of the staffing page, in both languages and geographies, and what it says to bad parameters."""

from __future__ import annotations

import re
import shutil
from html import unescape

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from answers.staffing.numbers import shipped_parameters
from answers.words import language, t
from metrics import registry
from metrics.registry import norms
from metrics.wisn_parameters import WisnParameters
from tests.pages.test_pages import open_page, said

TABS = ("norms", "cadre", "fair", "spread", "access", "rotation", "ahead")
pytestmark = pytest.mark.usefixtures("demo")


def open_tab(name: str, **params: str) -> AppTest:
    at = open_page("staffing", **({"province": "92", "lang": "en"} | params))
    with language(params.get("lang", "en")):
        at.session_state["staffing.tabs"] = t(f"staffing.tab.{name}")
    return at.run()


def fine(at: AppTest) -> None:
    assert not at.exception
    assert not at.error, [error.value for error in at.error]


@pytest.mark.parametrize(
    "params",
    [
        {"geography": "legacy", "lang": "vi"},
        {"geography": "legacy", "level": "district", "lang": "en", "unit": "916"},
        {"geography": "current", "lang": "en", "year": "2020"},
        {"geography": "current", "lang": "vi", "province": "all"},
    ],
)
def test_every_tab_renders(params):
    at = open_page("staffing", **({"province": "92"} | params))
    for name in TABS:
        with language(params["lang"]):
            at.session_state["staffing.tabs"] = t(f"staffing.tab.{name}")
        at.run()
        fine(at)
        assert len(said(at)) > 3000, name


def solve(at: AppTest) -> AppTest:
    return next(button for button in at.button if "FormSubmitter" in str(button.key)).click().run()


def test_the_planner_answers_behind_its_button():
    at = open_tab("rotation", geography="current")
    assert len(at.get("deck_gl_json_chart")) == 0
    at = solve(at)
    fine(at)
    assert len(at.get("deck_gl_json_chart")) == 1
    assert "Proven optimal" in said(at)
    assert "ArcLayer" in at.get("deck_gl_json_chart")[0].proto.json


def test_a_plan_that_cannot_be_says_which_rule_is_to_blame():
    at = open_tab("rotation", geography="current")
    with language("en"):
        km = next(field for field in at.number_input if field.label == t("staffing.rotation.km"))
    km.set_value(0.0)
    at = solve(at)
    assert not at.exception
    assert any("distance" in error.value for error in at.error)


def test_an_impossible_norm_is_explained_and_a_possible_one_shows_its_effect():
    at = open_tab("norms")
    for name in ("what_if", "workload", "documents"):
        at.session_state[f"staffing.norms.{name}"] = True
    at.run()
    at.number_input(key="staffing.what_if.base").set_value(0).run()
    assert not at.exception
    assert any("at least 1" in error.value for error in at.error)
    at.number_input(key="staffing.what_if.base").set_value(6).run()
    fine(at)
    with language("en"):
        assert t("staffing.what_if.then") in said(at)


def test_assumptions_that_cannot_be_are_explained():
    at = open_tab("ahead", geography="current")
    with language("en"):
        loss = next(field for field in at.number_input if field.label == t("staffing.ahead.loss"))
    loss.set_value(100.0).run()
    assert not at.exception
    assert any("100%" in error.value for error in at.error)


def test_a_detour_below_one_is_explained():
    at = open_tab("access")
    at.number_input(key="staffing.access.detour").set_value(0.5).run()
    assert not at.exception
    assert len(at.error) == 1


def test_a_province_s_own_parameters_are_used():
    shipped = shipped_parameters()
    twice = [row.model_copy(update={"minutes": 2 * row.minutes}) for row in shipped.activities]
    own: WisnParameters = shipped.model_copy(update={"activities": tuple(twice), "nature": "real"})
    at = open_tab("norms")
    before = said(at)
    at.session_state["staffing.workload.parameters"] = own
    at.run()
    fine(at)
    assert said(at) != before


def open_norms(lang: str) -> str:
    at = open_tab("norms", lang=lang)
    at.session_state["staffing.norms.documents"] = True
    at.run()
    fine(at)
    return said(at)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_norm_of_the_folder_is_on_the_page(lang):
    text = open_norms(lang)
    for norm in norms().values():
        assert norm.name.in_(lang) in text
        assert norm.source.document.in_(lang) in text


def test_a_new_norm_is_on_the_page_and_computed_because_its_file_is_there(monkeypatch, tmp_path):
    shutil.copytree(registry.NORMS, tmp_path / "norms")
    fixed = yaml.safe_load((registry.NORMS / "circular_03_2023.yaml").read_text(encoding="utf-8"))
    fixed |= {
        "id": "province_rule",
        "base": 9,
        "name": {"vi": "Quy định của tỉnh", "en": "The province's rule"},
    }
    (tmp_path / "norms/province_rule.yaml").write_text(yaml.safe_dump(fixed), encoding="utf-8")
    monkeypatch.setattr(registry, "NORMS", tmp_path / "norms")
    registry.norms.cache_clear()
    try:
        at = open_tab("norms", province="83", year="2022")  # nothing of which is kept yet
        fine(at)
        rows = [row for row in said(at).split("<tr") if "The province's rule" in unescape(row)]
        assert rows
        assert any(re.search(r"\d+–\d+|\d{3}", row) for row in rows)
    finally:
        monkeypatch.undo()
        registry.norms.cache_clear()
