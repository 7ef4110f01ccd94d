"""Heads fitted at once: logistic regression as scikit-learn's, neighbours as counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from tamiz.core.errors import WrongData
from tamiz.engine import probe
from tamiz.engine.probe import Samples, fit_head
from tamiz.models.nets.heads import NearestHead, make_head

N_FEATURES, N_CLASSES = 12, 3


def drawn(n, seed=0, distance=1.0):
    """Return features of very unequal spread, shifted by class in the first three."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, N_CLASSES, n)
    values = rng.normal(size=(n, N_FEATURES))
    values[:, :N_CLASSES] += distance * np.eye(N_CLASSES)[targets]
    values = values * np.geomspace(0.01, 30, N_FEATURES) + 5
    values[:, -1] = 4.0  # a feature that says nothing
    return Samples(torch.tensor(values, dtype=torch.float32), targets)


NOTHING = Samples(torch.zeros(0, N_FEATURES), np.zeros(0, dtype=np.int64))


def probabilities(head, samples):
    with torch.inference_mode():
        return head(samples.features).double().softmax(1).numpy()


def standardised(train, samples):
    exact = train.features.double().numpy()
    spread = exact.std(0)
    spread[-1] = 1.0
    return (samples.features.double().numpy() - exact.mean(0)) / spread


def test_logistic_regression_is_that_of_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    train, val = drawn(300), drawn(200, seed=1)
    head = make_head("logistic", N_FEATURES, N_CLASSES, 1, 0.0)
    facts = fit_head(head, train, val)
    peer = LogisticRegression(C=1 / (facts["strength"] * 300), tol=1e-10, max_iter=5000)
    peer.fit(standardised(train, train), train.targets)
    wanted = peer.predict_proba(standardised(train, val))
    assert np.abs(probabilities(head, val) - wanted).max() < 1e-4
    assert facts["val_loss"] == min(facts["val_losses"].values())


def test_class_weights_are_those_of_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    train = drawn(300)
    head = make_head("logistic", N_FEATURES, N_CLASSES, 1, 0.0)
    facts = fit_head(head, train, NOTHING, class_weights=[0.2, 1.0, 4.0])
    weights = {0: 0.2, 1: 1.0, 2: 4.0}
    strength = 1 / (facts["strength"] * 300)
    peer = LogisticRegression(C=strength, tol=1e-10, max_iter=5000, class_weight=weights)
    peer.fit(standardised(train, train), train.targets)
    wanted = peer.predict_proba(standardised(train, train))
    assert np.abs(probabilities(head, train) - wanted).max() < 1e-4


def test_the_strength_follows_the_noise():
    clear = fit_head(make_head("logistic", 12, 3, 1, 0.0), drawn(300, 0, 6.0), drawn(200, 1, 6.0))
    noise = fit_head(make_head("logistic", 12, 3, 1, 0.0), drawn(300, 0, 0.1), drawn(200, 1, 0.1))
    assert clear["strength"] < noise["strength"]


def test_several_labels_are_one_regression_for_each():
    from sklearn.linear_model import LogisticRegression

    plain = drawn(300)
    labels = np.stack([plain.targets == 0, plain.targets < 2], 1).astype(np.float32)
    train = Samples(plain.features, labels)
    head = make_head("logistic", N_FEATURES, 2, 1, 0.0)
    facts = fit_head(head, train, NOTHING)
    peer = LogisticRegression(C=1 / (facts["strength"] * 300), tol=1e-10, max_iter=5000)
    with torch.inference_mode():
        scores = head(train.features).double()
    for number in range(2):
        peer.fit(standardised(train, train), labels[:, number])
        wanted = peer.predict_proba(standardised(train, train))[:, 1]
        assert np.abs(scores[:, number].sigmoid().numpy() - wanted).max() < 1e-4


def test_large_sets_are_fitted_in_float32(monkeypatch):
    train, val = drawn(300), drawn(200, seed=1)
    exact = make_head("logistic", N_FEATURES, N_CLASSES, 1, 0.0)
    fit_head(exact, train, val)
    monkeypatch.setattr(probe, "_EXACT_BYTES", 0)
    rough = make_head("logistic", N_FEATURES, N_CLASSES, 1, 0.0)
    fit_head(rough, train, val)
    assert np.abs(probabilities(exact, val) - probabilities(rough, val)).max() < 1e-2


@pytest.mark.parametrize("kind", ["logistic", "knn"])
def test_equal_samples_give_equal_bytes(kind):
    made = []
    for _ in range(2):
        head = make_head(kind, N_FEATURES, N_CLASSES, 1, 0.0)
        fit_head(head, drawn(120), drawn(60, seed=1))
        made.append({name: value.numpy().tobytes() for name, value in head.state_dict().items()})
    assert made[0] == made[1]


def corners():
    """Return three bundles of rows in three directions, ten each."""
    rng = np.random.default_rng(2)
    targets = np.repeat(np.arange(3), 10)
    values = np.eye(3)[targets] * 10 + rng.normal(0, 0.3, (30, 3))
    return Samples(torch.tensor(values, dtype=torch.float32), targets)


def test_neighbours_vote_for_their_class():
    train = corners()
    head = make_head("knn", 3, 3, 1, 0.0)
    facts = fit_head(head, train, corners())
    assert (head(train.features).argmax(1).numpy() == train.targets).all()
    assert facts["val_loss"] < 0.1
    assert torch.allclose(head(train.features).exp().sum(1), torch.ones(30))


def test_one_neighbour_is_the_nearest_row_and_smoothing_takes_from_its_vote():
    values = torch.randn(30, 8, generator=torch.Generator().manual_seed(0))
    head = NearestHead(8, 3)
    head.remember(values, torch.arange(30) % 3)
    cosines, rows = head.nearest(values, 1)
    assert rows[:, 0].tolist() == list(range(30))
    assert torch.allclose(cosines, torch.ones(30, 1), atol=1e-3)
    shares = head.shares(cosines, rows, torch.tensor(1.0))
    assert torch.allclose(shares.max(1).values, torch.full((30,), (1 + 1 / 3) / 2))


def test_neighbours_of_several_labels_give_log_odds():
    plain = corners()
    labels = np.stack([plain.targets == 0, plain.targets < 2, plain.targets == 5], 1)
    train = Samples(plain.features, labels.astype(np.float32))
    head = make_head("knn", 3, 3, 1, 0.0)
    fit_head(head, train, train)
    assert ((head(train.features) > 0).numpy() == labels).all()


def test_neighbours_without_validation_rows_are_at_most_all_rows():
    head = make_head("knn", 3, 3, 1, 0.0)
    few = Samples(corners().features[8:13], corners().targets[8:13])
    assert fit_head(head, few, Samples(torch.zeros(0, 3), np.zeros(0, int)))["neighbours"] == 5


def test_a_fitted_head_travels_by_its_weights():
    head = NearestHead(5, 3)
    values = torch.randn(21, 5, generator=torch.Generator().manual_seed(0))
    fit_head(head, Samples(values, np.arange(21) % 3), Samples(values, np.arange(21) % 3))
    other = make_head("knn", 5, 3, 1, 0.0, n_rows=head.n_rows)
    other(values)
    shapes = {name: value.shape for name, value in head.state_dict().items()}
    assert {name: value.shape for name, value in other.state_dict().items()} == shapes
    other.load_state_dict(head.state_dict())
    assert torch.equal(other(values), head(values))


def test_rows_of_one_class_cannot_be_fitted():
    train = Samples(torch.zeros(4, N_FEATURES), np.zeros(4, dtype=np.int64))
    for kind in ("logistic", "knn"):
        with pytest.raises(WrongData, match="one class only") as caught:
            fit_head(make_head(kind, N_FEATURES, N_CLASSES, 1, 0.0), train, NOTHING)
        assert "at least two classes" in str(caught.value)


def test_heads_that_the_loop_trains_are_not_fitted():
    with pytest.raises(TypeError):
        fit_head(make_head("mlp", N_FEATURES, N_CLASSES, 8, 0.1), drawn(30), NOTHING)


@pytest.mark.parametrize(
    ("kind", "dropout", "layers"),
    [
        ("linear", 0.0, ["Linear"]),
        ("linear", 0.2, ["Dropout", "Linear"]),
        ("mlp", 0.0, ["Linear", "ReLU", "Linear"]),
        ("mlp", 0.2, ["Dropout", "Linear", "ReLU", "Dropout", "Linear"]),
        ("logistic", 0.2, ["Linear"]),
    ],
)
def test_heads_have_the_layers_that_were_asked_for(kind, dropout, layers):
    head = make_head(kind, 4, 3, 8, dropout)
    parts = list(head) if isinstance(head, nn.Sequential) else [head]
    assert [type(part).__name__ for part in parts] == layers
    assert head(torch.zeros(2, 4)).shape == (2, 3)


def test_neighbours_are_a_head_of_their_own():
    assert isinstance(make_head("knn", 4, 3, 8, 0.1), NearestHead)
