"""Several uploads of one person, answered one after the other and told together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Decoded
from tamiz.serving.uploads import plain_name, receiving
from tamiz.stages.answers import Answers
from tamiz.stages.image_predicting import Answered
from tamiz.stages.predict import made_answers


@dataclass(frozen=True, slots=True)
class Sent:
    """One upload that is held in memory.

    Attributes:
        name: what its sender calls it; only ever text.
        content: of the file.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Together:
    """What a model says about several uploads.

    Attributes:
        answers: about all images, as one `predict` tells them; an upload that cannot be read at
            all is one of its problems.
        sources: of each image in `answers` which upload it came in.
    """

    answers: Answers
    sources: tuple[int, ...]


def named_apart(uploads: Sequence[Sent]) -> list[Sent]:
    """Return uploads whose names are plain and all different: 'a.png', 'a.png (2)'."""
    seen: Counter[str] = Counter()
    made = []
    for one in uploads:
        name = plain_name(one.name)
        seen[name] += 1
        made.append(Sent(name if seen[name] == 1 else f"{name} ({seen[name]})", one.content))
    return made


def answer_together(
    answerer: Answerer,
    uploads: Sequence[Sent],
    most_bytes: int,
    *,
    keep: Callable[[int, Decoded], None] | None = None,
    picture_px: int = 0,
    on_upload: Callable[[int], None] = lambda _number: None,
) -> Together:
    """Return the answers about uploads; one that fails does not keep the others from theirs.

    Args:
        answerer: the model.
        uploads: with names that differ (see `named_apart`).
        most_bytes: of each, that are taken.
        keep: told the upload's position and each image that was read.
        picture_px: long side of the pictures that `keep` gets; 0: none.
        on_upload: told each upload's position before it is read.
    """
    found: list[Answers] = []
    sources: list[int] = []
    failed: list[tuple[str, str]] = []
    for number, one in enumerate(uploads):
        on_upload(number)
        kept = None if keep is None else _of_upload(keep, number)
        try:
            with receiving(one.name, most_bytes) as upload:
                given = _written(upload.write, upload.finish, one.content)
                made = answerer.answer(given, keep=kept, picture_px=picture_px)
        except WrongData as error:
            failed.append((one.name, error.what))
            continue
        found.append(made)
        sources += [number] * len(made.paths)
    return Together(_joined(answerer, found, failed), tuple(sources))


def _written(write: Callable[[bytes], None], finish: Callable[[], Given], content: bytes) -> Given:
    if content:
        write(content)
    return finish()


def _of_upload(keep: Callable[[int, Decoded], None], number: int) -> Callable[[Decoded], None]:
    return lambda decoded: keep(number, decoded)


def _joined(
    answerer: Answerer, found: Sequence[Answers], failed: Sequence[tuple[str, str]]
) -> Answers:
    """Return several answers of one model as one."""
    shares: NDArray[np.float64] = np.zeros((0, len(answerer.bundle.classes)))
    every = Answered(
        [path for one in found for path in one.paths],
        [*(pair for one in found for pair in one.problems), *failed],
        [pair for one in found for pair in one.others],
        np.concatenate([shares, *(one.predictions.probabilities for one in found)]),
    )
    made = made_answers(answerer.bundle, answerer.identity, every, answerer.guard)
    if made.odd is None:
        return made
    return replace(made, odd=tuple(reason for one in found for reason in one.odd or ()))
