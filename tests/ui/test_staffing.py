"""The staffing page's numbers, each against a plain recomputation from the raw tables."""

import math
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from statsmodels.stats.proportion import proportion_confint

from answers import format as fmt
from answers import story
from answers.figure import Spec
from answers.results import Results
from answers.scope import Scope
from answers.staffing import access as staffing_access
from answers.staffing import fair as staffing_fair
from answers.staffing import numbers as staffing
from answers.staffing import plan as staffing_plan
from answers.staffing import posts
from answers.staffing import workbook as staffing_workbook
from answers.staffing.numbers import DOCTORS, FIXED, PERMANENT, WORKLOAD
from answers.staffing.plan import Question
from answers.summary import gaps, in_scope, of_year, shortage_sentence
from answers.words import LANGUAGES, language
from data.demo.truths import Truths
from data.problems import Refused
from data.store import open_store
from geo.units import at_level, parent_of
from metrics.errors import BadParameters
from metrics.registry import norms
from metrics.wisn_parameters import WisnParameters

YEAR = 2025
SCOPES = [
    (Scope("92", "legacy", "commune", YEAR, "vi"), "points"),
    (Scope("86", "legacy", "district", YEAR, "en"), "points"),
    (Scope("92", "current", "commune", YEAR, "vi"), "points"),
    (Scope("92", "current", "commune", YEAR, "en"), "station"),
    (Scope("all", "current", "commune", 2023, "vi"), "station"),
]
LEGACY = SCOPES[0][0]


@pytest.fixture(scope="module")
def results(demo_store):
    return Results(open_store(demo_store).current())


@pytest.fixture(scope="module")
def raw(results):
    """Return stations x year: everything the tests need, straight from the tables."""
    stations = results.snapshot.frame("stations").set_index("station")
    staff = results.snapshot.frame("staffing")
    people = results.snapshot.frame("population").set_index("commune")["total"]
    frame = stations.assign(population=stations["legacy_commune"].map(people))
    return frame, staff


def stations_of(raw, scope):
    stations = raw[0]
    home = stations[f"{scope.geography}_commune"].map(parent_of(scope.geography, "commune", "province"))
    return stations if scope.within is None else stations[home == scope.within]


def needed(population: int, zone: int, step: int) -> int:
    """Work one station's requirement out by hand from the text of the circular."""
    threshold, coefficient = (
        (5000, Fraction(13, 10)) if zone == 3 else (6000, Fraction(12, 10) if zone == 2 else 1)
    )
    step = 1000 if zone == 3 else step
    people = 5
    while threshold + step <= population:
        people, threshold = people + 1, threshold + step
    return math.ceil(people * coefficient)


def by_post(raw, scope, basis):
    """Return each post's staff, doctors and requirement by hand; posts not fully reported have no staff."""
    stations, (_, staff) = stations_of(raw, scope), raw
    merged = (scope.geography, basis) == ("current", "station")
    rows = staff[staff["year"] == scope.year]
    counts = {
        station: each.to_numpy("float64", na_value=np.nan).sum()
        for station, each in rows.groupby("station")["headcount"]
    }
    doctors = (
        rows[rows["cadre"] == "doctor"]
        .set_index("station")[["headcount", "permanent"]]
        .astype("float64")
        .to_dict()
    )
    found = {}
    for code, part in stations.groupby("current_commune" if merged else "legacy_commune"):
        zone = part["zone"][part["role"].eq("station")] if part["role"].eq("station").any() else part["zone"]
        people = part["population"].sum()
        found[code] = {
            "staff": sum(counts[s] for s in part.index),
            "doctors": sum(doctors["headcount"][s] for s in part.index),
            "permanent": sum(doctors["permanent"][s] for s in part.index),
            "low": needed(people, zone.iloc[0], 3000),
            "high": needed(people, zone.iloc[0], 2000),
        }
    return pd.DataFrame.from_dict(found, orient="index")


# -- the norms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
def test_every_norm_agrees_with_a_count_by_hand(results, raw, scope, basis):
    hand = by_post(raw, scope, basis)
    lenses = {
        name: staffing.lens(name, frame, scope.year)
        for name, frame in staffing.all_gaps(results, scope, basis).items()
    }
    known = hand.dropna(subset="staff")
    fixed = lenses[FIXED]
    assert (fixed.existing, fixed.required_low, fixed.required_high) == (
        known["staff"].sum(),
        known["low"].sum(),
        known["high"].sum(),
    )
    assert fixed.missing_low == (known["low"] - known["staff"]).clip(lower=0).sum()
    assert fixed.missing_high == (known["high"] - known["staff"]).clip(lower=0).sum()
    assert (fixed.short, fixed.known) == ((known["staff"] < known["low"]).sum(), len(known))
    permanent = hand["permanent"].dropna()
    assert lenses[PERMANENT].missing_low == (permanent == 0).sum()
    assert lenses[PERMANENT].known == len(permanent)
    if scope.geography == "legacy":
        assert lenses[DOCTORS].known == 0
    else:
        merged = by_post(raw, scope, "station")["doctors"].dropna()
        assert lenses[DOCTORS].missing_low == (4 - merged).clip(lower=0).sum()
        assert lenses[DOCTORS].missing_high == (5 - merged).clip(lower=0).sum()


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
def test_units_add_up_to_the_norms(results, scope, basis):
    frames = staffing.all_gaps(results, scope, basis)
    units = staffing.by_unit(frames)
    for name in (FIXED, PERMANENT):
        assert units[name].sum() == staffing.lens(name, frames[name], scope.year).required_low
    work = frames[WORKLOAD]
    work = work[work["status"] != "unknown"]
    asked = staffing.lens(WORKLOAD, frames[WORKLOAD], scope.year).required_low
    assert abs(asked - work["required"].sum()) < 1  # rounded once, after the sum
    by_unit = work.groupby("unit")["required"].sum()
    assert ((units["wisn_staff"].reindex(by_unit.index) - by_unit).abs() < 1).all()
    asked = units[[PERMANENT, DOCTORS, "wisn_doctor"]].astype("float64").dropna(how="all")
    most = asked.idxmax(axis=1).replace("wisn_doctor", WORKLOAD)
    assert units["binds_doctors"].reindex(asked.index).tolist() == most.tolist()


def test_workload_agrees_with_one_station_by_hand(results):
    work = results.snapshot.frame("activity")
    station = work[work["year"] == YEAR]["station"].iloc[0]
    code = station.removeprefix("TYT-")
    visits = work.set_index(["station", "year", "activity"])["quantity"][station, YEAR, "visits"]
    hours = (261 - 14 - 11 - 4 - 10) * 8
    need = visits * 0.45 * 15 / 60 / hours
    required = need / (1 - 0.15 - 0.0625) + 208 / hours
    province = parent_of("legacy", "commune", "province")[code]
    row = staffing.workload_gaps(results, Scope(province, "legacy", "commune", YEAR, "vi"), "points").loc[
        code, "doctor"
    ]
    assert row["need"] == pytest.approx(need)
    assert row["required"] == pytest.approx(required)
    assert row["required_low"] in (math.floor(required), math.ceil(required))


@pytest.mark.parametrize("province", ["92", "86"])
def test_planted_shortages_are_among_the_fifteen_worst_shown(results, planted, province):
    scope = Scope("all", "legacy", "commune", YEAR, "vi")
    frame = gaps(results, scope, "points").sort_values(["gap_low", "gap_high"])
    new = results.snapshot.frame("stations").set_index("legacy_commune")["current_commune"]
    home = new.map(parent_of("current", "commune", "province"))
    shown = [code for code in frame.index if home[code] == province][:15]
    assert set(planted.worst_shortage[province]) <= set(shown)


@pytest.fixture(scope="module")
def planted() -> Truths:
    from data.demo import truths

    return truths()


@pytest.mark.parametrize(("scope", "basis"), [SCOPES[0], SCOPES[3]])
def test_the_headline_counts_what_a_count_by_hand_finds(results, raw, scope, basis):
    hand = by_post(raw, scope, basis).dropna(subset="staff")
    short = int((hand["staff"] < hand["low"]).sum())
    missing = int((hand["low"] - hand["staff"]).clip(lower=0).sum())
    with language(scope.lang):
        said = shortage_sentence(results, scope, basis)
    assert f"{short}/{len(hand)}" in said.replace(" of ", "/") or f"{short} of {len(hand)}" in said
    assert str(missing) in said


# -- what if -----------------------------------------------------------------------------------------------


def areas() -> dict[str, dict[str, float]]:
    return {zone: rule.model_dump() for zone, rule in staffing.fixed_norm().areas.items()}


def test_a_base_of_six_asks_for_more_at_every_station(results):
    changed = staffing.changed_norm(base=6, areas=areas())
    before = staffing.fixed_gaps(results, LEGACY, "points")
    after = staffing.fixed_gaps(results, LEGACY, "points", changed)
    known = before["required_low"].notna()
    assert (after["required_low"] > before["required_low"])[known].all()
    assert staffing.fixed_norm().base == 5


def test_an_unchanged_norm_is_the_norm():
    assert staffing.changed_norm(base=5, areas=areas()) == staffing.fixed_norm()


@pytest.mark.parametrize(
    "change",
    [{"threshold": -1}, {"step_low": 0}, {"step_low": 4000, "step_high": 3000}, {"coefficient": 0.0}],
)
def test_impossible_numbers_of_a_norm_are_named(change):
    wrong = areas()
    wrong["2"] |= change
    with pytest.raises(BadParameters) as error:
        staffing.changed_norm(base=0, areas=wrong)
    assert len(error.value.faults) == 2
    assert "Zone 2" in error.value.text("en")
    assert "Vùng 2" in error.value.text("vi")


# -- posts and targets -------------------------------------------------------------------------------------


def test_posts_held_agree_with_a_count(results, raw):
    staff = raw[1]
    stations = stations_of(raw, LEGACY).index
    rows = staff[(staff["year"] == YEAR) & staff["station"].isin(stations)]
    wide = rows.pivot(index="station", columns="cadre", values="headcount").dropna()
    held = posts.posts_held(results, LEGACY, "points")
    assert held.filled["midwife"] == (wide["midwife"] > 0).sum()
    assert held.filled["doctor/preventive_doctor"] == ((wide["doctor"] + wide["preventive_doctor"]) > 0).sum()
    assert held.assessed == len(wide)


def test_targets_come_soonest_first(results):
    found = posts.targets_of(results, "doctors_per_10000")
    assert found == sorted(found, key=lambda one: one[1])
    assert (19.0, 2030) in found


# -- fair --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
@pytest.mark.parametrize("name", ["doctors_per_10000", "stations_with_permanent_doctor"])
def test_no_unit_below_the_minimum_denominator_is_ranked(results, scope, basis, name):
    found = staffing_fair.compared(results, scope, name)
    small = found.units["denominator"] < (found.definition.minimum_denominator or 0)
    assert found.units.loc[small, "rank"].isna().all()
    ranked = found.units.dropna(subset="rank").sort_values("rank")
    assert ranked["value"].is_monotonic_increasing


def test_intervals_of_a_share_are_wilson(results):
    units = staffing_fair.compared(results, LEGACY, "stations_with_permanent_doctor").units
    low, high = proportion_confint(units["numerator"], units["denominator"], method="wilson")
    assert np.allclose(units["low"], 100 * low)
    assert np.allclose(units["high"], 100 * high)
    assert staffing_fair.level_of("stations_with_doctor", LEGACY) == "district"


def test_points_outside_the_drawn_limits_are_called_so(results):
    found = staffing_fair.compared(results, SCOPES[4][0], "visits_per_person")
    lines = staffing_fair.limits(found, points=4000)
    known = found.units[found.units["position"] != "unknown"]
    low = np.interp(known["denominator"].astype(float), lines.index, lines["low_95"])
    clear = (known["value"] - low).abs() > 0.02
    below = known["position"].str.startswith("low")
    assert ((known["value"] < low) == below)[clear].all()


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
@pytest.mark.parametrize("name", ["doctors_per_10000", "nurses_per_10000", "stations_with_doctor"])
def test_posts_are_held_against_one_at_every_station(results, scope, basis, name):
    found = staffing_fair.compared(results, scope, name)
    assert (found.judge, found.norm) == ("norm", "circular_03_2023" if "nurse" in name else "plan_281")
    assert staffing_fair.limits(found).empty
    staff = of_year(results.indicator("staff", scope.geography, found.level), scope.year)["reported"]
    for code, row in found.units[found.units["position"].ne("unknown")].iterrows():
        asked = row["denominator"] if name.startswith("stations") else staff[code]
        assert (row["position"] == "below_norm") == (row["numerator"] < asked)


def test_a_post_no_norm_names_is_not_judged(results):
    found = staffing_fair.compared(results, LEGACY, "university_pharmacists_per_10000")
    assert (found.judge, found.norm) == ("nothing", None)
    assert staffing_fair.outside(found) == ([], [])
    assert set(found.units["position"]) <= {"unjudged", "unknown"}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", [*staffing_fair.COMPARED, "health_insurance_coverage"])
def test_the_headline_counts_what_its_note_lets_it_name(results, lang, name):
    found = staffing_fair.compared(results, LEGACY, name)
    below, above = staffing_fair.outside(found)
    names = pd.Series([f"<{code}>" for code in found.units.index], index=found.units.index)
    with language(lang):
        said = staffing_fair.sentence(found, names)
        assert staffing_fair.why(found)
        assert fmt.number(found.units["position"].ne("unknown").sum()) in said
    assert {code for code in found.units.index if f"<{code}>" in said} == set(below[:3])
    for code in below:
        row = found.units.loc[code]
        assert row["position"] in ("low_998", "below_norm")
    assert all(found.units.loc[code, "position"] == "high_998" for code in above)


def test_a_spread_below_chance_names_nobody(results):
    found = staffing_fair.compared(results, LEGACY, "visits_per_person")
    calm = replace(found, funnel=replace(found.funnel, spread="less"))
    assert staffing_fair.outside(calm) == ([], [])
    assert staffing_fair.limits(calm).empty


def test_more_of_a_part_than_of_its_whole_is_not_placed(results, monkeypatch):
    name = "health_insurance_coverage"
    frame = results.indicator(name, LEGACY.geography, LEGACY.level).copy()
    code = in_scope(frame, LEGACY, LEGACY.level).index[0][0]
    frame.loc[code, "numerator"] = frame.loc[code, "denominator"].to_numpy() + 1
    monkeypatch.setattr(results, "indicator", lambda *_: frame)
    units = staffing_fair._compared(results, LEGACY, name).units
    assert units.loc[code, "position"] == "unknown"
    assert units["position"].ne("unknown").sum() == len(units) - 1


def test_smoothing_draws_to_the_common_value(results):
    found = staffing_fair.compared(results, LEGACY, "doctors_per_10000")
    assert found.funnel is not None
    known = found.units.dropna(subset="smoothed")
    raw_distance = (known["value"] - found.funnel.target).abs()
    assert ((known["smoothed"] - found.funnel.target).abs() <= raw_distance + 1e-9).all()


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
def test_gini_agrees_with_every_pair(results, scope, basis):
    found = staffing_fair.spread(results, scope, "doctor", basis)
    now = (
        of_year(staffing_fair.staff_and_people(results, scope, "doctor"), scope.year)
        .astype("float64")
        .dropna()
    )
    rate, people = (now["amount"] / now["population"]).to_numpy(), now["population"].to_numpy()
    pairs = np.abs(rate[:, None] - rate[None, :]) * people[:, None] * people[None, :]
    naive = pairs.sum() / (2 * people.sum() * now["amount"].sum())
    row = found.years.loc[scope.year]
    assert row["gini"] == pytest.approx(naive)
    assert row["theil"] == pytest.approx(row["between"] + row["within"])
    assert 0 <= row["short_share"] <= 1


def test_a_merged_commune_belongs_to_a_former_province_of_its_stations(results):
    stations = results.snapshot.frame("stations")
    old = stations["legacy_commune"].map(parent_of("legacy", "commune", "province"))
    groups = staffing_fair.groups_of(SCOPES[2][0])
    possible = old.groupby(stations["current_commune"]).agg(set)
    assert all(groups[code] in provinces for code, provinces in possible.items())


# -- access ------------------------------------------------------------------------------------------------


def distance(a, b):
    """Return the great circle in km by the haversine formula, between two places or lists of places."""
    f1, l1, f2, l2 = (
        np.radians(np.asarray(side[axis], float)) for side in (a, b) for axis in ("latitude", "longitude")
    )
    h = np.sin((f2 - f1) / 2) ** 2 + np.cos(f1) * np.cos(f2) * np.sin((l2 - l1) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(h))


def weight(km):
    return np.select([km <= 5, km <= 10, km <= 20], [1.0, 0.68, 0.22], 0.0)


def test_access_of_one_commune_by_hand(results, raw):
    stations, staff = raw
    supply = staff[(staff["cadre"] == "doctor") & (staff["year"] == YEAR)].set_index("station")["headcount"]
    supply = supply.reindex(stations.index).astype("float64").fillna(0)
    places = at_level("legacy", "commune").loc[stations["legacy_commune"]]
    code, total = "31198", 0.0
    for station, row in stations.iterrows():
        own = weight(1.3 * distance(places.loc[code], row))
        if own:
            demand = (weight(1.3 * distance(places, row)) * stations["population"].to_numpy(float)).sum()
            total += own * supply[station] / demand
    found = staffing_access.reach(results, LEGACY).units
    assert found.loc[code, "access"] == pytest.approx(10_000 * total)


def test_a_larger_unit_has_the_mean_access_of_its_people(results):
    communes = staffing_access.reach(results, LEGACY).units
    districts = staffing_access.reach(results, Scope("92", "legacy", "district", YEAR, "vi")).units
    home = parent_of("legacy", "commune", "district").reindex(communes.index)
    weighed = (communes["access"] * communes["population"]).groupby(home).sum()
    expected = weighed / communes["population"].groupby(home).sum()
    assert np.allclose(districts["access"], expected.reindex(districts.index))


def test_travel_times_replace_straight_lines(results):
    stations = results.snapshot.frame("stations")
    table = pd.DataFrame(
        {"origin": stations["legacy_commune"], "destination": stations["station"], "minutes": "10"}
    )
    pairs = staffing_access.travel_times(
        table=table, origins=pd.Index(stations["legacy_commune"]), destinations=pd.Index(stations["station"])
    )
    found = staffing_access.reach(results, LEGACY, table=pairs)
    known = found.units.dropna(subset="ratio")
    assert found.minutes
    assert np.allclose(known["access"], known["ratio"])


def test_travel_times_that_cannot_be_are_named():
    table = pd.DataFrame(
        {"origin": ["1", "1", "9"], "destination": ["A", "A", "B"], "minutes": ["-5", "7", "x"]}
    )
    with pytest.raises(BadParameters) as error:
        staffing_access.travel_times(table=table, origins=pd.Index(["1"]), destinations=pd.Index(["A"]))
    assert len(error.value.faults) == 4
    with pytest.raises(BadParameters, match="Missing column"):
        staffing_access.travel_times(table=table[["origin"]], origins=pd.Index([]), destinations=pd.Index([]))


def test_a_detour_below_one_is_refused(results):
    with pytest.raises(ValueError, match="detour"):
        staffing_access.reach(results, LEGACY, detour=0.5)


# -- the workbook ------------------------------------------------------------------------------------------


def test_the_workbook_comes_back_as_it_went_out():
    shipped = staffing.shipped_parameters()
    back = staffing_workbook.read_workbook(staffing_workbook.workbook(shipped), "w.xlsx", shipped)
    assert back == shipped.model_copy(update={"nature": "real"})


def changed_workbook(**change: float) -> bytes:
    shipped = staffing.shipped_parameters()
    first, *rest = shipped.working_time
    bad = WisnParameters.model_construct(
        **{**dict(shipped), "working_time": (first.model_copy(update=change), *rest)}
    )
    return staffing_workbook.workbook(bad)


@pytest.mark.parametrize("change", [{"working_days": 0.0}, {"hours_per_day": -8.0}])
def test_bad_working_time_in_a_workbook_is_named(change):
    with pytest.raises(BadParameters) as error:
        staffing_workbook.read_workbook(changed_workbook(**change), "w.xlsx", staffing.shipped_parameters())
    assert "doctor" in error.value.text("vi")


@pytest.mark.parametrize(
    "content", [b"", b"hello", staffing_workbook.workbook(staffing.shipped_parameters())[:200]]
)
def test_what_is_not_the_workbook_is_refused(content):
    with pytest.raises(Refused):
        staffing_workbook.read_workbook(content, "../w.xlsx", staffing.shipped_parameters())


def test_times_that_are_no_csv_are_refused():
    with pytest.raises(Refused):
        staffing_workbook.read_times(b"\xff\xfe\x00bad", "t.csv")
    assert list(staffing_workbook.read_times(b"origin , destination,minutes\n1,2,3\n", "t.csv").columns) == [
        "origin",
        "destination",
        "minutes",
    ]


# -- the planner -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
def test_the_headline_s_plan_helps_as_many_stations_as_a_matching_can(results, raw, scope, basis):
    plan = staffing_plan.answer(results, scope, basis, Question(), marginal=False).plan
    hand = by_post(raw, scope, basis)["doctors"].dropna()
    frame = staffing_plan.stations(results, scope, basis, "one").loc[hand.index]
    givers = [code for code in hand.index for _ in range(int(max(hand[code] - 1, 0)))]
    takers = list(hand.index[hand == 0])
    near = np.array([1.3 * distance(frame.loc[takers], frame.loc[a]) <= 15 for a in givers])
    best = (maximum_bipartite_matching(csr_array(near.astype(int)), perm_type="column") >= 0).sum()
    assert plan.moves["doctors"].sum() == best
    with language(scope.lang):
        said = staffing_plan.action_sentence(results, scope, basis)
    assert re.search(rf"\b{best}\b", said)


@pytest.mark.parametrize("norm", ["one", WORKLOAD, DOCTORS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_giver_falls_below_its_norm_and_every_move_has_a_reason(results, norm, lang):
    scope, basis = SCOPES[3]
    with language(lang):
        found = staffing_plan.answer(results, scope, basis, Question(norm=norm, km=40, recruits=3))
        moves = staffing_plan.moves(found)
        assert staffing_plan.verdict(found)
        assert staffing_plan.one_more_sentence(found)
        assert len(staffing_plan.hover(found)) == len(found.stations)
    sent = moves[moves["origin"] != "new"]
    assert (sent["origin_after"] >= sent["origin_required"]).all()
    assert (moves["reason"].str.len() > 10).all()
    states = staffing_plan.states(found)
    ends = staffing_plan.ends(found)
    assert set(ends.index[ends["state"] == "giver"]) == set(sent["origin"])
    assert states.notna().sum() == len(ends)


def test_a_station_kept_or_closed_takes_no_part(results):
    scope, basis = SCOPES[2]
    free = staffing_plan.answer(results, scope, basis, Question(), marginal=False).plan.moves
    giver, taker = free["origin"].iloc[0], free["destination"].iloc[0]
    held = Question(keep=(giver,), closed=(taker,))
    moves = staffing_plan.answer(results, scope, basis, held, marginal=False).plan.moves
    assert giver not in set(moves["origin"])
    assert taker not in set(moves["destination"])


@pytest.mark.parametrize(
    "question",
    [
        Question(moves=-1),
        Question(km=0),
        Question(km=0.01),
        Question(fixed=(("31117", "31118", 9),)),
        Question(keep=("nowhere",)),
    ],
)
def test_rules_that_cannot_hold_say_which(results, question):
    with pytest.raises(BadParameters) as error:
        staffing_plan.answer(results, *SCOPES[0], question)
    assert error.value.text("vi") != error.value.text("en")


def test_no_two_stations_of_a_plan_are_called_the_same(results):
    scope = Scope("all", "legacy", "commune", YEAR, "vi")
    named = staffing_plan.stations(results, scope, "points", "one")["name"]
    assert named.is_unique
    assert named.str.contains("(", regex=False).any()


# -- the years ahead ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "basis"), SCOPES)
def test_targets_count_filled_posts_only(results, raw, scope, basis):
    found = {(one.id, one.end): one for one in staffing_plan.targets(results, scope, basis)}
    permanent = by_post(raw, scope, basis)["permanent"].dropna()
    plan = found[PERMANENT, "low"]
    assert (plan.filled, plan.required, plan.by) == ((permanent > 0).sum(), len(permanent), 2030)
    assert ((DOCTORS, "high") in found) == (scope.geography == "current")
    with language(scope.lang):
        paces = staffing_plan.paces(list(found.values()), scope, staffing_plan.defaults(results, scope))
    assert all(pace.expected <= target.required for target, pace in paces)


def test_the_recent_pace_is_of_stations_that_reported_both_years(results, raw):
    staff = raw[1]
    inside = stations_of(raw, LEGACY).index
    rows = staff[(staff["cadre"] == "doctor") & staff["station"].isin(inside)]
    wide = rows.pivot(index="station", columns="year", values="headcount")[[2020, YEAR]].dropna()
    expected = (wide[YEAR] - wide[2020]).sum() / (YEAR - 2020)
    assert staffing_plan.recent_pace(results, LEGACY) == pytest.approx(expected)


def test_rotation_is_shared_by_communes_in_force(results):
    whole = norms()[DOCTORS].rotated_per_year
    here = staffing_plan.fair_share_of_rotation(results, SCOPES[3][0])
    assert here == pytest.approx(whole * 103 / 3321)


def test_nothing_is_computed_outside_the_scope(results):
    units = staffing.by_unit(staffing.all_gaps(results, LEGACY, "points"))
    inside = in_scope(results.staffing("legacy", "commune"), LEGACY, "commune").index.get_level_values("code")
    assert set(units.index) <= set(inside)


def test_the_workload_norm_wears_the_badge_of_its_times(results, tmp_path):
    names = ("units", "crosswalk", "stations", "staffing", "population", "activity")
    tables = {
        name: (
            results.snapshot.frame(name),
            results.snapshot.tables[name].provenance.model_copy(update={"nature": "real"}),
        )
        for name in names
    }
    counted = Results(open_store(tmp_path / "with").write(tables, message="real"))
    spec = Spec("norms", "", LEGACY)
    [slide] = story.build(counted, [spec], "vi").slides
    assert staffing.shipped_parameters().nature == slide.nature == "illustrative"
    del tables["activity"]
    without = Results(open_store(tmp_path / "without").write(tables, message="real"))
    [slide] = story.build(without, [spec], "vi").slides
    assert slide.nature == "real"
    entered = staffing.shipped_parameters().model_copy(update={"nature": "real"})
    known = [staffing.lens(WORKLOAD, staffing.all_gaps(counted, LEGACY, "points")[WORKLOAD], YEAR)]
    assert staffing.nature_besides(known, entered) == "real"
    assert staffing.nature_besides(known) == "illustrative"


def test_doctors_of_a_place_without_known_people_are_shared_with_nobody(results, monkeypatch):
    """Access counts people and doctors of the same places: no neighbour gains doctors whose people are unknown."""
    pairs = staffing_access._pairs(results, 1.3)
    whole = staffing_access._accessed(results, YEAR, pairs, staffing_access.STEPS_KM)
    lost = whole.index[whole["doctors"].fillna(0) > 0][0]
    people = results.indicator("population", "legacy", "commune").copy()
    people.loc[lost, "value"] = np.nan
    monkeypatch.setattr(results, "indicator", lambda *_: people)
    found = staffing_access._accessed(results, YEAR, pairs, staffing_access.STEPS_KM)
    near = pairs[pairs["destination"].eq(f"TYT-{lost}") & pairs["origin"].ne(lost)]["origin"].unique()
    served = whole["access"].mul(whole["population"]).sum() / 10_000
    left = found["access"].mul(found["population"]).sum() / 10_000
    assert left == pytest.approx(served - whole.loc[lost, "doctors"], rel=1e-6)
    assert found.loc[near, "incomplete"].all()
