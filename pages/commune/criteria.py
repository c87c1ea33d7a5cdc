"""The tab of a unit's points under each criterion."""

from __future__ import annotations

from html import escape

import streamlit as st

from answers import format as fmt
from answers.results import Results
from answers.scope import Scope
from answers.units import score_sheets
from answers.words import t
from geo.units import at_level
from metrics.registry import indicators
from ui import badges, html, page
from ui.export import pins
from ui.show import show as show_figure


def criteria(results: Results, scope: Scope) -> None:
    """Show the unit's points under each criterion, with the floor and the verdict."""
    if scope.level != "commune":
        page.remark(t("profile.criteria.above"))
        return
    sheets = score_sheets.scored(results, scope)
    if not sheets:
        text = t("profile.criteria.none", year=scope.year)
        page.remark(text)
        return
    if sheets[0].geography != scope.geography:
        page.remark(t("profile.criteria.of_many"))
        st.html(_sheets(sheets))
    else:
        show_figure(results, pins.of_unit("unit_criteria", "", scope), key="profile.criteria")
        return
    page.remark(score_sheets.rule_text(sheets[0].rules))
    badges.caption(results.snapshot, ["criteria_scores"], indicators()["communes_meeting_national_criteria"])


def _sheets(sheets: list[score_sheets.Scored]) -> str:
    names = at_level("legacy", "commune")["name"]
    rows = [
        [
            escape(str(names[sheet.code])),
            f"{fmt.number(sheet.verdict['total'], 1)} / {fmt.number(sheet.verdict['maximum'])}",
            escape(t(f"profile.criteria.{score_sheets.verdict_key(sheet.verdict)}")),
            escape(score_sheets.held_back(sheet)) or fmt.MISSING,
        ]
        for sheet in sheets
    ]
    heads = [t("commune.former"), t("profile.criteria.total"), t("targets.column.status")]
    return html.table([*heads, t("profile.criteria.blocking")], rows, numbers=(1,))
