"""The glass of slides by centre, from their thumbnails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tamiz.data.manifest import Manifest
from tamiz.data.report import Paragraph, Table
from tamiz.data.sketches import COLOUR_SIDE, FIGURES, Sketches
from tamiz.stages.backgrounds import explore_backgrounds

GLASS = {"white": (244, 244, 243), "grey": (214, 214, 216), "green": (226, 239, 224)}


def world(tmp_path, kinds, centres, *, kind="TIFF", side_px=5000):
    n = len(kinds)
    colour = np.zeros((n, COLOUR_SIDE, COLOUR_SIDE, 3), np.uint8)
    for at, name in enumerate(kinds):
        colour[at] = GLASS[name]
        colour[at, 5:11, 5:11] = (150, 80, 160)  # tissue
    figures = {name: np.zeros(n, np.float32) for name in FIGURES}
    sketches = Sketches(tuple(map(str, range(n))), figures, np.zeros((n, 64, 64), np.uint8), colour)
    columns: dict[str, list[Any]] = {"path": [f"{at}.tif" for at in range(n)], "format": [kind] * n,
               "width_px": [side_px] * n, "height_px": [side_px] * n}  # fmt: skip
    if centres is not None:
        columns["centre"] = centres
    return Manifest.from_columns(columns, tmp_path), sketches


def table_of(section):
    table = section.blocks[0]
    assert isinstance(table, Table)
    return table


def test_slides_are_counted_by_centre_and_glass(tmp_path):
    rows, sketches = world(tmp_path, ["white", "white", "grey", "green"], ["10", "9", "9", "10"])
    (section,) = explore_backgrounds(rows, sketches)
    table = table_of(section)
    assert [str(name) for name in table.columns] == ["centre", "green", "grey", "white"]
    assert table.rows == (("9", 0, 1, 1), ("10", 1, 0, 1))


def test_without_centres_the_glass_is_told_all_the_same(tmp_path):
    (section,) = explore_backgrounds(*world(tmp_path, ["grey", "grey"], None))
    assert [str(cell) for cell in table_of(section).rows[0]] == ["(not told)", "2"]


def test_small_slides_are_counted_where_they_are_left_out(tmp_path):
    rows, sketches = world(tmp_path, ["white", "grey", "green"], None)
    rows = rows.with_columns({"width_px": [5000, 1000, 5000], "height_px": [5000, 1000, 5000]})
    (section,) = explore_backgrounds(rows, sketches)
    assert table_of(section).rows[0][1:] == (1, 1)
    left_out = section.blocks[1]
    assert isinstance(left_out, Paragraph)
    assert "1 TIFF of up to 4 megapixels is not counted here" in str(left_out.text)


@pytest.mark.parametrize("how", [{"kind": "JPEG"}, {"side_px": 1000}])
def test_photos_have_no_glass(tmp_path, how):
    assert explore_backgrounds(*world(tmp_path, ["white"], ["1"], **how)) == ()
