"""A pin is pressed and taken off again; it keeps its scope, whatever language it is seen in."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from answers import share
from answers.figure import Spec
from answers.scope import NATION
from answers.words import language
from tests.ui.export.samples import SCOPE
from ui.export import pins


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(pins, "st", SimpleNamespace(session_state={}))


def test_a_pin_is_pressed_and_taken_off():
    first, second = pins.whole("lorenz", "doctor", SCOPE, "points"), pins.whole("flow", "", SCOPE)
    for spec in (first, second):
        pins.toggle(spec)
    assert [spec.kind for spec in pins.pinned()] == ["lorenz", "flow"]
    with language("vi"):
        assert pins.tool(first)["pressed"]
    pins.toggle(first)
    assert [spec.kind for spec in pins.pinned()] == ["flow"]
    with language("en"):
        assert pins.tool(first) == {"label": "Pin to slides", "pressed": False}


def test_the_scope_is_frozen_and_the_language_is_not():
    spec = pins.of_unit("unit_trend", "staff", replace(SCOPE, unit="31120"))
    pins.toggle(spec)
    with language("en"):
        assert pins.tool(replace(spec, scope=replace(spec.scope, lang="en")))["pressed"]
        assert not pins.tool(replace(spec, scope=replace(spec.scope, year=2023)))["pressed"]
        assert not pins.tool(replace(spec, scope=replace(spec.scope, unit="31117")))["pressed"]


def test_a_chart_of_the_whole_scope_forgets_the_chosen_unit():
    chosen = replace(SCOPE, unit="31120", station="TYT-31120")
    assert pins.whole("flow", "", chosen) == pins.whole("flow", "", SCOPE)


def test_a_map_of_the_whole_country_is_pinned_as_one():
    country = replace(SCOPE, province=NATION)
    assert pins.whole("map", "population", country).scope == country
    assert pins.tool(None) is None


def test_choices_travel_with_a_link():
    spec = Spec("next", "", SCOPE, options=("3", "4.0", "near", "any", "2.0", "+TYT-31120"))
    code = share.to_code([spec], "abc")
    assert share.from_code(code, "vi") == ((spec,), "abc")


@pytest.mark.parametrize("options", [["x" * 41], ["1"] * 61, "text", [1]], ids=str)
def test_a_link_with_unfit_choices_is_refused(options):
    text = share.to_json([Spec("map", "population", SCOPE)], "abc")
    broken = json.loads(text)
    broken["slides"][0]["options"] = options
    with pytest.raises(share.StoryFileError):
        share.from_json(json.dumps(broken), "vi")
