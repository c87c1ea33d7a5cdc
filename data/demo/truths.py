"""What was planted in the illustrative data, so that a test can ask whether an analysis finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.demo.criteria import Contradiction


@dataclass(frozen=True, kw_only=True)
class PreTrend:
    """A steady rise at one pilot that began long before it opened, per 1,000 people and month."""

    station: str
    activity: str
    per_month: float


@dataclass(frozen=True, kw_only=True)
class Truths:
    """The planted truths of one seed.

    ``worst_shortage`` gives, for each new province, the ten old communes with the worst shortage of staff,
    in every year and by headcount per person, by ratio to the fixed norm and by gap, largest need first.
    ``pilot_effects`` are constants per 1,000 people of the commune, from ``effect_from`` on, at ``pilots``:
    a month's events for flows, the people on the register for levels; zero where nothing was planted.
    ``passing`` and ``assessable`` count old communes by year under the three-part rule; ``contradictions``
    are scores that another table speaks against; ``unreported`` are the station-years without staffing.
    """

    worst_shortage: Mapping[str, tuple[str, ...]]
    pilots: tuple[str, ...]
    pilot_effects: Mapping[str, float]
    effect_from: str
    pre_trends: tuple[PreTrend, ...]
    passing: Mapping[int, int]
    assessable: Mapping[int, int]
    contradictions: tuple[Contradiction, ...]
    unreported: frozenset[tuple[str, int]]
