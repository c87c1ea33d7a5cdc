"""The whole scope as an Excel workbook: figures, trends, charts, definitions, provenance.

Numbers are written exactly as computed; a missing one is an empty cell. No text is ever a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter

from answers import provenance
from answers.colours import LIGHT
from answers.comparable import followed
from answers.making import breakdown, titled
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope, sentence
from answers.summary import in_scope, of_year, scope_row
from answers.words import current, language, t
from data.contracts import TABLES
from geo.units import at_level, parent_of
from metrics.registry import Indicator, indicators

HEAD: Final = 4
"""The row of the headings, counted from 0: title, scope, nature and snapshot stand above, a gap between."""
WIDEST: Final = 60
"""Letters in a line of the widest column."""
A4: Final = 9
CHARTED: Final = ("stations_with_doctor", "communes_meeting_national_criteria", "health_insurance_coverage")
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def workbook(results: Results, scope: Scope, *, lang: str) -> bytes:
    """Return the workbook of a scope and year in a language."""
    out = io.BytesIO()
    with language(lang), xlsxwriter.Workbook(out, OPTIONS) as book:
        writer = _Writer(book, results.until(scope.year), scope)
        writer.data()
        writer.trend()
        writer.definitions(list(indicators().values()))
        writer.provenance(tuple(results.snapshot.tables))
        book.set_properties({"title": sentence(scope), "author": t("app.name")})
    return out.getvalue()


def table_bytes(
    frame: pd.DataFrame, *, title: str, results: Results, scope: Scope, tables: tuple[str, ...]
) -> bytes:
    """Return any table as a workbook: its provenance on top, headings frozen, filters on.

    Beside it stand the definitions of the indicators its tables feed, and where those tables come from.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        writer = _Writer(book, results, scope)
        sheet = writer.sheet(t("export.sheet.data"), title, tables)
        formats = {name: writer.number(_decimals(frame[name])) for name in frame.select_dtypes("number")}
        writer.table(sheet, frame, formats)
        writer.definitions(
            [one for one in indicators().values() if set(provenance.tables_of(one)) & set(tables)]
        )
        writer.provenance(tables)
        book.set_properties({"title": title, "author": t("app.name")})
    return out.getvalue()


def _decimals(values: pd.Series) -> int:
    """Return how many decimals a column is shown with; the cells hold the exact numbers."""
    known = values.dropna().astype("float64")
    return 0 if known.eq(known.round()).all() else 2


class _Writer:
    """A workbook being written."""

    def __init__(self, book: Any, results: Results, scope: Scope) -> None:
        self.book, self.results, self.scope = book, results, scope
        self.snapshot = results.snapshot
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": LIGHT.muted})
        self.badge = book.add_format({"bold": True, "font_color": LIGHT.short})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bottom_color": LIGHT.accent}
        )
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self._numbers: dict[tuple[int, bool], Any] = {}

    def number(self, decimals: int, *, sign: bool = False) -> Any:
        """Return a number's format; Excel writes separators as the reader's machine does (1.234,5 in Viet Nam)."""
        if (decimals, sign) not in self._numbers:
            form = "#,##0" + ("." + "0" * decimals if decimals else "")
            form = f"+{form};-{form};{form}" if sign else form
            self._numbers[decimals, sign] = self.book.add_format({"num_format": form})
        return self._numbers[decimals, sign]

    def sheet(self, name: str, title: str, tables: tuple[str, ...]) -> Any:
        """Add a sheet headed by title, scope, nature and snapshot."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, sentence(self.scope), self.note)
        nature = provenance.nature(self.snapshot, [name for name in tables if name in self.snapshot.tables])
        badge = f"{provenance.SYMBOL[nature]} {t(f'nature.{nature}')}"
        sheet.write_string(2, 0, badge, self.badge if nature == "illustrative" else self.note)
        sheet.write_string(2, 1, f"{t('caption.snapshot')} {self.snapshot.id}", self.note)
        return sheet

    def table(self, sheet: Any, frame: pd.DataFrame, formats: Mapping[str, Any]) -> None:
        """Write a frame under the head: headings frozen with the first two columns, filters on."""
        rows, columns = frame.shape
        lines = [1] * rows
        for j, name in enumerate(frame.columns):
            sheet.write_string(HEAD, j, str(name), self.head)
            wide = (
                max([12, *(min(len(str(v)), WIDEST) + 2 for v in frame[name])]) if name not in formats else 15
            )
            sheet.set_column(j, j, wide)
            lines = [max(n, -(-len(str(v)) // WIDEST)) for n, v in zip(lines, frame[name], strict=True)]
            for i, value in enumerate(frame[name]):
                dated = isinstance(value, pd.Timestamp)
                _cell(sheet, HEAD + 1 + i, j, value, self.day if dated else formats.get(str(name), self.wrap))
        # Wrapped text is seen whole: a row's height is not found again by every program that opens it.
        for i, n in enumerate(lines):
            if n > 1:
                sheet.set_row(HEAD + 1 + i, 15 * n)
        sheet.freeze_panes(HEAD + 1, min(2, columns - 1))
        if rows:
            sheet.autofilter(HEAD, 0, HEAD + rows, columns - 1)
        sheet.set_row(HEAD, 48)

    def data(self) -> None:
        """Write every indicator of every unit in the scope's year."""
        frame, chosen = units_table(self.results, self.scope)
        tables = tuple(self.snapshot.tables)
        sheet = self.sheet(t("export.sheet.data"), t("export.sheet.data.title"), tables)
        formats = {
            titled(one): self.number(one.decimals, sign=one.formula == "staffing_gap") for one in chosen
        }
        self.table(sheet, frame, formats)
        first, last = HEAD + 1, HEAD + len(frame)
        for j, name in enumerate(frame.columns):
            if name in formats and len(frame):
                sheet.conditional_format(first, j, last, j, _bar(chosen[list(formats).index(str(name))]))
        self._ranking(frame)

    def _ranking(self, frame: pd.DataFrame) -> None:
        """Add a native chart of the gap, where the broken-down units are few enough to read."""
        level = breakdown(self.scope)
        one = indicators()["staffing_gap"]
        rows = of_year(
            in_scope(self.results.indicator(one.id, self.scope.geography, level), self.scope, level),
            self.scope.year,
        )
        rows = rows[rows["value"].notna()].sort_values("value", kind="stable").head(20)
        if rows.empty:
            return
        names = at_level(self.scope.geography, level)["name"].reindex(rows.index)
        shown = pd.DataFrame({t("list.unit"): names, titled(one): rows["value"]})
        sheet = self.sheet(t("export.sheet.chart"), titled(one), tuple(provenance.tables_of(one)))
        self.table(sheet, shown, {titled(one): self.number(0, sign=True)})
        chart = self.book.add_chart({"type": "bar"})
        last = HEAD + len(shown)
        chart.add_series(
            {
                "name": [sheet.get_name(), HEAD, 1],
                "categories": [sheet.get_name(), HEAD + 1, 0, last, 0],
                "values": [sheet.get_name(), HEAD + 1, 1, last, 1],
                "fill": {"color": LIGHT.accent},
                "data_labels": {"value": True},
                "gap": 40,
            }
        )
        chart.set_y_axis({"reverse": True, "label_position": "high"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_title({"name": titled(one), "name_font": {"size": 12, "bold": False}})
        chart.set_legend({"none": True})
        sheet.insert_chart(HEAD, 3, chart, {"x_scale": 1.6, "y_scale": 1.6, "description": titled(one)})

    def trend(self) -> None:
        """Write the whole scope by year, with a line chart of the main rates."""
        years = list(self.results.options.years)
        rows, heads = {}, {}
        for one in indicators().values():
            plain = scope_row(self.results, one.id, self.scope)["value"].astype("float64")
            found = followed(self.results, one.id, self.scope)
            row = found.or_only(plain, self.scope.year)
            if row.notna().any():
                rows[one.id] = row.reindex(years)
                heads[one.id] = f"{titled(one)}, {found.said}" if found.said else titled(one)
        frame = pd.DataFrame({heads[name]: row for name, row in rows.items()})
        frame.insert(0, t("scope.year"), [str(year) for year in years])
        sheet = self.sheet(
            t("export.sheet.trend"), t("export.sheet.trend.title"), tuple(self.snapshot.tables)
        )
        formats = {heads[name]: self.number(indicators()[name].decimals) for name in rows}
        self.table(sheet, frame, formats)
        drawn = [name for name in CHARTED if name in rows]
        if not drawn:
            return
        chart = self.book.add_chart({"type": "line"})
        for name, colour in zip(drawn, LIGHT.categorical, strict=False):
            at = list(frame.columns).index(heads[name])
            chart.add_series(
                {
                    "name": [sheet.get_name(), HEAD, at],
                    "categories": [sheet.get_name(), HEAD + 1, 0, HEAD + len(frame), 0],
                    "values": [sheet.get_name(), HEAD + 1, at, HEAD + len(frame), at],
                    "line": {"color": colour, "width": 2.25},
                    "marker": {
                        "type": "circle",
                        "size": 6,
                        "fill": {"color": colour},
                        "border": {"none": True},
                    },
                }
            )
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": LIGHT.line}}})
        words = {"x_scale": 1.8, "y_scale": 1.4, "description": t("export.sheet.trend.title")}
        sheet.insert_chart(HEAD + len(frame) + 3, 0, chart, words)

    def definitions(self, chosen: list[Indicator]) -> None:
        """Write how indicators are defined, computed and founded."""
        lang = current()
        rows = [
            {
                t("export.column.indicator"): one.name.in_(lang),
                t("export.column.unit"): one.unit.in_(lang),
                t("caption.definition"): one.definition.in_(lang),
                t("caption.numerator"): one.numerator_text.in_(lang),
                t("caption.denominator"): one.denominator_text.in_(lang) if one.denominator_text else "",
                t("caption.rule"): provenance.rule(one),
                t("caption.caution"): one.caution.in_(lang) if one.caution else "",
            }
            for one in chosen
        ]
        if not rows:
            return
        sheet = self.sheet(
            t("export.sheet.definitions"), t("export.sheet.definitions"), tuple(self.snapshot.tables)
        )
        self.table(sheet, pd.DataFrame(rows), {})

    def provenance(self, tables: tuple[str, ...]) -> None:
        """Write where tables of the snapshot come from."""
        rows = []
        for name in (one for one in TABLES if one in tables and one in self.snapshot.tables):
            table = self.snapshot.tables[name]
            origin = table.provenance
            rows.append(
                {
                    t("export.column.table"): name,
                    t("export.column.rows"): table.rows,
                    t("export.column.nature"): t(f"nature.{origin.nature}"),
                    t("caption.sources"): provenance.source(self.snapshot, name),
                    t("export.column.licence"): origin.licence,
                    t("export.column.file"): origin.file or "",
                    t("export.column.hash"): table.sha256,
                }
            )
        sheet = self.sheet(
            t("export.sheet.provenance"), t("export.sheet.provenance"), tuple(self.snapshot.tables)
        )
        self.table(sheet, pd.DataFrame(rows), {t("export.column.rows"): self.number(0)})


def units_table(results: Results, scope: Scope) -> tuple[pd.DataFrame, list[Indicator]]:
    """Return the scope's units with every indicator that has a number, and those indicators, in order."""
    units = at_level(scope.geography, scope.level, within=scope.within)
    values: dict[str, pd.Series] = {}
    chosen = []
    for one in indicators().values():
        rows = of_year(
            in_scope(results.indicator(one.id, scope.geography, scope.level), scope, scope.level), scope.year
        )
        if rows["value"].notna().any():
            values[titled(one)] = rows["value"].astype("float64")
            chosen.append(one)
    frame = pd.DataFrame(values)
    above = "district" if (scope.geography, scope.level) == ("legacy", "commune") else "province"
    home = parent_of(scope.geography, scope.level, above)
    names = at_level(scope.geography, above)["name"]
    frame.insert(0, t("list.unit"), units["name"].reindex(frame.index))
    frame = frame.sort_values(t("list.unit"), key=order_of)
    frame.insert(0, t("export.column.code"), frame.index)
    frame.insert(2, t(f"level.one.{above}").capitalize(), [str(names[home[code]]) for code in frame.index])
    return frame, chosen


def _cell(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    """Write a cell by its kind; what is missing stays empty."""
    if value is None or pd.isna(value):
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, form)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), form)
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value), form)
    else:
        sheet.write_number(row, column, float(value), form)


def _bar(definition: Indicator) -> dict[str, Any]:
    """Return bars inside the cells: one colour, shortages in their own."""
    return {
        "type": "data_bar",
        "bar_color": LIGHT.sequential[1],
        "bar_negative_color": LIGHT.diverging[1],
        "bar_solid": True,
        "min_type": "num" if definition.formula != "staffing_gap" else "min",
        "min_value": 0,
    }
