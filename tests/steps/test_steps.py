"""Steps: what they do to pixels, and how they travel as tables."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import PrepareOptions
from tamiz.data.image import Image, Kind
from tamiz.steps.apply import build_steps, input_steps, prepare_image, steps_to_tables
from tamiz.steps.grey import Grey
from tamiz.steps.registry import STEPS
from tamiz.steps.resize import Resize
from tamiz.steps.rgb import Rgb


def noise(height, width, channels, dtype=np.uint8, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 256, (height, width, channels))
    return Image(drawn.astype(dtype))


def test_grey_equals_pillow_bit_for_bit():
    from PIL import Image as Pillow

    image = noise(64, 67, 3)
    expected = np.asarray(Pillow.fromarray(image.pixels).convert("L"))
    assert np.array_equal(Grey()(image).pixels[:, :, 0], expected)


def test_grey_leaves_a_grey_image_alone():
    image = noise(5, 5, 1)
    assert Grey()(image) is image


def test_rgb_repeats_grey_and_leaves_colour_alone():
    grey, colour = noise(4, 6, 1), noise(4, 6, 3)
    assert Rgb()(colour) is colour
    made = Rgb()(grey).pixels
    assert made.shape == (4, 6, 3)
    assert (made == grey.pixels).all()


@pytest.mark.parametrize("step", [Grey(), Rgb()])
def test_two_channels_are_refused_with_the_number(step):
    with pytest.raises(WrongData, match="2 channels"):
        step(noise(4, 4, 2))


def test_resize_leaves_an_image_of_that_size_alone():
    image = noise(28, 28, 1)
    assert Resize(28)(image) is image


@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(1, 40),
    st.sampled_from(["pad", "stretch", "crop"]),
    st.sampled_from([1, 3]),
    st.sampled_from([np.uint8, np.uint16, np.float32]),
)
def test_resize_gives_the_square_within_the_range_of_its_input(w, h, side, aspect, channels, dtype):
    image = noise(h, w, channels, dtype)
    made = Resize(side, aspect, pad_value=7)(image).pixels
    assert made.shape == (side, side, channels)
    assert made.dtype == dtype
    assert made.min() >= min(7, image.pixels.min()) - 1e-3
    assert made.max() <= max(7, image.pixels.max()) + 1e-3


@pytest.mark.parametrize("aspect", ["pad", "stretch", "crop"])
def test_a_flat_image_stays_flat(aspect):
    made = Resize(16, aspect, pad_value=90)(Image(np.full((50, 31, 3), 90, np.uint8)))
    assert (made.pixels == 90).all()


def test_padding_keeps_proportions_and_shows_the_declared_value():
    made = Resize(20, "pad", pad_value=5)(Image(np.full((10, 40, 1), 200, np.uint8))).pixels
    assert (made[:7] == 5).all()
    assert (made[13:] == 5).all()
    assert (made[8:12] == 200).all()


def test_an_extreme_aspect_costs_no_memory():
    strip = Image(np.zeros((1, 60_000, 3), np.uint8))
    tracemalloc.start()
    for aspect in ("pad", "crop", "stretch"):
        assert Resize(32, aspect)(strip).pixels.shape == (32, 32, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_resize_scales_the_size_of_a_pixel():
    image = Image(np.zeros((40, 20, 1), np.uint8), um_per_px=(1.0, 1.0))
    assert Resize(10, "pad")(image).um_per_px == (4.0, 4.0)


def test_every_step_survives_json():
    for name in STEPS.names():
        steps = build_steps([{"name": name}])
        tables = json.loads(json.dumps(steps_to_tables(steps)))
        assert build_steps(tables) == steps


def test_all_faults_of_all_steps_are_named_together():
    tables: list[dict[str, object]] = [
        {"name": "gray"},
        {"name": "resize", "size": 8, "aspect": "cropp"},
        {},
    ]
    with pytest.raises(WrongUse) as error:
        build_steps(tables)
    said = "\n".join(error.value.details)
    assert len(error.value.details) == 4
    assert "did you mean 'grey'" in said
    assert "resize.size: there is no such option; did you mean 'size_px'?" in said
    assert "pad, stretch, crop" in said
    assert "[3]: a table needs name" in said


def test_the_input_steps_fill_in_channels_and_size():
    steps = input_steps(PrepareOptions(size_px=12, channels=1))
    assert prepare_image(noise(30, 20, 3), steps).shape == (12, 12, 1)


def test_the_recipes_own_resize_is_respected():
    own = [{"name": "resize", "size_px": 12, "aspect": "crop"}]
    steps = input_steps(PrepareOptions(size_px=12, channels=3, steps=own))
    assert [step for step in steps if isinstance(step, Resize)] == [Resize(12, "crop")]


def test_values_that_are_not_8_bit_are_refused_at_the_end():
    with pytest.raises(WrongData, match="uint16"):
        prepare_image(noise(8, 8, 1, np.uint16), [Resize(4)])


def values(kind=Kind.HOUNSFIELD):
    drawn = np.linspace(-1200, 800, 12, dtype=np.float32).reshape(3, 4, 1)
    return Image(drawn, kind)


def test_three_windows_make_three_channels_of_the_same_values():
    (step,) = build_steps([{"name": "window", "windows": ["lung", "40,400", "exact:bone"]}])
    made = step(values())
    assert made.pixels.shape == (3, 4, 3)
    assert made.pixels.dtype == np.uint8
    assert made.kind is Kind.DISPLAY
    assert made.pixels[0, 0].tolist() == [26, 0, 0]
    assert made.pixels[2, 3, 1] == 255


def test_a_window_needs_values_and_a_preset_hounsfield_units():
    (step,) = build_steps([{"name": "window", "windows": ["lung"]}])
    with pytest.raises(WrongData, match="grey or colour already"):
        step(noise(3, 3, 1))
    with pytest.raises(WrongData, match="in Hounsfield units, and these values are none"):
        step(values(Kind.RAW))
    (step,) = build_steps([{"name": "window", "windows": ["0,100"]}])
    assert step(values(Kind.RAW)).n_channels == 1


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "0 windows"),
        (["lung"] * 17, "17 windows"),
        (["file:2"], "no window that a step"),
        (["x"], "is no window"),
    ],
)
def test_wrong_windows_are_refused_when_the_recipe_is_read(windows, words):
    with pytest.raises(WrongUse, match=words):
        build_steps([{"name": "window", "windows": windows}])
