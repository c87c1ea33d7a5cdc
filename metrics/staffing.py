"""How many staff a station must have under each norm, and how far it is from that.

The unit of a fixed norm is a station with the people it serves: an old commune, or, for a merged commune
counted as one station, the new commune. Which of the two is meant is the caller's visible choice; the
arithmetic is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.registry import AreaRule, DoctorStep, FixedNorm

FloatArray = npt.NDArray[np.float64]

SHORT: Final = "short"
BETWEEN: Final = "between"
MET: Final = "met"
UNKNOWN: Final = "unknown"


def required_staff(*, population: pd.Series, zone: pd.Series, norm: FixedNorm) -> pd.DataFrame:
    """Return the staff each station needs under a fixed norm, in people: ``required_low``, ``required_high``.

    ceil((base + steps) x coefficient), at most ``cap``; steps = whole steps of population above the
    threshold, of ``step_high`` people for the low end and ``step_low`` for the high end. Rounded up once,
    in exact fractions, so that 5 x 1.2 is 6 and not 7. Counting whole steps, and the order of increment and
    coefficient, are our reading of a text that states neither (Circular 03/2023/TT-BYT, Art. 5(2)(b)).

    ``zone`` holds the keys of ``norm.areas`` as numbers or text. Where population or zone is missing, so is
    the requirement. A negative population, a zone the norm does not know, or two different indexes raise
    ``ValueError``.

    >>> from metrics.registry import norms
    >>> people = pd.Series([71000.0, None], index=["one station", "unknown"])
    >>> required_staff(population=people, zone=pd.Series([1, 1], index=people.index),
    ...                norm=norms()["circular_03_2023"]).loc["one station"].tolist()
    [26, 37]
    """
    if not population.index.equals(zone.index):
        raise ValueError("population and zone must have the same index")
    if population.lt(0).fillna(False).any():
        raise ValueError("population must not be negative")
    people = np.asarray(population.astype("Float64").to_numpy(na_value=np.nan), dtype=np.float64)
    areas = _area_keys(zone)
    unknown = set(areas.dropna()) - set(norm.areas)
    if unknown:
        raise ValueError(f"{norm.id} has no area {', '.join(sorted(unknown))}")
    required = {name: np.full(len(people), np.nan) for name in ("required_low", "required_high")}
    for key, rule in norm.areas.items():
        here = (areas == key).to_numpy(dtype=bool, na_value=False) & ~np.isnan(people)
        required["required_low"][here] = _fixed(people[here], norm, rule, rule.step_high)
        required["required_high"][here] = _fixed(people[here], norm, rule, rule.step_low)
    return pd.DataFrame(required, index=population.index).astype("Int64")


def _area_keys(zone: pd.Series) -> pd.Series:
    """Return zones as the text keys of a norm: 1, 1.0 and "1" are the same."""
    if pd.api.types.is_numeric_dtype(zone):
        zone = zone.astype("Int64")
    return zone.astype("string")


def _fixed(people: FloatArray, norm: FixedNorm, rule: AreaRule, step: int) -> FloatArray:
    """Return the rounded requirement of stations of one area."""
    steps = np.maximum(people - rule.threshold, 0) // step
    coefficient = Fraction(str(rule.coefficient))
    needed = np.asarray(-(-(norm.base + steps) * coefficient.numerator // coefficient.denominator))
    return needed if norm.cap is None else np.minimum(needed, norm.cap)


def required_doctors(*, stations: pd.Series, step: DoctorStep) -> pd.DataFrame:
    """Return the doctors some stations need under a doctor target: ``required_low``, ``required_high``.

    stations x doctors per station. A missing number of stations gives a missing requirement.

    >>> from metrics.registry import norms
    >>> step = norms()["resolution_72"].steps[0]
    >>> required_doctors(stations=pd.Series([6]), step=step).iloc[0].tolist()
    [24, 30]
    """
    count = stations.astype("Int64")
    return pd.DataFrame({"required_low": count * step.low, "required_high": count * step.high})


def staffing_gap(*, existing: pd.Series, required_low: pd.Series, required_high: pd.Series) -> pd.DataFrame:
    """Return existing - required against both ends, in people, and what that means.

    Columns: ``existing``, ``required_low``, ``required_high`` (so that the next level up can sum them
    again), ``gap_low`` = existing - required_low, ``gap_high`` = existing - required_high (negative is
    short), and ``status``: ``short`` below the low end, ``met`` at the high end or above, ``between``
    otherwise, ``unknown`` where anything is missing.

    >>> staffing_gap(existing=pd.Series([4, 6, 8]), required_low=pd.Series([5, 5, 5]),
    ...              required_high=pd.Series([7, 7, None])).status.tolist()
    ['short', 'between', 'unknown']
    """
    frame = pd.DataFrame(
        {"existing": existing, "required_low": required_low, "required_high": required_high}
    ).astype("Int64")
    frame["gap_low"] = frame.existing - frame.required_low
    frame["gap_high"] = frame.existing - frame.required_high
    known = frame.notna().all(axis=1)
    short = frame.gap_low.lt(0).fillna(False).astype(bool)
    met = frame.gap_high.ge(0).fillna(False).astype(bool)
    status = np.select([~known, short, met], [UNKNOWN, SHORT, MET], BETWEEN)
    frame["status"] = pd.Series(status, index=frame.index, dtype="str")
    return frame


def roll_up(*, gaps: pd.DataFrame, to: pd.Series) -> pd.DataFrame:
    """Return the gaps of larger areas: those of :func:`staffing_gap`, and ``complete``, ``expected`` units.

    Existing and required staff are summed over the units where both are known, so that like is compared
    with like, and subtracted again. ``to`` gives each unit's area. An area with no complete unit is
    unknown. Surplus in one unit offsets shortage in another, which :func:`short_summary` of the units does
    not.

    >>> gaps = staffing_gap(existing=pd.Series([4, None]), required_low=pd.Series([5, 5]),
    ...                     required_high=pd.Series([5, 5]))
    >>> roll_up(gaps=gaps, to=pd.Series(["92", "92"]))[["gap_low", "complete", "expected"]].values.tolist()
    [[-1, 1, 2]]
    """
    columns = ["existing", "required_low", "required_high"]
    known = gaps[columns].notna().all(axis=1)
    area = to.reindex(gaps.index)
    sums = gaps[columns].where(known).groupby(area).sum(min_count=1)
    counts = pd.DataFrame({"complete": known, "expected": True}).groupby(area).sum().astype("Int64")
    return staffing_gap(**{column: sums[column] for column in columns}).join(counts)


def binding_norm(*, required: pd.DataFrame) -> pd.Series:
    """Return, for each row, the column (norm) that asks for the most people; the first of equals.

    Norms without a figure are passed over; a row with none is missing.

    >>> binding_norm(required=pd.DataFrame({"a": [5, None], "b": [7, None]}, dtype="Int64")).tolist()
    ['b', nan]
    """
    amounts = required.astype("Float64").to_numpy(dtype="float64", na_value=-np.inf)
    names = pd.Series(required.columns[amounts.argmax(axis=1)], index=required.index, dtype="str")
    return names.mask(required.isna().all(axis=1))


def posts_filled(*, headcount: pd.DataFrame, norm: FixedNorm) -> pd.DataFrame:
    """Return, for each station, whether each post the norm names is held by someone.

    ``headcount`` has one column per cadre. A post that several cadres can fill is filled by any of them; it
    is missing (not empty) when none of the known ones fills it and one is missing. Columns: the post's
    cadres joined by "/" and ``posts`` (how many are filled, missing when any post is).

    >>> from metrics.registry import norms
    >>> people = pd.DataFrame({"doctor": [0], "preventive_doctor": [1]}, dtype="Int64")
    >>> posts_filled(headcount=people, norm=norms()["circular_03_2023"])["doctor/preventive_doctor"].tolist()
    [True]
    """
    filled = pd.DataFrame(index=headcount.index)
    for post in norm.posts:
        cadres = headcount.reindex(columns=list(post.cadres)).astype("Int64")
        anyone = cadres.gt(0).fillna(False).any(axis=1).astype("boolean")
        filled["/".join(post.cadres)] = anyone.mask(cadres.isna().any(axis=1) & ~anyone)
    filled["posts"] = filled.astype("Int64").sum(axis=1, skipna=False)
    return filled


@dataclass(frozen=True, kw_only=True)
class ShortSummary:
    """What a headline says about a set of communes: how many are short, and of how many staff.

    ``missing_low`` and ``missing_high`` are the people it takes to lift every commune to the low or the
    high end; a commune's surplus does not offset another's shortage.
    """

    units: int
    known: int
    short: int
    between: int
    met: int
    missing_low: int
    missing_high: int


def short_summary(*, gaps: pd.DataFrame) -> ShortSummary:
    """Count the communes short and the staff missing, over the rows of :func:`staffing_gap`.

    Units whose gap is unknown are counted in ``units`` only.

    >>> gaps = staffing_gap(existing=pd.Series([4, 9, None]), required_low=pd.Series([6, 5, 5]),
    ...                     required_high=pd.Series([7, 6, 6]))
    >>> summary = short_summary(gaps=gaps)
    >>> summary.short, summary.missing_low, summary.missing_high, summary.known, summary.units
    (1, 2, 3, 2, 3)
    """
    counts = gaps.status.value_counts()
    known = gaps[gaps.status != UNKNOWN]
    return ShortSummary(
        units=len(gaps),
        known=len(known),
        short=int(counts.get(SHORT, 0)),
        between=int(counts.get(BETWEEN, 0)),
        met=int(counts.get(MET, 0)),
        missing_low=int(-known.gap_low.clip(upper=0).sum()),
        missing_high=int(-known.gap_high.clip(upper=0).sum()),
    )
