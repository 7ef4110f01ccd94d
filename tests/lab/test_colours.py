"""Colour spaces against known colours, the standard library and scikit-image's own values."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.lab.colours import GREYS, as_hsv, as_lab, as_ycbcr

bytes_ = st.integers(0, 255)


def pixel(*colour: int) -> np.ndarray:
    return np.array([[colour]], dtype=np.uint8)


@given(bytes_, bytes_, bytes_)
def test_hue_saturation_and_value_are_those_of_the_standard_library(red, green, blue):
    expected = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    hue, saturation, value = as_hsv(pixel(red, green, blue))[0, 0]
    assert (hue / 360, saturation, value) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("colour", "lab"),
    [  # Lindbloom's CIE colour calculator, sRGB, D65, four decimals
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.2408, 80.0925, 67.2032)),
        ((0, 255, 0), (87.7347, -86.1827, 83.1793)),
        ((0, 0, 255), (32.2970, 79.1875, -107.8602)),
    ],
)
def test_lab_of_known_colours(colour, lab):
    assert as_lab(pixel(*colour))[0, 0] == pytest.approx(lab, abs=2e-3)


@given(bytes_)
def test_grey_has_no_colour_in_any_space(level):
    grey = pixel(level, level, level)
    assert as_hsv(grey)[0, 0, :2] == pytest.approx([0, 0])
    assert as_lab(grey)[0, 0, 1:] == pytest.approx([0, 0], abs=1e-6)
    assert as_ycbcr(grey)[0, 0] == pytest.approx([level, 128, 128])


@given(bytes_)
def test_every_formula_leaves_grey_as_it_is(level):
    made = {name: float(one.convert(pixel(level, level, level))[0, 0]) for name, one in
            GREYS.items()}  # fmt: skip
    assert made == {name: pytest.approx(level) for name in GREYS}


def test_the_courses_formulas_on_one_pixel():
    made = {name: float(one.convert(pixel(200, 100, 30))[0, 0]) for name, one in GREYS.items()}
    assert made == {
        "mean": pytest.approx(110),
        "luma": pytest.approx(0.3 * 200 + 0.59 * 100 + 0.11 * 30),
        "rec601": pytest.approx(0.299 * 200 + 0.587 * 100 + 0.114 * 30),
        "lightness": pytest.approx(115),
    }


def test_red_and_blue_differences_of_pure_colours():
    assert as_ycbcr(pixel(0, 0, 255))[0, 0, 1] == pytest.approx(255.5)
    assert as_ycbcr(pixel(255, 0, 0))[0, 0, 2] == pytest.approx(255.5)
