"""The chosen stations in the order they are to open."""

from __future__ import annotations

import pandas as pd

from answers import format as fmt
from answers import lists
from answers.names import order_of
from answers.pilots import words as pilots_words
from answers.pilots.sites import Answer
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui import station_link, unit_list


def show(results: Results, scope: Scope, found: Answer) -> None:
    """Show the chosen stations in the order they are to open; a click leads to a station's profile."""
    names = pilots_words.station_names(results, scope)
    called = pd.Series([names[str(code)] for code in found.chosen.index], dtype="str")
    reached = [fmt.number(value) for value in found.chosen["reached"]]
    ranks = [float(at) for at in range(1, len(called) + 1)]
    columns = [
        lists.Column(t("pilots.column.station"), list(called), [float(v) for v in order_of(called)]),
        lists.Column(t("pilots.column.rank"), [fmt.number(at) for at in ranks], ranks, number=True),
        lists.Column(
            t("pilots.column.reached"), reached, [float(v) for v in found.chosen["reached"]], number=True
        ),
    ]
    notes = [pilots_words.lacks(row) for _, row in found.chosen.iterrows()]
    data = lists.payload(list(found.chosen.index), columns, notes=notes, selected=scope.station, height=400)
    unit_list.show(data, key="pilots.next.list", choose=station_link.chooser(results))
