"""Whose recognition ends, and when."""

from __future__ import annotations

import streamlit as st

from answers import format as fmt
from answers import lists as listed
from answers.compliance import changes, lists
from answers.compliance import numbers as compliance
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui import badges, html, page, unit_list


def show(results: Results, scope: Scope) -> None:
    """Show how many are recognised, and the communes whose recognition ends."""
    page.section(t("compliance.recognition.title", year=scope.year), t("compliance.recognition.note"))
    found = changes.recognised(results, scope)
    kinds = ("recognised", "expiring", "lapsed", "never", "not_assessable")
    counts = [fmt.number(int(found["status"].eq(kind).sum())) for kind in kinds]
    heads = [t(f"compliance.recognition.{kind}") for kind in kinds]
    st.html(html.table(heads, [counts], numbers=range(5)))
    soon = found[found["status"].isin(["expiring", "lapsed"])].sort_values(["recognised_until", "name"])
    if soon.empty:
        page.remark(t("compliance.recognition.none"))
    else:
        unit_list.show(listed.of_units(soon, lists.recognised(soon)), key="compliance.expiring")
    badges.caption(results.snapshot, compliance.TABLES)
