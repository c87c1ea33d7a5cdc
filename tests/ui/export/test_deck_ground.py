"""On whatever a province draws under its slides, the badge, the scope, the source and the snapshot are read."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from tests.ui.export.samples import PICTURE, PIXEL, built, opened, province_template
from tests.ui.export.test_deck import contrast
from ui.export.deck import deck
from ui.export.deck_template import _theme_part, from_file
from ui.export.parts import Cover

WIDE, HIGH = 960.0, 540.0
BLUE = "0B3D91"


def drawn(sheet, left, top, wide, high, fill=BLUE, shape="rect"):
    """Draw a filled shape on a layout or master."""
    number = len(sheet.shapes._spTree) + 500
    fill = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if len(fill) == 6 else fill
    sheet.shapes._spTree.insert(
        2,
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="band"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{int(left * 12700)}" y="{int(top * 12700)}"/><a:ext cx="{int(wide * 12700)}" '
            f'cy="{int(high * 12700)}"/></a:xfrm><a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom>{fill}'
            "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
        ),
    )


def picture(sheet, left, top, wide, high):
    _, link = sheet.part.get_or_add_image_part(io.BytesIO(PIXEL))
    element = parse_xml(PICTURE % (nsdecls("p", "a", "r"), link))
    off, ext = element.find(f".//{qn('a:off')}"), element.find(f".//{qn('a:ext')}")
    off.set("x", str(int(left * 12700)))
    off.set("y", str(int(top * 12700)))
    ext.set("cx", str(int(wide * 12700)))
    ext.set("cy", str(int(high * 12700)))
    sheet.shapes._spTree.insert(2, element)


def back(sheet, fill):
    common = sheet._element.find(qn("p:cSld"))
    for old in common.findall(qn("p:bg")):
        common.remove(old)
    common.insert(0, parse_xml(f"<p:bg {nsdecls('p', 'a')}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"))


def solid(colour):
    return f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{colour}"/></a:solidFill>'


def band_of_the_master(made):
    drawn(made.slide_master, 0, HIGH - 60, WIDE, 60)


def band_of_the_layouts(made):
    for layout in made.slide_layouts:
        drawn(layout, 0, HIGH - 90, WIDE, 90)


def band_of_the_theme(made):
    """The theme's own blue, darkened, in a group."""
    fill = '<a:solidFill><a:schemeClr val="accent1"><a:lumMod val="50000"/></a:schemeClr></a:solidFill>'
    drawn(made.slide_master, 0, HIGH - 70, WIDE, 70, fill)


def blue_everywhere(made):
    drawn(made.slide_master, 0, 0, WIDE, HIGH)


def picture_in_the_whole(made):
    picture(made.slide_master, 0, 0, WIDE, HIGH)


def picture_in_a_band(made):
    for layout in made.slide_layouts:
        picture(layout, 0, HIGH - 64, WIDE, 64)


def dark_master(made):
    back(made.slide_master, solid("101828"))
    mapping = made.slide_master._element.find(qn("p:clrMap"))
    for name, slot in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        mapping.set(name, slot)


def dark_background_of_light_words(made):
    """The theme says dark words on white; the master's background is dark all the same."""
    back(made.slide_master, solid("15202B"))


def gradient_background(made):
    back(
        made.slide_master,
        f'<a:gradFill {nsdecls("a")}><a:gsLst><a:gs pos="0"><a:srgbClr val="FFFFFF"/></a:gs><a:gs pos="100000">'
        '<a:srgbClr val="000000"/></a:gs></a:gsLst></a:gradFill>',
    )


def half_glass(made):
    fill = f'<a:solidFill><a:srgbClr val="{BLUE}"><a:alpha val="60000"/></a:srgbClr></a:solidFill>'
    drawn(made.slide_master, 0, HIGH - 60, WIDE, 60, fill)


def logo_at_the_foot(made):
    for layout in made.slide_layouts:
        drawn(layout, WIDE - 130, HIGH - 80, 100, 60, "C8102E", "ellipse")


def grey_ground(made):
    """A middle grey on which neither the theme's second colour nor white is read."""
    back(made.slide_master, solid("8A8A8A"))


ODD = [
    band_of_the_master, band_of_the_layouts, band_of_the_theme, blue_everywhere, picture_in_the_whole,
    picture_in_a_band, dark_master, dark_background_of_light_words, gradient_background, half_glass,
    logo_at_the_foot, grey_ground,
]  # fmt: skip
GROUNDS = {
    "blue_everywhere": BLUE, "picture_in_the_whole": None, "dark_master": "101828",
    "dark_background_of_light_words": "15202B", "gradient_background": None, "grey_ground": "8A8A8A",
}  # fmt: skip
"""What is under the foot where all of a slide has one ground; white where a band is kept clear of."""
BANDS = {"band_of_the_master": 60, "band_of_the_layouts": 90, "band_of_the_theme": 70, "picture_in_a_band": 64,
         "half_glass": 60}  # fmt: skip


def four_to_three(made):
    made.slide_width, made.slide_height = Emu(9144000), Emu(6858000)


def box(shape):
    edges = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
    return tuple(edge / 12700 for edge in edges)


def meet(one, other):
    return (
        one[0] < other[2] - 0.1
        and other[0] < one[2] - 0.1
        and one[1] < other[3] - 0.1
        and other[1] < one[3] - 0.1
    )


def colour_of(colour, made):
    """Return a colour as it is shown: its own, or the theme's through the master's mapping."""
    if (colour.type is not None and colour.theme_color is None) or str(colour.type).startswith("RGB"):
        return str(colour.rgb)
    names = {"TEXT_2": "tx2", "TEXT_1": "tx1", "BACKGROUND_1": "bg1"}
    key = names[str(colour.theme_color).split(" ")[0]]
    slot = made.slide_master._element.find(qn("p:clrMap")).get(key)
    [found] = etree.fromstring(_theme_part(made).blob).find(f".//{qn('a:' + slot)}")
    return found.get("lastClr") or found.get("val")


def written(tmp_path, demo_store, odd, *, narrow=False):
    path = province_template(tmp_path / "p.pptx")
    made = Presentation(str(path))
    odd(made)
    if narrow:
        four_to_three(made)
        for sheet in (made.slide_master, *made.slide_layouts):
            for shape in sheet.shapes:
                if not shape.is_placeholder or shape._element.find(f".//{qn('a:xfrm')}") is not None:
                    shape.left, shape.width = int(shape.left * 0.75), int(shape.width * 0.75)
    made.save(str(path))
    return opened(deck(built(demo_store, "overview", "vi"), lang="vi", template=from_file(path)))


@pytest.mark.parametrize("narrow", [False, True], ids=["16:9", "4:3"])
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
def test_the_foot_is_read_on_any_ground(demo_store, tmp_path, odd, narrow):
    made = written(tmp_path, demo_store, odd, narrow=narrow)
    ground = GROUNDS.get(odd.__name__, "FFFFFF")
    for slide, source in zip(made.slides, built(demo_store, "overview", "vi").slides, strict=True):
        layout = slide.slide_layout
        things = [
            box(shape)
            for sheet in (layout, layout.slide_master)
            for shape in sheet.shapes
            if not shape.is_placeholder
            and shape.width * shape.height < 0.5 * made.slide_width * made.slide_height
        ]
        names = {"badge", *(words[:40] for words in (source.place, source.source, source.snapshot))}
        foot = [shape for shape in slide.shapes if shape.name in names]
        if isinstance(source.parts[0], Cover):
            foot += [shape for shape in slide.shapes if shape.name == source.parts[0].lines[1][:40]]
        assert len(foot) >= len(names)
        for shape in foot:
            assert not any(meet(box(shape), thing) for thing in things), shape.name
            run = shape.text_frame.paragraphs[0].runs[0]
            plate = shape.fill.type == 1
            under = colour_of(shape.fill.fore_color, made) if plate else ground
            assert under is not None, shape.name
            assert contrast(colour_of(run.font.color, made), under) >= 4.5, (shape.name, under)
            if shape.name == "badge":
                assert plate
            for other in slide.shapes:
                if other.shape_id != shape.shape_id and other.name != "ground":
                    assert not meet(box(shape), box(other)), (shape.name, other.name)


@pytest.mark.parametrize("odd", [one for one in ODD if one.__name__ in BANDS], ids=lambda odd: odd.__name__)
def test_nothing_stands_on_a_band(demo_store, tmp_path, odd):
    made = written(tmp_path, demo_store, odd)
    edge = HIGH - BANDS[odd.__name__]
    for slide in made.slides:
        for shape in slide.shapes:
            assert (shape.top + shape.height) / 12700 <= edge + 0.1, shape.name


@pytest.mark.parametrize(
    "odd",
    [picture_in_the_whole, dark_background_of_light_words, blue_everywhere, grey_ground],
    ids=lambda odd: odd.__name__,
)
def test_charts_have_the_theme_s_ground_where_their_words_cannot_be_read(demo_store, tmp_path, odd):
    made = written(tmp_path, demo_store, odd)
    for slide in list(made.slides)[1:]:
        [plate] = [shape for shape in slide.shapes if shape.name == "ground"]
        charts = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
        left, top, right, bottom = box(plate)
        for shape in charts:
            inner = box(shape)
            assert left <= inner[0]
            assert top <= inner[1]
            assert inner[2] <= right
            assert inner[3] <= bottom
        order = [shape.shape_id for shape in slide.shapes]
        assert all(order.index(plate.shape_id) < order.index(shape.shape_id) for shape in charts)


def test_a_plain_template_has_no_plate_under_its_charts(demo_store, tmp_path):
    made = written(tmp_path, demo_store, lambda one: None)
    assert not [shape for slide in made.slides for shape in slide.shapes if shape.name == "ground"]


def test_a_shape_that_can_be_seen_is_seen(tmp_path):
    """A group's shapes stand where the group puts them."""
    path = province_template(tmp_path / "p.pptx")
    made = Presentation(str(path))
    layout = made.slide_layouts.get_by_name("Title Only")
    holder = made.slides.add_slide(layout).shapes.add_group_shape()
    shape = holder.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(0), Pt(0), Pt(480), Pt(30))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(BLUE)
    holder.left, holder.top, holder.width, holder.height = Pt(0), Pt(HIGH - 60), Pt(WIDE), Pt(60)
    layout.shapes._spTree.append(holder._element)
    made.save(str(path))
    template = from_file(path)
    [mark] = [one for one in template.ground.marks if one.colour == f"#{BLUE.lower()}"]
    assert (mark.box.left, mark.box.width, round(mark.box.top)) == (0, WIDE, HIGH - 60)
    assert template.foot.bottom <= HIGH - 60
