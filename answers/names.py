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


def of_station(name: str) -> str:
    """Return a station's name by what it stands in.

    >>> of_station("Trạm Y tế phường 2")
    'Phường 2'
    """
    short = name.removeprefix("Trạm Y tế ")
    return short[:1].upper() + short[1:]
