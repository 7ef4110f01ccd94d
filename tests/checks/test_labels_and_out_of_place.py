"""Wrong labels come first in the queue, and the queue tells no opinion; strangers stand out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.probes.making import evidence_of

from tamiz.checks.labels import labels
from tamiz.checks.out_of_place import out_of_place


def shapes(n_per_class=80, seed=0):
    """Return (labels, grey): bars across, bars down and blobs, each with noise."""
    rng = np.random.default_rng(seed)
    names, pictures = [], []
    for name in ("across", "blob", "down"):
        for _ in range(n_per_class):
            picture = rng.normal(100, 25, (64, 64))
            at = rng.integers(8, 40)
            if name == "across":
                picture[at : at + 10] += 90
            elif name == "down":
                picture[:, at : at + 10] += 90
            else:
                picture[at : at + 16, at : at + 16] += 90
            names.append(name)
            pictures.append(picture)
    return names, np.clip(np.array(pictures), 0, 255).astype(np.uint8)


def test_wrong_labels_come_first_and_no_answer_is_told():
    names, grey = shapes()
    wrong = [5, 60, 100, 170, 200]
    given = list(names)
    given[5], given[60], given[100], given[170], given[200] = (
        "down",
        "blob",
        "down",
        "across",
        "blob",
    )
    result = labels(evidence_of(given, grey=grey))
    order = np.argsort(result.scores["label"])
    assert set(order[:8].tolist()) >= set(wrong)
    suspicion = result.suspicions[0]
    assert suspicion.is_blind
    doubted = {row for (row,) in suspicion.clusters}
    assert len(doubted & set(wrong)) >= 3
    assert len(doubted - set(wrong)) <= 3
    words = f"{suspicion.finding.what} {suspicion.finding.advice} {suspicion.finding.certainty}"
    assert not any(name in words.split() for name in ("across", "blob", "down"))


def test_clean_labels_are_hardly_doubted():
    names, grey = shapes()
    found = labels(evidence_of(names, grey=grey)).suspicions
    assert sum(len(one.clusters) for one in found) <= 3


def test_sealed_labels_change_nothing():
    names, grey = shapes()
    sealed = np.arange(len(names)) % 5 == 0
    other = ["blob" if s else name for name, s in zip(names, sealed, strict=True)]
    one, two = (labels(evidence_of(some, grey=grey, sealed=sealed)) for some in (names, other))
    assert np.array_equal(one.scores["label"], two.scores["label"], equal_nan=True)
    assert np.isnan(one.scores["label"][sealed]).all()
    assert one.suspicions == two.suspicions


@pytest.mark.parametrize("given", [["a"] * 60, ["a"] * 55 + ["b"] * 5, [None] * 60])
def test_too_few_classes_are_a_reason_in_words(given):
    result = labels(evidence_of(given))
    assert "Doubtful labels were not looked for" in str(result.suspicions[0].finding.what)
    assert np.isnan(result.scores["label"]).all()


def test_where_nothing_can_be_learnt_nothing_is_doubted():
    given = np.random.default_rng(0).permutation(["a", "b"] * 60).tolist()
    found = labels(evidence_of(given)).suspicions
    said = str(found[0].finding.what)
    assert "hardly more than always giving the largest class (50.0%)" in said
    assert "asked were 120 images of the 2 classes that have 10 groups outside the test" in said
    assert found[0].clusters == ()


def test_a_stranger_stands_out_and_labels_do_not_matter():
    names, grey = shapes()
    rng = np.random.default_rng(9)
    checked = (np.indices((64, 64)).sum(axis=0) // 4 % 2 * 255).astype(np.uint8)
    grey[40] = checked
    found = out_of_place(evidence_of(names, grey=grey))
    assert found.suspicions[0].clusters[0] == (40,)
    assert len(found.suspicions[0].clusters) <= 2
    shuffled = rng.permutation(names).tolist()
    again = out_of_place(evidence_of(shuffled, grey=grey))
    assert np.array_equal(found.scores["out_of_place"], again.scores["out_of_place"])


def test_a_set_without_strangers_has_none():
    names, grey = shapes()
    assert out_of_place(evidence_of(names, grey=grey)).suspicions == ()
