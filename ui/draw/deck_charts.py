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

from answers.colours import LIGHT
from answers.figure import Chart, Dots, Scatter, Series, Tone
from ui.draw import frame, measure, scales
from ui.draw.deck_template import Template
from ui.draw.shapes import Box

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
SMALL: Final = 14
MANY: Final = 8
LONG: Final = 0.33
"""More bars than these, or names longer than this share of the chart, are named in small type."""
GAP: Final = 40
"""How far columns and bars are apart, in hundredths of their width."""
HEADROOM: Final = 0.12
"""What an axis holds over the highest value, for its number."""
NO_LEADERS: Final = (
    '<c:extLst xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:showLeaderLines val="0"/></c:ext>'
    "</c:extLst>"
)
"""Numbers that stand beside their column have no line to it: one would run across the column."""
AROUND: Final = 96.0
"""What a chart's title, the names of its columns and its legend take of its height."""
SIDES: Final[dict[scales.Side, Any]] = {
    "above": AT.ABOVE,
    "below": AT.BELOW,
    "left": AT.LEFT,
    "right": AT.RIGHT,
}
DASHES: Final[dict[scales.Dash, Any]] = {
    "dash": MSO_LINE.DASH,
    "dot": MSO_LINE.ROUND_DOT,
    "long": MSO_LINE.LONG_DASH,
    "chain": MSO_LINE.DASH_DOT,
}


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
    graphic = slide.shapes.add_chart(
        TYPES[part.kind], Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data
    )
    chart = graphic.chart
    _common(chart, part.title, legend=len(part.series) > 1)
    _name_once(chart, part.series)
    _amounts(chart.value_axis, part)
    chart.category_axis.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.tick_labels.font.size = Pt(_name_size(part, box))
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if part.kind == "bars" or part.dense:
        _name_every(chart.category_axis, max(1, round(len(part.categories) / NAMED)) if part.dense else 1)
    if part.kind == "bars":
        _lying(chart, part)
    elif part.kind == "stacked":
        chart.plots[0].gap_width = GAP
        chart.plots[0].overlap = 100
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, _top(part)
    for i in range(len(part.series)):
        _series(chart.series[i], part, i, template)
    _numbers(chart, part, box, template)
    return graphic


def _lying(chart: Any, part: Chart) -> None:
    """Let bars begin at zero and run to the right, the first at the top."""
    known = [value for one in part.series for value in one.values if value is not None]
    if min(known) >= 0:
        chart.value_axis.minimum_scale = 0
    elif max(known) <= 0:
        chart.value_axis.maximum_scale = 0
    chart.category_axis.reverse_order = True
    # Shortages run to the right like everything else: their names would lie under the bars.
    if max(known) <= 0 > min(known):
        chart.value_axis.reverse_order = True
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    chart.plots[0].gap_width = GAP
    chart.plots[0].overlap = -5


def _name_size(part: Chart, box: Box) -> float:
    """Return the size of the names: smaller where bars are many or their names long, so that none is left out."""
    longest = max(measure.width(name, SIZE) for name in part.categories)
    crowded = len(part.categories) > MANY or longest > LONG * box.width
    return SMALL if part.kind == "bars" and crowded else SIZE


def _amounts(axis: Any, part: Chart) -> None:
    """Set the axis of amounts of lines; show it where the points do not say them, or where it is cut."""
    axis.visible = axis.has_major_gridlines = False
    if part.kind != "lines":
        return
    found = scales.amounts(part)
    _scale(axis, found)
    if part.dense or found.cut:
        axis.visible = True
        _ruled(axis)
        axis.format.line.fill.background()
        axis.tick_labels.font.size = Pt(SIZE)
        axis.tick_labels.number_format = number_format(found.decimals, percent=part.percent)
        axis.tick_labels.number_format_is_linked = False
    if not part.dense:
        # The highest numbers stand above their points, clear of the chart's title.
        top = max(value for one in part.series for value in one.values if value is not None)
        axis.maximum_scale = max(found.high, top + HEADROOM * found.span)


def _scale(axis: Any, found: scales.Axis) -> None:
    """Give an axis the ends and the steps it has in the pictures."""
    axis.minimum_scale, axis.maximum_scale = found.low, found.high
    axis.major_unit = found.marks[1] - found.marks[0]


def _ruled(axis: Any) -> None:
    """Draw the lines of an axis across the chart."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LIGHT.line.lstrip("#"))


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
            series.format.line.dash_style = DASHES[scales.dash(tone)]
        known = sum(value is not None for value in part.series[at].values)
        if part.dense or (dash and known > 1):
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


def _numbers(chart: Any, part: Chart, box: Box, template: Template) -> None:
    """Write the numbers at the points, bars and parts."""
    if part.dense:
        return
    if part.kind == "lines":
        for series, places in zip(chart.series, scales.sides(part, scales.amounts(part)), strict=True):
            _of_line(series, places)
        return
    for series, one in zip(chart.series, part.series, strict=True):
        labels = series.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = _format(part), False
        labels.font.size = Pt(SIZE)
        if part.kind == "bars":
            labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
            labels.position = AT.OUTSIDE_END
        else:
            labels.position = AT.CENTER
            labels.font.color.rgb = RGBColor.from_string(frame.ink(shown(one.tone, template)).lstrip("#"))
    if part.kind == "stacked":
        _of_parts(chart, part, box)
        for series in chart.series:
            series.data_labels._element.append(etree.fromstring(NO_LEADERS))


def _of_line(series: Any, places: Sequence[scales.Side | None]) -> None:
    """Write a line's numbers, each on its side of the point."""
    for i, side in enumerate(places):
        if side is not None:
            _label(series, i, SIDES[side])


def _label(series: Any, i: int, position: Any) -> Any:
    """Write the number of one point; return the label's element."""
    label = series.points[i].data_label
    label.position = position
    label.font.size = Pt(SIZE)
    label.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    element = label._dLbl
    for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        flag = element.find(qn(f"c:{name}"))
        if flag is not None:
            flag.set("val", "1" if name == "showVal" else "0")
    return element


def _of_parts(chart: Any, part: Chart, box: Box) -> None:
    """Move the numbers of parts too thin to hold them beside their column; a part of nothing has none."""
    count = len(part.categories)
    step = (box.width - 20) / count
    column = step / (1 + GAP / 100)
    unit = (box.height - AROUND) / _top(part)
    for i in range(count):
        values = [one.values[i] for one in part.series]
        beside = scales.beside(values, unit, SIZE + 2)
        foot = 0.0
        for j, value in enumerate(values):
            if not value:
                _hide(chart.series[j], i)
                continue
            if j in beside:
                wide = measure.width(part.series[j].texts[i], SIZE)
                right = min(step / 2, column / 2 + wide / 2 + 8)
                up = beside[j] - foot - value * unit / 2
                _move(_label(chart.series[j], i, AT.CENTER), right / box.width, -up / box.height)
            foot += value * unit


def _top(part: Chart) -> float:
    """Return where the axis of columns ends: clear of the chart's title."""
    most = max(sum(one.values[i] or 0 for one in part.series) for i in range(len(part.categories)))
    return (1 + HEADROOM) * most or 1


def _move(label: Any, right: float, down: float) -> None:
    """Move a number from its usual place by shares of the chart."""
    layout = label.find(qn("c:layout"))
    if layout is None:
        layout = etree.Element(qn("c:layout"))
        label.find(qn("c:idx")).addnext(layout)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:x"), val=f"{right:.4f}")
    etree.SubElement(manual, qn("c:y"), val=f"{down:.4f}")


def _hide(series: Any, i: int) -> None:
    """Write no number at a point; the number stays in the chart's data."""
    hidden = etree.Element(qn("c:dLbl"))
    etree.SubElement(hidden, qn("c:idx"), val=str(i))
    etree.SubElement(hidden, qn("c:delete"), val="1")
    labels = series.data_labels._element
    before = [one for one in labels.findall(qn("c:dLbl")) if int(one.find(qn("c:idx")).get("val")) < i]
    labels.insert(len(before), hidden)


def add_scatter(slide: Any, part: Scatter, box: Box) -> Any:
    """Add points and lines as a native scatter."""
    data = XyChartData(number_format=number_format(part.decimals))
    drawn = longest_first(part)
    for one in drawn:
        points = data.add_series(one.name)
        for x, y in zip(one.xs, one.ys, strict=True):
            points.add_data_point(x, y)
    graphic = slide.shapes.add_chart(
        TYPE.XY_SCATTER, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data
    )
    chart = graphic.chart
    _common(chart, part.title, legend=True)
    _name_once(chart, drawn)
    across, up = scales.axes(part)
    for axis, found, title in (
        (chart.category_axis, across, part.x_title),
        (chart.value_axis, up, part.y_title),
    ):
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = Pt(SIZE), False
        _scale(axis, found)
        axis.has_major_gridlines = False
        axis.tick_labels.font.size = Pt(SIZE)
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.tick_labels.number_format = number_format(found.decimals)
        axis.tick_labels.number_format_is_linked = False
    _ruled(chart.value_axis)
    for series, one in zip(chart.plots[0].series, drawn, strict=True):
        _dots(series, one)
    return graphic


def longest_first(part: Scatter) -> list[Dots]:
    """Return a scatter's series in the order of a deck: LibreOffice leaves out what comes before a longer one."""
    return sorted(part.series, key=lambda one: -len(one.xs))


def _name_once(chart: Any, drawn: Sequence[Series | Dots]) -> None:
    """Leave a name that stands for several lines in the legend once."""
    if not chart.has_legend:
        return
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
            series.format.line.dash_style = DASHES[scales.dash(one.tone)]
        return
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.CIRCLE
    series.marker.size = 7
    series.marker.format.fill.solid()
    paint(series.marker.format.fill.fore_color, one.tone)
