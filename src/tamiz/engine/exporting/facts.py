"""What a model's files say to programs without tamiz: input, answer, card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tamiz.metrics.calibration import Calibration
from tamiz.steps.apply import steps_to_tables

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

Floats = NDArray[np.float64]


def bundle_facts(bundle: Bundle) -> dict[str, Any]:
    """Return what stands in bundle.json, of several networks too, with the model's identity."""
    from tamiz.models.bundle import Bundle

    return {**Bundle.facts(bundle), "weights": {"sha256": bundle.identity()}}


def input_facts(bundle: Bundle) -> dict[str, Any]:
    """Return how a file becomes the network's input, JSON-ready.

    `steps` are the names and options of docs/howto/use-a-model-elsewhere.md, in order; then each
    value v of channel c becomes (v / 255 - mean[c]) / std[c].
    """
    facts = bundle_facts(bundle)
    return {
        "size_px": bundle.size_px,
        "channels": bundle.channels,
        "reading": facts["reading"],
        "steps": steps_to_tables(bundle.steps),
        "mean": list(bundle.mean),
        "std": list(bundle.std),
    }


def answer_facts(bundle: Bundle) -> dict[str, Any]:
    """Return how scores become probabilities and an answer, JSON-ready.

    Unless all scales are equal, shifts 0 and bend 0, or `several_labels`, scores are first made
    log-softmax; then each is score * scale + shift + bend * score^2; then softmax, of several
    labels sigmoid.
    """
    calibration = bundle.calibration
    return {
        "classes": list(bundle.classes),
        "scales": list(calibration.scales),
        "shifts": list(calibration.shifts),
        "bend": calibration.bend,
        "several_labels": bundle.is_multilabel,
        "thresholds": list(bundle.thresholds),
        "decision": bundle.decision.facts() or {},
    }


def probabilities_by_facts(scores: Floats, answer: Mapping[str, Any]) -> Floats:
    """Return (n, classes) probabilities of raw scores, by what `answer_facts` wrote."""
    made = Calibration(tuple(answer["scales"]), tuple(answer["shifts"]), float(answer["bend"]))
    return made.probabilities(scores, is_multilabel=answer["several_labels"])
