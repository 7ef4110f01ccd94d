"""Windows: the standard's formulas, what a user may write, and the laws they keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.data.windows import PRESETS, Function, Window, apply_window, parse_window
from tamiz.formats.dicom_values import Full, Lut, Modality, ToGrey

functions = st.sampled_from(list(Function))
centres = st.floats(-3000, 3000)
widths = st.floats(1, 5000)
stored = st.lists(st.integers(-32768, 32767), min_size=1, max_size=40)


def at(window, *values):
    return apply_window(np.array(values, dtype=float), window).tolist()


def test_linear_gives_the_standards_values():
    # PS3.3 C.11.2.1.2.1, note 1: centre 2048 and width 4096 map 0..4095 onto the whole range;
    # note 2: centre 2^(n-1) and width 2^n; a width of 1 is a step between 99.5 and what follows.
    assert at(Window(2048, 4096), 0, 4095) == [0.0, 1.0]
    assert at(Window(2048, 1), 2047, 2047.5, 2048) == [0.0, 0.0, 1.0]
    # C.11.2.1.2.1, example: c = 0, w = 100: x <= -50 is black, x > 49 white, between a ramp.
    assert at(Window(0, 100), -50, 49, -0.5) == pytest.approx([0.0, 1.0, 0.5])
    assert at(Window(0, 100), 10) == pytest.approx([(10 + 0.5) / 99 + 0.5])


def test_linear_exact_is_workflow_ds_formula():
    low, high = -600 - 750, -600 + 750
    values = np.arange(low - 50, high + 50)
    by_hand = np.clip((values - low) / (high - low), 0, 1)
    made = apply_window(values, Window(-600, 1500, Function.LINEAR_EXACT))
    assert made == pytest.approx(by_hand)


def test_sigmoid_is_a_half_at_its_centre_and_never_leaves_the_range():
    window = Window(40, 400, Function.SIGMOID)
    assert at(window, 40) == [0.5]
    assert at(window, 240) == pytest.approx([1 / (1 + np.exp(-2))])
    assert at(window, -1e9, 1e9) == pytest.approx([0, 1])


@given(stored, functions, centres, widths)
def test_no_window_reverses_order_or_leaves_the_range(values, function, centre, width):
    grey = apply_window(np.sort(np.array(values)), Window(centre, width, function))
    assert (np.diff(grey) >= 0).all()
    assert grey.min() >= 0
    assert grey.max() <= 1


@pytest.mark.parametrize("width", [0.5, 0, -3, float("nan"), float("inf")])
def test_a_width_that_the_standard_forbids_is_refused(width):
    assert not Window(0, width).is_usable
    with pytest.raises(ValueError, match="cannot be applied"):
        apply_window(np.zeros(3), Window(0, width))


def test_a_window_is_written_in_words_or_numbers():
    assert parse_window("lung").window == Window(-600, 1500)
    assert parse_window("-600,1500").window == Window(-600, 1500)
    assert parse_window(" exact:40,400 ").window == Window(40, 400, Function.LINEAR_EXACT)
    assert parse_window("sigmoid:brain").window == Window(40, 80, Function.SIGMOID)
    assert (parse_window("file:2").kind, parse_window("file:2").number) == ("file", 2)
    assert parse_window("file:BONE").name == "BONE"
    kinds = ("auto", "full", "values")
    assert tuple(parse_window(one.upper()).kind for one in kinds) == kinds


@pytest.mark.parametrize(
    "words", ["", "lungs", "40", "40,0", "1,2,3", "40,nan", "file:", "x:40,400"]
)
def test_what_is_no_window_is_refused_with_what_may_be_written(words):
    with pytest.raises(WrongUse) as error:
        parse_window(words)
    assert f"'{words}' is no window" in str(error.value)
    assert all(name in str(error.value) for name in (*PRESETS, "CENTRE,WIDTH", "file:2"))


def test_presets_mean_something_for_hounsfield_units_only():
    assert parse_window("lung").is_hounsfield
    assert not parse_window("-600,1500").is_hounsfield


@given(
    st.lists(st.integers(-32768, 32767), min_size=1, max_size=60),
    st.sampled_from(["int16", "uint16", "int8", "uint8"]),
    st.sampled_from(["window", "lut", "full"]),
    st.booleans(),
    st.sampled_from([255, 65535]),
)
def test_the_table_gives_the_same_levels_as_the_arithmetic(values, dtype, kind, inverted, top):
    kept = np.array(values).astype(dtype)
    voi: Any = {
        "window": Window(40, 400),
        "lut": Lut(-5, 12, np.arange(0, 4096, 13, dtype="<u2").tobytes()),
        "full": Full(-1000.0, 900.0),
    }[kind]
    grey = ToGrey(Modality(2.5, -1024), voi, inverted, (-2000, -1990))
    assert (grey.levels(kept, top) == np.rint(grey(kept) * top)).all()
    assert grey.levels(kept, top).dtype == (np.uint8 if top == 255 else np.uint16)


def test_a_table_goes_on_at_its_ends():
    lut = Lut(10, 8, np.array([5, 6, 7], dtype="<u2").tobytes())
    assert lut(np.array([-100, 9, 10, 11, 12, 13, 999])).tolist() == [5, 5, 5, 6, 7, 7, 7]


def test_a_range_of_one_value_is_black_and_no_division_by_zero():
    assert ToGrey(Modality(), Full(7, 7))(np.full(3, 7)).tolist() == [0, 0, 0]


def test_padding_is_black_whatever_the_window_and_the_polarity():
    grey = ToGrey(Modality(), Full(0, 100), is_inverted=True, padding=(-2000, -2000))
    assert grey(np.array([-2000, 0, 100])).tolist() == [0.0, 1.0, 0.0]
