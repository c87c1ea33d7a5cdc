"""What one more person managed costs, in words."""

from __future__ import annotations

import numpy as np

from answers import format as fmt
from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.sites import Cost
from answers.results import Results
from answers.words import t, tn

MILLION = 1_000_000


def how(results: Results, found: pilots.Evidence, name: str, cost: Cost) -> str:
    """Say what is divided by what."""
    return tn(
        "pilots.cost.how",
        cost.clinics,
        n=fmt.number(cost.clinics),
        spent=fmt.number(cost.spent, 0 if cost.spent.is_integer() else 1),
        gained=fmt.number(cost.gained),
        indicator=pilots_words.named(name),
        time=_time(results, found, name),
    )


def _time(results: Results, found: pilots.Evidence, name: str) -> str:
    return pilots_words.time(results, found.studies[name].periods_since)


def sentence(results: Results, found: pilots.Evidence, name: str, cost: Cost) -> str:
    """Say what one more costs, or that nothing was gained."""
    indicator = pilots_words.named(name)
    if np.isnan(cost.middle):
        return t("pilots.cost.no_gain", indicator=indicator)
    said = {
        "indicator": indicator,
        "cost": fmt.number(cost.middle * MILLION, -3),
        "low": fmt.number(cost.low * MILLION, -3),
        "time": _time(results, found, name),
    }
    if np.isinf(cost.high):
        return t("pilots.cost.open_ended", **said)
    return t("pilots.cost.sentence", high=fmt.number(cost.high * MILLION, -3), **said)
