"""Communes by criteria: a table of coloured cells in groups, closest to passing first, a click chooses.

Our own small component: a heatmap of Plotly answers no click and loses its headings when it scrolls, and this
one is its own table for those who read rather than see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import component


def show(data: dict[str, Any], *, key: str, choose: Callable[[str], None]) -> None:
    """Show the table; a click hands the commune's place to ``choose``."""

    def chosen() -> None:
        choose(st.session_state[key].chosen)

    component.show("heat_table", data, key=key, on_chosen_change=chosen)
