"""What a study allows to say: the conclusion, its grade, and why it is refused or doubted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from metrics.multiple import adjust
from metrics.pilot_effects import ALPHA, pilots_needed
from metrics.pilots import LEAST_BEFORE, LEAST_SINCE, LONG, MANY, WORTHWHILE, Study

Polarity = Literal["higher_is_better", "lower_is_better", "neutral"]
Conclusion = Literal["improved", "worsened", "changed", "no_effect_seen", "cannot_tell"]
Grade = Literal["A", "B", "C", "D"]
DRIFT_P: Final = 0.1
NOISIER: Final = 1.5
FAILING: Final = frozenset(
    {
        "drift_before",
        "unlike_comparisons",
        "no_synthetic",
        "synthetic_disagrees",
        "shared_district",
        "noisier_pilots",
    }
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What can be said of one indicator: a conclusion, its grade, and why.

    ``reasons`` (codes): ``few_periods``, ``few_choices`` (no choice of stations could reach significance),
    ``drift_before``, ``drift_explains_it``, ``unlike_comparisons``, ``synthetic_disagrees``,
    ``no_synthetic``, ``shared_district``, ``noisier_pilots``,
    ``few_pilots``, ``short_time``, ``too_small_to_see``, ``many_questions`` (found, but not
    once corrected for the number of indicators), ``only_before_after``, ``nothing_to_compare``, and the
    study's own ``no_pilot_left`` and ``constant_outcome``. ``pilots_needed``: how many would find an effect
    worth having (``WORTHWHILE`` of the baseline), None where no number or nothing is known.
    ``not_shown``: what the verdict does not show.
    """

    conclusion: Conclusion
    grade: Grade
    reasons: tuple[str, ...]
    estimate: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    p_adjusted: float = np.nan
    detectable: float = np.nan
    pilots_needed: int | None = None
    not_shown: tuple[str, ...] = ("chosen_not_drawn", "other_places", "later_years")


def verdicts(
    *, studies: Mapping[str, Study], polarity: Mapping[str, Polarity], alpha: float = ALPHA
) -> dict[str, Verdict]:
    """Give a verdict on each indicator's study, corrected for the number of indicators asked about (Holm).

    ``polarity`` by indicator says which direction is better. Nothing is concluded with too few periods or
    choices of stations, or where the drift before the opening would explain the effect; where the interval
    holds zero, ``no_effect_seen`` only if all of it is smaller than an effect worth having (equivalence).

    >>> from metrics.pilots import study
    >>> months = pd.period_range("2023-01", periods=30, freq="M")
    >>> rows = np.random.default_rng(3).normal(50, 1, size=(60, 30))
    >>> rows[:3, 20:] += 9
    >>> panel = pd.DataFrame(rows, index=[f"S{at:02d}" for at in range(60)], columns=months)
    >>> opened = pd.Series({f"S{at:02d}": pd.Timestamp("2024-09-01") for at in range(3)})
    >>> made = study(panel=panel, opened=opened)
    >>> verdicts(studies={"visits": made}, polarity={"visits": "higher_is_better"})["visits"].conclusion
    'improved'
    """
    p_values = pd.Series(
        {name: np.nan if one.effect is None else one.effect.p_value for name, one in studies.items()},
        dtype="float64",
    )
    adjusted = adjust(p_values=p_values)
    return {
        name: _verdict(one, polarity[name], float(adjusted[name]), alpha) for name, one in studies.items()
    }


def _verdict(one: Study, polarity: Polarity, p_adjusted: float, alpha: float) -> Verdict:
    """Grade one study and conclude, or refuse to."""
    if one.effect is None or one.events is None or one.matched is None:
        whole = tuple(code for station, code in one.problems if not station)
        least = "only_before_after" if len(one.before_after) else "nothing_to_compare"
        return Verdict(conclusion="cannot_tell", grade="D", reasons=(*whole, least))
    effect = one.effect
    reasons = _doubts(one)
    blocking = _refusals(one, alpha)
    worthwhile = WORTHWHILE * abs(one.baseline)
    needed = pilots_needed(
        detectable=one.detectable,
        worthwhile=worthwhile,
        pilots=effect.pilots,
        comparisons=effect.comparisons,
    )
    conclusion: Conclusion = "cannot_tell"
    if not blocking and p_adjusted <= alpha:
        conclusion = _direction(effect.estimate, polarity)
    elif not blocking and -worthwhile < effect.low and effect.high < worthwhile:
        conclusion = "no_effect_seen"
    elif not blocking and effect.p_value <= alpha:
        blocking = ["many_questions"]
    elif not blocking:
        blocking = ["too_small_to_see"]
    return Verdict(
        conclusion=conclusion,
        grade=_grade(reasons),
        reasons=(*blocking, *reasons),
        estimate=effect.estimate,
        low=effect.low,
        high=effect.high,
        p_value=effect.p_value,
        p_adjusted=p_adjusted,
        detectable=one.detectable,
        pilots_needed=needed if {"too_small_to_see", "few_choices"} & set(blocking) else None,
    )


def _refusals(one: Study, alpha: float) -> list[str]:
    """Say why nothing can be concluded at all."""
    assert one.effect is not None
    assert one.events is not None
    found = []
    if one.periods_before < LEAST_BEFORE or one.periods_since < LEAST_SINCE:
        found.append("few_periods")
    if one.effect.smallest_p > alpha:
        found.append("few_choices")
    drift, effect = one.events.carried_on, one.effect.estimate
    if one.events.pre_p < DRIFT_P and drift * effect > 0 and abs(drift) >= abs(effect) / 2:
        found.append("drift_explains_it")
    return found


def _doubts(one: Study) -> list[str]:
    """Say what lowers the grade."""
    assert one.effect is not None
    assert one.events is not None
    assert one.matched is not None
    found = []
    if one.events.pre_p < DRIFT_P or any(code == "drifting_alone" for _, code in one.problems):
        found.append("drift_before")
    if not one.matched.balanced:
        found.append("unlike_comparisons")
    if not one.synthetic:
        found.append("no_synthetic")
    else:
        mean = float(np.mean([made.effect for made in one.synthetic.values()]))
        if not one.effect.low <= mean <= one.effect.high:
            found.append("synthetic_disagrees")
    if one.shared > 1:
        found.append("shared_district")
    if one.noise >= NOISIER:
        found.append("noisier_pilots")
    if one.effect.pilots < MANY:
        found.append("few_pilots")
    if min(one.periods_before, one.periods_since) < LONG:
        found.append("short_time")
    return found


def _grade(reasons: Sequence[str]) -> Grade:
    """Turn doubts into a grade."""
    failed = FAILING & set(reasons)
    if failed:
        return "C" if len(failed) == 1 else "D"
    return "B" if {"few_pilots", "short_time"} & set(reasons) else "A"


def _direction(estimate: float, polarity: Polarity) -> Conclusion:
    if polarity == "neutral":
        return "changed"
    return "improved" if (estimate > 0) == (polarity == "higher_is_better") else "worsened"
