"""What was looked at once is not looked at again."""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.stages.slide_drawing import drawn, save_slide

from tamiz.data.image import Image
from tamiz.data.report import Table
from tamiz.data.run_folder import Run
from tamiz.stages.measuring import _measure_chunk, sketches_of
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.testing.sources import class_folders


def test_looks_are_measured_once_and_taken_up_by_every_later_stage(tmp_path):
    run, asked = begin(class_folders(tmp_path / "photos"), tmp_path / "run")
    advance(run, asked, "explore")
    told: list[object] = []
    seen = sketches_of(recipe_of(run, asked), Run(tmp_path / "run"), told.append)
    assert len(seen.rows) == 6
    assert told == []


def test_the_pixel_size_that_a_slide_tells_is_explored(tmp_path):
    for number in range(3):
        slide = drawn(300, 200, seed=number)
        save_slide(tmp_path / "slides" / "ab"[number % 2] / f"{number}.tif", slide, um_per_px=0.5)
    run, asked = begin(tmp_path / "slides", tmp_path / "run")
    report = advance(run, asked, "explore")
    tables = [block for block in report.all_blocks() if isinstance(block, Table)]
    assert any(table.rows == ((0.5, 3),) for table in tables)


class _Large:
    """Gives large images, and counts how many are held when the next one is asked for."""

    def __init__(self) -> None:
        self.held: list[weakref.ref[object]] = []
        self.most = 0

    def look(self, path, frame):
        pixels = np.full((400, 300, 3), int(path), dtype=np.uint8)
        self.most = max(self.most, sum(one() is not None for one in self.held))
        self.held.append(weakref.ref(pixels))
        return Image(pixels)


class _Mixed:
    def look(self, path, frame):
        return Image(np.full((8, 8, 3) if frame else (400, 300, 3), int(path), dtype=np.uint8))


def _brightness(reader: Any, frames: list[int]) -> list[int]:
    """Return what is measured of a chunk of images, the first 0, the next ones 10, 20, ..."""
    headers: Any = SimpleNamespace(of=lambda path: None)
    chunk = [(at, str(10 * at), frame) for at, frame in enumerate(frames)]
    made = _measure_chunk(chunk, reader, 32, headers)
    return [round(float(one.figures["brightness"])) for _, one, _ in made if one is not None]


def test_large_images_of_a_chunk_are_measured_one_by_one_and_not_held():
    reader = _Large()
    assert _brightness(reader, [0] * 20) == [10 * at for at in range(20)]
    assert reader.most <= 2  # the last one, and the one before it


def test_small_and_large_images_of_a_chunk_keep_their_places():
    assert _brightness(_Mixed(), [0, 1] * 5) == [10 * at for at in range(10)]
