"""Both themes can be read: contrast of text, status and palettes, measured as WCAG 2.1 defines it."""

import math

import pytest

from answers.colours import DARK, LIGHT, diverging_slots, palette, theme_of


def linear_of(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour: str) -> float:
    linear = linear_of(colour)
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


def lab(colour: str) -> tuple[float, float, float]:
    """Return a colour in CIELAB, D65."""
    linear = linear_of(colour)
    rows = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.072175),
        (0.0193339, 0.119192, 0.9503041),
    )
    x, y, z = (
        sum(part * value for part, value in zip(row, linear, strict=True)) / white
        for row, white in zip(rows, (0.95047, 1, 1.08883), strict=True)
    )
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_cielab_of_white_and_of_pure_red():
    assert lab("#ffffff") == pytest.approx((100, 0, 0), abs=0.05)
    assert lab("#ff0000") == pytest.approx((53.24, 80.09, 67.2), abs=0.1)  # Lindbloom's colour calculator


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_data_looks_like_no_class_of_values(theme):
    for colour in (*theme.sequential, *theme.diverging):
        assert math.dist(lab(colour), lab(theme.no_data)) > 10, colour


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_copy_in_greys_still_tells_shortage_from_surplus(theme):
    """Lightness falls or rises from grey to each end, the two ends are far apart, and no two steps are alike."""
    lightness = [lab(colour)[0] for colour in theme.diverging]
    assert abs(lightness[0] - lightness[-1]) >= 15
    for side in (lightness[:4], lightness[3:]):
        assert side in (sorted(side), sorted(side, reverse=True))
    gaps = [abs(a - b) for i, a in enumerate(lightness) for b in lightness[i + 1 :]]
    assert min(gaps) >= 3
    assert (theme.short, theme.met) == (theme.diverging[0], theme.diverging[-1])


def test_grey_is_the_norms_alone():
    for below in range(4):
        for above in range(4):
            slots = diverging_slots(below, above)
            assert len(slots) == below + 1 + above
            assert slots == sorted(set(slots))
            assert slots.index(3) == below
