"""What to do: which doctors to move where, and what must be recruited for the targets to be met."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import (
    DOCTORS,
    PERMANENT,
    WORKLOAD,
    all_gaps,
    doctor_gaps,
    key_of,
    post_geography,
    posts,
    shipped_parameters,
)
from answers.summary import of_year
from answers.words import t, tn
from geo.units import at_level, parent_of
from metrics import projection
from metrics.access import DETOUR, travel
from metrics.errors import BadParameters
from metrics.projection import Assumptions, Pace
from metrics.registry import DoctorTarget, norms
from metrics.rotation import Marginal, Plan, plan, value_of_one_more
from metrics.rotation_rules import RECRUIT, Objective, Rules

OBJECTIVES: Final[tuple[Objective, ...]] = ("worst_gap", "people", "total_gap")
NORMS: Final = ("one", DOCTORS, WORKLOAD)
DEFAULT_KM: Final = 15.0
ANY: Final = 1_000_000
# Nobody publishes how many station doctors leave: a working life of some 33 years, until a province knows better.
LOSS: Final = 0.03


def choices_of_norm(scope: Scope, basis: str) -> tuple[str, ...]:
    """Return the norms doctors can be moved by; four or five doctors are asked of merged stations only."""
    return NORMS if (scope.geography, basis) == ("current", "station") else ("one", WORKLOAD)


def stations(results: Results, scope: Scope, basis: str, norm: str) -> pd.DataFrame:
    """Return the posts a plan works on: ``existing`` and ``required`` doctors, people, place and name."""
    atom = post_geography(scope, basis)
    frame = posts(results, scope, atom)
    if norm == WORKLOAD:
        work = all_gaps(results, scope, basis)[WORKLOAD]
        required = work.xs("doctor", level="cadre")["required_low"].reindex(frame.index)
    else:
        low = 1
        if norm == DOCTORS:
            target = norms()[DOCTORS]
            assert isinstance(target, DoctorTarget)
            low = target.steps[0].low
        required = pd.Series(low, index=frame.index, dtype="Int64")
    found = frame[["population", "latitude", "longitude"]].assign(
        existing=frame["doctors"], required=required.astype("Int64")
    )
    return found.assign(name=names(atom, found.index))


def names(atom: str, codes: pd.Index) -> pd.Series:
    """Return communes' names; shared ones say their district, and the province where that is shared too."""
    named = at_level(atom, "commune")["name"].reindex(codes)
    for above in ("district", "province") if atom == "legacy" else ("province",):
        parents = at_level(atom, above)["name"].reindex(parent_of(atom, "commune", above).reindex(codes))
        named = named.mask(named.duplicated(keep=False), named + " (" + parents.to_numpy() + ")")
    return named


@dataclass(frozen=True)
class Question:
    """What the planner is asked: whose norm, how far, how many, and what is fixed or forbidden."""

    norm: str = "one"
    objective: Objective = "worst_gap"
    moves: int = ANY
    km: float = DEFAULT_KM
    recruits: int = 0
    detour: float = DETOUR
    keep: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str, int], ...] = ()
    banned: tuple[tuple[str, str], ...] = ()

    def rules(self) -> Rules:
        """Return the question as the planner's rules."""
        forbidden = [
            *((code, None) for code in self.keep),
            *((None, code) for code in self.closed),
            *self.banned,
        ]
        fixed: dict[tuple[str, str], int] = {}
        for origin, destination, doctors in self.fixed:
            fixed[origin, destination] = fixed.get((origin, destination), 0) + doctors
        return Rules(
            objective=self.objective,
            max_moves=self.moves,
            max_cost=self.km,
            recruits=self.recruits,
            fixed=fixed,
            forbidden=forbidden,
        )


@dataclass(frozen=True)
class Answer:
    """A plan with the stations it is about, and what one more recruit would add."""

    question: Question
    stations: pd.DataFrame
    plan: Plan
    one_more: Marginal | None = None

    @property
    def besides(self) -> str:
        """Return the nature of what the plan rests on besides tables: the times WISN takes."""
        return shipped_parameters().nature if self.question.norm == WORKLOAD else "real"


def answer(
    results: Results, scope: Scope, basis: str, question: Question, *, marginal: bool = True
) -> Answer:
    """Solve; :class:`BadParameters` names every rule to blame when nothing can be done."""
    frame = stations(results, scope, basis, question.norm)
    ways = travel(origins=frame, destinations=frame, limit=max(question.km, 0.1), detour=question.detour)
    given = frame[["existing", "required", "population"]]
    rules = question.rules()
    found = plan(stations=given, travel=ways, rules=rules)
    more = value_of_one_more(stations=given, travel=ways, rules=rules) if marginal else None
    return Answer(question, frame, found, more)


def action_sentence(results: Results, scope: Scope, basis: str) -> str:
    """Return what moving doctors between stations would already solve, for the headline; nothing if it cannot."""

    def compute() -> Plan | None:
        try:
            return answer(results, scope, basis, Question(), marginal=False).plan
        except BadParameters:
            return None

    found = results.keep("action", basis, *key_of(replace(scope, level="commune")), compute=compute)
    if found is None or found.moves.empty:
        return ""
    moved = int(found.moves["doctors"].sum())
    helped = int((found.stations["gap_before"].gt(0) & found.stations["gap_after"].eq(0)).sum())
    left = int(found.stations["gap_after"].sum())
    values = {
        "doctors": tn("staffing.unit.doctors", moved, n=fmt.number(moved)),
        "stations": tn("staffing.unit.stations", helped, n=fmt.number(helped)),
        "km": fmt.number(DEFAULT_KM),
    }
    if left == 0:
        return t("staffing.action.all", **values)
    return t("staffing.action.part", **values, left=fmt.number(left))


# -- what a plan says --------------------------------------------------------------------------------------


def moves(found: Answer) -> pd.DataFrame:
    """Return the list of moves: names of both ends, doctors, kilometres, both ends before and after, people."""
    rows = found.plan.moves
    called = found.stations["name"]
    frame = rows.assign(
        origin_name=[
            t("staffing.rotation.recruit") if code == RECRUIT else called[code] for code in rows["origin"]
        ],
        destination_name=[called[code] for code in rows["destination"]],
        people=found.stations["population"].reindex(rows["destination"]).to_numpy(),
    )
    return frame.assign(reason=[reason(row) for row in frame.to_dict("records")])


def reason(move: Mapping[str, object]) -> str:
    """Return why a move is in the plan: what the receiver lacks and what the giver can spare."""
    lacking = t(
        "staffing.rotation.reason.to",
        have=fmt.number(move["destination_before"]),  # type: ignore[arg-type]
        need=fmt.number(move["destination_required"]),  # type: ignore[arg-type]
        people=fmt.number(move["people"]),  # type: ignore[arg-type]
    )
    if move["origin"] == RECRUIT:
        return lacking
    spare = t(
        "staffing.rotation.reason.from",
        have=fmt.number(move["origin_before"]),  # type: ignore[arg-type]
        need=fmt.number(move["origin_required"]),  # type: ignore[arg-type]
    )
    return f"{lacking}; {spare}"


def one_more_sentence(found: Answer) -> str:
    """Return what one more recruited doctor would add."""
    more = found.one_more
    if more is None or more.station is None:
        return t("staffing.rotation.more.none")
    return t(
        "staffing.rotation.more",
        station=found.stations["name"][more.station],
        people=fmt.number(more.people_covered),
        gap=fmt.number(more.gap_closed),
    )


def verdict(found: Answer) -> str:
    """Return the plan in one sentence: moves, gaps closed, and what remains."""
    made, ends = found.plan.moves, found.plan.stations
    sent = int(made.loc[made["origin"].ne(RECRUIT), "doctors"].sum())
    before, after = int(ends["gap_before"].sum()), int(ends["gap_after"].sum())
    helped = int((ends["gap_before"].gt(0) & ends["gap_after"].eq(0)).sum())
    return t(
        "staffing.rotation.verdict",
        moved=tn("staffing.unit.doctors", sent, n=fmt.number(sent)),
        recruits=fmt.number(int(made["doctors"].sum()) - sent),
        helped=tn("staffing.unit.stations", helped, n=fmt.number(helped)),
        people=fmt.number(found.plan.people_covered),
        before=fmt.number(before),
        after=fmt.number(after),
    )


def hover(found: Answer) -> list[str]:
    """Return each station's hover text: doctors before and after, and its norm."""
    ends = found.plan.stations.reindex(found.stations.index)
    return [
        f"{name}\n"
        + t(
            "staffing.rotation.hover",
            before=fmt.number(row.before),
            after=fmt.number(row.after),
            need=fmt.number(row.required),
        )
        for name, row in zip(found.stations["name"], ends.astype("Float64").itertuples(), strict=True)
    ]


STATES: Final = ("still", "helped", "giver", "same")


def states(found: Answer) -> pd.Series:
    """Return what the plan does to each station: ``still`` short, ``helped``, ``giver``, ``same``; missing unknown."""
    ends = found.plan.stations.reindex(found.stations.index)
    named = np.select(
        [ends["gap_after"].gt(0), ends["after"].gt(ends["before"]), ends["after"].lt(ends["before"])],
        ["still", "helped", "giver"],
        "same",
    )
    return pd.Series(named, index=ends.index, dtype="str").where(ends["before"].notna())


def ends(found: Answer) -> pd.DataFrame:
    """Return every station before and after the plan, those still short first: name, numbers and state."""
    frame = found.plan.stations.assign(name=found.stations["name"])
    frame = frame.assign(state=states(found).reindex(frame.index), place=order_of(frame["name"]))
    rank = frame["state"].map({name: i for i, name in enumerate(STATES)})
    frame = frame.assign(rank=rank).sort_values(
        ["rank", "gap_before", "place"], ascending=[True, False, True]
    )
    return frame.drop(columns=["rank", "place"])


# -- projection --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """A doctor target of the scope: posts filled now, posts asked for, and by when."""

    id: str
    filled: int
    required: int
    by: int
    permanent: bool
    end: str


def targets(results: Results, scope: Scope, basis: str) -> list[Target]:
    """Return the doctor targets that apply to the scope, each counted post by post."""
    key = ("doctor targets", basis, *key_of(scope))
    return results.keep(*key, compute=lambda: _targets(results, scope, basis))


def _targets(results: Results, scope: Scope, basis: str) -> list[Target]:
    found = []
    for name in (DOCTORS, PERMANENT):
        norm = norms()[name]
        assert isinstance(norm, DoctorTarget)
        gaps = doctor_gaps(results, scope, basis, name)
        known = gaps[gaps["status"].ne("unknown")]
        if known.empty or norm.steps[0].by.year <= scope.year:
            continue
        ends = ("low",) if norm.steps[0].low == norm.steps[0].high else ("low", "high")
        for end in ends:
            required = known[f"required_{end}"]
            filled = known["existing"].where(known["existing"] < required, required)
            found.append(
                Target(
                    name,
                    int(filled.sum()),
                    int(required.sum()),
                    norm.steps[0].by.year,
                    norm.steps[0].permanent,
                    end,
                )
            )
    return found


def recent_pace(results: Results, scope: Scope) -> float | None:
    """Return the doctors gained a year over the years of data (first to last), None with fewer than two years.

    Posts that did not report in both years are left out.
    """
    key = ("doctors by year", scope.province, scope.geography)
    frame = results.keep(*key, compute=lambda: posts_by_year(results, scope))
    years = [year for year in frame.columns if year <= scope.year and frame[year].notna().any()]
    if len(years) < 2:
        return None
    both = frame[[years[0], years[-1]]].dropna()
    return float((both[years[-1]] - both[years[0]]).sum() / (years[-1] - years[0]))


def posts_by_year(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the doctors of each of the scope's old communes, a column a year."""
    rows = {
        year: posts(results, replace(scope, year=year), "legacy")["doctors"].astype("float64")
        for year in results.options.years
    }
    return pd.DataFrame(rows)


def fair_share_of_rotation(results: Results, scope: Scope) -> float:
    """Return the scope's part of the doctors Resolution 72 rotates each year, by its communes in force."""
    norm = norms()[DOCTORS]
    assert isinstance(norm, DoctorTarget)
    here = posts(results, scope, "legacy").index
    links = results.frame("stations").set_index("legacy_commune")["current_commune"]
    own = links.reindex(here).nunique()
    return (norm.rotated_per_year or 0) * own / len(at_level("current", "commune"))


def defaults(results: Results, scope: Scope) -> Assumptions:
    """Return the assumptions one starts from: hiring as in the years of data, three in a hundred leaving."""
    gained = recent_pace(results, scope) or 0.0
    now = of_year(results.indicator("doctors", scope.geography, "province"), scope.year)["value"]
    there = float(now[scope.within]) if scope.within else float(now.sum())
    hired = max(gained + LOSS * (0.0 if math.isnan(there) else there), 0.0)
    rotated = round(fair_share_of_rotation(results, scope))
    return Assumptions(recruited=round(hired), loss=LOSS, rotated=rotated, stay=1)


def paces(found: list[Target], scope: Scope, given: Assumptions) -> list[tuple[Target, Pace]]:
    """Return what each target needs under the assumptions; :class:`BadParameters` when they cannot be."""
    return [
        (
            target,
            projection.pace(
                filled=target.filled,
                required=target.required,
                since=scope.year,
                by=target.by,
                assumptions=given,
                permanent_only=target.permanent,
            ),
        )
        for target in found
    ]
