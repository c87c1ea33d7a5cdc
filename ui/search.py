"""The search box of the sidebar: any unit by its old or new name, and what became of it in 2025."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from answers.scope import NATION, Options
from answers.words import t
from geo import crosswalk
from geo.names import search
from geo.units import parent_of
from ui import visit

SHOWN = 6
NAMED = 4
BOX = "search.query"


def found(query: str, options: Options, *, national: bool = False) -> pd.DataFrame:
    """Return the first units a query names, with ``province_code`` and whether it has stations (``known``).

    Those of provinces with stations come first; others only where the page can show the whole country.
    """
    rows = search(query, limit=20 * SHOWN)
    homes = [str(parent_of(row.geography, row.level, "province")[row.code]) for row in rows.itertuples()]
    rows = rows.assign(province_code=pd.Series(homes, index=rows.index, dtype="str"))
    rows["known"] = [row.province_code in options.provinces[row.geography] for row in rows.itertuples()]
    rows = rows if national else rows[rows["known"]]
    return rows.sort_values("known", ascending=False, kind="stable").head(SHOWN)


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
    more = [t("search.more", n=len(names) - NAMED)] if len(names) > NAMED else []
    return t("unit.merged_into" if legacy else "unit.made_of", names=", ".join([*names[:NAMED], *more]))


def choose(geography: str, level: str, code: str, province: str) -> None:
    """Make a found unit the chosen one, in its own geography and province."""
    state = st.session_state
    state["scope.geography"], state["scope.province"] = geography, province
    # A province is looked at by its communes; a district or commune among its like.
    state["scope.level"] = "commune" if level == "province" and province != NATION else level
    visit.choose_unit(code if state["scope.level"] == level else None)
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
        rows = found(query, options, national=national)
        if rows.empty:
            st.caption(t("search.none"))
        for i, row in rows.iterrows():
            st.button(
                where(row),
                key=f"search.{i}",
                width="stretch",
                on_click=choose,
                args=(
                    row["geography"],
                    row["level"],
                    row["code"],
                    row["province_code"] if row["known"] else NATION,
                ),
            )
            if about := fate(row):
                st.caption(about)
