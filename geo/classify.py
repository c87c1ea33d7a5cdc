"""Classes of a mapped value: policy cut-offs first, then classes that the values themselves suggest.

Every class is an interval that owns exactly one of its ends. Cut-offs that somebody set own the value above
("80 and more", ``closed="left"``); computed ones own the value below ("up to 2", ``closed="right"``), so
that the many communes with none of a thing keep a class of their own. The outer classes are open.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Method = Literal["quantiles", "fisher_jenks"]

NO_DATA: Final = -1
NOT_APPLICABLE: Final = -2
_ENOUGH: Final = 1500  # values for the natural breaks; their cost grows with the square


@dataclass(frozen=True)
class Classes:
    """The class of each value: ``codes`` 0..k-1, -1 no data, -2 not applicable; ``counts`` by code.

    ``breaks`` part the classes; ``closed`` says whether a value equal to a break belongs to the class above
    it ("left": low <= value < high) or below it ("right": low < value <= high). ``neutral`` is the class of those
    that are at a norm, neither below nor above it; None without a norm.
    """

    breaks: tuple[float, ...]
    closed: Literal["left", "right"]
    codes: pd.Series[int]
    neutral: int | None = None

    @property
    def k(self) -> int:
        """Return the number of classes."""
        return len(self.breaks) + 1

    @property
    def intervals(self) -> list[tuple[float, float]]:
        """Return (low, high) of each class; the outer ones reach to infinity."""
        edges = (-np.inf, *self.breaks, np.inf)
        return list(pairwise(edges))

    @property
    def counts(self) -> dict[int, int]:
        """Return how many values each class holds, the empty ones and the two special ones too."""
        found = self.codes.value_counts()
        return {code: int(found.get(code, 0)) for code in (*range(self.k), NO_DATA, NOT_APPLICABLE)}


def classes(
    values: pd.Series[float],
    *,
    reference: pd.Series[float] | None = None,
    breaks: Sequence[float] | None = None,
    k: int = 5,
    method: Method = "quantiles",
    center: float | None = None,
    decimals: int | None = None,
    not_applicable: pd.Series[bool] | None = None,
) -> Classes:
    """Put each value in a class; the codes are indexed like ``values``.

    ``reference`` holds the values of all years (default: ``values``), so that every year has the same breaks.
    ``breaks`` are policy cut-offs and win. Without them: with a ``center`` (a norm), breaks at equal
    distances either side of it; else ``method``. With a ``center`` there is always a break at it, and the class
    from it up to the next number of as many ``decimals`` is the neutral one: nothing below the norm is ever in it.
    Computed breaks are rounded to ``decimals``, as a legend shows them. There are fewer than ``k`` classes where
    the values differ too little. A missing value is -1; one marked ``not_applicable`` is -2, missing or not.
    Raises ValueError for breaks that do not rise, or fewer than two classes.

    >>> kept = classes(pd.Series([79.9, 80.0, None], index=["a", "b", "c"]), breaks=[50, 80])
    >>> kept.codes.to_dict(), kept.intervals[1]
    ({'a': 1, 'b': 2, 'c': -1}, (50.0, 80.0))
    """
    if k < 2:
        raise ValueError(f"at least two classes, not {k}")
    if breaks is not None:
        cuts = np.asarray(breaks, dtype=float)
        if not (np.isfinite(cuts).all() and (np.diff(cuts) > 0).all()):
            raise ValueError(f"breaks must rise: {list(breaks)}")
        if center is not None:
            cuts = _about(cuts, center, decimals)
    else:
        known = _finite(values if reference is None else reference)
        cuts = _suggested(known, k, method, center, decimals)
    closed: Literal["left", "right"] = "right" if breaks is None and center is None else "left"
    numbers = values.astype("float64")
    side: Literal["left", "right"] = "right" if closed == "left" else "left"
    codes = pd.Series(np.searchsorted(cuts, numbers.to_numpy(), side=side), index=values.index, dtype="int64")
    codes = codes.mask(numbers.isna(), NO_DATA)
    if not_applicable is not None:
        codes = codes.mask(not_applicable.reindex(codes.index, fill_value=False), NOT_APPLICABLE)
    neutral = None if center is None else int(np.searchsorted(cuts, center, side="right"))
    return Classes(tuple(float(cut) for cut in cuts), closed, codes, neutral)


def against(*, low: pd.Series[float], high: pd.Series[float], center: float) -> pd.Series[float]:
    """Return by which number a range is classed against a norm: its end nearest the norm, or the norm between them.

    A range wholly below the norm is a certain shortage and is classed by its high end; one wholly above, by its low
    end; one that holds the norm, as the norm itself. Missing where either end is.

    >>> against(low=pd.Series([-337, -5, 2]), high=pd.Series([-116, 3, 4]), center=0).tolist()
    [-116.0, 0.0, 2.0]
    """
    ends = pd.DataFrame({"low": low, "high": high}).astype("float64")
    nearest = ends["high"].where(ends["high"] < center, ends["low"].where(ends["low"] > center, center))
    return nearest.where(ends.notna().all(axis=1))


def interval_labels(found: Classes, number: Callable[[float], str], *, whole: bool = False) -> list[str]:
    """Return the words of a legend for each class, from a function that writes one number.

    Each label shows which class owns a boundary value. With ``whole`` values an inner
    class is written by the first and last value it holds.

    >>> found = classes(pd.Series([1.0]), breaks=[1, 3])
    >>> interval_labels(found, "{:g}".format)
    ['< 1', '1 – < 3', '≥ 3']
    >>> interval_labels(found, "{:g}".format, whole=True)
    ['< 1', '1 – 2', '≥ 3']
    """
    if not found.breaks:
        return ["…"]
    left = found.closed == "left"
    first, last = ("<", "≥") if left else ("≤", ">")
    breaks = [float(np.ceil(cut) if left else np.floor(cut)) if whole else cut for cut in found.breaks]
    labels = [f"{first} {number(breaks[0])}"]
    for low, high in pairwise(breaks):
        if whole:
            start, end = (low, high - 1) if left else (low + 1, high)
            labels.append(number(start) if start == end else f"{number(start)} – {number(end)}")
        elif left:
            labels.append(f"{number(low)} – < {number(high)}")
        else:
            labels.append(f"> {number(low)} – {number(high)}")
    return [*labels, f"{last} {number(breaks[-1])}"]


def _finite(values: pd.Series[float]) -> npt.NDArray[np.float64]:
    numbers = values.astype("float64").to_numpy()
    return np.sort(numbers[np.isfinite(numbers)])


def _suggested(
    known: npt.NDArray[np.float64], k: int, method: Method, center: float | None, decimals: int | None
) -> npt.NDArray[np.float64]:
    """Return rising breaks that part the known values, at most ``k`` - 1 of them."""
    if center is None:
        cuts = _rounded(_bins(known, k, method)[:-1], decimals)
        return cuts[(cuts >= known[0]) & (cuts < known[-1])] if len(known) else cuts
    away = np.abs(known - center)
    away = np.sort(away[away > 0])
    # Half of the classes on each side; an odd one out is the norm's own.
    steps = _rounded(_bins(away, k // 2, method)[:-1], decimals)
    steps = steps[steps > 0]
    # The norm's own class lies above it, so what mirrors a break below lies as much further up.
    return _about(np.concatenate([center - steps[::-1], _above(center, decimals) + steps]), center, decimals)


def _above(center: float, decimals: int | None) -> float:
    return float(np.nextafter(center, np.inf)) if decimals is None else center + 10.0**-decimals


def _about(cuts: npt.NDArray[np.float64], center: float, decimals: int | None) -> npt.NDArray[np.float64]:
    """Return the breaks with one at the norm and one at the next number above it: the neutral class between them."""
    above = _above(center, decimals)
    kept = cuts[(cuts < center) | (cuts > above)]
    return np.sort(np.concatenate([kept, [center, above]]))


def _bins(known: npt.NDArray[np.float64], k: int, method: Method) -> npt.NDArray[np.float64]:
    """Return the upper ends of at most ``k`` classes of sorted values."""
    distinct = np.unique(known)
    if len(distinct) <= k:
        return distinct
    if method == "quantiles":
        return np.unique(np.quantile(known, np.linspace(0, 1, k + 1)[1:]))
    # Asked for by hand only, and a second to load: it brings scikit-learn and matplotlib.
    import mapclassify

    sample = known[np.linspace(0, len(known) - 1, min(len(known), _ENOUGH)).astype(int)]
    with warnings.catch_warnings():
        # it would have us install numba
        warnings.simplefilter("ignore", UserWarning)
        found = mapclassify.FisherJenks(sample, k=min(k, len(np.unique(sample)))).bins
    return np.unique(np.asarray(found, dtype=np.float64))


def _rounded(cuts: npt.NDArray[np.float64], decimals: int | None) -> npt.NDArray[np.float64]:
    return cuts if decimals is None else np.unique(np.round(cuts, decimals))
