"""Changes and trends over the same units: what every card, profile, slide, sheet and workbook says of change.

The units compared are communes, each with all its stations: those of before July 2025 where their numbers reach
back, else those in force. A figure of one year counts everyone who reported; a change never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from answers import format as fmt
from answers.results import Results, home
from answers.scope import Scope, codes
from answers.words import t
from metrics.comparability import Comparison, comparison
from metrics.registry import Indicator, indicators
from metrics.staffing import UNKNOWN, ShortSummary, roll_up, short_summary


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A number over the same units: ``values`` by every year asked for, missing where not compared."""

    values: pd.Series
    compared: Comparison
    former: bool

    @property
    def said(self) -> str:
        """How many units are compared, in words; empty where there is one unit only, or nothing compared."""
        return _in_words(self.compared, self.former)

    def or_only(self, values: pd.Series, year: int) -> pd.Series:
        """Return what to draw up to a year: what is compared, or of ``values`` the last one known alone."""
        if self.compared.years:
            return self.values
        known = values[values.index <= year].dropna()
        return values.where(values.index.isin(known.index[-1:]))


def _in_words(compared: Comparison, former: bool) -> str:
    """Return how many communes are compared: those viewed, or the ``former`` ones they were made of."""
    if compared.of < 2 or not compared.years:
        return ""
    key = "compared.former" if former else "compared.own"
    return t(key, units=fmt.number(compared.units), total=fmt.number(compared.of))


def followed(
    results: Results,
    name: str,
    scope: Scope,
    *,
    years: Sequence[int] | None = None,
    whole: bool = True,
    basis: str = "points",
) -> Followed:
    """Return an indicator of the scope by year over the same communes, or with ``whole`` false of its chosen unit.

    ``years`` are those to compare, by default all of the atlas. Where they cannot be compared over enough of the
    same units, all values are missing.
    """
    span = tuple(years if years is not None else results.options.years)
    at = (scope.province, scope.geography, scope.level, "" if whole else str(scope.unit))
    key = ("followed", name, basis, *at, *map(str, span))
    return results.keep(
        *key, compute=lambda: _followed(results, indicators()[name], scope, span, whole, basis)
    )


def _followed(
    results: Results, definition: Indicator, scope: Scope, span: tuple[int, ...], whole: bool, basis: str
) -> Followed:
    nothing = pd.Series(float("nan"), index=list(span))
    none = comparison(known=_NONE, years=(), of=0)
    for geography, parts in _atoms(results, definition, scope.geography, basis):
        here = parts[_inside(parts, geography, scope, whole) & parts.index.isin(span, level="year")]
        units = here.index.get_level_values("code")[here["expected"]].nunique()
        found = comparison(known=here["known"], years=span, of=units)
        if not found.years:
            continue
        rows = here[here.index.isin(found.codes, level="code") & here.index.isin(found.years, level="year")]
        sums = rows[["numerator", "denominator"]].groupby(level="year").sum(min_count=1)
        values = _value(sums, definition).reindex(list(span))
        return Followed(values=values, compared=found, former=geography != scope.geography)
    return Followed(values=nothing, compared=none, former=False)


_NONE = pd.Series(dtype="bool", index=pd.MultiIndex.from_arrays([[], []], names=["code", "year"]))


def _atoms(
    results: Results, definition: Indicator, geography: str, basis: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the communes that can be followed, the best first: numerator, denominator, known, expected."""
    if definition.norm is not None:
        atom = "legacy" if basis == "points" else geography
        gaps = results.station_gaps(atom)
        parts = gaps[["existing", "required_low"]].astype("float64")
        known = gaps["status"].ne(UNKNOWN)
        yield (
            atom,
            parts.set_axis(["numerator", "denominator"], axis=1).assign(known=known, expected=True),
        )
        return
    for atom in dict.fromkeys(("legacy", geography)):
        if definition.formula == "compliance":
            yield atom, _judged(results, atom)
        else:
            rows = results.indicator(definition.id, atom, "commune")
            # A commune that part of which is not known, or was divided in 2025, is another unit every year.
            whole = rows["reported"].eq(rows["expected"]).fillna(False) & rows["low"].eq(rows["high"])
            known = rows["value"].notna() & whole.astype(bool)
            expected = rows["expected"].gt(0).fillna(False).astype(bool)
            yield atom, rows[["numerator", "denominator"]].assign(known=known, expected=expected)


def _judged(results: Results, geography: str) -> pd.DataFrame:
    sheets = results.criteria().reset_index()
    sheets = sheets[sheets["geography"].eq(geography)].rename(columns={"commune": "code"})
    sheets = sheets.set_index(["code", "year"])
    known = sheets["passes"].notna()
    passing = sheets["passes"].fillna(False).astype("float64")
    return pd.DataFrame({"numerator": passing, "denominator": 1.0, "known": known, "expected": True})


def _inside(rows: pd.DataFrame, atom: str, scope: Scope, whole: bool) -> pd.Series:
    """Say of each row whether its commune counts in the scope, or in its chosen unit."""
    code = rows.index.get_level_values("code")
    if whole:
        area = code.map(home(atom, scope.geography, "province"))
        return pd.Series(area.isin(codes(scope, "province")), index=rows.index)
    return pd.Series(code.map(home(atom, scope.geography, scope.level)) == scope.unit, index=rows.index)


def _value(sums: pd.DataFrame, definition: Indicator) -> pd.Series:
    if definition.formula == "staffing_gap":
        return sums["numerator"] - sums["denominator"]
    if definition.formula == "sum":
        return sums["numerator"] * definition.multiplier
    return sums["numerator"] / sums["denominator"] * definition.multiplier


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """Who is short by year, over the same communes; ``by_year`` holds the years compared only."""

    by_year: dict[int, ShortSummary]
    compared: Comparison
    former: bool

    @property
    def said(self) -> str:
        """How many communes are compared, in words."""
        return _in_words(self.compared, self.former)

    def missing(self, years: Sequence[int], end: str) -> pd.Series:
        """Return the staff missing by year against the ``low`` or ``high`` end; missing where not compared."""
        found = {year: getattr(one, f"missing_{end}") for year, one in self.by_year.items()}
        return pd.Series(found, dtype="float64").reindex(list(years))


def shortage(
    results: Results, scope: Scope, basis: str = "points", *, years: Sequence[int] | None = None
) -> Shortage:
    """Return the staff missing in the scope's communes by year, over those whose gap is known in every year."""
    span = tuple(years if years is not None else results.options.years)
    rows, found, atom = _same_gaps(results, scope, span, True, basis)
    where = home(atom, scope.geography, "commune")
    by_year = {}
    for year in found.years:
        one = rows[rows.index.get_level_values("year") == year].droplevel("year")
        by_year[year] = short_summary(gaps=roll_up(gaps=one, to=where.reindex(one.index)))
    return Shortage(by_year=by_year, compared=found, former=atom != scope.geography)


def _same_gaps(
    results: Results, scope: Scope, span: tuple[int, ...], whole: bool, basis: str
) -> tuple[pd.DataFrame, Comparison, str]:
    atom = "legacy" if basis == "points" else scope.geography
    gaps = results.station_gaps(atom)
    here = gaps[_inside(gaps, atom, scope, whole) & gaps.index.isin(span, level="year")]
    known = here["status"].ne(UNKNOWN)
    found = comparison(known=known, years=span, of=here.index.get_level_values("code").nunique())
    same = here.index.isin(found.codes, level="code") & here.index.isin(found.years, level="year")
    return here[same], found, atom


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """A unit's staff beside what its norm asks for: ``rows`` by year with existing, required_low, required_high."""

    rows: pd.DataFrame
    said: str


def staffed(results: Results, scope: Scope) -> Staffed:
    """Return the chosen unit's staff and requirement by every year of the atlas, over the same communes.

    Where the years cannot be compared, only the scope's own year has numbers.
    """
    years = list(results.options.years)
    rows, found, atom = _same_gaps(results, scope, tuple(years), False, "points")
    columns = ["existing", "required_low", "required_high"]
    if found.years:
        sums = rows[columns].groupby(level="year").sum(min_count=1).reindex(years)
        return Staffed(rows=sums, said=_in_words(found, atom != scope.geography))
    table = results.staffing(scope.geography, scope.level)[columns]
    own = table[table.index.get_level_values("code") == scope.unit].droplevel("code").reindex(years)
    return Staffed(rows=own[own.index == scope.year].reindex(years), said="")
