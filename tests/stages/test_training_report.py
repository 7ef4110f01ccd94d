"""The report of a training says what was not ordinary about it."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import with_tables
from tamiz.data.report import Findings, Paragraph, Table
from tamiz.engine.train import Trained
from tamiz.models.weights import StartFacts
from tamiz.stages.training_report import training_report


def trained(**more):
    history = [
        {"epoch": 1, "shard": 1, "train_loss": 1.0, "val_loss": 0.9, "val_accuracy": 0.5},
        {"epoch": 2, "shard": 2, "train_loss": 0.8, "val_loss": 0.7, "val_accuracy": 0.6},
    ]
    return Trained(
        weights={"w": np.zeros(1)}, mean=(0.0,), std=(1.0,), history=history, best_epoch=2,
        seconds=1.0, n_parameters=3, precision="float32", device="cpu", first_loss=1.1,
        expected_first_loss=1.1, was_resumed=False, **more,
    )  # fmt: skip


def told(made, **train):
    recipe = with_tables(Recipe(), {"train": train})
    report = training_report(made, recipe, 1.5)
    blocks = report.sections[0].blocks
    facts = next(block for block in blocks if isinstance(block, Table))
    findings = [one for block in blocks if isinstance(block, Findings) for one in block.findings]
    first = next(block for block in blocks if isinstance(block, Paragraph))
    return {str(k): str(v) for k, v in facts.rows}, [str(f.what) for f in findings], str(first.text)


def test_a_plain_training_has_nothing_to_add():
    facts, notes, first = told(trained())
    assert notes == []
    assert "super batches" not in facts
    assert "lowest validation loss" in first


@pytest.mark.parametrize(
    ("monitor", "words"), [("accuracy", "highest validation accuracy"), ("f1", "highest valid")]
)
def test_the_figure_that_chose_the_epoch_is_named(monitor, words):
    assert words in told(trained(), monitor=monitor)[2]


def test_weights_stages_and_features_are_told():
    more = {
        "stages": "head:3:0.001",
        "features": {"n_features": 512, "views": 4, "precision": "bfloat16"},
    }
    facts, _, _ = told(trained(start=StartFacts("file.safetensors", "ab" * 32, 5), more=more))
    assert facts["starting weights"] == "file.safetensors"
    assert facts["their SHA-256 begins with"] == "ab" * 8
    assert facts["stages (part:epochs:rate)"] == "head:3:0.001"
    assert "512 features, 4 changed views" in facts["frozen network, computed once"]


def test_levelled_classes_and_super_batches_are_told():
    facts, notes, _ = told(trained(), balance="level", shards=2, loss="focal")
    assert facts["classes of unequal size"] == "levelled by augmented copies"
    assert facts["loss"] == "focal, gamma 2"
    assert any("none leaves its group" in note for note in notes)
    assert any("0.900, 0.700" in note for note in notes)


def test_a_head_fitted_at_once_tells_its_settings_and_why_no_column_is_weighed():
    fitted = {
        "head": "svm", "classifier": "svm", "params": {"C": 10.0, "gamma": 0.02},
        "tried": {"C=10, gamma=1": 0.1}, "n_columns": 512, "n_components": 0, "n_described": 512,
        "n_rows": 40, "n_train": 44, "compared_rows": 16, "largest_difference": 2e-15,
    }  # fmt: skip
    facts, notes, first = told(trained(more={"fitted": fitted}))
    assert facts["Classifier"] == "support vector machine, radial kernel"
    assert facts["Settings"] == "C = 10, gamma = 0.02"
    assert facts["Learnt from"] == "40 of 44 training images"
    assert "equal within 2e-15 on 16 images" in facts.values()
    assert ["features of a network have no names" in note for note in notes] == [True]
    assert "fitted at once" in first
    facts, notes, _ = told(trained(more={"fitted": {"head": "logistic", "n": 44, "strength": 0.1}}))
    assert facts["Settings"] == "strength = 0.1"
    assert notes == []
