"""Colours as data: what a class, a status or a series is painted with, in both modes.

Palettes are safe for the common colour-vision deficiencies: sequential is one teal hue by lightness,
diverging runs orange, grey, blue, whose deep ends differ in lightness too, so that a copy in greys still tells a
shortage from a surplus; and no status is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from geo.maps import MapColors

Mode = Literal["light", "dark"]


FONT: Final = "Be Vietnam Pro, sans-serif"


@dataclass(frozen=True)
class Theme:
    """The colours of one mode; every palette runs from low to high."""

    mode: Mode
    ground: str
    surface: str
    text: str
    muted: str
    line: str
    accent: str
    border: str
    no_data: str
    not_applicable: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    categorical: tuple[str, ...]
    short: str
    between: str
    met: str


LIGHT: Final = Theme(
    mode="light",
    ground="#ffffff",
    surface="#f4f6f6",
    text="#1b2527",
    muted="#566366",
    line="#d9dfdf",
    accent="#0f766e",
    border="#ffffff",
    no_data="#c2c8ca",
    not_applicable="#d4d9d9",
    sequential=("#d5ebe7", "#9fd0c8", "#62aea4", "#2b857b", "#0b544d"),
    diverging=("#b34d08", "#e58f4f", "#f7d5b8", "#e6e9ea", "#bcd0e5", "#5c8dbf", "#17457a"),
    categorical=("#0f766e", "#c2570c", "#3b6fb6", "#8a5a9e", "#a37c0a", "#6b7280"),
    short="#b34d08",
    between="#5d696c",
    met="#17457a",
)


DARK: Final = Theme(
    mode="dark",
    ground="#0f1416",
    surface="#182022",
    text="#e6ebeb",
    muted="#9fadb0",
    line="#2c3739",
    accent="#2bb3a6",
    border="#0f1416",
    no_data="#20282a",
    not_applicable="#333d3f",
    sequential=("#17403c", "#1f655e", "#2b8d83", "#5fb9ae", "#b4e3dc"),
    diverging=("#e57f30", "#ab5a22", "#6c4022", "#3b4548", "#2f5f86", "#4787bb", "#b5dcfa"),
    categorical=("#2bb3a6", "#e58a45", "#7aa7e0", "#bb8fce", "#d3ae3f", "#9aa5a8"),
    short="#e57f30",
    between="#9fadb0",
    met="#b5dcfa",
)


def theme_of(mode: str) -> Theme:
    """Return the colours of a mode."""
    return DARK if mode == "dark" else LIGHT


def palette(kind: str, size: int, theme: Theme) -> list[str]:
    """Return ``size`` colours of a palette, spread over its whole range.

    >>> palette("sequential", 2, LIGHT)
    ['#d5ebe7', '#0b544d']
    """
    colours = theme.diverging if kind == "diverging" else theme.sequential
    if size == 1:
        return [colours[len(colours) // 2]]
    return [colours[round(i * (len(colours) - 1) / (size - 1))] for i in range(size)]


def diverging_slots(below: int, above: int) -> list[int]:
    """Return which of the diverging colours the classes below, about and above a norm take: grey is the norm's alone.

    >>> diverging_slots(3, 3), diverging_slots(1, 2)
    ([0, 1, 2, 3, 4, 5, 6], [0, 3, 4, 6])
    """
    middle = len(LIGHT.diverging) // 2
    half = [round(i * (middle - 1) / max(below - 1, 1)) for i in range(below)]
    other = [2 * middle - round(i * (middle - 1) / max(above - 1, 1)) for i in range(above)]
    return [*half, middle, *reversed(other)]


def map_colours(theme: Theme, classes: Sequence[str]) -> MapColors:
    """Return the colours of a map: its classes, and everything around them."""
    return MapColors(
        classes=classes,
        no_data=theme.no_data,
        not_applicable=theme.not_applicable,
        ground=theme.ground,
        border=theme.border,
        outline=theme.muted,
        text=theme.text,
        selected=theme.text,
    )
