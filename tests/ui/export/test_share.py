"""A story outside the app comes back as it left; what is not a story is refused, whatever it is."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers import share, story
from answers.figure import Spec
from answers.share import StoryFileError
from tests.ui.export.samples import SCOPE

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SPECS = st.lists(
    st.builds(
        Spec,
        kind=st.sampled_from(sorted(story.KINDS)),
        name=WORDS,
        scope=st.just(SCOPE),
        title=st.none() | WORDS,
        note=st.none() | WORDS,
    ),
    min_size=1,
    max_size=12,
)


@given(SPECS)
def test_a_story_survives_a_link_and_a_file(specs):
    for write, read in ((share.to_code, share.from_code), (share.to_json, share.from_json)):
        assert read(write(specs, "abc123"), "vi") == (tuple(specs), "abc123")


def test_a_whole_story_fits_a_link():
    code = share.to_code(story.specs("overview", SCOPE), "86550c66c874")
    assert len(code) < 1500
    assert code.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text):
    for read in (share.from_code, share.from_json):
        with pytest.raises(StoryFileError):
            read(text, "vi")


def _code(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"slides": []},
        {"atlas_story": 2},
        {"extra": 1},
        {"slides": [{"kind": "map"}]},
        {
            "slides": [json.loads(share.to_json([Spec("map", "x", SCOPE)], "a"))["slides"][0]]
            * (share.MOST + 1)
        },
    ],
)
def test_a_story_that_breaks_the_form_is_refused(change):
    whole = json.loads(share.to_json([Spec("map", "staffing_gap", replace(SCOPE, unit="31117"))], "a"))
    with pytest.raises(StoryFileError):
        share.from_code(_code(whole | change), "vi")


def test_a_packed_bomb_is_refused():
    with pytest.raises(StoryFileError):
        share.from_code(base64.urlsafe_b64encode(zlib.compress(b"[" * 50_000_000)).decode(), "vi")
