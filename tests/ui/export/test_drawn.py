"""How charts are drawn: one rule for the axes, the lines, the numbers and the names of both outputs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx.oxml.ns import qn

from answers.colours import LIGHT
from answers.figure import Chart, Dots, Scatter, Series, Slide, Spec
from answers.story import Story
from tests.ui.export.samples import SCOPE, opened
from ui.draw import measure, picture, scales
from ui.draw.deck import deck

YEARS = tuple(str(year) for year in range(2020, 2026))
TEXT = "{http://www.w3.org/2000/svg}text"
PATH = "{http://www.w3.org/2000/svg}path"


def line(name, *values, tone="accent", dash=False):
    return Series(name, values, tuple("–" if v is None else f"{v}" for v in values), tone, dash)


def lines(*series, **more):
    return Chart("lines", "Chart", YEARS[: len(series[0].values)], series, **more)


def slide(part):
    spec = Spec("trend", "", SCOPE)
    return Slide(spec, "Title", (part,), (), "illustrative", "Place", "Place", "Source", "abc")


def drawn(part):
    return ET.fromstring(picture.svg(slide(part), LIGHT, source=False))


def native(part):
    [made] = opened(deck(Story((slide(part),), ()), lang="en")).slides
    return next(shape.chart for shape in made.shapes if shape.has_chart)


def words(root):
    return ["".join(node.itertext()) for node in root.iter(TEXT)]


INSURED = lines(line("a", 88.4, 89.9, 91.0, 92.7, 94.0, 95.0), decimals=1, percent=True)
MISSING = lines(line("low", 182, 177, 177, 164, 163, 146), line("high", 311, 294, 304, 285, 288, 266))


def test_lines_begin_at_zero_and_the_axis_is_not_shown():
    axis = native(MISSING).value_axis
    assert (axis.minimum_scale, axis.visible) == (0, False)
    assert axis.maximum_scale >= 1.1 * 311
    root = drawn(MISSING)
    assert not {"0", "100", "400"} & set(words(root))
    [floor] = [node for node in root.iter(PATH) if node.get("stroke-width") == "1"]
    points = [float(node.get("cy")) for node in root if node.tag.endswith("circle")]
    levels = dict(zip((182, 177, 177, 164, 163, 146, 311), points, strict=False))
    foot = float(re.findall(r"[\d.]+", floor.get("d"))[1])
    assert (foot - levels[182]) / (foot - levels[311]) == pytest.approx(182 / 311, abs=0.01)


def test_a_cut_axis_is_seen_in_both():
    axis = native(INSURED).value_axis
    assert (axis.minimum_scale, axis.visible, axis.has_major_gridlines) == (86, True, True)
    assert axis.major_unit == 2
    marks = {f"{mark}%" for mark in range(86, 97, 2)}
    assert marks <= set(words(drawn(INSURED)))


def test_a_flat_line_begins_at_zero():
    flat = lines(line("a", 11, 11, 11))
    assert scales.amounts(flat).marks[0] == 0
    assert native(flat).value_axis.minimum_scale == 0


@given(
    st.lists(st.integers(0, 10**8).map(lambda n: n / 1000), min_size=1, max_size=9),
    st.booleans(),
    st.booleans(),
)
def test_an_axis_holds_its_values(values, whole, percent):
    axis = scales.scale(values, whole=whole, percent=percent)
    assert axis.low <= min(values) + 1e-6 * axis.span
    assert axis.high >= max(values) - 1e-6 * axis.span
    assert axis.cut <= (max(values) - min(values) < scales.CUT * max(values))
    assert not (percent and max(values) <= 100 < axis.high)
    assert not whole or all(mark == int(mark) for mark in axis.marks)


OUTLOOK = Chart(
    "lines",
    "Outlook",
    YEARS[:4],
    (
        line("seen", 79.7, 91.0, None, None),
        line("ahead", None, 91.0, 97.5, 100.0, tone="muted", dash=True),
        line("range", None, None, 95.0, 99.0, tone="c5", dash=True),
        line("range", None, None, 98.0, 100.0, tone="c5", dash=True),
        line("goal", 100.0, 100.0, 100.0, 100.0, tone="text", dash=True),
    ),
    decimals=1,
    percent=True,
    dense=True,
)


def test_a_name_is_in_the_legend_once_and_a_percentage_ends_at_a_hundred():
    chart = native(OUTLOOK)
    gone = chart.legend._element.findall(qn("c:legendEntry"))
    assert [entry.find(qn("c:idx")).get("val") for entry in gone] == ["3"]
    assert chart.value_axis.maximum_scale == 100
    assert words(drawn(OUTLOOK)).count("range") == 1
    shown = {word for word in words(drawn(OUTLOOK)) if word.endswith("%")}
    assert shown == {"70%", "80%", "90%", "100%"}


def test_shares_of_a_curve_end_at_a_hundred():
    curve = Dots("curve", (0.0, 50.0, 100.0), (0.0, 22.0, 100.0), line=True)
    chart = native(Scatter("Lorenz", (curve,), "people", "staff", 0))
    for axis in (chart.category_axis, chart.value_axis):
        assert (axis.minimum_scale, axis.maximum_scale) == (0, 100)


def test_counts_have_whole_steps_and_both_outputs_one_axis():
    dots = Dots("other", (-7.0, 1.0, 1.5, 5.0), (1.0, 1.0, 2.0, 1.0), ("",) * 4, "muted")
    named = Dots("own", (10.6,), (1.0,), ("own",), "c1")
    part = Scatter("Placebos", (dots, named), "effect", "stations", 0, zero=False)
    axis = native(part).value_axis
    assert (axis.minimum_scale, axis.maximum_scale, axis.major_unit) == (0, 2, 1)
    found, _ = scales.axes(part)
    assert {str(mark).replace("-", "−") for mark in found.marks} <= set(words(drawn(part)))


def test_every_dash_is_its_own_and_the_legend_s():
    root = drawn(OUTLOOK)
    dashes = [node.get("stroke-dasharray") for node in root.iter(PATH) if node.get("stroke-dasharray")]
    keys, strokes = dashes[:3], dashes[3:]
    assert len(set(keys)) == 3
    assert set(keys) == set(strokes)
    styles = [series.format.line.dash_style for series in native(OUTLOOK).series]
    assert styles[2] == styles[3]
    assert len({styles[i] for i in (1, 2, 4)} - {None}) == 3


def flow(*values):
    tones = ("met", "c2", "c5", "short", "muted")
    series = tuple(line(f"part {n}", value, tone=tones[n]) for n, value in enumerate(values))
    return Chart("stacked", "Flow", ("2023 → 2024",), series)


@pytest.mark.parametrize("values", [(59, 11, 4, 3, 3), (3, 4, 59), (70, 1, 1, 1, 1)], ids=str)
def test_every_part_of_a_column_says_its_number_apart_from_the_others(values):
    root = drawn(flow(*values))
    said = [node for node in root.iter(TEXT) if node.text in {str(v) for v in values}]
    assert sorted(node.text for node in said) == sorted(str(v) for v in values)
    assert min(float(node.get("font-size")) for node in said) >= 16
    feet = sorted(float(node.get("y")) for node in said if node.get("text-anchor") is None)
    assert len(feet) >= 2
    assert min(b - a for a, b in pairwise(feet)) >= 16
    assert str(sum(values)) in words(root)


def test_thin_parts_have_their_numbers_beside_the_native_column():
    chart = native(flow(59, 11, 4, 3, 0))
    moved = [series._element.findall(f".//{qn('c:manualLayout')}") for series in chart.series]
    assert [len(found) for found in moved] == [0, 0, 1, 1, 0]
    assert float(moved[2][0].find(qn("c:x")).get("val")) > 0.3
    hidden = [series._element.find(f".//{qn('c:delete')}") is not None for series in chart.series]
    assert hidden == [False, False, False, False, True]


def test_a_total_is_not_written_where_only_one_part_is():
    opened_, planned = line("open", 3, 13, None), line("planned", None, None, 30, tone="c5")
    said = words(drawn(Chart("stacked", "Rollout", YEARS[:3], (opened_, planned))))
    assert [said.count(number) for number in ("3", "13", "30")] == [1, 1, 1]


NAMES = ("1. Leadership and management of health care", "2. Staff", "3. Premises of the station", "Equipment")


@pytest.mark.parametrize(
    "names", [NAMES, NAMES[1:], tuple(f"{n}. {NAMES[0][3:40]}" for n in range(10))], ids=len
)
def test_all_names_of_a_chart_have_one_size(names):
    part = Chart("bars", "Shares", names, (line("share", *range(1, len(names) + 1)),))
    ended = [
        node for node in drawn(part).iter(TEXT) if node.get("text-anchor") == "end" and node.text != "abc"
    ]
    sizes = {float(node.get("font-size")) for node in ended}
    assert len(sizes) == 1
    assert min(sizes) >= 16
    assert "".join(names).replace(" ", "") == "".join(node.text for node in ended).replace(" ", "")


def test_names_of_many_native_bars_are_small():
    part = Chart("bars", "Shares", tuple(f"{n}" for n in range(10)), (line("share", *range(10)),))
    assert native(part).category_axis.tick_labels.font.size.pt == 14


def test_a_number_stands_on_the_side_away_from_its_line():
    steep = lines(line("a", 0, 50, 100, 50, 0, 0))
    [places] = scales.sides(steep, scales.amounts(steep))
    assert places == ["above", "left", "above", "right", "above", "above"]
    valley = lines(line("a", 90, 20, 90))
    assert scales.sides(valley, scales.amounts(valley)) == [["above", "below", "above"]]
    goal = lines(line("a", 40, 55), line("goal", 60, 60, tone="text", dash=True))
    assert scales.sides(goal, scales.amounts(goal)) == [["above", "below"], [None, "above"]]


def test_a_named_point_is_clear_of_the_others():
    dots = Dots("other", tuple(float(x) for x in range(10)), (1.0,) * 10, ("",) * 10, "muted")
    named = Dots("own", (10.0,), (1.0,), ("own place",), "c1")
    root = drawn(Scatter("Placebos", (dots, named), "effect", "stations", 0, zero=False))
    label = next(node for node in root.iter(TEXT) if node.text == "own place" and node.get("stroke"))
    left, foot = float(label.get("x")), float(label.get("y"))
    right = left + measure.width("own place", 24)
    circles = [(float(n.get("cx")), float(n.get("cy"))) for n in root if n.tag.endswith("circle")]
    assert not [1 for x, y in circles if left - 6 < x < right + 6 and foot - 18 < y < foot + 6]


def test_a_sign_is_in_the_picture_beside_letters_that_join():
    part = lines(line("a", 1, 2))
    with_sign, without = (replace(slide(part), title=f"to be filled by 2030 ({sign} met)") for sign in "● ")
    dark = [
        Image.open(BytesIO(picture.png(one, LIGHT))).convert("L").histogram() for one in (with_sign, without)
    ]
    assert sum(dark[0][:128]) > sum(dark[1][:128]) + 300
