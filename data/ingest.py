"""Takes files in: recognise the layout by its content, read, clean, check, write one snapshot.

Either every file is right and one new snapshot holds them all, or :class:`data.problems.Refused` carries every
problem of every file and the store is untouched.

A name that cannot be placed is treated by who wrote the file. The census is a nation-wide export that names
communes of 2019: one that has no successor is kept in ``rejected_rows`` with its people, as no one can mend the
export. A province's own workbook is made for the atlas: an unknown commune in it is a mistake its author can
mend, and the workbook is refused.

A contract says what a table may hold; what its content must obey beyond that (how many points a criterion can
have) is known to outer layers, which give their ``checks``.

What a file brings replaces, table by table, the provinces and years it holds; other provinces and years stay as long
as they are of the same nature. Real rows never stand in one table with illustrative ones: those go.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import pandas as pd

from data import cleaning, reference_tables
from data.canonical import dtypes, key, violations
from data.contracts import GEOGRAPHIES, TABLES
from data.manifest import Provenance
from data.names import bare_key, name_key, split_type
from data.problems import Problem, Refused, language
from data.readers import gso_age, gso_census, workbook
from data.readers.excel import Rows, open_workbook
from data.references import dangling
from data.report import FileReport, Report
from data.store import Snapshot, Store
from data.units import crosswalk, units

_MESSAGE: Final = {"vi": "Nạp {files}", "en": "Ingest {files}"}
_LAYOUTS: Final = "census 2019 (GSO), census 2019 by age (GSO), data template"
# only census files have any
_REJECTED: Final = Provenance(
    title="Rows of the files taken in that could not be used",
    producer="Commune Health Atlas",
    date="2019-04-01",
    licence="As the files they come from",
    nature="real",
    vi={
        "title": "Các dòng của tệp đã nạp không dùng được",
        "producer": "Bản đồ Y tế cơ sở",
        "licence": "Theo tệp gốc",
    },
)
_COMMUNE_COLUMNS: Final = ("commune", "legacy_commune", "current_commune")
_STATION_TABLES: Final = ("staffing", "activity", "activity_monthly", "facilities", "pilots")

Check: TypeAlias = Callable[[pd.DataFrame, pd.DataFrame], Iterable[Problem]]
"""Says what is wrong with a table's rows (index: the row in the file), given the stations there will be."""


@dataclass(frozen=True)
class _Table:
    """A table of a file: its rows (index: the row in Excel), and where they stand."""

    name: str
    frame: pd.DataFrame
    provenance: Provenance
    sheet: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    unread: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True)
class _File:
    tables: list[_Table]
    rejected: pd.DataFrame
    report: FileReport
    problems: list[Problem] = field(default_factory=list)


def ingest(
    paths: Iterable[Path],
    *,
    store: Store,
    dry_run: bool = False,
    checks: Mapping[str, Check] = MappingProxyType({}),
) -> Report:
    """Take files in and return what became of them; raise Refused, nothing changed, with every problem.

    ``checks``, by table, are asked besides the contracts.
    """
    paths = list(paths)
    files, problems = [], []
    for path in paths:
        try:
            files.append(_read(path))
        except Refused as refused:
            problems += refused.problems
    state = _State(store.current(), checks)
    for file in files:
        problems += [*file.problems, *state.take(file)]
    if state.base is None:
        # What is published holds for whoever begins without the illustrative data set.
        state.new = reference_tables.published() | state.new
    if not problems:
        problems += dangling(state.frames(), state.kept)
    if problems:
        raise Refused(problems)
    written = None
    if not dry_run:
        message = _MESSAGE[language()].format(files=", ".join(path.name for path in paths))
        written = store.write(state.new, message=message, base=state.base).id
    return Report([file.report for file in files], written, state.replaced, state.dropped)


def _read(path: Path) -> _File:
    sheets = open_workbook(path)
    source = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    if gso_census.fits(sheets):
        frame, matched = cleaning.population(gso_census.read(sheets, file=path.name))
        provenance = gso_census.PROVENANCE.model_copy(update=source)
        return _census("gso_census", _Table("population", frame, provenance, next(iter(sheets))), matched)
    if gso_age.fits(sheets):
        frame, matched = cleaning.population_age(gso_age.read(sheets, file=path.name))
        provenance = gso_age.AGE_PROVENANCE.model_copy(update=source)
        return _census("gso_age", _Table("population_age", frame, provenance, next(iter(sheets))), matched)
    if workbook.fits(sheets):
        return _workbook(sheets, path, source)
    found = ", ".join(sheets)
    raise Refused([Problem(code="unknown_layout", file=path.name, found=found, expected=_LAYOUTS)])


def _census(layout: str, table: _Table, matched: pd.DataFrame) -> _File:
    lost = matched[matched["code"].isna()]
    names = lost[[name for name in gso_census.PLACE if name in lost]]
    file = str(table.provenance.file)
    rejected = pd.DataFrame(
        {
            "id": range(len(lost)),
            "table": table.name,
            "file": file,
            "sheet": table.sheet,
            "row": lost.index,
            "reason": lost["reason"],
            "content": [" | ".join(place) for place in names.itertuples(index=False)],
            "people": lost["total"],
        }
    ).astype(dtypes("rejected_rows"))
    return _File([table], rejected, FileReport(file, layout, {table.name: len(table.frame)}, matched))


def _workbook(sheets: dict[str, Rows], path: Path, source: dict[str, str]) -> _File:
    provenance = Provenance(
        title="The province's own workbook",
        producer="The province",
        date=dt.date.fromtimestamp(path.stat().st_mtime).isoformat(),
        licence="The province's own",
        nature="real",
        vi={"title": "Biểu số liệu của tỉnh", "producer": "Tỉnh", "licence": "Của tỉnh"},
    ).model_copy(update=source)
    read, problems = workbook.read(sheets, file=path.name)
    order = list(TABLES)
    tables = [
        _Table(sheet.table, sheet.frame, provenance, sheet.name, sheet.headers, sheet.unread)
        for sheet in sorted(read, key=lambda sheet: order.index(sheet.table))
    ]
    report = FileReport(path.name, "workbook", {table.name: len(table.frame) for table in tables})
    return _File(tables, pd.DataFrame(columns=list(dtypes("rejected_rows"))), report, problems)


class _State:
    """The tables of the snapshot to come: those of the base, and on top what the files brought so far."""

    def __init__(self, base: Snapshot | None, checks: Mapping[str, Check]) -> None:
        self.base = base
        self.checks = checks
        self.new: dict[str, tuple[pd.DataFrame, Provenance]] = {}
        self.replaced: dict[str, int] = {}
        self.dropped: dict[str, int] = {}
        if base is None or "units" not in base.tables:
            self.new["units"] = units(), reference_tables.provenance("units_legacy")
            self.new["crosswalk"] = crosswalk(), reference_tables.provenance("crosswalk_2025")

    def kept(self, name: str) -> pd.DataFrame | None:
        """Return a table of the base, None if it has none."""
        return self.base.frame(name) if self.base and name in self.base.tables else None

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the new tables without their provenance."""
        return {name: frame for name, (frame, _) in self.new.items()}

    def take(self, file: _File) -> list[Problem]:
        """Check a file's tables and put them on top; return every problem."""
        problems = []
        own = [table.frame["station"] for table in file.tables if table.name == "stations"]
        listed = {station for stations in own for station in stations}
        for table in file.tables:
            found = [*violations(table.name, table.frame), *_unknown_communes(table)]
            if table.name in _STATION_TABLES:
                found += _unknown_stations(table, listed.union(self._stations()["station"]))
            found += self._checked(table, found)
            found = [_placed(problem, table) for problem in found if not _unreadable(problem, table)]
            problems += sorted(found, key=lambda problem: problem.row or 0)
            if not found and not file.problems:
                self._merge(table)
        self._reject(file)
        return problems

    def _checked(self, table: _Table, said: list[Problem]) -> list[Problem]:
        """Return what the outer layers find in a table that has not been said of the row."""
        check = self.checks.get(table.name)
        told = {(problem.row, problem.code) for problem in said}
        found = check(table.frame, self._stations()) if check else ()
        return [problem for problem in found if (problem.row, problem.code) not in told]

    def _frame(self, name: str) -> pd.DataFrame | None:
        return self.new[name][0] if name in self.new else self.kept(name)

    def _stations(self) -> pd.DataFrame:
        known = self._frame("stations")
        return pd.DataFrame(columns=list(dtypes("stations"))) if known is None else known

    def _provenance(self, name: str) -> Provenance | None:
        if name in self.new:
            return self.new[name][1]
        return self.base.tables[name].provenance if self.base and name in self.base.tables else None

    def _merge(self, table: _Table) -> None:
        old, was = self._frame(table.name), self._provenance(table.name)
        frame, provenance = table.frame, table.provenance
        if old is not None and was is not None and was.nature == provenance.nature:
            stations = self._stations()
            if table.name == "stations":
                stations = pd.concat([stations, frame])
            again = _block(old, stations).isin(_block(frame, stations))
            self._count_replaced(table.name, old[again], frame)
            if len(rest := old[~again]):
                frame = pd.concat([rest, frame])
                provenance = _together(provenance, was)
        self.new[table.name] = frame.reset_index(drop=True), provenance
        if table.name == "stations":
            self._drop_orphans(set(frame["station"]))

    def _count_replaced(self, name: str, old: pd.DataFrame, new: pd.DataFrame) -> None:
        """Count the rows that go although the file has none with their key: a file in part would lose them."""
        both = pd.concat([new[key(name)], old[key(name)]])
        if gone := int((~both.duplicated(keep=False))[len(new) :].sum()):
            self.replaced[name] = gone

    def _drop_orphans(self, stations: set[str]) -> None:
        """Take rows that are not real out of other tables when their station is gone."""
        for name in _STATION_TABLES:
            frame, provenance = self._frame(name), self._provenance(name)
            if frame is None or provenance is None or provenance.nature == "real":
                continue
            left = frame[frame["station"].isin(stations)].reset_index(drop=True)
            if len(left) < len(frame):
                self.new[name] = left, provenance
                self.dropped[name] = len(frame) - len(left)

    def _reject(self, file: _File) -> None:
        old = self._frame("rejected_rows")
        rejected = file.rejected
        if old is not None:
            same_table = old["table"].isin(set(file.report.rows))
            same_line = (old["file"] == file.report.file) | old["content"].isin(rejected["content"])
            rejected = pd.concat([old[~(same_table & same_line)], rejected], ignore_index=True).astype(
                dtypes("rejected_rows")
            )
        if old is not None or len(rejected):
            rejected = rejected.assign(id=range(1, len(rejected) + 1)).astype(dtypes("rejected_rows"))
            self.new["rejected_rows"] = rejected.reset_index(drop=True), _REJECTED


def _block(frame: pd.DataFrame, stations: pd.DataFrame) -> pd.Series[str]:
    """Return the province and year that each row is about; a file replaces whole blocks."""
    parents = units().set_index(["geography", "level", "code"])["parent"].sort_index()
    province_of = parents["legacy", "district"]
    if "district" in frame:
        province = frame["district"].map(province_of)
    elif "commune" in frame:
        legacy = frame["commune"].map(parents["legacy", "commune"]).map(province_of)
        current = frame["commune"].map(parents["current", "commune"])
        province = frame["geography"] + legacy.where(frame["geography"] == "legacy", current)
    else:
        commune = stations.drop_duplicates("station", keep="last").set_index("station")["current_commune"]
        province = frame["station"].map(commune).map(parents["current", "commune"])
    none = pd.Series("", frame.index)
    year = frame["year"].astype("str") if "year" in frame else frame.get("month", none).str[:4]
    return province.astype("str") + " " + year


def _together(new: Provenance, old: Provenance) -> Provenance:
    """Say that rows of an earlier source stand beside the new ones."""
    sources = {
        lang: f"{old.said('title', lang)} ({old.file or old.said('producer', lang)}, {old.date})"
        for lang in ("vi", "en")
    }
    note = {
        "vi": f"Cùng với phần giữ lại từ: {sources['vi']}",
        "en": f"Together with what was kept of: {sources['en']}",
    }
    return new.model_copy(update={"note": note})


def _unreadable(problem: Problem, table: _Table) -> bool:
    """Tell whether a problem only follows from a cell that could not be read, which has been said."""
    return any((problem.row, column) in table.unread for column in (problem.column or "").split(", "))


def _unknown_communes(table: _Table) -> Iterator[Problem]:
    """Yield communes that do not exist in the geography they are said to be of, and a station's wrong pair."""
    for column in _COMMUNE_COLUMNS:
        if column not in table.frame:
            continue
        geographies = table.frame.get("geography", pd.Series(column.split("_")[0], table.frame.index))
        for row, geography, code in zip(table.frame.index, geographies, table.frame[column], strict=True):
            if geography in GEOGRAPHIES and pd.notna(code) and code not in _communes(geography):
                hint = _hint(str(code), str(geography))
                yield _problem("unknown_unit", table, row, column, str(code), hint)
    if table.name == "stations":
        for row, old, new in table.frame[["legacy_commune", "current_commune"]].itertuples(name=None):
            ends = _ends().get(old, [new])
            if new in _communes("current") and new not in ends:
                yield _problem(
                    "inconsistent", table, row, "current_commune", f"{old} → {new}", ", ".join(ends)
                )


@cache
def _ends() -> dict[str, list[str]]:
    """Return the current communes that a legacy commune went to."""
    ends: dict[str, list[str]] = defaultdict(list)
    for old, new in crosswalk()[["legacy_commune", "current_commune"]].itertuples(index=False):
        ends[old].append(new)
    return ends


@cache
def _communes(geography: str) -> dict[str, str]:
    """Return the names of the communes of a geography by code."""
    frame = units()
    frame = frame[(frame["geography"] == geography) & (frame["level"] == "commune")]
    return dict(zip(frame["code"], frame["name"], strict=True))


@cache
def _named(geography: str) -> dict[str, list[str]]:
    """Return the communes of a geography (code and name) by every key of their names, with type and without."""
    named: dict[str, list[str]] = defaultdict(list)
    for code, name in _communes(geography).items():
        for found in {form(text) for text in (name, split_type(name)[1]) for form in (name_key, bare_key)}:
            named[found].append(f"{code} {name}")
    return named


def _hint(wrong: str, geography: str) -> str | None:
    """Say what may have been meant: the code of that name, or the same code in the other geography."""
    other = next(name for name in GEOGRAPHIES if name != geography)
    if wrong in _communes(other):
        return f"geography = {other} ({_communes(other)[wrong]})"
    named = _named(geography)
    return ", ".join(named.get(name_key(wrong)) or named.get(bare_key(wrong), [])) or None


def _unknown_stations(table: _Table, stations: set[str]) -> Iterator[Problem]:
    known = f"{min(stations)}, …" if stations else workbook.sheet_label("stations")
    for row, station in table.frame["station"].dropna().items():
        if station not in stations:
            yield _problem("unknown_unit", table, row, "station", str(station), known)


def _problem(code: str, table: _Table, row: Any, column: str, found: str, expected: str | None) -> Problem:
    return Problem(code=code, file=table.name, row=int(row), column=column, found=found, expected=expected)


def _placed(problem: Problem, table: _Table) -> Problem:
    """Say where a problem of a table stands in the file: its sheet, and its column as the file heads it."""
    headers = table.headers or {}
    column = (
        ", ".join(headers.get(part, part) for part in problem.column.split(", ")) if problem.column else None
    )
    file = table.provenance.file or table.name
    return replace(problem, file=file, sheet=table.sheet, column=column)
