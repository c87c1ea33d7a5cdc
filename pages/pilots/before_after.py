"""Before and after the opening, clinic by clinic."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.pilots import words as pilots_words
from answers.pilots.numbers import Evidence
from answers.pilots.words import bare
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from pages.pilots.opening import about_opening
from ui import html


def show(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Show each clinic before and since its opening."""
    study = found.studies[name]
    table = study.before_after
    if table.empty:
        st.info(" ".join(pilots_words.problems(results, scope, study)), icon=":material/info:")
        return
    about_opening(results, scope, found, name, "before_after")
    names = pilots_words.station_names(results, scope)
    rows = [
        [
            escape(names[str(station)]),
            escape(bare(row["before"], name)),
            escape(bare(row["since"], name)),
            escape(bare(row["change"], name, sign=True)),
            f"{fmt.number(row['periods_before'])} / {fmt.number(row['periods_since'])}",
        ]
        for station, row in table.iterrows()
    ]
    heads = ("station", "before", "since", "change", "periods")
    st.html(html.table([t(f"pilots.column.{head}") for head in heads], rows, numbers={1, 2, 3, 4}))
