"""Near training images are shown only from the run that trained the model."""

from __future__ import annotations

import pytest

from tamiz.core.errors import WrongUse
from tamiz.data.run_folder import Run
from tamiz.serving.answering import Given
from tamiz.serving.neighbours import Neighbours


def test_a_training_image_is_nearest_to_itself_and_the_others_follow_in_order(answerer, run_folder):
    found = Neighbours(answerer.bundle, run_folder)
    rows = Run(run_folder).manifest()
    train = [at for at, part in enumerate(rows.column("split")) if part == "train"]
    for at in (train[0], train[-1]):
        path, _ = next(iter(rows.take([at]).rows("path", "frame")))
        decoded = next(iter(answerer.decoded(Given(rows.root / path, "a.png"))))
        near = found.of(decoded, 4)
        assert near[0].label == rows.column("label")[at]
        assert near[0].cosine == pytest.approx(1.0, abs=1e-5)
        cosines = [one.cosine for one in near]
        assert cosines == sorted(cosines, reverse=True)
        assert all(one.png.startswith(b"\x89PNG") for one in near)
    found.close()


def test_what_is_no_run_or_another_models_run_is_refused(answerer, run_folder, tmp_path):
    from dataclasses import replace

    with pytest.raises(WrongUse, match="no run"):
        Neighbours(answerer.bundle, tmp_path)
    with pytest.raises(WrongUse, match="another model"):
        Neighbours(replace(answerer.bundle, manifest_hash="x"), run_folder)
