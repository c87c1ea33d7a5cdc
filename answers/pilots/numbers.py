"""Family-doctor clinics: which stations are, which could be, and the evidence on those that are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from answers.results import Results
from answers.scope import ALL, Scope, place_name
from answers.summary import of_year
from geo.units import at_level, parent_of
from metrics.pilot_indicators import POPULATION, pilot_indicators
from metrics.pilot_verdicts import Verdict, verdicts
from metrics.pilots import Study, rates, study

EQUIPMENT: Final = ("ultrasound", "ecg", "spo2", "glucose_meter", "nebuliser")
CONDITIONS: Final = ("trained", *EQUIPMENT)
STATES: Final = ("far", "near", "ready", "open")
"""From the farthest to the nearest: two or more conditions missing, one missing, ready, already a clinic."""
GROUP: Final = "group"
SERVICES: Final = MappingProxyType(
    {
        "managed": ("people_managed", "households_managed"),
        "records": ("electronic_records",),
        "hypertension": ("hypertension_managed",),
        "diabetes": ("diabetes_managed",),
        "referrals": ("referrals",),
        "teleconsultations": ("teleconsultations",),
    }
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The studies and verdicts of one group of clinics, by indicator; ``opened`` by station."""

    opened: pd.Series
    studies: Mapping[str, Study]
    verdicts: Mapping[str, Verdict]

    def concluded(self, *conclusions: str) -> list[str]:
        """Return the indicators with one of these conclusions."""
        return [name for name, one in self.verdicts.items() if one.conclusion in conclusions]


# -- the register ------------------------------------------------------------------------------------------


def stations(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the scope's stations: ``name``, ``unit`` (commune in the scope's geography), ``commune``,
    ``above``, ``legacy_commune``, latitude and longitude, and ``opened`` (missing where no clinic is)."""

    def compute() -> pd.DataFrame:
        frame = results.frame("stations").set_index("station")
        unit = frame[f"{scope.geography}_commune"]
        communes = at_level(scope.geography, "commune", within=scope.within)
        frame = frame[unit.isin(communes.index)].assign(unit=unit)
        above = "district" if scope.geography == "legacy" else "province"
        names = at_level(scope.geography, above)["name"]
        frame["commune"] = communes["name"].reindex(frame["unit"]).to_numpy()
        frame["above"] = names.reindex(
            frame["unit"].map(parent_of(scope.geography, "commune", above))
        ).to_numpy()
        frame["opened"] = opened(results).reindex(frame.index)
        return frame

    return results.keep("pilots.stations", scope.geography, scope.province, compute=compute)


def opened(results: Results) -> pd.Series:
    """Return the opening date of every clinic of the data set, by station."""
    if "pilots" not in results.snapshot.tables:
        return pd.Series(dtype="datetime64[us]", index=pd.Index([], dtype="str"), name="opened")

    def compute() -> pd.Series:
        return results.frame("pilots").set_index("station")["opened"].sort_index()

    return results.keep("pilots.opened", compute=compute)


def readiness(results: Results, scope: Scope) -> pd.DataFrame:
    """Return every station of the scope with the conditions it meets in the scope's year.

    The columns of :func:`stations`, and ``doctors``, ``trained_doctors``, a nullable truth per condition
    (missing where the station did not report), ``missing`` and ``unknown`` (how many), ``state``: one of
    :data:`STATES`, or missing where what was not reported decides.
    """
    key = ("pilots.readiness", scope.geography, scope.province, str(scope.year))
    return results.keep(*key, compute=lambda: _readiness(results, scope))


def _readiness(results: Results, scope: Scope) -> pd.DataFrame:
    frame = stations(results, scope).copy()
    staff = results.frame("staffing")
    doctors = staff[staff["year"].eq(scope.year) & staff["cadre"].eq("doctor")].set_index("station")
    frame["doctors"] = doctors["headcount"].reindex(frame.index)
    frame["trained_doctors"] = doctors["family_medicine_trained"].reindex(frame.index)
    frame["trained"] = frame["trained_doctors"].gt(0).astype("boolean")
    items = results.frame("facilities")
    items = items[items["year"].eq(scope.year) & items["item"].isin(EQUIPMENT)]
    has = items.pivot(index="station", columns="item", values="quantity")
    for name in EQUIPMENT:
        column = has.get(name, pd.Series(dtype="Int64")).reindex(frame.index)
        frame[name] = column.gt(0).astype("boolean")
    conditions = frame[list(CONDITIONS)]
    frame["missing"] = (~conditions).fillna(False).sum(axis=1).astype("int64")
    frame["unknown"] = conditions.isna().sum(axis=1).astype("int64")
    decided = np.select(
        [frame["opened"].notna(), frame["missing"] >= 2, frame["unknown"] > 0, frame["missing"] == 1],
        ["open", "far", "", "near"],
        "ready",
    )
    frame["state"] = pd.Series(decided, index=frame.index, dtype="str").replace("", pd.NA)
    return frame


def services(results: Results) -> pd.DataFrame:
    """Return, for every clinic, which services its latest report shows: truth by service, missing with no report."""
    reports, period = _reports(results)
    ours = reports[reports["station"].isin(opened(results).index)].dropna(subset="quantity")
    rows = {}
    for station, own in ours.groupby("station"):
        last = own[own[period].eq(own[period].max())].set_index("activity")["quantity"]
        rows[station] = {
            name: any(last.get(activity, 0) > 0 for activity in activities)
            for name, activities in SERVICES.items()
        }
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(SERVICES), dtype="boolean")
    return found.reindex(opened(results).index)


def units(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the communes of some stations with the nearest state of any of them, as a number or missing."""
    order = {state: at for at, state in enumerate(STATES)}
    state = frame["state"].map(order).astype("float64")
    return pd.DataFrame({"state": state.groupby(frame["unit"]).max()})


# -- the roll-out ------------------------------------------------------------------------------------------


def rollout(results: Results, scope: Scope) -> pd.DataFrame:
    """Return published numbers of clinics and plans of the scope's provinces, oldest first.

    Columns: date, value, kind (``open`` or ``plan``), place, geography, source.
    """
    places = _places(results, scope)
    facts = results.frame("facts") if "facts" in results.snapshot.tables else None
    parts = []
    if facts is not None:
        rows = facts[facts["place"].isin(places) & facts["indicator"].eq("family_doctor_clinics")]
        parts.append(rows.assign(kind="open"))
    if "targets" in results.snapshot.tables:
        goals = results.frame("targets")
        goals = goals[goals["place"].isin(places) & goals["indicator"].eq("family_doctor_clinics")]
        goals = goals.dropna(subset="deadline").rename(columns={"deadline": "date"})
        parts.append(goals.assign(kind="plan", geography="current"))
    columns = ["date", "value", "kind", "place", "geography", "source"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat([part[columns] for part in parts]).sort_values("date", ignore_index=True)


def trained(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the published numbers of family doctors trained in the scope's provinces, oldest first."""
    if "facts" not in results.snapshot.tables:
        return pd.DataFrame(columns=["date", "value", "place", "source"])
    facts = results.frame("facts")
    rows = facts[
        facts["place"].isin(_places(results, scope)) & facts["indicator"].eq("family_doctors_trained")
    ]
    return rows.sort_values("date", ignore_index=True)


def _places(results: Results, scope: Scope) -> list[str]:
    if scope.province != ALL:
        return [place_name(scope)]
    codes = results.options.provinces[scope.geography]
    return list(at_level(scope.geography, "province")["short_name"].reindex(codes))


# -- the evidence ------------------------------------------------------------------------------------------


def clinics(results: Results, scope: Scope) -> pd.Series:
    """Return the opening dates of the scope's clinics, by station."""
    found = opened(results)
    return found[found.index.isin(stations(results, scope).index)]


def _reports(results: Results) -> tuple[pd.DataFrame, str]:
    """Return the reports to study: monthly where a clinic reports by month, else yearly."""

    def compute() -> tuple[pd.DataFrame, str]:
        if "activity_monthly" in results.snapshot.tables:
            monthly = results.frame("activity_monthly")
            if monthly["station"].isin(opened(results).index).any():
                return monthly, "month"
        return results.frame("activity"), "year"

    return results.keep("pilots.reports", compute=compute)


def table(results: Results) -> str:
    """Return the name of the table the studies are made from."""
    return "activity_monthly" if by_month(results) else "activity"


def by_month(results: Results) -> bool:
    """Say whether the clinics are studied by month."""
    return _reports(results)[1] == "month"


def panel(results: Results, name: str) -> pd.DataFrame | None:
    """Return an indicator by station and period, over all stations; None where nobody reports it."""
    definition = pilot_indicators()[name]
    reports, period = _reports(results)

    def made(activity: str, per: pd.Series | None, multiplier: float) -> pd.DataFrame | None:
        rows = reports.loc[reports["activity"].eq(activity), ["station", period, "quantity"]]
        if rows["quantity"].notna().sum() == 0:
            return None
        return rates(quantity=rows.rename(columns={period: "period"}), per=per, multiplier=multiplier)

    def compute() -> pd.DataFrame | None:
        if definition.denominator == POPULATION:
            return made(definition.numerator, people(results), definition.multiplier)
        part, whole = (made(one, None, 1.0) for one in (definition.numerator, definition.denominator))
        return (
            None if part is None or whole is None else part / whole.where(whole > 0) * definition.multiplier
        )

    return results.keep("pilots.panel", name, compute=compute)


def people(results: Results) -> pd.Series:
    """Return the people of each station's own former commune, by station: one figure, so that rates compare."""
    frame = results.frame("stations").set_index("station")
    latest = of_year(results.indicator("population", "legacy", "commune"), results.options.years[-1])["value"]
    return pd.Series(latest.reindex(frame["legacy_commune"]).to_numpy(dtype="float64"), index=frame.index)


def covariates(results: Results, before: int) -> pd.DataFrame:
    """Return what stations are matched on, besides their past: people, zone, urban, staff of the year before."""
    frame = results.frame("stations").set_index("station")
    kind = at_level("legacy", "commune")["type"].reindex(frame["legacy_commune"])
    staff = results.frame("staffing")
    years = [year for year in results.options.years if year < before] or list(results.options.years[:1])
    staff = staff[staff["year"].eq(years[-1])].groupby("station")["headcount"].sum(min_count=1)
    return pd.DataFrame(
        {
            "people": people(results),
            "zone": frame["zone"].astype("float64"),
            "urban": pd.Series(kind.isin(["Phường", "Thị trấn"]).to_numpy(float), index=frame.index),
            "staff": staff.reindex(frame.index).astype("float64"),
        }
    )


def evidence(results: Results, scope: Scope, who: str = GROUP) -> Evidence:
    """Return the evidence on the scope's clinics together, or on one of them, against all other stations.

    Comparisons come from the whole data set, of the same zone; other clinics are never among them.
    """
    ours = clinics(results, scope)
    chosen = ours if who == GROUP else ours.loc[[who]]
    names = ",".join(chosen.index)
    studies = {}
    for name in pilot_indicators():
        made = results.keep(
            "pilots.study", name, names, compute=lambda name=name: _study(results, name, chosen)
        )
        if made is not None:
            studies[name] = made
    polarity = {name: pilot_indicators()[name].polarity for name in studies}
    said = results.keep(
        "pilots.verdicts",
        names,
        compute=lambda: verdicts(studies=studies, polarity=polarity) if studies else {},
    )
    return Evidence(opened=chosen, studies=studies, verdicts=said)


def _study(results: Results, name: str, chosen: pd.Series) -> Study | None:
    values = panel(results, name)
    if values is None or chosen.empty:
        return None
    known = covariates(results, int(chosen.min().year))
    others = [one for one in opened(results).index if one not in set(chosen.index)]
    communes = results.frame("stations").set_index("station")["legacy_commune"]
    return study(
        panel=values,
        opened=chosen,
        covariates=known,
        exact=["zone"],
        never_compare=others,
        districts=communes.map(parent_of("legacy", "commune", "district")),
    )
