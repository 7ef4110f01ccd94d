"""What layers make of an image: shapes, zeros and kernels of networks that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tests.engine.corner_world import bundle_of, corner_image, corner_net

from tamiz.engine.explaining.maps import blocks_of, dense_filters, layers_at_work
from tamiz.engine.explaining.subject import as_values

IMAGE = as_values(corner_image(1)[np.newaxis])


def test_layers_are_told_in_order_with_shapes_zeros_and_range():
    conv, relu, pooled, dense = layers_at_work(corner_net(), IMAGE)
    assert [one.kind for one in (conv, relu, pooled, dense)] == [
        "Conv2d",
        "ReLU",
        "AdaptiveAvgPool2d",
        "Linear",
    ]
    assert (conv.shape, conv.n_parameters) == ((2, 32, 32), 20)
    assert (conv.low < 0, relu.low, relu.high) == (True, 0, conv.high)
    assert conv.zeros == 0
    assert relu.zeros > 0.5  # most of the image is faint


def test_a_block_holds_the_learnt_kernels_and_the_maps_after_the_activation():
    net: Any = corner_net()
    (block,) = blocks_of(net, IMAGE, 3)
    assert (block.name, block.shown) == ("0", "1")
    assert np.allclose(block.kernels[0, 0], np.array([[-1, 2, -1]] * 3) / 3)
    with torch.no_grad():
        normalised = torch.addcmul(net.shift, IMAGE, net.scale)
        wanted = net.net[1](net.net[0](normalised))[0].numpy()
    assert np.array_equal(block.maps, wanted)
    upright, lying = block.maps[:, 2:6, 2:6]
    assert upright.max() > 0.5 > lying.max()  # the filter fires where its stripes are


def test_what_an_activation_in_place_overwrites_is_told_as_it_was():
    net = bundle_of().module()
    kinds = {one.kind: one for one in layers_at_work(net, IMAGE)[:3]}
    assert kinds["BatchNorm2d"].low < 0 == kinds["ReLU"].low


def test_some_of_many_layers_are_the_first_and_the_last_and_those_between():
    net = bundle_of().module()
    every = [one.name for one in blocks_of(net, IMAGE, 99)]
    assert [one.name for one in blocks_of(net, IMAGE, 2)] == [every[0], every[-1]]
    named = blocks_of(net, IMAGE, [every[1]])
    assert named[0].name == every[1]
    with pytest.raises(KeyError, match="nowhere"):
        blocks_of(net, IMAGE, ["nowhere"])


def test_a_network_without_convolutions_shows_its_dense_weights_as_images():
    bundle = bundle_of(model="softmax")
    net = bundle.module()
    assert blocks_of(net, IMAGE, 3) == []
    name, weights = dense_filters(net, IMAGE)
    assert np.array_equal(weights.reshape(2, -1), bundle.weights[f"net.{name}.weight"])


def test_the_dense_layer_behind_convolutions_is_not_drawn_as_an_image():
    name, weights = dense_filters(corner_net(), IMAGE)
    assert (name, weights.shape) == ("", (0, 1, 32, 32))
