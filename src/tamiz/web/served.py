"""The model that the pages ask, and what one reader's session knows about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from tamiz.core.events import OnEvent, ignore
from tamiz.serving.answering import Answerer
from tamiz.serving.decoders import Decoded, Limits, Rest, Unread
from tamiz.serving.explaining import Explanations
from tamiz.serving.neighbours import Neighbours
from tamiz.serving.several import Sent, Together
from tamiz.serving.uploads import receiving
from tamiz.web.opened import opened

PICTURE_PX: Final = 768  # long side of a picture that is looked at
PART: Final = "model"  # its name in `Opened.parts`


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model is served, and how.

    Attributes:
        model: folder of a model or a run, or a pretrained network's name.
        guard: as for `predict`.
        weights: of a pretrained network; None: the public ones.
        training: run whose training images may be shown; None: none are.
    """

    model: str
    guard: str = "warn"
    weights: Path | None = None
    training: Path | None = None


@dataclass(frozen=True)
class Served:
    """A model, ready.

    Attributes:
        answerer: that answers.
        explanations: that makes maps.
        model: what it was loaded from.
        neighbours: of its training images; None: they are not shown.
    """

    answerer: Answerer
    explanations: Explanations
    model: str
    neighbours: Neighbours | None = None

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Return the explainers that suit the network, the usual one first."""
        return self.explanations.methods()


@dataclass(frozen=True, slots=True)
class Found:
    """Answers that a reader has before him.

    Attributes:
        uploads: they are about, by Streamlit's names of them.
        sent: the same, with names that differ.
        together: the answers.
        thumbnails: small pictures, PNG, by the images' names.
    """

    uploads: tuple[str, ...]
    sent: tuple[Sent, ...]
    together: Together
    thumbnails: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """One image that is looked at, or why it cannot be.

    Attributes:
        decoded: with its picture; None: it cannot be read.
        reason: why.
        n_images: in its upload.
    """

    decoded: Decoded | None
    reason: str = ""
    n_images: int = 0


@contextmanager
def loaded(choice: Choice, limits: Limits, on_event: OnEvent = ignore) -> Iterator[Served]:
    """Yield a model, loaded, its processes started, its network run once.

    Args:
        choice: which.
        limits: of decoding.
        on_event: told about progress.

    Raises:
        WrongUse: there is no model, or the run whose training images are to be shown is not its.
        WrongData: it is damaged.
    """
    model, weights = choice.model, choice.weights
    with Answerer.load(model, weights=weights, guard=choice.guard, limits=limits) as answerer:
        answerer.warm()
        bundle = answerer.bundle
        near = None
        if choice.training is not None:
            near = Neighbours(bundle, choice.training, on_event)
        try:
            yield Served(answerer, Explanations(bundle), model, near)
        finally:
            if near is not None:
                near.close()


def served() -> Served:
    """Return the model of this process."""
    made: Served = opened().parts[PART]
    return made


def look_at(sent: Sent, *, only: str = "", window: str = "") -> Looked:
    """Return one image of an upload, read in a bounded process: the one named, or the first.

    Args:
        sent: the upload.
        only: the image's name; '': the first.
        window: of DICOM, for the picture alone.

    Raises:
        WrongData: nothing in it is an image.
    """
    looked = Looked(None)
    n_images = 0
    with receiving(sent.name, opened().most_bytes) as upload:
        if sent.content:
            upload.write(sent.content)
        given = upload.finish()
        for one in served().answerer.decoded(
            given, only=only, picture_px=PICTURE_PX, window=window, most_images=1
        ):
            if isinstance(one, Rest):
                n_images = one.n_images
            elif isinstance(one, Unread):
                looked = Looked(None, one.reason)
            else:
                looked = Looked(one)
    return Looked(looked.decoded, looked.reason, n_images)
