"""Folders that timm reads: the same scores, under timm's own names."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from tamiz.core.errors import WrongUse
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.models.ensemble import ensemble_of
from tamiz.steps.apply import build_steps, prepare_image

NETWORKS = [
    ("test_vit", 32, 1),  # another size and number of channels than it was made for
    ("test_convnext", 32, 3),
    ("deit_tiny_distilled_patch16_224", 32, 1),  # two classifiers
    ("mobilenetv3_small_050", 32, 3),  # a layer between pooling and classifier
]


@pytest.mark.long
@pytest.mark.parametrize(("name", "side", "channels"), NETWORKS)
def test_timm_gives_the_same_answers(make_bundle, exported, gap, name, side, channels):
    bundle = make_bundle(name, side, channels)
    made, _ = exported("timm", bundle)
    assert gap(made, bundle) < 1e-5


def test_create_model_gives_the_scores_of_the_bundle(make_bundle, exported, images):
    import timm
    from timm.data.config import resolve_model_data_config

    bundle = make_bundle("test_resnet", 32, 3, {"dropout": 0.2})
    _, folder = exported("timm", bundle)
    module = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    pixels = np.stack([prepare_image(image, bundle.steps) for image in images])
    batch = torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
    view = resolve_model_data_config(module)
    mean, std = (torch.tensor(view[name]).view(-1, 1, 1) for name in ("mean", "std"))
    with torch.inference_mode():
        found, wanted = module((batch / 255 - mean) / std), bundle.module()(batch)
    assert torch.allclose(found, wanted, atol=1e-4)
    assert view["input_size"] == (3, 32, 32)
    assert (view["crop_mode"], view["crop_pct"], view["interpolation"]) == (
        "border", 1.0, "bilinear",
    )  # fmt: skip
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["architecture"] == "test_resnet"
    assert config["num_classes"] == module.num_classes == 3
    assert config["num_features"] == module.num_features
    assert config["label_names"] == list(bundle.classes)


@pytest.mark.parametrize(
    ("step", "mode", "share"),
    [
        ({"name": "resize", "size_px": 32, "aspect": "stretch"}, "squash", 1.0),
        ({"name": "resize", "size_px": 32, "aspect": "crop"}, "center", 1.0),
        ({"name": "centre_crop", "size_px": 32, "shorter_px": 40}, "center", 0.8),
    ],
)
def test_the_view_is_told_in_words_of_timm(make_bundle, exported, step, mode, share):
    steps = build_steps([{"name": "rgb"}, {**step, "interpolation": "bicubic"}])
    _, folder = exported("timm", make_bundle("test_resnet", 32, 3, steps=steps))
    view = json.loads((folder / "config.json").read_text("utf-8"))["pretrained_cfg"]
    assert (view["crop_mode"], view["crop_pct"], view["interpolation"]) == (mode, share, "bicubic")


def test_the_card_has_front_matter_that_the_hub_reads(make_bundle, exported):
    import yaml  # type: ignore[import-untyped]

    bundle = make_bundle("test_resnet", 32, 3, licence='CC "BY": 4.0')
    _, folder = exported("timm", bundle)
    _, front, card = (folder / "README.md").read_text("utf-8").split("---\n", 2)
    told = yaml.safe_load(front)
    assert told["library_name"] == "timm"
    assert told["license_name"] == 'CC "BY": 4.0'
    assert "accuracy: 0.9000 (0.8000 - 0.9500), n = 40" in card
    assert "local-dir:" in card
    assert json.loads((folder / "parity.json").read_text()) == {"parity": {"n": 4}}


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        ("small", {}, "none of timm's"),
        ("torchvision:squeezenet1_0", {}, "none of timm's"),
        ("test_resnet", {"head": "mlp"}, "one dense layer"),
    ],
)
def test_networks_that_timm_lacks_are_refused_with_a_way_out(
    make_bundle, tmp_path, model, options, said
):
    bundle = make_bundle(model, 64, 3, options)
    with pytest.raises(WrongUse, match=said) as error:
        EXPORTS.get("timm")().make(Wanted(bundle, tmp_path))
    assert "--format onnx" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mean_of_several_answers_is_not_made_one(make_bundle, tmp_path):
    bundle = make_bundle("test_resnet", 32, 3)
    for one in (replace(bundle, averages_mirrored=True), ensemble_of([bundle, bundle])):
        with pytest.raises(WrongUse, match="mean of several"):
            EXPORTS.get("timm")().make(Wanted(one, tmp_path))
