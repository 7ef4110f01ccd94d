"""Figures and thumbnails of images with a known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.checks.measures import measure, measure_all
from tamiz.data.image import Image, Kind
from tamiz.data.sketches import FIGURES, Sketches


def image(pixels):
    pixels = np.asarray(pixels, dtype=np.uint8)
    return Image(pixels if pixels.ndim == 3 else pixels[..., None], Kind.DISPLAY, None)


def test_one_colour_has_no_contrast_no_information_no_sharpness():
    figures = measure(image(np.full((40, 60, 3), 7)), 64).figures
    assert figures["brightness"] == pytest.approx(7)
    assert figures["contrast"] == 0
    assert figures["entropy_bits"] == 0
    assert figures["sharpness"] == 0
    assert (figures["width_px"], figures["height_px"]) == (60, 40)


def test_half_black_half_white_is_known_exactly():
    pixels = np.zeros((20, 20))
    pixels[:, 10:] = 255
    figures = measure(image(pixels), 32).figures
    assert figures["brightness"] == pytest.approx(127.5)
    assert figures["contrast"] == pytest.approx(127.5)
    assert figures["entropy_bits"] == pytest.approx(1)
    assert figures["dark_share"] == figures["bright_share"] == 0.5


def test_a_blurred_picture_is_less_sharp():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (128, 128)).astype(np.uint8)
    soft = (noise[:-1, :-1].astype(int) + noise[1:, :-1] + noise[:-1, 1:] + noise[1:, 1:]) // 4
    sharp = measure(image(noise), 64).figures["sharpness"]
    assert measure(image(soft), 64).figures["sharpness"] < 0.6 * sharp


@given(
    st.integers(1, 64), st.integers(1, 64), st.sampled_from([1, 3]), st.sampled_from([32, 64]),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_many_at_once_are_measured_like_each_alone(height, width, channels, side, seed):
    rng = np.random.default_rng(seed)
    images = [image(rng.integers(0, 256, (height, width, channels))) for _ in range(3)]
    for alone, together in zip(
        [measure(one, side) for one in images], measure_all(images, side), strict=True
    ):
        assert np.abs(alone.grey.astype(int) - together.grey).max() <= 1
        assert np.abs(alone.colour.astype(int) - together.colour).max() <= 1
        for name, value in alone.figures.items():
            assert together.figures[name] == pytest.approx(value, abs=1, nan_ok=True), name


def test_looks_survive_being_saved(tmp_path):
    figures = {name: np.array([1.0, np.nan], dtype=np.float32) for name in FIGURES}
    grey = np.arange(2 * 32 * 32).reshape(2, 32, 32).astype(np.uint8)
    sketches = Sketches(("a", "b"), figures, grey, np.zeros((2, 16, 16, 3), dtype=np.uint8))
    sketches.save(tmp_path / "sketches.npz")
    again = Sketches.load(tmp_path / "sketches.npz")
    assert again.items == sketches.items
    assert (again.grey == grey).all()
    assert np.isnan(again.figures["dpi"][1])
