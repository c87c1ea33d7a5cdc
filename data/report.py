"""What became of the files given to :mod:`data.ingest`, told so that nobody and nothing is lost unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import pandas as pd

from data.cleaning import REASONS, WAYS
from data.intake.layout import Aside
from data.merging import Change
from data.problems import language
from data.units import units

_WORDS: Final[dict[str, dict[str, str]]] = {
    "gso_census": {
        "vi": "Tổng điều tra dân số 2019 theo xã (Tổng cục Thống kê)",
        "en": "census of 2019 by commune (General Statistics Office)",
    },
    "gso_age": {
        "vi": "Tổng điều tra dân số 2019 theo huyện và tuổi (Tổng cục Thống kê)",
        "en": "census of 2019 by district and age (General Statistics Office)",
    },
    "workbook": {"vi": "biểu số liệu của tỉnh", "en": "the province's own workbook"},
    "rows": {"vi": "{n} dòng", "en": "{n} rows"},
    "aside_hidden": {"vi": "bỏ qua trang ẩn “{sheet}”", "en": "hidden sheet “{sheet}” left out"},
    "aside_empty": {"vi": "bỏ qua trang trống “{sheet}”", "en": "empty sheet “{sheet}” left out"},
    "aside_merged": {
        "vi": "trang “{sheet}”: {where} ô gộp theo cột mang giá trị của ô đầu",
        "en": "sheet “{sheet}”: {where} cells merged downwards have the value of the first",
    },
    "aside_column": {
        "vi": "trang “{sheet}”: không đọc cột “{where}”",
        "en": "sheet “{sheet}”: column “{where}” not read",
    },
    "aside_numbers": {
        "vi": "trang “{sheet}”, dòng {where}: số thứ tự của cột, không đọc",
        "en": "sheet “{sheet}”, row {where}: numbers of the columns, not read",
    },
    "aside_total": {
        "vi": "trang “{sheet}”, dòng {where}: dòng tổng, đã đối chiếu, không đọc",
        "en": "sheet “{sheet}”, row {where}: totals, compared and not read",
    },
    "aside_note": {
        "vi": "trang “{sheet}”, dòng {where}: ghi chú dưới bảng, không đọc",
        "en": "sheet “{sheet}”, row {where}: a note under the table, not read",
    },
    "people": {
        "vi": "dân số trong tệp {n}; đã đặt vào đơn vị hành chính ngày 30/6/2025: {placed} ({share})",
        "en": "people in the file {n}; placed in units of 30 June 2025: {placed} ({share})",
    },
    "way": {"vi": "{way}: {n} đơn vị, {people} người", "en": "{way}: {n} units, {people} people"},
    "doubtful": {
        "vi": "chưa chắc chắn, đơn vị nay đã bị chia, đặt trọn vào phần chính: {n} đơn vị, {people} người",
        "en": "doubtful, divided since and placed whole in the main part: {n} units, {people} people",
    },
    "rejected": {
        "vi": "không dùng được, giữ trong rejected_rows: {n} dòng, {people} người",
        "en": "not used, kept in rejected_rows: {n} rows, {people} people",
    },
    "row": {
        "vi": "dòng {row}: {what}, {people} người ({why})",
        "en": "row {row}: {what}, {people} people ({why})",
    },
    "changes": {
        "vi": "{table}: thêm {added} dòng, sửa {changed}, giữ nguyên {same}",
        "en": "{table}: {added} rows added, {changed} changed, {same} as they were",
    },
    "gone": {
        "vi": "chú ý: bỏ {n} dòng cũ của bảng {table}, cùng tỉnh và năm nhưng không có trong tệp:",
        "en": "note: {n} earlier rows of {table} taken out: of the same province and year, not in the file:",
    },
    "gone_there": {"vi": "{place}, {year}: {n} dòng", "en": "{place}, {year}: {n} rows"},
    "gone_ever": {"vi": "{place}: {n} dòng", "en": "{place}: {n} rows"},
    "superseded": {
        "vi": "chú ý: bỏ cả {n} dòng {nature} của bảng {table}; từ nay bảng này chỉ có số liệu thật",
        "en": "note: all {n} {nature} rows of {table} taken out; from now on that table holds real figures only",
    },
    "illustrative": {"vi": "minh họa", "en": "illustrative"},
    "published": {"vi": "đã công bố", "en": "published"},
    "real": {"vi": "thật", "en": "real"},
    "dropped": {
        "vi": "bỏ {n} dòng không phải số liệu thật trong bảng {table}, vì trạm không còn trong danh sách",
        "en": "{n} rows that are not real were taken out of {table}: their station is not in the list any more",
    },
    "written": {"vi": "Đã ghi bản dữ liệu {id}.", "en": "Snapshot {id} written."},
    "dry_run": {
        "vi": "Tệp hợp lệ. Chạy thử: chưa ghi gì.",
        "en": "The files are valid. Dry run: nothing was written.",
    },
}
_LISTED: Final = 40


@dataclass(frozen=True)
class FileReport:
    """One file: its layout, the rows it gave each table, and, for a census, how its places were matched.

    ``matched`` has a row per place of the file: province, district, commune, total, code, how, doubtful, reason.
    ``aside`` is what was not read, or read for other cells too.
    """

    file: str
    layout: str
    rows: dict[str, int]
    matched: pd.DataFrame | None = None
    aside: list[Aside] = field(default_factory=list)

    def lines(self, lang: str) -> list[str]:
        """Say what the file held and what became of it."""
        told = [f"{self.file}: {_WORDS[self.layout][lang]}"]
        told += [f"  {table}: {_say('rows', lang, n=rows)}" for table, rows in self.rows.items()]
        for one in self.aside:
            told.append("  " + _say(f"aside_{one.what}", lang, sheet=one.sheet, where=one.where))
        return told + ([] if self.matched is None else _matched_lines(self.matched, lang))


@dataclass(frozen=True)
class Report:
    """What an ingest did; ``snapshot`` is the new snapshot's id, None after a dry run.

    By table: ``changes`` says what became of its rows, ``superseded`` the nature and number of rows that went
    because real ones came, ``dropped`` how many rows that were not real went with their station.
    """

    files: list[FileReport]
    snapshot: str | None
    changes: dict[str, Change] = field(default_factory=dict)
    superseded: dict[str, tuple[str, int]] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def text(self, lang: str | None = None) -> str:
        """Tell it in Vietnamese (``vi``) or English (``en``)."""
        lang = lang or language()
        told = [line for report in self.files for line in report.lines(lang)]
        for table, change in self.changes.items():
            told += _change_lines(table, change, lang)
        for table, (nature, rows) in self.superseded.items():
            told.append(_say("superseded", lang, table=table, n=rows, nature=_WORDS[nature][lang]))
        told += [_say("dropped", lang, table=table, n=rows) for table, rows in self.dropped.items()]
        end = _say("written", lang, id=self.snapshot) if self.snapshot else _say("dry_run", lang)
        return "\n".join([*told, end])


def _change_lines(table: str, change: Change, lang: str) -> list[str]:
    """Say what became of a table's rows, and which went, by district and year."""
    counts = {"added": change.added, "changed": change.changed, "same": change.same}
    told = [_say("changes", lang, table=table, **counts)]
    if change.gone.empty:
        return told
    told.append(_say("gone", lang, table=table, n=int(change.gone.sum())))
    for place, year, rows in change.gone.head(_LISTED).reset_index().itertuples(index=False, name=None):
        word = "gone_there" if year else "gone_ever"
        told.append("  " + _say(word, lang, place=_place_names().get(place, place), year=year, n=int(rows)))
    return [*told, "  …"] if len(change.gone) > _LISTED else told


@cache
def _place_names() -> dict[str, str]:
    """Return the names of the districts before the reform and of the provinces in force, by code."""
    frame = units()
    level = frame["geography"].map({"legacy": "district", "current": "province"})
    frame = frame[frame["level"] == level]
    return dict(zip(frame["code"], frame["name"], strict=True))


def _matched_lines(matched: pd.DataFrame, lang: str) -> list[str]:
    placed = matched[matched["code"].notna()]
    stated, found = int(matched["total"].sum()), int(placed["total"].sum())
    share = f"{found / stated * 100:.3f}%" if stated else "–"
    share = share.replace(".", ",") if lang == "vi" else share
    told = [_say("people", lang, n=stated, placed=found, share=share)]
    for way, label in WAYS.items():
        part = placed[placed["how"] == way]
        if len(part):
            told.append(_say("way", lang, way=label[lang], n=len(part), people=int(part["total"].sum())))
    doubtful, rejected = placed[placed["doubtful"]], matched[matched["code"].isna()]
    for word, part in (("doubtful", doubtful), ("rejected", rejected)):
        if len(part):
            told.append(_say(word, lang, n=len(part), people=int(part["total"].sum())))
            told += _listed(part, lang)
    return [f"  {line}" for line in told]


def _listed(part: pd.DataFrame, lang: str) -> list[str]:
    """List places, those with most people first; the rest is in the tables."""
    told = []
    for row, place in part.sort_values("total", ascending=False).head(_LISTED).iterrows():
        names = [place[name] for name in ("commune", "district", "province") if place.get(name)]
        why = _name(place["code"]) if pd.notna(place["code"]) else REASONS[place["reason"]][lang]
        people = int(place["total"])
        told.append("  " + _say("row", lang, row=str(row), what=", ".join(names), people=people, why=why))
    return [*told, "  …"] if len(part) > _LISTED else told


@cache
def _names() -> dict[str, str]:
    frame = units()
    legacy = frame[frame["geography"] == "legacy"]
    return dict(zip(legacy["code"], legacy["name"], strict=True))


def _name(code: str) -> str:
    return f"→ {code} {_names()[code]}"


def _say(word: str, lang: str, **values: Any) -> str:
    """Fill in a sentence; numbers with the thousands mark of the language."""
    mark = "." if lang == "vi" else ","
    told = {name: f"{v:,}".replace(",", mark) if isinstance(v, int) else v for name, v in values.items()}
    return _WORDS[word][lang].format(**told)
