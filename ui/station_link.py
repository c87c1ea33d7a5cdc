"""From a list or a map to the profile of a station."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.units import profile, station
from answers.words import t
from ui.visit import choose_station


def chooser(results: Results) -> Callable[[str], None]:
    """Return what a list of stations does on a click: it makes the station the chosen one."""
    return partial(choose_station, results.options)


def link(results: Results, scope: Scope) -> None:
    """Show the way to the profile of the chosen station, or of the chosen unit, where one is chosen."""
    if scope.unit is None:
        return
    called = station.name(results, scope) if scope.station else profile.name(profile.placed(scope))
    st.page_link("pages/commune/page.py", label=t("station.open", name=called), icon=":material/open_in_new:")
