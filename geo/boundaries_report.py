"""What a boundary import found and did not find, as frames, as text in two languages, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from data.problems import language
from geo.boundaries_columns import Columns
from geo.boundaries_texts import METHODS, NOTES, REASONS

# The text lists this many of each kind; the report file has all.
_LISTED: Final = 20
_TEXT: Final = {
    "head": {
        "vi": "{file} → {geography}: vẽ được {matched} trong {expected} xã của {provinces} tỉnh, từ {polygons} vùng",
        "en": "{file} → {geography}: {matched} of {expected} communes of {provinces} provinces, "
        "from {polygons} polygons",
    },
    "columns": {"vi": "Cột đã dùng: {columns}", "en": "Columns used: {columns}"},
    "methods": {"vi": "Cách khớp, số xã:", "en": "How matched, communes:"},
    "merged": {"vi": "Gộp từ nhiều vùng: {n} xã", "en": "Joined from several polygons: {n} communes"},
    "changed": {
        "vi": "Đã đổi so với tệp (đổi tên, đổi huyện, sáp nhập, tách): {n} vùng",
        "en": "Changed since the file was drawn (renamed, moved, merged, split): {n} polygons",
    },
    "doubtful": {"vi": "Cần xem lại: {n} xã", "en": "Doubtful: {n} communes"},
    "unmatched": {"vi": "Vùng không khớp xã nào: {n}", "en": "Polygons that match no commune: {n}"},
    "missing": {"vi": "Xã không có trong tệp: {n}", "en": "Communes without a polygon: {n}"},
    "notes": {"vi": "Ghi chú:", "en": "Notes:"},
    "more": {"vi": "… và {n} nữa, xem tệp báo cáo", "en": "… and {n} more in the report file"},
    "row": {"vi": "dòng", "en": "row"},
}


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The outcome of one import.

    ``matched`` has a row for each commune drawn (index ``code``): name, district, province, method (a key of
    ``METHODS``), polygons (how many it was made from), doubtful, and reasons (a list of keys of
    ``REASONS``). ``polygons`` has a row for each part of the file used: row, province, district and commune as
    written there, code, method. ``unmatched`` has the rows that match nothing and ``missing`` the communes of
    the same provinces without a polygon, each with its reason.
    """

    geography: str
    file: str
    sha256: str
    columns: Columns
    matched: pd.DataFrame
    polygons: pd.DataFrame
    unmatched: pd.DataFrame
    missing: pd.DataFrame
    notes: dict[str, str | int | float]

    @property
    def doubtful(self) -> pd.DataFrame:
        """The communes drawn that someone should look at."""
        return self.matched[self.matched["doubtful"]]

    @property
    def merged(self) -> pd.DataFrame:
        """The communes made from several polygons."""
        return self.matched[self.matched["polygons"] > 1]

    @property
    def changed(self) -> pd.DataFrame:
        """The polygons whose commune has another name, district or existence now."""
        return self.polygons[~self.polygons["method"].isin(["code", "name", "country_name"])]

    def counts(self) -> dict[str, int]:
        """Return the number of polygons and communes of each kind."""
        return {
            "polygons": self.polygons["row"].nunique() + len(self.unmatched),
            "expected": len(self.matched) + len(self.missing),
            "provinces": int(self.matched["province"].nunique()),
            **{
                kind: len(getattr(self, kind))
                for kind in ("matched", "merged", "changed", "doubtful", "unmatched", "missing")
            },
        }

    def methods(self) -> dict[str, int]:
        """Return how many communes each method found, the strongest evidence first."""
        found = self.matched["method"].value_counts()
        return {method: int(found[method]) for method in METHODS if method in found}

    def text(self, lang: str | None = None) -> str:
        """Say the report in Vietnamese (``vi``) or English (``en``)."""
        lang = lang or language()
        counts = self.counts()
        says = {key: text[lang] for key, text in _TEXT.items()}
        lines = [says["head"].format(file=self.file, geography=self.geography, **counts)]
        columns = ", ".join(f"{role} = {column}" for role, column in self.columns.found().items())
        lines.append(says["columns"].format(columns=columns))
        lines.append(says["methods"])
        lines += [f"  {METHODS[method][lang]}: {n}" for method, n in self.methods().items()]
        lines.append(says["merged"].format(n=counts["merged"]))
        for kind, items in (
            ("changed", self._changes(lang)),
            ("doubtful", self._doubts(lang)),
            ("unmatched", self._unmatched(lang)),
            ("missing", self._missing(lang)),
        ):
            lines.append(says[kind].format(n=counts[kind]))
            lines += [f"  {item}" for item in items[:_LISTED]]
            if len(items) > _LISTED:
                lines.append(f"  {says['more'].format(n=len(items) - _LISTED)}")
        if self.notes:
            lines.append(says["notes"])
            lines += [f"  {NOTES[note][lang]}: {value}" for note, value in self.notes.items()]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the whole report in codes, for JSON."""
        rows = self.polygons.groupby("code")["row"].agg(list).to_dict()
        return {
            "geography": self.geography,
            "file": self.file,
            "sha256": self.sha256,
            "columns": self.columns.found(),
            "notes": self.notes,
            "counts": self.counts(),
            "methods": self.methods(),
            "matched": [
                {
                    "code": code,
                    "method": unit["method"],
                    "rows": rows[code],
                    "doubtful": unit["doubtful"],
                    "reasons": unit["reasons"],
                }
                for code, unit in self.matched.to_dict("index").items()
            ],
            "unmatched": self.unmatched.reset_index().to_dict("records"),
            "missing": self.missing["reason"].reset_index().to_dict("records"),
        }

    def _changes(self, lang: str) -> list[str]:
        now = (
            self.matched["name"]
            + ", "
            + self.matched["district"].where(self.matched["district"] != "", self.matched["province"])
        )
        return [
            f"{_written(part)} → {part['code']} {now[part['code']]} ({METHODS[part['method']][lang]})"
            for part in self.changed.to_dict("records")
        ]

    def _doubts(self, lang: str) -> list[str]:
        return [
            f"{code} {unit['name']}: {'; '.join(REASONS[reason][lang] for reason in unit['reasons'])}"
            for code, unit in self.doubtful.to_dict("index").items()
        ]

    def _unmatched(self, lang: str) -> list[str]:
        row = _TEXT["row"][lang]
        return [
            f"{row} {number}: {_written(unit) or unit['code'] or '—'}: {REASONS[unit['reason']][lang]}"
            for number, unit in self.unmatched.to_dict("index").items()
        ]

    def _missing(self, lang: str) -> list[str]:
        return [
            f"{code} {unit['name']}: {REASONS[unit['reason']][lang]}"
            for code, unit in self.missing.to_dict("index").items()
        ]


def _written(names: dict[Any, Any]) -> str:
    return ", ".join(names[level] for level in ("commune", "district", "province") if names[level])
