"""`predict` by onnxruntime: decoded images go into an ONNX file as they are, without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.core.cache import cache_folder
from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.data.image import Image
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.guard import Verdict, joined_verdicts
from tamiz.models.input_facts import View, facts_of, view_of
from tamiz.models.onnx_file import SUFFIX, OnnxModel
from tamiz.stages.guarding import members_of, stacked
from tamiz.stages.image_predicting import Answered
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

BACKENDS: Final = ("auto", "torch", "onnxruntime")
_FIRST_CHUNK: Final = 16  # images, before it is known how large they are
_MOST_IN_CHUNK: Final = 256
_CHUNK_BYTES: Final = 64 * 2**20
_INPUT_PIXELS: Final = 64 * 224 * 224  # that go through the network at once


class _Decoded(NamedTuple):
    image: Image
    view: View | None


def is_onnx_file(model: str) -> bool:
    """Return whether a model is named by an ONNX file."""
    return model.lower().endswith(SUFFIX)


def exported_in_cache(folder: Path, bundle: Bundle, on_event: OnEvent) -> Path:
    """Return the ONNX file of a bundle in the user's cache, exported now if it is not there.

    Raises:
        WrongUse: ONNX cannot express it.
        WrongData: the exported model answers otherwise than the bundle.
    """
    import json
    from hashlib import sha256

    from tamiz.models.bundle import current_versions
    from tamiz.stages.export import export

    told = [bundle.identity(), bundle.facts(), current_versions()]
    content = json.dumps(told, sort_keys=True, default=str)
    place = cache_folder() / "onnx" / f"{sha256(content.encode()).hexdigest()[:32]}{SUFFIX}"
    if not place.is_file():
        export(folder, place, on_event=on_event)
    return place


def predict_onnx_source(
    model: OnnxModel, source: Path, on_event: OnEvent, *, is_guarded: bool
) -> Answered:
    """Return the answers about a source, decoded by the one reader.

    Raises:
        WrongUse: the source does not exist.
        WrongData: it holds no images.
    """
    if not source.exists():
        raise WrongUse.of("errors.not_found", where=source)
    found = find_images(source)
    rows = list(found.manifest.rows("path", "frame"))
    many = Counter(path for path, _ in rows)
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    shares = [np.zeros((0, len(model.bundle.classes)))]
    verdicts: list[Verdict] = []
    with Reader(found.manifest.root, model.bundle.policy) as reader:
        start, size = 0, _FIRST_CHUNK
        while start < len(rows):
            chunk = rows[start : start + size]
            readable: list[_Decoded] = []
            outcomes = _decode(model, reader, chunk, is_guarded=is_guarded)
            for (path, frame), outcome in zip(chunk, outcomes, strict=True):
                name = f"{path}#{frame}" if many[path] > 1 else path
                if isinstance(outcome, UnreadableItem):
                    problems.append((name, outcome.reason))
                else:
                    paths.append(name)
                    readable.append(outcome)
            if readable:
                made, verdict = _answers_of(model, readable, is_guarded=is_guarded)
                shares.append(made)
                verdicts += [verdict] if verdict is not None else []
            start += len(chunk)
            size = _next_size(readable)
            on_event(Event("predict", "progress", text("predict.progress"), start, len(rows)))
    others = [(entry.path, entry.reason) for entry in found.others]
    whole = stacked(verdicts) if is_guarded else None
    return Answered(paths, problems, others, np.concatenate(shares), whole)


def _next_size(seen: Sequence[_Decoded]) -> int:
    """Return how many images to hold decoded at once, from the size of those before."""
    if not seen:
        return _FIRST_CHUNK
    largest = max(one.image.pixels.nbytes for one in seen)
    return max(4, min(_MOST_IN_CHUNK, _CHUNK_BYTES // largest))


def _decode(
    model: OnnxModel, reader: Reader, rows: Sequence[tuple[str, int]], *, is_guarded: bool
) -> Iterator[_Decoded | UnreadableItem]:
    def read(row: tuple[str, int]) -> _Decoded | UnreadableItem:
        try:
            image = reader.read(*row)
            if not is_guarded:
                return _Decoded(image, None)
            return _Decoded(image, view_of(image, _tones_of(model, image)))
        except UnreadableItem as error:
            return error

    with ThreadPoolExecutor() as pool:
        yield from pool.map(read, rows)


def _tones_of(model: OnnxModel, image: Image) -> NDArray[np.uint8]:
    """Return pixels whose tones the guard looks at: as decoded, where these are bytes."""
    if image.pixels.dtype == np.uint8:
        return np.asarray(image.pixels, dtype=np.uint8)
    return prepare_image(image, model.bundle.steps)


def _answers_of(
    model: OnnxModel, readable: Sequence[_Decoded], *, is_guarded: bool
) -> tuple[NDArray[np.float64], Verdict | None]:
    """Return probabilities and the guards' verdict; images of one size are asked together."""
    at_once = max(1, _INPUT_PIXELS // model.bundle.size_px**2)
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for at, one in enumerate(readable):
        by_shape.setdefault(one.image.pixels.shape, []).append(at)
    shares = np.zeros((len(readable), len(model.bundle.classes)))
    far: NDArray[np.float32] | None = None
    for places in by_shape.values():
        for start in range(0, len(places), at_once):
            here = places[start : start + at_once]
            found, distance = model.ask(np.stack([readable[at].image.pixels for at in here]))
            if far is None:
                far = np.zeros((len(readable), distance.shape[1]), np.float32)
            shares[here], far[here] = found, distance
    guards = [one.guard for one in members_of(model.bundle) if one.guard is not None]
    if not is_guarded or far is None:
        return shares, None
    facts = facts_of([one.view for one in readable if one.view is not None])
    return shares, joined_verdicts([guard.judge(far, facts) for guard in guards])
