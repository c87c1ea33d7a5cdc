"""Stations, flows and columns: each where it is, as high or as wide as its number, nothing asked of another host."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import classes
from geo.decks import add_flows, columns_map, stations_map
from tests.geo.drawn import BOUNDS, COLORS, URL

BORDERS = "/geometry/legacy-district-92-outline.0123456789ab.json"
STATIONS = pd.DataFrame(
    {"longitude": [105.3, 105.4, np.nan], "latitude": [10.0, 10.1, np.nan]},
    index=["TYT-31000", "TYT-31001", "TYT-31002"],
)


def stations_deck():
    found = classes(pd.Series([5.0, None, 1.0], index=STATIONS.index), breaks=[1, 2])
    return stations_map(
        outline_url=BORDERS,
        stations=STATIONS,
        classes=found,
        hover=["a", "b", "c"],
        colors=COLORS,
        bounds=BOUNDS,
    )


def columns(values: list[float | None], **options):
    index = [f"3100{i}" for i in range(len(values))]
    numbers = pd.Series(values, index=index, dtype="float64")
    places = pd.DataFrame({"longitude": 105.3, "latitude": 10.0}, index=index)
    arguments = {"largest": 10.0, "hover": [f"<b>{code}</b>" for code in index]}
    return columns_map(
        url=URL,
        outline_urls=[BORDERS],
        values=numbers,
        places=places,
        classes=classes(numbers, breaks=[1, 2]),
        colors=COLORS,
        bounds=BOUNDS,
        **arguments | options,
    )


def layer(deck, name):
    assert "http" not in deck.to_json()
    spec = json.loads(deck.to_json())
    assert "mapProvider" not in spec  # with one, the browser would fetch a ground map
    [found] = [one for one in spec["layers"] if one["id"] == name]
    return found


def test_stations_are_dots_with_the_colour_of_their_class():
    dots = layer(stations_deck(), "stations")
    assert layer(stations_deck(), BORDERS)["data"] == BORDERS
    assert [row["s"] for row in dots["data"]] == ["TYT-31000", "TYT-31001"]
    palette = json.loads(re.search(r"\((.*)\)\[k\]", dots["getFillColor"]).group(1))
    assert palette[dots["data"][0]["k"]] == [0x0B, 0x54, 0x4D]
    assert palette[dots["data"][1]["k"]] == [0xCC] * 3  # no data


def test_a_flow_joins_its_two_stations_and_one_from_elsewhere_has_no_arc():
    flows = pd.DataFrame(
        {"origin": ["TYT-31000", "new"], "destination": ["TYT-31001", "TYT-31000"], "count": [2, 1]}
    )
    deck = add_flows(
        stations_deck(), flows=flows, places=STATIONS, hover=["two", "one"], colors=("#0000ff", "#ff0000")
    )
    arcs = layer(deck, "flows")
    assert [(row["a"], row["b"], row["t"]) for row in arcs["data"]] == [([105.3, 10.0], [105.4, 10.1], "two")]
    assert (arcs["getSourceColor"], arcs["getTargetColor"]) == ([0, 0, 255], [255, 0, 0])


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=9))
def test_a_column_is_as_high_as_its_value_is_far_from_zero(values):
    rows = layer(columns(values), "columns")["data"]
    assert [row["h"] for row in rows] == pytest.approx([abs(value) / 10 for value in values], abs=1e-4)


def test_an_area_without_a_value_has_no_column_and_the_geometry_comes_by_url():
    deck = columns([4.0, None, -2.0])
    assert [row["c"] for row in layer(deck, "columns")["data"]] == ["31000", "31002"]
    assert layer(deck, "ground")["data"] == URL
    assert len(deck.to_json()) < 6000


def test_columns_of_nothing_are_refused():
    with pytest.raises(ValueError, match="above zero"):
        columns([0.0], largest=0.0)
