from __future__ import annotations

import numpy as np
import pytest

from tamiz.data.image import Image
from tamiz.steps.apply import build_steps
from tamiz.steps.black_out import BlackOut


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_middle_is_black_and_the_rest_is_as_it_was(dtype):
    pixels = np.full((16, 32, 3), 7, dtype)
    image = Image(pixels)
    made = BlackOut()(image).pixels
    assert made.dtype == dtype
    assert not made[3:13, 6:26].any()
    outside = np.ones((16, 32), bool)
    outside[3:13, 6:26] = False
    assert (made[outside] == 7).all()
    assert (pixels == 7).all()  # the image itself stays as it is


def test_a_recipe_names_it_with_its_share():
    (step,) = build_steps([{"name": "black_out", "share": 1.0}])
    assert not step(Image(np.ones((5, 5, 1), np.uint8))).pixels.any()
