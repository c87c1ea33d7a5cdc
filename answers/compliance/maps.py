"""What the map and the list of the national criteria show: the legal verdict, or the share of a criterion."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.colours import Theme, palette
from answers.compliance import heat, words
from answers.compliance import numbers as compliance
from answers.keeping import kept
from answers.names import order_of
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from geo import maps
from geo.classify import NO_DATA, Classes, classes, interval_labels
from geo.units import at_level, parent_of
from metrics.registry import indicators

VERDICT: Final = "verdict"
HEIGHT: Final = 520


def choices(scope: Scope) -> list[str]:
    """Return what can be shown: the verdict, the total, each criterion of the year's set."""
    rule = compliance.rule_of(scope)
    return [VERDICT, *([] if rule is None else ["total", *map(str, rule.numbers)])]


def choice_name(choice: str, scope: Scope) -> str:
    """Return what a choice is called."""
    rule = compliance.rule_of(scope)
    if choice == VERDICT or rule is None:
        return t("compliance.map.verdict")
    if choice == "total":
        return t("compliance.map.total")
    [criterion] = [one for one in rule.criteria if str(one.number) == choice]
    return t("compliance.map.criterion", name=words.full_name(criterion))


class Shown:
    """One choice in one scope: the class, colour and words of every unit."""

    def __init__(self, results: Results, scope: Scope, choice: str, colours: Theme) -> None:
        self.results, self.scope, self.choice, self.theme = results, scope, choice, colours
        self.units = compliance.units(results, scope)
        self.former = scope.geography == "current"
        if choice != VERDICT:
            self._by_share()
        elif scope.level == "district":
            self._by_part_passing()
        else:
            self._by_verdict()

    def _by_verdict(self) -> None:
        shown = compliance.STATUSES if self.former else ("short", "met")
        codes = self.units["status"].map({status: i for i, status in enumerate(shown)}).fillna(NO_DATA)
        cuts = tuple(i + 0.5 for i in range(len(shown) - 1))
        self.classes = Classes(cuts, "left", codes.astype("int64"))
        fills = {"short": self.theme.short, "part": self.theme.diverging[2], "met": self.theme.met}
        self.colours = [fills[status] for status in shown]
        self.labels = [t(f"compliance.status.{status}") for status in shown]
        self.values = 100 * self.units["passing"] / self.units["judged"].where(self.units["judged"] > 0)

    def _by_part_passing(self) -> None:
        definition = indicators()[compliance.INDICATOR]
        self.values = 100 * self.units["passing"] / self.units["judged"].where(self.units["judged"] > 0)
        self.classes = classes(self.values.astype("float64"), breaks=definition.breaks)
        self.colours = palette("sequential", self.classes.k, self.theme)
        self.labels = interval_labels(self.classes, lambda value: fmt.percent(value, 0))

    def _by_share(self) -> None:
        rule = compliance.rule_of(self.scope)
        cuts = [50.0] if rule is None else heat.breaks(rule)
        if self.choice == "total" and rule is not None:
            cuts = [cut for cut in cuts if cut >= 70]
        self.values = compliance.weakest_shares(self.results, self.scope, self.choice)
        self.classes = classes(self.values.astype("float64").round(6), breaks=cuts)
        self.colours = heat.colours(self.theme, self.classes.k)
        self.labels = interval_labels(self.classes, lambda value: fmt.percent(value, 0))

    @property
    def title(self) -> str:
        """What is shown; of a district, the share of its communes."""
        if self.choice == VERDICT and self.scope.level == "district":
            return t("compliance.map.part_passing")
        return choice_name(self.choice, self.scope)

    def legend(self) -> maps.Legend:
        """Return the legend's words."""
        return maps.Legend(
            title=self.title,
            labels=self.labels,
            no_data=t("compliance.status.unknown"),
            not_applicable=t("map.not_applicable"),
        )

    @cached_property
    def texts(self) -> list[str]:
        """Each unit's result in a few words."""
        if self.choice != VERDICT:
            return [fmt.percent(value) for value in self.values]
        found = []
        for row in self.units.itertuples():
            if self.scope.level == "district" or (self.former and not row.own and row.status != "unknown"):
                text = t("compliance.of", passing=fmt.number(row.passing), total=fmt.number(row.judged))
                text = f"{t(f'compliance.mark.{row.status}')} {text}"
            else:
                text = t(f"compliance.status.{row.status}")
            found.append(text)
        return found

    @cached_property
    def hover(self) -> list[str]:
        """Each unit's hover text under its name: result, how many of its former communes, of which year."""
        return [
            text + "".join(f"<br>{line}" for line in self.counted(row))
            for row, text in zip(self.units.itertuples(), self.texts, strict=True)
        ]

    def counted(self, row: Any) -> list[str]:
        """Return what a unit's result rests on, where that is not its own sheet."""
        lines = []
        if row.status != "unknown" and (self.scope.level == "district" or not row.own):
            key = (
                "compliance.counted.communes"
                if self.scope.level == "district"
                else "compliance.counted.former"
            )
            lines.append(t(key, passing=fmt.number(row.passing), total=fmt.number(row.judged)))
        if row.status != "unknown" and row.year < self.scope.year:
            lines.append(t("hover.as_of", year=int(row.year)))
        return lines

    @cached_property
    def ranked(self) -> dict[str, Any]:
        """What the list shows: worst first, missing last."""
        frame = self.units.assign(value=self.values, text=self.texts, at=self.classes.codes)
        frame["order"] = order_of(frame["name"])
        frame = frame.sort_values(["value", "order"], na_position="last")
        values = [None if pd.isna(v) else round(float(v), 4) for v in frame["value"]]
        columns = [
            lists.Column(t("list.unit"), list(frame["name"].astype(str)), list(frame["order"])),
            lists.Column(t("compliance.column.result"), list(frame["text"]), values, number=True),
        ]
        bars = None
        if self.choice != VERDICT or self.scope.level == "district":
            bars = lists.Bars(values, [int(k) for k in frame["at"]], self.colours, 0.0, 100.0)
        return lists.payload(
            list(frame.index),
            columns,
            notes=self._notes(frame),
            bars=bars,
            selected=self.scope.unit,
            height=HEIGHT - 46,
        )

    def _notes(self, frame: pd.DataFrame) -> list[str] | None:
        above = (
            "district" if (self.scope.geography, self.scope.level) == ("legacy", "commune") else "province"
        )
        if above == "province" and self.scope.within:
            return None
        names = at_level(self.scope.geography, above)["name"]
        home = parent_of(self.scope.geography, self.scope.level, above)
        return [str(names[home[code]]) for code in frame.index]


@kept(most=64, said=True)
def shown(results: Results, scope: Scope, choice: str, colours: Theme) -> Shown:
    """Return what is shown, kept."""
    return Shown(results, scope, choice, colours)
