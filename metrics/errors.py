"""Refusals that a page can show: every fault at once, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.registry import Text


class BadParameters(ValueError):
    """Parameters a computation cannot start from; ``faults`` says each of them in both languages.

    >>> print(BadParameters([Text(vi="số ngày phải dương", en="days must be positive")]).text("en"))
    days must be positive
    """

    def __init__(self, faults: Iterable[Text]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """Return every fault, one a line, in Vietnamese (``vi``) or English."""
        return "\n".join(fault.in_(lang) for fault in self.faults)
