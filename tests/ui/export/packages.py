"""Odd presentations of provinces, and a saved file read as PowerPoint reads it: parts, relations, what they name."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from lxml import etree

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
SLIDE = re.compile(r"ppt/slides/[^/]+\.xml")


def rels_of(name: str) -> str:
    """Return where a part's relations are."""
    path = PurePosixPath(name)
    return str(path.parent / "_rels" / f"{path.name}.rels")


def relations(parts: Mapping[str, bytes], name: str) -> dict[str, tuple[str, str | None]]:
    """Return a part's relations by id: their type, and the part they lead to (None outside the file)."""
    found = {}
    for one in etree.fromstring(parts[rels_of(name)]) if rels_of(name) in parts else ():
        target = one.get("Target")
        if one.get("TargetMode") == "External":
            found[one.get("Id")] = (one.get("Type"), None)
        else:
            base = posixpath.dirname(name)
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
            found[one.get("Id")] = (one.get("Type"), posixpath.normpath(path))
    return found


def faults(data: bytes, slides: int) -> list[str]:
    """Return what would make a file damaged, or keep what is not ours: none, where it is whole.

    Every part once; every relation leads to a part, and every part is led to; every relation an element names
    exists; ``slides`` slides and their notes, no other; no jump, show, section or range of slides left over.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"twice: {name}" for name in set(names) if names.count(name) > 1]
    content = {name for name in parts if not name.endswith(".rels") and name != "[Content_Types].xml"}
    reached: set[str] = set()
    for name in ["", *sorted(content)]:
        for key, (_, target) in relations(parts, name).items():
            if target is not None and target not in parts:
                found.append(f"{name} {key} leads nowhere: {target}")
            reached.add(target or "")
        if name.endswith(".xml"):
            found += _dangling(name, parts)
    found += [f"led to by nothing: {name}" for name in sorted(content - reached)]
    found += _slides(parts, slides)
    types = etree.fromstring(parts["[Content_Types].xml"])
    named = [one.get("PartName").lstrip("/") for one in types if one.get("PartName")]
    found += [f"a type for nothing: {name}" for name in named if name not in parts]
    return found


def _dangling(name: str, parts: Mapping[str, bytes]) -> list[str]:
    known, found = relations(parts, name), []
    for element in etree.fromstring(parts[name]).iter(etree.Element):
        for key, value in element.attrib.items():
            if key.startswith(f"{{{R}}}") and value and value not in known:
                found.append(f"{name}: {element.tag} names {value}, which is not there")
        action = element.get("action", "")
        if action.startswith(("ppaction://hlinksldjump", "ppaction://customshow")):
            found.append(f"{name}: jumps to a slide that was ({action})")
    return found


def _slides(parts: Mapping[str, bytes], count: int) -> list[str]:
    found = []
    slides = sorted(name for name in parts if SLIDE.fullmatch(name))
    if len(slides) != count:
        found.append(f"{len(slides)} slides of {count}")
    notes = [name for name in parts if re.fullmatch(r"ppt/notesSlides/[^/]+\.xml", name)]
    if len(notes) != count:
        found.append(f"{len(notes)} notes of {count}")
    main = etree.fromstring(parts["ppt/presentation.xml"])
    known = relations(parts, "ppt/presentation.xml")
    shown = [known[one.get(f"{{{R}}}id")][1] for one in main.iter(f"{{{P}}}sldId")]
    if sorted(shown) != slides:
        found.append("the slides shown are not the slides there are")
    ids = {one.get("id") for one in main.iter(f"{{{P}}}sldId")}
    listed = {one.get("id") for one in main.iter(f"{{{P14}}}sldId")}
    if not listed <= ids:
        found.append(f"a section of slides that were: {listed - ids}")
    if main.findall(f"{{{P}}}custShowLst"):
        found.append("a show of slides that were")
    for name, blob in parts.items():
        if name.endswith("presProps.xml"):
            root = etree.fromstring(blob)
            found += [f"{name}: shows {one.tag}" for one in root.iter(f"{{{P}}}sldRg", f"{{{P}}}custShow")]
        if "/comments/" in name or "commentAuthors" in name or "changesInfo" in name:
            found.append(f"left over: {name}")
        if name.endswith(".rels") and not name.startswith(("ppt/notesSlides/", "ppt/_rels/presentation")):
            led = [one.get("Target") for one in etree.fromstring(blob) if one.get("Type").endswith("/slide")]
            found += [f"{name} leads to {target}" for target in led]
    return found
