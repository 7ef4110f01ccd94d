"""The models: sizes, options, limits, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import TrainOptions
from tamiz.core.recipe_io import with_tables
from tamiz.models.build import build_network, count_parameters
from tamiz.models.registry import MODELS, InputShape

GREY_28 = InputShape(1, 28, 10)


def built(name, shape=GREY_28, **options):
    n = shape.n_channels
    return build_network(name, options, shape, mean=(0.5,) * n, std=(0.25,) * n)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("cnn", {}, 110_474),  # workflow C
        ("softmax", {}, 7_850),
        ("mlp", {"hidden": [15]}, 28 * 28 * 15 + 15 + 15 * 10 + 10),
        ("mlp", {"hidden": "97"}, 28 * 28 * 97 + 97 + 97 * 10 + 10),
        ("mlp", {"hidden": []}, 7_850),
        ("small", {}, 288_394),
    ],
)
def test_the_number_of_parameters_is_known(name, options, expected):
    assert count_parameters(built(name, **options)) == expected


@pytest.mark.parametrize("side", [8, 9, 15, 16, 28, 47, 48, 96])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_small_takes_every_side_and_channel_count(side, channels):
    import torch

    net = built("small", InputShape(channels, side, 5)).eval()
    assert net(torch.zeros(2, channels, side, side, dtype=torch.uint8)).shape == (2, 5)


def test_equal_seeds_give_equal_weights_and_leave_torchs_random_state_alone():
    import torch

    before = torch.get_rng_state()
    one, two = built("cnn").state_dict(), built("cnn").state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert torch.equal(torch.get_rng_state(), before)


def test_cnn_says_how_large_the_input_must_be():
    with pytest.raises(WrongUse) as error:
        built("cnn", InputShape(1, 16, 10))
    assert "16 px are too small for 3 blocks, which need 22 px" in str(error.value)
    assert "give model.options.widths 2 numbers" in str(error.value)
    built("cnn", InputShape(1, 22, 10))
    built("cnn", InputShape(1, 16, 10), widths=[8, 8])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"width": [3]}, "did you mean 'widths'"),
        ({"widths": ["many"]}, "must be a list"),
        ({"widths": [0]}, "at least 1"),
        ({"dense": 1.5}, "whole number"),
    ],
)
def test_wrong_options_are_said_in_one_line(options, said):
    with pytest.raises(WrongUse) as error:
        built("cnn", **options)
    assert said in str(error.value)


@pytest.mark.parametrize("name", MODELS.names())
@pytest.mark.parametrize("n_train", [10, 3000, 60_000, 10**6])
def test_suggested_settings_are_a_valid_recipe(name, n_train):
    from tamiz.core.recipe import Recipe

    suggested = MODELS.get(name).suggest(n_train, 28, 10)
    made = with_tables(Recipe(), {"train": suggested})
    assert isinstance(made.train, TrainOptions)


def test_pooling_before_relu_changes_nothing():
    import torch

    images = torch.randint(0, 256, (4, 1, 28, 28), dtype=torch.uint8)
    net = built("cnn").eval()
    convolution, pool, relu = (net.net[position] for position in (0, 1, 2))
    maps = convolution(images.float())
    assert torch.equal(relu(pool(maps)), pool(torch.relu(maps)))


def test_listing_models_loads_no_torch():
    code = (
        "import sys\n"
        "from tamiz.models.registry import MODELS\n"
        "assert {'cnn', 'mlp', 'small', 'softmax'} <= set(MODELS.names())\n"
        "[MODELS.get(name).suggest(1000, 28, 10) for name in MODELS.names()]\n"
        "assert 'torch' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
