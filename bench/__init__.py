"""What is promised about speed and size, measured: ``python -m bench [NAME...]``.

Each module here has ``measure()``, which yields :class:`Promise` rows. A ratio is of two things measured in the
same run, so that a slow machine does not break a promise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise: at most ``limit``, in ``unit``. ``beside`` says what a ratio is measured against.

    ``limit`` is None for a figure that is only reported.

    >>> Promise(name="rerun", measured=1.5, limit=2, unit="x").kept
    True
    """

    name: str
    measured: float
    limit: float | None
    unit: str
    beside: str = ""

    @property
    def kept(self) -> bool | None:
        """Say whether the promise is kept, None when nothing was promised."""
        return None if self.limit is None else self.measured <= self.limit
