"""Doctors at stations in the years ahead, from what one assumes, and the pace a target needs.

Only *filled posts* are projected: doctors up to what a target asks of their own station, so that a surplus at
one station does not hide a vacancy at another. Every new doctor is taken to go to a vacant post. This is
arithmetic on assumptions, not a forecast: it says what must happen for a target to be met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from metrics.errors import BadParameters
from metrics.registry import Text


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What happens every year.

    ``recruited``: permanent doctors hired. ``loss``: share of the permanent doctors who retire or leave, 0 to
    under 1. ``rotated``: doctors sent on rotation; each stays ``stay`` years (at least 1), then goes back.
    """

    recruited: float
    loss: float
    rotated: float = 0.0
    stay: int = 1


def check(*, assumptions: Assumptions) -> None:
    """Raise :class:`BadParameters` with everything a projection cannot start from."""
    faults = list(_faults(assumptions))
    if faults:
        raise BadParameters(faults)


def _faults(given: Assumptions) -> Iterator[Text]:
    if given.recruited < 0 or given.rotated < 0:
        yield Text(
            vi="Số bác sĩ tuyển mới và luân phiên không được âm",
            en="Doctors recruited and rotated must not be negative",
        )
    if not 0 <= given.loss < 1:
        yield Text(
            vi="Tỷ lệ nghỉ hưu, thôi việc phải từ 0% đến dưới 100%",
            en="The share who retire or leave must be from 0% to under 100%",
        )
    if given.stay < 1:
        yield Text(
            vi="Mỗi đợt luân phiên phải kéo dài ít nhất một năm", en="A rotation must last at least one year"
        )


def projected(*, filled: float, since: int, until: int, assumptions: Assumptions) -> pd.DataFrame:
    """Return the doctors of each year from ``since`` to ``until``: ``permanent``, ``on_rotation``, ``present``.

    permanent(t) = permanent(t - 1) x (1 - loss) + recruited, from ``filled`` at ``since``; on_rotation(t) =
    rotated x min(t - since, stay); present is their sum. Doctors, at the end of each year; a recruit is not
    lost in the year of hiring. A missing ``filled`` gives missing years. Raises :class:`BadParameters`, and
    ``ValueError`` when ``until`` is before ``since``.

    >>> given = Assumptions(recruited=10, loss=0.1, rotated=4, stay=2)
    >>> projected(filled=100, since=2025, until=2027, assumptions=given).present.tolist()
    [100.0, 104.0, 108.0]
    """
    check(assumptions=assumptions)
    if until < since:
        raise ValueError("a projection must not end before it begins")
    permanent = [float(filled)]
    for _ in range(since, until):
        permanent.append(permanent[-1] * (1 - assumptions.loss) + assumptions.recruited)
    years = range(since, until + 1)
    away = [assumptions.rotated * min(year - since, assumptions.stay) for year in years]
    frame = pd.DataFrame({"permanent": permanent, "on_rotation": away}, index=pd.Index(years, name="year"))
    return frame.assign(present=frame.permanent + frame.on_rotation)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What a target needs.

    ``expected`` doctors count at the deadline under the assumptions, of ``required``; ``short`` is what is
    missing (0 when met). ``needed`` is the number to recruit each year for the target to be met exactly, 0
    when it is met without recruiting; ``more`` is how far that is above what is assumed.
    """

    required: float
    expected: float
    short: float
    needed: float
    more: float

    @property
    def met(self) -> bool:
        """Whether the assumptions are enough."""
        return self.short == 0


def pace(
    *, filled: float, required: float, since: int, by: int, assumptions: Assumptions, permanent_only: bool
) -> Pace:
    """Return what must be recruited a year for ``required`` posts to be filled at the end of the year ``by``.

    needed = (required - on_rotation - filled (1 - loss)^n) / (1 + (1 - loss) + ... + (1 - loss)^(n-1)), n
    years; doctors on rotation do not count where the target asks for permanent ones. A missing number gives
    missing results. Raises :class:`BadParameters`, and ``ValueError`` when no year is left.

    >>> given = Assumptions(recruited=10, loss=0)
    >>> pace(filled=60, required=100, since=2025, by=2027, assumptions=given, permanent_only=True)
    Pace(required=100.0, expected=80.0, short=20.0, needed=20.0, more=10.0)
    """
    if by <= since:
        raise ValueError("the deadline must lie after the latest year of data")
    line = projected(filled=filled, since=since, until=by, assumptions=assumptions)
    helped = 0.0 if permanent_only else float(line.on_rotation.iloc[-1])
    expected = min(float(line.permanent.iloc[-1]) + helped, float(required))
    kept = [(1 - assumptions.loss) ** year for year in range(by - since + 1)]
    needed = max((required - helped - filled * kept[-1]) / sum(kept[:-1]), 0.0)
    return Pace(
        required=float(required),
        expected=expected,
        short=float(required) - expected,
        needed=needed,
        more=max(needed - assumptions.recruited, 0.0),
    )
