"""What is asked: dates, criteria, contexts, and where files go."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.acquisition.journal import file_of
from tamiz.acquisition.queries import Criteria, Span, code_of, day_of, is_uid, number_of
from tamiz.acquisition.retrieving import MAX_CLASSES, storage_contexts
from tamiz.acquisition.statuses import is_too_much, rejection_key, status_text
from tamiz.core.errors import WrongUse

days = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2021-01-05..2021-12-31", date(2021, 1, 5), date(2021, 12, 31)),
        ("20210105", date(2021, 1, 5), date(2021, 1, 5)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021..", date(2021, 1, 1), None),
        ("..2020", None, date(2020, 12, 31)),
    ],
)
def test_a_span_is_what_its_words_say(words, first, last):
    assert Span.parse(words) == Span(first, last)


@pytest.mark.parametrize("words", ["", "..", "yesterday", "2021-13", "2021-02-30", "2022..2021"])
def test_words_that_are_no_span_are_refused(words):
    with pytest.raises(WrongUse, match="no date or span"):
        Span.parse(words)


@given(days, st.integers(0, 2000))
def test_months_cover_the_span_once(first, length):
    span = Span(first, first + timedelta(days=length))
    months = span.months()
    assert (months[0].first, months[-1].last) == (span.first, span.last)
    for before, after in itertools.pairwise(months):
        assert before.last is not None
        assert after.first is not None
        assert before.last + timedelta(days=1) == after.first
        assert after.first.day == 1


@given(days, st.integers(1, 2000))
def test_halves_cover_the_span_once_and_are_shorter(first, length):
    span = Span(first, first + timedelta(days=length))
    halves = span.halves()
    assert halves is not None
    left, right = halves
    assert (left.first, right.last) == (span.first, span.last)
    assert left.last is not None
    assert left.last + timedelta(days=1) == right.first
    assert Span(first, first).halves() is None


@pytest.mark.parametrize(
    "criteria",
    [Criteria(), Criteria(description="***"), Criteria(patient="?*"), Criteria(patient=" ")],
    ids=str,
)
def test_wild_cards_alone_ask_for_nothing(criteria):
    assert criteria.is_empty


@pytest.mark.parametrize(
    "values",
    [
        {"patient": "A\\B"},
        {"description": "A\nB"},
        {"description": "x" * 65},
        {"modality": "ct"},
        {"study": "1.2.x"},
    ],
    ids=str,
)
def test_criteria_that_dicom_cannot_hold_are_refused(values):
    with pytest.raises(WrongUse):
        Criteria(**values)


@given(st.text())
def test_only_digits_and_dots_are_a_uid(words):
    assert is_uid(words) == (0 < len(words) <= 64 and set(words) <= set("0123456789."))


@given(st.text(), st.text())
def test_no_text_from_the_wire_becomes_a_path(series, instance):
    folder, name = file_of("TZ0123456789abcdef", series, instance).split("/")[1:]
    assert set(folder) <= set("0123456789abcdef")
    assert set(name.removesuffix(".dcm")) <= set("0123456789abcdef")
    assert (len(folder), len(name)) == (32, 36)


@given(st.text())
def test_odd_answers_become_harmless_values(words):
    assert code_of(words) == "?" or set(code_of(words)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"
    )
    assert (number_of(words) or 0) >= 0
    assert day_of(words) is None or isinstance(day_of(words), date)


@pytest.mark.parametrize("n", [1, 6, 7, MAX_CLASSES, 40])
def test_contexts_stay_within_what_an_association_may_have(n):
    contexts = storage_contexts(f"1.2.3.{number}" for number in range(n))
    assert 0 < len(contexts) <= 127
    assert all(len(one.transfer_syntax) == 1 for one in contexts)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0xA701, "cannot count the matches"),
        (0xA7FF, "out of resources (0xA7FF)"),
        (0xA801, "does not know our AE title as a destination"),
        (0xC123, "unable to process the request (0xC123)"),
        (0xFE00, "cancelled"),
        (0x0122, "SOP class not supported"),
        (0x1234, "status 0x1234"),
    ],
)
def test_statuses_are_told_in_words(code, words):
    assert words in str(status_text(code))


def test_what_is_too_much_is_told_from_what_fails():
    assert [code for code in (0xA700, 0xA702, 0xFE00, 0xC000, 0x0122) if is_too_much(code)] == [
        0xA700, 0xA702, 0xFE00,
    ]  # fmt: skip


def test_unknown_rejections_have_words_too():
    assert rejection_key(1, 7) == "pacs.rejected_1_7"
    assert rejection_key(9, 9) == "pacs.rejected"
