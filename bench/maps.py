"""Maps in a real browser, beside what else one could use: bytes, time to repaint, click to profile, cold load.

The other pages show the same map of one province: an empty Streamlit page, a plain Dash page (where Dash is
installed), and Streamlit with the country's GeoJSON inside a pydeck chart. All are measured in one run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench import Promise
from bench._browser import ROOT, STILL, Page, chromium, serving

CENSUS = ROOT.parent / "shared" / "raw" / "census2019_population_ward_urban_rural.xlsx"
TIMES = 5
# The two indicators changed between, by their words in the list and in the legend; both known for the country.
PEOPLE, URBAN = "Population", "Urban share of the population"
PAINTED = """(words) => [...document.querySelectorAll('.js-plotly-plot')].some(plot => {
  const map = plot._fullLayout?.map?._subplot?.map;
  return map?.loaded() && plot.querySelector('.infolayer')?.textContent.includes(words); })"""
PYDECK = """
import json, sys
from pathlib import Path
import pydeck as pdk, streamlit as st
shapes = json.loads(Path({shapes!r}).read_text())
shade = st.selectbox("shade", [2, 3, 4, 5])
for feature in shapes["features"]:
    feature["properties"]["f"] = [0, 40 * (feature["id"] % shade), 120]
layer = pdk.Layer("GeoJsonLayer", shapes, get_fill_color="properties.f", pickable=True)
st.pydeck_chart(pdk.Deck([layer], map_provider=None))
"""
DASH = """
import gzip, json, sys
from pathlib import Path
from dash import Dash, Input, Output, dcc, html
from flask import Response
content = json.loads(Path({content!r}).read_text())
app = Dash(__name__)
@app.server.route("/geometry/<name>")
def geometry(name):
    body = (Path({geometry!r}) / (name + ".gz")).read_bytes()
    return Response(body, headers={{"Content-Encoding": "gzip", "Content-Type": "application/geo+json"}})
names = list(content)
app.layout = html.Div([dcc.RadioItems(names, names[0], id="name"), html.Div(id="cards"), dcc.Graph(id="map"),
                       html.Table(id="rows")])
@app.callback(Output("map", "figure"), Output("rows", "children"), Output("cards", "children"), Input("name", "value"))
def show(name):
    one = content[name]
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in one["rows"]]
    return one["figure"], rows, [html.Span(card) for card in one["cards"]]
app.run(port={port})
"""


def measure() -> Iterator[Promise]:
    """Measure with the illustrative data set, and the census of the whole country where its file is at hand."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = _store(folder)
        shapes, content = folder / "shapes.json", folder / "content.json"
        _prepared(store, shapes, content)
        empty, pydeck = folder / "empty.py", folder / "pydeck_inline.py"
        empty.write_text("import streamlit as st\nst.write('')\n")
        pydeck.write_text(PYDECK.format(shapes=str(shapes)))
        with (
            serving(empty) as plain,
            serving(pydeck) as inline,
            serving(ROOT / "app.py", rest=60, ATLAS_STORE=store) as atlas,
            chromium() as browser,
        ):
            yield from _bytes(browser, atlas, inline)
            yield from _times(browser, atlas, plain, folder, content)


def _store(folder: Path) -> str:
    store = str(folder / "store")
    environment = {**os.environ, "ATLAS_STORE": store}
    commands = [["demo"], *([["ingest", str(CENSUS)]] if CENSUS.is_file() else [])]
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", "data", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
    return store


def _prepared(store: str, shapes: Path, content: Path) -> None:
    """Write the country's GeoJSON, and what the Dash page shows: the atlas's own figures, rows and cards."""
    from answers import kept as cache
    from answers import summary
    from answers.colours import LIGHT, map_colours
    from answers.results import Results
    from answers.scope import Scope
    from answers.view import HEIGHT, View
    from answers.words import language
    from data.store import open_store
    from geo import maps

    snapshot = open_store(Path(store)).current()
    assert snapshot is not None
    results, geometry = Results(snapshot), cache.geometry()
    shapes.write_text(json.dumps(geometry.asset("legacy", "commune", "nation").geojson))
    scope = Scope("92", "legacy", "commune", 2025, "en")
    area, border = (
        geometry.asset("legacy", *where) for where in (("commune", "92"), ("district", "92", "outline"))
    )
    found: dict[str, Any] = {}
    with language("en"):
        cards = [f"{card.label} {card.figure}" for card in summary.overview_cards(results, scope)]
        for words, name in ((PEOPLE, "population"), (URBAN, "urban_share")):
            view = View(results, scope, name, "points", LIGHT)
            figure = maps.area_map(
                url=area.url,
                classes=view.classes,
                legend=view.legend(),
                colors=map_colours(LIGHT, view.colours),
                bounds=area.bounds,
                hover=view.hover,
                outlines=[maps.Outline(border.url, 1.4)],
                width=610,
                height=HEIGHT,
            )
            rows = list(zip(*view.ranked["texts"], strict=True))
            found[words] = {"figure": json.loads(figure.to_json()), "rows": rows, "cards": cards}
    content.write_text(json.dumps(found))


def _bytes(browser: Any, atlas: str, inline: str) -> Iterator[Promise]:
    page = Page(browser, inline)
    for option in (1, 2):
        before = page.received
        page.page.locator('[data-testid="stSelectbox"] input').click()
        page.page.get_by_role("option").nth(option).click()
        page.settle()
    whole = (page.received - before) / 1000
    page.page.close()
    yield Promise(
        name="10,035 communes as GeoJSON inside pydeck, a change", measured=whole, limit=None, unit="kB"
    )
    for where, limit, query in (
        ("10,035 communes", 20, "province=nation&geography=legacy&level=commune"),
        ("one province", 60, "province=92&geography=legacy&level=commune"),
    ):
        page = Page(browser, f"{atlas}/overview?{query}&lang=en")
        for name in (PEOPLE, URBAN):
            before = page.received + page.fetched
            _open(page.page)
            _choose(page.page, name)
            page.page.mouse.move(5, 5)  # away from the map, which would fetch its texts
            page.page.wait_for_function(PAINTED, arg=name, timeout=120_000)
            page.settle()
        kilobytes = (page.received + page.fetched - before) / 1000
        before = page.received + page.fetched
        page.page.locator(".js-plotly-plot").first.hover()
        page.settle()
        words = (page.received + page.fetched - before) / 1000
        page.page.close()
        yield Promise(
            name=f"a change of indicator on the whole page, {where}",
            measured=kilobytes,
            limit=limit,
            unit="kB",
            beside=f"{whole / kilobytes:.0f} times less than inline; {words:.0f} kB more under the pointer",
        )


def _open(page: Any) -> None:
    page.locator('[data-testid="stMain"] [data-testid="stSelectbox"]').first.locator("input").click()


def _choose(page: Any, name: str) -> None:
    page.get_by_role("option", name=name, exact=True).click()


def _times(browser: Any, atlas: str, plain: str, folder: Path, content: Path) -> Iterator[Promise]:
    nothing = Page(browser, plain).rerun_seconds()
    yield Promise(name="rerun of an empty Streamlit page", measured=nothing, limit=None, unit="s")
    address = f"{atlas}/overview?province=92&lang=en"
    change = _changed(browser, address, _choose, _open)
    to_profile = _to_profile(browser, address)
    cold = _cold(browser, address, "(")
    blank = _cold(browser, plain, None)
    yield Promise(name="cold load of an empty Streamlit page", measured=blank, limit=None, unit="s")
    yield Promise(name="click in the list to the unit's profile", measured=to_profile, limit=None, unit="s")
    if importlib.util.find_spec("dash") is None:
        yield Promise(
            name="change of indicator to repaint, one province", measured=change, limit=None, unit="s"
        )
        yield Promise(name="cold load to painted map, one province", measured=cold, limit=None, unit="s")
        return
    with _dash(folder, content) as dash:
        theirs = _changed(browser, dash, lambda page, name: page.get_by_label(name, exact=True).click())
        their_cold = _cold(browser, dash, "(")
    yield Promise(
        name="change of indicator to repaint, one province, beside plain Dash",
        measured=change / theirs,
        limit=1,
        unit="x",
        beside=f"{change:.2f} s, Dash {theirs:.2f} s",
    )
    yield Promise(
        name="cold load to painted map, one province, beside plain Dash",
        measured=cold / their_cold,
        limit=1.5,
        unit="x",
        beside=f"{cold:.2f} s, Dash {their_cold:.2f} s",
    )


def _changed(browser: Any, address: str, choose: Any, ready: Any = lambda page: None) -> float:
    """Return the median seconds from the choice of another indicator until its map is painted."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_function(PAINTED, arg="(", timeout=120_000)
    spent = []
    for turn in range(2 * TIMES):
        name = (PEOPLE, URBAN)[turn % 2]
        ready(page)
        page.wait_for_timeout(500)
        start = time.perf_counter()
        choose(page, name)
        page.wait_for_function(PAINTED, arg=name, timeout=120_000)
        spent.append(time.perf_counter() - start)
    page.close()
    return median(spent[2:])


def _to_profile(browser: Any, address: str) -> float:
    """Return the median seconds from a click in the list over the link to the unit's profile."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    spent = []
    for turn in range(3):
        page.goto(address)
        page.wait_for_function(PAINTED, arg="(", timeout=120_000)
        start = time.perf_counter()
        page.locator(".units tbody tr").nth(turn).click()
        page.get_by_role("link", name="Open profile").click()
        page.wait_for_url("**/commune*")
        page.wait_for_selector(f"{STILL} .headline", timeout=60_000)
        spent.append(time.perf_counter() - start)
    page.close()
    return median(spent)


def _cold(browser: Any, address: str, words: str | None) -> float:
    """Return the median seconds until a browser that knows nothing of the page has painted it."""
    spent = []
    for _ in range(TIMES):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address)
        if words is None:
            page.wait_for_selector(STILL, timeout=60_000)
        else:
            page.wait_for_function(PAINTED, arg=words, timeout=120_000)
        spent.append(time.perf_counter() - start)
        context.close()
    return median(spent)


@contextmanager
def _dash(folder: Path, content: Path) -> Iterator[str]:
    """Serve the Dash page and yield its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    script = folder / "dash_page.py"
    script.write_text(DASH.format(content=str(content), geometry=str(ROOT / ".atlas/geometry"), port=port))
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://localhost:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
