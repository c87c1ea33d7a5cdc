"""Where each geography's borders come from, what their import found, and a way to import better ones."""

from __future__ import annotations

import datetime as dt
from html import escape

import streamlit as st

from answers import format as fmt
from answers import kept as cache
from answers.results import Results
from answers.words import t
from data.contracts import GEOGRAPHIES
from geo.boundaries import boundaries_file, kept_report
from pages.data import boundaries_import
from ui import access, html, page

COUNTS = ("matched", "expected", "doubtful", "unmatched", "missing")


def show(_results: Results) -> None:
    """Show the sources and the import."""
    page.section(t("boundaries.title"), t("boundaries.note"))
    heads = [t(f"boundaries.column.{name}") for name in ("geography", "source", "date", *COUNTS)]
    st.html(html.table(heads, [_source(geography) for geography in GEOGRAPHIES], numbers=range(3, 8)))
    page.section(t("boundaries.import"), t("boundaries.import.note"))
    if access.may_write():
        boundaries_import.show()
    else:
        access.ask()


def _source(geography: str) -> list[str]:
    """Return a geography's row: what is drawn, since when, and what the last import counted."""
    name = escape(t(f"geography.{geography}"))
    drawn = boundaries_file(cache.boundaries_dir(), geography)
    if not drawn.is_file():
        return [name, escape(t("boundaries.schematic")), *[fmt.MISSING] * (1 + len(COUNTS))]
    date = fmt.date(dt.date.fromtimestamp(drawn.stat().st_mtime))
    told = kept_report(cache.boundaries_dir(), geography)
    if told is None:
        return [name, escape(drawn.name), date, *[fmt.MISSING] * len(COUNTS)]
    return [name, escape(told["file"]), date, *(fmt.number(told["counts"][one]) for one in COUNTS)]
