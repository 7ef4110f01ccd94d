import string
from typing import Any

import numpy as np
import pytest

from tamiz.core.catalogue.rendering import TEXTS
from tamiz.core.language import current_language
from tamiz.data.report import Estimate
from tamiz.rendering.words import (
    cell_text,
    duration_text,
    figure_of,
    interval_text,
    number_text,
    one_line,
    shown,
    speaking,
)


def holes(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_has_both_languages_with_the_same_holes(key):
    english, spanish = TEXTS[key]
    assert english
    assert spanish
    assert holes(english) == holes(spanish)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.93449, "fraction", "0.934"),
        (12.345, "fraction", "12.35"),
        (123.45, "fraction", "123.5"),
        (12345.6, "fraction", "12,346"),
        (0.00012, "fraction", "1.2e-04"),
        (0.0, "fraction", "0.000"),
        (0.912, "percent", "91.2\u00a0%"),
        (1234.0, "count", "1,234"),
        (float("nan"), "fraction", "–"),
        (float("-inf"), "fraction", "−∞"),
    ],
)
def test_numbers_are_written_to_be_read(value, unit, words):
    assert number_text(value, unit) == words


def test_thousands_are_grouped_as_the_language_does():
    with speaking("es"):
        assert cell_text(12345) == "12\u202f345"
    assert cell_text(12345) == "12,345"


def test_estimate_and_interval_share_their_decimals():
    estimate = Estimate(9.5, 8.1, 12.0)
    assert (cell_text(estimate), interval_text(estimate)) == ("9.50", "(8.10–12.00)")
    assert interval_text(Estimate(0.5)) == ""


def test_numpy_numbers_are_numbers():
    count: Any = np.int64(1200)
    share: Any = np.float32(0.5)
    assert cell_text(count) == "1,200"
    assert cell_text(share) == "0.500"
    assert figure_of(np.float64("nan")) is None


def test_cells_without_number():
    assert cell_text(None) == "–"
    assert cell_text(True) == "yes"
    assert figure_of(True) is None


def test_language_comes_back_after_an_error():
    with pytest.raises(RuntimeError), speaking("es"):
        raise RuntimeError
    assert current_language() == "en"


def test_shown_keeps_lines_and_drops_what_acts():
    assert shown("a\r\nb\tc\x1b[0m\udcff") == "a\nb\tc\ufffd[0m?"
    assert one_line(" a\n b ") == "a b"


def test_durations():
    assert [duration_text(s) for s in (3.21, 61, 3700)] == ["3.2 s", "1 min 01 s", "1 h 01 min"]
