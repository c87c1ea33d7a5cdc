"""Commitments: what each is judged on, and that the page says what the tables say."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from answers.results import Results
from answers.scope import Scope
from answers.targets import numbers as targets
from answers.words import language
from data import clock
from data.store import open_store
from metrics.targets import projection
from ui import target_cards

TODAY = dt.date(2026, 2, 1)
FOLLOWED = (
    "stations_with_doctor",
    "stations_with_permanent_doctor",
    "health_insurance_coverage",
    "villages_with_trained_health_worker",
    "insured_visits_at_stations",
    "electronic_health_records",
)


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(autouse=True)
def _on_a_fixed_day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def scope(province="92", geography="legacy", lang="en"):
    return Scope(province, geography, "commune", 2025, lang)


def judged(results, **where):
    return targets.commitments(results, scope(**where)).set_index("id")


def test_every_commitment_is_judged_somewhere(results):
    everywhere = judged(results, province="all")
    assert set(everywhere.index) == set(results.snapshot.frame("targets")["id"])
    assert targets.elsewhere(results, scope(province="all")) == []
    assert targets.elsewhere(results, scope()) == ["Trà Vinh"]
    assert set(judged(results)["place"]) == {"Việt Nam", "Cần Thơ"}


def test_a_merged_province_keeps_the_promises_of_those_it_was_made_of(results):
    row = judged(results, province="86", geography="current").loc["tv-village"]
    own = results.indicator("villages_with_trained_health_worker", "legacy", "province")["value"]
    assert row["latest"] == own[("84", 2025)]


def test_a_computed_standing_is_the_tables_own_sum(results):
    """From the raw table: communes of old Cần Thơ, villages with a worker over all villages, at the year's end."""
    frame = results.snapshot.frame("village_workers")
    units = results.snapshot.frame("units")
    old = units[units["geography"].eq("legacy")].set_index("code")["parent"]
    province = frame["commune"].map(old).map(old)
    rows = frame[province.eq("92") & frame["year"].eq(2025)].dropna()
    share = 100 * rows["villages_with_worker"].sum() / rows["villages"].sum()
    row = judged(results).loc["25ct-village"]
    assert row["latest"] == pytest.approx(share)
    assert row["latest_date"] == pd.Timestamp("2025-12-31")
    assert (row["basis"], row["measured"], row["nature"]) == ("computed", "Cần Thơ", "illustrative")


def test_what_counts_something_wider_is_never_judged_by_stations_alone(results):
    table = judged(results)
    beds = table.loc["20nq-beds-2025"]
    assert (beds["basis"], beds["latest"], beds["nature"]) == ("published", 34.5, "published")
    nurses = table.loc["20nq-nurses-2025"]
    assert (nurses["basis"], nurses["status"]) == ("none", "not_measurable")
    with language("en"):
        assert "nurses of every facility" in targets.why(nurses)


def test_a_merged_province_is_not_followed_into_the_old_one_of_its_name(results):
    facts = targets.published(results, "Cần Thơ", "family_doctor_clinics")
    assert list(facts["value"]) == [13.0]
    assert list(targets.published(results, "Việt Nam", "doctors_per_10000")["value"]) == [9.8, 15.0]


def test_without_data_the_table_to_fill_is_named(results):
    row = judged(results).loc["72-equipment"]
    with language("en"):
        assert targets.why(row) == "No data. The table to fill: Premises and equipment."


def test_a_passed_deadline_keeps_its_verdict(results, monkeypatch):
    before = judged(results, province="all").loc["tv-village"]
    monkeypatch.setattr(clock, "today", lambda: dt.date(2040, 1, 1))
    after = judged(results, province="all")
    assert (after.loc["tv-village", "status"], after.loc["tv-village", "latest"]) == (
        "missed",
        before["latest"],
    )
    assert set(after[after["deadline"].notna()]["status"]) <= {"done", "missed", "not_measurable"}


@pytest.mark.parametrize("province", ["92", "all"])
def test_the_headline_counts_every_commitment_once(results, province):
    table = judged(results, province=province)
    cards = targets.cards(table)
    assert sum(int(card.figure) for card in cards) == len(table)
    with language("en"):
        sentence = targets.headline(table, scope(province=province))
    kept = table["status"].isin(["done", "on_track"]).sum()
    assert f"{len(table)} commitments apply – {kept} kept" in sentence


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_commitment_can_be_said(results, lang):
    with language(lang):
        for _, row in judged(results, province="all", lang=lang).reset_index().iterrows():
            words = [targets.name(row["indicator"]), targets.promise(row), targets.why(row)]
            words += [targets.stands(row), targets.pace(row), targets.outlook(row)]
            assert all(words)
            assert not any("nan" in word.split() or "_" in word for word in words[:2])


def outlook_of(projected, low, high, unit="percent of stations"):
    row = {"projected": projected, "low": low, "high": high, "status": "on_track", "unit": unit}
    return targets.outlook(pd.Series(row | {"indicator": "stations_with_doctor"}))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_range_cut_at_a_limit_never_reads_as_certain(lang):
    comma = "," if lang == "vi" else "."
    with language(lang):
        top = outlook_of(98.6, 97.0, 100.0)
        least = outlook_of(1.2, 0.0, 3.4)
        inside = outlook_of(80.0, 75.0, 85.0)
        line = outlook_of(98.0, float("nan"), float("nan"))
        count = outlook_of(100.0, 90.0, 100.0, unit="clinics")
        plain = targets.t("targets.outlook.range", value="80%", low="75%", high="85%")
    assert f"97{comma}0%" in top
    assert f"3{comma}4%" in least
    assert f"98{comma}0%" in line
    assert f"97{comma}0% – 100{comma}0%" not in top
    assert inside == plain.replace("80%", f"80{comma}0%").replace("75%", f"75{comma}0%").replace(
        "85%", f"85{comma}0%"
    )
    assert "90" in count
    assert "100" in count


def test_no_share_is_projected_to_be_everyone(results):
    table = judged(results, province="all")
    shares = table[table["unit"].str.startswith("percent")]
    assert shares["projected"].notna().sum() > 3
    open_range = shares["low"].notna() & shares["latest"].lt(100)
    assert (shares.loc[open_range, "low"] < 100).all()


def test_a_commitment_of_a_provinces_own_is_said_too():
    row = pd.Series(
        {"indicator": "mobile_teams", "comparator": ">=", "value": 12.5, "unit": "teams", "status": "done"}
    )
    assert targets.name("mobile_teams") == "mobile teams"
    assert targets.promise(row) == "≥ 12,5 teams"


def test_a_hostile_source_is_escaped(results):
    row = judged(results).reset_index().iloc[0].copy()
    row["place"] = "<script>"
    assert "<script>" not in target_cards.cards_html(pd.DataFrame([row]))


def test_today_is_asked_each_time(results, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2020, 1, 1))
    table = judged(results)
    assert table.loc["25ct-village", "reason"] == "no_data"
    assert table.loc["20nq-beds-2025", "status"] == "not_measurable"


def test_ranges_hold_the_year_held_out_as_often_as_they_say(results):
    """Every province and district, each followed rate: the line of 2020 to 2024 must catch 2025 in 75 to 90 percent."""
    caught = []
    for name in (*FOLLOWED, "staff_per_station", "visits_per_person"):
        for level in ("province", "district"):
            table = results.indicator(name, "legacy", level)["value"].dropna().astype("float64")
            for _, rows in table.groupby(level="code"):
                dates = pd.to_datetime([f"{year}-12-31" for year in rows.index.get_level_values("year")])
                observed = pd.Series(rows.to_numpy(), index=dates)
                if len(observed) == 6:
                    ahead = projection(observed=observed.iloc[:-1], until=dates[-1].date()).iloc[-1]
                    caught.append(ahead["low"] <= observed.iloc[-1] <= ahead["high"])
    assert len(caught) > 300
    assert 0.75 <= sum(caught) / len(caught) <= 0.90


def test_all_provinces_are_named_in_the_language_asked_for(results):
    for lang, name in (("vi", "Tất cả"), ("en", "All provinces")):
        with language(lang):
            table = targets.commitments(results, scope(province="all", lang=lang)).set_index("id")
            assert table.loc["25ct-village", "measured"].startswith(name)
