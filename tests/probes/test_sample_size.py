"""How much more data would help, and how wide the interval will be."""

from __future__ import annotations

import numpy as np
import pytest
from tests.probes.making import coin, evidence_of

from tamiz.core.language import Text
from tamiz.data.report import Paragraph, Table
from tamiz.metrics.expected import TestPart, expected_blocks, expected_findings, half_width
from tamiz.probes.sample_size import LearningCurve, curve_blocks, learning_curve


def silent(_done, _total):
    return None


def hidden_marker(n, seed=0):
    labels = coin(n, seed)
    rng = np.random.default_rng(seed)
    grey = rng.integers(0, 256, (n, 64, 64)).astype(float)
    grey[np.array(labels) == "b", 20:44, 20:44] += 12
    return evidence_of(labels, grey=np.clip(grey, 0, 255).astype(np.uint8))


def test_what_can_be_learnt_is_learnt_better_from_more():
    curve = learning_curve(hidden_marker(600), silent)
    assert isinstance(curve, LearningCurve)
    means = curve.errors.mean(axis=0)
    assert means[-1] < means[0]
    assert curve.gain[1] <= curve.gain[0] <= curve.gain[2]
    assert curve.doubled[0] <= curve.now[0]
    words = curve_blocks(curve)[0]
    assert isinstance(words, Paragraph)
    assert "With twice as many groups" in str(words.text)


def test_noise_stays_at_chance_however_much_there_is():
    curve = learning_curve(evidence_of(coin(600)), silent)
    assert isinstance(curve, LearningCurve)
    assert curve.now[0] == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("labels", [["a"] * 100, coin(20), [None] * 100])
def test_too_little_gives_no_curve_but_a_reason(labels):
    curve = learning_curve(evidence_of(labels), silent)
    assert isinstance(curve, Text)
    assert "No learning curve" in str(curve)


def test_no_pictures_no_curve():
    evidence = evidence_of(coin(200), grey=np.zeros((200, 64, 64), dtype=np.uint8))
    assert "no pictures to learn from" in str(learning_curve(evidence, silent))


def test_the_same_evidence_gives_the_same_curve():
    one, two = (learning_curve(hidden_marker(100), silent) for _ in range(2))
    assert isinstance(one, LearningCurve)
    assert isinstance(two, LearningCurve)
    assert (one.errors == two.errors).all()


def test_half_a_width_is_that_of_the_wilson_interval():
    assert half_width(0.9, 100) == pytest.approx(0.0596, abs=1e-4)


def test_groups_and_images_give_the_two_ends_of_what_is_to_be_expected():
    table = expected_blocks(TestPart((400, 100), {"a": (200, 50), "b": (200, 50)}))[0]
    assert isinstance(table, Table)
    assert str(table.rows[0][4]) == "±6.0 … 3.0"


def test_a_class_of_which_little_will_be_known_is_named():
    found = expected_findings(TestPart((100, 100), {"common": (95, 95), "rare": (5, 5)}))
    assert "Class 'rare' will have few groups in the test part (5)" in str(found[0].what)
    assert expected_findings(TestPart((400, 400), {"a": (200, 200), "b": (200, 200)})) == ()
