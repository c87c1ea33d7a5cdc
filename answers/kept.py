"""What is kept between reruns: what is computed from a snapshot, and the geometry. All of it is read-only.

Results are kept by snapshot, so a new snapshot is seen at the next rerun.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from answers.keeping import Shelf
from answers.pilots import numbers as pilots
from answers.results import Results
from answers.scope import ALL, LEVELS, NATION, Scope
from data.store import Snapshot, open_store
from geo.webgeometry import GeometryStore

# The results of the current snapshot, and of one that somebody looks back at: others go, with all they keep.
_current, _earlier = Shelf(most=1), Shelf(most=1)


def results() -> Results | None:
    """Return what is computed from the current snapshot, or None when there is none yet, or none with stations."""
    snapshot = open_store().current()
    if snapshot is None or not can_show(snapshot):
        return None
    return _current.keep(("results", snapshot), lambda: Results(snapshot))


def earlier(snapshot: Snapshot) -> Results:
    """Return what is computed from a snapshot that is no longer current."""
    return _earlier.keep(("results", snapshot), lambda: Results(snapshot))


def can_show(snapshot: Snapshot) -> bool:
    """Say whether a snapshot has what everything is counted by: stations."""
    return "stations" in snapshot.tables and snapshot.tables["stations"].rows > 0


def boundaries_dir() -> Path:
    """Return the folder of imported boundaries: ``ATLAS_BOUNDARIES``."""
    return Path(os.environ.get("ATLAS_BOUNDARIES", ".atlas/boundaries"))


@cache
def geometry() -> GeometryStore:
    """Return the geometry store; one for the server's routes and the pages."""
    return GeometryStore(Path(".atlas/geometry"), boundaries_dir())


def warm(found: Results) -> Iterator[None]:
    """Make ready, step by step, what visitors will ask for: maps, sums, the clinics' evidence, the country."""
    for geography, provinces in found.options.provinces.items():
        for level in (*LEVELS[geography], "province"):
            found.sums(geography, level)
            yield
            for scope in (*provinces, ALL):
                for kind in ("area", "outline"):
                    geometry().asset(geography, level, scope, kind)
    for geography, provinces in found.options.provinces.items():
        for scope in (*provinces, ALL):
            pilots.evidence(found, Scope(scope, geography, "commune", found.options.years[-1], "vi"))
            yield
    for geography, levels in LEVELS.items():  # last, for it takes longest: once, since files are kept
        for level in (*levels, "province"):
            for kind in ("area", "outline"):
                geometry().asset(geography, level, NATION, kind)
