"""A decision wished for on the command line is chosen, measured, stored and followed."""

from __future__ import annotations

import csv
import json

import numpy as np
import PIL.Image
import pytest
from tests.end_to_end.conftest import FAST, tamiz

from tamiz.data.predictions import Predictions
from tamiz.metrics.decision import WITHHELD
from tamiz.models.bundle import Bundle

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Return noisy squares of two classes that overlap."""
    folder = tmp_path_factory.mktemp("squares")
    rng = np.random.default_rng(0)
    for number in range(120):
        for name, base in (("well", 110), ("sick", 135)):
            pixels = rng.normal(base + rng.normal(0, 20), 20, (16, 16)).clip(0, 255)
            place = folder / name / f"{number:03d}.png"
            place.parent.mkdir(exist_ok=True)
            PIL.Image.fromarray(pixels.astype(np.uint8)).save(place)
    return folder


def test_a_decision_is_chosen_measured_stored_and_followed(source, tmp_path):
    run = tmp_path / "run"
    wishes = ("--decide", "sensitivity:0.9", "--positive", "sick", "--abstain", "0.2")
    tamiz("run", source, "--out", run, *FAST, *wishes, "--set", "split.val_fraction=0.3")
    bundle = Bundle.load(run / "model")
    decision = bundle.decision
    assert (decision.rule, decision.positive) == ("sensitivity:0.9", "sick")
    val, test = (Predictions.load(run / "predictions" / f"{p}.parquet") for p in ("val", "test"))
    at = val.classes.index("sick")
    is_sick = val.target == at
    assert decision.threshold is not None
    assert (val.probabilities[is_sick, at] >= decision.threshold).mean() >= 0.9
    silent = decision.answers(val.probabilities, val.classes) == WITHHELD
    assert 0 < silent.mean() <= 0.2
    told = json.loads((run / "metrics.json").read_text())["operating"]
    assert told["decision"] == decision.facts()
    on_test = decision.answers(test.probabilities, test.classes)
    assert told["withheld"]["n_withheld"] == int((on_test == WITHHELD).sum())

    tamiz("predict", run, source, "--csv", tmp_path / "answers.csv")
    with (tmp_path / "answers.csv").open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    shares = np.array([[float(row[f"p_{name}"]) for name in bundle.classes] for row in rows])
    names = [*bundle.classes, "-"]
    wanted = [names[answer] for answer in decision.answers(shares, bundle.classes).tolist()]
    assert [row["predicted"] for row in rows] == wanted
    assert [row["answered"] for row in rows] == ["no" if w == "-" else "yes" for w in wanted]


def test_an_unknown_positive_class_stops_before_training(source, tmp_path):
    done = tamiz("run", source, "--out", tmp_path / "run", "--positive", "ill", *FAST, code=2)
    assert "evaluate.positive" in done.stderr
    assert "sick, well" in done.stderr
    assert not (tmp_path / "run" / "checkpoint").exists()
