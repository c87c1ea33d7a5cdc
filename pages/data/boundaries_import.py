"""Importing a file of boundaries: which communes it draws, in which coordinate system, and what became of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.words import current, labels, pick, t
from data.contracts import GEOGRAPHIES
from data.problems import Refused
from geo.boundaries_apart import import_apart
from geo.boundaries_places import SYSTEMS
from geo.boundaries_texts import STAGES
from ui import access

FORMATS = ("zip", "gpkg", "geojson", "json", "parquet", "kml", "fgb")
STATED = ""  # the coordinate system the file itself states
MOST_FAULTS = 20


def show() -> None:
    """Ask for a file and import it."""
    geography = st.segmented_control(
        t("scope.geography"),
        GEOGRAPHIES,
        default="current",
        required=True,
        key="boundaries.geography",
        format_func=labels(GEOGRAPHIES, lambda one: t(f"geography.{one}")),
    )
    systems = {
        STATED: t("boundaries.crs.stated"),
        **{code: f"{name} ({code})" for code, name in SYSTEMS.items()},
    }
    crs = st.selectbox(
        t("boundaries.crs"), list(systems), format_func=systems.__getitem__, key="boundaries.crs"
    )
    file = st.file_uploader(t("boundaries.file"), type=list(FORMATS), key="boundaries.file")
    if st.button(t("boundaries.go"), icon=":material/upload:", disabled=file is None, key="boundaries.go"):
        assert file is not None
        _imported(file.name, file.getvalue(), geography, crs)


def _imported(name: str, content: bytes, geography: str, crs: str) -> None:
    """Import an uploaded file; say how far it is, then what it found or why it was refused."""
    if not access.may_write():  # asked again where it matters, whatever was shown
        return
    bar = st.progress(0.0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            report = import_apart(
                path,
                geography=geography,
                crs=crs or None,
                output=cache.boundaries_dir(),
                progress=lambda stage, share: bar.progress(share, pick(STAGES[stage])),
            )
        except Refused as refused:
            bar.empty()
            for problem in refused.problems[:MOST_FAULTS]:
                st.error(problem.text(current()), icon=":material/error:")
            return
    bar.empty()
    counts = report.counts()
    st.success(
        t("boundaries.done", matched=fmt.number(counts["matched"]), expected=fmt.number(counts["expected"])),
        icon=":material/check:",
    )
    with st.expander(t("boundaries.report")):
        st.code(report.text(current()), language=None, wrap_lines=True)
