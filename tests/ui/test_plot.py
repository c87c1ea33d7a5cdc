"""What a chart's component is told and its browser fetches: small, complete, under addresses nobody guesses."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from geo.classify import NO_DATA
from tests.asgi import get
from ui import component, held, plot


def fetched(path: str) -> tuple[int, str, str]:
    """Return the status, how long it may be kept, and the text of what is at an address."""
    status, head, body = get([*component.routes(), *held.routes()], path)
    return status, head.get("cache-control", ""), gzip.decompress(body).decode() if body else ""


def country(codes: list[int], classes: list[int]) -> go.Figure:
    return go.Figure(
        go.Choroplethmap(
            geojson="/geometry/x.json",
            locations=np.array(codes, dtype=np.uint16),
            z=np.array(classes, dtype=np.int8),
            text=[f"about {code}" for code in codes],
        ),
        {"height": 300},
    )


def test_a_map_of_very_many_areas_is_told_in_the_order_of_its_file(monkeypatch):
    monkeypatch.setattr(plot, "MANY", 3)
    told = plot.pack(country([101, 7, 205], [2, 0, 1]), pd.Index(["00007", "00101", "00150", "00205"]))
    assert told.classes == [0, 2, NO_DATA, 1]
    assert json.loads(fetched(told.texts)[2]) == ["about 7", "about 101", "", "about 205"]
    [trace] = json.loads(told.figure)["data"]
    assert "locations" not in trace
    assert "z" not in trace
    assert trace["text"] == ""
    assert trace["geojson"] == "/geometry/x.json"


def test_a_map_of_few_areas_is_told_whole():
    told = plot.pack(country([101, 7], [2, 0]), pd.Index(["00007", "00101"]))
    assert (told.classes, told.texts) == (None, None)
    assert json.loads(told.figure) == json.loads(country([101, 7], [2, 0]).to_json())


def test_what_is_held_has_an_address_of_this_process_alone_and_is_forgotten_in_the_end(monkeypatch):
    first = held.url(b'["one"]')
    assert first == held.url(b'["one"]')
    assert first != held.url(b'["two"]')
    monkeypatch.setattr(held, "_KEY", b"another process")
    assert held.url(b'["one"]') != first
    status, keeping, text = fetched(first)
    assert (status, json.loads(text)) == (200, ["one"])
    assert "private" in keeping
    for i in range(held.MOST):
        held.url(str(i).encode())
    assert fetched(first)[0] == 404


@pytest.mark.parametrize("name", ["plotly", "plot", "unit_list", "heat_table", "stage"])
def test_a_script_is_fetched_once_under_the_hash_of_what_it_says(name):
    status, keeping, text = fetched(component.address(name))
    assert (status, text) == (200, component._path(name).read_text("utf-8"))
    assert "immutable" in keeping
    assert fetched(f"/script/{name}.js")[0] == 404


def test_what_a_component_is_told_travels_packed(monkeypatch):
    sent = {}
    monkeypatch.setattr(component, "_component", lambda *_: lambda **told: sent.update(told))
    component.show("plot", {"words": "Cần Thơ" * 1000}, key="k")
    assert len(sent["data"]) < 200
    assert json.loads(gzip.decompress(b64decode(sent["data"])))["words"] == "Cần Thơ" * 1000
