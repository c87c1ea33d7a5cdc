"""Posts of the fixed norm: how many there are, and how many are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from answers.results import Results
from answers.scope import Scope
from answers.staffing.numbers import _by_post, fixed_norm, key_of, post_geography, posts
from metrics.registry import Text
from metrics.staffing import posts_filled


@dataclass(frozen=True, kw_only=True)
class Posts:
    """How many posts of the norm are filled: ``filled`` and ``known`` stations by post, and how many posts each has."""

    filled: pd.Series
    known: pd.Series
    complete: int
    assessed: int
    grades: Mapping[str, Text]


def posts_held(results: Results, scope: Scope, basis: str) -> Posts:
    """Count the stations (or merged communes) of the scope that hold each post the norm names."""
    key = ("posts held", basis, *key_of(scope))
    return results.keep(*key, compute=lambda: _posts_held(results, scope, basis))


def _posts_held(results: Results, scope: Scope, basis: str) -> Posts:
    atom = post_geography(scope, basis)
    unit = posts(results, scope, atom)["unit"]
    norm = fixed_norm()
    cadres = sorted({cadre for post in norm.posts for cadre in post.cadres})
    headcount = _by_post(results, "staffing", atom, scope.year, cadres, unit.index)
    held = posts_filled(headcount=headcount, norm=norm)
    each = held.drop(columns="posts")
    return Posts(
        filled=each.sum().astype("Int64"),
        known=each.notna().sum(),
        complete=int(held["posts"].eq(len(norm.posts)).fillna(False).sum()),
        assessed=int(held["posts"].notna().sum()),
        grades={"/".join(post.cadres): post.grade for post in norm.posts},
    )


def targets_of(results: Results, name: str) -> list[tuple[float, int]]:
    """Return the national targets of an indicator: value and year, soonest first."""
    rows = results.frame("targets")
    rows = rows[rows["indicator"].eq(name) & rows["place"].eq("Việt Nam") & rows["deadline"].notna()]
    years = rows["deadline"].dt.year.to_numpy()
    return sorted(
        ((float(value), int(year)) for value, year in zip(rows["value"], years, strict=True)),
        key=lambda target: target[1],
    )
