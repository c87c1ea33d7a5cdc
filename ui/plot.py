"""A plotly figure on a page, changed in place: another indicator recolours the map that is already drawn.

Our own small component around plotly.js, because Streamlit's chart is made anew at every change: the map would
load again and forget where the reader had moved it, and a click on an area would not come back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from answers.figure import Spec
from answers.words import t
from geo.classify import NO_DATA
from ui import component, held, visit
from ui.export import pins

MANY: Final = 1000  # areas: of more, the texts are fetched when the pointer first comes near


@dataclass(frozen=True)
class Packed:
    """A figure as it is sent: JSON, and of a map of very many areas the classes and where the texts are."""

    figure: str
    height: int
    classes: list[int] | None = None
    texts: str | None = None


def show(
    figure: go.Figure | Packed,
    *,
    key: str,
    alt: str,
    chooses: bool = False,
    linked: str | None = None,
    pin: Spec | None = None,
) -> None:
    """Show a chart or map; ``alt`` says in words what it shows.

    A click on an area of a map that ``chooses`` makes it the chosen unit. Maps with the same ``linked`` move
    together. ``pin`` is the slide that shows the same: with it the reader can pin it.
    """

    def chosen() -> None:
        visit.choose_unit(st.session_state[key].chosen)

    def pinned() -> None:
        assert pin is not None  # the tool is there with a slide only
        pins.toggle(pin)

    told = {
        **vars(figure if isinstance(figure, Packed) else pack(figure)),
        "alt": alt,
        "library": component.address("plotly"),
        "chooses": chooses,
        "linked": linked,
        "enlarge": t("plot.enlarge"),
        "whole": t("plot.whole"),
        "pin": pins.tool(pin),
    }
    callbacks = {"on_chosen_change": chosen, "on_pinned_change": pinned}
    component.show("plot", told, key=key, isolated=False, **callbacks)


def pack(figure: go.Figure, areas: pd.Index[str] | None = None) -> Packed:
    """Return a figure as it is sent, to be kept where it is shown again and again.

    ``areas`` are the codes in a map's geometry file, in its order: with them a map of very many areas goes
    without the areas' numbers, which the file holds, and without their texts, which are for later.
    """
    height = figure.layout.height
    if areas is None or len(areas) <= MANY:
        return Packed(figure.to_json(), height)
    first = figure.data[0]
    drawn = pd.DataFrame({"class": first.z, "text": first.text}, index=first.locations)
    drawn = drawn.reindex(areas.astype(int))
    light = go.Figure(figure)
    light.data[0].update(locations=None, z=None, text="")
    texts = json.dumps(drawn["text"].fillna("").tolist(), ensure_ascii=False, separators=(",", ":"))
    classes = drawn["class"].fillna(NO_DATA).astype(int).tolist()
    return Packed(light.to_json(), height, classes, held.url(texts.encode()))
