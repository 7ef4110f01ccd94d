"""Programs of torch.export, and networks told operation by operation."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tamiz.core.errors import WrongUse
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.models.ensemble import ensemble_of
from tamiz.steps.apply import prepare_image

ALONE = """
import json, sys
sys.modules["tamiz"] = None  # as where it is not installed
import torch
files = {name: "" for name in ("classes.json", "card.md", "export.json", "answer.json")}
program = torch.export.load(sys.argv[1], extra_files=files).module()
pixels = torch.tensor(json.load(sys.stdin), dtype=torch.uint8)
answers = program(pixels).tolist()
print(json.dumps({**files, "answers": answers, "one": program(pixels[:1]).tolist()}))
"""


def variants(make_bundle):
    plain = make_bundle()
    return {
        "plain": plain.with_temperature(2.0),
        "mirrored": replace(plain, averages_mirrored=True),
        "several labels": plain.with_thresholds([0.5, 0.4, 0.3]),
        "ensemble": ensemble_of([plain, make_bundle("mlp")]),
    }


@pytest.mark.parametrize("form", ["torch-export", "safetensors"])
def test_answers_are_those_of_predict(make_bundle, exported, gap, form):
    bundle = make_bundle("cnn", 24)
    made, _ = exported(form, bundle)
    assert gap(made, bundle) < 1e-6


@pytest.mark.long
@pytest.mark.parametrize("form", ["torch-export", "safetensors"])
@pytest.mark.parametrize("kind", ["plain", "mirrored", "several labels", "ensemble"])
def test_every_way_to_an_answer_is_in_the_program(make_bundle, exported, gap, form, kind):
    bundle = variants(make_bundle)[kind]
    made, _ = exported(form, bundle)
    assert gap(made, bundle) < 1e-6


@pytest.mark.long
@pytest.mark.parametrize("form", ["torch-export", "safetensors"])
def test_nearest_rows_vote_in_a_program_too(make_bundle, exported, gap, form):
    from tamiz.models.build import build_network

    options = {"head": "knn", "head_rows": 20}
    bundle = make_bundle("test_resnet", 32, 3, options)
    net: Any = build_network(bundle.model, options, bundle.shape, mean=bundle.mean, std=bundle.std)
    drawn = torch.Generator().manual_seed(0)
    head = net.net.head
    rows = torch.rand(20, head.n_features, generator=drawn)
    head.remember(rows, torch.randint(0, 3, (20,), generator=drawn))
    head.n_nearest = torch.tensor(5)
    bundle = replace(bundle, weights={k: v.numpy() for k, v in net.state_dict().items()})
    made, _ = exported(form, bundle)
    assert gap(made, bundle) < 1e-6


@pytest.mark.long
def test_a_program_needs_torch_and_nothing_of_tamiz(make_bundle, exported, images):
    bundle = make_bundle()
    made, place = exported("torch-export", bundle, {"parity": {"n": 7}})
    pixels = np.stack([prepare_image(image, bundle.steps) for image in images])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, str(place)],
        input=json.dumps(pixels.tolist()), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    found = np.array(told["answers"])
    assert np.abs(found - [made.probabilities(image) for image in images]).max() < 1e-6
    assert np.allclose(told["one"][0], found[0], atol=1e-6)  # any number of rows
    assert json.loads(told["classes.json"]) == list(bundle.classes)
    assert json.loads(told["export.json"]) == {"parity": {"n": 7}}
    assert json.loads(told["answer.json"])["bend"] == -0.1
    assert "accuracy: 0.9000 (0.8000 - 0.9500), n = 40" in told["card.md"]


@pytest.mark.long
def test_a_program_holds_no_pickle(make_bundle, exported):
    import zipfile

    _, place = exported("torch-export", make_bundle("softmax"))
    with zipfile.ZipFile(place) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    # A pickle begins with its protocol; torch's own files are archives of one.
    pickled = [name for name, content in contents.items() if content[:2] in {b"\x80\x02", b"PK"}]
    assert pickled == []


@pytest.mark.long
def test_the_network_can_be_rebuilt_from_its_two_files(make_bundle, exported, images):
    """By a reader written here anew, as somebody else would from the documentation."""
    import operator

    from safetensors.torch import load_file

    bundle = make_bundle("test_resnet", 32, 3)
    made, folder = exported("safetensors", bundle)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    tensors = load_file(folder / "model.safetensors")
    pixels = np.stack([prepare_image(image, bundle.steps) for image in images])
    results = {"pixels": torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())}

    def value(told):
        if isinstance(told, list):
            return [value(one) for one in told]
        if not isinstance(told, dict):
            return told
        ((how, name),) = told.items()
        known = {"of": results, "weight": tensors, "torch": vars(torch), "number": {}}[how]
        return known[name.removeprefix("torch.")] if how != "number" else float(name)

    for step in config["network"]["operations"]:
        library, *names = step["operator"].split(".")
        call: Any = operator if library == "python" else torch.ops.aten
        for name in names:
            call = getattr(call, name)
        options = {name: value(one) for name, one in step["options"].items()}
        results[step["name"]] = call(*value(step["arguments"]), **options)
    scores = results[config["network"]["result"]].double()
    answer = config["answer"]
    scores = scores.log_softmax(1)
    scores = (
        scores * torch.tensor(answer["scales"], dtype=torch.float64)
        + torch.tensor(answer["shifts"], dtype=torch.float64)
        + answer["bend"] * scores**2
    )
    found = scores.softmax(1).numpy()
    assert np.abs(found - [made.probabilities(image) for image in images]).max() < 1e-6
    assert config["answer"]["classes"] == list(bundle.classes)
    assert config["input"]["steps"][-1]["size_px"] == 32
    assert {one.name for one in folder.iterdir()} == {
        "card.md", "config.json", "model.safetensors", "parity.json",
    }  # fmt: skip


def test_what_is_no_operator_of_torch_is_said_in_a_line(make_bundle, tmp_path, monkeypatch):
    from torch import nn

    from tamiz.models.bundle import Bundle

    class Counting(nn.Module):
        def forward(self, pixels):
            return torch.tensor([len(row.unique()) for row in pixels.numpy().tolist()])

    bundle = make_bundle()
    monkeypatch.setattr(Bundle, "module", lambda _self: Counting())
    with pytest.raises(WrongUse) as error:
        EXPORTS.get("torch-export")().make(Wanted(bundle, tmp_path))
    assert "cannot be written as operators of torch" in str(error.value)
    assert "tamiz predict" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("form", ["torch-export", "safetensors", "timm"])
def test_numbers_of_8_bits_are_refused_where_there_are_none(make_bundle, tmp_path, form):
    with pytest.raises(WrongUse, match="no 8-bit numbers"):
        EXPORTS.get(form)().check(Wanted(make_bundle(), tmp_path, is_int8=True))


@pytest.mark.parametrize("form", ["torch-export", "safetensors", "timm"])
def test_networks_with_different_steps_are_to_be_exported_one_by_one(make_bundle, tmp_path, form):
    from tamiz.steps.apply import build_steps

    one = make_bundle()
    other = replace(one, steps=build_steps([{"name": "blur"}, {"name": "grey"},
                                            {"name": "resize", "size_px": 16}]))  # fmt: skip
    with pytest.raises(WrongUse, match="member-1"):
        EXPORTS.get(form)().check(Wanted(ensemble_of([one, other]), tmp_path))


def test_a_folder_that_cannot_be_written_leaves_nothing(make_bundle, exported, tmp_path):
    made, _ = exported("safetensors", make_bundle("softmax"))
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse):
        made.write(tmp_path / "file" / "model", {})
    assert [one.name for one in tmp_path.iterdir() if "tamiz-part" in one.name] == []
