"""The server: pages that ask for their charts' script at once."""

from __future__ import annotations

import re

import pytest

from tests.asgi import get
from ui import component, server
from ui.shell import PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_streamlits_own_and_asks_for_plotly_at_once(page):
    status, head, body = get(server.routes(), f"/{page}")
    assert (status, head["cache-control"]) == (200, "no-cache")
    assert body.count(f'<script async src="{component.address("plotly")}"></script></head>'.encode()) == 1
    assert b'<div id="root">' in body


@pytest.mark.parametrize(
    ("query", "lang"), [("", "vi"), ("?lang=vi", "vi"), ("?lang=en", "en"), ('?lang="><script>', "vi")]
)
def test_the_page_says_what_language_it_is_in(query, lang):
    _, _, body = get(server.routes(), f"/overview{query}")
    assert re.findall(rb"<html[^>]*>", body) == [f'<html lang="{lang}">'.encode()]


def test_the_root_leads_to_the_overview_with_what_was_asked():
    status, head, _ = get(server.routes(), "/")
    assert (status, head["location"]) == (307, "overview")
