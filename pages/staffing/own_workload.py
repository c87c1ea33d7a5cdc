"""A province's own workload parameters, for the session: what was taken in, and what was wrong with it."""

from __future__ import annotations

import streamlit as st

from answers.staffing import numbers as staffing
from answers.staffing import workbook as staffing_workbook
from answers.words import current
from data.problems import Refused
from metrics.errors import BadParameters
from metrics.wisn_parameters import WisnParameters

ENTERED = "staffing.workload.parameters"
FAULT = "staffing.workload.fault"
UPLOAD = "staffing.workload.upload"


def entered() -> WisnParameters | None:
    """Return the parameters this session uses instead of those that ship, or None."""
    return st.session_state.get(ENTERED)


def uploaded() -> None:
    """Take the workbook in, or keep why not; taking the file away goes back to what ships."""
    st.session_state.pop(FAULT, None)
    st.session_state.pop(ENTERED, None)
    file = st.session_state[UPLOAD]
    if file is None:
        return
    try:
        st.session_state[ENTERED] = staffing_workbook.read_workbook(
            file.getvalue(), file.name, staffing.shipped_parameters()
        )
    except (BadParameters, Refused) as error:
        st.session_state[FAULT] = error


def fault_text(error: BadParameters | Refused) -> str:
    """Return every fault of a file, one a line, in the visitor's language."""
    if isinstance(error, BadParameters):
        return error.text(current())
    return "\n\n".join(error.lines(current()))
