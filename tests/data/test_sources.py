"""Every source the reference tables name has its Vietnamese, and none is there for nothing."""

import re

import yaml

from data.reference_tables import facts, targets
from data.sources import FILE, source_said

SOURCES = set(targets()[0]["source"]) | set(facts()[0]["source"])


def test_every_source_has_its_vietnamese_and_nothing_else_does():
    assert set(yaml.safe_load(FILE.read_text(encoding="utf-8"))) == SOURCES


def test_the_vietnamese_names_the_same_document_and_the_same_year():
    for source in SOURCES:
        said = source_said(source, "vi")
        for number in re.findall(r"\b\d+(?=-(?:CT|NQ)/TW)|\b281\b|\b20\d\d\b", source):
            assert number in said, (source, number)
        assert source_said(source, "en") == source


def test_a_source_of_a_provinces_own_is_shown_as_written():
    assert source_said("Sở Y tế, 2026", "vi") == "Sở Y tế, 2026"
