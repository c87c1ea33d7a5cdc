"""What a file brings, table by table, before it is put over what is known."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from data.manifest import Provenance


@dataclass(frozen=True)
class Incoming:
    """A table of a file: its rows (index: the row in Excel), and where they stand.

    ``headers`` is what the file calls each column it has; ``unread`` the cells (row, column) that could not be read.
    """

    name: str
    frame: pd.DataFrame
    provenance: Provenance
    sheet: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    unread: set[tuple[int, str]] = field(default_factory=set)

    @property
    def given(self) -> list[str]:
        """The columns that the file has; without headers, all."""
        return [str(column) for column in self.frame if not self.headers or column in self.headers]
