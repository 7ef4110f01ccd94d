"""The parity gate: an exported model that does not answer as `predict` does is not written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.data.image import Image
from tamiz.stages.exporting.reference import Reference
from tamiz.stages.image_predicting import answers_of, parts_to_ask
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

TOLERANCE: Final = 1e-3  # of a probability
_TIE: Final = 1e-6  # classes this near each other are equally probable in single precision
Ask = Callable[[Image], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Parity:
    """How the answers of two models about the same images differ.

    Attributes:
        names: of the images.
        dp: (n,) the largest difference of a probability.
        is_same: (n,) whether the most probable class (of several labels: each answer) is the same.
        n_drawn: how many images are none of the user's.
    """

    names: tuple[str, ...]
    dp: NDArray[np.float64]
    is_same: NDArray[np.bool_]
    n_drawn: int

    @property
    def is_bad(self) -> NDArray[np.bool_]:
        """Return (n,) where the answers are not equal."""
        bad: NDArray[np.bool_] = ~self.is_same | ~(self.dp < TOLERANCE)
        return bad

    def check(self) -> None:
        """Raise `WrongData` unless all answers are equal."""
        if not self.is_bad.any():
            return
        worst = int(np.where(self.is_bad, self.dp, -1.0).argmax())
        raise WrongData.of(
            "export.parity_failed",
            n_bad=int(self.is_bad.sum()),
            n=len(self.names),
            dp=float(self.dp[worst]),
            name=self.names[worst],
        )

    def facts(self) -> dict[str, Any]:
        """Return the figures, JSON-ready."""
        return {
            "n": len(self.names),
            "n_drawn": self.n_drawn,
            "n_real": len(self.names) - self.n_drawn,
            "same_answer": float(self.is_same.mean()),
            "largest_dp": float(self.dp.max()),
            "tolerance": TOLERANCE,
        }


def answers_by_tamiz(bundle: Bundle, images: Sequence[Image]) -> NDArray[np.float64]:
    """Return (n, classes) probabilities as `predict` gives them."""
    found = []
    for part in parts_to_ask(bundle, is_guarded=False):
        ready = [(prepare_image(image, part.bundle.steps), None) for image in images]
        found.append(answers_of(part, ready)[0])
    return mean_probabilities(found)


def parity_of(
    bundle: Bundle,
    references: Sequence[Reference],
    ask: Ask,
    on_event: OnEvent,
    *,
    with_alpha: bool,
) -> Parity:
    """Return how the answers of `ask` differ from those of `predict`.

    Args:
        bundle: that `predict` would ask.
        references: images.
        ask: gives (classes,) probabilities of an image.
        on_event: told about progress.
        with_alpha: whether `ask` takes images as they are stored.
    """
    wanted = answers_by_tamiz(bundle, [one.image for one in references])
    watched = track(references, on_event, stage="export", text=text("export.asking"))
    found = np.stack([ask(one.stored if with_alpha else one.image) for one in watched])
    dp = np.abs(found - wanted).max(axis=1)
    if bundle.is_multilabel:
        limits = np.array(bundle.thresholds)
        is_near = np.abs(wanted - limits) < _TIE
        is_same = (((found >= limits) == (wanted >= limits)) | is_near).all(axis=1)
    else:
        rows = np.arange(len(wanted))
        is_same = wanted[rows, found.argmax(axis=1)] >= wanted.max(axis=1) - _TIE
    dp = np.where(np.isfinite(found).all(axis=1), dp, np.inf)
    names = tuple(one.name for one in references)
    return Parity(names, dp, is_same, sum(one.is_drawn for one in references))
