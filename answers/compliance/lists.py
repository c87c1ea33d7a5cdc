"""The lists of the criteria as a page and a file show them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from answers.compliance.numbers import in_order, of_scope, rule_of, shares_of
from answers.compliance.words import full_name, reasons, verdict
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.criteria_sets import CriteriaSet

QUARTER: Final = 0.25


def profile(results: Results, scope: Scope, row: Any, rule: CriteriaSet) -> pd.DataFrame:
    """Return one sheet's criteria beside its district and the best quarter of the scope, in percent.

    The index is the criterion's number; ``own``, ``peers`` (mean of the others in its district or province),
    ``best`` (mean of the quarter of the scope's communes with the highest totals).
    """
    frame = of_scope(results, scope)
    points = 100 * shares_of(results, frame, rule)
    judged = frame[frame["total"].notna()]
    best = judged.sort_values("total", ascending=False).head(int(np.ceil(len(judged) * QUARTER)))
    peers = frame[frame["parent_code"].eq(row.parent_code) & frame["place"].ne(row.place)]
    return pd.DataFrame(
        {
            "own": points[frame["place"].eq(row.place)].iloc[0],
            "peers": points.loc[peers.index].mean(),
            "best": points.loc[best.index].mean(),
        }
    )


def as_table(results: Results, scope: Scope) -> pd.DataFrame:
    """Return every sheet of the scope under readable heads, for a download; shares in percent."""
    frame, rule = in_order(of_scope(results, scope)), rule_of(scope)
    assert rule is not None  # asked for only where the year has sheets
    heads = {
        "list.unit": frame["name"],
        "compliance.column.parent": frame["parent"],
        "scope.year": frame["year"],
        "compliance.column.result": [t(f"compliance.verdict.{verdict(row)}") for row in frame.itertuples()],
        "compliance.column.total": frame["total"],
        "compliance.column.missing": frame["points_missing"],
        "compliance.column.why": [reasons(row, rule) for row in frame.itertuples()],
    }
    table = pd.DataFrame({t(key): values for key, values in heads.items()}, index=frame.index)
    points = (100 * shares_of(results, frame, rule)).round(2)
    points.columns = [f"{full_name(one)} (%)" for one in rule.criteria]
    return pd.concat([table, points], axis=1).set_axis(frame["commune"])
