"""The criteria over the years: what was observed and promised, recognitions, and moves between verdicts."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd

from answers import summary
from answers.compliance.numbers import INDICATOR, PLACE, _key, in_province, named, of_scope, sheets
from answers.results import Results
from answers.scope import Scope, place_name
from answers.targets import numbers as promises
from metrics import criteria_standing, targets


def observed(results: Results, scope: Scope) -> pd.Series:
    """Return the share of communes that pass, in percent, by year: what the commitments are judged on."""
    rows = summary.full_years(summary.scope_row(results, INDICATOR, scope))
    values = rows["value"].astype("float64").dropna()
    return values.set_axis([int(year) for year in values.index])


def commitments(results: Results, scope: Scope) -> pd.DataFrame:
    """Return the commitments on the criteria judged on the scope's own share, its own before the country's.

    Those of :func:`answers.targets.numbers.commitments`; ``own`` is False for the country's, which no province
    promised.
    """
    if not {"targets", "facts"} <= set(results.snapshot.tables):
        return pd.DataFrame({"own": []})
    found = promises.commitments(results, scope)
    here = found["measured"].eq(place_name(scope)) & found["basis"].eq("computed")
    found = found[found["indicator"].eq(INDICATOR) & here]
    found = found.assign(own=found["place"].ne(promises.NATION))
    return found.sort_values(["own", "deadline"], ascending=[False, True], ignore_index=True)


def projected(seen: pd.Series, until: dt.date) -> pd.DataFrame:
    """Return the years observed carried forward, with their range, by year up to a date."""
    dated = seen.set_axis(pd.to_datetime([f"{year}-12-31" for year in seen.index]))
    line = targets.projection(observed=dated, until=until, bounds=(0.0, 100.0))
    return line.set_axis([day.year for day in line.index])


def last_day(scope: Scope) -> dt.date:
    """Return the day recognition is told for: the last of the scope's year."""
    return dt.date(scope.year, 12, 31)


def recognised(results: Results, scope: Scope) -> pd.DataFrame:
    """Return until when each commune of the scope is recognised, on the last day of its year."""
    return results.keep(*_key("recognised", scope), compute=lambda: _recognised(results, scope))


def _recognised(results: Results, scope: Scope) -> pd.DataFrame:
    frame = in_province(sheets(results, scope.geography), scope)
    frame = frame[frame["place"].isin(of_scope(results, scope)["place"])]
    found = criteria_standing.recognition(evaluated=frame, as_of=last_day(scope))
    codes = frame.drop_duplicates("place").set_index(PLACE)["code"]
    found["code"] = codes.reindex(pd.MultiIndex.from_frame(found[PLACE])).to_numpy()
    return named(found, scope)


def moves(results: Results, scope: Scope) -> dict[tuple[int, int], pd.DataFrame]:
    """Return how each commune went from year to year, for every pair of years up to the scope's."""
    return results.keep(*_key("moves", scope), compute=lambda: _moves(results, scope))


def _moves(results: Results, scope: Scope) -> dict[tuple[int, int], pd.DataFrame]:
    frame = in_province(sheets(results, scope.geography), scope)
    frame = frame[frame["year"].le(scope.year)]
    years = sorted({int(year) for year in frame["year"]})
    codes = frame.drop_duplicates("place").set_index(PLACE)["code"]
    found = {}
    for first, then in pairwise(years):
        rows = criteria_standing.transitions(evaluated=frame, year_from=first, year_to=then)
        rows["code"] = codes.reindex(pd.MultiIndex.from_frame(rows[PLACE])).to_numpy()
        found[first, then] = named(rows, scope)
    return found


def history(results: Results, scope: Scope, place: str) -> pd.DataFrame:
    """Return every year's verdict of one commune."""
    frame = sheets(results, scope.geography)
    return frame[frame["place"].eq(place)].sort_values("year")
