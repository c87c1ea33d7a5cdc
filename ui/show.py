"""A figure on a page: its finding, its charts, maps, tables and cards, and where its numbers come from.

The same object is pinned, put on a slide, into a picture and on paper: what a page shows, they show.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from answers import story
from answers.figure import AreaMap, Cards, Cover, Part, Slide, Spec, Table, UnavailableError
from answers.results import Results
from ui import badges, html, kpis, page, plot, theme, unit_list
from ui.draw import frame, screen
from ui.export import pins


def show(
    results: Results,
    spec: Spec,
    *,
    key: str,
    note: str = "",
    titled: bool = True,
    own: Callable[[], Slide] | None = None,
    pinned: bool = False,
) -> None:
    """Show a figure under its finding; where it cannot be made, say what is missing.

    ``note`` says in one line how to read it. ``own`` makes the figure from what only this session has: it
    cannot be put among the slides, for whoever opens them could not compute it. One that is ``pinned`` all the
    same has a slide that leaves out only what the session adds.
    """
    pin = spec if pinned or not own else None

    def make() -> Slide | str:
        return _made(story.figure, results, spec)

    # A verdict is of a day: what was kept yesterday is not shown today.
    day = results.today().isoformat()
    found = _made(own) if own else results.keep("figure", repr(spec), day, compute=make)
    if isinstance(found, str):
        st.info(found, icon=":material/hourglass_empty:")
        return
    if titled:
        page.section(found.title, note)
    for i, part in enumerate(found.parts):
        _part(part, found, key=f"{key}.{i}" if i else key, pin=pin)
    if pin is None:
        pins.absent()
    badges.caption(
        results.snapshot, found.tables, found.definition, besides=found.besides, method=found.method
    )


def _made(make: Callable[..., Slide], *given: object) -> Slide | str:
    """Return a figure, or what to say where it cannot be made."""
    try:
        return make(*given)
    except UnavailableError as reason:
        return str(reason)


def _part(part: Part, found: Slide, *, key: str, pin: Spec | None) -> None:
    if isinstance(part, Table):
        st.html(table_html(part))
    elif isinstance(part, Cards):
        kpis.strip(part.cards)
    elif not isinstance(part, AreaMap | Cover):
        if part.title:
            st.html(f'<p class="atlas card-note">{escape(part.title)}</p>')
        chart = screen.drawn(part, theme.current(), unit_list.is_narrow())
        plot.show(chart, key=key, alt=f"{found.title} {part.title}", pin=pin)


def table_html(part: Table) -> str:
    """Return a table of a figure as HTML, shaded cells on their colour."""
    fills = frame.shade_colours(part, theme.current()) if part.shades else []
    rows = [[escape(text) for text in row] for row in part.rows]
    for i, shades in enumerate(part.shades):
        for j, shade in enumerate(shades):
            if shade >= 0:
                style = f"background:{fills[shade]};color:{frame.ink(fills[shade])}"
                rows[i][j] = f'<span class="shade" style="{style}">{rows[i][j]}</span>'
    below = frame.more(part.more) if part.more else ""
    return html.table(part.heads, rows, numbers=part.numbers) + (
        f'<p class="atlas card-note">{escape(below)}</p>' if below else ""
    )
