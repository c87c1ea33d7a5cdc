"""What the clinics allow us to conclude, one card an indicator."""

from __future__ import annotations

from html import escape

from answers import provenance
from answers.pilots import numbers as pilots
from answers.pilots.numbers import Evidence
from answers.pilots.words import (
    CONCLUSIONS,
    SYMBOL,
    TONE,
    bootstrap,
    grade,
    named,
    not_shown,
    problems,
    refusals,
    sentence,
)
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from metrics.pilot_verdicts import Verdict
from ui import badges


def verdict_cards(results: Results, scope: Scope, found: Evidence) -> str:
    """Return a card per indicator as HTML, what was concluded first; every text is escaped."""
    names = sorted(found.verdicts, key=lambda name: CONCLUSIONS.index(found.verdicts[name].conclusion))
    body = "".join(_card(results, scope, found, name) for name in names)
    wide = "grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr))"
    return f'<div class="atlas kpis" style="{wide}">{body}</div>'


def _card(results: Results, scope: Scope, found: Evidence, name: str) -> str:
    verdict, study = found.verdicts[name], found.studies[name]
    lines = [sentence(results, name, verdict, study), *refusals(results, name, verdict, study)]
    second = bootstrap(name, study) if study.bootstrap else ""
    notes = [second, grade(results, verdict, study), *problems(results, scope, study), not_shown(verdict)]
    said = "".join(f"<div>{escape(line)}</div>" for line in lines if line)
    small = "".join(f'<p class="card-note">{escape(line)}</p>' for line in notes if line)
    badge = badges.html(provenance.nature(results.snapshot, [pilots.table(results)]))
    return (
        f'<section class="kpi" aria-label="{escape(named(name))}">'
        f'<h3 class="card-title">{escape(named(name))}</h3>'
        f'<div class="row">{status_html(verdict)}{badge}</div>'
        f'<div class="change">{said}</div>{small}</section>'
    )


def status_html(verdict: Verdict) -> str:
    """Return a conclusion as symbol, word and colour."""
    word = t(f"pilots.conclusion.{verdict.conclusion}")
    return (
        f'<span class="status {TONE[verdict.conclusion]}">{SYMBOL[verdict.conclusion]} {escape(word)}</span>'
    )
