"""Layers of whole networks: every parameter once, published counts, fields checked by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tamiz.core.errors import WrongUse
from tamiz.engine.layer_table import layer_rows
from tamiz.lab.layer_text import layers_from_text
from tamiz.lab.layers import rows_of
from tamiz.models.registry import MODELS, InputShape
from tamiz.stages.laboratory.network import NamedNetwork, network_named, network_of_recipe
from tamiz.steps.tables import build_options


def rows_of_named(name: str, shape: tuple[int, int, int] = (224, 224, 3)):
    spec = MODELS.get(name)
    asked = InputShape(shape[2], shape[0], 1000)
    options = build_options(spec.options, {}, "model.options")
    return layer_rows(lambda: spec.build(asked, options), shape)


@pytest.mark.parametrize(
    ("name", "parameters", "giga_multiply_adds"),
    [  # torchvision's own tables of its weights
        ("vgg16", 138_357_544, 15.47),
        ("resnet50", 25_557_032, 4.09),
        ("densenet121", 7_978_856, 2.83),
        ("torchvision:squeezenet1_0", 1_248_424, 0.82),
        ("torchvision:vit_b_16", 86_567_656, 17.56),
    ],
)
def test_networks_have_their_published_parameters_and_multiply_adds(
    name, parameters, giga_multiply_adds
):
    found = rows_of_named(name)
    assert sum(row.parameters for row in found) == parameters
    made = sum(row.multiply_adds for row in found) / 1e9
    if name.endswith("squeezenet1_0"):  # its classifier stands behind the mean here, not before it
        made += 512 * 1000 * (13 * 13 - 1) / 1e9
    assert made == pytest.approx(giga_multiply_adds, abs=0.006)


def sequence() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(10_816, 15),
        nn.Tanh(), nn.Linear(15, 10),
    )  # fmt: skip


def test_a_network_of_torch_is_counted_as_its_text():
    words = "conv 64 3; pool 2; flatten; dense 15; dense 10"
    expected = rows_of(layers_from_text(words), (28, 28, 1))
    for made, row in zip(layer_rows(sequence, (28, 28, 1)), expected, strict=True):
        assert made.shape == row.shape
        assert made.parameters == row.parameters
        assert made.multiply_adds == row.multiply_adds
        assert made.receptive == row.receptive
        assert made.sizes == row.sizes
        assert made.numbers == row.numbers


class Branches(nn.Module):
    """A shortcut beside two convolutions, then a mean."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 5, padding=2))
        self.after = nn.Conv2d(8, 2, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return (n, 2)."""
        made: torch.Tensor = self.after(torch.cat([images, self.wide(images)], dim=1))
        return made.mean((2, 3))


def test_where_branches_meet_the_widest_field_counts():
    found = layer_rows(Branches, (32, 32, 4))
    assert [row.receptive for row in found] == [(3, 3), (7, 7), (7, 7)]


def test_fields_agree_with_gradients_of_a_real_network():
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=2), nn.Conv2d(2, 2, 3, dilation=2), nn.AvgPool2d(2),
        nn.Conv2d(2, 1, (1, 3)),
    )  # fmt: skip
    image = torch.zeros(1, 1, 48, 48, requires_grad=True)
    net(image)[0, 0, 4, 3].backward()
    assert image.grad is not None
    rows, columns = torch.nonzero(image.grad[0, 0], as_tuple=True)
    reach = (int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1)
    assert layer_rows(lambda: net.to("meta"), (48, 48, 1))[-1].receptive == reach


def test_after_attention_the_field_is_not_known():
    found = rows_of_named("vit_tiny_patch16_224")
    assert found[0].receptive == (16, 16)
    assert next(row for row in found if row.name.endswith("norm LayerNorm")).receptive is None


def test_weights_that_are_used_twice_are_counted_once():
    dense = nn.Linear(4, 4)
    found = layer_rows(lambda: nn.Sequential(nn.Flatten(), dense, dense).to("meta"), (2, 2, 1))
    assert [row.parameters for row in found] == [0, 20, 0]
    assert [row.multiply_adds for row in found] == [0, 16, 16]


def test_a_network_that_does_not_take_the_input_says_what_would():
    with pytest.raises(WrongUse, match="too small for 3 blocks"):
        network_named(NamedNetwork("cnn", (8, 8, 1)))
    with pytest.raises(WrongUse, match="did you mean 'resnet50'"):
        network_named(NamedNetwork("resnet5o", (64, 64, 3)))


def test_a_recipe_shows_workflow_cs_network(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[model]\nname = "cnn"\n[prepare]\nchannels = 1\n', encoding="utf-8")
    found = network_of_recipe(recipe, n_classes=10).values["lab"]
    assert found["parameters"] == 110_474
    assert found["input"] == [28, 28, 1]


def test_a_norm_that_wraps_its_activation_takes_memory_as_any_norm():
    found = rows_of_named("densenet121", (64, 64, 3))
    norm = next(row for row in found if row.name.endswith("norm0 BatchNormAct2d"))
    assert norm.shape == (32, 32, 64)
    assert norm.receptive == (7, 7)
    assert norm.numbers == 32 * 32 * 64
