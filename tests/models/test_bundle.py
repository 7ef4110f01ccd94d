"""Bundles: what is saved is what is loaded, and damage is said in one line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tamiz.core.errors import TamizError, WrongData
from tamiz.core.language import set_language
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.decision import Decision
from tamiz.models.bundle import Bundle


@pytest.mark.parametrize("name", ["softmax", "mlp", "small", "cnn"])
def test_a_loaded_bundle_equals_the_saved_one(make_bundle, tmp_path, name):
    saved = make_bundle(name, side=24)
    saved.save(tmp_path)
    loaded = Bundle.load(tmp_path)
    assert loaded.facts() == saved.facts()
    assert loaded.steps == saved.steps
    assert loaded.policy == saved.policy
    assert loaded.identity() == saved.identity()
    assert all(np.array_equal(loaded.weights[k], saved.weights[k]) for k in saved.weights)


def test_saving_twice_gives_the_same_bytes(make_bundle, tmp_path):
    for place in ("one", "two"):
        make_bundle().save(tmp_path / place)
    for name in ("bundle.json", "weights.safetensors", "card.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_metrics_and_temperature_change_nothing_else(make_bundle, tmp_path):
    plain = make_bundle()
    figures = {"accuracy": {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40}}
    made = plain.with_metrics(figures).with_temperature(1.5)
    made.save(tmp_path)
    loaded = Bundle.load(tmp_path)
    assert loaded.metrics == figures
    assert loaded.temperature == 1.5
    assert loaded.identity() == plain.identity()
    assert "accuracy: 0.9000 (0.8000 - 0.9500), n = 40" in (tmp_path / "card.md").read_text()


def test_calibration_and_decision_are_kept(make_bundle, tmp_path):
    calibration = Calibration((0.5, 1.0, 2.0), (0.25, 0.0, -0.25), -0.1)
    decision = Decision("youden", "b", 0.4, (), 0.6)
    made = make_bundle().with_calibration(calibration, 1.5).with_decision(decision)
    made.save(tmp_path)
    loaded = Bundle.load(tmp_path)
    assert loaded.calibration == calibration
    assert loaded.temperature == 1.5  # for programs that know no scales
    assert loaded.decision == decision
    assert loaded.facts() == made.facts()
    assert loaded.identity() == make_bundle().identity()


def test_a_bundle_with_a_temperature_alone_is_what_it_always_was(make_bundle, tmp_path):
    make_bundle().with_temperature(2.0).save(tmp_path)
    facts = json.loads((tmp_path / "bundle.json").read_text())
    assert not {"scales", "shifts", "decision"} & facts.keys()
    loaded = Bundle.load(tmp_path)
    assert loaded.calibration == Calibration.of_temperature(2.0, 3)
    assert loaded.decision.is_usual


def test_the_card_speaks_spanish_too_and_class_names_stay_text(make_bundle, tmp_path):
    set_language("es")
    make_bundle().save(tmp_path)
    card = (tmp_path / "card.md").read_text("utf-8")
    assert "Ficha del modelo" in card
    assert r"ñ\_\<x\>" in card


def change(tmp_path, **values):
    path = tmp_path / "bundle.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, **values}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"schema_version": 99}, "schema version 99"),
        ({"model": {"name": "os.system", "options": {}}}, "no model called 'os.system'"),
        ({"model": {"name": "small", "options": {"widths": [9]}}}, "do not fit"),
        ({"model": {"name": "small", "options": {"wide": 1}}}, "there is no such option"),
        (
            {"steps": [{"name": "exec"}]},
            "cannot be made here: steps[1]: there is no step called 'exec'",
        ),
        ({"classes": ["a"]}, "two or more"),
        ({"classes": ["a", "b", "c", "d"]}, "do not fit"),
        ({"mean": [float("inf")]}, "damaged"),
        ({"mean": "x"}, "damaged"),
        ({"input": None}, "damaged"),
        ({"input": {"size_px": 10**9, "channels": 1, "kind": "display"}}, "damaged"),
        ({"reading": {"colour": "x"}}, "damaged"),
        ({"scales": [1.0, 1.0, 1.0]}, "damaged"),
        ({"scales": [1.0, 0.0, 1.0], "shifts": [0, 0, 0]}, "damaged"),
        ({"scales": [1, 1, 1], "shifts": [0, 0, 0], "bend": 0.1}, "damaged"),
        ({"decision": {"rule": "f1"}}, "damaged"),
        ({"decision": Decision("f1", "z", 0.5).facts()}, "damaged"),
    ],
)
def test_an_edited_bundle_is_refused_in_one_line(make_bundle, tmp_path, values, said):
    make_bundle().save(tmp_path)
    change(tmp_path, **values)
    with pytest.raises(TamizError) as error:
        Bundle.load(tmp_path).module()
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_every_missing_field_is_named(make_bundle, tmp_path):
    make_bundle().save(tmp_path)
    whole = json.loads((tmp_path / "bundle.json").read_text())
    optional = {"start", "is_multilabel", "thresholds"}  # bundles of older versions lack them
    for name in whole.keys() - optional:
        left = {key: value for key, value in whole.items() if key != name}
        (tmp_path / "bundle.json").write_text(json.dumps(left))
        with pytest.raises(WrongData, match="version" if name == "schema_version" else name):
            Bundle.load(tmp_path)


def test_changed_weights_are_noticed(make_bundle, tmp_path):
    make_bundle().save(tmp_path)
    path = tmp_path / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with pytest.raises(WrongData, match="SHA-256"):
        Bundle.load(tmp_path)


@pytest.mark.parametrize("name", ["bundle.json", "weights.safetensors"])
def test_a_missing_file_is_named(make_bundle, tmp_path, name):
    make_bundle().save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(WrongData) as error:
        Bundle.load(tmp_path)
    assert name in str(error.value)


def test_a_truncated_description_is_refused(make_bundle, tmp_path):
    make_bundle().save(tmp_path)
    path = tmp_path / "bundle.json"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(WrongData, match="damaged"):
        Bundle.load(tmp_path)


def test_thresholds_of_several_labels_come_back_and_are_on_the_card(make_bundle, tmp_path):
    made = make_bundle()
    assert not Bundle.load(_saved(made, tmp_path / "one")).is_multilabel
    thresholds = [0.1 + 0.05 * at for at in range(len(made.classes))]
    back = Bundle.load(_saved(made.with_thresholds(thresholds), tmp_path / "several"))
    assert back.is_multilabel
    assert back.thresholds == tuple(thresholds)
    assert "predicted from 0.100 on" in (tmp_path / "several" / "card.md").read_text()
    change(tmp_path / "several", thresholds=thresholds[1:])
    with pytest.raises(WrongData, match="damaged"):
        Bundle.load(tmp_path / "several")


def _saved(bundle, folder):
    bundle.save(folder)
    return folder
