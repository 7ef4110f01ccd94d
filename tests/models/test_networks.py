"""Networks of timm and torchvision: which there are, what they see, how many parameters."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import ModelOptions, Recipe
from tamiz.core.recipe_io import with_tables
from tamiz.models.backbone import canonical_name, is_only_head, suggested_start
from tamiz.models.build import build_network, count_parameters
from tamiz.models.nets.families import Network, find_network
from tamiz.models.nets.layers import layers_of
from tamiz.models.registry import MODELS, InputFacts, InputShape

# Parameters with 1000 classes: torchvision's documentation, and timm's results tables.
KNOWN = {
    "VGG16": (138_357_544, 224),
    "InceptionV3": (23_834_568, 299),
    "Xception": (22_855_952, 299),
    "ResNet50": (25_557_032, 224),
    "MobileNet": (4_231_976, 224),
    "MobileNetV2": (3_504_872, 224),
    "MobileNetV3Small": (2_542_856, 224),
    "MobileNetV3Large": (5_483_032, 224),
    "EfficientNet-B0": (5_288_548, 224),
    "EfficientNet-B1": (7_794_184, 240),
    "EfficientNet-B2": (9_109_994, 260),
    "EfficientNet-B3": (12_233_232, 300),
    "EfficientNet-B4": (19_341_616, 380),
    "EfficientNet-B5": (30_389_784, 456),
    "EfficientNet-B6": (43_040_704, 528),
    "EfficientNet-B7": (66_347_960, 600),
    "DenseNet121": (7_978_856, 224),
    "DenseNet169": (14_149_480, 224),
    "DenseNet201": (20_013_928, 224),
    "torchvision:squeezenet1_0": (1_248_424, 224),
    "torchvision:resnet50": (25_557_032, 224),
    "torchvision:vgg16": (138_357_544, 224),
    "torchvision:densenet201": (20_013_928, 224),
    "torchvision:efficientnet_b0": (5_288_548, 224),
}
COMPUTED = {"MobileNetV3Small", "torchvision:squeezenet1_0"}


def network_called(name) -> Network:
    network = find_network(canonical_name(name))
    assert network is not None
    return network


def preferred_by(name) -> InputFacts:
    facts = MODELS.get(name).preferred
    assert facts is not None
    return facts


def built(name, channels=3, side=32, n_classes=7, **options):
    shape = InputShape(channels, side, n_classes)
    return build_network(name, options, shape, mean=(0.5,) * channels, std=(0.25,) * channels)


@pytest.mark.parametrize(("name", "known"), KNOWN.items())
def test_each_network_has_its_known_parameters_and_its_own_input(name, known):
    network = network_called(name)
    with torch.device("meta"):
        assert (count_parameters(network.whole(1000)), network.facts().size_px) == known


@pytest.mark.parametrize("name", KNOWN)
def test_each_network_is_built_and_answers(name):
    """Most on the device 'meta': every layer is made and fits the next."""
    side = 96 if name in {"InceptionV3", "Xception"} else 64
    with torch.device("cpu" if name in COMPUTED else "meta"), torch.no_grad():
        net = built(name, side=side).eval()
        scores = net(torch.zeros(2, 3, side, side, dtype=torch.uint8))
    assert scores.shape == (2, 7)
    assert net.net.head.in_features == net.net.n_features
    assert scores.is_meta or bool(scores.isfinite().all())


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("name", ["test_resnet", "torchvision:squeezenet1_0", "test_vit"])
def test_any_number_of_channels_goes_in(name, channels):
    net = built(name, channels).eval()
    assert net(torch.zeros(2, channels, 32, 32, dtype=torch.uint8)).shape == (2, 7)


def test_equal_seeds_give_equal_networks():
    one, two = built("test_resnet").state_dict(), built("test_resnet").state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("densenet201", "densenet201"),
        ("timm:densenet201", "densenet201"),
        ("DenseNet201", "densenet201"),
        ("EfficientNetB3", "tf_efficientnet_b3"),
        ("resnet50.a1_in1k", "resnet50.a1_in1k"),
        ("torchvision:ResNet50", "torchvision:resnet50"),
    ],
)
def test_names_are_understood_as_people_write_them(name, wanted):
    assert canonical_name(name) == wanted
    assert MODELS.get(name).name == wanted


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("densnet201", "densenet201"),
        ("squeeznet1_0", "torchvision:squeezenet1_0"),
        ("torchvision:squeezenet1", "torchvision:squeezenet1_1"),
        ("smal", "small"),
    ],
)
def test_an_unknown_network_is_refused_with_the_nearest_name(name, meant):
    with pytest.raises(WrongUse, match=f"did you mean '{meant}'"):
        MODELS.get(name)


@pytest.mark.parametrize("name", ["resnet50.no_such_tag", "keras:resnet50", "timm:nope"])
def test_what_neither_library_has_is_unknown(name):
    with pytest.raises(WrongUse, match="there is no model"):
        MODELS.get(name)


def test_each_network_brings_its_own_normalisation():
    vgg, inception = preferred_by("vgg16"), preferred_by("inception_v3")
    assert vgg.mean == (0.485, 0.456, 0.406)
    assert inception.value_range == (-1.0, 1.0)
    assert preferred_by("torchvision:inception_v3").value_range == (-1.0, 1.0)
    assert preferred_by("torchvision:squeezenet1_0").interpolation == "bilinear"
    assert MODELS.get("small").preferred is None


@given(st.integers(1, 16))
def test_normalisation_goes_with_any_number_of_channels(n):
    facts = InputFacts(224, (0.4, 0.5, 0.6), (0.1, 0.2, 0.3), "bicubic", 0.9)
    mean, std = facts.normalisation(n)
    assert len(mean) == len(std) == n
    if n == 1:
        assert mean == pytest.approx((0.5,))
    else:
        assert all(mean[at] == facts.mean[at % 3] for at in range(n))


def test_images_too_small_for_a_network_are_refused_before_training():
    with pytest.raises(WrongUse) as error:
        built("inception_v3", side=20)
    assert "cannot take images of 20 px" in str(error.value)
    assert "299 px" in str(error.value)


def test_a_network_without_paths_to_drop_says_so():
    with pytest.raises(WrongUse, match="drop_path does not go with"):
        built("densenet121", drop_path=0.2)
    built("test_efficientnet", drop_path=0.2)


@pytest.mark.parametrize(
    "name",
    ["resnet18", "densenet121", "tf_efficientnet_b0", "inception_v3", "vit_tiny_patch16_224",
     "torchvision:resnet18", "torchvision:squeezenet1_0", "torchvision:vit_b_32",
     "torchvision:regnet_x_400mf", "small", "cnn", "mlp", "softmax"],
)  # fmt: skip
def test_layers_hold_each_parameter_once_and_end_in_the_head(name):
    with torch.device("meta"):
        net = built(name, side=96)
    blocks = layers_of(net)
    names = [name for block in blocks for name in block]
    assert sorted(names) == sorted(name for name, _ in net.named_parameters())
    assert all(blocks)
    weights = dict(net.named_parameters())
    assert [len(weights[one]) for one in blocks[-1]] == [7] * len(blocks[-1])


def test_layers_follow_the_order_of_the_network():
    with torch.device("meta"):
        blocks = layers_of(built("resnet18", side=64))
    firsts = [block[0].split(".")[2] for block in blocks[:-1]]
    assert firsts == ["conv1", "layer1", "layer2", "layer3", "layer4"]
    assert blocks[-1] == ["net.head.weight", "net.head.bias"]


@pytest.mark.parametrize("weights", ["auto", "none", "a.safetensors"])
@pytest.mark.parametrize("head", ["linear", "mlp", "logistic", "knn"])
@pytest.mark.parametrize("stages", [None, ["head"], ["head:2", "all:3"]])
def test_suggested_settings_are_a_valid_recipe(weights, head, stages):
    model = ModelOptions("resnet18", {"head": head}, weights)
    suggested = MODELS.get("resnet18").suggest(100, 224, 3) | suggested_start(model, stages)
    made = with_tables(Recipe(), {"train": suggested})
    if head in {"logistic", "knn"}:
        assert is_only_head(made.train.stages)
    elif stages is not None:
        assert made.train.stages == stages


def test_our_own_names_load_no_torch():
    code = (
        "import sys\n"
        "from tamiz.models.registry import MODELS\n"
        "[MODELS.get(name).preferred for name in MODELS.names()]\n"
        "import tamiz.models.bare, tamiz.models.weights, tamiz.models.backbone\n"
        "assert not {'torch', 'timm', 'torchvision'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_bundle_of_such_a_network_is_the_network(make_bundle, tmp_path):
    """This one keeps numbers that no file holds; they have to be made anew."""
    from tamiz.models.bundle import Bundle

    name, pixels = "test_vit_relpos", np.arange(64 * 64 * 3).reshape(1, 3, 64, 64)
    images = torch.from_numpy(pixels % 251).to(torch.uint8)
    bundle = make_bundle(name, 64, 3)
    bundle.save(tmp_path)
    with torch.inference_mode():
        before = build_network(
            name, {}, bundle.shape, mean=bundle.mean, std=bundle.std, seed=3
        ).eval()(images)
        after = Bundle.load(tmp_path).module()(images)
    assert torch.allclose(before, after, atol=1e-5)
    assert {"timm", "torchvision"} <= bundle.versions.keys()
