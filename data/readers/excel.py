"""Opens an Excel file that may be anything: the cells of every sheet, or the reason why not.

The reading itself is calamine's, in Rust. Three things it does not say are found in the XML beforehand: an
error value (``#REF!``) and a formula nobody has calculated both come back from it as an empty cell, which
would turn a mistake into a missing value; and one stray cell in the last row makes it reserve memory for the
whole sheet, which ends the process. Only the XML workbook (.xlsx, .xlsm) can be looked into this way, so the
older binary forms are refused with that advice.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeAlias
from xml.etree import ElementTree

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from data.problems import Problem, Refused

MAX_UNPACKED: Final = 256 * 1024**2
MAX_CELLS: Final = 8_000_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_XLSX: Final = ".xlsx"
# What a damaged file makes its readers say; RuntimeError is zipfile's, for a member with its own password, OSError for
# an offset before the file's beginning.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ElementTree.ParseError,
    etree.XMLSyntaxError,
    CalamineError,
    EOFError,
    LookupError,
    StopIteration,
    RuntimeError,
    OverflowError,
    OSError,
    TypeError,
    ValueError,
)
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW: Final = 2**20


class CellError(str):
    """What stands in a cell that has no value: an Excel error, or a formula that was never calculated."""

    __slots__ = ()


Cell: TypeAlias = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Rows: TypeAlias = list[list[Cell]]


def open_workbook(path: Path) -> dict[str, Rows]:
    """Return the cells of every sheet by its name; row and column 0 are Excel's row 1 and column A.

    An empty cell is ``""``; a cell with an error is a :class:`CellError`. Raises :class:`Refused` for a file
    that is missing, empty, not an XML workbook, broken, password-protected, or too large when unpacked.
    """
    name = path.name
    try:
        _check_container(path)
    except OSError as error:
        raise _refused("unreadable", name[:120], found=error.strerror) from error
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive, name)
            errors = {sheet: _scan(archive, part, sheet, name) for sheet, part in _sheet_parts(archive)}
        with CalamineWorkbook.from_path(path) as book:
            sheets = {
                sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in errors
            }
    except _BROKEN as error:
        raise _refused("not_excel", name, found=str(error)[:120], expected=_XLSX) from error
    for sheet, marks in errors.items():
        _mark(sheets[sheet], marks)
    return sheets


def _refused(code: str, file: str, **more: Any) -> Refused:
    return Refused([Problem(code=code, file=file, **more)])


def _check_container(path: Path) -> None:
    """Tell the container by its first bytes, whatever the file is called."""
    if not path.is_file():
        raise _refused("not_found", path.name)
    start = path.read_bytes()[:8]
    if not start:
        raise _refused("empty_file", path.name)
    if start == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise _refused("password", path.name)
        raise _refused("not_excel", path.name, found=".xls", expected=_XLSX)
    if not start.startswith(b"PK"):
        raise _refused("not_excel", path.name, expected=_XLSX)


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a zip bomb: by the sizes it declares, then by reading it, as a declared size may be a lie."""
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED:
        limit = f"<= {MAX_UNPACKED // 1024**2} MB"
        raise _refused("too_large", name, found=f"{unpacked // 1024**2} MB", expected=limit)
    if broken := archive.testzip():
        raise zipfile.BadZipFile(broken)


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return each worksheet's name and the archive member that holds it."""
    stored = {member.replace("\\", "/"): member for member in archive.namelist()}  # some write Windows paths
    relations = ElementTree.fromstring(archive.read(stored["xl/_rels/workbook.xml.rels"]))
    target = {item.get("Id"): item.get("Target", "") for item in relations}
    book = ElementTree.fromstring(archive.read(stored["xl/workbook.xml"]))
    parts = []
    for item in book.iter():
        if item.tag.endswith("}sheet"):
            # the namespace of the relation differs between the two forms of the standard
            relation = next(value for name, value in item.items() if name.endswith("}id"))
            parts.append((item.get("name", ""), posixpath.join("/xl", target[relation]).lstrip("/")))
    return [(name, stored[part]) for name, part in parts if "/worksheets/" in part]


def _scan(archive: zipfile.ZipFile, part: str, sheet: str, file: str) -> dict[tuple[int, int], CellError]:
    """Return the cells without a value that should have one, and refuse a sheet with a cell far outside."""
    marks: dict[tuple[int, int], CellError] = {}
    last_row = last_column = 0
    with archive.open(part) as stream:
        for row, column, error in _cells(stream):
            last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
            if last_row * last_column > MAX_CELLS:
                found, limit = f"{last_row} x {last_column}", f"<= {MAX_CELLS}"
                raise _refused("too_large", file, sheet=sheet, row=row + 1, found=found, expected=limit)
            if error is not None:
                marks[row, column] = error
    return marks


def _cells(stream: IO[bytes]) -> Iterator[tuple[int, int, CellError | None]]:
    """Walk a worksheet's cells: row, column, error in it. A cell without an address follows the last one."""
    row = column = -1
    parts = etree.iterparse(stream, events=("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False)
    for event, element in parts:
        is_row = element.tag.endswith("row")
        if event == "start" and is_row:
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "end" and not is_row:
            address = element.get("r")
            row, column = (row, column + 1) if address is None else _position(address)
            if not 0 <= row < _LAST_ROW:
                raise ValueError(f"<c r={address}> <row r={row + 1}>")
            yield row, column, _error(element)
        elif event == "end":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _position(address: str) -> tuple[int, int]:
    """Return a cell's row and column from 0; an address no sheet has would make calamine reserve memory for it."""
    parts = _CELL.fullmatch(address)
    if parts is None:
        raise ValueError(f"<c r={address}>")
    column = 0
    for letter in parts[1]:
        column = column * 26 + ord(letter) - 64
    return int(parts[2]) - 1, column - 1


def _error(cell: Any) -> CellError | None:
    kind = cell.get("t")
    if kind != "e" and not any(child.tag.endswith("}f") for child in cell):
        return None
    text = {child.tag.rpartition("}")[2]: child.text or "" for child in cell}
    if kind == "e":
        return CellError(text.get("v", "#N/A"))
    if "f" in text and not text.get("v") and kind != "str":
        return CellError(f"={text['f']}")
    return None


def _mark(rows: Rows, marks: dict[tuple[int, int], CellError]) -> None:
    for (row, column), error in marks.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = error
