"""The few figures a page opens with, one card each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answers.words import t


@dataclass(frozen=True)
class Kpi:
    """One card. ``better`` is None where a change is neither good nor bad; direction is told apart from it."""

    label: str
    figure: str
    unit: str = ""
    change: str | None = None
    direction: int = 0
    better: bool | None = None
    meaning: str = ""
    trend: Sequence[float | None] = ()
    nature: str = "real"


def changed(kpi: Kpi) -> str:
    """Return a card's change in words: which way, by how much, and whether that is better; empty without one."""
    if kpi.change is None:
        return ""
    arrow = {1: "▲", -1: "▼", 0: "■"}[kpi.direction]
    word = {True: t("change.better"), False: t("change.worse"), None: ""}[kpi.better]
    return f"{arrow} {kpi.change}" + (f" · {word}" if word else "")
