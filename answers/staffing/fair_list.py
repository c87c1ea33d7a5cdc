"""The list of units compared fairly: rank, interval, place, trend."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.making import numbers as exact
from answers.staffing.fair import Fair
from answers.summary import figure
from answers.words import t

SIDES = {
    "low_998": "▼▼",
    "low_95": "▼",
    "below_norm": "▼",
    "within": "◆",
    "at_norm": "●",
    "high_95": "▲",
    "high_998": "▲▲",
}
ARROWS = {"up": "↗", "down": "↘", "none": "→", "too_few": "–"}


def columns(fair: Fair, frame: pd.DataFrame) -> list[lists.Column]:
    """Return the columns of the list, as the units are judged."""

    told = frame["direction"].where(frame["meaning"].eq("none"), frame["meaning"])
    trend = [
        f"{ARROWS[way]} {t(f'staffing.fair.trend.{what}')}"
        for way, what in zip(frame["direction"], told, strict=True)
    ]
    return [
        lists.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
        _numbers("rank", [fmt.number(None if pd.isna(v) else v) for v in frame["rank"]], frame["rank"]),
        _numbers("raw", _written(frame["value"], fair), frame["value"]),
        *_beside(fair, frame),
        lists.Column(t("staffing.fair.column.trend"), trend, exact(frame["slope"])),
    ]


def _numbers(key: str, texts: list[str], values: pd.Series) -> lists.Column:
    return lists.numbers(f"staffing.fair.column.{key}", values, texts)


def _written(values: pd.Series, fair: Fair) -> list[str]:
    return [figure(None if pd.isna(v) else v, fair.definition) for v in values]


def _beside(fair: Fair, frame: pd.DataFrame) -> list[lists.Column]:
    """Return what stands beside the raw value: what chance alone would do, or what the norm asks."""
    places = list(SIDES)
    position = [
        f"{SIDES.get(where, '–')} {t(f'staffing.fair.position.{where}')}" for where in frame["position"]
    ]
    interval = [
        fmt.span(max(low, 0) if pd.notna(low) else low, high, fair.definition.decimals)
        for low, high in zip(frame["low"], frame["high"], strict=True)
    ]
    beside = [
        lists.Column(
            t("staffing.fair.column.position" if fair.judge == "chance" else "staffing.fair.column.against"),
            position,
            [float(places.index(where)) if where in places else None for where in frame["position"]],
        )
    ]
    if fair.judge == "chance":
        beside[:0] = [
            _numbers("interval", interval, frame["low"]),
            _numbers("smoothed", _written(frame["smoothed"], fair), frame["smoothed"]),
        ]
    elif fair.judge == "norm":
        beside.insert(0, _numbers("asked", _written(frame["asked"], fair), frame["asked"]))
    return beside
