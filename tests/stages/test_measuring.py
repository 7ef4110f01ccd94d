"""What was looked at once is not looked at again."""

from __future__ import annotations

import weakref
from types import SimpleNamespace

import numpy as np

from tamiz.data.image import Image
from tamiz.data.run_folder import Run
from tamiz.stages.measuring import _measure_chunk, looks_of
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.testing.sources import class_folders


def test_looks_are_measured_once_and_taken_up_by_every_later_stage(tmp_path):
    run, asked = begin(class_folders(tmp_path / "photos"), tmp_path / "run")
    advance(run, asked, "explore")
    told: list[object] = []
    seen = looks_of(recipe_of(run, asked), Run(tmp_path / "run"), told.append)
    assert len(seen.rows) == 6
    assert told == []


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


def test_large_images_of_a_chunk_are_measured_one_by_one_and_not_held():
    reader, headers = _Large(), SimpleNamespace(of=lambda path: None)
    chunk = [(at, str(10 * at), 0) for at in range(20)]
    made = _measure_chunk(chunk, reader, 64, headers)
    assert [round(measured.figures["brightness"]) for _, measured, _ in made] == [
        10 * at for at in range(20)
    ]
    assert reader.most <= 2  # the last one, and the one before it


def test_small_and_large_images_keep_their_places():
    class Mixed:
        def look(self, path, frame):
            return Image(np.full((8, 8, 3) if frame else (400, 300, 3), int(path), dtype=np.uint8))

    chunk = [(at, str(10 * at), at % 2) for at in range(10)]
    made = _measure_chunk(chunk, Mixed(), 32, SimpleNamespace(of=lambda path: None))
    assert [round(measured.figures["brightness"]) for _, measured, _ in made] == [
        10 * at for at in range(10)
    ]
