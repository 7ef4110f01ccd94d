"""A large picture becomes an array strip by strip: the same values, fewer copies."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow

from tamiz.formats import photo


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (64, 65)])
def test_strips_give_the_array_of_the_whole_picture(monkeypatch, size):
    monkeypatch.setattr(photo, "_STRIP_PX", 640)
    rng = np.random.default_rng(0)
    wanted = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    found = photo._colours_of(Pillow.fromarray(wanted))
    assert found.dtype == np.uint8
    assert found.flags.writeable
    assert found.flags.c_contiguous
    assert (found == wanted).all()
