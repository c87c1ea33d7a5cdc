"""Stations: one per old commune; since the reform the station of its new commune, or one of its points."""

from __future__ import annotations

import pandas as pd

from data.demo.ground import ground, station_ids


def stations() -> pd.DataFrame:
    """Return the contract table ``stations``.

    The station of a new commune is the one whose old commune handed down its code, or else the one with the
    most people; the others are its points.
    """
    communes = ground()
    heir = communes.index == communes["current_commune"]
    order = communes.assign(heir=heir).sort_values(["heir", "population"], ascending=False)
    main = order.groupby("current_commune").head(1).index
    name = "Trạm Y tế " + communes["name"].str[:1].str.lower() + communes["name"].str[1:]
    role = pd.Series("point", communes.index, dtype="str").mask(communes.index.isin(main), "station")
    return pd.DataFrame(
        {
            "station": pd.array(station_ids(), dtype="str"),
            "name": name.astype("str").array,
            "legacy_commune": communes.index.astype("str").array,
            "current_commune": communes["current_commune"].astype("str").array,
            "role": role.array,
            "zone": communes["zone"].astype("Int64").array,
            "latitude": communes["latitude"].array,
            "longitude": communes["longitude"].array,
        }
    )
