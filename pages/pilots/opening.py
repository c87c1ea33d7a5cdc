"""What every method shows: the clinics about their opening, and why there is nothing to show."""

from __future__ import annotations

import streamlit as st

from answers.pilots import numbers as pilots
from answers.pilots import words as pilots_words
from answers.pilots.numbers import GROUP, Evidence
from answers.results import Results
from answers.scope import Scope
from answers.words import t
from ui.export import pins
from ui.show import show as show_figure


def who(results: Results, scope: Scope, found: Evidence) -> str:
    """Return whose evidence is shown: one clinic's, or the group's."""
    ours = pilots.clinics(results, scope)
    return GROUP if len(found.opened) == len(ours) else str(found.opened.index[0])


def about_opening(
    results: Results, scope: Scope, found: Evidence, name: str, method: str, *options: str
) -> None:
    """Show the clinics by period about their opening, as the method sees them."""
    spec = pins.whole("opening", name, scope, method, who(results, scope, found), *options)
    show_figure(results, spec, key=f"pilots.{method}")


def refused(results: Results, scope: Scope, found: Evidence, name: str) -> None:
    """Say why a method has nothing to show."""
    study = found.studies[name]
    said = pilots_words.refusals(results, name, found.verdicts[name], study)
    said += pilots_words.problems(results, scope, study)
    st.info(" ".join(said) or t("pilots.evidence.too_short"), icon=":material/info:")
