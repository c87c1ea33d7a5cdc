"""A station's profile says what its own rows say, in either geography, and a link by its code opens it."""

from __future__ import annotations

import pytest

from answers.results import Results
from answers.scope import from_params
from answers.units import neighbours, profile, station
from answers.words import language
from data.store import open_store
from geo.units import parent_of
from ui import station_link, visit

POINT, MAIN = "TYT-31198", "TYT-31186"


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


def opened(results, code=POINT, geography="legacy", year=2024, lang="en", **more):
    params = {"unit": code, "geography": geography, "year": str(year), "lang": lang} | more
    scope, bad = from_params(params, results.options)
    assert bad == []
    return scope


@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_a_link_by_station_opens_it_and_its_commune_elsewhere(results, geography):
    scope = opened(results, geography=geography, **({"level": "district"} if geography == "legacy" else {}))
    row = results.snapshot.frame("stations").set_index("station").loc[POINT]
    assert (scope.station, scope.unit) == (POINT, row[f"{geography}_commune"])
    assert scope.level == "commune"
    assert scope.params()["unit"] == POINT
    assert from_params(scope.params(), results.options) == (scope, [])


def test_a_station_that_is_not_there_is_told(results):
    scope, bad = from_params({"unit": "TYT-99999"}, results.options)
    assert (scope.unit, scope.station, bad) == (None, None, ["unit"])


def test_a_station_outlives_the_reform_and_a_unit_does_not(results, monkeypatch):
    state = {"scope.geography": "current", "scope.province": "92", "scope.level": "commune"}
    monkeypatch.setattr(visit.st, "session_state", state)
    state |= {"scope.unit": "31198", "scope.station": POINT, "scope.year": 2024, "scope.lang": "vi"}
    visit._geography_changed(results.options)
    assert (state["scope.unit"], state["scope.station"]) == ("31186", POINT)
    visit.choose_unit("31186")
    visit._geography_changed(results.options)
    assert (state["scope.unit"], state["scope.station"]) == (None, None)


@pytest.mark.parametrize("geography", ["legacy", "current"])
def test_its_staff_are_its_own_rows(results, geography):
    scope = opened(results, geography=geography)
    rows = results.snapshot.frame("staffing")
    rows = rows[rows["station"].eq(POINT) & rows["year"].eq(2024)].set_index("cadre")
    there = station.at_home(results, scope)
    assert profile.cadres(results, there).sum() == rows["headcount"].sum()
    with language("en"):
        staff, doctors, *_ = station.cards(results, scope)
        assert staff.figure == str(rows["headcount"].sum())
        assert doctors.figure == str(rows.loc["doctor", "headcount"])
        assert str(rows.loc["doctor", "family_medicine_trained"]) in doctors.meaning
        assert station.headline(results, scope).startswith("Trạm Y tế phường Thường Thạnh: 8 ")


def test_it_says_what_it_is_before_and_after_the_reform(results):
    with language("en"):
        point = station.identity(results, opened(results))
        main = station.identity(results, opened(results, MAIN))
    assert point.role == "Point of Trạm Y tế phường Lê Bình"
    assert "Phường Thường Thạnh, Quận Cái Răng" in point.lies
    assert "Now: Phường Cái Răng, Thành phố Cần Thơ" in point.lies
    assert "21 Oct 2024" in point.clinic
    assert (main.role, main.clinic, main.shared) == ("Main station, with 3 points", "", "")


def test_what_it_has_and_does_is_what_it_reported(results):
    scope = opened(results)
    for table, what, frame in (
        ("facilities", "item", station.facilities(results, scope)),
        ("activity", "activity", station.activity(results, scope)),
    ):
        rows = results.snapshot.frame(table)
        rows = rows[rows["station"].eq(POINT) & rows["year"].eq(2024)].set_index(what)["quantity"]
        assert frame[2024].dropna().to_dict() == rows.dropna().astype("float64").to_dict()
    with language("vi"):
        assert [station.amount("ecg", v) for v in (1.0, 0.0, float("nan"))] == ["● có", "○ chưa có", "–"]
        assert station.amount("beds", 7.0) == "7"


def test_everything_reported_has_a_name(results):
    tables = (("activity", "activity"), ("facilities", "item"))
    codes = {code for table, what in tables for code in results.snapshot.frame(table)[what]}
    with language("vi"):
        assert [
            code for code in codes if "_" in code and station.called(code) == code.replace("_", " ")
        ] == []
        assert station.called("mobile_x_ray") == "mobile x ray"


def test_next_and_previous_go_through_the_scopes_stations_in_order(results):
    for geography, province in (("legacy", "92"), ("current", "86")):
        found = station.in_order(results, opened(results, geography=geography, province=province))
        stations = results.snapshot.frame("stations").set_index("station")
        homes = stations[f"{geography}_commune"].map(parent_of(geography, "commune", "province"))
        assert set(found) == set(homes.index[homes.eq(province)])
    everywhere = station.in_order(results, opened(results, province="all"))
    assert len(everywhere) == len(stations)


def test_its_peers_are_stations(results):
    there = station.at_home(results, opened(results))
    codes = list(neighbours.similar(results, there).index)
    stations = results.snapshot.frame("stations").set_index("station")["legacy_commune"]
    assert [stations[one] for one in station.of_communes(results, codes).values()] == codes


def test_a_list_of_stations_opens_the_station_in_the_geography_seen(results, monkeypatch):
    state = {"scope.geography": "current", "scope.level": "province"}
    monkeypatch.setattr(visit.st, "session_state", state)
    station_link.chooser(results)(POINT)
    assert state == {
        "scope.geography": "current",
        "scope.unit": "31186",
        "scope.station": POINT,
        "scope.level": "commune",
    }


def test_how_near_it_is_to_a_clinic(results):
    assert station.state(results, opened(results))["state"] == "open"
    assert isinstance(
        station.state(results, opened(results, MAIN, "current")), type(station.row(results, opened(results)))
    )


def test_two_stations_in_one_commune_say_so(results, monkeypatch):
    frame = results.snapshot.frame("stations").copy()
    frame.loc[frame["station"].eq(MAIN), "legacy_commune"] = "31198"

    class Changed:
        frame = staticmethod(
            lambda name: frame_of[name] if name in frame_of else results.snapshot.frame(name)
        )
        tables = results.snapshot.tables

    frame_of = {"stations": frame}
    other = Results(results.snapshot)
    other.snapshot = Changed()
    with language("en"):
        assert station.identity(other, opened(results)).shared.startswith("1 more stations")
