"""Everything the pages and exports show, computed from one snapshot in one place.

This is where the two halves meet that must not know each other: where things are (``geo``) and what the
numbers mean (``metrics``). A result has a row per unit and year with numerator, denominator, value, low, high,
status, and how many stations reported of how many, so that it can be summed again and explained.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from answers.keeping import Shelf
from answers.scope import HOME, Options
from data import clock
from data.canonical import dtypes, empty_frame
from data.contracts import CADRES
from data.query import Measure, measure_sums
from data.store import Snapshot
from data.units import crosswalk
from geo.units import parent_of
from metrics.criteria import evaluate_by_year
from metrics.registry import FixedNorm, Indicator, indicators, norms
from metrics.results import evaluate, measures, ratio
from metrics.staffing import required_staff, roll_up, staffing_gap

KEY: Final = ["code", "year"]

T = TypeVar("T")


class Results:
    """What is computed from a snapshot; every answer is kept, and must not be changed.

    With ``last``, what was known at the end of that year: see :meth:`until`.
    """

    def __init__(self, snapshot: Snapshot, *, whole: Results | None = None, last: int | None = None) -> None:
        self.snapshot = snapshot
        self.whole = whole or self
        self.last = last
        self.shelf = Shelf(pinned=["frame"])

    def keep(self, *key: Hashable, compute: Callable[[], T], most: int | None = None) -> T:
        """Return what was computed under a key before, or compute it; ``most`` is how many of its kind are kept."""
        return self.shelf.keep(key, compute, most=most)

    def until(self, year: int) -> Results:
        """Return what was known at the end of a year: no row, figure, clinic or verdict of a later day.

        It is cut here, where tables are read, so that nothing drawn from it can run past the year. What the
        newest year of the atlas shows is all that is known.
        """
        if year >= self.options.years[-1]:
            return self
        return self.keep(
            "until", str(year), compute=lambda: Results(self.snapshot, whole=self.whole, last=year)
        )

    def today(self) -> dt.date:
        """Return the day verdicts are of: today, or the last day of the year the results end with."""
        return clock.today() if self.last is None else min(clock.today(), dt.date(self.last, 12, 31))

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of the snapshot, read once; what a caller changes stays its own."""
        return self.keep("frame", name, compute=lambda: self._read(name)).copy(deep=False)

    def _read(self, name: str) -> pd.DataFrame:
        if name not in self.snapshot.tables:
            return empty_frame(name)
        if self.last is None:
            return self.snapshot.frame(name)
        return _up_to(self.whole.frame(name), self.last)

    @cached_property
    def options(self) -> Options:
        """The provinces with stations, in each geography, the years of data, and the stations.

        The years are those of staffing; where nobody's staff is known, those of whatever is.
        """
        stations = self.frame("stations")
        provinces = {}
        for geography in ("legacy", "current"):
            codes = stations[f"{geography}_commune"].map(parent_of(geography, "commune", "province"))
            provinces[geography] = tuple(sorted(codes.unique(), key=lambda code: (code != HOME, code)))
        dated = [table for table in self.snapshot.tables if "year" in dtypes(table)]
        staffed = self.frame("staffing")["year"].unique()
        known = [staffed] if len(staffed) else [self.frame(table)["year"] for table in dated]
        years = sorted({int(year) for part in known for year in part}) or [dt.date.today().year]
        homes = {geography: stations[f"{geography}_commune"] for geography in provinces}
        communes = pd.DataFrame({"station": stations["station"], **homes}).set_index("station")
        reports = {geography: self._reports(geography, years) for geography in provinces}
        return Options(provinces, tuple(years), communes.to_dict("index"), reports)

    def _reports(self, geography: str, years: list[int]) -> dict[str, dict[int, tuple[int, int]]]:
        """Return by province and year how many stations reported, of how many there are."""
        stations = self.frame("stations").set_index("station")
        province = stations[f"{geography}_commune"].map(parent_of(geography, "commune", "province"))
        expected = province.value_counts()
        told = self._told()
        counts = told.groupby([told["station"].map(province), told["year"]])["station"].nunique()
        return {
            str(code): {year: (int(counts.get((code, year), 0)), int(total)) for year in years}
            for code, total in expected.items()
        }

    def _told(self) -> pd.DataFrame:
        """Return each station and year with a report: of its staff, or, where nobody's is known, of anything."""
        staff = self.frame("staffing")
        if len(staff):
            return staff.loc[staff["headcount"].notna(), ["station", "year"]].drop_duplicates()
        tables = [name for name in self.snapshot.tables if {"station", "year"} <= set(dtypes(name))]
        parts = [self.frame(name)[["station", "year"]] for name in tables]
        nobody = pd.DataFrame({"station": pd.Series(dtype="str"), "year": pd.Series(dtype="Int64")})
        return pd.concat([nobody, *parts]).drop_duplicates()

    def measured(self, wanted: dict[str, Measure], geography: str, level: str) -> pd.DataFrame:
        """Return measures by unit for every year of the atlas."""
        return measure_sums(
            self.snapshot, wanted, geography=geography, level=level, years=list(self.options.years)
        )

    def sums(self, geography: str, level: str) -> pd.DataFrame:
        """Return every measure of every indicator by unit and year, in one pass through the engine."""
        wanted = measures(indicators=indicators().values())

        def compute() -> pd.DataFrame:
            if self.last is None:
                return self.measured(wanted, geography, level)
            found = self.whole.sums(geography, level)
            return found[found["year"].le(self.last)]

        return self.keep("sums", geography, level, compute=compute)

    def indicator(self, name: str, geography: str, level: str, basis: str = "points") -> pd.DataFrame:
        """Return an indicator by code and year.

        ``basis`` says what a fixed norm is applied to where communes were merged: each of the former
        ``points``, or the one ``station``.
        """
        definition = indicators()[name]

        def compute() -> pd.DataFrame:
            if definition.formula == "compliance":
                return self._compliance(definition, geography, level)
            if definition.formula == "staffing_gap":
                return _as_gap(self.staffing(geography, level, basis))
            if definition.formula == "staffing_ratio":
                return _as_ratio(self.staffing(geography, level, basis), definition)
            found = evaluate(indicator=definition, sums=self.sums(geography, level))
            return self._like_with_like(definition, found, geography, level)

        return self.keep(
            "indicator", name, geography, level, basis if definition.norm else "", compute=compute
        )

    def _like_with_like(
        self, definition: Indicator, found: pd.DataFrame, geography: str, level: str
    ) -> pd.DataFrame:
        """Divide by the people of the stations that reported, not by those of all.

        Where some stations of a unit did not report, the whole unit's people would make its rate too low.
        """
        by_people = definition.denominator is not None and definition.denominator.table == "population"
        partial = found["status"].eq("partial")
        if not by_people or not partial.any() or (geography, level) == ("legacy", "commune"):
            return found
        atoms = self.indicator(definition.id, "legacy", "commune").reset_index()
        atoms = atoms[atoms["status"].eq("ok")]
        atoms["code"] = atoms["code"].map(home("legacy", geography, level))
        parts = atoms.groupby(KEY)[["numerator", "denominator"]].sum().reindex(found.index[partial])
        value = ratio(**{name: parts[name] for name in parts}, multiplier=definition.multiplier)["value"]
        mended = pd.DataFrame({**dict(parts.items()), "value": value, "low": value, "high": value})
        found = found.copy()
        found.loc[mended.index, list(mended)] = mended
        return found

    # -- staffing against the fixed norm -----------------------------------------------------------------

    def staffing(self, geography: str, level: str, basis: str = "points") -> pd.DataFrame:
        """Return existing and required staff, and the gap, by code and year.

        Units are sums over the stations whose staff and requirement are both known; ``complete`` of
        ``expected`` says how many those are.
        """

        def compute() -> pd.DataFrame:
            atom = "legacy" if basis == "points" else geography
            gaps = self.station_gaps(atom)
            area = gaps.index.get_level_values("code").map(home(atom, geography, level))
            area = pd.Series(zip(area, gaps.index.get_level_values("year"), strict=True), index=gaps.index)
            found = roll_up(gaps=gaps, to=area[area.str[0].notna()])
            found.index = pd.MultiIndex.from_tuples(found.index, names=KEY)
            return found

        return self.keep("staffing", geography, level, basis, compute=compute)

    def station_gaps(self, geography: str) -> pd.DataFrame:
        """Return the gap of each commune's station by code and year: the norm is written for a station."""

        def compute() -> pd.DataFrame:
            definition = indicators()["staffing_gap"]
            norm = norms()[str(definition.norm)]
            assert isinstance(norm, FixedNorm)
            sums = self.sums(geography, "commune")
            staff = sums[sums["measure"].eq("staffing_gap.numerator")].set_index(KEY)
            # Communes of which only the people are known have no station to judge.
            staff = staff[staff["expected"].gt(0)]
            # A merged commune whose stations did not all report has an unknown gap, not a large one.
            existing = staff["value"].where(staff["reported"].eq(staff["expected"]))
            people = self.indicator("population", geography, "commune")["value"].reindex(staff.index)
            zone = self.zones(geography).reindex(staff.index.get_level_values("code"))
            zone.index = staff.index
            required = required_staff(population=people, zone=zone, norm=norm)
            return staffing_gap(existing=existing, **{str(name): required[name] for name in required})

        return self.keep("station_gaps", geography, compute=compute)

    def zones(self, geography: str) -> pd.Series:
        """Return each commune's zone: its station's, and where communes were merged the main station's."""
        stations = self.frame("stations").sort_values("role", ascending=False)
        return stations.drop_duplicates(f"{geography}_commune").set_index(f"{geography}_commune")["zone"]

    # -- national criteria -------------------------------------------------------------------------------

    def criteria(self) -> pd.DataFrame:
        """Return every commune's yearly result under the criteria set in force that year."""

        def compute() -> pd.DataFrame:
            zones = pd.concat({geography: self.zones(geography) for geography in ("legacy", "current")})
            return evaluate_by_year(scores=self.frame("criteria_scores"), zones=zones)

        return self.keep("criteria", compute=compute)

    def _compliance(self, definition: Indicator, geography: str, level: str) -> pd.DataFrame:
        """Count the communes that pass; a merged commune not yet scored itself shows its former communes."""
        sheets = self.criteria().reset_index()
        former = sheets[sheets["geography"].eq("legacy")]
        parts = [former.assign(code=former["commune"].map(home("legacy", geography, level)))]
        if geography == "current":
            own = sheets[sheets["geography"].eq("current")]
            merged = former["commune"].map(home("legacy", "current", "commune"))
            scored = pd.MultiIndex.from_frame(own[["commune", "year"]])
            judged = pd.MultiIndex.from_arrays([merged, former["year"]]).isin(scored)
            above = own.assign(code=own["commune"].map(home("current", geography, level)))
            parts = [parts[0][~judged], above]
        frame = pd.concat(parts).dropna(subset="code")
        frame = frame.assign(passing=frame["passes"].fillna(False), known=frame["passes"].notna())
        counts = frame.groupby(KEY).agg(
            numerator=("passing", "sum"), denominator=("known", "sum"), expected=("known", "size")
        )
        found = ratio(
            numerator=counts["numerator"],
            denominator=counts["denominator"],
            multiplier=definition.multiplier,
        )
        return found.assign(
            low=found["value"],
            high=found["value"],
            rankable=found["denominator"].ge(definition.minimum_denominator or 0),
            reported=counts["denominator"].astype("Int64"),
            expected=counts["expected"].astype("Int64"),
        )

    # -- cadres ------------------------------------------------------------------------------------------

    def cadres(self, geography: str, level: str) -> pd.DataFrame:
        """Return the headcount of each cadre: rows by code and year, a column per cadre."""
        wanted = {
            cadre: Measure(table="staffing", column="headcount", where={"cadre": [cadre]}) for cadre in CADRES
        }
        return self.keep(
            "cadres",
            geography,
            level,
            compute=lambda: self.measured(wanted, geography, level).pivot(
                index=KEY, columns="measure", values="value"
            ),
        )


DATED: Final = {"year": "%Y", "month": "%Y-%m", "date": None, "opened": None}
"""What dates the rows of a table: a year, a month as text, a day. A deadline or a law's first day is no news."""


def _up_to(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows of a table that were known at the end of a year.

    >>> _up_to(pd.DataFrame({"month": ["2024-12", "2025-01"], "quantity": [3, 4]}), 2024)["quantity"].tolist()
    [3]
    """
    for column, form in DATED.items():
        if column not in frame:
            continue
        when = frame[column]
        years = when if column == "year" else pd.to_datetime(when, format=form).dt.year
        frame = frame[years.le(year).fillna(True)]
    return frame


def home(atom: str, geography: str, level: str) -> pd.Series:
    """Return, for each commune of the geography ``atom``, the unit of another it counts towards.

    A commune split in 2025 counts towards the commune in force that holds its main part.
    """
    above = parent_of(geography, "commune", level)
    if atom == geography:
        return above
    links = crosswalk()
    return links[links["main"]].set_index("legacy_commune")["current_commune"].map(above)


def _as_gap(staffing: pd.DataFrame) -> pd.DataFrame:
    """Return the gap as an indicator: its value against the low end of the norm, its low against the high end."""
    gaps = staffing[["gap_low", "gap_high"]].astype("float64")
    return _described(staffing).assign(value=gaps["gap_low"], low=gaps["gap_high"], high=gaps["gap_low"])


def _as_ratio(staffing: pd.DataFrame, definition: Indicator) -> pd.DataFrame:
    """Return existing over required staff as an indicator, on the low end; its low is on the high end."""
    parts = _described(staffing)
    high_end = staffing["required_high"].astype("float64")
    value = parts["numerator"] / parts["denominator"] * definition.multiplier
    return parts.assign(value=value, low=parts["numerator"] / high_end * definition.multiplier, high=value)


def _described(staffing: pd.DataFrame) -> pd.DataFrame:
    partial = staffing["complete"].lt(staffing["expected"])
    status = np.select([staffing["status"].eq("unknown"), partial], ["missing", "partial"], "ok")
    return pd.DataFrame(
        {
            "numerator": staffing["existing"].astype("float64"),
            "denominator": staffing["required_low"].astype("float64"),
            "status": pd.Series(status, index=staffing.index, dtype="str"),
            "rankable": staffing["status"].ne("unknown"),
            "reported": staffing["complete"],
            "expected": staffing["expected"],
        }
    )
