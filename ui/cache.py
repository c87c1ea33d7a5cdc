"""What is kept between reruns: the snapshot, its results and the geometry. All of it is read-only.

Everything is keyed by the snapshot's id, so a new snapshot is seen at the next rerun.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import streamlit as st

from data.store import Snapshot, open_store
from geo.webgeometry import GeometryStore
from ui.results import Results


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Snapshot: hash})
def _results(snapshot: Snapshot) -> Results:
    return Results(snapshot)


def results() -> Results | None:
    """Return what is computed from the current snapshot, or None when there is none yet."""
    snapshot = open_store().current()
    return None if snapshot is None else _results(snapshot)


def boundaries_dir() -> Path:
    """Return the folder of imported boundaries: ``ATLAS_BOUNDARIES``."""
    return Path(os.environ.get("ATLAS_BOUNDARIES", ".atlas/boundaries"))


@lru_cache(maxsize=1)
def geometry() -> GeometryStore:
    """Return the geometry store; one for the server's routes and the pages."""
    return GeometryStore(Path(".atlas/geometry"), boundaries_dir())
