"""The map on paper: every unit drawn once, in its colour, where it lies."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from answers.colours import LIGHT
from geo.webgeometry import GeometryStore
from ui.draw.vector_map import WIDTH, svg


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return GeometryStore(tmp_path_factory.mktemp("geometry")).asset("legacy", "district", "92")


def test_every_unit_is_drawn_once_in_its_colour(shapes):
    root = ET.fromstring(svg(shapes=shapes, fills={"916": "#123456"}, theme=LIGHT, selected="916"))
    fills = [path.get("fill") for path in root]
    assert fills.count("#123456") == 1
    assert fills.count(LIGHT.no_data) == len(shapes.geojson["features"]) - 1
    assert fills[-1] == "none", "the chosen unit's frame lies on top"


def test_the_map_fits_its_sheet_north_up(shapes):
    drawn = svg(shapes=shapes, fills={}, theme=LIGHT)
    root = ET.fromstring(drawn)
    width, height = float(root.get("width")), float(root.get("height"))
    assert max(width, height) == pytest.approx(WIDTH, abs=1)
    numbers = [float(n) for path in root for n in re.findall(r"-?\d+\.\d", path.get("d"))]
    assert min(numbers) >= -0.1
    assert max(numbers[::2]) <= width + 1
    assert max(numbers[1::2]) <= height + 1
    west, south, east, north = shapes.bounds
    assert width / height == pytest.approx((east - west) * 0.985 / (north - south), rel=0.02)
