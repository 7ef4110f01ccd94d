from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tamiz.core.errors import WrongData
from tamiz.data.contracts import Policy
from tamiz.engine.infer import softmax
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.decision import Decision
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import (
    Ensemble,
    ensemble_of,
    is_mirroring,
    parts_of,
    without_mirroring,
)
from tamiz.models.nets.averaged import Averaged
from tamiz.models.registry import InputShape
from tamiz.steps.apply import build_steps


def member(seed: int, **changes: Any) -> Bundle:
    shape = InputShape(1, 8, 3)
    net = build_network("softmax", {}, shape, mean=(0.5,), std=(0.25,), seed=seed)
    steps: list[dict[str, object]] = [
        {"name": "grey"},
        {"name": "resize", "size_px": 8, "aspect": "stretch"},
    ]
    made = Bundle(
        classes=("a", "b", "c"),
        size_px=8,
        channels=1,
        model="softmax",
        options={},
        steps=build_steps(steps),
        policy=Policy(),
        mean=(0.5,),
        std=(0.25,),
        weights={name: value.numpy() for name, value in net.state_dict().items()},
        temperature=1.0 + seed / 2,
        training={"epochs": seed},
    )
    return replace(made, **changes)


@pytest.fixture
def pixels():
    return torch.randint(0, 256, (5, 1, 8, 8), dtype=torch.uint8)


def test_the_answer_is_the_mean_of_the_members_calibrated_probabilities(pixels):
    members = [member(seed) for seed in range(3)]
    each = [softmax(one.module()(pixels).double().numpy(), one.temperature) for one in members]
    whole = softmax(ensemble_of(members).module()(pixels).double().numpy())
    assert whole == pytest.approx(np.mean(each, axis=0), abs=1e-6)


def test_members_with_a_scale_and_shift_per_class_are_averaged_as_they_answer(pixels, tmp_path):
    vector: dict[str, Any] = {"scales": (0.5, 1.0, 2.0), "shifts": (0.3, 0.0, -0.3), "bend": -0.1}
    members = [member(0, **vector), member(1)]
    made = ensemble_of(members).with_decision(Decision("f1", "b", 0.3))
    each = [one.probabilities_of(one.module()(pixels).double().numpy()) for one in members]
    whole = softmax(made.module()(pixels).double().numpy())
    assert whole == pytest.approx(np.mean(each, axis=0), abs=1e-6)
    made.save(tmp_path)
    found = Bundle.load(tmp_path)
    assert found.decision == made.decision
    assert found.calibration.is_identity
    assert (found.module()(pixels) == made.module()(pixels)).all()


def test_of_several_labels_each_is_averaged_on_its_own(pixels):
    nets = [member(seed).module() for seed in range(3)]
    calibrations = [Calibration.of_temperature(t, 3) for t in (1.0, 2.0, 3.0)]
    made = torch.sigmoid(Averaged(nets, calibrations, is_multilabel=True)(pixels))
    each = [torch.sigmoid(net(pixels).double() / t) for net, t in zip(nets, (1, 2, 3), strict=True)]
    assert made.numpy() == pytest.approx(torch.stack(each).mean(dim=0).numpy(), abs=1e-12)


def test_saving_and_loading_gives_the_same_answers_facts_and_identity(tmp_path, pixels):
    made = ensemble_of([member(seed) for seed in range(3)])
    made = replace(made, training={"folds": 3}, manifest_hash="f00", licence="mine")
    made.save(tmp_path)
    found = Bundle.load(tmp_path)
    assert isinstance(found, Ensemble)
    assert len(found.members) == 3
    assert found.facts() == made.facts()
    assert found.identity() == made.identity()
    assert (found.module()(pixels) == made.module()(pixels)).all()
    assert "softmax" in (tmp_path / "card.md").read_text(encoding="utf-8")


def test_figures_are_added_without_writing_the_members_again(tmp_path):
    made = ensemble_of([member(seed) for seed in range(2)])
    made.save(tmp_path)
    place = tmp_path / "member-1" / "bundle.json"
    before = place.stat().st_mtime_ns
    made.with_metrics({"accuracy": {"value": 0.5}}).save(tmp_path)
    assert place.stat().st_mtime_ns == before
    assert Bundle.load(tmp_path).metrics == {"accuracy": {"value": 0.5}}


@pytest.mark.parametrize("name", ["bundle.json", "weights.safetensors"])
def test_a_member_that_was_changed_since_is_refused(tmp_path, name):
    ensemble_of([member(seed) for seed in range(2)]).save(tmp_path)
    place = tmp_path / "member-2" / name
    place.write_bytes(place.read_bytes() + b" ")
    with pytest.raises(WrongData) as error:
        Bundle.load(tmp_path)
    assert "member-2" in str(error.value)


def test_a_missing_member_is_named(tmp_path):
    ensemble_of([member(seed) for seed in range(2)]).save(tmp_path)
    (tmp_path / "member-2" / "bundle.json").unlink()
    with pytest.raises(WrongData, match="member-2"):
        Bundle.load(tmp_path)


@pytest.mark.parametrize("folder", ["../elsewhere", "/etc", "member-0", "", "member-1/../x"])
def test_members_lie_in_folders_of_their_own_and_nowhere_else(tmp_path, folder):
    ensemble_of([member(0)]).save(tmp_path)
    facts = json.loads((tmp_path / "bundle.json").read_text())
    facts["members"][0]["folder"] = folder
    (tmp_path / "bundle.json").write_text(json.dumps(facts))
    with pytest.raises(WrongData, match="no network of it"):
        Bundle.load(tmp_path)


@pytest.mark.parametrize("members", [[], {}, "x", [1], [{"folder": "member-1"}]])
def test_nonsense_in_the_list_of_members_is_a_broken_file(tmp_path, members):
    ensemble_of([member(0)]).save(tmp_path)
    facts = json.loads((tmp_path / "bundle.json").read_text())
    facts["members"] = members
    (tmp_path / "bundle.json").write_text(json.dumps(facts))
    with pytest.raises(WrongData):
        Bundle.load(tmp_path)


def test_networks_that_answer_different_questions_are_no_ensemble():
    with pytest.raises(ValueError, match="classes"):
        ensemble_of([member(0), member(1, classes=("a", "b", "x"))])
    with pytest.raises(ValueError, match="without networks"):
        ensemble_of([])


def test_members_that_prepare_images_differently_are_asked_in_turn():
    grey = build_steps([{"name": "resize", "size_px": 8, "aspect": "stretch"}, {"name": "grey"}])
    same = ensemble_of([member(0), member(1)])
    other = ensemble_of([member(0), member(1, steps=grey)])
    assert parts_of(same) == (same,)
    assert parts_of(other) == other.members
    assert len(parts_of(member(0))) == 1
    with pytest.raises(ValueError, match="different steps"):
        other.module()


def test_mirroring_is_taken_out_of_every_member():
    made = ensemble_of([member(0, averages_mirrored=True), member(1, averages_mirrored=True)])
    assert is_mirroring(made)
    assert not is_mirroring(without_mirroring(made))
    assert not is_mirroring(member(0))
