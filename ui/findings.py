"""Findings of the data, one row each; a click shows the very rows behind it, with their download."""

from __future__ import annotations

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.quality import numbers as quality
from answers.quality import rows as quality_rows
from answers.results import Results
from answers.scope import Scope
from answers.words import t, tn
from geo.units import at_level
from ui import badges, finding_rows, page, unit_list, visit
from ui.export.downloads import table_downloads
from ui.visit import choose_station, choose_unit

SHOWN = 400


def show(results: Results, scope: Scope, found: pd.DataFrame, *, key: str, profiles: bool = True) -> None:
    """Show findings (:func:`answers.quality.numbers.within`) and, of the one clicked, its rows.

    ``profiles`` offers the way to the profile of the finding's station or unit.
    """
    found = found.head(SHOWN)
    codes = [quality.name_of(row) for _, row in found.iterrows()]
    chosen = st.session_state.get(f"{key}.chosen")

    def choose(code: str) -> None:
        st.session_state[f"{key}.chosen"] = code

    data = lists.payload(
        codes, _columns(found, scope), selected=chosen, height=min(380, 90 + 40 * len(found))
    )
    unit_list.show(data, key=f"{key}.list", choose=choose)
    if chosen not in codes:
        st.html(f'<p class="card-note">{escape(t("quality.rows.choose"))}</p>')
        return
    finding = found.iloc[codes.index(chosen)]
    _rows(results, finding, key)
    if profiles:
        _profile(results, finding, key)


def _columns(found: pd.DataFrame, scope: Scope) -> list[lists.Column]:
    names = at_level(scope.geography, scope.level)["name"].reindex(found["code"])
    rules = pd.Series([t(f"quality.rule.{rule}") for rule in found["rule"]], dtype="str")
    texts = [quality.found_text(row) for _, row in found.iterrows()]
    years = [float(year) for year in found["year"]]
    column = lists.Column
    return [
        column(t("list.unit"), list(names), [float(v) for v in order_of(names)]),
        column(t("quality.column.rule"), list(rules), [float(v) for v in order_of(rules)]),
        column(t("quality.column.found"), texts, list(found["found"])),
        column(t("quality.column.year"), [str(year) for year in found["year"]], years, number=True),
    ]


def _rows(results: Results, finding: pd.Series, key: str) -> None:
    place = at_level("legacy", "commune")["name"][finding["commune"]]
    title = f"{place}, {finding['year']}: {t('quality.rule.' + finding['rule'])}"
    page.section(title, f"{quality.found_text(finding)}. {t('quality.rows.note')}")
    for part in quality_rows.behind(results, finding):
        n = len(part.rows)
        said = tn("quality.rows.of", n, table=t(f"table.{part.table}"), n=fmt.number(n))
        st.html(f'<p class="atlas card-title">{escape(said)} <code>{part.table}</code></p>')
        st.html(finding_rows.table_html(part))
        table_downloads(
            lambda part=part: part.rows,
            results,
            visit.current(),
            name=f"{part.table}-{finding['unit']}-{finding['year']}",
            tables=[part.table],
            index_label=t("quality.rows.row"),
            title=title,
            key=f"{key}.{part.table}",
        )
        badges.caption(results.snapshot, [part.table])


def _profile(results: Results, finding: pd.Series, key: str) -> None:
    """Offer the profile of the finding's station, or of its unit."""
    choose = partial(choose_unit, finding["code"])
    if finding["unit"] in results.options.stations:
        choose = partial(choose_station, results.options, finding["unit"])
    if st.button(
        t("unit.open"),
        key=f"{key}.profile",
        icon=":material/open_in_new:",
        type="tertiary",
        on_click=choose,
    ):
        st.switch_page("pages/commune/page.py")
