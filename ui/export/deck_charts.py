"""Native charts of a deck: the reader's PowerPoint opens their numbers, changes them, recolours them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE as TYPE
from pptx.enum.chart import XL_LABEL_POSITION as AT
from pptx.enum.chart import XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from ui.export.deck_template import Template
from ui.export.frame import ink
from ui.export.parts import Chart, Dots, Scatter, Tone
from ui.export.shapes import Box
from ui.theme import LIGHT

TYPES: Final = {
    "bars": TYPE.BAR_CLUSTERED,
    "stacked": TYPE.COLUMN_STACKED,
    "lines": TYPE.LINE_MARKERS,
}
STATUS: Final = {"short": LIGHT.short, "met": LIGHT.met, "between": LIGHT.between}
ACCENTS: Final = {
    "accent": MSO_THEME_COLOR.ACCENT_1,
    "c0": MSO_THEME_COLOR.ACCENT_1,
    "c1": MSO_THEME_COLOR.ACCENT_2,
    "c2": MSO_THEME_COLOR.ACCENT_3,
    "c3": MSO_THEME_COLOR.ACCENT_4,
    "c4": MSO_THEME_COLOR.ACCENT_5,
    "c5": MSO_THEME_COLOR.ACCENT_6,
}
SIZE: Final = 16
NAMED: Final = 8
"""Categories of a dense chart whose names are written."""
LEAST_LABEL: Final = 0.04
"""A part of a column under this share of the highest column has no room for its number."""


def number_format(decimals: int, *, percent: bool = False, sign: bool = False) -> str:
    """Return an Office number format; Office writes separators as the reader's machine does.

    >>> number_format(1, percent=True)
    '#,##0.0"%";−#,##0.0"%"'
    """
    form = "#,##0" + ("." + "0" * decimals if decimals else "") + ('"%"' if percent else "")
    plus = f"+{form}" if sign else form
    return f"{plus};−{form};{form}" if sign else f"{form};−{form}"


def paint(colour: Any, tone: Tone) -> None:
    """Set a colour: the theme's accents, the theme's text, or a status that looks the same everywhere."""
    if tone in STATUS:
        colour.rgb = RGBColor.from_string(STATUS[tone].lstrip("#"))
    elif tone in ACCENTS:
        colour.theme_color = ACCENTS[tone]
    else:
        colour.theme_color = MSO_THEME_COLOR.TEXT_2 if tone == "muted" else MSO_THEME_COLOR.TEXT_1


def shown(tone: Tone, template: Template) -> str:
    """Return the colour a tone has in a template, to choose the ink on it."""
    if tone in STATUS:
        return STATUS[tone]
    names = list(ACCENTS)[1:]
    if tone in ACCENTS:
        return template.accents[0 if tone == "accent" else names.index(tone)]
    return LIGHT.muted


def add(slide: Any, part: Chart, box: Box, template: Template) -> Any:
    """Add bars, columns or lines; return the graphic frame."""
    data = CategoryChartData(number_format=_format(part))
    data.categories = part.categories
    for one in part.series:
        data.add_series(one.name, one.values)
    frame = slide.shapes.add_chart(
        TYPES[part.kind], Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data
    )
    chart = frame.chart
    _common(chart, part.title, legend=len(part.series) > 1)
    _amounts(chart.value_axis, part)
    chart.category_axis.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.tick_labels.font.size = Pt(SIZE)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if part.kind == "bars" or part.dense:
        _name_every(chart.category_axis, max(1, round(len(part.categories) / NAMED)) if part.dense else 1)
    known = [value for one in part.series for value in one.values if value is not None]
    if part.kind != "lines":
        if min(known) >= 0:
            chart.value_axis.minimum_scale = 0
        elif max(known) <= 0:
            chart.value_axis.maximum_scale = 0
    if part.kind == "bars":
        chart.category_axis.reverse_order = True
        # Shortages run to the right like everything else: their names would lie under the bars.
        if max(known) <= 0 > min(known):
            chart.value_axis.reverse_order = True
            chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        chart.plots[0].gap_width = 40
        chart.plots[0].overlap = -5
    elif part.kind == "stacked":
        chart.plots[0].gap_width = 40
        chart.plots[0].overlap = 100
    for i in range(len(part.series)):
        _series(chart.series[i], part, i, template)
    return frame


def _amounts(axis: Any, part: Chart) -> None:
    """Show the axis of amounts where the points do not say them."""
    axis.visible = part.dense
    axis.has_major_gridlines = part.dense
    if part.dense:
        axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LIGHT.line.lstrip("#"))
        axis.format.line.fill.background()
        axis.tick_labels.font.size = Pt(SIZE)
        axis.tick_labels.number_format = _format(part)
        axis.tick_labels.number_format_is_linked = False


def _name_every(axis: Any, count: int) -> None:
    """Write the name of each category, or of one in so many."""
    every = etree.Element(qn("c:tickLblSkip"), val=str(count))
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(every)


def _format(part: Chart) -> str:
    signed = any(text.startswith("+") for one in part.series for text in one.texts)
    return number_format(part.decimals, percent=part.percent, sign=signed)


def _common(chart: Any, title: str, *, legend: bool) -> None:
    chart.font.size = Pt(SIZE)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.has_title = True
    chart.chart_title.text_frame.text = title
    run = chart.chart_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(SIZE), False
    chart.chart_title.include_in_layout = False
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(SIZE)


def _series(series: Any, part: Chart, at: int, template: Template) -> None:
    tone, dash = part.series[at].tone, part.series[at].dash
    if part.kind == "lines":
        series.smooth = False
        paint(series.format.line.color, tone)
        series.format.line.width = Pt(3 if at == 0 else 2)
        if dash:
            series.format.line.dash_style = MSO_LINE.DASH
        if dash or part.dense:
            series.marker.style = XL_MARKER_STYLE.NONE
        else:
            series.marker.style = XL_MARKER_STYLE.CIRCLE
            series.marker.size = 8
            series.marker.format.fill.solid()
            paint(series.marker.format.fill.fore_color, tone)
            series.marker.format.line.fill.background()
    else:
        series.format.fill.solid()
        paint(series.format.fill.fore_color, tone)
        series.invert_if_negative = False
    if part.dense:
        return
    if dash:
        _label_last(series, part, at)
        return
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _format(part), False
    labels.font.size = Pt(SIZE)
    if part.kind == "stacked":
        labels.position = AT.CENTER
        labels.font.color.rgb = RGBColor.from_string(ink(shown(tone, template)).lstrip("#"))
        _hide_small(series, part, at)
        return
    labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    below = len(part.series) > 1 and (at == 0 or any(one.dash for one in part.series[:at]))
    labels.position = AT.OUTSIDE_END if part.kind == "bars" else AT.BELOW if below else AT.ABOVE


def _label_last(series: Any, part: Chart, at: int) -> None:
    """Write a line's number at its last point only."""
    known = [i for i, value in enumerate(part.series[at].values) if value is not None]
    if not known:
        return
    label = series.points[known[-1]].data_label
    label.position = AT.ABOVE
    label.font.size = Pt(SIZE)
    element = label._dLbl
    for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        flag = element.find(qn(f"c:{name}"))
        if flag is not None:
            flag.set("val", "1" if name == "showVal" else "0")


def _hide_small(series: Any, part: Chart, at: int) -> None:
    """Leave out the numbers of parts too thin to hold them; the part and its number stay in the chart's data."""
    most = max(sum(one.values[i] or 0 for one in part.series) for i in range(len(part.categories)))
    labels = series.data_labels._element
    for i, value in reversed(list(enumerate(part.series[at].values))):
        if not value or value < LEAST_LABEL * most:
            hidden = etree.Element(qn("c:dLbl"))
            etree.SubElement(hidden, qn("c:idx"), val=str(i))
            etree.SubElement(hidden, qn("c:delete"), val="1")
            labels.insert(0, hidden)


def add_scatter(slide: Any, part: Scatter, box: Box) -> Any:
    """Add points and lines as a native scatter."""
    data = XyChartData(number_format=number_format(part.decimals))
    drawn = longest_first(part)
    for one in drawn:
        points = data.add_series(one.name)
        for x, y in zip(one.xs, one.ys, strict=True):
            points.add_data_point(x, y)
    frame = slide.shapes.add_chart(
        TYPE.XY_SCATTER, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data
    )
    chart = frame.chart
    _common(chart, part.title, legend=True)
    _name_once(chart, drawn)
    for axis, title in ((chart.category_axis, part.x_title), (chart.value_axis, part.y_title)):
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = Pt(SIZE), False
        if part.zero:
            axis.minimum_scale = 0
        axis.has_major_gridlines = False
        axis.tick_labels.font.size = Pt(SIZE)
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.tick_labels.number_format = number_format(0)
    chart.category_axis.tick_labels.number_format_is_linked = False
    for series, one in zip(chart.plots[0].series, drawn, strict=True):
        _dots(series, one)
    return frame


def longest_first(part: Scatter) -> list[Dots]:
    """Return a scatter's series in the order of a deck: LibreOffice leaves out what comes before a longer one."""
    return sorted(part.series, key=lambda one: -len(one.xs))


def _name_once(chart: Any, drawn: Sequence[Dots]) -> None:
    """Leave a name that stands for several lines in the legend once."""
    legend = chart.legend._element
    names = [one.name for one in drawn]
    for i, name in reversed(list(enumerate(names))):
        if name in names[:i]:
            entry = etree.Element(qn("c:legendEntry"))
            etree.SubElement(entry, qn("c:idx"), val=str(i))
            etree.SubElement(entry, qn("c:delete"), val="1")
            legend.find(qn("c:legendPos")).addnext(entry)


def _dots(series: Any, one: Dots) -> None:
    if one.line:
        series.marker.style = XL_MARKER_STYLE.NONE
        paint(series.format.line.color, one.tone)
        series.format.line.width = Pt(1.5 if one.dash else 2.5)
        if one.dash:
            series.format.line.dash_style = MSO_LINE.ROUND_DOT if one.tone == "between" else MSO_LINE.DASH
        return
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.CIRCLE
    series.marker.size = 7
    series.marker.format.fill.solid()
    paint(series.marker.format.fill.fore_color, one.tone)
