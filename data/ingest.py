"""Takes files in: recognise the layout by its content, read, clean, check, write one snapshot.

Either every file is right and one new snapshot holds them all, or :class:`data.problems.Refused` carries every
problem of every file and the store is untouched.

A name that cannot be placed is treated by who wrote the file. The census is a nation-wide export that names
communes of 2019: one that has no successor is kept in ``rejected_rows`` with its people, as no one can mend the
export. A province's own workbook is made for the atlas: an unknown commune in it is a mistake its author can
mend, and the workbook is refused.

A contract says what a table may hold; what its content must obey beyond that (how many points a criterion can
have) is known to outer layers, which give their ``checks``.

What a file brings is put over the snapshot by key: the rows it names change, or come new, and all others stay; or,
when that is asked for, in place of the provinces and years it holds (:mod:`data.merging`). Either way only over rows
of the same nature. Real rows never stand in one table with illustrative or published ones: those go, and it is said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import pandas as pd

from data import cleaning, faults, merging, reference_tables
from data.canonical import dtypes, violations
from data.contracts import TABLES
from data.incoming import Incoming
from data.intake import layout
from data.manifest import Provenance
from data.merging import Change
from data.problems import TOLD, Problem, Refused, language
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
_STATION_TABLES: Final = ("staffing", "activity", "activity_monthly", "facilities", "pilots")

Check: TypeAlias = Callable[[pd.DataFrame, pd.DataFrame], Iterable[Problem]]
"""Says what is wrong with a table's rows (index: the row in the file), given the stations there will be."""


@dataclass(frozen=True)
class _File:
    tables: list[Incoming]
    rejected: pd.DataFrame
    report: FileReport
    problems: list[Problem] = field(default_factory=list)


def ingest(
    paths: Iterable[Path],
    *,
    store: Store,
    dry_run: bool = False,
    replace: bool = False,
    checks: Mapping[str, Check] = MappingProxyType({}),
) -> Report:
    """Take files in and return what became of them; raise Refused, nothing changed, with every problem.

    ``replace`` puts each table in place of the provinces and years it holds, instead of by key. ``checks``, by
    table, are asked besides the contracts.
    """
    paths = list(paths)
    files, problems = [], []
    for path in paths:
        try:
            files.append(_read(path))
        except Refused as refused:
            problems += refused.problems
    state = _State(store.current(), checks, replace=replace)
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
    told = [file.report for file in files]
    return Report(told, written, state.changes, state.superseded, state.dropped)


def _read(path: Path) -> _File:
    sheets = open_workbook(path)
    source = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    if gso_census.fits(sheets):
        frame, matched = cleaning.population(gso_census.read(sheets, file=path.name))
        provenance = gso_census.PROVENANCE.model_copy(update=source)
        return _census("gso_census", Incoming("population", frame, provenance, next(iter(sheets))), matched)
    if gso_age.fits(sheets):
        frame, matched = cleaning.population_age(gso_age.read(sheets, file=path.name))
        provenance = gso_age.AGE_PROVENANCE.model_copy(update=source)
        return _census("gso_age", Incoming("population_age", frame, provenance, next(iter(sheets))), matched)
    if workbook.fits(sheets):
        return _workbook(sheets, path, source)
    found = ", ".join(sheets)
    raise Refused([Problem(code="unknown_layout", file=path.name, found=found, expected=_LAYOUTS)])


def _census(layout: str, table: Incoming, matched: pd.DataFrame) -> _File:
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
    prepared = layout.prepare(path, sheets)
    read, problems = workbook.read(prepared.sheets, file=path.name)
    order = list(TABLES)
    tables = [
        Incoming(sheet.table, sheet.frame, provenance, sheet.name, sheet.headers, sheet.unread)
        for sheet in sorted(read, key=lambda sheet: order.index(sheet.table))
    ]
    rows = {table.name: len(table.frame) for table in tables}
    report = FileReport(path.name, "workbook", rows, aside=prepared.aside)
    none = pd.DataFrame(columns=list(dtypes("rejected_rows")))
    return _File(tables, none, report, [*prepared.problems, *problems])


class _State:
    """The tables of the snapshot to come: those of the base, and on top what the files brought so far."""

    def __init__(self, base: Snapshot | None, checks: Mapping[str, Check], *, replace: bool) -> None:
        self.base = base
        self.checks = checks
        self.replace = replace
        self.new: dict[str, tuple[pd.DataFrame, Provenance]] = {}
        self.changes: dict[str, Change] = {}
        self.superseded: dict[str, tuple[str, int]] = {}
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
        problems: list[Problem] = []
        own = [table.frame["station"].dropna() for table in file.tables if table.name == "stations"]
        listed = {station for stations in own for station in stations}
        for table in file.tables:
            # what is told first of a cell is told alone: the plainest first
            found = [*faults.in_the_future(table), *faults.unknown_communes(table)]
            if table.name in _STATION_TABLES:
                found += faults.unknown_stations(table, listed.union(self._stations()["station"]))
            found += violations(table.name, table.frame)
            found += self._checked(table, found)
            found = [problem for problem in _once(found) if not faults.unreadable(problem, table)]
            if not found and not file.problems:
                found = self._merge(table)
            found.sort(key=lambda problem: problem.row or 0)
            # Those that are only counted need no place in the file.
            problems += [faults.placed(problem, table) for problem in found[:TOLD]] + found[TOLD:]
        self._reject(file)
        return problems

    def _checked(self, table: Incoming, said: list[Problem]) -> list[Problem]:
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

    def _merge(self, table: Incoming) -> list[Problem]:
        """Put a table on top; return what its rows break together with what they leave as it was."""
        name, frame, provenance = table.name, table.frame, table.provenance
        old, was = self._frame(name), self._provenance(name)
        if old is not None and was is not None and was.nature != provenance.nature:
            self.superseded[name] = was.nature, len(old)
            old = None
        change = Change(len(frame), 0, 0)
        if old is not None and was is not None:
            if not self.replace:
                frame = merging.completed(name, old, frame, table.given)
                if frame is not table.frame and (broken := violations(name, frame)):
                    return broken
            stations = self._stations()
            if name == "stations":
                stations = pd.concat([stations, frame])
            rest = merging.kept_by_key(name, old, frame)
            change = merging.compared(name, old, frame)
            if self.replace:
                stay = merging.kept_blocks(rest, frame, stations)
                gone = rest.loc[rest.index.difference(stay.index)]
                rest, change = stay, replace(change, gone=merging.counted(gone, stations))
            if len(rest):
                frame, provenance = pd.concat([rest, frame]), merging.together(provenance, was)
        self.changes[name] = self.changes[name] + change if name in self.changes else change
        self.new[name] = frame.reset_index(drop=True), provenance
        if name == "stations":
            self._drop_orphans(set(frame["station"]))
        return []

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


def _once(found: Iterable[Problem]) -> Iterable[Problem]:
    """Return the first problem of every cell: one mistake often breaks several rules."""
    told: dict[tuple[int | None, str | None], Problem] = {}
    for problem in found:
        told.setdefault((problem.row, problem.column), problem)
    return told.values()
