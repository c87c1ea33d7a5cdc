"""The search box of the sidebar: any unit by its old or new name, and what became of it in 2025."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import crosswalk
from geo.names import search
from geo.units import parent_of
from ui.i18n import t
from ui.scope import NATION, Options

SHOWN = 6
BOX = "search.query"


def found(query: str, options: Options, *, national: bool = False) -> pd.DataFrame:
    """Return the first units a query names, as :func:`geo.names.search` does, with the ``province_code`` of each.

    Only provinces with stations are searched, unless the page can show the whole country.
    """
    rows = search(query, limit=20 * SHOWN)
    homes = [str(parent_of(row.geography, row.level, "province")[row.code]) for row in rows.itertuples()]
    rows = rows.assign(province_code=pd.Series(homes, index=rows.index, dtype="str"))
    inside = [row.province_code in options.provinces[row.geography] for row in rows.itertuples()]
    return rows if national else rows[inside].head(SHOWN)


def where(row: pd.Series) -> str:
    """Return what a unit is called, with what it lies in and which geography it belongs to."""
    above = [
        row[part] for part in ("district", "province") if pd.notna(row[part]) and row[part] != row["name"]
    ]
    place = ", ".join([row["name"], *above])
    return t(f"search.{row['geography']}", place=place)


def fate(row: pd.Series) -> str:
    """Return where an old commune went or what a commune in force was made of; nothing for larger units."""
    if row["level"] != "commune":
        return ""
    legacy = row["geography"] == "legacy"
    links = (crosswalk.went_to if legacy else crosswalk.made_of)(row["code"])
    names = [
        str(name) if kind == "whole" else t("unit.part", name=name)
        for name, kind in zip(links["name"], links["kind"], strict=True)
    ]
    if not names:
        return ""
    return t("unit.merged_into" if legacy else "unit.made_of", names=", ".join(names))


def choose(geography: str, level: str, code: str, province: str) -> None:
    """Make a found unit the chosen one, in its own geography and province."""
    state = st.session_state
    state["scope.geography"], state["scope.province"] = geography, province
    # A province is looked at by its communes; a district or commune among its like.
    state["scope.level"] = "commune" if level == "province" and province != NATION else level
    state["scope.unit"] = code if state["scope.level"] == level else None
    state[BOX] = ""


def show(options: Options, *, national: bool = False) -> None:
    """Draw the box and what it finds."""
    with st.sidebar:
        query = st.text_input(
            t("search.label"),
            key=BOX,
            placeholder=t("search.placeholder"),
            icon=":material/search:",
            help=t("search.help"),
        )
        if not query.strip():
            return
        rows = found(query, options, national=national).head(SHOWN)
        if rows.empty:
            st.caption(t("search.none"))
        for i, row in rows.iterrows():
            known = row["province_code"] in options.provinces[row["geography"]]
            st.button(
                where(row),
                key=f"search.{i}",
                width="stretch",
                on_click=choose,
                args=(row["geography"], row["level"], row["code"], row["province_code"] if known else NATION),
            )
            if about := fate(row):
                st.caption(about)
