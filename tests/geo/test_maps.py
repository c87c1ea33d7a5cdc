"""Map figures: small on the wire, nothing asked of another host, every unit there once."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import classes
from geo.maps import Legend, Outline, area_map, view
from tests.geo.drawn import BOUNDS, COLORS, URL

LEGEND = Legend("Bác sĩ trên 10.000 dân", ["< 1", "1 – < 2", "≥ 2"], "Không có số liệu", "Không áp dụng")


def communes(count: int) -> pd.Series:
    values = pd.Series(np.arange(count) % 3 + 0.5, index=[f"{31000 + i:05d}" for i in range(count)])
    values.iloc[3] = np.nan
    return values


def draw(count: int = 83, **options):
    values = communes(count)
    flag = pd.Series(values.index == "31004", index=values.index)
    hover = [f"<b>Xã số {code}</b><br>1,2 bác sĩ (3 / 12.345)" for code in values.index]
    found = classes(values, breaks=[1, 2], not_applicable=flag)
    arguments = {"hover": hover, "bounds": BOUNDS, "colors": COLORS, "legend": LEGEND}
    return area_map(url=URL, classes=found, **arguments | options)


def places(count: int) -> pd.DataFrame:
    """Return places along the diagonal from the south-west to the north-east of the frame."""
    share = np.linspace(0, 1, count)
    index = communes(count).index
    return pd.DataFrame({"longitude": 105.2 + 0.7 * share, "latitude": 9.9 + 0.5 * share}, index=index)


@pytest.mark.parametrize(("count", "most"), [(83, 15_000), (617, 100_000)])
def test_a_map_is_small_and_has_every_unit_once(count, most):
    figure = draw(count)
    assert len(figure.to_json()) < most
    (trace,) = figure.data
    assert list(trace.locations) == [31000 + i for i in range(count)]
    assert list(trace.z[:6]) == [0, 1, 2, -1, -2, 2]


def test_without_hover_a_country_is_small_too():
    assert len(draw(10_035, hover=None).to_json()) < 100_000
    assert "%{properties.n}" in draw(hover=None).data[0].hovertemplate


def test_each_code_gets_its_own_colour():
    trace = draw().data[0]
    wanted = [COLORS.not_applicable, COLORS.no_data, *COLORS.classes]
    for code, color in zip(range(-2, 3), wanted, strict=True):
        share = (code - trace.zmin) / (trace.zmax - trace.zmin)
        below = [stop for stop in trace.colorscale if stop[0] <= share][-1]
        above = next(stop for stop in trace.colorscale if stop[0] > share)
        assert below[1] == above[1] == color


def test_the_legend_counts_every_unit_and_names_the_special_classes():
    text = draw().layout.annotations[0].text
    assert sum(int(n) for n in re.findall(r"\((\d+)\)", text)) == 83
    assert "Không có số liệu (1)" in text
    assert "Không áp dụng (1)" in text
    full = classes(pd.Series([0.0, 1.0, 2.0], index=["1", "2", "3"]), breaks=[1, 2])
    quiet = area_map(url=URL, classes=full, legend=LEGEND, colors=COLORS, bounds=BOUNDS)
    assert "Không" not in quiet.layout.annotations[0].text


def test_nothing_is_asked_of_another_host():
    figure = draw(outlines=[Outline("/geometry/x.0123456789ab.json", 1.2)], selected="31005")
    text = figure.to_json()
    assert "http" not in text
    # MapLibre refuses a style without sources, and Plotly drops an empty one when it redraws
    assert figure.layout.map.style["sources"]


def test_selected_unit_is_framed_not_recoloured():
    plain, framed = draw(), draw(selected="31005")
    assert list(framed.data[0].z) == list(plain.data[0].z)
    assert list(framed.data[1].locations) == [31005]
    assert framed.data[1].hoverinfo == "skip"
    assert len(draw(selected="99999").data) == 1


def test_zoom_belongs_to_the_revision_and_the_archipelagos_to_the_country():
    figure = draw(uirevision="legacy-92", inset=["Hoàng Sa", "Trường Sa"], note="Ranh giới sơ đồ")
    assert figure.layout.uirevision == "legacy-92"
    texts = [a.text for a in figure.layout.annotations]
    assert {"Hoàng Sa", "Trường Sa", "Ranh giới sơ đồ"} <= set(texts)
    north, south = (a.y for a in figure.layout.annotations if a.text in ("Hoàng Sa", "Trường Sa"))
    assert north > south


def test_the_legend_takes_the_emptiest_corner():
    assert draw().layout.annotations[0].y == 0
    moved = draw(places=places(83)).layout.annotations[0]
    assert (moved.x, moved.y) != (0, 0)


def test_colours_must_match_the_classes():
    with pytest.raises(ValueError, match="3 classes, 2 labels"):
        draw(legend=Legend("", ["a", "b"], "", ""))


def mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)


@given(
    st.floats(102, 109),
    st.floats(8, 22),
    st.floats(0.05, 7),
    st.floats(0.05, 12),
    st.sampled_from([(700, 480), (360, 380), (1000, 300)]),
    st.sampled_from([0, 150]),
)
def test_bounds_fit_in_the_frame_and_nearly_fill_it(west, south, across, up, frame, below):
    seen = view((west, south, west + across, south + up), width=frame[0], height=frame[1], below=below)
    world = 512 * 2 ** seen["zoom"]
    center = mercator(seen["center"]["lat"])
    left = (west - seen["center"]["lon"]) / 360 * world + frame[0] / 2
    top = frame[1] / 2 - (mercator(south + up) - center) * world
    foot = frame[1] / 2 - (mercator(south) - center) * world
    assert left >= 0
    assert top >= -0.5
    assert foot <= frame[1] - below + 0.5
    assert min(left / frame[0], top / (frame[1] - below)) < 0.06
