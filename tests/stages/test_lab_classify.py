"""`lab classify`: each network sees what its makers show it, and nothing is answered by chance."""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import asdict

import numpy as np
import pytest
import timm
import torch
import torchvision
from click.testing import CliRunner
from PIL import Image as Pillow
from safetensors.torch import load_file, save_file
from timm.data.config import resolve_data_config
from timm.data.transforms_factory import create_transform

from tamiz.cli.lab import command
from tamiz.core.errors import EXIT_FOUND_PROBLEMS, TamizError, WrongData
from tamiz.core.language import set_language
from tamiz.data.image import Image
from tamiz.models.bare import imagenet_classes, steps_for
from tamiz.models.nets.families import find_network
from tamiz.models.nets.fetching import fetching
from tamiz.models.nets.starting import whole_public
from tamiz.models.registry import MODELS
from tamiz.stages.predict import predict
from tamiz.steps.apply import prepare_image

SQUEEZENET, RESNET = "torchvision:squeezenet1_0", "test_resnet"
SQUASHED = "convnext_base.fb_in22k_ft_in1k_384"


def lab(*arguments: object):
    words = ["classify", *map(str, arguments), "--json"]
    done = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    return json.loads(done.stdout)["values"]["lab"]


def refused(*arguments: object) -> str:
    with pytest.raises(TamizError) as error:
        lab(*arguments)
    return str(error.value)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Return a wide photo, a high one and a grey one."""
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    for name, size in (("wide", (300, 213)), ("high", (201, 344)), ("grey", (90, 90))):
        small = rng.integers(0, 256, (6, 8, 3)).astype(np.uint8)
        picture = Pillow.fromarray(small).resize(size, Pillow.Resampling.BICUBIC)
        (picture.convert("L") if name == "grey" else picture).save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in ("wide", "high", "grey")]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Return files of random weights of whole networks, by name."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(2)
    made = {
        SQUEEZENET: torchvision.models.squeezenet1_0(),
        RESNET: timm.create_model(RESNET),
    }
    for name, net in made.items():
        file = folder / f"{name.rpartition(':')[2]}_made.safetensors"
        save_file({key: value.contiguous() for key, value in net.state_dict().items()}, file)
    return {name: folder / f"{name.rpartition(':')[2]}_made.safetensors" for name in made}


def transform_of(name):
    """Return what the network's own library does to a photo."""
    source, _, plain = name.rpartition(":")
    if source:
        return torchvision.models.get_model_weights(plain).DEFAULT.transforms()
    cfg = timm.get_pretrained_cfg(name)
    assert cfg is not None
    return create_transform(**resolve_data_config({}, pretrained_cfg=asdict(cfg)))


@pytest.mark.parametrize(
    "name",
    [
        "vgg16",
        "inception_v3",
        "legacy_xception",
        "resnet50",
        "mobilenetv1_100",
        SQUASHED,
        SQUEEZENET,
        "torchvision:efficientnet_b0",
        "torchvision:mobilenet_v3_large",
    ],
)
def test_a_photo_is_prepared_as_the_networks_own_library_does(name, photos):
    preferred = MODELS.get(name).preferred
    assert preferred is not None
    steps = steps_for(preferred)
    for path in photos:
        picture = Pillow.open(path).convert("RGB")
        ours = prepare_image(Image(np.asarray(picture)), steps) / 255
        ours = (ours - np.array(preferred.mean)) / np.array(preferred.std)
        wanted = transform_of(name)(picture).numpy().transpose(1, 2, 0)
        assert ours.shape == wanted.shape
        assert np.abs(ours - wanted).max() < 1e-5


@pytest.mark.parametrize("name", [SQUEEZENET, RESNET])
def test_the_answer_is_that_of_the_networks_own_library(name, photos, weights):
    net = timm.create_model(name) if name == RESNET else torchvision.models.squeezenet1_0()
    net.load_state_dict(load_file(weights[name]))
    told = lab(*photos, "--network", name, "--weights", weights[name], "--top", 3)
    assert [one["photo"] for one in told["photos"]] == ["wide.png", "high.png", "grey.png"]
    names = imagenet_classes(1000)
    for path, one in zip(photos, told["photos"], strict=True):
        with torch.inference_mode():
            scores = net.eval()(transform_of(name)(Pillow.open(path).convert("RGB"))[None])[0]
        shares, order = scores.double().softmax(0).sort(descending=True)
        assert one["answers"][name][0]["class"] == names[int(order[0])]
        found = [answer["probability"] for answer in one["answers"][name]]
        np.testing.assert_allclose(found, shares[:3].numpy(), atol=1e-6)


def test_several_networks_stand_side_by_side_and_agree_with_predict(photos, weights, tmp_path):
    names = (SQUEEZENET, RESNET)
    files = [word for name in names for word in ("--weights", weights[name])]
    told = lab(photos[0], "--network", ",".join(names), *files, "--out", tmp_path / "out")
    assert [(one["name"], one["size_px"], one["resize_px"]) for one in told["networks"]] == [
        (SQUEEZENET, 224, 256),
        (RESNET, 160, 168),
    ]
    assert told["networks"][0]["parameters"] == 1_248_424
    for name in names:
        answers = predict(name, photos[0], weights=weights[name], guard="off")
        shares = sorted(answers.predictions.probabilities[0].tolist(), reverse=True)
        found = [one["probability"] for one in told["photos"][0]["answers"][name]]
        assert found == shares[:5]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"answers-1.png", "report.html"}
    drawn = np.asarray(Pillow.open(tmp_path / "out" / "answers-1.png"))
    assert drawn.shape[0] > 3 * 224  # the photo as stored and what two networks got


def spoken(*arguments: object) -> str:
    words = ["classify", *map(str, arguments), "--quiet"]
    done = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    return " ".join(done.stdout.split())


def test_weights_alone_tell_the_network_and_remarks_are_made_in_both_languages(photos, weights):
    words = spoken(photos[0], "--weights", weights[SQUEEZENET])
    for told in (
        "torchvision:squeezenet1_0",
        "shorter side to 256 px",
        "0.485 0.456 0.406",
        "the other 995 classes",
        "not calibrated",
        "knows its 1,000 classes only",
        "No pictures were written",
    ):
        assert told in words
    set_language("es")
    words = spoken(photos[0], "--weights", weights[SQUEEZENET])
    assert "están en inglés" in words
    assert "sin calibrar" in words


def test_two_classes_of_one_first_synonym_keep_their_full_names(photos, weights, tmp_path):
    at = [n for n, name in enumerate(imagenet_classes(1000)) if name.startswith("maillot")]
    assert len(at) == 2
    state = load_file(weights[RESNET])
    state["fc.bias"][at] += torch.tensor([60.0, 50.0])
    save_file(state, tmp_path / "w.safetensors")
    files = ("--weights", weights[SQUEEZENET], "--weights", tmp_path / "w.safetensors")
    words = spoken(photos[0], "--network", f"{SQUEEZENET},{RESNET}", *files, "--top", 2)
    assert "maillot 100.0%" in words
    assert "maillot, tank suit 0.0%" in words
    assert "Of several synonyms the table shows the first" in words


@pytest.fixture
def offline(monkeypatch):
    """Let no host be found."""

    def fail(*_arguments, **_settings):
        raise OSError("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr("timm.models._builder.load_state_dict_from_url", fail)
    monkeypatch.setattr("huggingface_hub.model_info", fail)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: None)


@pytest.mark.usefixtures("offline")
def test_weights_that_cannot_be_had_are_one_clear_line_and_never_random(photos):
    assert refused(photos[0], "--network", RESNET) == (
        "test_resnet: the pretrained weights cannot be had from timm/test_resnet.r160_in1k: Name "
        "or service not known. Give a local file with --weights FILE.safetensors"
    )


@pytest.mark.usefixtures("offline")
def test_all_networks_whose_weights_cannot_be_had_are_named(photos):
    with pytest.raises(WrongData) as error:
        lab(photos[0], "--network", f"{RESNET},xception")
    assert str(error.value).startswith("test_resnet, legacy_xception: none of 2 networks answers")
    first, second = error.value.details
    assert first.startswith("test_resnet: the pretrained weights cannot be had from timm/")
    assert second.startswith("legacy_xception: the pretrained weights cannot be had from https://")


@pytest.mark.usefixtures("offline")
def test_a_network_without_weights_is_told_while_the_others_answer(photos, weights):
    words = ["classify", str(photos[0]), "--network", f"xception,{RESNET}"]
    words += ["--weights", "auto", "--weights", str(weights[RESNET]), "--json"]
    done = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    assert done.return_value == EXIT_FOUND_PROBLEMS
    told = json.loads(done.stdout)
    assert list(told["values"]["lab"]["left_out"]) == ["legacy_xception"]
    assert list(told["values"]["lab"]["photos"][0]["answers"]) == [RESNET]
    assert "no answer of legacy_xception: the pretrained weights" in done.stdout


def test_what_contradicts_itself_is_refused(photos, weights, tmp_path):
    photo = photos[0]
    one, two = weights[SQUEEZENET], weights[RESNET]
    assert "no network is named" in refused(photo)
    assert "no network is named" in refused(photo, "--weights", "auto")
    assert "2 networks are named and 1 time weights" in refused(
        photo, "--network", f"{SQUEEZENET},{RESNET}", "--weights", one
    )
    assert "the network resnet50 is named twice" in refused(photo, "--network", "resnet50,ResNet50")
    assert "--top: 0 classes cannot be shown" in refused(photo, "--network", RESNET, "--top", 0)
    assert "this is no network of timm or torchvision" in refused(photo, "--network", "cnn")
    assert "did you mean 'resnet50'" in refused(photo, "--network", "resnet5O")
    assert "weights of another architecture" in refused(
        photo, "--network", SQUEEZENET, "--weights", two
    )
    assert "this is a folder" in refused(photo.parent, "--network", RESNET, "--weights", two)
    assert "nowhere.png" in refused("nowhere.png", "--network", RESNET, "--weights", two)
    strange = tmp_path / "strange.safetensors"
    save_file({"a": torch.zeros(2)}, strange)
    assert "tell which network it belongs to" in refused(photo, "--weights", strange)


def test_public_weights_without_a_classifier_name_no_class(monkeypatch):
    network = find_network(RESNET)
    assert network is not None
    monkeypatch.setattr(type(network), "download", lambda _: {"conv.weight": torch.zeros(1)})
    with pytest.raises(WrongData, match=r"have no classifier \(fc.weight is missing\)"):
        whole_public(network)


def test_fetching_prints_nothing_and_puts_the_time_limit_back(capsys):
    before = socket.getdefaulttimeout()

    def fetch():
        sys.stdout.write("Downloading")
        raise OSError(f"no answer in {socket.getdefaulttimeout()} s")

    with pytest.raises(OSError, match=r"no answer in 10\.0 s"), fetching():
        fetch()
    assert socket.getdefaulttimeout() == before
    assert capsys.readouterr().out == ""


@pytest.mark.shared_data
def test_the_real_network_takes_a_dahlia_for_what_it_knows(shared_data, tmp_path):
    from sklearn.datasets import load_sample_image

    Pillow.fromarray(load_sample_image("flower.jpg")).save(tmp_path / "flower.png")
    path = shared_data / "weights" / "squeezenet1_0_imagenet.safetensors"
    told = lab(tmp_path / "flower.png", "--network", SQUEEZENET, "--weights", path, "--top", 2)
    (one,) = told["photos"]
    assert {best["class"] for best in one["answers"][SQUEEZENET]} == {"mushroom", "sea urchin"}
