"""Communes by criteria as plain data: cells in classes, groups, closest to passing first."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from answers import format as fmt
from answers.colours import Theme
from answers.compliance import numbers as compliance
from answers.compliance import words
from answers.names import order_of
from answers.results import Results
from answers.words import t
from metrics.criteria_sets import CriteriaSet

BREAKS: Final = (70.0, 80.0, 90.0)
"""Cuts of the shares above the floor, in percent; the same for every year and place."""


SYMBOL: Final = {"met": "●", "short": "▼", "unknown": "–"}


def breaks(rule: CriteriaSet) -> list[float]:
    """Return the cuts of shares in percent: the rule's floor first."""
    floor = 100 * float(rule.pass_rule.floor_share)
    return [floor, *(cut for cut in BREAKS if cut > floor)]


def colours(theme: Theme, size: int) -> list[str]:
    """Return the classes' colours: below the floor in the colour of a shortage, then teal by share."""
    return [theme.short, *theme.sequential[: size - 1]]


def ink(colour: str) -> str:
    """Return black or white, whichever is easier to read on a colour (WCAG relative luminance).

    >>> ink("#ffffff"), ink("#0b544d")
    ('#111111', '#ffffff')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#111111" if light > 0.179 else "#ffffff"


def payload(
    results: Results,
    frame: pd.DataFrame,
    rule: CriteriaSet,
    theme: Theme,
    *,
    selected: str | None,
    height: int = 560,
) -> dict[str, Any]:
    """Return the table of some sheets of a scope: groups in Vietnamese order, closest to passing first in each."""
    frame = compliance.by_closeness(frame)
    shares = 100 * compliance.shares_of(results, frame, rule)
    cuts = breaks(rule)
    # compared as the rule is, in millionths, so that a share of exactly the floor is not below it
    codes = np.searchsorted(cuts, shares.to_numpy().round(6), side="right")
    codes = np.where(shares.isna(), -1, codes)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row, values, classes in zip(frame.itertuples(), shares.to_numpy(), codes, strict=True):
        verdict = words.verdict(row)
        missing = None if verdict == "met" else row.points_missing
        rows.setdefault(row.group, []).append(
            {
                "c": row.place,
                "t": row.name,
                "s": SYMBOL[verdict],
                "w": t(f"compliance.verdict.{verdict}"),
                "v": [fmt.number(value) for value in values],
                "k": [int(code) for code in classes],
                "e": [fmt.number(row.total, 2), "" if verdict == "met" else fmt.number(missing, 2)],
            }
        )
    names = frame.drop_duplicates("group").set_index("group")["group_name"]
    order = names.index[order_of(names).argsort(kind="stable")]
    palette = colours(theme, len(cuts) + 1)
    return {
        "heads": _heads(rule),
        "groups": [
            {"t": names[group], "s": _counted(frame[frame["group"].eq(group)]), "rows": rows[group]}
            for group in order
        ],
        "colours": {str(i): [colour, ink(colour)] for i, colour in enumerate(palette)},
        "marks": {"●": theme.met, "▼": theme.short, "–": theme.between},
        "selected": selected,
        "height": height,
        "search": t("list.search"),
        "empty": t("list.empty"),
    }


def _heads(rule: CriteriaSet) -> list[list[str]]:
    criteria = [[words.short_name(one), words.full_name(one)] for one in rule.criteria]
    extra = [[t("compliance.column.total"), ""], [t("compliance.column.missing"), ""]]
    return [[t("list.unit"), ""], *criteria, *extra]


def _counted(frame: pd.DataFrame) -> str:
    return t(
        "compliance.passing_of",
        passing=fmt.number(int(compliance.passing(frame).sum())),
        total=fmt.number(int(frame["passes"].notna().sum())),
    )
