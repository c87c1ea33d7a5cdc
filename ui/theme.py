"""The one style sheet, and the colours the visitor sees now: structure is neutral grey, interaction teal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from answers.colours import Theme, theme_of

CSS: Final = Path(__file__).parent / "app.css"


def current() -> Theme:
    """Return the colours the visitor's browser shows now."""
    return theme_of(st.context.theme.type or "light")


@cache
def style_sheet(mode: str) -> str:
    """Return the app's style sheet with the mode's colours as custom properties."""
    theme = theme_of(mode)
    names = ("ground", "surface", "text", "muted", "line", "accent", "short", "between", "met")
    properties = "".join(f"--{name}:{getattr(theme, name)};" for name in names)
    return f"<style>:root{{{properties}}}{CSS.read_text('utf-8')}</style>"
