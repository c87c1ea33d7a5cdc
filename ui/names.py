"""Vietnamese order for tables: a rank per name."""

from __future__ import annotations

import pandas as pd

from data.names import collation_key


def order_of(names: pd.Series) -> pd.Series:
    """Return each name's place in Vietnamese order, numbers by value; equal names share a place.

    >>> order_of(pd.Series(["Đại Tâm", "Ân Phú", "An Phú"])).tolist()
    [2, 1, 0]
    """
    distinct = sorted(set(names), key=collation_key)
    place = {name: i for i, name in enumerate(distinct)}
    return names.map(place)
