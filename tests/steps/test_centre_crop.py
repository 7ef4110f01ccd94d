"""The centre crop of pretrained networks, and the choice of interpolation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import PrepareOptions
from tamiz.data.image import Image
from tamiz.steps.apply import build_steps, input_steps, steps_to_tables
from tamiz.steps.centre_crop import CentreCrop
from tamiz.steps.resize import Resize, resample


def noise(height, width, channels=3, dtype=np.uint8):
    rng = np.random.default_rng(height * 1000 + width)
    return Image(rng.integers(0, 256, (height, width, channels)).astype(dtype))


@given(
    st.integers(5, 90), st.integers(5, 90), st.integers(4, 40), st.integers(0, 20),
    st.sampled_from(["bilinear", "bicubic"]),
)  # fmt: skip
def test_it_makes_what_torchvision_makes(width, height, side, more, interpolation):
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms.functional import center_crop, resize

    image = noise(height, width)
    made = CentreCrop(side, side + more, interpolation)(image).pixels
    how = InterpolationMode(interpolation)
    wanted = center_crop(resize(Pillow.fromarray(image.pixels), [side + more], how), [side])
    assert np.array_equal(made, np.asarray(wanted))


def test_a_square_larger_than_the_shorter_side_is_refused():
    with pytest.raises(WrongUse, match="shorter side of 20 px"):
        CentreCrop(24, 20)


def test_the_size_of_a_pixel_follows():
    image = Image(np.zeros((40, 80, 1), np.uint8), um_per_px=(1.0, 1.0))
    assert CentreCrop(10, 20)(image).um_per_px == (2.0, 2.0)


def test_older_tables_mean_bilinear_as_before():
    (step,) = build_steps([{"name": "resize", "size_px": 9, "aspect": "stretch", "pad_value": 0}])
    image = noise(31, 22)
    wanted = Pillow.fromarray(image.pixels).resize(
        (9, 9), Pillow.Resampling.BILINEAR, (0, 0, 22, 31), reducing_gap=3.0
    )
    assert np.array_equal(step(image).pixels, np.asarray(wanted))


def test_bicubic_differs_and_is_asked_for_by_the_recipe():
    image = noise(31, 22)
    made = Resize(9, "stretch", interpolation="bicubic")(image).pixels
    assert not np.array_equal(made, Resize(9, "stretch")(image).pixels)
    steps = input_steps(PrepareOptions(size_px=9, interpolation="bicubic"))
    assert steps[-1] == Resize(9, "pad", interpolation="bicubic")


@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 255), (np.uint16, 65_535)])
def test_bicubic_overshoot_stays_within_the_type(dtype, most):
    pixels = np.zeros((8, 8, 2), dtype)
    pixels[:, 4:] = most
    made = resample(pixels, (16, 16), (0, 0, 8, 8), "bicubic")
    assert made.min() == 0
    assert made.max() == most
    assert (np.diff(made[8, :, 0].astype(int))[2:-2] >= 0).all()


def test_as_many_windows_as_channels_need_no_other_step():
    windows: dict[str, object] = {
        "name": "window",
        "windows": ["0,100", "50,200", "0,400", "100,50"],
    }
    steps = input_steps(PrepareOptions(size_px=9, channels=4, steps=[windows]))
    assert [table["name"] for table in steps_to_tables(steps)] == ["window", "resize"]
    with pytest.raises(WrongUse, match="channels = 5"):
        input_steps(PrepareOptions(size_px=9, channels=5, steps=[windows]))
