"""From rows by station or commune to rows by unit and year, in the engine.

The *atom* of a table is what reports: a station, or a commune for area tables. An atom reports a measure in a
year when it has a value there in the measure's column, and none of the rows that match is without one. What a row
that is not there means, the table's contract says (:func:`data.contracts.absent_row`). Where it means none, a
station that reports the table and lists no row for a cadre has none of it, zero and not missing; but where no atom at
all has a matching row in a year, the thing was not collected, and nobody reports it. Where it means not reported, a
station reports what it has rows for, of every activity that the measure adds up, and of all twelve months of a year.
What is not reported is left out of the sum and counted: ``reported < expected``. Where nobody reports there is no
value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from math import prod
from operator import and_
from typing import Final, Literal

import ibis
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from data.canonical import dtypes, key
from data.contracts import GEOGRAPHIES, LEVELS, TABLES, absent_row
from data.failures import fetched
from data.places import homes, places
from data.store import Snapshot

_MONTHS: Final = 12
_COMPLETENESS: Final = {"table": "str", "year": "Int64", "rows": "Int64", "missing": "float64"}


class Measure(BaseModel):
    """What to sum: a column of a table, over the rows whose columns hold one of the values in ``where``.

    ``stations_with`` counts stations whose sum is above zero, ``stations`` those that report at all.
    ``carry_forward`` takes, for each station or commune, its latest year up to the one asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    column: str
    where: dict[str, list[str]] = {}
    aggregate: Literal["sum", "stations_with", "stations"] = "sum"
    carry_forward: bool = False

    @property
    def read(self) -> Measure:
        """What is read from the table, whatever is then made of it."""
        return self.model_copy(update={"aggregate": "sum"})


def measure_sums(
    snapshot: Snapshot,
    measures: Mapping[str, Measure],
    *,
    geography: str,
    level: str,
    within: str | None = None,
    years: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return each measure for every unit of a level and every year.

    Columns: measure, code, year; value, low, high (float, NaN when nobody reports); reported and expected
    (stations, or communes of an area table); as_of, the oldest year of the data in the value, missing when
    there are none. Units are those inside the province ``within`` or, when that is None or "all", every unit
    with a station or area data. Years are ``years``, or those the measure's table has.

    A commune's area data reaches communes in force through the crosswalk: ``low`` sums the legacy communes
    that lie wholly in the unit, ``high`` all that touch it, ``value`` those whose main part is there; a unit
    that holds no main part has a low and a high but no value. In a province and year with data as recent by
    communes in force, those are used instead. Everywhere else low = value = high.

    Of a table the snapshot lacks nobody reports anything.

    Raises ValueError for a measure, geography, level or province that does not exist, and StoreError when the
    snapshot lacks ``units``, ``crosswalk`` for communes in force, or ``stations`` for station tables.
    """
    _check(measures, geography, level)
    units = _units(snapshot, geography, level, within)
    reads, laid = _reads(measures), {}
    for (table, carry), group in reads.items():
        atom, n = "station" if "station" in dtypes(table) else "commune", len(group)
        if table not in snapshot.tables:
            span = sorted(set(years or ()))
            laid[table, carry] = _laid_out(_nobody(atom, n), units, span, atom, geography)
            continue
        span = sorted(set(years)) if years is not None else _years(snapshot, table, geography)
        atoms = _atoms(snapshot.table(table), group)
        dated = _carried(atoms, span) if carry else _in_years(atoms, span)
        at = homes(snapshot, atom, geography, level)
        at = at if within in (None, "all") else at.filter(at.province == within)
        rows = _freshest(_reduced(dated, at, n), geography)
        laid[table, carry] = _laid_out(rows, units, span, atom, geography)
    parts = {}
    for name, measure in measures.items():
        where = measure.table, measure.carry_forward
        numbers = _part(laid[where], reads[where].index(measure.read), measure.aggregate)
        parts[name] = laid[where], numbers
    return _stacked(parts)


def _reads(measures: Mapping[str, Measure]) -> dict[tuple[str, bool], list[Measure]]:
    """Return what is read of each table, carried forward or not, each once."""
    reads: dict[tuple[str, bool], list[Measure]] = defaultdict(list)
    for measure in measures.values():
        if measure.read not in reads[measure.table, measure.carry_forward]:
            reads[measure.table, measure.carry_forward].append(measure.read)
    return reads


def years(snapshot: Snapshot, table: str) -> list[int]:
    """Return the years a table has rows for, in order; StoreError when the snapshot lacks the table."""
    return list(_years(snapshot, table, None))


def latest_year(snapshot: Snapshot, table: str) -> int | None:
    """Return the last year a table has rows for, None when it has no rows."""
    return max(years(snapshot, table), default=None)


def completeness(snapshot: Snapshot) -> pd.DataFrame:
    """Return table, year (missing for a table without years), rows, and the share of numbers missing.

    The share is over the cells of number columns outside the key, from 0 to 1; missing without such columns.
    """
    parts = []
    for name in snapshot.tables:
        rows = _with_year(snapshot.table(name))
        numbers = [
            c for c, kind in dtypes(name).items() if kind in ("Int64", "float64") and c not in key(name)
        ]
        holes = {column: rows.count() - rows[column].count() for column in numbers}
        by = ["year"] if "year" in rows.columns else []
        part = fetched(rows.aggregate(by=by, rows=rows.count(), **holes)).to_pandas()
        cells = part["rows"] * len(numbers)
        part["missing"] = part[numbers].sum(axis=1) / cells.where(cells > 0)
        parts.append(part.assign(table=name).reindex(columns=list(_COMPLETENESS)).astype(_COMPLETENESS))
    frame: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["table", "year"], ignore_index=True)


# -- what is asked -----------------------------------------------------------------------------------------


def _check(measures: Mapping[str, Measure], geography: str, level: str) -> None:
    faults = [f"{name}: {fault}" for name, measure in measures.items() for fault in _faults(measure)]
    if not measures:
        faults.append("no measure is asked for")
    if geography not in GEOGRAPHIES or level not in LEVELS or (geography, level) == ("current", "district"):
        faults.append(f"there is no level {level!r} in geography {geography!r}")
    if faults:
        raise ValueError("; ".join(faults))


def _faults(measure: Measure) -> Iterator[str]:
    """Say what is wrong with a measure, against the contract of its table."""
    kinds = dtypes(measure.table) if measure.table in TABLES else {}
    by_station = "station" in kinds
    if not (by_station or "commune" in kinds) or not {"year", "month"} & set(kinds):
        yield f"table {measure.table!r} is not by station or commune and year"
        return
    if kinds.get(measure.column) not in ("Int64", "float64") or measure.column in key(measure.table):
        yield f"{measure.table} has no number column {measure.column!r}"
    for column in measure.where:
        if kinds.get(column) != "str":
            yield f"{measure.table} has no text column {column!r}"
    if measure.aggregate != "sum" and not by_station:
        yield f"{measure.table} is not by station, so {measure.aggregate!r} cannot be counted"


def _units(snapshot: Snapshot, geography: str, level: str, within: str | None) -> pd.DataFrame:
    units = places(snapshot, geography, level)
    if within in (None, "all"):
        return units[units["known"]]
    inside = units[units["province"] == within]
    if inside.empty:
        raise ValueError(f"there is no province {within!r} in geography {geography!r}")
    return inside


@lru_cache(maxsize=256)
def _years(snapshot: Snapshot, table: str, geography: str | None) -> list[int]:
    """Return a table's years; in the legacy geography only those of rows that can be placed there."""
    rows = _with_year(snapshot.table(table))
    if geography == "legacy" and "geography" in rows.columns:
        rows = rows.filter(rows.geography == geography)
    return sorted(fetched(rows.select("year").distinct())["year"].to_pylist())


# -- in the engine -----------------------------------------------------------------------------------------


def _with_year(rows: ibis.Table) -> ibis.Table:
    return rows.mutate(year=rows.month.left(4).cast("int64")) if "month" in rows.columns else rows


def _yearly(rows: ibis.Table) -> ibis.Table:
    """Sum months to their year first, missing when one of twelve is: every measure then reads twelve times less."""
    if "month" not in rows.columns:
        return rows
    rows = _with_year(rows).drop("month")
    numbers = [name for name, kind in rows.schema().items() if kind.is_numeric() and name != "year"]
    sums = {name: (rows[name].count() == _MONTHS).ifelse(rows[name].sum(), None) for name in numbers}
    return rows.group_by([name for name in rows.columns if name not in numbers]).agg(**sums)


def _atom(rows: ibis.Table) -> str:
    return "station" if "station" in rows.columns else "commune"


def _key(rows: ibis.Table) -> list[str]:
    """Return the columns that name an atom."""
    return ["station"] if _atom(rows) == "station" else ["geography", "commune"]


def _atoms(rows: ibis.Table, measures: list[Measure]) -> ibis.Table:
    """Reduce to a row per atom and year: v0, v1, ... what it reports for each measure, else missing."""
    rows = _yearly(rows)
    totals: dict[str, ibis.Value] = {}
    for n, measure in enumerate(measures):
        column = rows[measure.column]
        matches = reduce(
            and_, (rows[c].isin(values) for c, values in measure.where.items()), ibis.literal(True)
        )
        totals[f"any_{measure.column}"] = column.count()
        totals[f"sum{n}"] = column.cast("float64").sum(where=matches)
        totals[f"rows{n}"] = rows.count(where=matches)
        totals[f"filled{n}"] = column.count(where=matches)
    atoms = rows.group_by([*_key(rows), "year"]).agg(**totals)
    all_atoms = ibis.window(group_by=["year"])
    reported = {}
    for n, measure in enumerate(measures):
        reports = (atoms[f"any_{measure.column}"] > 0) & (atoms[f"rows{n}"] == atoms[f"filled{n}"])
        if needed := _needed(measure):
            reports &= atoms[f"rows{n}"] >= needed
        elif measure.where:
            reports &= atoms[f"rows{n}"].max().over(all_atoms) > 0
        reported[f"v{n}"] = reports.ifelse(atoms[f"sum{n}"].coalesce(0.0), ibis.null("float64"))
    return atoms.select(*_key(rows), "year", **reported)


def _needed(measure: Measure) -> int:
    """Return how many rows an atom that reports the measure has in a year; 0 where none need be there."""
    if absent_row(measure.table) == "none":
        return 0
    return prod(len(set(values)) for column, values in measure.where.items() if column in key(measure.table))


def _in_years(atoms: ibis.Table, span: list[int]) -> ibis.Table:
    return atoms.filter(atoms.year.isin(span)).mutate(as_of=atoms.year)


def _carried(atoms: ibis.Table, span: list[int]) -> ibis.Table:
    """Return each atom's latest row up to each year asked for; ``as_of`` is the row's own year."""
    asked = ibis.literal(span, type="array<int64>").unnest().name("asked").as_table()
    pairs = atoms.rename(as_of="year").cross_join(asked)
    pairs = pairs.filter(pairs.as_of <= pairs.asked)
    newest = pairs.as_of.max().over(ibis.window(group_by=[*_key(atoms), "asked"]))
    pairs = pairs.mutate(newest=newest)
    return pairs.filter(pairs.as_of == pairs.newest).drop("newest").rename(year="asked")


def _nobody(atom: str, measures: int) -> pd.DataFrame:
    """Return no rows, in the columns of :func:`_reduced`."""
    parts = ("reported", "value", "with") if atom == "station" else ("reported", "value", "low", "high")
    numbers = ["as_of", "newest", *(f"{part}{n}" for n in range(measures) for part in parts)]
    names = dict.fromkeys(("geography", "province", "code"), "str")
    kinds = {**names, "year": "int64", **dict.fromkeys(numbers, "float64")}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _reduced(atoms: ibis.Table, at: ibis.Table, measures: int) -> pd.DataFrame:
    """Sum atoms into the units they count in: one row per unit, year and geography of the data."""
    by_station = _atom(atoms) == "station"
    placed = atoms.join(at, _key(atoms))
    totals = {"as_of": placed.as_of.min(), "newest": placed.as_of.max()}
    for n in range(measures):
        value = placed[f"v{n}"]
        totals[f"reported{n}"] = value.count()
        if by_station:
            totals[f"value{n}"] = value.sum()
            totals[f"with{n}"] = value.count(where=value > 0)
        else:
            totals[f"value{n}"] = value.sum(where=placed.main)
            totals[f"low{n}"] = value.sum(where=placed.inside)
            totals[f"high{n}"] = value.sum()
    by = ["geography", "province", "code", "year"]
    rows: pd.DataFrame = fetched(placed.group_by(by).agg(**totals)).to_pandas()
    return rows


# -- unit-year rows ----------------------------------------------------------------------------------------


def _freshest(rows: pd.DataFrame, geography: str) -> pd.DataFrame:
    """Keep, in each province and year, rows of the newer data; of the unit's own geography when as new."""
    if rows["geography"].nunique() < 2:
        return rows
    rows = rows.assign(own=rows["geography"] == geography).sort_values(["newest", "own"])
    return rows[rows["geography"] == rows.groupby(["province", "year"])["geography"].transform("last")]


def _laid_out(
    rows: pd.DataFrame, units: pd.DataFrame, span: list[int], atom: str, geography: str
) -> pd.DataFrame:
    """Lay rows out over every unit and year: code, year, expected, and what the engine found there."""
    spot = units.index.get_indexer(pd.Index(rows["code"])) * np.int64(len(span))
    spot += pd.Index(span).get_indexer(pd.Index(rows["year"]))
    laid = rows.drop(columns=["code", "year"]).set_index(spot).reindex(range(len(units) * len(span)))
    laid["code"] = units.index.repeat(len(span))
    laid["year"] = np.tile(np.array(span, dtype="int64"), len(units))
    laid["expected"] = units["stations" if atom == "station" else geography].to_numpy().repeat(len(span))
    if atom == "commune" and geography == "current":
        legacy = units["legacy"].to_numpy().repeat(len(span))
        laid["expected"] = laid["expected"].mask(_from_legacy(rows, units, span), legacy)
    return laid


def _from_legacy(rows: pd.DataFrame, units: pd.DataFrame, span: list[int]) -> np.ndarray:
    """Say for every unit and year whether its province was taken from legacy communes."""
    legacy = rows[rows["geography"] == "legacy"]
    used = set(zip(legacy["province"], legacy["year"], strict=True))
    by_province = {p: [(p, year) in used for year in span] for p in units["province"].unique()}
    return np.array([by_province[p] for p in units["province"]], dtype=bool).ravel()


def _part(laid: pd.DataFrame, n: int, aggregate: str) -> dict[str, np.ndarray]:
    """Return the numbers of one measure of the laid-out rows."""
    reported = np.nan_to_num(laid[f"reported{n}"].to_numpy("float64"))
    value = laid[
        {"sum": "value", "stations_with": "with", "stations": "reported"}[aggregate] + str(n)
    ].to_numpy()
    low = high = value
    if f"low{n}" in laid:
        low, high = np.nan_to_num(laid[f"low{n}"].to_numpy()), laid[f"high{n}"].to_numpy()
    sums = {"value": value, "low": low, "high": high, "as_of": laid["as_of"].to_numpy()}
    return {"reported": reported} | {
        name: np.where(reported > 0, each, np.nan) for name, each in sums.items()
    }


def _stacked(parts: Mapping[str, tuple[pd.DataFrame, dict[str, np.ndarray]]]) -> pd.DataFrame:
    """Put the measures one under another, each over the units and years it was laid out on."""
    frame = pd.concat([laid[["code", "year", "expected"]] for laid, _ in parts.values()], ignore_index=True)
    sizes = [len(laid) for laid, _ in parts.values()]
    frame["measure"] = pd.Index(list(parts), dtype="str").repeat(sizes)
    for name in ("value", "low", "high", "reported", "as_of"):
        frame[name] = np.concatenate([numbers[name] for _, numbers in parts.values()])
    counts = dict.fromkeys(("year", "reported", "expected", "as_of"), "Int64")
    columns = ["measure", "code", "year", "value", "low", "high", "reported", "expected", "as_of"]
    return frame[columns].astype(counts)
