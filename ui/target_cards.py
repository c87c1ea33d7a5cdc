"""Commitments as cards: promise, status, where it stands, what pace it takes, and why."""

from __future__ import annotations

from html import escape

import pandas as pd

from answers import format as fmt
from answers.targets.numbers import SYMBOL, TONE, name, outlook, pace, promise, stands, why
from answers.words import t
from ui import badges


def status_html(status: str) -> str:
    """Return a status as symbol, word and colour."""
    return (
        f'<span class="status {TONE[status]}">{SYMBOL[status]} {escape(t(f"targets.status.{status}"))}</span>'
    )


def cards_html(rows: pd.DataFrame) -> str:
    """Return commitments as cards: promise, status, where it stands, what pace it takes, and why."""
    return f'<div class="atlas kpis">{"".join(_card(row) for _, row in rows.iterrows())}</div>'


def _card(row: pd.Series) -> str:
    deadline = (
        t("targets.by", date=fmt.date(row["deadline"]))
        if pd.notna(row["deadline"])
        else t("targets.no_deadline")
    )
    lines = [stands(row), pace(row), outlook(row)]
    said = "".join(f"<div>{escape(line)}</div>" for line in lines if line != fmt.MISSING)
    badge = badges.html(row["nature"]) if row["nature"] else ""
    return (
        f'<section class="kpi"><div class="label">{escape(name(row["indicator"]))}<br>'
        f"{escape(row['place'])} · {escape(deadline)}</div>"
        f'<div class="figure">{escape(promise(row))}</div>{status_html(row["status"])}'
        f'<div class="change">{said}</div>'
        f'<div class="meaning"><span>{escape(why(row))}</span>{badge}</div></section>'
    )
