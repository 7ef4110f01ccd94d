"""Weights that training starts from: found, checked name by name, put in place, or refused."""

from __future__ import annotations

import hashlib
import re
import socket

import pytest
import torch
from safetensors.torch import load_file, save_file

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import ModelOptions
from tamiz.models.build import build_network
from tamiz.models.nets.families import Network, find_network
from tamiz.models.nets.starting import check_whole
from tamiz.models.registry import InputShape
from tamiz.models.weights import (
    StartFacts,
    check_start,
    load_start,
    start_normalisation,
    wants_start,
)

SQUEEZENET = "torchvision:squeezenet1_0"


def network_called(name) -> Network:
    network = find_network(name)
    assert network is not None
    return network


def started(net, model) -> StartFacts:
    facts = load_start(net, model)
    assert facts is not None
    return facts


def built(name, channels=3, side=64, n_classes=7, seed=5, **options):
    n = channels
    shape = InputShape(n, side, n_classes)
    return build_network(name, options, shape, mean=(0.5,) * n, std=(0.25,) * n, seed=seed)


@pytest.fixture
def whole(tmp_path):
    """Return a function that saves a whole network with random weights; gives file and weights."""

    def save(name, n_classes=1000, **changed):
        torch.manual_seed(1)
        weights = network_called(name).whole(n_classes).state_dict() | changed
        weights = {key: value.contiguous() for key, value in weights.items() if value is not None}
        path = tmp_path / "w.safetensors"
        save_file(weights, path)
        return path, weights

    return save


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Let no name be resolved and no cache be found; count the attempts."""
    attempts = []

    def refuse(*asked, **_):
        attempts.append(asked[0])
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: None)
    return attempts


@pytest.mark.parametrize(
    "name", ["test_resnet", "test_efficientnet", SQUEEZENET, "torchvision:mnasnet0_5"]
)
def test_a_file_of_the_librarys_own_names_is_put_in_place(whole, name):
    path, weights = whole(name)
    net = built(name)
    head = net.net.head.weight.clone()
    facts = started(net, ModelOptions(name, {}, str(path)))
    base = net.net.base.state_dict()
    assert all(torch.equal(base[key], weights[key]) for key in base)
    assert torch.equal(net.net.head.weight, head)  # a classifier for other classes stays new
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (facts.source, facts.n_tensors) == ("w.safetensors", len(base))


def test_a_classifier_for_as_many_classes_is_taken_over(whole):
    path, weights = whole("test_resnet", 7)
    net = built("test_resnet")
    load_start(net, ModelOptions("test_resnet", {}, str(path)))
    assert torch.equal(net.net.head.weight, weights["fc.weight"])


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("test_resnet", "conv1.0"),
        (SQUEEZENET, "features.0"),
        ("test_vit", "patch_embed.proj"),
    ],
)
def test_one_channel_sees_the_sum_and_four_share_the_weights_of_three(whole, name, first):
    path, weights = whole(name)
    kernel = weights[f"{first}.weight"]
    grey, four = built(name, 1), built(name, 4)
    for net in (grey, four):
        load_start(net, ModelOptions(name, {}, str(path)))
    found = grey.net.base.get_submodule(first).weight
    assert torch.allclose(found, kernel.sum(1, keepdim=True), atol=1e-6)
    wanted = kernel[:, [0, 1, 2, 0]] * 3 / 4
    assert torch.allclose(four.net.base.get_submodule(first).weight, wanted, atol=1e-6)


def test_a_transformer_starts_at_another_size(whole):
    path, weights = whole("test_vit")
    net = built("test_vit", side=64)
    load_start(net, ModelOptions("test_vit", {}, str(path)))
    assert net.net.base.pos_embed.shape[1] == 1 + 4 * 4
    assert torch.equal(net.net.base.blocks[3].mlp.fc1.weight, weights["blocks.3.mlp.fc1.weight"])


def test_inception_v3_has_no_use_for_its_auxiliary_classifier():
    network = network_called("inception_v3")
    with torch.device("meta"):
        weights = network.whole(1000).state_dict()
    check_whole(network, {**weights, "AuxLogits.fc.weight": torch.zeros(1000, 768)}, "file")
    with pytest.raises(WrongData, match=r"AuxLogitz\.fc\.weight"):
        check_whole(network, {**weights, "AuxLogitz.fc.weight": torch.zeros(1000, 768)}, "file")


def test_weights_of_another_architecture_are_refused(whole):
    path, _ = whole(SQUEEZENET)
    with pytest.raises(WrongData) as error:
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, str(path)))
    said = str(error.value)
    assert "weights of another architecture" in said
    assert "conv1.0.weight, has shape none at all, not 16 x 3 x 3 x 3" in said
    assert re.search(r"(\d+) of \1 tensors", said)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("layer1.0.bn1.bias", torch.zeros(65), "1 of 90 tensors"),
        ("layer1.0.bn1.bias", None, "layer1.0.bn1.bias, has shape none at all, not 32"),
        ("layer9.weight", torch.zeros(3, 2), "layer9.weight, has shape 3 x 2, not none at all"),
    ],
)
def test_a_single_wrong_tensor_is_enough_and_is_named(whole, key, value, said):
    path, _ = whole("test_resnet", **{key: value})
    net = built("test_resnet")
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    with pytest.raises(WrongData, match="another architecture") as error:
        load_start(net, ModelOptions("test_resnet", {}, str(path)))
    assert said in str(error.value)
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


def test_values_that_are_no_numbers_are_refused(whole):
    path, _ = whole("test_resnet", **{"bn1.bias": torch.full((32,), torch.nan)})
    with pytest.raises(WrongData, match=r"the first is bn1\.bias"):
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, str(path)))


def test_a_pickle_is_refused_unopened(tmp_path):
    path = tmp_path / "w.pth"
    path.write_bytes(b"\x80\x04}.")  # an empty table
    with pytest.raises(WrongUse, match=r"'\.pth' files can run code"):
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, str(path)))


def test_weights_at_a_url_are_brought_and_checked(whole, tmp_path, monkeypatch):
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    path, _ = whole(SQUEEZENET)
    url = "memory://weights/w.safetensors"
    fsspec.filesystem("memory").pipe_file("/weights/w.safetensors", path.read_bytes())
    check_start(ModelOptions(name=SQUEEZENET, weights=url))
    with pytest.raises(WrongUse, match=r"memory://weights/none\.safetensors: nothing"):
        check_start(ModelOptions(name=SQUEEZENET, weights="memory://weights/none.safetensors"))


def test_a_damaged_or_absent_file_is_said(tmp_path):
    path = tmp_path / "w.safetensors"
    with pytest.raises(WrongUse, match="no such file"):
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, str(path)))
    path.write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{nonsens")
    with pytest.raises(WrongData, match=r"w\.safetensors"):
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, str(path)))


@pytest.mark.parametrize("name", ["test_resnet", "small"])
@pytest.mark.parametrize("n_classes", [3, 5])
def test_training_goes_on_from_a_bundle_with_its_normalisation(
    make_bundle, tmp_path, name, n_classes
):
    bundle = make_bundle(name, 32, 3)  # three classes, mean 0.4 and deviation 0.3
    bundle.save(tmp_path)
    model = ModelOptions(name, {}, str(tmp_path / "weights.safetensors"))
    found = start_normalisation(model, 3)
    assert found is not None
    assert found[0] == pytest.approx((0.4,) * 3)
    assert found[1] == pytest.approx((0.3,) * 3)
    net = built(name, side=32, n_classes=n_classes)
    facts = started(net, model)
    same = [key for key, value in net.state_dict().items()
            if torch.equal(value, torch.from_numpy(bundle.weights[key]))
            if value.shape == bundle.weights[key].shape]  # fmt: skip
    n_head = 2 if n_classes == 5 else 0
    assert facts.n_tensors == len(bundle.weights) - n_head
    assert len(same) == facts.n_tensors
    assert facts.sha256 == bundle.identity()


def test_a_bundle_of_another_network_is_refused(make_bundle, tmp_path):
    make_bundle("cnn", 32, 3).save(tmp_path)
    model = ModelOptions("small", {}, str(tmp_path / "weights.safetensors"))
    with pytest.raises(WrongData, match="weights of another architecture"):
        load_start(built("small", side=32, n_classes=3), model)


def test_random_weights_are_left_alone():
    net = built("test_resnet")
    before = net.net.base.conv1[0].weight.clone()
    assert load_start(net, ModelOptions("test_resnet", {}, "none")) is None
    assert start_normalisation(ModelOptions("test_resnet", {}, "none"), 3) is None
    assert torch.equal(net.net.base.conv1[0].weight, before)
    assert load_start(built("small"), ModelOptions("small", {}, "auto")) is None
    assert not wants_start(ModelOptions("small", {}, "auto"))
    assert wants_start(ModelOptions("test_resnet", {}, "auto"))


@pytest.mark.parametrize("name", ["test_resnet", "torchvision:mnasnet0_5"])
def test_public_weights_out_of_reach_stop_the_training_at_once(offline, name):
    net = built(name)
    before = next(net.net.base.parameters()).clone()
    with pytest.raises(WrongData) as error:
        load_start(net, ModelOptions(name, {}, "auto"))
    said = str(error.value)
    assert "cannot be had from" in said
    assert "--weights FILE.safetensors" in said
    assert "--from-scratch" in said
    assert torch.equal(next(net.net.base.parameters()), before)
    assert len(offline) <= 3  # no minutes of trying again


@pytest.mark.parametrize(
    ("name", "found", "said"),
    [
        ("test_resnet", "auto", "cannot be had from"),
        ("test_resnet", SQUEEZENET, "another architecture"),
        ("small", "nowhere.safetensors", "no such file"),
        ("test_coatnet", "auto", "nobody has published"),
    ],
)
def test_missing_weights_are_told_before_any_image_is_read(offline, whole, name, found, said):
    weights = str(whole(found)[0]) if found == SQUEEZENET else found
    with pytest.raises((WrongData, WrongUse), match=said):
        check_start(ModelOptions(name, {}, weights))


def test_weights_that_are_there_pass_the_early_check(whole):
    path, _ = whole("test_resnet")
    check_start(ModelOptions("test_resnet", {}, str(path)))
    check_start(ModelOptions("test_resnet", {}, "none"))
    check_start(ModelOptions("small", {}, "auto"))


def test_the_hubs_own_switch_is_obeyed(offline, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WrongData, match="HF_HUB_OFFLINE"):
        load_start(built("test_resnet"), ModelOptions("test_resnet", {}, "auto"))
    assert not offline


def test_public_weights_in_the_cache_need_no_network(offline, whole, monkeypatch):
    path, weights = whole("test_resnet")
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: str(path))
    net = built("test_resnet")
    facts = started(net, ModelOptions("test_resnet", {}, "auto"))
    assert torch.equal(net.net.base.conv1[0].weight, weights["conv1.0.weight"])
    assert facts.source == "timm/test_resnet.r160_in1k"
    assert not offline


def test_a_network_without_public_weights_says_so():
    net = built("test_coatnet")
    with pytest.raises(WrongData, match="nobody has published"):
        load_start(net, ModelOptions("test_coatnet", {}, "auto"))


@pytest.mark.shared_data
def test_the_real_weights_of_squeezenet_are_put_in_place(shared_data):
    path = shared_data / "weights" / "squeezenet1_0_imagenet.safetensors"
    net = built(SQUEEZENET)
    facts = started(net, ModelOptions(SQUEEZENET, {}, str(path)))
    real = load_file(path)
    base = net.net.base.state_dict()
    assert facts.n_tensors == len(base) == 50
    assert all(torch.equal(base[key], real[key]) for key in base)
    images = torch.zeros(2, 3, 64, 64, dtype=torch.uint8)
    with torch.inference_mode():
        assert net.net.base(
            net.eval().net.base.features[0].weight.new_zeros(2, 3, 64, 64)
        ).shape == (2, 512)
        assert net(images).shape == (2, 7)
