"""One table of the words that mean train, val and test."""

from __future__ import annotations

import pytest

from tamiz.core.parts import WORDS_BY_PART, part_of_word
from tamiz.splits.given import part_named


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("TRAIN", "train"),
        ("Development", "train"),
        ("dev", "val"),
        ("Validación", "val"),
        ("hold-out", "test"),
        ("conjunto de prueba", "test"),
        ("train_images", "train"),
        ("training set ", "train"),
        ("data", None),
        ("bus", None),
        ("", None),
    ],
)
def test_a_word_means_the_same_part_everywhere(word, part):
    assert part_of_word(word) == part
    assert part_named(word) == part


def test_no_word_means_two_parts():
    words = [word for many in WORDS_BY_PART.values() for word in many]
    assert len(words) == len(set(words))
