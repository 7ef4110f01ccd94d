"""What every face tells about the model it serves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamiz.core.files import reading
from tamiz.models.bundle import Bundle
from tamiz.models.card import card_of
from tamiz.stages.guarding import expected_rates

if TYPE_CHECKING:
    from tamiz.data.report import Estimate

_CARD_PLACES = ("card.md", "model/card.md")


def model_facts(bundle: Bundle, identity: str, guard: str) -> dict[str, Any]:
    """Return classes, input, figures with intervals, how answers are decided; JSON-ready.

    Args:
        bundle: the model.
        identity: of it.
        guard: 'warn', 'abstain' or 'off', as it is in force.
    """
    told = bundle.facts()
    shape = {"size_px": bundle.size_px, "channels": bundle.channels, "kind": bundle.kind}
    alarms = {kind: _facts_of(rate) for kind, rate in expected_rates(bundle).items()}
    return {
        "name": bundle.model,
        "identity": identity,
        "classes": list(bundle.classes),
        "has_several_labels": bundle.is_multilabel,
        "input": shape,
        "metrics": dict(bundle.metrics),
        "decision": told.get("decision", {}),
        "thresholds": list(bundle.thresholds),
        "guard": {"action": guard, "false_alarms": alarms},
        "licence": bundle.licence,
        "intended_use": bundle.intended_use,
        "versions": dict(bundle.versions),
    }


def card_words(model: str, bundle: Bundle, identity: str) -> str:
    """Return the model's card as Markdown: that of its run, or one made of its bundle."""
    for place in _CARD_PLACES:
        path = Path(model) / place
        if path.is_file():
            with reading(path):
                return path.read_text(encoding="utf-8")
    return card_of({**Bundle.facts(bundle), "weights": {"sha256": identity}})


def _facts_of(rate: Estimate) -> dict[str, Any]:
    limits = {} if rate.low is None else {"low": rate.low, "high": rate.high}
    return {"value": rate.value, **limits, "n": rate.n, "n_groups": rate.n_groups}
