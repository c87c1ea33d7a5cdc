"""Each kind of part as a page draws it, read back from plotly's own figure: the numbers stand where they must."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.colours import DARK, LIGHT
from answers.figure import Chart, Dots, Event, Flow, Mark, Node, Scatter, Series, Sets, Timeline
from answers.words import LANGUAGES, language
from ui.draw import scales, screen_kinds
from ui.draw.frame import colour
from ui.draw.screen import drawn

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 3))


def series(name="a", values=(1.0, None, 3.0), **more) -> Series:
    return Series(name, tuple(values), tuple("–" if v is None else f"<{v}>" for v in values), **more)


def shown(part, theme=LIGHT, narrow=False) -> dict:
    """Return the figure as the browser gets it."""
    with language("vi"):
        return json.loads(drawn(part, theme, narrow).to_json())


@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_bars_are_as_long_as_their_values_and_in_the_order_given(values):
    names = tuple(f"n{i}" for i in range(len(values)))
    [bar] = shown(Chart("bars", "", names, (series(values=values),)))["data"]
    assert (bar["type"], bar["orientation"]) == ("bar", "h")
    assert bar["x"] == values
    assert bar["y"] == list(names)
    assert bar["text"] == [f"&lt;{v}>" for v in values]


def test_bars_begin_at_zero_and_the_first_stands_on_top():
    layout = shown(Chart("bars", "", ("a", "b", "c"), (series(),)))["layout"]
    assert layout["xaxis"]["rangemode"] == "tozero"
    assert layout["yaxis"]["autorange"] == "reversed"
    assert layout["height"] >= 240


def test_a_value_that_says_something_has_its_tone():
    part = Chart(
        "bars", "", ("a", "b"), (series(values=(1, 2), tones=("short", "met")),), floor=(1.5, "at least")
    )
    found = shown(part, DARK)
    assert found["data"][0]["marker"]["color"] == [DARK.short, DARK.met]
    assert [line["x0"] for line in found["layout"]["shapes"]] == [1.5]
    assert "at least" in [one["text"] for one in found["layout"]["annotations"]]


def test_a_range_is_a_mark_from_its_low_to_its_high():
    need = Series("need", (5.0, None), ("5–7", "–"), low=(5.0, None), high=(7.0, None), marks=True)
    found = shown(Chart("bars", "", ("a", "b"), (series(values=(6, 2)), need)))
    assert len(found["data"]) == 1
    [box] = found["layout"]["shapes"]
    assert (box["x0"], box["x1"]) == (5.0, 7.0)
    assert box["y0"] < 0 < box["y1"]
    assert [one["text"] for one in found["layout"]["annotations"]] == ["5–7"]


def test_marks_without_a_range_stand_at_their_values():
    other = series("peers", (2.0, 4.0), marks=True, tone="met")
    bar, marks = shown(Chart("bars", "", ("a", "b"), (series(values=(6, 2)), other)))["data"]
    assert (marks["x"], marks["y"], marks["mode"]) == ([2.0, 4.0], bar["y"], "markers")


def test_rows_stack_and_their_sums_stand_at_the_ends():
    part = Chart("rows", "", ("a", "b"), (series("x", (1, 4)), series("y", (2, 0)), series("none", (0, 0))))
    found = shown(part)
    assert [one["x"] for one in found["data"]] == [[1, 4], [2, 0]]
    assert found["layout"]["barmode"] == "stack"
    assert [(one["x"], one["text"]) for one in found["layout"]["annotations"]] == [(3, "3"), (4, "4")]


def test_columns_stack_over_their_categories():
    part = Chart("stacked", "", ("2024", "2025"), (series("x", (1, 4)), series("y", (2, None))))
    found = shown(part)
    assert [one["y"] for one in found["data"]] == [[1, 4], [2, None]]
    assert found["layout"]["xaxis"]["ticktext"] == ["2024", "2025"]
    assert [(one["x"], one["y"], one["text"]) for one in found["layout"]["annotations"]] == [(0, 3, "3")]


@given(
    st.lists(st.one_of(st.none(), NUMBERS), min_size=2, max_size=12).filter(
        lambda v: any(x is not None for x in v)
    )
)
def test_lines_run_over_their_categories_inside_an_axis_with_marks(values):
    years = tuple(str(2010 + i) for i in range(len(values)))
    found = shown(Chart("lines", "", years, (series(values=values),), decimals=3))
    [line] = found["data"]
    assert (line["x"], line["y"]) == (list(range(len(values))), values)
    axis = found["layout"]["yaxis"]
    known = [v for v in values if v is not None]
    assert axis["range"][0] <= min(known)
    assert max(known) <= axis["range"][1]
    assert len(axis["ticktext"]) == len(axis["tickvals"]) >= 2


@pytest.mark.parametrize(("lang", "half"), [("vi", "0,5"), ("en", "0.5")])
def test_the_marks_of_an_axis_are_written_by_the_server(lang, half):
    with language(lang):
        found = json.loads(
            drawn(
                Chart("lines", "", ("a", "b"), (series(values=(0, 1.5)),), decimals=1), LIGHT, False
            ).to_json()
        )
    axis = found["layout"]["yaxis"]
    assert half in axis["ticktext"]
    assert axis["tickvals"][axis["ticktext"].index(half)] == 0.5


def test_a_percentage_is_drawn_as_the_number_it_is():
    found = shown(Chart("lines", "", ("a", "b"), (series(values=(82.0, 90.0)),), percent=True))
    assert found["data"][0]["y"] == [82.0, 90.0]
    assert all(text.endswith("%") for text in found["layout"]["yaxis"]["ticktext"])


def test_a_range_along_a_line_is_a_band_and_holds_the_axis():
    one = series(values=(1.0, 2.0, 3.0), low=(None, 1.0, 1.0), high=(None, 4.0, 9.0), dash=True)
    band, line = shown(Chart("lines", "", ("a", "b", "c"), (one,)))["data"]
    assert (band["x"], band["y"], band["fill"]) == ([1, 2, 2, 1], [4.0, 9.0, 1.0, 1.0], "toself")
    assert line["line"]["dash"] == "dash"
    assert shown(Chart("lines", "", ("a", "b", "c"), (one,)))["layout"]["yaxis"]["range"][1] >= 9


def test_what_happened_is_marked_at_its_place():
    part = Chart("lines", "", ("2024", "2025", "2026"), (series(),), events=(Event(1.5, "1/7/2025"),))
    layout = shown(part)["layout"]
    assert [(line["x0"], line["x1"]) for line in layout["shapes"]] == [(1.5, 1.5)]
    assert [one["text"] for one in layout["annotations"]] == ["1/7/2025"]


def test_points_of_a_scatter_keep_their_axes():
    dots = Dots("in", (10.0, 20.0), (1.0, 3.0), ("A", "B"), "muted")
    out = Dots("low", (50.0,), (0.5,), ("C",), "short", hovers=("C\nfar",))
    limit = Dots("95", (10.0, 50.0), (2.0, 2.5), line=True, dash=True, tone="muted")
    part = Scatter("", (dots, out, limit), "people", "per 10,000", 1)
    found = shown(part)
    by_name = {one["name"]: one for one in found["data"]}
    assert (by_name["in"]["x"], by_name["in"]["y"]) == ([10.0, 20.0], [1.0, 3.0])
    assert by_name["low"]["customdata"] == ["C<br>far"]
    assert by_name["low"]["marker"]["color"] == LIGHT.short
    assert by_name["95"]["line"]["dash"] == "dash"
    assert found["layout"]["xaxis"]["title"]["text"] == "people"
    assert found["layout"]["yaxis"]["title"]["text"] == "per 10,000"
    across, up = scales.axes(part)
    assert found["layout"]["xaxis"]["tickvals"] == list(across.marks)
    assert found["layout"]["yaxis"]["tickvals"] == list(up.marks)


def test_the_flow_keeps_everybody():
    nodes = (
        Node(0, "a", "met", 8),
        Node(0, "b", "short", 2),
        Node(1, "c", "met", 9),
        Node(1, "d", "short", 1),
    )
    links = ((0, 2, 7, "kept: 7"), (1, 2, 2, "gained: 2"), (0, 3, 1, "lost: 1"))
    part = Flow("", nodes, links, Chart("stacked", "", (), ()))
    [sankey] = shown(part)["data"]
    assert sankey["node"]["label"] == ["a", "b", "c", "d"]
    assert list(zip(sankey["link"]["source"], sankey["link"]["target"], sankey["link"]["value"], strict=True)) == [
        (0, 2, 7), (1, 2, 2), (0, 3, 1)
    ]  # fmt: skip
    assert sankey["node"]["x"][0] < sankey["node"]["x"][2]


def test_a_phone_sees_the_last_step_of_a_flow():
    nodes = tuple(Node(i, f"n{i}", "met", 5) for i in range(3))
    part = Flow("", nodes, ((0, 1, 5, ""), (1, 2, 5, "")), Chart("stacked", "", (), ()))
    [sankey] = shown(part, narrow=True)["data"]
    assert sankey["node"]["label"] == ["n1", "n2"]
    assert (sankey["link"]["source"], sankey["link"]["target"]) == ([0], [1])


def test_combinations_show_exactly_the_parts_that_fail():
    part = Sets("", ("a", "b", "c"), ((0,), (0, 2)), (5, 2), ("5", "2"), "short", Chart("bars", "", (), ()))
    bars, dots, line = shown(part)["data"]
    assert bars["y"] == [5, 2]
    lit = [
        (x, y) for x, y, fill in zip(dots["x"], dots["y"], dots["marker"]["color"], strict=True)
        if fill == LIGHT.short
    ]  # fmt: skip
    assert lit == [(0, 0), (1, 0), (1, 2)]
    assert line["y"] == [0, 2]


def test_a_line_of_time_has_each_mark_at_its_day_and_says_what_the_signs_mean():
    marks = (
        Mark(dt.date(2027, 12, 31), 0, "●", "met", "A"),
        Mark(dt.date(2027, 12, 31), 1, "▼", "short", "B"),
    )
    part = Timeline(
        "", marks, (dt.date(2026, 11, 28), "today"), (("●", "done"),), Chart("stacked", "", (), ())
    )
    found = shown(part)
    [signs] = found["data"]
    assert signs["x"] == ["2027-12-31"] * 2
    assert signs["y"] == [0, 1]
    assert signs["textfont"]["color"] == [colour("met", LIGHT), colour("short", LIGHT)]
    assert [one["text"] for one in found["layout"]["annotations"]] == ["today", "● done"]


def test_names_cannot_smuggle_markup():
    found = shown(Chart("bars", "", ("<b>x</b>",), (series(values=(1,)),)))
    assert found["data"][0]["y"] == ["&lt;b>x&lt;/b>"]


def test_every_kind_has_a_drawer():
    kinds = {Chart, Scatter, Flow, Sets, Timeline}
    assert kinds <= set(drawn.registry)
    assert screen_kinds.flow in drawn.registry.values()
    with pytest.raises(TypeError, match="no chart"):
        drawn("text", LIGHT, False)
    assert LANGUAGES[0] == "vi"
