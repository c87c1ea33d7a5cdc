"""A slide's words count what its parts show: former communes by name, the place a figure is of, every group."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from answers import story
from answers.compliance import figures as slides_criteria
from answers.compliance import maps as compliance_map
from answers.compliance import numbers as compliance
from answers.compliance import words as compliance_words
from answers.compliance.figures import most
from answers.figure import Spec
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.numbers import Evidence
from answers.results import home
from answers.scope import ALL, Scope
from answers.words import LANGUAGES, language
from geo.units import at_level, parent_of
from metrics.criteria_sets import set_in_force
from tests.ui.export.samples import SCOPE, results

NOW = Scope("92", "current", "commune", 2025, "en")
NEWEST = replace(NOW, geography="legacy")
MERGED = ("92", "93", "94")
"""The provinces Cần Thơ in force was made of: Cần Thơ, Hậu Giang, Sóc Trăng."""


def one(store, kind, scope, name="", lang="en"):
    built = story.build(results(store), [Spec(kind, name, scope)], lang)
    assert built.missing == ()
    return built.slides[0]


@pytest.fixture(scope="module")
def judged(demo_store):
    """The sheets of 2025 that were judged, of the former communes of Cần Thơ in force, by code."""
    found = results(demo_store).criteria()
    mine = found["commune"].map(parent_of("legacy", "commune", "province")).isin(MERGED)
    return found[mine & found["year"].eq(2025) & found["passes"].notna()].set_index("commune")


# -- the criteria ----------------------------------------------------------------------------------------------


def test_sheets_of_former_communes_are_called_so(demo_store, judged):
    passing, total = int(judged["passes"].sum()), len(judged)
    assert total > len(at_level("current", "commune", within="92"))
    assert f"{passing} of {total} former communes assessed" in one(demo_store, "standing", NOW).title
    title = one(demo_store, "cards", NOW, "criteria", "vi").title
    assert f"{passing}/{total} xã cũ được chấm" in title
    for kind in ("standing", "blockers", "combinations", "closest", "flow", "budget", "calendar", "pledges"):
        assert "former commune" in one(demo_store, kind, NOW).title, kind
        assert "xã cũ" in one(demo_store, kind, NOW, lang="vi").title, kind
        before = replace(NOW, geography="legacy")
        assert "former" not in one(demo_store, kind, before).title, kind
        assert "xã cũ" not in one(demo_store, kind, before, lang="vi").title, kind


@pytest.mark.parametrize(
    ("geographies", "words"),
    [
        (["current"], "commune"),
        (["current"] * 2, "communes"),
        (["legacy"], "former commune"),
        (["legacy", "current"], "new and former communes"),
    ],
)
def test_what_is_counted_is_told_by_its_sheets(geographies, words):
    with language("en"):
        assert (
            compliance_words.counted(pd.DataFrame({"geography": geographies}), NOW, len(geographies)) == words
        )


def test_a_map_of_verdicts_counts_what_its_legend_counts(demo_store, judged):
    slide = one(demo_store, "verdict_map", NOW, "verdict")
    unit = judged.index.map(home("legacy", "current", "commune"))
    passes = judged["passes"].astype(bool).groupby(unit)
    met, some = int(passes.all().sum()), int(passes.any().sum())
    short, part = passes.ngroups - some, some - met
    area = slide.parts[0]
    assert [count for _, count in area.legend] == [short, part, met]
    assert passes.ngroups == len(area.codes) == len(at_level("current", "commune", within="92"))
    words = f"{met} of {len(area.codes)} communes met the criteria throughout, {part} only in some"
    assert words in slide.title
    assert f"{short} not at all" in slide.title
    legacy = one(demo_store, "verdict_map", SCOPE, "verdict")
    (_, failing), (_, passing) = legacy.parts[0].legend
    assert f"{passing} of {failing + passing} communes" in legacy.title


def test_a_map_of_a_criterion_names_it_and_its_lowest_units(demo_store):
    slide = one(demo_store, "verdict_map", SCOPE, "2")
    rule = set_in_force(2024)
    [maximum] = {float(criterion.maximum) for criterion in rule.criteria if criterion.number == 2}
    scores = results(demo_store).snapshot.frame("criteria_scores")
    mine = scores["commune"].isin(at_level("legacy", "commune", within="92").index)
    rows = scores[mine & scores["year"].eq(2024) & scores["criterion"].eq(2)].set_index("commune")
    shares = (100 * rows["points"].astype("float64") / maximum).dropna().sort_values()
    assert slide.title.startswith("Cần Thơ, 2024: criterion 2 (Health workforce) lowest in ")
    named = [float(value) for value in re.findall(r"\((\d+\.\d)%\)", slide.title)]
    assert named == pytest.approx(list(shares.head(3).round(1)))
    lowest = at_level("legacy", "commune")["name"][shares.index[0]]
    assert f"{lowest} ({shares.iloc[0]:.1f}%)" in slide.title
    assert slide.parts[0].title == "2. Health workforce (% of the maximum)"
    assert "total points lowest in" in one(demo_store, "verdict_map", SCOPE, "total").title
    for scope, words in (
        (NOW, "lowest former commune"),
        (replace(SCOPE, level="district"), "lowest commune"),
    ):
        assert one(demo_store, "verdict_map", scope, "2").parts[0].title.endswith(f"maximum, {words})")


def test_the_lowest_are_counted_where_many_share_the_value(demo_store, monkeypatch):
    def level(results_, scope, part):
        known = compliance.units(results_, scope).index
        return pd.Series([50.0] * 5 + [80.0] * (len(known) - 5), index=known)

    monkeypatch.setattr(compliance, "weakest_shares", level)
    monkeypatch.setattr(compliance_map, "shown", compliance_map.Shown)
    title = one(demo_store, "verdict_map", SCOPE, "3").title
    assert "lowest in 5 units, 50.0% in each" in title


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (8, 8), (9, 9), (10, 8)])
def test_a_single_row_is_not_left_out(count, rows):
    assert most(count, 8) == rows


def test_one_part_alone_is_not_failed_together(demo_store):
    slide = one(demo_store, "combinations", SCOPE)
    assert " + " not in slide.parts[0].categories[0]
    assert "failed alone" in slide.title


# -- commitments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope", [SCOPE, Scope("84", "legacy", "commune", 2023, "en")], ids=lambda s: s.province
)
def test_commitments_are_told_by_whose_they_are(demo_store, scope):
    places = results(demo_store).snapshot.frame("targets")["place"].value_counts()
    own = places["Cần Thơ" if scope.province == "92" else "Trà Vinh"]
    title = one(demo_store, "commitments", scope).title
    assert (
        f"{own + places['Việt Nam']} commitments apply ({own} local, {places['Việt Nam']} national)" in title
    )
    groups = re.findall(r"(\d+) (?:met|late|not)", title)
    assert sum(map(int, groups)) == own + places["Việt Nam"]


def test_what_is_counted_whole_has_no_decimals_and_its_unit(demo_store, monkeypatch):
    monkeypatch.setattr(slides_criteria, "ROWS", 99)  # every commitment, not only those a slide has room for
    facts = results(demo_store).snapshot.frame("facts")
    open_ = facts[facts["indicator"].eq("family_doctor_clinics")].sort_values("date")["value"].iloc[-1]
    rows = {row[0]: row for row in one(demo_store, "commitments", NEWEST).parts[0].rows}
    assert rows["Family-doctor clinics (Cần Thơ)"][3] == f"{open_:.0f} clinics (2026)"
    assert all(re.fullmatch(r"[\d.]+(%| .+) \(20\d\d\)|–", row[3]) for row in rows.values())


def test_one_observation_stands_beside_the_day_of_the_target(demo_store):
    slide = one(demo_store, "outlook", NEWEST, "ct-clinics-2026")
    [chart] = slide.parts
    assert chart.categories == ("8 Jan 2026", "31 Dec 2026")
    assert chart.series[0].values == (13.0, None)
    assert "promised at least 30 clinics, now 13 (8 Jan 2026) – too few figures to judge" in slide.title
    assert "cam kết 100%, hiện" in one(demo_store, "outlook", SCOPE, "25ct-criteria", "vi").title


def test_promises_on_a_chart_say_whose_and_by_when(demo_store):
    slide = one(demo_store, "pledges", SCOPE)
    names = {series.name: series.values for series in slide.parts[0].series}
    years = slide.parts[0].categories
    city, country = names["Promised: Cần Thơ 2030"], names["Promised: Việt Nam 2030, 2035"]
    assert {y: v for y, v in zip(years, city, strict=True) if v is not None} == {"2030": 100.0}
    assert {y: v for y, v in zip(years, country, strict=True) if v is not None} == {
        "2030": 90.0,
        "2035": 95.0,
    }
    assert slide.title.endswith("Cần Thơ committed to 100% by 2030.")


# -- the clinics -----------------------------------------------------------------------------------------------


def test_a_published_figure_names_the_place_it_is_of(demo_store):
    everywhere = Scope(ALL, "current", "commune", 2025, "en")
    assert one(demo_store, "rollout", everywhere).title.startswith("Cần Thơ: 13 clinics published")
    clinics, doctors = one(demo_store, "cards", everywhere, "pilots").parts[0].cards[:2]
    assert clinics.meaning.startswith("Cần Thơ: ")
    published = results(demo_store).snapshot.frame("facts")
    [count] = published.loc[published["indicator"].eq("family_doctors_trained"), "value"]
    assert f"{count:.0f} published for Cần Thơ" in doctors.meaning


def test_the_plan_beside_a_published_number_is_the_same_place_s():
    days = pd.to_datetime(["2025-01-01", "2025-06-01", "2026-01-01", "2027-01-01"])
    kinds, places = ["open", "open", "plan", "plan"], ["A", "B", "B", "A"]
    known = pd.DataFrame({"date": days, "value": [1.0, 2.0, 3.0, 4.0], "kind": kinds, "place": places})
    last, goal = pilots_words.newest(known)
    assert (last["value"], goal["value"]) == (2.0, 3.0)
    assert pilots_words.newest(known[known["kind"].eq("open")])[1] is None
    last, goal = pilots_words.newest(known[known["kind"].eq("plan")])
    assert last is None
    assert goal["value"] == 4.0


def test_the_groups_of_the_verdicts_make_the_whole(demo_store):
    title = one(demo_store, "verdicts", SCOPE).title
    total = int(re.search(r"of (\d+) indicators", title)[1])
    pattern = r"(\d+)(?: of \d+ indicators)? (?:improved|worsened|changed|without|inconclusive)"
    groups = [int(n) for n in re.findall(pattern, title)]
    assert sum(groups) == total == len(pilots.evidence(results(demo_store), SCOPE).verdicts)


def test_every_conclusion_is_counted_under_its_own_name():
    conclusions = ["improved", "changed", "no_effect_seen", "no_effect_seen", "cannot_tell"]
    verdicts = {str(i): SimpleNamespace(conclusion=one_) for i, one_ in enumerate(conclusions)}
    found = Evidence(opened=pd.Series(dtype="object"), studies={}, verdicts=verdicts)
    with language("en"):
        said = pilots_words.counted(found, pilots_words.CONCLUSIONS)
    assert said == "1 improved, 0 worsened, 1 changed, 2 without a noticeable change, 1 inconclusive"


@pytest.mark.parametrize("scope", [NOW, Scope(ALL, "current", "commune", 2024, "en"), SCOPE], ids=str)
def test_a_station_is_told_from_its_namesakes_by_its_former_district(demo_store, scope):
    names = pilots_words.station_names(results(demo_store), scope)
    frame = results(demo_store).snapshot.frame("stations").set_index("station")
    assert len(set(names.values())) == len(names)
    short = frame["name"].str.removeprefix("Trạm Y tế ").reindex(list(names))
    district = at_level("legacy", "district")["name"]
    homes = frame["legacy_commune"].map(parent_of("legacy", "commune", "district")).map(district)
    for station, name in names.items():
        assert name[0].isupper()
        assert not re.search(r"\d{3}", name)
        shared = (short == short[station]).sum() > 1
        assert (f"({homes[station]}" in name) == shared, name


def test_no_clinic_is_told_in_words(demo_store):
    slide = one(demo_store, "clinics", Scope("84", "legacy", "district", 2023, "en"))
    counts = dict(zip(slide.parts[1].categories, slide.parts[1].series[0].values, strict=True))
    assert "no clinic in the data; " in slide.title
    assert f"stations ready: {counts['Ready']:.0f}," in slide.title
    assert slide.parts[0].title.startswith("Communes, ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_placebo_s_rank_is_told_as_farthest_only_where_it_is(demo_store, lang):
    source = results(demo_store)
    made = pilots.evidence(source, NEWEST).studies["visits"].synthetic
    for station, one_ in made.items():
        spec = Spec("placebos", "visits", NEWEST, options=(pilots.GROUP, station))
        [slide] = story.build(source, [spec], lang).slides
        ratio = one_.misfit_after / one_.misfit_before
        first = not one_.placebos["ratio"].ge(ratio).any()
        assert ({"vi": "xa nhất trong", "en": "departing farthest"}[lang] in slide.title) == first


def test_people_reached_are_of_former_communes(demo_store):
    title = one(demo_store, "reach", NOW).title
    assert re.match(
        r"With 10 new clinics the best choice reaches [\d,]+ more people than the 10 largest former", title
    )
    assert "xã cũ" not in one(demo_store, "reach", SCOPE, lang="vi").title
