"""Blurring as OpenCV does, whatever the size of the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tamiz.core.errors import WrongUse
from tamiz.data.image import Image, Kind
from tamiz.steps.blur import Blur

kernels = st.integers(0, 15).map(lambda half: 2 * half + 1)
shapes = st.tuples(st.integers(1, 24), st.integers(1, 24), st.sampled_from([1, 3]))


@given(arrays.arrays(np.uint8, shapes), kernels)
def test_the_blur_keeps_shape_type_and_range(pixels, kernel_px):
    made = Blur(kernel_px)(Image(pixels)).pixels
    assert made.shape == pixels.shape
    assert made.dtype == np.uint8
    assert made.min() >= pixels.min()
    assert made.max() <= pixels.max()


@given(shapes, st.integers(0, 255), kernels)
def test_an_even_colour_stays(shape, value, kernel_px):
    pixels = np.full(shape, value, np.uint8)
    assert (Blur(kernel_px)(Image(pixels)).pixels == pixels).all()


@given(arrays.arrays(np.float32, shapes, elements=st.floats(0, 1, width=32)), kernels)
def test_the_blur_commutes_with_turning_and_mirroring(pixels, kernel_px):
    step = Blur(kernel_px)
    blurred = step(Image(pixels)).pixels
    mirrored = step(Image(np.ascontiguousarray(pixels[::-1]))).pixels[::-1]
    turned = step(Image(np.ascontiguousarray(pixels.transpose(1, 0, 2)))).pixels.transpose(1, 0, 2)
    assert np.allclose(mirrored, blurred, atol=1e-5)
    assert np.allclose(turned, blurred, atol=1e-5)


@pytest.mark.parametrize(("kernel_px", "size"), [(3, 9), (5, 9), (9, 40), (11, 40), (31, 40)])
def test_the_blur_is_the_separable_filter_with_mirrored_edges(kernel_px, size):
    from scipy.ndimage import correlate1d

    half = kernel_px // 2
    if kernel_px > 9:  # OpenCV's rule
        sigma = 0.3 * ((kernel_px - 1) * 0.5 - 1) + 0.8
        weights = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    else:
        tables = {3: (1, 2, 1), 5: (1, 4, 6, 4, 1), 9: (4, 13, 30, 51, 60, 51, 30, 13, 4)}
        weights = np.array(tables[kernel_px], dtype=np.float64)
    weights /= weights.sum()
    pixels = np.random.default_rng(0).random((size, size + 3, 3))
    expected = correlate1d(
        correlate1d(pixels, weights, 0, mode="mirror"), weights, 1, mode="mirror"
    )
    made = Blur(kernel_px)(Image(pixels.astype(np.float32), Kind.RAW))
    assert np.allclose(made.pixels, expected, atol=1e-5)
    assert made.kind is Kind.RAW


def test_workflow_a_s_kernel_has_its_weights():
    pixels = np.zeros((9, 9, 1), np.float32)
    pixels[4, 4] = 256
    row = np.array([1, 4, 6, 4, 1])
    assert (Blur(5)(Image(pixels)).pixels[2:7, 2:7, 0] == np.outer(row, row)).all()


@pytest.mark.parametrize("kernel_px", [0, 2, 4, -2])
def test_an_even_kernel_is_refused_with_the_way_out(kernel_px):
    with pytest.raises(WrongUse) as error:
        Blur(kernel_px)
    assert "odd" in error.value.fix


@pytest.mark.parametrize("kernel_px", [-3, -1])
def test_a_negative_kernel_is_refused_and_makes_no_black_picture(kernel_px):
    with pytest.raises(WrongUse):
        Blur(kernel_px)
