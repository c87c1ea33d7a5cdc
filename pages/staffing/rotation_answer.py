"""What a rotation comes to: its verdict, its moves on a map and as a list, and the stations before and after."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope, sentence
from answers.staffing import dots as slides_dots
from answers.staffing import plan as staffing_plan
from answers.staffing import rotation_lists
from answers.staffing.plan import Answer
from answers.words import t
from pages.staffing import rotation_ends, rotation_map
from pages.staffing.rotation_ends import TABLES
from pages.staffing.rotation_map import HEIGHT
from ui import badges, html, page
from ui.export import pins
from ui.export.downloads import table_downloads

SHOWN = 60


def show(results: Results, scope: Scope, basis: str, found: Answer) -> None:
    """Show the plan."""
    page.section(staffing_plan.verdict(found), rotation_lists.proof(found))
    if found.plan.moves.empty:
        st.info(t("staffing.rotation.nothing"))
        return
    moves = staffing_plan.moves(found)
    left, right = st.columns([6, 6], gap="medium")
    with left:
        rotation_map.show(found, moves, scope)
        if slide := pins.whole("rotation", "", scope, *slides_dots.asked(basis, found.question)):
            pins.button(slide, key="staffing.rotation.pin")
    with right:
        st.html(_table(moves))
        if len(moves) > SHOWN:
            page.remark(t("staffing.rotation.first", n=SHOWN, total=fmt.number(len(moves))))
        table_downloads(
            lambda: rotation_lists.moves_table(moves),
            results,
            scope,
            name="luan-phien",
            tables=TABLES,
            index_label=t("staffing.rotation.column.from_code"),
            title=f"{t('staffing.rotation.title')}: {sentence(scope)}",
            message="staffing.rotation.download",
        )
    rotation_ends.show(results, scope, staffing_plan.ends(found))
    badges.caption(results.snapshot, TABLES, besides=found.besides)


def _table(moves: pd.DataFrame) -> str:
    rows = [[escape(text) for text in row] for row in rotation_lists.move_rows(moves.head(SHOWN))]
    heads = [t(f"staffing.rotation.column.{name}") for name in rotation_lists.MOVES]
    body = html.table(heads, rows, numbers=(2, 3))
    return f'<div style="max-height:{HEIGHT}px;overflow-y:auto">{body}</div>'
