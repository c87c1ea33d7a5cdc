"""Every chart's own slide: the page's numbers in native objects, by place and language; bad choices told."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE as SHAPE

from answers import format as fmt
from answers import making as slides_common
from answers import story
from answers.colours import DARK, LIGHT
from answers.compliance import changes, lists
from answers.compliance import numbers as compliance
from answers.figure import AreaMap, Chart, Scatter, Slide, Spec, Table
from answers.pilots import next_figures
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots.sites import Ask
from answers.scope import NATION
from answers.staffing import access as staffing_access
from answers.staffing import dots as slides_dots
from answers.staffing import fair as staffing_fair
from answers.staffing import numbers as staffing
from answers.staffing import plan as staffing_plan
from answers.staffing.plan import Question
from answers.targets import numbers as targets
from answers.units import profile, score_sheets, station
from answers.words import LANGUAGES, language
from data.contracts import CADRES
from data.sources import source_said
from metrics.rotation_rules import RECRUIT
from tests.ui.export.samples import SCOPE as EARLIER
from tests.ui.export.samples import opened, results
from ui.draw import frame, picture
from ui.draw.deck import deck
from ui.draw.shapes import draw

SCOPE = replace(EARLIER, year=2025)
"""The newest year: what a slide of it shows is all that its page shows."""
ROOT = Path(__file__).resolve().parents[3]
UNIT = "31120"
WHOLE = (
    ("norms", ""), ("posts", ""), ("access", ""), ("lorenz", "doctor"), ("inequality", "staff"),
    ("ahead", "plan_281"), ("verdict_map", "verdict"), ("verdict_map", "total"), ("verdict_map", "2"),
    ("pledges", ""), ("flow", ""), ("combinations", ""), ("budget", ""), ("calendar", ""), ("deadlines", ""),
    ("outlook", "25ct-criteria"), ("outlook", "ct-clinics-2026"), ("rollout", ""), ("clinics", ""),
    ("verdicts", ""), ("events", "visits"), ("opening", "visits"), ("placebos", "visits"), ("next", ""),
    ("reach", ""), ("headcount", ""), ("stations", ""), ("rotation", ""), ("criteria_profile", f"legacy-{UNIT}"),
    ("cards", "commitments"),
)  # fmt: skip
OF_UNIT = (
    ("unit_trend", "doctors_per_10000"),
    ("unit_trend", "staff"),
    ("unit_staff", ""),
    ("unit_criteria", ""),
    ("headcount", ""),
    ("where", ""),
    ("cards", "unit"),
)
SPECS = [Spec(kind, name, SCOPE) for kind, name in WHOLE] + [
    Spec(kind, name, replace(SCOPE, unit=UNIT)) for kind, name in OF_UNIT
]


@cache
def made(store: Path, lang: str) -> tuple[Slide, ...]:
    built = story.build(results(store), SPECS, lang)
    assert built.missing == ()
    return built.slides


def one(store: Path, kind: str, name: str = "", *options: str, **scope: object) -> Slide:
    spec = Spec(kind, name, replace(SCOPE, lang="en", **scope), options=options)
    built = story.build(results(store), [spec], "en")
    assert built.missing == ()
    return built.slides[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_says_what_it_shows_and_from_what(demo_store, lang):
    for slide in made(demo_store, lang):
        assert slide.title
        assert not re.search(r"\bnan\b|None|\{", slide.title)
        assert len(slide.notes) >= 5
        for part in slide.parts:
            if isinstance(part, Chart):
                for series in part.series:
                    assert len(series.values) == len(series.texts) == len(part.categories)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_is_native_objects_with_words_and_within_the_slide(demo_store, lang):
    built = story.Story(made(demo_store, lang), ())
    made_deck = opened(deck(built, lang=lang))
    for slide, source in zip(made_deck.slides, built.slides, strict=True):
        shapes = list(slide.shapes)
        assert not [shape for shape in shapes if shape.shape_type == SHAPE.PICTURE]
        native = sum(isinstance(part, Chart | Scatter | Table) for part in source.parts)
        assert sum(shape.has_chart or shape.has_table for shape in shapes) == native
        groups = [shape for shape in shapes if shape.shape_type == SHAPE.GROUP]
        assert len(groups) == sum(isinstance(part, AreaMap) for part in source.parts)
        for shape in shapes:
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), (source.spec.kind, shape.name)
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made_deck.slide_width
            assert shape.top + shape.height <= made_deck.slide_height + 10


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_every_kind_draws_in_large_type_within_the_picture(demo_store, mode):
    for slide in made(demo_store, "vi"):
        drawn = ET.fromstring(picture.svg(slide, mode, source=False))
        for node in drawn.iter("{http://www.w3.org/2000/svg}text"):
            assert float(node.get("font-size")) >= 16, (slide.spec.kind, "".join(node.itertext()))
            assert -1 <= float(node.get("y")) <= frame.HEIGHT
            assert -1 <= float(node.get("x")) <= frame.WIDTH


@pytest.mark.parametrize(
    "scope", [{"geography": "current"}, {"province": "all"}, {"province": "84"}], ids=str
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_elsewhere_each_is_made_or_told(demo_store, scope, lang):
    specs = [Spec(kind, name, replace(SCOPE, **scope)) for kind, name in WHOLE]
    built = story.build(results(demo_store), specs, lang)
    assert len(built.slides) + len(built.missing) == len(specs)
    assert len(built.slides) >= 14
    assert all(reason for _, reason in built.missing)


@pytest.mark.parametrize(
    "spec",
    [
        Spec("map", "staffing_gap", SCOPE, options=("moon",)),
        Spec("access", "", SCOPE, options=("fast",)),
        Spec("access", "", SCOPE, options=("0.2",)),
        Spec("lorenz", "nobody", SCOPE),
        Spec("ahead", "plan_281", SCOPE, options=("middle",)),
        Spec("ahead", "no_norm", SCOPE),
        Spec("events", "happiness", SCOPE),
        Spec("events", "", SCOPE, options=("TYT-00000",)),
        Spec("events", "", replace(SCOPE, province="84")),
        Spec("next", "", SCOPE, options=("99999",)),
        Spec("next", "", SCOPE, options=("3", "5", "cover", "ready", "1", "+TYT-00000")),
        Spec("budget", "", SCOPE, options=("money",)),
        Spec("calendar", "", SCOPE, options=("communes", "1999")),
        Spec("rotation", "", SCOPE, options=("points", "one", "everything")),
        Spec("rotation", "", SCOPE, options=("points", "one", "people", "9", "15", "0", "1.3", "fixed>a")),
        Spec("outlook", "gone", SCOPE),
        Spec("verdict_map", "11", SCOPE),
        Spec("criteria_profile", "legacy-00000", SCOPE),
        Spec("unit_trend", "staff", SCOPE),
        Spec("cards", "station", replace(SCOPE, unit=UNIT), options=("TYT-00000",)),
        Spec("unit_trend", "communes_meeting_national_criteria", replace(SCOPE, unit=UNIT, year=2020)),
    ],
    ids=lambda spec: f"{spec.kind}-{spec.name}-{'-'.join(spec.options)}",
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_choice_that_cannot_be_is_told(demo_store, spec, lang):
    built = story.build(results(demo_store), [spec], lang)
    assert built.slides == ()
    [(_, reason)] = built.missing
    assert len(reason) > 10


# -- the page's numbers --------------------------------------------------------------------------------------


def test_access_inequality_and_norms_are_the_staffing_page_s(demo_store):
    source = results(demo_store)
    area = one(demo_store, "access", "", "1.5").parts[0]
    reach = staffing_access.reach(source, SCOPE, detour=1.5).units["access"]
    assert dict(zip(area.codes, area.values, strict=True)) == reach.astype("float64").to_dict()
    [curve] = one(demo_store, "lorenz", "doctor").parts
    spread = staffing_fair.spread(source, SCOPE, "doctor", "points")
    assert list(curve.series[0].ys) == [100 * value for value in spread.curve["amount"]]
    [lines] = one(demo_store, "inequality", "doctor").parts
    assert list(lines.series[0].values) == list(spread.years["gini"])
    [bars] = one(demo_store, "norms").parts
    gaps = staffing.all_gaps(source, SCOPE, "points")
    known = [staffing.lens(name, gaps[name], SCOPE.year) for name in staffing.LENSES]
    assert list(bars.series[0].values) == [lens.existing for lens in known if lens.known]


def test_the_funnel_is_the_fair_comparison_s(demo_store):
    fair = staffing_fair.compared(results(demo_store), SCOPE, "stations_with_doctor")
    [chart] = one(demo_store, "funnel", "stations_with_doctor", level=fair.level).parts
    dots = [value for series in chart.series if not series.line for value in series.ys]
    drawn = fair.units[fair.units["position"].ne("unknown")]
    assert sorted(dots) == pytest.approx(sorted(drawn["value"].astype("float64")))


def test_the_criteria_are_the_compliance_page_s(demo_store):
    source = results(demo_store)
    moves = changes.moves(source, SCOPE)
    [flow] = one(demo_store, "flow").parts
    for i, frame_ in enumerate(moves.values()):
        assert sum(series.values[i] for series in flow.series) == len(frame_)
    [table] = one(demo_store, "criteria_profile", f"legacy-{UNIT}").parts
    assert isinstance(table, Table)
    rows = compliance.of_scope(source, SCOPE)
    row = next(rows[rows["place"].eq(f"legacy-{UNIT}")].itertuples())
    shown = lists.profile(source, SCOPE, row, compliance.rule_of(SCOPE))
    with language("en"):
        assert [cells[1] for cells in table.rows] == [fmt.percent(value) for value in shown["own"]]
    area = one(demo_store, "verdict_map", "verdict").parts[0]
    units = compliance.units(source, SCOPE)
    assert sum(count for _, count in area.legend) + area.no_data[1] == len(units)
    assert area.legend[-1][1] == units["status"].eq("met").sum()


def test_the_clinics_are_the_pilots_page_s(demo_store):
    source = results(demo_store)
    found = pilots.evidence(source, SCOPE)
    [chart] = one(demo_store, "events", "visits").parts
    drawn = {
        x: y for series in chart.series if not series.line for x, y in zip(series.xs, series.ys, strict=True)
    }
    assert drawn == found.studies["visits"].events.points["estimate"].to_dict()
    [table] = one(demo_store, "verdicts").parts
    assert len(table.rows) == len(found.verdicts)
    assert {row[-1] for row in table.rows} == {verdict.grade for verdict in found.verdicts.values()}
    [rollout] = one(demo_store, "rollout").parts
    known = pilots.rollout(source, SCOPE)
    assert [
        max(v for v in pair if v) for pair in zip(*(s.values for s in rollout.series), strict=True)
    ] == list(known["value"])


def test_where_next_answers_the_very_question_that_was_asked(demo_store):
    source = results(demo_store)
    frame_ = pilots.readiness(source, SCOPE)
    free = list(frame_.index[frame_["opened"].isna()])
    ask = Ask(k=3, within=4.0, goal="near", ready_only=False, must=(free[5],), excluded=(free[0],), hard=2.0)
    options = tuple(str(part) for part in next_figures.asked(ask))
    area, bars = one(demo_store, "next", "", *options).parts
    answer = pilots_sites.answer(source, replace(SCOPE, lang="en"), ask)
    chosen = {point.code for point in area.points if point.tone == "text"}
    assert chosen == set(answer.chosen.index)
    assert free[5] in chosen
    assert list(bars.series[0].values) == list(answer.chosen["reached"])
    [curve] = one(demo_store, "reach", "", *options).parts
    assert list(curve.series[0].values) == list(answer.curve["people_covered"])


def test_stations_and_moves_are_the_staffing_page_s(demo_store):
    source = results(demo_store)
    area, bars = one(demo_store, "stations").parts
    found = station.of_scope(source, SCOPE)
    assert len(area.points) == found["status"].isin(["short", "between", "met"]).sum()
    assert [count for _, count in area.legend] == [
        int(found["status"].eq(name).sum()) for name in ("short", "between", "met")
    ]
    assert bars.series[0].values[0] == found["gap_low"].min()
    question = Question(objective="people", moves=4, km=12.0, recruits=1, keep=("31117",))
    options = tuple(str(part) for part in slides_dots.asked("points", question))
    area, bars = one(demo_store, "rotation", "", *options).parts
    plan = staffing_plan.answer(source, SCOPE, "points", question, marginal=False)
    states = staffing_plan.states(plan).value_counts()
    assert [count for _, count in area.legend] == [
        int(states.get(name, 0)) for name in ("still", "helped", "giver", "same")
    ]
    moved = staffing_plan.moves(plan)
    assert max(bars.series[0].values) == moved["cost"].max()
    places = plan.stations[["longitude", "latitude"]]
    sent = moved[moved["origin"].ne(RECRUIT)]
    assert [(link.start, link.end) for link in area.links] == [
        (tuple(places.loc[origin]), tuple(places.loc[to]))
        for origin, to in zip(sent["origin"], sent["destination"], strict=True)
    ]


def test_moves_are_native_arrows_from_dot_to_dot(demo_store):
    slide = one(demo_store, "rotation")
    made_deck = opened(deck(story.Story((slide,), ()), lang="en"))
    shapes = list(made_deck.slides[0].shapes)
    dots = {(shape.left + shape.width // 2, shape.top + shape.height // 2) for shape in shapes}
    arrows = [shape for shape in shapes if shape._element.tag.endswith("cxnSp")]
    assert len(arrows) == len(slide.parts[0].links) > 0
    for arrow in arrows:
        assert arrow._element.xpath(".//a:tailEnd/@type") == ["triangle"]
        for x, y in ((arrow.begin_x, arrow.begin_y), (arrow.end_x, arrow.end_y)):
            assert min(abs(x - left) + abs(y - top) for left, top in dots) < 9000  # less than a point
    assert picture.svg(slide, LIGHT).count("<polygon") == len(arrows)


def test_units_are_the_profile_s(demo_store):
    source, scope = results(demo_store), replace(SCOPE, unit=UNIT)
    [bars] = one(demo_store, "headcount", unit=UNIT).parts
    counts = source.cadres("legacy", "commune").loc[(UNIT, SCOPE.year)].reindex(list(CADRES))
    assert list(bars.series[0].values) == [None if pd.isna(n) else n for n in counts]
    [shares] = one(demo_store, "unit_criteria", unit=UNIT).parts
    with language("en"):
        [sheet] = score_sheets.scored(source, profile.placed(scope))
        assert list(shares.series[0].values) == [line.share for line in score_sheets.criteria_lines(sheet)]
    [lines] = one(demo_store, "unit_trend", "staff_per_station", unit=UNIT).parts
    own = source.indicator("staff_per_station", "legacy", "commune")["value"].loc[UNIT]
    assert list(lines.series[0].values) == list(own)


def test_where_a_unit_lies_is_one_area_among_its_province_s(demo_store):
    area, people = one(demo_store, "where", unit=UNIT).parts
    assert [code for code, kind in zip(area.codes, area.classes, strict=True) if kind == 0] == [UNIT]
    assert area.no_data[1] == len(area.codes) - 1
    found = profile.people(results(demo_store), profile.placed(replace(SCOPE, unit=UNIT)))
    assert people.rows[0][1] == f"{found.total:,.0f}"
    # The commune's ages are its district's, which is another place: they are in the notes only.
    assert not found.own_ages
    assert len(people.rows) == 2
    district = one(demo_store, "where", unit="916", level="district")
    assert len(district.parts[1].rows) == 4


def test_a_station_s_figures_are_its_page_s(demo_store):
    source = results(demo_store)
    [cards] = one(demo_store, "cards", "station", f"TYT-{UNIT}", unit=UNIT).parts
    with language("en"):
        shown = station.cards(source, replace(SCOPE, lang="en", unit=UNIT, station=f"TYT-{UNIT}"))
    assert [card.figure for card in cards.cards] == [card.figure for card in shown]


# -- the whole country ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["province", "commune"])
@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_the_country_s_map_says_how_much_is_known(demo_store, geography, level):
    scope = {"province": NATION, "geography": geography, "level": level}
    slide = one(demo_store, "map", "doctors_per_10000", **scope)
    area, _ = slide.parts
    known = sum(value is not None for value in area.values)
    total = {"legacy": {"province": 63, "commune": 10035}, "current": {"province": 34, "commune": 3321}}
    assert f"({known} of {total[geography][level]:,} units have data)" in slide.title
    assert len(area.codes) == total[geography][level]
    made_deck = opened(deck(story.Story((slide,), ()), lang="en"))
    [group] = [shape for shape in made_deck.slides[0].shapes if shape.shape_type == SHAPE.GROUP]
    drawn = group._element.xpath("./p:sp/p:nvSpPr/p:cNvPr/@name")
    # Areas smaller than a fifth of a point have no shape that could be seen.
    assert len(drawn) > 0.98 * len(area.codes)
    assert set(drawn) <= set(area.codes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_country_s_map_names_the_far_archipelagos_beside_the_land(demo_store, lang):
    [slide] = story.build(
        results(demo_store), [Spec("map", "staff", replace(SCOPE, province=NATION, level="province"))], lang
    ).slides
    words = "".join(ET.fromstring(picture.svg(slide, LIGHT)).itertext())
    assert "Hoàng Sa" in words
    assert "Trường Sa" in words
    drawing = draw(slide.parts[0], frame.MAP)
    mainland = [ring for rings in drawing.areas.values() for ring in rings if len(ring) > 20]
    with language(lang):
        for _, box in frame.archipelagos(slide.parts[0], drawing, frame.MAP):
            assert box.bottom <= frame.MAP.bottom
            assert max(x for ring in mainland for x, y in ring if box.top <= y <= box.bottom) < box.left


def test_what_rests_on_a_few_provinces_is_not_presented_as_the_country_s(demo_store):
    country = replace(SCOPE, province=NATION)
    refused = [
        Spec("trend", "staff", country),
        Spec("cards", "criteria", country),
        Spec("missing", "", country),
    ]
    built = story.build(results(demo_store), [*refused, Spec("cards", "overview", country)], "en")
    assert [slide.spec.name for slide in built.slides] == ["overview"]
    assert "of 10,035 communes have data" in built.slides[0].title
    assert len({reason for _, reason in built.missing}) == 1


def test_a_title_names_the_lowest_with_their_values_or_counts_those_that_share_it(demo_store):
    rows = (
        results(demo_store)
        .indicator("doctors_per_10000", "legacy", "commune")["value"]
        .xs(SCOPE.year, level="year")
    )
    mine = rows[rows.index.str.startswith("31")].dropna()
    own = one(demo_store, "map", "doctors_per_10000").parts[0]
    none = sum(text == "0.0" for text in own.texts)
    assert none == (mine.reindex(own.codes).dropna() < 0.05).sum() > 3
    assert f"lowest in {none} units, 0.0 in each" in one(demo_store, "map", "doctors_per_10000").title
    area = one(demo_store, "map", "staff", level="district").parts[0]
    three = sorted(zip(area.values, area.names, area.texts, strict=True))[:3]
    for _, name, text in three:
        assert f"{name} ({text})" in one(demo_store, "map", "staff", level="district").title


@pytest.mark.parametrize(("last", "word"), [(12.34, "no change"), (12.35, "rose"), (12.2, "fell")])
def test_what_is_written_the_same_has_not_changed(last, word):
    values = pd.Series([12.3, last], index=[2020, 2024])
    with language("en"):
        title = slides_common.moved("A", "b", values, 2024, lambda value: fmt.number(value, 1))
    assert word in title


def test_of_one_year_alone_no_change_is_told(demo_store):
    rows = results(demo_store).indicator("communes_meeting_national_criteria", "legacy", "province")["value"]
    first = rows.xs("92", level="code").dropna().index[0]
    slide = one(demo_store, "trend", "communes_meeting_national_criteria", year=int(first))
    assert slide.title.endswith(f"({first}).")
    assert "change" not in slide.title
    assert slide.parts[0].categories[0] == str(first)


def test_bars_beside_a_title_show_what_the_title_counts(demo_store):
    source = results(demo_store)
    units = staffing_access.reach(source, SCOPE, detour=1.3).units
    flagged = units.index[units["fine_but_poor"].fillna(False).astype(bool)]
    slide = one(demo_store, "access", "", "1.3")
    [bars] = [part for part in slide.parts if isinstance(part, Chart)]
    assert f"{len(flagged)} units look fine" in slide.title
    assert set(bars.series[0].values) <= set(units.loc[flagged, "access"])
    [balance] = one(demo_store, "balance").parts
    existing, required = (series.values for series in balance.series)
    assert all(have < need for have, need in zip(existing, required, strict=True))
    [table] = one(demo_store, "table", "staffing_gap").parts
    gaps = [float(re.split(" – ", row[1])[-1].replace("−", "-")) for row in table.rows]
    assert gaps == sorted(gaps)
    assert gaps[0] < 0


def test_a_tie_has_no_largest_cadre(demo_store):
    counts = results(demo_store).cadres("legacy", "commune").xs(SCOPE.year, level="year")
    tied = counts.apply(lambda row: row.eq(row.max()).sum() > 1, axis=1)
    for code, same in tied[tied.index.str.startswith("311")].items():
        assert ("largest cadre" in one(demo_store, "headcount", unit=code).title) is not same


@pytest.mark.parametrize(("kind", "unit"), [("trend", None), ("unit_trend", UNIT)])
def test_a_trend_s_title_ends_in_the_scope_s_year(demo_store, kind, unit):
    slide = one(demo_store, kind, "health_insurance_coverage", unit=unit, year=2022)
    assert re.findall(r"\b20\d\d\b", slide.title) == ["2020", "2022"]
    assert slide.parts[0].series[0].texts[2] in slide.title


def test_a_source_in_the_notes_is_in_the_reader_s_language(demo_store):
    judged = targets.commitments(results(demo_store), SCOPE).set_index("id")
    named = {
        ("rollout", ""): list(pilots.rollout(results(demo_store), SCOPE)["source"]),
        ("outlook", "25ct-criteria"): [judged.loc["25ct-criteria", "source"]],
    }
    for lang in LANGUAGES:
        notes = {
            (s.spec.kind, s.spec.name): "\n".join(dict(s.notes).values()) for s in made(demo_store, lang)
        }
        for slide, sources in named.items():
            for source in sources:
                assert source_said(source, lang) in notes[slide]
                assert (source in notes[slide]) == (lang == "en")


def test_a_commitment_keeps_its_target_and_observations(demo_store):
    source = results(demo_store)
    judged = targets.commitments(source, SCOPE).set_index("id")
    row = judged.loc["25ct-criteria"]
    [chart] = one(demo_store, "outlook", "25ct-criteria").parts
    observed, _ = targets.observations(source, SCOPE, row["place"], row["indicator"])
    assert [v for v in chart.series[0].values if v is not None] == list(observed["value"])
    assert set(chart.series[-1].values) == {row["value"]}
    [due] = one(demo_store, "deadlines").parts
    assert sum(v for series in due.series for v in series.values) == judged["deadline"].notna().sum()


# -- every chart has one -------------------------------------------------------------------------------------


def test_every_chart_on_every_page_names_its_slide():
    without = []
    for path in [*sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "ui").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and ast.unparse(node.func) == "plot.show"
            if called and "pin" not in {keyword.arg for keyword in node.keywords}:
                without.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert without == []


def test_every_kind_has_a_name_in_both_languages(demo_store):
    for lang in LANGUAGES:
        with language(lang):
            labels = {story.label(spec) for spec in SPECS}
        assert len(labels) > 25
