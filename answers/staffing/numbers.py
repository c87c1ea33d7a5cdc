"""Staffing against each norm side by side: who counts, what is asked, what is missing, which norm binds.

A norm is written for a *post*: the old commune's station, or the one station of a merged commune. Everything
here is kept by post, where shortage is counted, and rolled up to the units a page shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from answers.results import KEY, Results, home
from answers.scope import Scope
from answers.summary import of_year
from answers.words import catalogue, current, t
from data.query import Measure
from geo.units import at_level
from metrics.errors import BadParameters
from metrics.registry import DoctorTarget, FixedNorm, Force, Text, WorkloadNorm, norms
from metrics.staffing import (
    binding_norm,
    required_doctors,
    required_staff,
    roll_up,
    short_summary,
    staffing_gap,
)
from metrics.wisn import rounded, staff_need
from metrics.wisn_parameters import WisnParameters, parameter_sets

FIXED: Final = "circular_03_2023"
PERMANENT: Final = "plan_281"
DOCTORS: Final = "resolution_72"
WORKLOAD: Final = "circular_43_2025_wisn"
LENSES: Final = (FIXED, PERMANENT, DOCTORS, WORKLOAD)
TABLES: Final = ("staffing", "stations", "population", "activity")
_MEASURES: Final = {
    "doctors": Measure(table="staffing", column="headcount", where={"cadre": ["doctor"]}),
    "permanent": Measure(table="staffing", column="permanent", where={"cadre": ["doctor"]}),
}


def lens_ids() -> tuple[str, ...]:
    """Return every norm of the folder the atlas can compute: those it always shows, then any other.

    A fixed norm by zone and a doctor target need nothing more than their file. One by terrain, of which the atlas
    has no data, is told among the documents only.
    """
    others = [
        name
        for name, norm in norms().items()
        if name not in LENSES
        and (isinstance(norm, DoctorTarget) or (isinstance(norm, FixedNorm) and norm.area_kind == "zone"))
    ]
    return (*LENSES, *others)


def lens_name(name: str) -> str:
    """Return what a norm is called where there is little room; one without a short name, by its own."""
    if f"staffing.lens.{name}" in catalogue(current()):
        return t(f"staffing.lens.{name}")
    return norms()[name].name.in_(current())


def lens_counts(one: Lens) -> str:
    """Return whom a norm counts, in words; of a norm without words of its own, those of its kind."""
    named = "merged" if one.id == DOCTORS and not one.known else one.id
    if f"staffing.norms.counts.{named}" in catalogue(current()):
        return t(f"staffing.norms.counts.{named}")
    return norms()[one.id].summary.in_(current()) if one.doctors else t(f"staffing.norms.counts.{FIXED}")


def fixed_norm() -> FixedNorm:
    """Return the fixed norm in use."""
    norm = norms()[FIXED]
    assert isinstance(norm, FixedNorm)
    return norm


def post_geography(scope: Scope, basis: str) -> str:
    """Return the geography whose communes hold one post each: merged ones only when one station is meant."""
    return "current" if (scope.geography, basis) == ("current", "station") else "legacy"


def key_of(scope: Scope) -> tuple[str, ...]:
    """Return what a result of the whole scope is kept under; language and chosen unit do not change it."""
    return scope.province, scope.geography, scope.level, str(scope.year)


def in_units(codes: pd.Index, atom: str, scope: Scope) -> pd.Series:
    """Return the unit of the scope each commune counts towards; missing outside the scope."""
    unit = home(atom, scope.geography, scope.level).reindex(codes)
    return unit.where(unit.isin(at_level(scope.geography, scope.level, within=scope.within).index))


def posts(results: Results, scope: Scope, atom: str) -> pd.DataFrame:
    """Return the scope's posts in its year, by commune of the geography ``atom``.

    Columns: ``unit`` of the scope, ``staff``, ``doctors``, ``permanent`` doctors, ``population``, ``zone``,
    ``stations``, ``latitude``, ``longitude``. A post whose stations did not all report has no staff.
    """
    frame = of_year(_all_posts(results, atom), scope.year)
    unit = in_units(frame.index, atom, scope)
    return frame.assign(unit=unit)[unit.notna()]


def _all_posts(results: Results, atom: str) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        sums = results.measured(_MEASURES, atom, "commune")
        sums["value"] = sums["value"].where(sums["reported"].eq(sums["expected"]))
        frame = sums.pivot(index=KEY, columns="measure", values="value").astype("Int64")
        frame["staff"] = results.station_gaps(atom)["existing"].reindex(frame.index)
        people = results.indicator("population", atom, "commune")["value"]
        frame["population"] = people.reindex(frame.index)
        stations = results.frame("stations").sort_values("role", ascending=False)
        codes = frame.index.get_level_values("code")
        by_commune = stations.groupby(f"{atom}_commune")
        chief = by_commune[["zone", "latitude", "longitude"]].first().reindex(codes)
        for name in chief:
            frame[name] = chief[name].to_numpy()
        frame["stations"] = by_commune.size().reindex(codes).to_numpy()
        return frame

    return results.keep("posts", atom, compute=compute)


# -- one norm at a time ------------------------------------------------------------------------------------


def fixed_gaps(results: Results, scope: Scope, basis: str, norm: FixedNorm | None = None) -> pd.DataFrame:
    """Return the gap of each post to the fixed norm, or to a changed one."""
    frame = posts(results, scope, post_geography(scope, basis))
    required = required_staff(
        population=frame["population"], zone=frame["zone"].astype("Int64"), norm=norm or fixed_norm()
    )
    gaps = staffing_gap(existing=frame["staff"], **{str(name): required[name] for name in required})
    return gaps.assign(unit=frame["unit"])


def doctor_gaps(results: Results, scope: Scope, basis: str, name: str) -> pd.DataFrame:
    """Return the gap of each post to a doctor target; of none where the target speaks of merged stations only."""
    norm = norms()[name]
    assert isinstance(norm, DoctorTarget)
    step = norm.steps[0]
    merged_only = name == DOCTORS
    atom = scope.geography if merged_only else post_geography(scope, basis)
    frame = posts(results, scope, atom)
    if merged_only and scope.geography == "legacy":
        frame = frame[:0]
    stations = pd.Series(1, index=frame.index, dtype="Int64")
    required = required_doctors(stations=stations, step=step)
    existing = frame["permanent"] if step.permanent else frame["doctors"]
    gaps = staffing_gap(existing=existing, **{str(column): required[column] for column in required})
    return gaps.assign(unit=frame["unit"])


def workload_gaps(
    results: Results, scope: Scope, basis: str, parameters: WisnParameters | None = None
) -> pd.DataFrame:
    """Return what WISN asks of each post and cadre, as a gap, with the parts of the requirement.

    ``parameters`` are a province's own; otherwise those that ship. Raises :class:`BadParameters`.
    """
    norm = norms()[WORKLOAD]
    assert isinstance(norm, WorkloadNorm)
    atom = post_geography(scope, basis)
    used = parameters or shipped_parameters()
    unit = posts(results, scope, atom)["unit"]
    activities = sorted({row.activity for row in used.activities})
    cadres = sorted({row.cadre for row in used.activities})
    need = staff_need(
        workload=_long(_by_post(results, "activity", atom, scope.year, activities, unit.index), "quantity"),
        existing=_long(_by_post(results, "staffing", atom, scope.year, cadres, unit.index), "existing"),
        parameters=used,
        rounding=norm.rounding,
    )
    need.index = need.index.set_names(["code", "cadre"])
    required = need["required_staff"]
    gaps = staffing_gap(existing=need["existing"], required_low=required, required_high=required)
    parts = need[["need", "category_factor", "individual_factor", "required", "ratio", "pressure"]]
    codes = gaps.index.get_level_values("code")
    return gaps.join(parts).assign(unit=unit.reindex(codes).to_numpy())


def shipped_parameters() -> WisnParameters:
    """Return the parameters in use until a province enters its own."""
    return next(iter(parameter_sets().values()))


def nature_besides(known: Iterable[Lens], parameters: WisnParameters | None = None) -> str:
    """Return the nature of what norms rest on besides tables: the times WISN takes, where it says anything."""
    used = any(one.id == WORKLOAD and one.known for one in known)
    return (parameters or shipped_parameters()).nature if used else "real"


def _by_post(
    results: Results, table: str, atom: str, year: int, wanted: list[str], codes: pd.Index
) -> pd.DataFrame:
    """Return a station table's numbers by post and kind; missing where a station of the post lacks one."""
    kind, value = ("activity", "quantity") if table == "activity" else ("cadre", "headcount")
    rows = results.frame(table)
    rows = rows[rows["year"].eq(year) & rows[kind].isin(wanted)]
    post = results.frame("stations").set_index("station")[f"{atom}_commune"]
    wide = rows.pivot(index="station", columns=kind, values=value).reindex(index=post.index, columns=wanted)
    groups = wide.astype("float64").groupby(post)
    sums = groups.sum().where(groups.count().eq(groups.size(), axis=0))
    return sums.reindex(codes).rename_axis(index="station", columns=kind)


def _long(wide: pd.DataFrame, value: str) -> pd.DataFrame:
    return wide.reset_index().melt(id_vars="station", value_name=value)


# -- the norms side by side --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Lens:
    """One norm over the whole scope. ``missing`` counts each post apart: a surplus elsewhere fills no gap."""

    id: str
    doctors: bool
    force: Force | None
    existing: int
    required_low: int
    required_high: int
    missing_low: int
    missing_high: int
    short: int
    known: int

    @property
    def ratio(self) -> float | None:
        """Existing over required at the low end; None when nothing is required."""
        return self.existing / self.required_low if self.required_low else None


def all_gaps(
    results: Results, scope: Scope, basis: str, parameters: WisnParameters | None = None
) -> dict[str, pd.DataFrame]:
    """Return each norm's gaps by post (and cadre, for the workload), by the norm's id."""

    def compute() -> dict[str, pd.DataFrame]:
        return {
            FIXED: fixed_gaps(results, scope, basis),
            PERMANENT: doctor_gaps(results, scope, basis, PERMANENT),
            DOCTORS: doctor_gaps(results, scope, basis, DOCTORS),
            WORKLOAD: workload_gaps(results, scope, basis),
        } | {name: _other_gaps(results, scope, basis, name) for name in lens_ids() if name not in LENSES}

    found = results.keep("lenses", basis, *key_of(scope), compute=compute)
    if parameters is None:
        return found
    return found | {WORKLOAD: workload_gaps(results, scope, basis, parameters)}


def _other_gaps(results: Results, scope: Scope, basis: str, name: str) -> pd.DataFrame:
    norm = norms()[name]
    if isinstance(norm, FixedNorm):
        return fixed_gaps(results, scope, basis, norm)
    return doctor_gaps(results, scope, basis, name)


def lens(name: str, gaps: pd.DataFrame, year: int) -> Lens:
    """Sum one norm's gaps over the posts whose figures are known."""
    found = short_summary(gaps=gaps)
    known = gaps[gaps["status"].ne("unknown")]
    short = known.index.get_level_values("code")[known["status"].eq("short")].nunique()
    ends = known[["required_low", "required_high"]].sum()
    if "required" in known:  # a workload's requirement is a fraction: summed first, then rounded once
        ends[:] = _whole(pd.Series([known["required"].sum()])).iloc[0]
    return Lens(
        id=name,
        doctors=isinstance(norms()[name], DoctorTarget),
        force=norms()[name].force_on(dt.date(year, 12, 31)),
        existing=int(known["existing"].sum()),
        required_low=int(ends["required_low"]),
        required_high=int(ends["required_high"]),
        missing_low=found.missing_low,
        missing_high=found.missing_high,
        short=short,
        known=known.index.get_level_values("code").nunique(),
    )


def _whole(required: pd.Series) -> pd.Series:
    """Return fractional requirements of a workload as whole people."""
    norm = norms()[WORKLOAD]
    assert isinstance(norm, WorkloadNorm)
    return rounded(required=required, rounding=norm.rounding)


def _asked(work: pd.DataFrame) -> pd.Series:
    """Return what the workload asks of each unit, summed over its posts whose gap is known and rounded once."""
    known = work[work["status"].ne("unknown")]
    return _whole(known.groupby("unit")["required"].sum())


def by_unit(gaps: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, for each unit, what is there and what each norm asks for at its low end, and which asks the most.

    Columns ``staff``, ``doctors_there``, each norm's id and ``<id>.high``, ``wisn_staff`` (the cadres the
    workload counts), ``wisn_doctor``, ``binds_staff`` and ``binds_doctors``.
    """
    rolled = {name: roll_up(gaps=frame, to=frame["unit"]) for name, frame in gaps.items()}
    work = gaps[WORKLOAD]
    doctor = work[work.index.get_level_values("cadre") == "doctor"]
    doctors = roll_up(gaps=doctor, to=doctor["unit"])
    found = pd.DataFrame(
        {
            "staff": rolled[FIXED]["existing"],
            "doctors_there": doctors["existing"],
            "wisn_there": rolled[WORKLOAD]["existing"],
            "wisn_staff": _asked(work),
            "wisn_doctor": _asked(doctor),
        }
    )
    for name in (FIXED, PERMANENT, DOCTORS):
        ends = rolled[name].reindex(found.index)
        found[name], found[f"{name}.high"] = ends["required_low"], ends["required_high"]
    staff = found[[FIXED, "wisn_staff"]].rename(columns={"wisn_staff": WORKLOAD})
    asked = found[[PERMANENT, DOCTORS, "wisn_doctor"]].rename(columns={"wisn_doctor": WORKLOAD})
    return found.assign(binds_staff=binding_norm(required=staff), binds_doctors=binding_norm(required=asked))


# -- what if the norm were another -------------------------------------------------------------------------


def changed_norm(*, base: int, areas: Mapping[str, Mapping[str, float]]) -> FixedNorm:
    """Return the fixed norm with other numbers; :class:`BadParameters` says everything that cannot be.

    >>> areas = {"1": {"threshold": 6000, "step_low": 2000, "step_high": 3000, "coefficient": 1.0}}
    >>> changed_norm(base=6, areas=areas).base
    6
    """
    faults = []
    if base < 1:
        faults.append(Text(vi="Số người cơ bản phải từ 1 trở lên", en="The base must be at least 1 person"))
    for zone, area in areas.items():
        if area["threshold"] < 0:
            faults.append(
                Text(
                    vi=f"Vùng {zone}: mốc dân số không được âm",
                    en=f"Zone {zone}: the population threshold must not be negative",
                )
            )
        if not 0 < area["step_low"] <= area["step_high"]:
            faults.append(
                Text(
                    vi=f"Vùng {zone}: bậc dân số phải dương, bậc nhỏ không lớn hơn bậc lớn",
                    en=f"Zone {zone}: steps must be positive, the small one not above the large one",
                )
            )
        if area["coefficient"] <= 0:
            faults.append(
                Text(vi=f"Vùng {zone}: hệ số phải dương", en=f"Zone {zone}: the coefficient must be positive")
            )
    if faults:
        raise BadParameters(faults)
    norm = fixed_norm()
    rules = norm.model_dump()["areas"] | {zone: dict(area) for zone, area in areas.items()}
    return FixedNorm.model_validate(norm.model_dump() | {"base": base, "areas": rules})


# -- posts and coverage ------------------------------------------------------------------------------------
