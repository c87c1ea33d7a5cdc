"""A finding leads to the very rows it was read from, and the cells in question are marked."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from answers.quality import numbers as quality
from answers.quality import rows as quality_rows
from answers.quality.found import RULES
from answers.results import Results
from answers.words import language
from data.store import open_store
from metrics.registry import indicators
from ui import finding_rows
from ui.shell import ROOT

STATION, COMMUNE = "TYT-31198", "31198"


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


class Changed:
    """A snapshot with some tables changed."""

    def __init__(self, snapshot, **tables):
        self.snapshot, self.changed, self.tables = snapshot, tables, snapshot.tables

    def frame(self, name):
        return self.changed.get(name, self.snapshot.frame(name))


def mended(results, **tables):
    found = Results(results.snapshot)
    found.snapshot = Changed(results.snapshot, **tables)
    return found


def finding(rule, unit=STATION, year=2024, commune=COMMUNE):
    return pd.Series({"rule": rule, "unit": unit, "year": year, "commune": commune, "found": 1.0})


def only(results, *given, **more):
    """Return the parts behind a finding by table."""
    return {part.table: part for part in quality_rows.behind(results, finding(*given, **more))}


def test_every_rule_names_the_rows_it_reads():
    assert set(quality_rows.PARTS) == set(RULES)
    for rule, table in RULES.items():
        parts = {part.table for part in quality_rows.PARTS[rule]}
        assert table in parts | {"activity"}


def test_every_finding_has_rows_of_its_own_place_and_year(results):
    stations = results.snapshot.frame("stations").set_index("station")["legacy_commune"]
    found = quality.findings(results)
    assert len(found) > 20
    for _, row in found.iterrows():
        parts = quality_rows.behind(results, row)
        assert parts
        for part in parts:
            assert len(part.rows) > 0
            assert part.marks.to_numpy().any()
            place = part.rows["station"].map(stations) if "station" in part.rows else part.rows["commune"]
            assert set(place) == {row["commune"]}
            assert part.rows["year"].le(row["year"]).all()


def test_what_was_found_is_computed_from_the_rows_shown(results):
    found = quality.findings(results)
    for _, row in found[found["rule"].eq("visits_per_doctor")].iterrows():
        parts = {part.table: part.rows for part in quality_rows.behind(results, row)}
        load = parts["activity"]["quantity"].item() / parts["staffing"]["headcount"].item()
        assert load == pytest.approx(row["found"])
    per_person = indicators()["visits_per_person"].multiplier
    for _, row in found[found["rule"].eq("outlier_visits")].iterrows():
        parts = {part.table: part.rows for part in quality_rows.behind(results, row)}
        rate = parts["activity"]["quantity"].sum() / parts["population"]["total"].item()
        assert per_person * rate == pytest.approx(row["found"])


def test_rows_are_the_tables_own_with_their_number(results):
    part = only(results, "no_staff")["staffing"]
    frame = results.snapshot.frame("staffing")
    expected = frame[frame["station"].eq(STATION) & frame["year"].eq(2024)]
    assert list(part.rows.index) == [number + 1 for number in expected.index]
    pd.testing.assert_frame_equal(part.rows.reset_index(drop=True), expected.reset_index(drop=True))
    assert part.marks.sum().to_dict() == {name: 10 * (name == "headcount") for name in expected}


def test_only_the_cadre_counted_twice_is_marked(results):
    staff = results.snapshot.frame("staffing").copy()
    there = staff["station"].eq(STATION) & staff["year"].eq(2024) & staff["cadre"].eq("nurse")
    staff.loc[there, "full_time_equivalent"] = 9.0
    part = only(mended(results, staffing=staff), "counted_twice")["staffing"]
    marked = part.rows[part.marks.any(axis=1)]
    assert marked["cadre"].tolist() == ["nurse"]
    assert set(part.marks.columns[part.marks.any()]) == {"headcount", "full_time_equivalent"}


def test_a_jump_shows_the_year_it_jumped_from(results):
    assert set(only(results, "staff_jump")["staffing"].rows["year"]) == {2023, 2024}
    people = results.snapshot.frame("population")
    more = people[people["commune"].eq(COMMUNE)].assign(year=2024)
    more["year"] = more["year"].astype("Int64")
    both = pd.concat([people, more], ignore_index=True)
    part = only(mended(results, population=both), "population_jump", unit=COMMUNE)["population"]
    assert part.rows["year"].tolist() == [2019, 2024]


def test_people_are_those_of_the_year_they_were_last_counted(results):
    part = only(results, "outlier_insurance", unit=COMMUNE)
    assert part["population"].rows["year"].tolist() == [2019]
    assert part["insurance"].rows["year"].tolist() == [2024]


def test_months_and_year_are_both_shown(results):
    parts = only(results, "months_and_year")
    assert len(parts["activity_monthly"].rows) == 12
    assert parts["activity"].rows["activity"].tolist() == ["visits"]


def test_what_contradicts_a_score_is_marked(results):
    items = results.snapshot.frame("facilities").copy()
    there = items["station"].eq(STATION) & items["year"].eq(2024) & items["item"].isin(["ecg", "spo2"])
    items.loc[there, "quantity"] = 0
    parts = only(mended(results, facilities=items), "criteria_equipment", unit=COMMUNE)
    facilities = parts["facilities"]
    assert facilities.rows.loc[facilities.marks["quantity"], "item"].tolist() == ["ecg", "spo2"]
    assert parts["criteria_scores"].rows["criterion"].tolist() == [4]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_rows_are_said_with_every_mark_and_nothing_unsafe(results, lang):
    staff = results.snapshot.frame("staffing").copy()
    there = staff["station"].eq(STATION) & staff["year"].eq(2024)
    staff.loc[there & staff["cadre"].eq("nurse"), "cadre"] = "<script>"
    staff.loc[there & staff["cadre"].eq("other"), "headcount"] = pd.NA
    part = only(mended(results, staffing=staff), "no_staff")["staffing"]
    with language(lang):
        text = finding_rows.table_html(part)
    assert text.count("▼") == part.marks.to_numpy().sum() == 10
    assert "<script>" not in text
    assert "▼ –" in text
    assert ("Số người" if lang == "vi" else "Headcount") in text


@pytest.mark.usefixtures("demo")
def test_a_finding_chosen_on_the_page_shows_its_rows_and_their_download(results, monkeypatch):
    row = quality.findings(results).query("rule == 'visits_per_doctor'").iloc[0]
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = "en"
    at.query_params["province"] = "all"
    at.session_state["data.tabs"] = "Quality"
    at.session_state["quality.chosen"] = quality.name_of(row)
    at.run()
    at.switch_page("pages/data/page.py").run()
    assert not at.exception
    assert not at.error
    text = "\n".join(element.proto.body for element in at.get("html"))
    assert "<td>" + str(row["unit"]) + "</td>" in text
    assert text.count("▼ ") >= 2
    keys = {button.key for button in at.get("download_button")}
    assert {"quality.activity.csv", "quality.staffing.csv"} <= keys
    went = []
    monkeypatch.setattr("ui.findings.st.switch_page", went.append)  # the test's own session ends at a switch
    at.button(key="quality.profile").click().run()
    assert went == ["pages/commune/page.py"]
    assert at.session_state["scope.station"] == row["unit"]
