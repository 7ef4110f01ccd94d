"""Braces in a source's name: which files they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.braces import before_braces, expanded, is_pattern


def test_numbers_keep_their_digits_and_words_are_listed():
    assert expanded("a/{train,val}-{08..10}.tar") == [
        f"a/{part}-{number}.tar" for part in ("train", "val") for number in ("08", "09", "10")
    ]
    assert before_braces("a/b/{0..3}.tar") == "a/b"
    assert before_braces("{train,val}/{0..3}.tar") == ""


def test_a_file_of_that_very_name_is_no_pattern(tmp_path):
    place = tmp_path / "{0..3}.tar"
    assert is_pattern(place)
    place.write_bytes(b"")
    assert not is_pattern(place)
    assert not is_pattern("a/{one}.tar")


@given(st.integers(0, 2000), st.integers(0, 40), st.integers(1, 7))
def test_a_range_names_every_number_once(low, n, width):
    first, last = str(low).zfill(width), str(low + n)
    found = expanded(f"x{{{first}..{last}}}y")
    assert [int(one[1:-1]) for one in found] == list(range(low, low + n + 1))


@pytest.mark.parametrize("words", ["{3..1}", "{0..999999999}", "{0..999}{0..999}"])
def test_ranges_that_go_backwards_or_too_far_are_refused(words):
    with pytest.raises(ValueError, match=r"\{"):
        expanded(words)
