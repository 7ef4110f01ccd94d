import pytest

from tamiz.rendering.palette import (
    COLOURS,
    HEAT_DARK,
    HEAT_INK_DARK,
    HEAT_INK_LIGHT,
    HEAT_LIGHT,
    SERIES,
    theme_css,
)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize(
    ("ink", "back"),
    [
        ("ink", "page"), ("ink", "panel"), ("muted", "page"), ("muted", "panel"),
        ("muted", "sunken"), ("accent", "page"), ("accent", "panel"), ("stop", "stop-back"),
        ("warning", "warning-back"), ("note", "note-back"), ("ink", "stop-back"),
        ("muted", "stop-back"), ("muted", "warning-back"), ("muted", "note-back"),
    ],
)  # fmt: skip
def test_words_can_be_read(ink, back, theme):
    assert contrast(COLOURS[ink][theme], COLOURS[back][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("pair", SERIES)
def test_series_stand_out_from_their_panel(pair, theme):
    assert contrast(pair[theme], COLOURS["panel"][theme]) >= 3


@pytest.mark.parametrize(
    ("backs", "inks"), [(HEAT_LIGHT, HEAT_INK_LIGHT), (HEAT_DARK, HEAT_INK_DARK)]
)
def test_numbers_can_be_read_on_every_shade(backs, inks):
    assert all(contrast(b, i) >= 4.5 for b, i in zip(backs, inks, strict=True))


def test_shades_go_one_way():
    light, dark = [luminance(c) for c in HEAT_LIGHT], [luminance(c) for c in HEAT_DARK]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_both_themes_define_the_same_variables():
    css = theme_css()
    assert css.count("--heat-10:") == 3
    assert css.count("--series-7:") == 3
