"""What is written about a snapshot: the tables it holds and where each came from; and what can go wrong."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from data.problems import language

log = logging.getLogger("atlas")

ID: Final = r"^[0-9a-f]{12}$"
MESSAGES: Final[dict[str, dict[str, str]]] = {
    "unknown_snapshot": {
        "vi": "không có bản dữ liệu “{what}”",
        "en": "there is no snapshot “{what}”",
    },
    "no_snapshot": {
        "vi": "kho dữ liệu {what} chưa có bản dữ liệu nào",
        "en": "the store {what} holds no snapshot yet",
    },
    "missing_table": {
        "vi": "bản dữ liệu không có bảng “{what}”",
        "en": "the snapshot has no table “{what}”",
    },
    "unknown_table": {
        "vi": "“{what}” không phải là bảng của hệ thống",
        "en": "“{what}” is not a table of the atlas",
    },
    "damaged": {
        "vi": "kho dữ liệu bị hỏng: {what}; hãy khôi phục từ bản sao lưu hoặc quay lại bản dữ liệu khác",
        "en": "the store is damaged: {what}; restore it from a backup or roll back to another snapshot",
    },
    "locked": {
        "vi": "tiến trình khác đang ghi vào kho dữ liệu {what}; hãy thử lại sau",
        "en": "another process is writing to the store {what}; try again later",
    },
    "stale_base": {
        "vi": "kho dữ liệu đã thay đổi sau bản “{what}” mà lần ghi này dựa vào; hãy làm lại",
        "en": "the store has changed since snapshot “{what}”, on which this write was based; do it again",
    },
    "no_driver": {
        "vi": "chưa cài trình điều khiển PostgreSQL; hãy chạy: {what}",
        "en": "the PostgreSQL driver is not installed; run: {what}",
    },
    "unreachable": {
        "vi": "không kết nối được cơ sở dữ liệu: {what}",
        "en": "the database cannot be reached: {what}",
    },
    "lost": {
        "vi": "mất kết nối cơ sở dữ liệu khi đang ghi: {what}; lần ghi hoặc đã xong trọn vẹn, hoặc không để lại gì: "
        "xem lệnh snapshots",
        "en": "the database was lost while writing: {what}; the write is there whole or not at all: "
        "see the command snapshots",
    },
    "database": {
        "vi": "cơ sở dữ liệu báo lỗi: {what}",
        "en": "the database reports an error: {what}",
    },
    "not_written": {
        "vi": "không ghi được vào kho dữ liệu: {what}; bản dữ liệu đang dùng giữ nguyên",
        "en": "the store cannot be written: {what}; the snapshot in use is unchanged",
    },
    "not_read": {
        "vi": "không đọc được kho dữ liệu: {what}",
        "en": "the store cannot be read: {what}",
    },
    "waiting": {
        "vi": "tiến trình khác đang ghi vào kho dữ liệu {what}; đang chờ…",
        "en": "another process is writing to the store {what}; waiting…",
    },
    "unknown_location": {
        "vi": "không hiểu địa chỉ kho dữ liệu {what}; cần một thư mục hoặc postgresql://…",
        "en": "cannot make out the store {what}; a folder or postgresql://… is needed",
    },
}


Said = Literal["title", "producer", "licence"]


class StoreError(Exception):
    """The store cannot do what was asked; ``text(lang)`` says why in Vietnamese or English.

    >>> print(StoreError("unknown_snapshot", "0123").text("en"))
    there is no snapshot “0123”
    """

    def __init__(self, code: str, what: str) -> None:
        self.code, self.what = code, what
        super().__init__(self.text("en"))

    def text(self, lang: str | None = None) -> str:
        """Say the error in Vietnamese (``vi``) or English (``en``)."""
        return MESSAGES[self.code][lang or language()].format(what=self.what)


def say_waiting(location: str) -> None:
    """Tell whoever runs a command, or reads the log, that another writer is being waited for."""
    log.warning(MESSAGES["waiting"][language()].format(what=location))


class Provenance(BaseModel):
    """Where a table came from. ``nature`` travels to the badge; ``date`` is an ISO date or a year.

    ``title``, ``producer`` and ``licence`` are English; ``vi`` holds them in Vietnamese.

    >>> source = Provenance(title="Census", producer="Office", date="2019", licence="open", nature="real",
    ...                     vi={"title": "Tổng điều tra"})
    >>> source.said("title", "vi"), source.said("producer", "vi")
    ('Tổng điều tra', 'Office')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    producer: str
    date: str
    licence: str
    nature: Literal["real", "published", "illustrative"]
    file: str | None = None
    sha256: str | None = None
    url: str | None = None
    note: dict[str, str] | None = None
    vi: dict[Said, str] = {}

    def said(self, field: Said, lang: str) -> str:
        """Return the title, producer or licence in Vietnamese (``vi``), where it is given, or English."""
        given = self.vi.get(field) if lang == "vi" else None
        return str(given or getattr(self, field))


class TableInfo(BaseModel):
    """One table of a snapshot: how many rows, the hash of its content, and its provenance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    provenance: Provenance


class SnapshotInfo(BaseModel):
    """The manifest of a snapshot. ``base`` is the id of the snapshot whose other tables it kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=ID)
    created: datetime
    message: str
    base: str | None
    tables: dict[str, TableInfo]

    @classmethod
    def of(cls, tables: Mapping[str, TableInfo], *, message: str, base: str | None) -> SnapshotInfo:
        """Describe a new snapshot: the same tables and provenance give the same id, whenever it is made."""
        content = {name: table.model_dump() for name, table in tables.items()}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
        return cls(
            id=digest.hexdigest()[:12],
            created=datetime.now(UTC),
            message=message,
            base=base,
            tables=dict(sorted(tables.items())),
        )

    def json_text(self) -> str:
        """Write the manifest as it is kept."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
