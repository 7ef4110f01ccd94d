"""`lab replay`: the same training once more, seen epoch by epoch; and what has no epochs."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.errors import WrongUse
from tamiz.core.recipe_io import Tables, recipe_to_toml
from tamiz.data.run_folder import Run
from tamiz.engine import watch
from tamiz.models.bundle import Bundle
from tamiz.stages.laboratory.frames import Frame, animated
from tamiz.stages.laboratory.replay import lab_replay
from tamiz.stages.pipeline import advance, begin
from tamiz.stages.predict import predict
from tamiz.stages.training_rows import training_rows

QUICK: Tables = {
    "audit": {"depth": "quick"},
    "clean": {"near_duplicates": False, "only": ["odd_size"]},
    "train": {
        "epochs": 3,
        "batch_size": 16,
        "threads": 1,
        "device": "cpu",
        "precision": "float32",
        "average_mirrored": False,
        "guard": False,
    },
    "model": {"name": "cnn", "options": {"widths": [4], "dense": 8}},
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return the folder of a run that is trained; nothing in it is changed."""
    folder = tmp_path_factory.mktemp("replay")
    run, asked = begin(draw_classes(folder / "photos", 12), folder / "run", settings=QUICK)
    advance(run, asked, "train")
    return run.folder


@pytest.fixture(scope="module")
def replayed(trained, tmp_path_factory):
    """Return where a replay was written, and its report's values."""
    out = tmp_path_factory.mktemp("replayed") / "out"
    return out, lab_replay(trained, out).values["lab"]


def recipe_changed(trained: Path, folder: Path, **changes) -> Path:
    """Return a copy of the run with another recipe."""
    run = Run(shutil.copytree(trained, folder / "run"))
    recipe = replace(run.recipe(), **changes)
    run.recipe_path.write_text(recipe_to_toml(recipe), encoding="utf-8")
    return run.folder


def test_the_replay_is_the_training_that_made_the_model(trained, replayed):
    _, told = replayed
    assert told["same_weights"] is True
    history = [json.loads(line) for line in (trained / "history.jsonl").read_text().splitlines()]
    assert [one["val_loss"] for one in told["epochs"]] == [one["val_loss"] for one in history]


def test_the_kept_frame_is_what_predict_says_of_the_validation_images(trained, replayed):
    out, told = replayed
    run = Run(trained)
    rows, n_train = training_rows(run.manifest())
    held = rows.take(list(range(n_train, len(rows))))
    paths = [Path(held.root) / path for path in held.column("path")]
    answers = predict(trained, *paths, guard="off").predictions
    classes = list(answers.classes)
    wanted = np.zeros((3, 3), dtype=np.int64)
    for label, share in zip(held.column("label"), answers.probabilities, strict=True):
        wanted[classes.index(label), share.argmax()] += 1
    assert told["confusion"][told["best_epoch"] - 1] == wanted.tolist()
    assert (out / "epochs" / "0003.safetensors").is_file()


def test_the_kept_frame_shows_the_filters_of_the_model(trained, replayed):
    from safetensors.numpy import load_file

    out, told = replayed
    kernels = load_file(out / "epochs" / f"{told['best_epoch']:04}.safetensors")["kernels"]
    weights = Bundle.load(trained / "model").weights
    assert np.array_equal(kernels, weights["net.0.weight"])


def test_the_animation_has_a_frame_for_each_epoch(replayed):
    out, _ = replayed
    with PIL.Image.open(out / "replay.gif") as moving:
        assert getattr(moving, "n_frames", 1) == 3
    assert len(list((out / "frames").iterdir())) == 3
    assert "data:image/png" in (out / "report.html").read_text(encoding="utf-8")


def test_a_replay_that_was_stopped_goes_on_and_ends_alike(trained, replayed, tmp_path, monkeypatch):
    calls = []

    def stop_after_two(self, state):
        calls.append(state.epoch)
        self._save(state)
        if len(calls) == 2:
            raise KeyboardInterrupt
        self._saved = self._now

    monkeypatch.setattr(watch.Watch, "after_epoch", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        lab_replay(trained, tmp_path / "out")
    monkeypatch.undo()
    told = lab_replay(trained, tmp_path / "out").values["lab"]
    assert told["same_weights"] is True
    assert told["confusion"] == replayed[1]["confusion"]


def test_a_finished_replay_is_not_trained_again(trained, replayed, monkeypatch):
    out, told = replayed
    monkeypatch.setattr("tamiz.engine.loop._loss_of", lambda *_: pytest.fail("trained again"))
    assert lab_replay(trained, out).values["lab"]["confusion"] == told["confusion"]


def test_the_run_is_not_changed(trained, replayed, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in trained.rglob("*") if path.is_file()}
    lab_replay(trained, tmp_path / "out")
    assert replayed
    assert {p: p.stat().st_mtime_ns for p in trained.rglob("*") if p.is_file()} == before


def test_another_recipe_is_told_to_be_another_training(trained, tmp_path):
    train = replace(Run(trained).recipe().train, seed=9)
    told = lab_replay(recipe_changed(trained, tmp_path, train=train), tmp_path / "out").values[
        "lab"
    ]
    assert told["same_weights"] is False
    assert told["largest_difference"] > 0


def test_the_folder_of_another_replay_is_refused(trained, tmp_path):
    (tmp_path / "replay.json").write_text('{"weights": "another"}', encoding="utf-8")
    with pytest.raises(WrongUse, match="holds the replay of another training"):
        lab_replay(trained, tmp_path)


def test_what_has_no_epochs_is_refused_in_one_line(trained, tmp_path):
    recipe = Run(trained).recipe()
    fitted = replace(recipe.model, name="resnet18", options={"head": "logistic"})
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "folds": ({"split": replace(recipe.split, folds=3)}, "trained several networks on folds"),
        "slides": ({"model": replace(recipe.model, name="mil", options={})}, "bags of tiles"),
        "network": (
            {"model": replace(recipe.model, name="descriptors", options={})},
            "fitted at once, without epochs",
        ),
        "fitted": ({"model": fitted}, "fitted at once on a frozen network"),
        "clock": ({"train": replace(recipe.train, max_minutes=0.0)}, "the clock ended"),
    }
    for name, (changes, words) in cases.items():
        folder = recipe_changed(trained, tmp_path / name, **changes)
        with pytest.raises(WrongUse, match=words):
            lab_replay(folder, tmp_path / "out")
    (trained_not_yet := recipe_changed(trained, tmp_path / "bare") / "recipe.toml").unlink()
    with pytest.raises(WrongUse, match="no trained model yet"):
        lab_replay(trained_not_yet.parent, tmp_path / "out")
    with pytest.raises(WrongUse, match="no run"):
        lab_replay(tmp_path / "nowhere", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_several_labels_are_counted_label_by_label():
    targets = np.array([[1, 0], [1, 1], [0, 0]], dtype=np.float32)
    scores = np.array([[2, -1], [-2, 3], [1, -1]], dtype=np.float32)
    frame = Frame({}, scores, None)
    assert frame.confusion(targets).tolist() == [[1, 1, 1, 0], [1, 0, 0, 2]]


def test_many_epochs_make_sixty_frames_with_the_first_and_the_last():
    pictures = [np.full((4, 4, 3), number * 2, dtype=np.uint8) for number in range(100)]
    with PIL.Image.open(io.BytesIO(animated(pictures).gif)) as moving:
        assert getattr(moving, "n_frames", 1) == 60
        moving.seek(59)
        assert abs(int(np.asarray(moving.convert("RGB"))[0, 0, 0]) - 198) <= 1
