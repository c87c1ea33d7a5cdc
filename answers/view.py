"""One indicator in one scope and year, in words and classes: what a map, a list, a slide and an export read."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers import lists, provenance
from answers.colours import Theme, diverging_slots, palette
from answers.keeping import kept
from answers.quality.found import flagged
from answers.results import Results
from answers.scope import NATION, Scope, codes
from answers.summary import FLAG, figure, in_scope, is_percent, of_year, reported_words
from answers.words import current, t
from data.names import bare_key, collation_key
from geo import maps
from geo.classify import Classes, against, classes, interval_labels
from geo.units import at_level, parent_of
from metrics.registry import Indicator, indicators

HEIGHT: Final = 520
WHOLE: Final = 1000  # units a list is sent whole up to; of a longer one
LISTED: Final = 100  # only the first, and the server searches and sorts
ABOUT: Final = "≈"  # before a range that comes from a commune divided in 2025


class View:
    """One indicator, one scope, one year: what the map, the list and the chosen unit all read."""

    def __init__(self, results: Results, scope: Scope, name: str, basis: str, colours: Theme) -> None:
        self.results, self.scope, self.theme = results, scope, colours
        self.definition: Indicator = indicators()[name]
        self.all_years = in_scope(
            results.indicator(name, scope.geography, scope.level, basis), scope, scope.level
        )
        shown = codes(scope, scope.level)
        if scope.province != NATION:
            shown = shown[shown.isin(self.all_years.index.get_level_values("code"))]
        self.names: pd.Series[str] = at_level(scope.geography, scope.level)["name"].reindex(shown)
        self.rows = of_year(self.all_years, scope.year).reindex(shown)
        self.flags: list[bool] = self._flags()
        self.classes: Classes = classes(
            self._classed(self.rows),
            reference=self._classed(self.all_years),
            breaks=self.definition.breaks,
            center=self.definition.center,
            decimals=self.definition.decimals,
            k=7 if self.definition.palette == "diverging" else 5,
        )
        self.fills = self._fills()
        self.colours = (
            [self.theme.diverging[i] for i in self.fills]
            if self.fills
            else palette(self.definition.palette, self.classes.k, self.theme)
        )

    def _flags(self) -> list[bool]:
        """Say of each commune whether its figures of the year hold an open finding; of larger units nothing."""
        if self.scope.level != "commune":
            return [False] * len(self.rows)
        marked = flagged(self.results, self.scope.geography, self.scope.year)
        return [code in marked for code in self.rows.index]

    def _classed(self, rows: pd.DataFrame) -> pd.Series:
        """Return the number each unit is classed by: against a norm, the end of its range nearest to it."""
        if self.definition.center is None:
            return rows["value"].astype("float64")
        return against(low=rows["low"], high=rows["high"], center=self.definition.center)

    def _fills(self) -> list[int]:
        """Return which of the diverging colours each class takes; none for another palette."""
        neutral = self.classes.neutral
        return [] if neutral is None else diverging_slots(neutral, self.classes.k - 1 - neutral)

    def legend(self) -> maps.Legend:
        """Return the legend's words."""
        return maps.Legend(
            title=f"{self.definition.name.in_(current())} ({self.definition.unit.in_(current())})",
            labels=self._labels(whole=self.definition.decimals == 0),
            no_data=t("map.no_data"),
            not_applicable=t("map.not_applicable"),
            count=fmt.number,
        )

    def _labels(self, *, whole: bool) -> list[str]:
        found = interval_labels(self.classes, lambda v: fmt.number(v, self.definition.decimals), whole=whole)
        neutral = self.classes.neutral
        if neutral is None:
            return found
        if self.definition.formula == "staffing_gap":
            found = [_lacking(low, high) for low, high in self.classes.intervals]
        return [*found[:neutral], t("map.neutral"), *found[neutral + 1 :]]

    @cached_property
    def ranges(self) -> list[bool]:
        """Say of each unit whether low and high, as printed, differ."""
        return [
            pd.notna(low) and pd.notna(high) and figure(low, self.definition) != figure(high, self.definition)
            for low, high in zip(self.rows["low"], self.rows["high"], strict=True)
        ]

    @property
    def divided(self) -> list[bool]:
        """Say of each unit whether its range comes from a commune divided in 2025, not from a norm's two ends."""
        return [one and self.definition.norm is None for one in self.ranges]

    @cached_property
    def texts(self) -> list[str]:
        """Each unit's value as text: a range where it is one, marked where a commune was divided."""
        if self.definition.formula == "compliance" and self.scope.geography == "current":
            return self._former()
        found = []
        columns = (self.rows[name] for name in ("value", "low", "high"))
        for value, low, high, spread, divided in zip(*columns, self.ranges, self.divided, strict=True):
            if spread:
                text = fmt.span(
                    low, high, self.definition.decimals, sign=self.definition.palette == "diverging"
                )
                found.append(f"{ABOUT} {text}" if divided else text)
            else:
                found.append(figure(None if pd.isna(value) else value, self.definition))
        return found

    def _former(self) -> list[str]:
        """Return how many former communes met the criteria where a commune in force was not yet judged itself."""
        sheets = self.results.criteria().reset_index()
        sheets = sheets[sheets["geography"].eq("current") & sheets["year"].eq(self.scope.year)]
        own = set(sheets["commune"]) if self.scope.level == "commune" else set()
        found = []
        for code, passing, total in zip(
            self.rows.index, self.rows["numerator"], self.rows["denominator"], strict=True
        ):
            if not total > 0:
                found.append(fmt.MISSING)
            elif code in own:
                found.append(t("view.passes" if passing else "view.fails"))
            else:
                found.append(t("view.former", passing=fmt.number(passing), total=fmt.number(total)))
        return found

    @cached_property
    def hover(self) -> list[str]:
        """Each unit's hover text under its name: value with unit, what was counted, and why it is a range."""
        former = self.definition.formula == "compliance" and self.scope.geography == "current"
        unit = "" if former or is_percent(self.definition) else f" {self.definition.unit.in_(current())}"
        counted = zip(self.rows["numerator"], self.rows["denominator"], strict=True)
        told = zip(self.rows["reported"], self.rows["expected"], strict=True)
        return [
            (t("view.not_reported") if text == fmt.MISSING else f"{text}{unit}")
            + (
                ""
                if former or pd.isna(above) or pd.isna(below)
                else f"<br>{fmt.number(above)} / {fmt.number(below)}"
            )
            + (
                f"<br>{reported_words(self.definition, float(reported), float(expected))}"
                if not former and pd.notna(reported) and pd.notna(expected) and 0 < reported < expected
                else ""
            )
            + (f"<br>{t('view.divided')}" if divided else "")
            + (f"<br>{t('flag.note', flag=FLAG)}" if flag else "")
            for text, divided, flag, (above, below), (reported, expected) in zip(
                self.texts, self.divided, self.flags, counted, told, strict=True
            )
        ]

    @property
    def dated(self) -> str:
        """What every unit's hover text ends with: the year, and whether the numbers are real."""
        year = str(self.scope.year)
        observed = self.rows["as_of"].dropna().unique() if "as_of" in self.rows else []
        if self.definition.formula == "sum" and len(observed) == 1 and observed[0] != self.scope.year:
            year = t("hover.as_of", year=int(observed[0]))
        kind = provenance.nature(self.results.snapshot, provenance.tables_of(self.definition))
        return f"{year} · {provenance.SYMBOL[kind]} {t(f'nature.{kind}')}"

    @property
    def ranked(self) -> dict[str, Any]:
        """What the ranked list shows before the reader asks for anything: worst first, missing last."""
        return self.listed(lists.Asked())

    def listed(self, asked: lists.Asked) -> dict[str, Any]:
        """Return what the ranked list shows; of a long one the rows asked for, and how many there are more."""
        at, more = self._worst_first, ""
        if served := len(at) > WHOLE:
            matching = self._matching(asked)
            at = matching[:LISTED]
            if len(matching) > len(at):
                more = t("list.more", shown=fmt.number(len(at)), total=fmt.number(len(matching)))
        numbers = self.rows["value"].astype("float64").round(4).tolist()
        values = [None if pd.isna(numbers[i]) else numbers[i] for i in at]
        known = self.rows["value"].dropna().astype("float64").tolist() or [0.0]
        column = lists.Column
        return lists.payload(
            [self.rows.index[i] for i in at],
            [
                column(t("list.unit"), [self._flagged[i] for i in at], [self._alphabetical[i] for i in at]),
                column(self._heading(), [self.texts[i] for i in at], values, number=True),
            ],
            notes=None if self._parents is None else [self._parents[i] for i in at],
            bars=lists.Bars(
                values,
                [int(self.classes.codes.iloc[i]) for i in at],
                self.colours,
                min(0.0, *known),
                max(0.0, *known),
            ),
            selected=self.scope.unit,
            height=HEIGHT - 46,
            served=served,
            more=more,
        )

    @cached_property
    def _names(self) -> list[str]:
        return [str(name) for name in self.names]

    @cached_property
    def _flagged(self) -> list[str]:
        """Each unit's name as the list shows it, flagged where its figures hold an open finding."""
        pairs = zip(self._names, self.flags, strict=True)
        return [f"{name} {FLAG}" if flag else name for name, flag in pairs]

    @cached_property
    def _worst_first(self) -> list[int]:
        # Where neither end is worse the largest come first.
        lower_is_worse = self.definition.polarity == "higher_is_better"
        values = self.rows["value"].astype("float64").reset_index(drop=True)
        return list(values.sort_values(ascending=lower_is_worse, na_position="last").index)

    @cached_property
    def _alphabetical(self) -> dict[int, int]:
        """Each unit's place in Vietnamese order."""
        order = sorted(range(len(self._names)), key=lambda i: collation_key(self._names[i]))
        return {i: place for place, i in enumerate(order)}

    @cached_property
    def _keys(self) -> list[str]:
        """What each unit is searched by: its name, its parent's and its province's, without diacritics."""
        parents = self._parents or [""] * len(self._names)
        home = parent_of(self.scope.geography, self.scope.level, "province")
        provinces = home.reindex(self.rows.index).map(at_level(self.scope.geography, "province")["name"])
        return [
            bare_key(f"{name} {parent} {province}")
            for name, parent, province in zip(self._names, parents, provinces, strict=True)
        ]

    def _matching(self, asked: lists.Asked) -> list[int]:
        words = bare_key(asked.query).split()
        found = [i for i in self._worst_first if all(word in self._keys[i] for word in words)]
        if asked.column == 0:
            found.sort(key=lambda i: asked.sign * self._alphabetical[i])
        elif asked.column == 1:
            values = self.rows["value"].astype("float64").to_numpy()
            found.sort(key=lambda i: (pd.isna(values[i]), asked.sign * values[i]))
        return found

    def _heading(self) -> str:
        return f"{self.definition.unit.in_(current())}, {self.scope.year}"

    @cached_property
    def _parents(self) -> list[str] | None:
        """The district or province each unit is in, where the scope does not say it."""
        if self.scope.level == "province":
            return None
        above = (
            "district" if self.scope.geography == "legacy" and self.scope.level == "commune" else "province"
        )
        if above == "province" and self.scope.within:
            return None
        home = parent_of(self.scope.geography, self.scope.level, above)
        names = at_level(self.scope.geography, above)["name"]
        return [str(names[home[code]]) for code in self.rows.index]


def _lacking(low: float, high: float) -> str:
    """Return a class of gaps in words, in whole people: short of so many, or so many more than the norm.

    >>> from answers.words import language
    >>> with language("en"):
    ...     _lacking(-20, -5), _lacking(-float("inf"), -20), _lacking(1, 5)
    ('Short of 6–20', 'Short of 21+', 'Above by 1–4')
    """
    if high <= 0:
        least, most, key = 1 - high, -low, "map.short"
    else:
        least, most, key = low, high - 1, "map.above"
    if np.isinf(most):
        return t(f"{key}.open", n=fmt.number(least))
    return t(key, span=fmt.span(least, most))


@kept(most=64, said=True)
def view_of(results: Results, scope: Scope, name: str, basis: str, colours: Theme) -> View:
    """Return a view, kept."""
    return View(results, scope, name, basis, colours)
