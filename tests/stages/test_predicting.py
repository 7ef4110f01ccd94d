"""`predict`: the most probable classes, and pretrained networks without a model of one's own."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image as Pillow
from safetensors.torch import save_file

from tamiz.cli.predict import command
from tamiz.core.errors import WrongData, WrongUse
from tamiz.data.predictions import Predictions
from tamiz.data.report import Paragraph, Table
from tamiz.metrics.decision import Decision
from tamiz.models.backbone import canonical_name
from tamiz.models.bare import bare_network, imagenet_classes, is_like_network_name
from tamiz.models.nets.families import Network, find_network
from tamiz.stages.answers import Answers
from tamiz.stages.predict import predict
from tamiz.steps.centre_crop import CentreCrop

SQUEEZENET = "torchvision:squeezenet1_0"


def network_called(name) -> Network:
    network = find_network(canonical_name(name))
    assert network is not None
    return network


@pytest.fixture
def photos(tmp_path):
    """Return a folder of three photos: wide, high, square."""
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, size in (("wide", (300, 213)), ("high", (201, 344)), ("square", (90, 90))):
        small = rng.integers(0, 256, (6, 8, 3)).astype(np.uint8)
        Pillow.fromarray(small).resize(size, Pillow.Resampling.BICUBIC).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def weights(tmp_path):
    """Return a function that saves a network's whole weights, at random, and gives the file."""

    def save(name, n_classes=1000):
        torch.manual_seed(2)
        state = network_called(name).whole(n_classes).state_dict()
        path = tmp_path / "w.safetensors"
        save_file({key: value.contiguous() for key, value in state.items()}, path)
        return path

    return save


def test_a_bare_network_answers_as_torchvision_does(photos, weights):
    """Pixel for pixel the same input, so the same probabilities."""
    import torchvision
    from safetensors.torch import load_file

    path = weights(SQUEEZENET)
    answers = predict(SQUEEZENET, photos, weights=path)
    net = torchvision.models.squeezenet1_0().eval()
    net.load_state_dict(load_file(path))
    transforms = torchvision.models.SqueezeNet1_0_Weights.DEFAULT.transforms()
    for name, found in zip(answers.paths, answers.predictions.probabilities, strict=True):
        with torch.inference_mode():
            scores = net(transforms(Pillow.open(photos / name))[None])
        wanted = scores.double().softmax(1)[0].numpy()
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_timms_networks_are_given_their_own_size_and_interpolation(weights):
    bare = bare_network("test_resnet", str(weights("test_resnet")))
    assert (bare.size_px, len(bare.classes)) == (160, 1000)
    crop = bare.steps[-1]
    assert isinstance(crop, CentreCrop)
    assert (crop.size_px, crop.shorter_px, crop.interpolation) == (160, 168, "bilinear")
    assert bare.start["source"] == "w.safetensors"


def test_imagenets_classes_are_a_thousand_different_names():
    names = imagenet_classes(1000)
    assert len(set(names)) == 1000
    assert names[985] == "daisy"
    assert names[134] == "crane (n02012849)"
    with pytest.raises(WrongData, match="17 classes"):
        imagenet_classes(17)


def test_the_command_shows_the_most_probable_classes(photos, weights):
    arguments = [SQUEEZENET, str(photos), "--weights", str(weights(SQUEEZENET)), "--quiet"]
    shown = CliRunner().invoke(command, [*arguments, "--top", "5", "--json"], standalone_mode=False)
    answers = json.loads(shown.output)["values"]["answers"]
    for one in answers:
        best = sorted(one["probabilities"].values(), reverse=True)[:5]
        assert [top["probability"] for top in one["top"]] == best
        assert one["top"][0]["class"] == one["predicted"]
    assert len(answers) == 3


def answers_for(probabilities):
    rows = np.array(probabilities)
    items = np.array([str(n) for n in range(len(rows))])
    known = Predictions(("a", "b", "c"), items, items, np.full(len(rows), -1), rows)
    return Answers(tuple(f"{n}.png" for n in items), known, (), ())


def test_top_works_for_any_model_and_shows_no_more_than_there_is():
    report = answers_for([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]]).report(top=9)
    best = [[one["class"] for one in answer["top"]] for answer in report.values["answers"]]
    assert best == [["b", "c", "a"], ["a", "b", "c"]]


def shown_without_answers(**changes):
    """Return what is told of three images, and the tables among it."""
    made = replace(answers_for([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.5, 0.3, 0.2]]), **changes)
    blocks = made.report().summary
    words = "\n".join(str(one.text) for one in blocks if isinstance(one, Paragraph))
    return words, [one for one in blocks if isinstance(one, Table)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"odd": ("far",) * 3, "withholds_odd": True}, "they are unlike the training images"),
        ({"decision": Decision(abstain_below=0.9)}, "less sure of each than 0.9"),
        (
            {
                "odd": ("far", "", ""),
                "withholds_odd": True,
                "decision": Decision(abstain_below=0.9),
            },
            "1 is unlike the training images (--guard abstain), and of 2 the model is less sure",
        ),
    ],
)
def test_where_no_image_got_an_answer_the_reason_stands_in_place_of_the_classes(changes, why):
    words, tables = shown_without_answers(**changes)
    assert "No image got an answer (3 withheld)" in words
    assert why in words
    assert all(table.rows for table in tables)  # an empty one reads 'Nothing to list.'


def test_where_no_image_of_several_labels_got_one_that_is_said():
    none = np.full((2, 3), -1)
    items = np.array(["0", "1"])
    shares = np.array([[0.2, 0.1, 0.3], [0.4, 0.4, 0.2]])
    known = Predictions(("a", "b", "c"), items, items, none, shares, thresholds=(0.5,) * 3)
    blocks = Answers(("0.png", "1.png"), known, (), ()).report().summary
    words = [str(one.text) for one in blocks if isinstance(one, Paragraph)]
    assert any("No image got a label: of 2 images none has a class" in one for one in words)
    assert all(one.rows for one in blocks if isinstance(one, Table))


def test_where_one_image_got_an_answer_its_class_is_counted():
    words, tables = shown_without_answers(odd=("far", "far", ""), withholds_odd=True)
    assert "No image got" not in words
    assert tables[0].rows == (("a", 1),)


def test_no_classes_at_all_cannot_be_shown():
    with pytest.raises(WrongUse, match="0 classes cannot be shown"):
        answers_for([[0.2, 0.5, 0.3]]).report(top=0)


def test_weights_of_another_network_are_refused(photos, weights):
    with pytest.raises(WrongData, match="weights of another architecture"):
        predict("resnet18", photos, weights=weights(SQUEEZENET))


def test_weights_without_a_classifier_name_no_class(photos, tmp_path):
    state = network_called("test_resnet").base(3, 160, 0.0).state_dict()
    save_file(state, tmp_path / "w.safetensors")
    with pytest.raises(WrongData, match="no classifier"):
        predict("test_resnet", photos, weights=tmp_path / "w.safetensors")


def test_a_trained_model_takes_no_other_weights(photos, tmp_path):
    (tmp_path / "bundle.json").write_text("{}")
    with pytest.raises(WrongUse, match="has its own weights"):
        predict(tmp_path, photos, weights=tmp_path / "w.safetensors")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VGG16", True),
        ("resnet5O", True),
        (SQUEEZENET, True),
        ("runs/resnet50", False),
        ("x", False),
    ],
)
def test_a_networks_name_is_told_from_a_folder(name, expected):
    assert is_like_network_name(name) is expected


def test_a_misspelt_network_is_told_from_a_missing_model(photos):
    with pytest.raises(WrongUse, match="did you mean 'resnet50'"):
        predict("resnet5O", photos)
    with pytest.raises(WrongUse, match="no trained model"):
        predict("runs/first", photos)


@pytest.mark.shared_data
def test_the_real_weights_know_a_mushroom_like_flower(shared_data, tmp_path):
    """The picture shows a dahlia, which ImageNet lacks; torchvision's own code says the same."""
    from sklearn.datasets import load_sample_image

    Pillow.fromarray(load_sample_image("flower.jpg")).save(tmp_path / "flower.png")
    path = shared_data / "weights" / "squeezenet1_0_imagenet.safetensors"
    answers = predict(SQUEEZENET, tmp_path / "flower.png", weights=path)
    (one,) = answers.report(top=2).values["answers"]
    assert {top["class"] for top in one["top"]} == {"mushroom", "sea urchin"}
