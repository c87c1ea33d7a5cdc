"""What if the fixed norm were another: its numbers changed for this session, and the effect."""

from __future__ import annotations

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.words import current, t
from metrics.errors import BadParameters
from metrics.registry import FixedNorm
from pages.staffing import what_if_effect
from ui import page

FIELDS = ("threshold", "step_low", "step_high", "coefficient")


@page.fragment
def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the norm's numbers as fields, and how the shortage changes with them."""
    norm = staffing.fixed_norm()
    st.html(f'<p class="card-note">{t("staffing.what_if.note")}</p>')
    base, areas = _fields(norm)
    try:
        changed = staffing.changed_norm(base=base, areas=areas)
    except BadParameters as error:
        st.error(error.text(current()))
        return
    st.button(
        t("staffing.what_if.reset"), key="staffing.what_if.reset", on_click=_reset, icon=":material/undo:"
    )
    if changed == norm:
        st.html(f'<p class="card-note">{t("staffing.what_if.same")}</p>')
        return
    what_if_effect.show(results, scope, basis, changed)


def _fields(norm: FixedNorm) -> tuple[int, dict[str, dict[str, float]]]:
    base = st.number_input(
        t("staffing.norm.base"), value=norm.base, step=1, key="staffing.what_if.base", persist_state="session"
    )
    areas: dict[str, dict[str, float]] = {}
    for column, (zone, rule) in zip(st.columns(len(norm.areas)), norm.areas.items(), strict=True):
        areas[zone] = {}
        with column:
            for field in FIELDS:
                value = getattr(rule, field)
                areas[zone][field] = st.number_input(
                    t(f"staffing.what_if.{field}", zone=zone),
                    value=value,
                    step=0.1 if field == "coefficient" else 500,
                    format="%0.1f" if field == "coefficient" else "%d",
                    key=f"staffing.what_if.{zone}.{field}",
                    persist_state="session",
                )
    return base, areas


def _reset() -> None:
    norm = staffing.fixed_norm()
    st.session_state["staffing.what_if.base"] = norm.base
    for zone, rule in norm.areas.items():
        for field in FIELDS:
            st.session_state[f"staffing.what_if.{zone}.{field}"] = getattr(rule, field)
