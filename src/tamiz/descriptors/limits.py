"""Limits of the options that several descriptors share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tamiz.core.errors import WrongUse

MOST_COLUMNS: Final = 30_000  # of one choice of descriptors


def check_n_columns(where: str, n_columns: int) -> None:
    """Raise `WrongUse` when there are more than `MOST_COLUMNS`."""
    if n_columns > MOST_COLUMNS:
        raise WrongUse.of(
            "descriptors.too_many_columns", where=where, n=n_columns, limit=MOST_COLUMNS
        )


def check_whole_numbers(where: str, numbers: Sequence[object], low: int, high: int) -> None:
    """Raise `WrongUse` unless `numbers` are different, whole, from `low` to `high`, and some."""
    are_right = all(isinstance(one, int) and low <= one <= high for one in numbers)
    if not are_right or not numbers or len(set(numbers)) < len(numbers):
        raise WrongUse.of("descriptors.numbers", where=where, low=low, high=high)


def check_whole_number(where: str, number: object, low: int, high: int) -> None:
    """Raise `WrongUse` unless `number` is whole and from `low` to `high`."""
    if not isinstance(number, int) or not low <= number <= high:
        raise WrongUse.of("descriptors.number", where=where, low=low, high=high)


def check_choice(where: str, word: str, choices: Sequence[str]) -> None:
    """Raise `WrongUse` unless `word` is one of `choices`."""
    if word not in choices:
        raise WrongUse.of("descriptors.choice", where=where, choices=", ".join(choices))


def check_choices(where: str, words: Sequence[str], choices: Sequence[str]) -> None:
    """Raise `WrongUse` unless `words` are different, all of `choices`, and some."""
    if not words or len(set(words)) < len(words) or not set(words) <= set(choices):
        raise WrongUse.of("descriptors.choices", where=where, choices=", ".join(choices))
