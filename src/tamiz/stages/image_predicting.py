"""`predict` where the model reads images: decoded once, answered, and looked at by the guard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.patterns import exists
from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.ensemble import parts_of
from tamiz.models.guard import Verdict, joined_verdicts
from tamiz.models.input_facts import View, facts_of, view_of
from tamiz.stages.guarding import Watch, stacked, watch_of
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from torch import nn

    from tamiz.models.bundle import Bundle

_CHUNK: Final = 1024  # images held decoded at once, fewer where they are large
_CHUNK_BYTES: Final = 256 * 2**20
Outcome = tuple[NDArray[np.uint8], View | None] | UnreadableItem


class Part(NamedTuple):
    """A network that is asked, with the steps of its bundle.

    Attributes:
        bundle: what it was loaded from.
        module: gives scores.
        watch: its guards; None where it has none, or they are not asked.
    """

    bundle: Bundle
    module: nn.Module
    watch: Watch | None


class Answered(NamedTuple):
    """What was found out about a source.

    Attributes:
        paths: of the images that were read.
        problems: (path, reason) of what could not be read.
        others: (path, reason) of files that are no images.
        probabilities: (n, classes) of the images.
        verdict: on them; None where no guard was asked.
    """

    paths: list[str]
    problems: list[tuple[str, str]]
    others: list[tuple[str, str]]
    probabilities: NDArray[np.float64]
    verdict: Verdict | None = None


def parts_to_ask(bundle: Bundle, *, is_guarded: bool) -> list[Part]:
    """Return the networks whose mean is the bundle's answer, loaded."""
    from tamiz.engine.infer import with_aligned_rows

    made = []
    for part in parts_of(bundle):
        module = with_aligned_rows(part.module())  # once, not for each batch
        made.append(Part(part, module, watch_of(part, module) if is_guarded else None))
    return made


def predict_image_source(parts: Sequence[Part], source: Path, on_event: OnEvent) -> Answered:
    """Return the answers about a source: the mean over networks that prepare images differently.

    Raises:
        WrongUse: the source does not exist.
        WrongData: it holds no images, or a guard is not one of its network.
    """
    found = [_predict_source(part, source, on_event) for part in parts]
    verdicts = [one.verdict for one in found if one.verdict is not None]
    return found[0]._replace(
        probabilities=mean_probabilities([one.probabilities for one in found]),
        verdict=joined_verdicts(verdicts) if verdicts else None,
    )


def _predict_source(part: Part, source: Path, on_event: OnEvent) -> Answered:
    if not exists(at_hand(source, on_event)):
        raise WrongUse.of("errors.not_found", where=source)
    bundle, found = part.bundle, find_images(source)
    rows = list(found.manifest.rows("path", "frame"))
    many = Counter(path for path, _ in rows)
    at_once = max(1, min(_CHUNK, _CHUNK_BYTES // (bundle.channels * bundle.size_px**2)))
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    made = [np.zeros((0, len(bundle.classes)))]
    verdicts: list[Verdict] = []
    with Reader(found.manifest.root, bundle.policy) as reader:
        for start in range(0, len(rows), at_once):
            chunk = rows[start : start + at_once]
            readable = []
            for (path, frame), outcome in zip(chunk, _decode(part, reader, chunk), strict=True):
                name = f"{path}#{frame}" if many[path] > 1 else path
                if isinstance(outcome, UnreadableItem):
                    problems.append((name, outcome.reason))
                else:
                    paths.append(name)
                    readable.append(outcome)
            if readable:
                shares, verdict = answers_of(part, readable)
                made.append(shares)
                verdicts += [verdict] if verdict is not None else []
            done = min(start + at_once, len(rows))
            on_event(Event("predict", "progress", text("predict.progress"), done, len(rows)))
    others = [(entry.path, entry.reason) for entry in found.others]
    whole = stacked(verdicts) if part.watch is not None else None
    return Answered(paths, problems, others, np.concatenate(made), whole)


def _decode(part: Part, reader: Reader, rows: Sequence[tuple[str, int]]) -> Iterator[Outcome]:
    def read(row: tuple[str, int]) -> Outcome:
        try:
            image = reader.read(*row)
            pixels = prepare_image(image, part.bundle.steps)
        except UnreadableItem as error:
            return error
        return pixels, None if part.watch is None else view_of(image, pixels)

    with ThreadPoolExecutor() as pool:
        yield from pool.map(read, rows)


def answers_of(
    part: Part, readable: Sequence[tuple[NDArray[np.uint8], View | None]]
) -> tuple[NDArray[np.float64], Verdict | None]:
    """Return probabilities, the same bits whether a guard is asked or not, and its verdict.

    Args:
        part: the network.
        readable: images as it reads them, at least one; what its guard looks at, where it has one.
    """
    from tamiz.engine.infer import predict_scores
    from tamiz.engine.prepared import InMemory

    images = InMemory(np.stack([pixels for pixels, _ in readable]))
    if part.watch is None:
        return part.bundle.probabilities_of(predict_scores(part.module, images)), None
    views = [view for _, view in readable if view is not None]
    scores, verdict = part.watch.look(images, facts_of(views))
    return part.bundle.probabilities_of(scores), verdict
