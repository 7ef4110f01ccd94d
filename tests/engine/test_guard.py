"""What a guard looks at: features beside scores that keep their bits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tamiz.engine.guard import scores_and_features, taps_of
from tamiz.engine.infer import predict_scores
from tamiz.engine.prepared import InMemory
from tamiz.metrics.calibration import Calibration
from tamiz.models.build import build_network
from tamiz.models.nets.averaged import Averaged
from tamiz.models.nets.mirrored import Mirrored
from tamiz.models.registry import InputShape

SIDE = 32


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(name, channels=1, seed=3, **options):
    shape = InputShape(channels, SIDE, 3)
    mean, std = (0.4,) * channels, (0.3,) * channels
    net = build_network(name, options, shape, mean=mean, std=std, seed=seed)
    return net.to(memory_format=torch.channels_last).eval().requires_grad_(False)


def images(channels=1, n=9):
    rng = np.random.default_rng(0)
    return InMemory(rng.integers(0, 256, (n, SIDE, SIDE, channels)).astype(np.uint8))


@pytest.mark.parametrize(
    ("name", "n_features"),
    [
        ("small", None),
        ("cnn", None),
        ("mlp", None),
        ("softmax", SIDE * SIDE),
        ("test_resnet", None),
    ],
)
def test_scores_keep_their_bits_and_features_come_beside_them(name, n_features):
    net, rows = network(name), images()
    taps = taps_of(net)
    scores, (features,) = scores_and_features(net, [taps], rows)
    np.testing.assert_array_equal(scores, predict_scores(net, rows))
    assert len(features) == len(rows)
    assert features.shape[1] == (n_features or features.shape[1]) > 3
    assert np.isfinite(features).all()
    assert features.std(axis=0).max() > 0


def test_features_are_the_means_of_the_maps():
    net, rows = network("small", widths=[8, 16]), images()
    maps = []
    hook = net.net.features[0][3].register_forward_hook(lambda _p, _i, made: maps.append(made))
    net(rows.batch(np.arange(9)))
    hook.remove()
    _, (features,) = scores_and_features(net, [taps_of(net)], rows)
    np.testing.assert_allclose(features[:, :8], maps[0].mean((2, 3)).numpy(), rtol=1e-5, atol=1e-6)


def test_of_an_image_and_its_mirror_image_the_image_is_looked_at():
    net, rows = network("mlp"), images()
    plain, mirrored = taps_of(net), taps_of(Mirrored(net))
    _, (wanted,) = scores_and_features(net, [plain], rows)
    _, (found,) = scores_and_features(Mirrored(net), [mirrored], rows)
    np.testing.assert_array_equal(found, wanted)


def test_each_member_of_an_ensemble_has_features_of_its_own():
    nets, rows = [network("mlp", seed=seed) for seed in (1, 2, 3)], images()
    taps = [taps_of(nets[0]), (), taps_of(nets[2])]
    whole = Averaged(nets, [Calibration.of_temperature(1.0, 3)] * 3, is_multilabel=False).eval()
    scores, features = scores_and_features(whole, taps, rows)
    np.testing.assert_array_equal(scores, predict_scores(whole, rows))
    assert [part.shape[1] > 0 for part in features] == [True, False, True]
    for net, tap, found in zip(nets, taps, features, strict=True):
        if tap:
            np.testing.assert_array_equal(found, scores_and_features(net, [tap], rows)[1][0])


def test_no_image_has_no_features_but_their_width():
    net = network("mlp")
    _, (wanted,) = scores_and_features(net, [taps_of(net)], images())
    _, (found,) = scores_and_features(net, [taps_of(net)], images(n=0))
    assert found.shape == (0, wanted.shape[1])
