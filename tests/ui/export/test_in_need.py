"""Who is called first in need is in need, by a number that has a worse end and tells units apart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from answers import story
from answers.colours import LIGHT
from answers.figure import Spec
from answers.scope import ALL, NATION
from answers.units.areas import in_need
from answers.view import View
from answers.words import LANGUAGES
from metrics.registry import indicators
from tests.ui.export.samples import SCOPE, results

NEED = {"vi": "Cần ưu tiên", "en": "First in need"}
MOST = {"vi": ("Lớn nhất", "Cao nhất"), "en": ("Largest", "Highest")}
SCOPES = [
    replace(SCOPE, year=2025), replace(SCOPE, level="district"), replace(SCOPE, geography="current", year=2025),
    replace(SCOPE, province="86", year=2023), replace(SCOPE, province=ALL), replace(SCOPE, province=NATION),
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scope", SCOPES, ids=lambda one: f"{one.province}-{one.geography}-{one.level}")
def test_first_in_need_are_in_need(demo_store, scope, lang):
    specs = [Spec("map", name, scope) for name in indicators()]
    found = story.build(results(demo_store), specs, lang).slides
    assert len(found) > 5
    for slide in found:
        definition = indicators()[slide.spec.name]
        _, bars = slide.parts
        [series] = bars.series
        if bars.title.startswith(NEED[lang]):
            assert definition.polarity != "neutral"
            assert len(series.texts) == 1 or len(set(series.texts)) > 1, series.texts
            limit = definition.center if definition.center is not None else 100 if bars.percent else None
            assert limit is None or all(value < limit for value in series.values)
        elif bars.title.startswith(MOST[lang]):
            assert definition.polarity == "neutral"
            assert list(series.values) == sorted(series.values, reverse=True)
        else:  # nobody to name: every unit is counted instead
            assert sum(series.values) == len(slide.parts[0].codes)
        if definition.polarity == "neutral":
            assert "thấp nhất" not in slide.title
            assert "lowest" not in slide.title


def _rows(*values):
    return pd.DataFrame({"value": values})


def test_nobody_is_in_need_who_is_not_short():
    gap, ratio = indicators()["staffing_gap"], indicators()["staff_requirement_ratio"]
    assert list(in_need(_rows(-3.0, -1.0, 0.0, 2.0), gap)["value"]) == [-3.0, -1.0]
    assert in_need(_rows(0.0, 0.0, 0.0), gap).empty
    assert list(in_need(_rows(40.0, 100.0, 130.0), ratio)["value"]) == [40.0]
    covered = indicators()["health_insurance_coverage"]
    assert list(in_need(_rows(90.0, 100.0), covered)["value"]) == [90.0]
    assert in_need(_rows(10.0, 20.0), indicators()["population"]).empty


@pytest.mark.parametrize("name", [name for name, one in indicators().items() if one.polarity == "neutral"])
def test_a_list_of_a_neutral_indicator_begins_with_the_largest(demo_store, name):
    view = View(results(demo_store), SCOPE, name, "points", LIGHT)
    order = view.rows["value"].astype("float64").iloc[view._worst_first].dropna()
    assert list(order) == sorted(order, reverse=True)
    assert len(order)
