"""What the years ahead are assumed to bring, in fields a visitor can change."""

from __future__ import annotations

import streamlit as st

from answers.results import Results
from answers.scope import Scope
from answers.staffing import plan as staffing_plan
from answers.words import t
from metrics.projection import Assumptions


def asked(results: Results, scope: Scope) -> Assumptions:
    """Draw the fields and return what they say."""
    start = results.keep(
        "assumptions", scope.province, scope.geography, str(scope.year),
        compute=lambda: staffing_plan.defaults(results, scope),
    )  # fmt: skip
    where = f"{scope.province}.{scope.geography}.{scope.year}"
    names = ("recruited", "loss", "rotated", "stay")
    values = (start.recruited, 100 * start.loss, start.rotated, start.stay)
    fields = []
    for column, name, value in zip(st.columns(4), names, values, strict=True):
        with column:
            fields.append(
                st.number_input(
                    t(f"staffing.ahead.{name}"),
                    value=float(value) if name == "loss" else int(value),
                    step=0.5 if name == "loss" else 1,
                    format="%0.1f" if name == "loss" else "%d",
                    key=f"staffing.ahead.{name}.{where}",
                    help=t(f"staffing.ahead.{name}.help"),
                    persist_state="session",
                )
            )
    recruited, loss, rotated, stay = fields
    return Assumptions(recruited=recruited, loss=loss / 100, rotated=rotated, stay=int(stay))
