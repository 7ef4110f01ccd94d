"""Whether a value may stay: what names the people of a data set, and what a value looks like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, MutableSequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tamiz.acquisition.deidentify_tags import (
    DEEPEST,
    NUMBERS_OF_PEOPLE,
    OF_STANDARD,
    SHAPES,
    TERMS,
    TEXTS,
)
from tamiz.formats.dicom_dataset import words_of
from tamiz.formats.dicom_library import FAULTS

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset


class People:
    """What names the people of a data set, and whether a value does."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = frozenset(parts)

    def are_named(self, words: str, vr: str) -> bool:
        """Return whether a text holds a part of a name, a number or a date of somebody."""
        folded = _folded(words)
        tokens = re.findall(r"[^\W_]+", folded)
        if all(token.upper() in TERMS for token in tokens):
            return False
        run_on = "".join(tokens)  # 31.12.1999 and 3112-1999 alike
        for part in self._parts:
            # Three letters stand in many codes by chance: there they have to be a whole word.
            if part in (tokens if vr == "CS" and len(part) == 3 else folded):
                return True
            if len(part) >= 6 and part in run_on:
                return True
        return False

    def have_number(self, value: object) -> bool:
        """Return whether a number or time is one of theirs, of six digits or more."""
        words = str(value).strip()
        found = {words, words.partition(".")[0]}
        return any(len(one) >= 6 and one in self._parts for one in found)

    def are_in(self, content: bytes) -> bool:
        """Return whether bytes hold a part of at least four characters."""
        folded = content.lower()
        return any(
            part.encode(encoding) in folded
            for part in self._parts
            if len(part) > 3
            for encoding in ("utf-8", "utf-16-be")
        )


def parts_of(dataset: Dataset, depth: int = 0) -> Iterator[str]:
    """Yield what names somebody at any depth: names, numbers and dates, whole, in parts; folded.

    What the data set says of its identities having been removed is not believed.
    """
    for keyword in ("PatientBirthDate", "StudyDate"):
        day = words_of(dataset, keyword)
        if re.fullmatch(r"\d{8}", day):
            yield from (day, day[6:] + day[4:6] + day[:4], day[4:] + day[:4])
    for tag in dataset.keys():  # noqa: SIM118 - iterating a data set gives elements
        element = None if tag.is_private else element_of(dataset, tag)
        if element is None or element.keyword == "PerFrameFunctionalGroupsSequence":
            continue
        if element.VR == "SQ" and depth < DEEPEST:
            for item in element.value:
                yield from parts_of(item, depth + 1)
        elif element.VR == "PN" or element.keyword in NUMBERS_OF_PEOPLE:
            yield from _parts(element, 3 if element.VR == "PN" else 4)


def _parts(element: DataElement, least: int) -> Iterator[str]:
    """Yield words of at least so many letters; of scripts with short names, of two."""
    for one in many(element.value):
        words = _folded(str(one))
        tokens = re.findall(r"[^\W_]+", words)
        for part in (words.strip(), "".join(tokens), *tokens):
            if len(part) >= (least if part.isascii() else 2):
                yield part


def _folded(words: str) -> str:
    """Return text without case and accents, so that Müller is found in MULLER."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def element_of(dataset: Dataset, tag: Any) -> DataElement | None:
    """Return an element as pydicom converts it; None for what cannot be converted."""
    try:
        made: DataElement = dataset[tag]
    except FAULTS:
        return None
    return made


def many(value: Any) -> list[Any]:
    """Return the values of an element, none where it is empty."""
    if value is None or value in ("", b""):
        return []
    return list(value) if isinstance(value, MutableSequence) else [value]  # a name is iterable too


def texts_of(dataset: Dataset) -> Iterator[str]:
    """Yield all texts at any depth."""
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from texts_of(item)
        elif element.VR in TEXTS:
            yield from map(str, many(element.value))


def is_fit(keyword: str, vr: str, words: str) -> bool:
    """Return whether a text looks as those of its element and its VR do."""
    shapes = [SHAPES[name] for name in (keyword, vr) if name in SHAPES]
    return all(shape.fullmatch(words.strip()) for shape in shapes)


def is_number(value: object) -> bool:
    """Return whether a value is a number, or text that is nothing else."""
    if isinstance(value, str):
        return bool(re.fullmatch(r" *[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)? *", value))
    return isinstance(value, (int, float, Decimal))


def is_of_standard(uid: str) -> bool:
    """Return whether a UID is the standard's own, and so nobody's."""
    from pydicom.uid import UID

    return bool(OF_STANDARD.fullmatch(uid)) or UID(uid).name != uid


def shifted(words: str, days: int) -> str | None:
    """Return a date or date-time moved by days; None where there is no such day."""
    try:
        moved = date(int(words[:4]), int(words[4:6]), int(words[6:8])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{moved:%Y%m%d}{words[8:]}" if moved.year >= 1000 else None
