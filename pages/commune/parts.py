"""What a profile opens with: the way to the next unit, what it was, who lives there, where it lies, its staff."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from answers import lists
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from geo import crosswalk
from geo.units import at_level
from ui import page, visit
from ui.export import pins
from ui.show import show as show_figure


def history(scope: Scope) -> None:
    """Show where an old commune went, or what a new one is made of."""
    if scope.level != "commune":
        return
    legacy = scope.geography == "legacy"
    links = (crosswalk.went_to if legacy else crosswalk.made_of)(str(scope.unit))
    names = [
        t("unit.part", name=link["name"]) if link["kind"] == "part" else link["name"]
        for _, link in links.iterrows()
    ]
    text = t("unit.merged_into" if legacy else "unit.made_of", names=", ".join(names))
    page.remark(text)


def trend(results: Results, scope: Scope) -> None:
    """Show existing staff beside the low end of the norm, by year."""
    show_figure(results, pins.of_unit("unit_staff", "", scope), key="commune.trend")


def list_payload(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the list to choose a unit from."""
    names = lists.Column(t("list.unit"), list(frame["name"]), list(range(len(frame))))
    return lists.payload(list(frame.index), [names], height=520)


def choose_province(scope: Scope) -> None:
    """Offer the profile of the province itself."""
    if scope.within is None:
        return
    name = str(at_level(scope.geography, "province")["name"][scope.within])
    st.button(
        t("profile.of_province", name=name),
        key="commune.province",
        icon=":material/account_balance:",
        on_click=visit.choose_unit,
        args=(scope.within,),
    )
