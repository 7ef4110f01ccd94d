"""Inference: an image's probabilities do not depend on its company."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.engine.infer import inference_batch, predict_probabilities, softmax
from tamiz.engine.prepared import InMemory
from tamiz.models.build import build_network
from tamiz.models.registry import InputShape

CASES = [
    ("softmax", 28, 1, {}),
    ("mlp", 28, 3, {"hidden": [97, 31]}),
    ("cnn", 28, 1, {}),
    ("cnn", 33, 3, {"widths": [5, 17]}),
    ("small", 8, 1, {}),
    ("small", 28, 1, {}),
    ("small", 28, 4, {"widths": [7, 19]}),
    ("small", 64, 3, {"widths": [16, 32]}),
    ("softmax", 9, 1, {}),
]


def network(name, side, channels, options, n_classes=7):
    shape = InputShape(channels, side, n_classes)
    parts = (0.5,) * channels
    return build_network(name, options, shape, mean=parts, std=parts).eval()


def noise(n, side, channels):
    drawn = np.random.default_rng(1).integers(0, 256, (n, side, side, channels))
    return InMemory(drawn.astype(np.uint8))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("name", "side", "channels", "options"), CASES)
def test_alone_in_company_and_in_any_order_the_bits_are_the_same(
    name, side, channels, options, threads
):
    torch.set_num_threads(threads)
    try:
        n = inference_batch((side, side, channels)) + 9
        net, images = network(name, side, channels, options), noise(n, side, channels)
        together = predict_probabilities(net, images)
        order = np.random.default_rng(2).permutation(n)
        shuffled = predict_probabilities(net, images, order)
        assert np.array_equal(shuffled, together[order])
        for row in (0, 1, n // 2, n - 1):
            alone = predict_probabilities(net, images, np.array([row]))
            assert np.array_equal(alone[0], together[row])
    finally:
        torch.set_num_threads(1)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 29), min_size=1, max_size=40))
def test_any_selection_with_repeats_gives_the_same_bits(chosen):
    net, images = network("small", 12, 1, {"widths": [8, 8]}), noise(30, 12, 1)
    together = predict_probabilities(net, images)
    assert np.array_equal(predict_probabilities(net, images, np.array(chosen)), together[chosen])


def test_no_rows_give_no_probabilities():
    net = network("softmax", 8, 1, {})
    assert len(predict_probabilities(net, noise(3, 8, 1), np.zeros(0, np.int64))) == 0


def test_a_model_whose_scores_are_all_equal_says_one_in_k():
    net = network("softmax", 8, 1, {})
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    assert predict_probabilities(net, noise(5, 8, 1)) == pytest.approx(np.full((5, 7), 1 / 7))


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=6), st.floats(0.05, 20))
def test_softmax_sums_to_one_and_keeps_the_order(scores, temperature):
    made = softmax(np.array([scores]), temperature)
    assert made.sum() == pytest.approx(1)
    assert made[0, np.argmax(scores)] == made.max()


def test_a_higher_temperature_is_less_sure():
    scores = np.array([[3.0, 1.0, 0.0]])
    assert softmax(scores, 2.0).max() < softmax(scores, 1.0).max()
