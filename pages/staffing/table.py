"""The staffing table: every unit with existing and required staff, searchable, sortable, downloadable."""

from __future__ import annotations

from answers import lists
from answers.results import Results
from answers.scope import Scope
from answers.staffing import table
from ui import badges, unit_list
from ui.export.downloads import table_downloads

TABLES = ("staffing", "stations", "population")


def show(results: Results, scope: Scope, basis: str) -> None:
    """Show the table."""
    frame = table.rows(results, scope, basis)
    unit_list.show(
        lists.payload(list(frame.index), table.columns(frame), selected=scope.unit, height=460),
        key="staffing.table",
    )
    table_downloads(lambda: table.download(frame), results, scope, name="nhan-luc", tables=TABLES)
    badges.caption(results.snapshot, TABLES)
