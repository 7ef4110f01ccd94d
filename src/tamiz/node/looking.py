"""The images of a study, asked one by one, so that each answer is tied to its instance."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongData
from tamiz.core.language import say
from tamiz.node.headers import Source
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Decoded

_AT_ONCE: Final = 4  # instances; the decoders and the network have their own limits
_PICTURE_PX: Final = 640


@dataclass(frozen=True, slots=True)
class Look:
    """What the model says about one image, or why it says nothing.

    Attributes:
        source: the instance.
        frame: of it, from 1; None where it is one image.
        predicted: the class, or all labels; None: no answer.
        probabilities: by class; {} where it was not read.
        odd: why it is unlike the training images; '' where it is not.
        reason: why it could not be read; '' where it was.
        decoded: as the network reads it, where a map is wanted.
    """

    source: Source
    frame: int | None
    predicted: tuple[str, ...] | None
    probabilities: dict[str, float]
    odd: str = ""
    reason: str = ""
    decoded: Decoded | None = None


def looks_at(answerer: Answerer, files: Sequence[Path], *, has_maps: bool = False) -> list[Look]:
    """Return a look per image of the files, in their order.

    Args:
        answerer: the model.
        files: received instances.
        has_maps: pictures are kept for maps.

    Raises:
        Refusal: a header cannot be read.
    """

    def look(path: Path) -> list[Look]:
        return _looks_of(answerer, path, has_maps=has_maps)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="looks") as pool:
        return [one for made in pool.map(look, files) for one in made]


def _looks_of(answerer: Answerer, path: Path, *, has_maps: bool) -> list[Look]:
    source, name = Source.read(path), path.name
    kept: dict[str, Decoded] = {}

    def keep(one: Decoded) -> None:
        kept[one.name] = one

    def ask() -> dict[str, Any]:
        kept.clear()
        return answerer.answer(
            Given(path, name),
            keep=keep if has_maps else None,
            picture_px=_PICTURE_PX if has_maps else 0,
        ).told()

    try:
        try:
            told = ask()
        except WrongData:  # perhaps its decoder was killed from outside
            told = ask()
    except WrongData as error:
        return [Look(source, None, None, {}, reason=error.what)]
    answered = [_answered(source, name, one, kept) for one in told["answers"]]
    unread = [
        Look(source, _frame(one["path"], name), None, {}, reason=one["reason"])
        for one in (*told["problems"], *told["others"])
    ]
    made = sorted(answered + unread, key=lambda one: one.frame or 0)
    return made or [Look(source, None, None, {}, reason=say("node.nothing_in_it"))]


def _answered(source: Source, name: str, told: dict[str, Any], kept: dict[str, Decoded]) -> Look:
    found = told["predicted"]
    labels = (found,) if isinstance(found, str) else found
    return Look(
        source=source,
        frame=_frame(told["path"], name),
        predicted=None if labels is None else tuple(labels),
        probabilities=dict(told["probabilities"]),
        odd=told.get("odd", ""),
        decoded=kept.get(told["path"]),
    )


def _frame(path: str, name: str) -> int | None:
    """Return a frame's number as DICOM counts, from 1; None for a file that is one image."""
    number = path.removeprefix(name).removeprefix("#")
    return int(number) + 1 if number.isdecimal() else None
