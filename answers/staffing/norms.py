"""The norms side by side in words and lists: which asks the most, and where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.making import numbers as exact
from answers.names import order_of
from answers.scope import Scope
from answers.staffing import numbers as staffing
from answers.staffing.numbers import DOCTORS, FIXED, PERMANENT, WORKLOAD
from answers.words import t, tn
from geo.units import at_level


def binding_sentence(units: pd.DataFrame) -> str:
    """Return which norm asks for the most doctors, and in how many units."""
    counts = units["binds_doctors"].value_counts()
    if counts.empty:
        return t("staffing.norms.empty")
    parts = [
        tn("staffing.norms.binds.unit", n, name=staffing.lens_name(str(name)), n=fmt.number(n))
        for name, n in counts.items()
    ]
    return t("staffing.norms.binds", parts="; ".join(parts))


def payload(units: pd.DataFrame, scope: Scope) -> dict[str, Any]:
    """Return the list of what each unit faces under each norm, and which binds."""
    names = at_level(scope.geography, scope.level)["name"].reindex(units.index)
    frame = units.assign(name=names).sort_values("name", key=order_of)

    def column(label: str, low: str, high: str | None = None) -> lists.Column:
        ends = zip(frame[low], frame[high or low], strict=True)
        return lists.Column(label, [fmt.span(a, b) for a, b in ends], exact(frame[low]), number=True)

    def binds(label: str, name: str) -> lists.Column:
        texts = [fmt.MISSING if pd.isna(v) else staffing.lens_name(str(v)) for v in frame[name]]
        return lists.Column(label, texts, exact(frame[name].map(_PLACE)))

    columns = [
        lists.Column(t("list.unit"), list(frame["name"]), list(range(len(frame)))),
        column(t("staffing.norms.list.staff"), "staff"),
        column(staffing.lens_name(FIXED), FIXED, f"{FIXED}.high"),
        column(t("staffing.norms.list.wisn"), "wisn_staff"),
        binds(t("staffing.norms.list.binds_staff"), "binds_staff"),
        column(t("staffing.norms.list.doctors"), "doctors_there"),
        column(staffing.lens_name(PERMANENT), PERMANENT, f"{PERMANENT}.high"),
    ]
    if frame[DOCTORS].notna().any():
        columns.append(column(staffing.lens_name(DOCTORS), DOCTORS, f"{DOCTORS}.high"))
    columns += [
        column(t("staffing.norms.list.wisn_doctors"), "wisn_doctor"),
        binds(t("staffing.norms.list.binds_doctors"), "binds_doctors"),
    ]
    return lists.payload(list(frame.index), columns, height=420)


_PLACE = {name: float(i) for i, name in enumerate((FIXED, PERMANENT, DOCTORS, WORKLOAD))}
