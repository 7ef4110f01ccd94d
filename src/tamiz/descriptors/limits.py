"""Limits of the options that several descriptors share."""

from __future__ import annotations

from collections.abc import Sequence

from tamiz.core.errors import WrongUse


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
