"""A list or table of units that can be searched, sorted and clicked; every text is formatted on the server.

Our own small component, because Streamlit's data grid draws numbers in the browser, cannot order Vietnamese
names, and answers a click only on its check box.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from answers.lists import Asked
from ui import component, visit


def asked(key: str) -> Asked:
    """Return what the reader asked of the served list of that key."""
    return Asked(**(getattr(st.session_state.get(key), "asked", None) or {}))


def show(data: dict[str, Any], *, key: str, choose: Callable[[str], None] = visit.choose_unit) -> None:
    """Show the list; a click makes its unit the chosen one, or does what ``choose`` says."""

    def chosen() -> None:
        choose(st.session_state[key].chosen)

    def narrowed() -> None:
        st.session_state["narrow"] = bool(st.session_state[key].narrow)

    component.show(
        "unit_list",
        data | {"narrow": is_narrow()},
        key=key,
        on_chosen_change=chosen,
        on_narrow_change=narrowed,
        on_asked_change=lambda: None,
    )


def is_narrow() -> bool:
    """Say whether the visitor's window is as narrow as a phone's, as far as it has been told."""
    return bool(st.session_state.get("narrow", False))
