"""One indicator in one scope and year, in words and classes: what a map, a list, a slide and an export read."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Final

import pandas as pd

from data.names import collation_key
from geo import maps
from geo.classify import Classes, classes, interval_labels
from geo.units import at_level, parent_of
from metrics.registry import Indicator, indicators
from ui import format as fmt
from ui import theme, unit_list
from ui.i18n import current, t
from ui.results import Results
from ui.scope import Scope
from ui.summary import figure, in_scope, is_percent, of_year

HEIGHT: Final = 520


class View:
    """One indicator, one scope, one year: what the map, the list and the chosen unit all read."""

    def __init__(self, results: Results, scope: Scope, name: str, basis: str, colours: theme.Theme) -> None:
        self.results, self.scope, self.theme = results, scope, colours
        self.definition: Indicator = indicators()[name]
        self.all_years = in_scope(
            results.indicator(name, scope.geography, scope.level, basis), scope, scope.level
        )
        units = at_level(scope.geography, scope.level, within=scope.within)
        present = set(self.all_years.index.get_level_values("code"))
        shown = [code for code in units.index if code in present]
        self.names: pd.Series[str] = units["name"].reindex(shown)
        self.rows = of_year(self.all_years, scope.year).reindex(shown)
        self.classes: Classes = classes(
            self.rows["value"].astype("float64"),
            reference=self.all_years["value"].astype("float64"),
            breaks=self.definition.breaks,
            center=self.definition.center,
            decimals=self.definition.decimals,
            k=7 if self.definition.palette == "diverging" else 5,
        )
        self.colours = theme.palette(self.definition.palette, self.classes.k, self.theme)

    def legend(self) -> maps.Legend:
        """Return the legend's words."""
        whole = self.definition.decimals == 0
        return maps.Legend(
            title=f"{self.definition.name.in_(current())} ({self.definition.unit.in_(current())})",
            labels=interval_labels(
                self.classes, lambda v: fmt.number(v, self.definition.decimals), whole=whole
            ),
            no_data=t("map.no_data"),
            not_applicable=t("map.not_applicable"),
        )

    @cached_property
    def texts(self) -> list[str]:
        """Return each unit's value as text, a range where the value is one."""
        found = []
        for value, low, high in zip(self.rows["value"], self.rows["low"], self.rows["high"], strict=True):
            if (
                pd.notna(low)
                and pd.notna(high)
                and figure(low, self.definition) != figure(high, self.definition)
            ):
                found.append(
                    fmt.span(low, high, self.definition.decimals, sign=self.definition.palette == "diverging")
                )
            else:
                found.append(figure(None if pd.isna(value) else value, self.definition))
        return found

    @cached_property
    def hover(self) -> list[str]:
        """Each unit's hover text under its name: value with unit, and what was counted."""
        unit = "" if is_percent(self.definition) else f" {self.definition.unit.in_(current())}"
        counted = zip(self.rows["numerator"], self.rows["denominator"], strict=True)
        return [
            f"{text}{unit}"
            + ("" if pd.isna(above) or pd.isna(below) else f"<br>{fmt.number(above)} / {fmt.number(below)}")
            for text, (above, below) in zip(self.texts, counted, strict=True)
        ]

    @cached_property
    def ranked(self) -> dict[str, Any]:
        """What the ranked list shows: worst first, missing last."""
        lower_is_worse = self.definition.polarity != "lower_is_better"
        order = self.rows["value"].astype("float64").sort_values(ascending=lower_is_worse, na_position="last")
        rows = self.rows.loc[order.index]
        position = {code: i for i, code in enumerate(self.rows.index)}
        at = [position[code] for code in rows.index]
        names, texts, codes = list(self.names), self.texts, list(self.classes.codes)
        ranked = sorted(range(len(names)), key=lambda i: collation_key(str(names[i])))
        rank = {i: r for r, i in enumerate(ranked)}
        values = [None if pd.isna(v) else round(float(v), 4) for v in rows["value"]]
        known = [value for value in values if value is not None] or [0.0]
        return unit_list.payload(
            list(rows.index),
            [
                unit_list.Column(t("list.unit"), [str(names[i]) for i in at], [rank[i] for i in at]),
                unit_list.Column(self._heading(), [texts[i] for i in at], values, number=True),
            ],
            notes=self._parents(rows.index),
            bars=unit_list.Bars(
                values, [int(codes[i]) for i in at], self.colours, min(0.0, *known), max(0.0, *known)
            ),
            selected=self.scope.unit,
            height=HEIGHT - 46,
        )

    def _heading(self) -> str:
        return f"{self.definition.unit.in_(current())}, {self.scope.year}"

    def _parents(self, codes: pd.Index) -> list[str] | None:
        if self.scope.level == "province":
            return None
        above = (
            "district" if self.scope.geography == "legacy" and self.scope.level == "commune" else "province"
        )
        if above == "province" and self.scope.within:
            return None
        home = parent_of(self.scope.geography, self.scope.level, above)
        names = at_level(self.scope.geography, above)["name"]
        return [str(names[home[code]]) for code in codes]


@lru_cache(maxsize=64)
def view_of(results: Results, scope: Scope, name: str, basis: str, colours: theme.Theme) -> View:
    """Return a view, kept: the scope holds its language, and results their snapshot."""
    return View(results, scope, name, basis, colours)
