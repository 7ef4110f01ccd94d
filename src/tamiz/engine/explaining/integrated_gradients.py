"""Integrated gradients: what each pixel adds to the score on the way from nothing to the image."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.engine.explaining.registry import EXPLAINERS, Map
from tamiz.engine.explaining.subject import Subject, as_values

LEAST_STEPS: Final = 32


@EXPLAINERS.add("integrated-gradients")
class IntegratedGradients:
    """The gradient's mean on the straight way from the baseline, times the way; channels added.

    The sum over all pixels is the score's difference between the image and the baseline; `facts`
    has both and the gap that a finite number of steps leaves.

    Source: Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks", ICML,
    equations 1 and 3, with the midpoint rule in place of the right ends.
    """

    is_signed: ClassVar[bool] = True
    is_of_class: ClassVar[bool] = True

    def check(self, subject: Subject) -> None:
        """Raise `WrongUse` where there are too few steps, or scores without a slope."""
        subject.refuse_without_gradients("--with integrated-gradients")
        if subject.how.steps < LEAST_STEPS:
            raise WrongUse.of(
                "explaining.few_steps", where="--steps", n=subject.how.steps, least=LEAST_STEPS
            )

    def explain(self, subject: Subject, pixels: NDArray[np.uint8], target: int) -> Map:
        """Return the map, of the raw score (before softmax or sigmoid)."""
        end, start = as_values(pixels[np.newaxis]), as_values(subject.filled()[np.newaxis])
        n = subject.how.steps
        shares = (torch.arange(n, dtype=torch.float32) + 0.5) / n
        way = start + shares[:, None, None, None] * (end - start)
        gradient = subject.gradients(way, target).mean(axis=0)
        made = (gradient * (end - start)[0].double().numpy()).sum(axis=0)
        scores = subject.scores_of(torch.cat([start, end]))[:, target]
        difference = float(scores[1] - scores[0])
        facts = {
            "sum": float(made.sum()),
            "score_difference": difference,
            "completeness_gap": abs(float(made.sum()) - difference),
        }
        return Map(made, facts, grid=(made.shape[0], made.shape[1]))
