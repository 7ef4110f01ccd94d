"""Steps that learn do so from training images, and from nothing else."""

from __future__ import annotations

import PIL.Image
import pytest
from tests.stages.slide_drawing import EOSIN, HAEMATOXYLIN, drawn

from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import Reader
from tamiz.stages.preparing import fitted_steps
from tamiz.steps.apply import build_steps, steps_to_tables


@pytest.fixture
def rows(tmp_path):
    for number in range(4):
        stain = (EOSIN, HAEMATOXYLIN)[number % 2]
        PIL.Image.fromarray(drawn(160, 160, stain=stain, seed=number)).save(
            tmp_path / f"{number}.png"
        )
    return Manifest.from_columns({"path": [f"{n}.png" for n in range(4)]}, tmp_path)


def test_a_step_that_learns_holds_what_the_given_rows_show(rows):
    steps = build_steps([{"name": "reinhard", "learn": "target"}])
    made = steps_to_tables(fitted_steps(steps, rows, Policy()))
    pink = steps_to_tables(fitted_steps(steps, rows.take([0, 2]), Policy()))
    assert made[0]["learn"] == pink[0]["learn"] == "nothing"
    assert made != pink


def test_steps_that_learn_nothing_read_no_image(rows, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("an image was read")

    monkeypatch.setattr(Reader, "read", refuse)
    steps = build_steps([{"name": "blur"}, {"name": "resize", "size_px": 8, "aspect": "stretch"}])
    assert fitted_steps(steps, rows, Policy()) == steps


def test_a_step_learns_from_what_the_steps_before_it_leave(rows):
    shrunk = [{"name": "resize", "size_px": 40, "aspect": "stretch"}]
    learning = {"name": "reinhard", "learn": "target"}
    alone = steps_to_tables(fitted_steps(build_steps([learning]), rows, Policy()))[0]
    after = steps_to_tables(fitted_steps(build_steps([*shrunk, learning]), rows, Policy()))[1]
    assert alone != after
