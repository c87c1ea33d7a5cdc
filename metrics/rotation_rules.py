"""What a rotation plan may do, which moves that allows, and what is to blame when it cannot be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import pandas as pd

from metrics.errors import BadParameters
from metrics.registry import Text

Objective = Literal["worst_gap", "people", "total_gap"]

RECRUIT: Final = "new"
"""The origin of a newly recruited doctor in the list of moves."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a plan may do.

    ``objective``: ``worst_gap`` (fewest stations at the deepest shortage, then the next), ``people`` (most
    people in stations brought up to their norm), ``total_gap`` (fewest doctors missing in all).
    ``max_moves`` doctors may move, each no further than ``max_cost`` (km, or minutes). ``recruits`` new
    doctors may be placed anywhere besides. ``fixed`` moves happen: (origin, destination) -> doctors.
    ``forbidden`` ones do not: (origin, destination), None meaning any.
    """

    objective: Objective
    max_moves: int
    max_cost: float
    recruits: int = 0
    fixed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    forbidden: Collection[tuple[str | None, str | None]] = ()
    time_limit: float = 10.0


def known(stations: pd.DataFrame) -> pd.DataFrame:
    """Return the stations whose doctors and norm are both known: the only ones that can give or receive."""
    return stations.dropna(subset=["existing", "required"])


def surplus(stations: pd.DataFrame) -> pd.Series:
    """Return the doctors each station has above its norm."""
    return (stations.existing - stations.required).clip(lower=0).astype("int64")


def shortage(stations: pd.DataFrame) -> pd.Series:
    """Return the doctors each station lacks to its norm."""
    return (stations.required - stations.existing).clip(lower=0).astype("int64")


def allowed_pairs(stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the moves the rules allow: from stations that can give, and from recruitment, to short ones."""
    room, lack = surplus(stations), shortage(stations)
    givers, takers = room.index[room > 0], lack.index[lack > 0]
    near = travel[
        (travel.cost <= rules.max_cost) & travel.origin.isin(givers) & travel.destination.isin(takers)
    ]
    recruits = pd.DataFrame({"origin": RECRUIT, "destination": takers, "cost": 0.0})
    pairs = pd.concat([near, recruits if rules.recruits else recruits[:0]], ignore_index=True)
    banned = pd.Series(False, index=pairs.index)
    for origin, destination in rules.forbidden:
        hit = pd.Series(True, index=pairs.index)
        if origin is not None:
            hit &= pairs.origin == origin
        if destination is not None:
            hit &= pairs.destination == destination
        banned |= hit
    return pairs[~banned].reset_index(drop=True)


def refuse(stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> None:
    """Raise :class:`BadParameters` with everything that keeps the rules from holding together."""
    faults = list(_faults(stations, travel, rules))
    if faults:
        raise BadParameters(faults)


def _faults(stations: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Iterator[Text]:
    if rules.max_moves < 0 or rules.recruits < 0 or rules.max_cost <= 0 or rules.time_limit <= 0:
        yield Text(
            vi="Số lượt điều động và số tuyển mới không được âm; khoảng cách và thời gian tính phải dương",
            en="Moves and recruits must not be negative; the distance and time limits must be positive",
        )
    usable = known(stations)
    if (usable[["existing", "required"]] < 0).any(axis=None):
        yield Text(vi="Số bác sĩ không được âm", en="Numbers of doctors must not be negative")
        return
    named = {station for pair in rules.forbidden for station in pair if station not in (None, RECRUIT)}
    for station in sorted(named - set(stations.index), key=str):
        yield Text(vi=f"Không có trạm {station}", en=f"There is no station {station}")
    yield from _giver_faults(usable, travel, rules)
    yield from _fixed_faults(usable, travel, rules)


def _giver_faults(usable: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Iterator[Text]:
    """Say why nobody can give where someone is short and nobody is recruited."""
    if rules.recruits or not shortage(usable).any():
        return
    if not surplus(usable).any():
        yield Text(
            vi="Không trạm nào có bác sĩ trên định mức để điều động; cần tuyển mới",
            en="No station has a doctor above its norm to send; recruit instead",
        )
    elif allowed_pairs(usable, travel, replace(rules, forbidden=())).empty:
        yield Text(
            vi=f"Không trạm thiếu nào nằm trong giới hạn {rules.max_cost:g} của một trạm có thể cho bác sĩ",
            en=f"No short station is within the limit of {rules.max_cost:g} of a station that can give",
        )
    elif allowed_pairs(usable, travel, rules).empty:
        yield Text(
            vi="Các điều cấm đã loại hết mọi lượt điều động có thể",
            en="The forbidden moves leave no move that is possible",
        )


def _fixed_faults(usable: pd.DataFrame, travel: pd.DataFrame, rules: Rules) -> Iterator[Text]:
    """Say which fixed moves break which rule: forbidden, distance, norms of both ends, number of moves."""
    near = travel[travel.cost <= rules.max_cost]
    ways = set(zip(near.origin, near.destination, strict=True))
    for (origin, destination), doctors in rules.fixed.items():
        move = f"{origin} → {destination}"
        if doctors < 1:
            yield Text(vi=f"{move}: phải có ít nhất một bác sĩ", en=f"{move}: must be at least one doctor")
        if {(origin, destination), (origin, None), (None, destination)} & set(rules.forbidden):
            yield Text(vi=f"{move}: vừa bắt buộc vừa bị cấm", en=f"{move}: is both fixed and forbidden")
        if (origin, destination) not in ways:
            yield Text(
                vi=f"{move}: vượt giới hạn {rules.max_cost:g} hoặc không rõ quãng đường",
                en=f"{move}: is beyond the limit of {rules.max_cost:g}, or the way is not known",
            )
    yield from _fixed_sum_faults(usable, rules)


def _fixed_sum_faults(usable: pd.DataFrame, rules: Rules) -> Iterator[Text]:
    leaving: Counter[str] = Counter()
    arriving: Counter[str] = Counter()
    for (origin, destination), doctors in rules.fixed.items():
        leaving[origin] += doctors
        arriving[destination] += doctors
    room, lack = surplus(usable).to_dict(), shortage(usable).to_dict()
    for station in sorted((leaving.keys() | arriving.keys()) - set(usable.index)):
        yield Text(
            vi=f"{station}: không có trạm này hoặc thiếu số bác sĩ",
            en=f"{station}: there is no such station, or its doctors are not known",
        )
    for station, doctors in leaving.items():
        if doctors > room.get(station, doctors):
            yield Text(
                vi=f"{station}: các lượt bắt buộc đưa trạm xuống dưới định mức",
                en=f"{station}: the fixed moves take the station below its norm",
            )
    for station, doctors in arriving.items():
        if doctors > lack.get(station, doctors):
            yield Text(
                vi=f"{station}: các lượt bắt buộc đưa trạm lên trên định mức",
                en=f"{station}: the fixed moves lift the station above its norm",
            )
    if leaving.total() > rules.max_moves:
        yield Text(
            vi=f"Các lượt bắt buộc ({leaving.total()}) vượt số lượt điều động tối đa ({rules.max_moves})",
            en=f"The fixed moves ({leaving.total()}) exceed the most that may move ({rules.max_moves})",
        )
