"""A presentation without its slides, and without anything that leads to them.

A slide that is taken out of the list of slides stays in the file as long as one relation leads to it: from a
custom show, from a button of a layout, from the outline. It would then be saved beside the new slide of its name.
"""

from __future__ import annotations

from typing import Any, Final

from lxml import etree
from pptx.opc.constants import CONTENT_TYPE as TYPE
from pptx.opc.package import Part, XmlPart
from pptx.oxml.ns import qn

OF_SLIDES: Final = {TYPE.PML_SLIDE, TYPE.PML_NOTES_SLIDE, TYPE.PML_COMMENTS}
LISTS: Final = ("sldIdLst", "custShowLst")
"""Lists of a presentation whose entries are slides."""
RANGES: Final = ("sldRg", "custShow")
"""Which slides the settings of a show or a print run through."""
JUMPS: Final = ("ppaction://hlinksldjump", "ppaction://customshow")
SECTIONS: Final = "{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst"
HISTORY: Final = ("/commentAuthors", "/authors", "/changesInfo", "/revisionInfo", "/metadata/thumbnail")
"""Relations to what tells of the slides that were: who wrote on them, how they changed, how the first looked."""
IDS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def empty(deck: Any) -> None:
    """Take a presentation's own slides out, with every relation, list, jump and trace that leads to them."""
    main = deck.part._element
    for name in LISTS:
        for entries in main.findall(qn(f"p:{name}")):
            entries.clear() if name == "sldIdLst" else main.remove(entries)
    for sections in list(main.iter(SECTIONS)):
        _take_out(sections.getparent())
    package = deck.part.package
    parts = list(package.iter_parts())
    gone = {part for part in parts if part.content_type in OF_SLIDES}
    for holder in (package, *(part for part in parts if part not in gone)):
        dead = [
            key
            for key, rel in holder._rels.items()
            if rel.reltype.endswith(HISTORY) or (not rel.is_external and rel.target_part in gone)
        ]
        for key in dead:
            holder._rels.pop(key)
        if holder is not package:
            _forget(holder, set(dead))


def _forget(part: Part, dead: set[str]) -> None:
    """Take out of a part the elements that name a relation that is no more, and jumps to slides."""
    if isinstance(part, XmlPart):
        _clean(part._element, dead)
    elif part.content_type.endswith("+xml"):
        root = etree.fromstring(part.blob)
        if _clean(root, dead):
            part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _clean(root: Any, dead: set[str]) -> bool:
    found = [element for element in root.iter(etree.Element) if _leads_away(element, dead)]
    for element in found:
        if element.getparent() is not None:
            _take_out(element)
    return bool(found)


def _leads_away(element: Any, dead: set[str]) -> bool:
    named = any(key.startswith(IDS) and value in dead for key, value in element.attrib.items())
    ranged = any(element.tag == qn(f"p:{name}") for name in RANGES)
    return named or ranged or str(element.get("action", "")).startswith(JUMPS)


def _take_out(element: Any) -> None:
    """Remove an element, and the list it leaves without an entry: no list of a presentation may be empty."""
    above = element.getparent()
    above.remove(element)
    if not len(above) and above.tag in (qn("p:extLst"), qn("p:sldLst"), qn("a:extLst")):
        _take_out(above)
