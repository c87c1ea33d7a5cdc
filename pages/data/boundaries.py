"""Where each geography's borders come from, what their import found, and a way to import better ones."""

from __future__ import annotations

import datetime as dt
import json
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.results import Results
from answers.words import current, labels, pick, t
from data.contracts import GEOGRAPHIES
from data.problems import Refused
from geo.boundaries import boundaries_file, import_boundaries
from geo.boundaries_texts import STAGES
from ui import html, page

FORMATS = ("zip", "gpkg", "geojson", "json", "parquet", "kml", "fgb")
COUNTS = ("matched", "expected", "doubtful", "unmatched", "missing")
MOST_FAULTS = 20


def show(_results: Results) -> None:
    """Show the sources and the import."""
    page.section(t("boundaries.title"), t("boundaries.note"))
    heads = [t(f"boundaries.column.{name}") for name in ("geography", "source", "date", *COUNTS)]
    st.html(html.table(heads, [_source(geography) for geography in GEOGRAPHIES], numbers=range(3, 8)))
    page.section(t("boundaries.import"), t("boundaries.import.note"))
    if not may_import():
        st.info(t("boundaries.elsewhere"), icon=":material/lock:")
        return
    geography = st.segmented_control(
        t("scope.geography"),
        GEOGRAPHIES,
        default="current",
        required=True,
        key="boundaries.geography",
        format_func=labels(GEOGRAPHIES, lambda one: t(f"geography.{one}")),
    )
    file = st.file_uploader(t("boundaries.file"), type=list(FORMATS), key="boundaries.file")
    if st.button(t("boundaries.go"), icon=":material/upload:", disabled=file is None, key="boundaries.go"):
        assert file is not None
        _imported(file.name, file.getvalue(), geography)


def may_import() -> bool:
    """Say whether the visitor may replace the borders everybody sees: signed in, or at the server's own computer.

    Where sign-in is set up (Streamlit's ``[auth]``) it alone decides.
    """
    signed_in = st.user.get("is_logged_in")
    return st.context.ip_address is None if signed_in is None else bool(signed_in)


def _source(geography: str) -> list[str]:
    """Return a geography's row: what is drawn, since when, and what the last import counted."""
    name = escape(t(f"geography.{geography}"))
    drawn = boundaries_file(cache.boundaries_dir(), geography)
    if not drawn.is_file():
        return [name, escape(t("boundaries.schematic")), *[fmt.MISSING] * (1 + len(COUNTS))]
    date = fmt.date(dt.date.fromtimestamp(drawn.stat().st_mtime))
    report = drawn.with_name(f"{geography}.report.json")
    if not report.is_file():
        return [name, escape(drawn.name), date, *[fmt.MISSING] * len(COUNTS)]
    told = json.loads(report.read_text("utf-8"))
    return [name, escape(told["file"]), date, *(fmt.number(told["counts"][one]) for one in COUNTS)]


def _imported(name: str, content: bytes, geography: str) -> None:
    """Import an uploaded file; say how far it is, then what it found or why it was refused."""
    bar = st.progress(0.0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            report = import_boundaries(
                path,
                geography=geography,
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
