"""A kernel that slides: the course's numbers, SciPy's, and the laws of convolution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import signal

from tamiz.core.errors import WrongUse
from tamiz.lab.convolving import Sliding, places_of, slide
from tamiz.lab.grids import grid_from_csv, grid_from_text
from tamiz.lab.kernels import KERNELS, flipped, kernel_named

GRID = grid_from_text(
    "60 113 56 139 85; 73 121 54 84 128; 131 99 70 129 127; 80 57 115 69 134; 104 126 123 95 130",
    "test",
)
KERNEL = grid_from_text("0 -1 0; -1 5 -1; 0 -1 0", "test")
whole = st.integers(-255, 255).map(float)


def grids(low: int, high: int) -> st.SearchStrategy[np.ndarray]:
    shapes = st.tuples(st.integers(low, high), st.integers(low, high))
    return shapes.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=whole))


def test_the_courses_valid_result():
    made = slide(GRID, KERNEL, Sliding("valid"))
    assert made.tolist() == [[266, -61, -30], [116, -47, 295], [-135, 256, -128]]


def test_the_courses_zero_padded_result():
    assert slide(GRID, KERNEL, Sliding("same")).tolist() == [
        [114, 328, -26, 470, 158],
        [53, 266, -61, -30, 344],
        [403, 116, -47, 295, 244],
        [108, -135, 256, -128, 344],
        [314, 346, 279, 153, 421],
    ]


def test_each_place_shows_its_window_products_and_sum():
    places = places_of(GRID, KERNEL, Sliding("valid"))
    assert places[0].products.tolist() == [[0, -113, 0], [-73, 605, -54], [0, -99, 0]]
    assert places[4].window.tolist() == [[121, 54, 84], [99, 70, 129], [57, 115, 69]]
    assert [one.total for one in places] == slide(GRID, KERNEL, Sliding("valid")).ravel().tolist()


@given(grids(1, 9), grids(1, 5), st.integers(1, 3))
def test_results_equal_scipys_correlation_at_every_stride(grid, kernel, stride):
    full = np.pad(grid, [((f - 1) // 2, f // 2) for f in kernel.shape])
    expected = signal.correlate2d(full, kernel, "valid")[::stride, ::stride]
    assert slide(grid, kernel, Sliding("same", stride)).tolist() == expected.tolist()


@given(grids(3, 8), grids(1, 3))
def test_the_kernel_turned_gives_true_convolution(grid, kernel):
    expected = signal.convolve2d(grid, kernel, "valid")
    assert slide(grid, flipped(kernel), Sliding("valid")).tolist() == expected.tolist()


@given(grids(3, 8), grids(1, 3), grids(1, 3))
def test_filtering_is_linear_in_the_kernel(grid, first, second):
    if first.shape != second.shape:
        return
    both = slide(grid, first + second, Sliding())
    apart = slide(grid, first, Sliding()) + slide(grid, second, Sliding())
    assert both.tolist() == apart.tolist()


@given(grids(2, 8), st.integers(1, 4))
def test_same_padding_keeps_the_size_for_even_kernels_too(grid, side):
    kernel = np.ones((side, side + 1))
    assert slide(grid, kernel, Sliding("same")).shape == grid.shape


def test_a_single_pixel_can_be_filtered_with_zeros_around_it():
    assert slide(np.array([[7.0]]), KERNEL, Sliding("same")).tolist() == [[35.0]]


def test_a_kernel_larger_than_its_input_is_refused():
    with pytest.raises(WrongUse, match=r"\(3x3\) is larger than the input with its zeros \(2x5\)"):
        slide(GRID[:2], KERNEL, Sliding("valid"))


@pytest.mark.parametrize(("padding", "stride"), [("same", 0), ("same", -1)])
def test_a_stride_of_nothing_is_refused(padding, stride):
    with pytest.raises(WrongUse, match="would never move on"):
        Sliding(padding, stride)


@pytest.mark.parametrize("padding", ["full", "-1", "1.5", "", "1000"])
def test_a_padding_that_is_none_is_refused(padding):
    with pytest.raises(WrongUse, match="no padding that tamiz knows"):
        Sliding(padding)


@pytest.mark.parametrize("name", KERNELS)
def test_a_named_kernel_keeps_brightness_or_takes_it_away(name):
    kernel = kernel_named(name)
    assert kernel.shape == (3, 3)
    assert kernel.sum() == pytest.approx(round(float(kernel.sum())))
    assert round(float(kernel.sum())) in {0, 1}


def test_names_of_kernels_may_be_written_otherwise_and_a_slip_is_told():
    assert kernel_named(" Sobel_X ").tolist() == kernel_named("sobel-x").tolist()
    with pytest.raises(WrongUse, match="did you mean 'sharpen'"):
        kernel_named("sharpn")


def test_a_line_kernel_answers_to_lines_of_its_direction_only():
    falling = np.eye(7) * 100
    strong, weak = (slide(falling, kernel_named(one), Sliding()) for one in
                    ("diagonal", "antidiagonal"))  # fmt: skip
    assert strong.max() == 600
    assert weak.max() < strong.max()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("1 2; 3", "row 2 has 1 number and the first row has 2"),
        ("1 x", "'x' is not a number"),
        ("1/0", "'1/0' is not a number"),
        ("nan", "'nan' is not a number"),
        (";", "there are no numbers"),
    ],
)
def test_numbers_that_are_no_grid_are_refused(words, told):
    with pytest.raises(WrongUse, match=told):
        grid_from_text(words, "--numbers")


def test_tables_may_have_commas_semicolons_or_decimal_commas():
    assert grid_from_csv("1,2\n3,4\n", "x").tolist() == [[1, 2], [3, 4]]
    assert grid_from_csv("\ufeff1,5;2\n3;4,25\n", "x").tolist() == [[1.5, 2], [3, 4.25]]
    assert grid_from_csv("1\t2\n\n3\t4", "x").tolist() == [[1, 2], [3, 4]]


def test_fractions_are_numbers():
    assert grid_from_text("1/9 -1/3", "x").tolist() == [[1 / 9, -1 / 3]]


def test_a_kernel_of_hundreds_of_numbers_is_refused():
    with pytest.raises(WrongUse, match="102x1 numbers"):
        kernel_named(";".join(["1"] * 102))


@pytest.mark.parametrize("words", ["nan 1; 1 1", "1 nan", "a 0 1; 0 1 0", "1 1; x, 2"])
def test_a_word_among_the_numbers_of_a_kernel_is_no_number(words):
    with pytest.raises(WrongUse, match="is not a number"):
        kernel_named(words)


@pytest.mark.parametrize("word", ["1e13", "-1e308", "1e300/1e-300"])
def test_numbers_too_large_to_be_added_up_are_refused(word):
    with pytest.raises(WrongUse, match=r"is too large|is not a number"):
        grid_from_text(f"1 {word}", "--kernel")
