"""Layer sizes and parameters as the course counts them, and every way in which they do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.lab.convolving import Fit, Sliding, slide
from tamiz.lab.grids import grid_from_text
from tamiz.lab.layer_text import layers_from_text, shape_from_text
from tamiz.lab.layers import LayerRow, rows_of

VGG16 = (
    "conv 64 3 same relu; conv 64 3 same relu; pool 2;"
    "conv 128 3 same relu; conv 128 3 same relu; pool 2;"
    + "conv 256 3 same relu;" * 3 + "pool 2;"
    + "conv 512 3 same relu;" * 3 + "pool 2;"
    + "conv 512 3 same relu;" * 3 + "pool 2;"
    "flatten; dense 4096 relu; dense 4096 relu; dense 1000 softmax"
)  # fmt: skip


def rows(layers: str, size: str = "28x28x1") -> list[LayerRow]:
    return rows_of(layers_from_text(layers), shape_from_text(size))


def total(found: list[LayerRow]) -> int:
    return sum(row.parameters for row in found)


def test_the_courses_convolution_has_640_parameters_and_a_dense_layer_on_it_432650():
    found = rows("conv 64 3 relu; flatten; dense 10 softmax")
    assert [row.shape for row in found] == [(26, 26, 64), (43_264,), (10,)]
    assert [row.parameters for row in found] == [640, 0, 432_650]
    assert total(found) == 433_290


def test_a_hidden_layer_of_15_makes_it_649775():
    found = rows("conv 64 3 relu; flatten; dense 15 tanh; dense 10 softmax")
    assert [row.parameters for row in found[2:]] == [648_975, 160]
    assert total(found) == 649_775


def test_pooling_before_it_makes_it_163055():
    found = rows("conv 64 3 relu; pool 2; flatten; dense 15 tanh; dense 10 softmax")
    assert found[1].shape == (13, 13, 64)
    assert found[2].shape == (10_816,)
    assert found[3].parameters == 162_255
    assert total(found) == 163_055


def test_vgg16_has_138357544_parameters_and_sees_212_pixels_before_its_dense_layers():
    found = rows(VGG16, "224x224x3")
    assert total(found) == 138_357_544
    assert sum(row.multiply_adds for row in found) == 15_470_264_320
    assert found[17].shape == (7, 7, 512)
    assert found[17].receptive == (212, 212)
    assert found[-1].receptive == (224, 224)


def test_multiply_adds_are_the_kernels_numbers_times_the_outputs():
    assert rows("conv 64 3")[0].multiply_adds == 26 * 26 * 64 * 9


def test_a_stride_doubles_how_fast_the_receptive_field_grows():
    found = rows("conv 4 3 stride 2; conv 4 3; conv 4 1x5", "64x64x1")
    assert [row.receptive for row in found] == [(3, 3), (7, 7), (7, 15)]


def test_a_depthwise_layer_has_one_kernel_for_each_channel():
    found = rows("conv 32 3 groups 32 same nobias", "14x14x32")
    assert found[0].parameters == 32 * 9
    assert found[0].shape == (14, 14, 32)


def test_short_and_long_options_mean_the_same():
    assert rows("CONV 8 3 s2 p1 relu")[0].shape == rows("conv 8 3x3 pad 1 stride 2")[0].shape
    assert rows("conv 8 3 s2 p1")[0].shape == (14, 14, 8)


def test_the_other_layers_keep_or_drop_what_they_should():
    found = rows("batchnorm relu; relu; dropout 0.5; avgpool 3 stride 1; globalpool", "5x5x7")
    assert [row.shape for row in found] == [*[(5, 5, 7)] * 3, (3, 3, 7), (7,)]
    assert total(found) == 14
    assert found[-1].receptive == (5, 5)


def test_flattening_takes_no_memory():
    assert rows("flatten")[0].numbers == 0


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ("conv 64 3; dense 10", "layer 2 'dense 10': a dense layer reads a row"),
        ("conv 64 3; dense 10", "Put 'flatten' before it (it gives 43,264 numbers)"),
        ("flatten; conv 8 3", "layer 2 'conv 8 3': it reads a map"),
        ("flatten; pool 2", "what arrives is a row of 784 numbers"),
        ("conv 64 29", "its kernel (29x29) is larger than what arrives (28x28"),
        ("pool 2; pool 2; pool 2; pool 2; pool 2", "layer 5 'pool 2'"),
        ("conv 64 3 groups 3", "3 groups do not divide 1 channel"),
        ("conv 64 x", "a whole number from 1 is needed where 'x' stands"),
        ("conv 0 3", "where '0' stands. Write it like this: conv 64 3 relu"),
        ("conv 64 3 stride 0", "'stride' needs a whole number from 1 to 999, not '0'"),
        ("conv 64 3 pad", "'pad' needs a whole number from 0 to 999, not '-'"),
        ("pool 2x3", "Write for example: pool 2x3 stride 3"),
        ("dens 10", "did you mean 'dense'?"),
        ("dense 10 stride 2", "'stride' is not understood here"),
        ("conv 64 3 relu softmx", "'softmx' is not understood here"),
        (" ; ", "no layer is named"),
        ("flatten; dense 999999999; dense 999999999", "more than 1,000,000,000,000 numbers"),
    ],
)
def test_a_text_that_does_not_fit_says_at_which_layer_why_and_what_would(layers, told):
    with pytest.raises(WrongUse) as error:
        rows(layers)
    assert told in str(error.value)


@pytest.mark.parametrize("words", ["28x", "0x28x1", "a", "1x2x3x4", ""])
def test_a_size_that_is_none_is_refused(words):
    with pytest.raises(WrongUse, match="no size of an input"):
        shape_from_text(words)


def test_a_size_without_channels_has_one():
    assert shape_from_text("28 x 28") == (28, 28, 1)
    assert shape_from_text("784") == (784,)


def test_the_arithmetic_says_where_it_is_rounded():
    assert Fit(28, 0, 3, 1).words == "(28 + 0 - 3)/1 + 1 = 26"
    assert Fit(11, 0, 2, 2).words == "(11 + 0 - 2)/2 + 1 = 5.5 → 5"
    assert Fit(11, 0, 2, 2).left_over == 1


sides = st.integers(1, 12)


@given(sides, sides, st.integers(1, 4), st.sampled_from(["valid", "same", "1", "2"]))
def test_the_formula_gives_the_size_that_sliding_gives(n, f, stride, padding):
    how = Sliding(padding, stride)
    fit = Fit(n, sum(how.zeros(f)), f, stride)
    row = "; ".join(" ".join("1" for _ in range(n)) for _ in range(n))
    kernel = "; ".join(" ".join("1" for _ in range(f)) for _ in range(f))
    if fit.out < 1:
        with pytest.raises(WrongUse, match="larger than the input"):
            slide(grid_from_text(row, "x"), grid_from_text(kernel, "x"), how)
    else:
        made = slide(grid_from_text(row, "x"), grid_from_text(kernel, "x"), how)
        assert made.shape == (fit.out, fit.out)


@pytest.mark.parametrize("words", ["conv 64", "conv", "dense", "pool"])
def test_a_layer_that_ends_too_early_says_what_is_missing(words):
    with pytest.raises(WrongUse, match=f"layer 2 '{words}': a whole number from 1 is missing"):
        rows(f"conv 8 3; {words}")


@pytest.mark.parametrize("words", ["conv 8 0", "conv 8 00", "conv 8 3x0", "pool 00x2"])
def test_a_kernel_of_no_size_is_refused(words):
    with pytest.raises(WrongUse, match="a whole number from 1 is needed"):
        rows(words)
