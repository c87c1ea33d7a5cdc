"""Staff needed by workload: WISN, the Workload Indicators of Staffing Need of the World Health Organization.

Source: WHO, Workload Indicators of Staffing Need (WISN): user's manual, 2010. For each cadre of a station:

* available working time, hours = (working days - leave - holidays - sick days - training) x hours per day;
* standard workload of an activity = available time / time per unit;
* need = sum over the activities of annual workload / standard workload;
* category allowance factor = 1 / (1 - sum of the shares of working time for support work all do);
* individual allowance factor = hours a year of the work only some do x people doing it / available time;
* required = need x category allowance factor + individual allowance factor, rounded by the norm's table.

WISN inherits the records it is fed: care that people did not seek looks like no need, so read it beside
access.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from metrics.registry import RoundingBand
from metrics.staffing import MET, SHORT, UNKNOWN
from metrics.wisn_parameters import WisnParameters, check

# A requirement this little above a rounding limit is at the limit: binary fractions are not exact.
_TOLERANCE: Final = 1e-9


def factors(*, parameters: WisnParameters) -> pd.DataFrame:
    """Return each cadre's ``available_hours``, ``category_factor`` (CAF) and ``individual_factor`` (IAF).

    CAF = 1 / (1 - sum of support shares); IAF = sum of (people x hours) / available hours.

    >>> from metrics.wisn_parameters import parameter_sets
    >>> factors(parameters=parameter_sets()["illustrative"]).loc["doctor"].round(3).tolist()
    [1776.0, 1.27, 0.117]
    """
    check(parameters=parameters)
    hours = pd.Series({time.cadre: time.hours for time in parameters.working_time}, dtype="float64")
    shares = pd.Series(0.0, index=hours.index)
    extra = pd.Series(0.0, index=hours.index)
    for support in parameters.support:
        shares[support.cadre] += support.share
    for individual in parameters.individual:
        extra[individual.cadre] += individual.people * individual.hours
    return pd.DataFrame(
        {"available_hours": hours, "category_factor": 1 / (1 - shares), "individual_factor": extra / hours}
    ).rename_axis("cadre")


def rounded(*, required: pd.Series, rounding: Sequence[RoundingBand]) -> pd.Series:
    """Return fractional requirements as whole staff by the manual's table.

    With n whole staff and a fraction, the fraction of the first band with ``upto`` >= n (the last band
    above them all) is the most that is rounded down. Any need below one is one person, none is none.
    Missing stays missing.

    >>> from metrics.registry import norms
    >>> table = norms()["circular_43_2025_wisn"].rounding
    >>> rounded(required=pd.Series([1.1, 1.2, 2.2, 2.3, 5.5, 5.6, 0.02, 0]), rounding=table).tolist()
    [1, 2, 2, 3, 5, 6, 1, 0]
    """
    values = required.to_numpy(dtype="float64")
    whole = np.floor(values + _TOLERANCE)
    band = np.searchsorted([band.upto for band in rounding], whole).clip(max=len(rounding) - 1)
    allowed = np.array([band.fraction for band in rounding])[band]
    up = np.where(whole < 1, values > _TOLERANCE, values - whole > allowed + _TOLERANCE)
    return pd.Series(whole + up, index=required.index).where(required.notna()).astype("Int64")


def staff_need(
    *,
    workload: pd.DataFrame,
    existing: pd.DataFrame,
    parameters: WisnParameters,
    rounding: Sequence[RoundingBand],
) -> pd.DataFrame:
    """Return what each cadre of each station needs by its workload, indexed by station and cadre.

    ``workload`` has station, activity and quantity (a year); ``existing`` has station, cadre and existing
    (people). Columns: ``need`` (full-time people for the counted work), ``category_factor``,
    ``individual_factor``, ``required`` = need x CAF + IAF, ``required_staff`` (rounded), ``existing``, and the
    columns of :func:`compared`.

    A station without a figure for an activity its cadre does has no requirement for that cadre: a record
    that is missing is not a workload of zero. Raises :class:`BadParameters`.
    """
    cadres = factors(parameters=parameters)
    hours = pd.DataFrame([row.model_dump() for row in parameters.activities])
    hours["time"] = hours.minutes * hours.share / 60
    shares = hours.pivot_table(index="cadre", columns="activity", values="time", aggfunc="sum")
    shares = shares.div(cadres.available_hours, axis=0)
    wide = workload.pivot(index="station", columns="activity", values="quantity").astype("float64")
    wide = wide.reindex(columns=shares.columns)
    needs = pd.DataFrame(index=wide.index)
    for cadre in shares.index[shares.notna().any(axis=1)]:
        done = shares.loc[cadre].dropna()
        needs[cadre] = wide[done.index].mul(done).sum(axis=1, skipna=False)
    frame = needs.melt(ignore_index=False, var_name="cadre", value_name="need").set_index(
        "cadre", append=True
    )
    frame = frame.join(cadres[["category_factor", "individual_factor"]], on="cadre")
    frame["required"] = frame.need * frame.category_factor + frame.individual_factor
    frame["required_staff"] = rounded(required=frame.required, rounding=rounding)
    frame["existing"] = existing.set_index(["station", "cadre"]).existing.astype("Float64")
    return compared(frame=frame)


def compared(*, frame: pd.DataFrame) -> pd.DataFrame:
    """Add ratio, difference, pressure and status to ``existing`` and ``required``.

    ``ratio`` = existing / required (below 1 is short), ``difference`` = existing - required, ``pressure`` = 1 -
    ratio where that is positive, all on the requirement before rounding: 11 people where 9.0 are needed are 1.22
    and not 11/11. ``status`` (``short``, ``met``, ``unknown``) is in whole people where ``required_staff`` is
    given, since nobody can be a tenth of a person; else by the difference. The sums of existing and required
    over stations may be passed again: a province's ratio is never an average of its stations', and a sum is
    rounded once, where it is shown.

    >>> frame = pd.DataFrame({"existing": [79], "required": [209.4]})
    >>> compared(frame=frame).status.tolist(), compared(frame=frame).ratio.round(2).tolist()
    (['short'], [0.38])
    """
    existing = frame.existing.astype("Float64")
    required = frame.required.astype("Float64")
    ratio = (existing / required.mask(required == 0)).astype("float64")
    difference = (existing - required).astype("float64")
    whole = frame.get("required_staff", frame.required).astype("Float64")
    missing = (existing - whole).astype("float64")
    status = np.select([missing.isna(), missing < 0], [UNKNOWN, SHORT], MET)
    return frame.assign(
        ratio=ratio,
        difference=difference,
        pressure=(1 - ratio).clip(lower=0),
        status=pd.Series(status, index=frame.index, dtype="str"),
    )
