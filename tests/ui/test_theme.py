"""Both themes can be read: contrast of text, status and palettes, measured as WCAG 2.1 defines it."""

import pytest

from ui.theme import DARK, LIGHT, palette, theme_of


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.mode)
@pytest.mark.parametrize("name", ["text", "muted", "accent", "short", "between", "met"])
def test_text_colours_stand_out_from_the_ground(theme, name):
    assert contrast(getattr(theme, name), theme.ground) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.mode)
def test_the_sequential_palette_changes_in_lightness_only_one_way(theme):
    steps = [luminance(colour) for colour in theme.sequential]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert len(theme.categorical) <= 6


@pytest.mark.parametrize("size", range(1, 8))
def test_a_palette_has_as_many_colours_as_asked_and_keeps_its_ends(size):
    colours = palette("diverging", size, LIGHT)
    assert len(colours) == size
    if size > 1:
        assert (colours[0], colours[-1]) == (LIGHT.diverging[0], LIGHT.diverging[-1])


def test_an_unknown_mode_is_light():
    assert theme_of("light") is theme_of("") is LIGHT
