"""What in a data set contradicts itself or stands out: rules a data officer can act on, row by row.

Every rule returns findings: station or commune, year, rule, what was found and what was expected. A finding is
a question to the data's owner, never a correction: nothing here changes a number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

JUMP: Final = 0.2
VISITS_PER_DOCTOR: Final = (500.0, 20_000.0)
MAD_CUTOFF: Final = 3.5
MAD_SCALE: Final = 0.6745
MINIMUM_UNITS: Final = 10
ASTRAY: Final = 5.0
VISITS_JUMP: Final = (1.0, 1_000.0)
TOLERANCE_POINTS: Final = 2.0
TOLERANCE_SHARE: Final = 0.05


def _findings(
    rule: str,
    frame: pd.DataFrame,
    *,
    found: pd.Series,
    low: pd.Series | float = np.nan,
    high: pd.Series | float = np.nan,
) -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "unit": frame["unit"],
            "year": frame["year"].astype("Int64"),
            "rule": rule,
            "found": found.astype("float64"),
            "expected_low": low,
            "expected_high": high,
        }
    )
    return made.reset_index(drop=True)


def no_staff(*, staff: pd.DataFrame) -> pd.DataFrame:
    """Find stations that report a year with nobody in any cadre.

    ``staff``: unit, year, cadre, headcount. A station with a missing cadre is not judged: it may have someone.

    >>> rows = pd.DataFrame({"unit": ["A", "A", "B"], "year": 2024, "cadre": ["doctor", "nurse", "nurse"],
    ...                      "headcount": [0, 0, 2]})
    >>> no_staff(staff=rows).unit.tolist()
    ['A']
    """
    groups = staff.assign(missing=staff["headcount"].isna()).groupby(["unit", "year"])
    table = groups.agg(total=("headcount", "sum"), missing=("missing", "any")).reset_index()
    table = table[table["total"].eq(0) & ~table["missing"]]
    return _findings("no_staff", table, found=table["total"], low=1.0)


def counted_twice(*, staff: pd.DataFrame) -> pd.DataFrame:
    """Find cadres with more full-time equivalents than people, as when one person is entered twice.

    More permanent or trained people than people never reaches a snapshot: the contract refuses it.

    >>> rows = pd.DataFrame({"unit": ["A"], "year": [2024], "cadre": ["doctor"], "headcount": [1],
    ...                      "full_time_equivalent": [2.0]})
    >>> counted_twice(staff=rows).expected_high.tolist()
    [1.0]
    """
    over = staff["full_time_equivalent"].gt(staff["headcount"].astype("float64") + 1e-9)
    rows = staff[over]
    return _findings(
        "counted_twice",
        rows,
        found=rows["full_time_equivalent"],
        high=rows["headcount"].astype("float64"),
    )


def sums_differ(*, sums: pd.DataFrame, rule: str, share: float = 0.005) -> pd.DataFrame:
    """Find totals that are not the sum of their parts, beyond a share for rounding.

    ``sums``: unit, year, parts (their sum), total. Rows with either missing are not judged.

    >>> rows = pd.DataFrame({"unit": ["A"], "year": [2024], "parts": [90.0], "total": [100.0]})
    >>> sums_differ(sums=rows, rule="months_and_year").found.tolist()
    [90.0]
    """
    parts, total = sums["parts"].astype("float64"), sums["total"].astype("float64")
    off = (parts - total).abs().gt(share * total + 0.5)
    return _findings(rule, sums[off], found=parts[off], low=total[off], high=total[off])


def more_than_whole(*, counts: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Find parts larger than their whole: insured visits above all visits.

    ``counts``: unit, year, part, whole. Rows with either missing are not judged.

    >>> rows = pd.DataFrame({"unit": ["A"], "year": [2024], "part": [5.0], "whole": [4.0]})
    >>> more_than_whole(counts=rows, rule="insured_above_visits").expected_high.tolist()
    [4.0]
    """
    part, whole = counts["part"].astype("float64"), counts["whole"].astype("float64")
    over = part.gt(whole)
    return _findings(rule, counts[over], found=part[over], high=whole[over])


def staff_jump(*, staff: pd.DataFrame, change: float = 0.6, people: int = 3) -> pd.DataFrame:
    """Find stations whose total staff changed by more than a share and a number of people in a year.

    Only consecutive years in which every cadre was reported are compared.

    >>> rows = pd.DataFrame({"unit": "A", "year": [2023, 2024], "cadre": "nurse", "headcount": [4, 12]})
    >>> staff_jump(staff=rows).found.tolist()
    [12.0]
    """
    groups = staff.assign(missing=staff["headcount"].isna()).groupby(["unit", "year"])
    table = groups.agg(total=("headcount", "sum"), missing=("missing", "any"))
    totals = table["total"].astype("float64").mask(table["missing"])
    return _jumps("staff_jump", totals, change, people)


def population_jump(*, population: pd.DataFrame, change: float = JUMP) -> pd.DataFrame:
    """Find communes whose population changed by more than a share between one year with data and the next.

    ``population``: unit, year, total. The share is per year: a census ten years later may differ by more.

    >>> rows = pd.DataFrame({"unit": "A", "year": [2019, 2020], "total": [1000, 1300]})
    >>> population_jump(population=rows)[["expected_low", "expected_high"]].iloc[0].tolist()
    [800.0, 1200.0]
    """
    totals = population.set_index(["unit", "year"])["total"].astype("float64").sort_index()
    return _jumps("population_jump", totals, change, 0)


def visits_jump(
    *, visits: pd.DataFrame, change: float = VISITS_JUMP[0], least: float = VISITS_JUMP[1]
) -> pd.DataFrame:
    """Find stations whose visits more than doubled, or fell to less than half, beyond a number of visits in a year.

    ``visits``: unit, year, quantity. The share is of the smaller of the two years, so that a fall by half and a
    doubling count alike, and per year between those known; both bounds are our own reading.

    >>> rows = pd.DataFrame({"unit": "A", "year": [2023, 2024], "quantity": [3000.0, 9000.0]})
    >>> visits_jump(visits=rows)[["found", "expected_low", "expected_high"]].iloc[0].tolist()
    [9000.0, 1500.0, 6000.0]
    """
    totals = visits.set_index(["unit", "year"])["quantity"].astype("float64").sort_index()
    frame = totals.dropna().rename("now").reset_index()
    groups = frame.groupby("unit")
    before, gap = groups["now"].shift(), (frame["year"] - groups["year"].shift()).astype("float64")
    factor = 1 + change * gap
    out = frame["now"].gt(before * factor) | frame["now"].lt(before / factor)
    rows = frame[out & (frame["now"] - before).abs().gt(least)]
    low, high = (before / factor).reindex(rows.index), (before * factor).reindex(rows.index)
    return _findings("visits_jump", rows, found=rows["now"], low=low, high=high)


def station_astray(*, stations: pd.DataFrame, beyond: float = ASTRAY) -> pd.DataFrame:
    """Find stations that stand outside the commune they belong to, as with swapped or zero coordinates.

    ``stations``: unit, year, km (how far outside the commune's extent, 0 inside it). A distance up to ``beyond``
    kilometres passes, our own reading: extents and points are rounded. One without a distance is not judged.

    >>> rows = pd.DataFrame({"unit": ["A", "B"], "year": 2024, "km": [0.0, 11_500.0]})
    >>> station_astray(stations=rows).unit.tolist()
    ['B']
    """
    rows = stations[stations["km"].gt(beyond)]
    return _findings("station_astray", rows, found=rows["km"], high=beyond)


def _jumps(rule: str, totals: pd.Series, change: float, least: float) -> pd.DataFrame:
    frame = totals.dropna().rename("now").reset_index()
    groups = frame.groupby("unit")
    before, gap = groups["now"].shift(), frame["year"] - groups["year"].shift()
    spread = (change * gap.astype("float64")) * before
    off = (frame["now"] - before).abs()
    rows = frame.assign(before=before, spread=spread)[off.gt(spread) & off.gt(least)]
    return _findings(
        rule,
        rows,
        found=rows["now"],
        low=(rows["before"] - rows["spread"]).clip(lower=0),
        high=rows["before"] + rows["spread"],
    )


def visits_per_doctor(
    *, visits: pd.DataFrame, doctors: pd.DataFrame, band: tuple[float, float] = VISITS_PER_DOCTOR
) -> pd.DataFrame:
    """Find stations whose visits per doctor in a year lie outside a plausible band.

    ``visits``: unit, year, quantity; ``doctors``: unit, year, headcount. 20,000 visits are about 90 each
    working day; the band is our own reading. Stations without a doctor, or with either missing, are not judged.

    >>> one = {"unit": ["A"], "year": [2024]}
    >>> visits_per_doctor(visits=pd.DataFrame(one | {"quantity": [90_000.0]}),
    ...                   doctors=pd.DataFrame(one | {"headcount": [2]})).found.tolist()
    [45000.0]
    """
    both = visits.merge(doctors, on=["unit", "year"])
    count = both["headcount"].astype("float64")
    load = both["quantity"] / count.where(count > 0)
    out = load.lt(band[0]) | load.gt(band[1])
    return _findings("visits_per_doctor", both[out], found=load[out], low=band[0], high=band[1])


def criteria_against_facilities(*, shares: pd.DataFrame, premises: pd.DataFrame) -> pd.DataFrame:
    """Find communes scored full for premises or equipment whose station reports lacking basics.

    ``shares``: unit, year, share (0 to 1 of the criterion's maximum); ``premises``: unit, year, present (how
    many of the basics are there) and asked (how many were reported on). Full marks need every basic reported.

    >>> key = {"unit": ["A"], "year": [2024]}
    >>> criteria_against_facilities(shares=pd.DataFrame(key | {"share": [1.0]}),
    ...                             premises=pd.DataFrame(key | {"present": [1], "asked": [4]})).found.tolist()
    [1.0]
    """
    both = shares.merge(premises, on=["unit", "year"])
    wrong = both["share"].ge(0.95) & both["present"].lt(0.5 * both["asked"])
    rows = both[wrong]
    return _findings(
        "criteria_against_facilities",
        rows,
        found=rows["present"],
        low=0.5 * rows["asked"],
        high=rows["asked"],
    )


def outliers(*, values: pd.DataFrame, rule: str, cutoff: float = MAD_CUTOFF) -> pd.DataFrame:
    """Find values far from their year's median by the modified z-score of Iglewicz and Hoaglin (1993).

    ``values``: unit, year, value. 0.6745 |value - median| / MAD above ``cutoff``. A year with fewer than
    ten values, or whose MAD is zero, is not judged: there is nothing to measure distance by.

    >>> rows = pd.DataFrame({"unit": list("abcdefghijk"), "year": 2024, "value": [*range(10), 99.0]})
    >>> outliers(values=rows, rule="x").unit.tolist()
    ['k']
    """
    known = values.dropna(subset="value")
    groups = known.groupby("year")["value"]
    middle = groups.transform("median")
    spread = (known["value"] - middle).abs().groupby(known["year"]).transform("median")
    enough = groups.transform("size").ge(MINIMUM_UNITS) & spread.gt(0)
    reach = cutoff * spread / MAD_SCALE
    rows = known.assign(low=middle - reach, high=middle + reach)[
        enough & (known["value"] - middle).abs().gt(reach)
    ]
    return _findings(rule, rows, found=rows["value"], low=rows["low"], high=rows["high"])


def beyond_tolerance(*, published: float, computed: float, percent: bool) -> bool:
    """Tell whether a published and a computed figure differ by more than rounding and timing explain.

    Two points for percentages, else five percent of the published figure: our own tolerance, stated with it.

    >>> beyond_tolerance(published=100, computed=97.5, percent=True)
    True
    """
    allowed = TOLERANCE_POINTS if percent else TOLERANCE_SHARE * abs(published)
    return bool(abs(computed - published) > allowed + 1e-9)
