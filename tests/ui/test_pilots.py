"""The clinics' page: what it says agrees with the tables, in both geographies, and bad input is said plainly."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest

from answers import format as fmt
from answers import kept as cache
from answers.keeping import Shelf
from answers.pilots import numbers as pilots
from answers.pilots import sites as pilots_sites
from answers.pilots import words as pilots_words
from answers.pilots.sites import Ask
from answers.results import Results
from answers.scope import Scope
from answers.words import language
from bench.pilots import Tally, promises, simulate
from data import demo
from data.demo.activity import PRE_TREND_STATION
from data.store import Provenance, open_store
from metrics.pilot_indicators import pilot_indicators
from metrics.pilot_verdicts import verdicts
from metrics.pilots import study
from ui import verdict_cards

THREE = ["TYT-31198", "TYT-31228", "TYT-31241"]
ILLUSTRATIVE = Provenance(title="x", producer="x", date="2026", licence="x", nature="illustrative")


def scope(province="92", geography="legacy", year=2025, lang="en"):
    return Scope(province, geography, "commune", year, lang)


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(scope="module")
def found(results):
    return pilots.evidence(results, scope())


# -- register, roll-out, readiness -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("province", "geography", "count"),
    [
        ("92", "legacy", 3),
        ("92", "current", 3),
        ("all", "legacy", 3),
        ("93", "legacy", 0),
        ("86", "current", 0),
    ],
)
def test_the_clinics_are_found_in_either_geography(results, province, geography, count):
    assert len(pilots.clinics(results, scope(province, geography))) == count


def test_readiness_is_the_tables_own(results):
    """From the raw tables: a trained doctor and the five items, station by station."""
    staff, items = results.snapshot.frame("staffing"), results.snapshot.frame("facilities")
    staff = staff[staff["year"].eq(2025) & staff["cadre"].eq("doctor")].set_index("station")
    frame = pilots.readiness(results, scope("all"))
    assert len(frame) == len(results.snapshot.frame("stations"))
    for station, row in frame.sample(60, random_state=1).iterrows():
        has = items[items["station"].eq(station) & items["year"].eq(2025)].set_index("item")["quantity"]
        values = [staff["family_medicine_trained"][station], *(has[name] for name in pilots.EQUIPMENT)]
        lacking = sum(value == 0 for value in values if value is not pd.NA)
        unknown = sum(value is pd.NA for value in values)
        assert (row["missing"], row["unknown"]) == (lacking, unknown)
        if station in THREE:
            assert row["state"] == "open"
        elif lacking >= 2:
            assert row["state"] == "far"
        elif unknown:
            assert pd.isna(row["state"])
        else:
            assert row["state"] == ("near" if lacking else "ready")


def test_a_year_without_data_makes_no_station_ready(results):
    frame = pilots.readiness(results, scope(year=2010))
    others = frame[frame["opened"].isna()]
    assert others["state"].isna().all()
    assert others["unknown"].eq(6).all()
    with language("en"):
        card = pilots_words.cards(results, scope(year=2010))[2]
    assert card.figure == fmt.MISSING


def test_a_merged_commune_shows_its_readiest_station(results):
    frame = pilots.readiness(results, scope(geography="current"))
    units = pilots.units(frame)
    order = {name: at for at, name in enumerate(pilots.STATES)}
    for code, own in frame.groupby("unit"):
        known = [order[state] for state in own["state"].dropna()]
        assert units["state"][code] == max(known) if known else pd.isna(units["state"][code])


def test_the_roll_out_is_what_was_published(results):
    known = pilots.rollout(results, scope())
    assert list(known["value"]) == [3, 13, 30]
    assert list(known["kind"]) == ["open", "open", "plan"]
    assert known["source"].str.len().gt(5).all()
    assert pilots.rollout(results, scope("84")).empty


# -- verdicts ----------------------------------------------------------------------------------------------


def test_planted_effects_are_found_and_the_drift_is_not_taken_for_one(found):
    planted = {name: effect for name, effect in demo.PILOT_EFFECTS.items() if effect}
    for name in ("people_managed", "hypertension_managed", "teleconsultations"):
        verdict = found.verdicts[name]
        assert verdict.conclusion == "improved"
        assert verdict.low <= planted[name] <= verdict.high
    drifting = found.verdicts["electronic_records"]
    assert drifting.conclusion == "cannot_tell"
    assert drifting.grade in "CD"
    assert (PRE_TREND_STATION, "drifting_alone") in found.studies["electronic_records"].problems
    assert found.verdicts["referrals"].conclusion in ("no_effect_seen", "cannot_tell")


def test_the_headline_and_cards_count_every_indicator_once(results, found):
    with language("en"):
        sentence = pilots_words.headline(results, scope())
        cards = pilots_words.cards(results, scope())
    improved = sum(one.conclusion == "improved" for one in found.verdicts.values())
    assert f"{improved} of {len(pilot_indicators())} indicators improved" in sentence
    assert int(cards[3].figure) + int(cards[4].figure) == len(found.verdicts)
    assert (cards[0].figure, cards[0].unit) == ("13", "/ 30")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("who", [pilots.GROUP, THREE[1]])
def test_every_verdict_can_be_said(results, lang, who):
    evidence = pilots.evidence(results, scope(lang=lang), who)
    with language(lang):
        cards = verdict_cards.verdict_cards(results, scope(lang=lang), evidence)
        assert cards.count("<section") == len(evidence.verdicts)
        assert not any(word in cards for word in ("nan", "inf ", "None", "pilots."))
        for name, verdict in evidence.verdicts.items():
            if verdict.conclusion == "cannot_tell":
                assert pilots_words.refusals(results, name, verdict, evidence.studies[name])


def _many(results, count):
    """Evidence on the visits of stations said to have opened together, the first ones of one zone."""
    known = pilots.covariates(results, 2024)
    names = [one for one in known.index[known["zone"].eq(1)] if one not in THREE][:count]
    opened = pd.Series(pd.Timestamp("2024-10-21"), index=names)
    values = pilots.panel(results, "visits").copy()
    values.loc[names, "2024-11":] += 20.0
    made = study(panel=values, opened=opened, covariates=known, exact=["zone"], never_compare=THREE)
    said = verdicts(studies={"visits": made}, polarity={"visits": "higher_is_better"})
    return pilots.Evidence(opened=opened, studies={"visits": made}, verdicts=said)


@pytest.mark.parametrize(
    ("lang", "second", "not_used"),
    [
        (
            "en",
            "Checked a second way",
            "at least 6 clinics and 6 comparison stations, and there are 3 and 30",
        ),
        ("vi", "Kiểm lại bằng cách thứ hai", "ít nhất 6 phòng khám và 6 trạm so sánh, hiện có 3 và 30"),
    ],
)
def test_the_second_inference_is_on_the_card_where_it_applies(results, found, lang, second, not_used):
    many = _many(results, 7)
    with language(lang):
        assert second in verdict_cards.verdict_cards(results, scope(lang=lang), many)
        assert pilots_words.no_bootstrap(many) == ""
        assert second not in verdict_cards.verdict_cards(results, scope(lang=lang), found)
        assert not_used in pilots_words.no_bootstrap(found)


def test_two_inferences_that_disagree_are_said_to(results):
    one = _many(results, 7).studies["visits"]
    with language("en"):
        assert "the same conclusion" in pilots_words.bootstrap("visits", one)
        other = replace(one, bootstrap=replace(one.bootstrap, p_value=0.4))
        assert "different conclusions" in pilots_words.bootstrap("visits", other)


def test_other_clinics_are_never_compared_with(results):
    one = pilots.evidence(results, scope(), THREE[0])
    for made in one.studies.values():
        assert not set(THREE) & set(made.matched.comparisons)


def test_the_evidence_is_ready_before_the_first_visitor(demo_store, monkeypatch):
    monkeypatch.setenv("ATLAS_STORE", str(demo_store))
    monkeypatch.setattr(cache, "geometry", lambda: Mock())
    monkeypatch.setattr(cache, "_current", Shelf(most=1))
    list(cache.warm(cache.results()))
    monkeypatch.setattr(pilots, "_study", Mock(side_effect=AssertionError("made anew")))
    for province, geography in (("92", "legacy"), ("92", "current"), ("all", "current"), ("84", "legacy")):
        made = pilots.evidence(cache.results(), scope(province, geography))
        assert len(made.studies) == (0 if province == "84" else len(pilot_indicators()))


def test_a_province_without_clinics_says_so(results):
    with language("en"):
        assert "no family-doctor clinic" in pilots_words.headline(results, scope("84"))
        assert len(pilots_words.cards(results, scope("84"))) == 3
    assert pilots.evidence(results, scope("84")).verdicts == {}


# -- bad input ---------------------------------------------------------------------------------------------


def _with(results, tmp_path, **tables):
    """Return results of a store whose tables are replaced."""
    store = open_store(tmp_path)
    snapshot = results.snapshot
    kept = {name: (snapshot.frame(name), snapshot.tables[name].provenance) for name in snapshot.tables}
    kept |= {name: (frame, ILLUSTRATIVE) for name, frame in tables.items()}
    return Results(
        store.write({name: pair for name, pair in kept.items() if pair[0] is not None}, message="x")
    )


@pytest.fixture(scope="module")
def bad(results, tmp_path_factory):
    """A clinic opened before the data, one after, one with missing months; one indicator constant."""
    days = pd.to_datetime(["2022-01-05", "2024-10-21", "2026-03-01"]).astype("datetime64[us]")
    register = pd.DataFrame({"station": THREE, "opened": days, "model": "family_doctor_clinic"})
    register = register.astype({"station": "str", "model": "str"})
    reports = results.snapshot.frame("activity_monthly")
    keep = reports["activity"].isin(["people_managed", "visits", "referrals"])
    reports = reports[keep].reset_index(drop=True)
    gone = reports["station"].eq(THREE[1]) & reports["month"].eq("2024-02")
    reports.loc[gone, "quantity"] = np.nan
    reports.loc[reports["activity"].eq("referrals"), "quantity"] = 0.0
    return _with(results, tmp_path_factory.mktemp("bad"), pilots=register, activity_monthly=reports)


def test_bad_input_is_said_on_the_card(bad):
    evidence = pilots.evidence(bad, scope())
    assert set(evidence.studies) == {"people_managed", "visits", "referrals"}
    with language("en"):
        cards = verdict_cards.verdict_cards(bad, scope(), evidence)
        headline = pilots_words.headline(bad, scope())
    for sentence in (
        "opened before the data begin",
        "opened after the data end",
        "some reports are missing",
        "Every station reports the same figure",
    ):
        assert sentence in cards
    assert "3 indicators" in headline
    assert evidence.verdicts["referrals"].conclusion == "cannot_tell"


EVERY = ("visits", "insured_visits")
LATE = "2024-10"


def _blank(reports, rows):
    """Return reports with the quantities of some rows missing."""
    return reports.assign(quantity=reports["quantity"].mask(rows))


def _equal(reports, rows):
    return reports.assign(quantity=reports["quantity"].mask(rows, 5.0))


# what happened: the day all three clinics opened, what it did to the reports, and what the card says of it
FAULTS = {
    "opened before the data": (
        "2022-01-05",
        None,
        (
            "opened before the data begin",
            "No clinic is left with data to judge",
            "no figures both before and",
        ),
        (
            "mở trước khi có số liệu",
            "Không còn phòng khám nào đủ số liệu",
            "không có số liệu cả trước và sau",
        ),
    ),
    "opened after the data": (
        "2026-03-01",
        None,
        ("opened after the data end; not judged yet", "No clinic is left with data to judge"),
        ("mở sau kỳ số liệu cuối; chưa đánh giá được", "Không còn phòng khám nào đủ số liệu"),
    ),
    "silent since": (
        "2024-10-21",
        lambda frame: _blank(frame, frame["station"].isin(THREE) & frame["month"].gt(LATE)),
        ("no report since the opening; not judged yet",),
        ("chưa có báo cáo nào từ khi mở",),
    ),
    "silent before": (
        "2024-10-21",
        lambda frame: _blank(frame, frame["station"].isin(THREE) & frame["month"].lt(LATE)),
        ("no report from before the opening",),
        ("không có báo cáo nào từ trước khi mở",),
    ),
    "no other station": (
        "2024-10-21",
        lambda frame: frame[frame["station"].isin(THREE)].reset_index(drop=True),
        ("no like station is left to compare with", "nothing but before and after"),
        ("không còn trạm nào giống để so sánh", "chỉ có so sánh trước – sau"),
    ),
    "other stations silent since": (
        "2024-10-21",
        lambda frame: _blank(frame, ~frame["station"].isin(THREE) & frame["month"].gt(LATE)),
        ("no like station is left to compare with", "No clinic is left with data to judge"),
        ("không còn trạm nào giống để so sánh", "Không còn phòng khám nào đủ số liệu"),
    ),
    "the same figure everywhere": (
        "2024-10-21",
        lambda frame: _equal(frame, frame["quantity"].notna()).assign(quantity=0.0),
        ("Every station reports the same figure in every period",),
        ("Mọi trạm báo cáo cùng một con số ở mọi kỳ",),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_judged_says_why_in_both_languages(results, tmp_path, fault):
    day, spoil, *told = FAULTS[fault]
    register = pd.DataFrame({"station": THREE, "opened": pd.Timestamp(day), "model": "family_doctor_clinic"})
    register = register.astype({"station": "str", "model": "str", "opened": "datetime64[us]"})
    reports = results.snapshot.frame("activity_monthly")
    reports = reports[reports["activity"].isin(EVERY)].reset_index(drop=True)
    reports = spoil(reports) if spoil else reports
    bad = _with(results, tmp_path, pilots=register, activity_monthly=reports)
    evidence = pilots.evidence(bad, scope())
    assert {one.conclusion for one in evidence.verdicts.values()} == {"cannot_tell"}
    assert {one.grade for one in evidence.verdicts.values()} == {"D"}
    for lang, sentences in zip(("en", "vi"), told, strict=True):
        with language(lang):
            cards = verdict_cards.verdict_cards(bad, scope(lang=lang), evidence)
            headline = pilots_words.headline(bad, scope(lang=lang))
        for sentence in sentences:
            assert cards.count(sentence) == len(evidence.verdicts)
        assert {"en": "none of ", "vi": "chưa đánh giá được chỉ số nào"}[lang] in headline


def test_a_clinic_that_always_reports_the_same_is_pointed_out(results):
    values = pilots.panel(results, "visits").copy()
    values.loc[THREE[0]] = 61.0
    made = study(panel=values, opened=pilots.opened(results))
    assert (THREE[0], "constant_alone") in made.problems
    with language("en"):
        said = pilots_words.problems(results, scope(), made)
    assert any("Thường Thạnh: the same figure is reported in every period" in line for line in said)


def test_clinics_with_one_fault_are_named_together(results):
    one = study(panel=pilots.panel(results, "visits"), opened=pilots.opened(results))
    one = replace(one, problems=tuple((station, "opened_after_data") for station in THREE))
    with language("vi"):
        (line,) = pilots_words.problems(results, scope(lang="vi"), one)
    assert line.startswith("Phường Thường Thạnh, Phường Thuận Hưng, Xã Thạnh Tiến: mở sau")


@pytest.mark.parametrize(
    ("conclusion", "said"),
    [
        ("worsened", "Lower by 4.4 a month per 1,000 residents than without the clinic (before it opened: "),
        ("cannot_tell", "The difference seen is −4.4 a month per 1,000 residents"),
        ("no_effect_seen", "(estimated size −4.4 a month per 1,000 residents"),
    ],
)
def test_a_fall_and_its_interval_have_one_direction(results, found, conclusion, said):
    verdict = replace(found.verdicts["visits"], conclusion=conclusion, estimate=-4.4, low=-5.9, high=-3.0)
    with language("en"):
        text = pilots_words.sentence(results, "visits", verdict, found.studies["visits"])
    assert said in text
    assert ("3.0 and 5.9" if conclusion == "worsened" else "−5.9 and −3.0") in text


def test_yearly_reports_are_studied_where_there_are_none_by_month(results, tmp_path):
    monthly, years = (results.snapshot.frame(name) for name in ("activity_monthly", "activity"))
    monthly = monthly[monthly["activity"].eq("visits") & ~monthly["station"].isin(THREE)]
    years = years[years["activity"].isin(["visits", "people_managed"])]
    tables = {"activity_monthly": monthly, "activity": years}
    yearly = _with(
        results, tmp_path, **{name: frame.reset_index(drop=True) for name, frame in tables.items()}
    )
    assert pilots.table(yearly) == "activity"
    evidence = pilots.evidence(yearly, scope())
    assert {one.conclusion for one in evidence.verdicts.values()} == {"cannot_tell"}
    assert all("few_periods" in one.reasons for one in evidence.verdicts.values())
    with language("vi"):
        assert "năm" in pilots_words.time(yearly, 1)


def test_no_comparison_left_is_said(results):
    panel = pilots.panel(results, "visits")
    zones = pilots.covariates(results, 2024)
    zones.loc[THREE[0], "zone"] = 9.0
    one = study(
        panel=panel,
        opened=pilots.opened(results).loc[THREE[:1]],
        covariates=zones,
        exact=["zone"],
        never_compare=THREE[1:],
    )
    said = verdicts(studies={"visits": one}, polarity={"visits": "higher_is_better"})
    evidence = pilots.Evidence(
        opened=pilots.opened(results).loc[THREE[:1]], studies={"visits": one}, verdicts=said
    )
    with language("en"):
        cards = verdict_cards.verdict_cards(results, scope(), evidence)
    assert "no like station is left to compare with" in cards
    assert "No clinic is left with data to judge" in cards


# -- where next, and cost ----------------------------------------------------------------------------------


@pytest.mark.parametrize("goal", ["cover", "near"])
def test_the_people_reached_are_counted_once(results, goal):
    answer = pilots_sites.answer(results, scope(), Ask(k=5, within=5.0, goal=goal))
    people = pilots.people(results).reindex(pilots.stations(results, scope()).index)
    assert answer.total == pytest.approx(people.sum())
    assert answer.before <= answer.now <= answer.total
    assert answer.chosen["reached"].sum() == pytest.approx(answer.now - answer.before)
    assert answer.chosen["state"].eq("ready").all()
    if goal == "cover":
        assert answer.now == pytest.approx(answer.curve["people_covered"][5])
        assert answer.unrestricted >= answer.now
    assert (answer.curve["people_covered"] >= answer.curve["largest"] - 1e-6).all()


def test_wishes_are_kept(results):
    free = pilots_sites.candidates(results, scope(), Ask(k=3, within=4.0))
    unready = pilots.readiness(results, scope())
    unready = unready.index[unready["state"].eq("far").fillna(False)][0]
    ask = Ask(k=3, within=4.0, must=(unready,), excluded=(free[0],))
    answer = pilots_sites.answer(results, scope(), ask)
    assert unready in answer.siting.chosen
    assert free[0] not in answer.siting.chosen


def test_more_than_can_be_chosen_is_refused(results):
    with pytest.raises(ValueError, match="cannot be chosen"):
        pilots_sites.answer(results, scope(), Ask(k=80, within=4.0))


def test_the_cost_of_one_more_is_cost_over_people(results, found):
    effect = found.studies["people_managed"].effect
    extra = effect.estimate * pilots.people(results)[THREE].sum() / 1000
    cost = pilots_sites.cost_of_one(results, found, "people_managed", setup=100, monthly=10)
    assert cost.middle == pytest.approx(3 * (100 + 14 * 10) / extra)
    assert cost.low < cost.middle < cost.high
    assert (cost.spent, cost.gained) == (pytest.approx(720), pytest.approx(extra))
    visits = pilots_sites.cost_of_one(results, found, "visits", setup=100, monthly=10)
    assert visits.gained == pytest.approx(
        found.studies["visits"].effect.estimate * pilots.people(results)[THREE].sum() / 1000 * 14
    )
    assert visits.middle == pytest.approx(720 / visits.gained)


# -- simulated data sets -----------------------------------------------------------------------------------


def test_planted_truths_hold_on_simulated_data_sets(results):
    """A small version of ``make bench``: with few data sets only gross failures show."""
    tally = simulate(results, range(3))
    assert sum(tally.covered) >= 7
    assert sum(tally.alarms) <= 3
    assert all(tally.caught)


def test_a_broken_band_falls_short():
    wide = Tally(covered=[True] * 100, alarms=[False] * 100, caught=[True] * 10)
    kept = {one.name: one.kept for one in promises(wide)}
    assert not kept["clinics: intervals never miss (too wide)"]
    assert not kept["clinics: no false alarm missing (too cautious)"]
    assert kept["clinics: planted effects missed"]
