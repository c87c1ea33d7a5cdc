"""Slides hold the numbers of the results, exactly; what cannot be made is told and left out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from answers import story
from answers.comparable import followed
from answers.figure import AreaMap, Chart, Cover, Spec, Table
from answers.making import numbers
from answers.scope import Scope
from answers.summary import figure
from answers.words import LANGUAGES, language
from geo.units import parent_of
from metrics.registry import indicators
from tests.ui.export.samples import SCOPE, built, results

SCOPES = [SCOPE, replace(SCOPE, geography="current"), replace(SCOPE, province="all")]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: f"{s.province}-{s.geography}")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", story.STORIES)
def test_every_story_is_whole(demo_store, name, lang, scope):
    found = built(demo_store, name, lang, scope)
    assert found.missing == ()
    assert len(found.slides) == len(story.STORIES[name])
    for slide in found.slides:
        assert slide.title
        assert slide.nature == ("published" if slide.spec.kind == "rollout" else "illustrative")
        said = dict(slide.notes)
        assert any(results(demo_store).snapshot.id in words for words in said.values())
        assert len(slide.notes) >= 4


def test_the_overview_has_twelve_slides(demo_store):
    assert len(built(demo_store, "overview", "vi").slides) == 12


def test_a_map_holds_the_indicator_to_the_digit(demo_store):
    slide = next(s for s in built(demo_store, "overview", "en").slides if s.spec.name == "doctors_per_10000")
    area, ranking = slide.parts
    assert isinstance(area, AreaMap)
    assert isinstance(ranking, Chart)
    frame = results(demo_store).indicator("doctors_per_10000", "legacy", "commune")
    for code, value in zip(area.codes, area.values, strict=True):
        expected = frame["value"].get((code, 2024))
        assert value == (None if pd.isna(expected) else expected)
    [series] = ranking.series
    # The six lowest are all 0.0: naming six of so many would single them out, so the classes are counted.
    lowest = sorted(v for v in area.values if v is not None)[:6]
    assert set(lowest) == {0.0}
    counts = [count for _, count in reversed(area.legend)]
    assert list(series.values) == [*counts, *([area.no_data[1]] if area.no_data[1] else [])]
    assert sum(count for _, count in area.legend) + area.no_data[1] == len(area.codes) == 80


def test_the_cadres_add_up_to_the_staff(demo_store):
    slide = next(s for s in built(demo_store, "overview", "en").slides if s.spec.kind == "cadres")
    [chart] = slide.parts
    staff = results(demo_store).snapshot.frame("staffing")
    stations = results(demo_store).snapshot.frame("stations").set_index("station")["legacy_commune"]
    home = staff["station"].map(stations)
    ours = staff[home.map(parent_of("legacy", "commune", "province")).eq("92")]
    expected = ours.groupby("year")["headcount"].sum()
    for i, year in enumerate(chart.categories):
        assert sum(one.values[i] or 0 for one in chart.series) == expected[int(year)]


def test_a_trend_says_its_first_and_last_value(demo_store):
    slide = next(s for s in built(demo_store, "overview", "vi").slides if s.spec.kind == "trend")
    found = followed(results(demo_store).until(SCOPE.year), "stations_with_doctor", SCOPE)
    row = found.values.dropna()
    one = indicators()["stations_with_doctor"]
    with language("vi"):
        assert figure(row.iloc[0], one) in slide.title
        assert figure(row[2024], one) in slide.title
        assert found.said in slide.title
    [chart] = slide.parts
    assert list(chart.series[0].values) == list(numbers(row[row.index <= SCOPE.year]))


def test_own_words_replace_the_title_and_lead_the_notes(demo_store):
    spec = Spec("cards", "overview", SCOPE, title="Nơi cần giúp trước", note="Nói chậm")
    [slide] = story.build(results(demo_store), [spec], "vi").slides
    assert slide.title == "Nơi cần giúp trước"
    assert slide.notes[0][1] == "Nói chậm"


@pytest.mark.parametrize(
    "spec",
    [
        Spec("hologram", "", SCOPE),
        Spec("map", "happiness", SCOPE),
        Spec("map", "staffing_gap", replace(SCOPE, province="31")),
        Spec("map", "staffing_gap", replace(SCOPE, year=1999)),
        Spec("cards", "overview", replace(SCOPE, unit="00000")),
        Spec("map", "staffing_gap", replace(SCOPE, geography="future")),
        Spec("funnel", "population", SCOPE),
        Spec("blockers", "", replace(SCOPE, year=2020)),
    ],
    ids=lambda spec: f"{spec.kind}-{spec.name}-{spec.scope.province}-{spec.scope.year}",
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_made_is_told_and_the_rest_still_comes(demo_store, spec, lang):
    found = story.build(results(demo_store), [spec, Spec("cover", "overview", SCOPE)], lang)
    [(_, reason)] = found.missing
    assert reason
    assert [type(slide.parts[0]) for slide in found.slides] == [Cover]


def test_commitments_say_how_they_stand(demo_store):
    slide = built(demo_store, "commitments", "en").slides[1]
    [table] = slide.parts
    assert isinstance(table, Table)
    assert all(row[-1][0] in "●▲◆▼✕○" for row in table.rows)


def test_a_district_scope_makes_a_district_map(demo_store):
    spec = Spec("map", "communes_meeting_national_criteria", Scope("92", "legacy", "district", 2024, "en"))
    [slide] = story.build(results(demo_store), [spec], "en").slides
    assert len(slide.parts[0].codes) == 9
