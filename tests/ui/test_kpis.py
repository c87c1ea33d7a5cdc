from html.parser import HTMLParser

from answers.cards import Kpi
from answers.colours import LIGHT
from ui.kpis import card, sparkline


def card_of(kpi: Kpi) -> str:
    return card(kpi, LIGHT)


class Balanced(HTMLParser):
    """Counts that every element that opens also closes."""

    VOID = ("img",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_a_card_escapes_what_it_is_given():
    text = card_of(Kpi(label="<script>", figure="5", meaning="a & b", nature="illustrative"))
    assert "<script>" not in text
    assert "a &amp; b" in text
    parser = Balanced()
    parser.feed(text)
    assert parser.open == []


def test_an_illustrative_card_wears_its_badge_and_a_real_one_none():
    assert "badge illustrative" in card_of(Kpi(label="x", figure="1", nature="illustrative"))
    assert "badge" not in card_of(Kpi(label="x", figure="1", nature="real"))


def test_direction_is_told_apart_from_better_or_worse():
    falling_good = card_of(Kpi(label="x", figure="1", change="−3", direction=-1, better=True))
    assert "▼" in falling_good
    assert 'class="change better"' in falling_good


def test_a_missing_year_breaks_the_line():
    assert sparkline([1, 2, None, 3, 4], "x", LIGHT).count("M") == 2
    assert sparkline([1, None], "x", LIGHT) == ""
