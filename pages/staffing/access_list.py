"""The list of units by what their people can reach."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.making import numbers as exact
from answers.names import order_of
from answers.scope import Scope
from answers.staffing.access import Reach
from answers.words import t
from geo.classify import Classes
from ui import unit_list

HEIGHT = 480


def show(frame: pd.DataFrame, scope: Scope, cut: Classes, fills: list[str], found: Reach) -> None:
    """Show the list, those whose own number hides poor access first."""
    flagged = frame["fine_but_poor"].fillna(False).astype(bool)
    frame = frame.assign(at=cut.codes, flagged=flagged, place=order_of(frame["name"]))
    frame = frame.sort_values(["flagged", "access", "place"], ascending=[False, True, True])
    signs = [t("staffing.access.sign") if sign else "" for sign in frame["flagged"]]

    def numbers(key: str, values: pd.Series, decimals: int) -> lists.Column:
        texts = [fmt.number(None if pd.isna(v) else v, decimals) for v in values]
        return lists.Column(t(f"staffing.access.column.{key}"), texts, exact(values), number=True)

    values = exact(frame["access"].round(4))
    top = max((value for value in values if value is not None), default=1.0)
    data = lists.payload(
        list(frame.index),
        [
            lists.Column(t("list.unit"), list(frame["name"]), list(frame["place"])),
            numbers("access", frame["access"], 2),
            numbers("ratio", frame["ratio"], 2),
            numbers("nearest.minutes" if found.minutes else "nearest", frame["nearest"], 1),
        ],
        notes=signs,
        bars=lists.Bars(values, [int(k) for k in frame["at"]], fills, 0.0, top),
        selected=scope.unit,
        height=HEIGHT - 46,
    )
    unit_list.show(data, key="staffing.access.list")
