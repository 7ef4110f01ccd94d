"""The model card: bundle.json in words, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tamiz.core.language import say


def card_of(facts: Mapping[str, Any]) -> str:
    """Return the card as Markdown, in the language in use."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    size, channels = facts["input"]["size_px"], facts["input"]["channels"]
    yield f"# {say('models.card_title', name=facts['model']['name'])}"
    yield ""
    yield say("models.card_intro", n=len(facts["classes"]))
    yield ""
    classes = [_plain(name) for name in facts["classes"]]
    if "thresholds" in facts:
        pairs = zip(classes, facts["thresholds"], strict=True)
        classes = [say("multilabel.card_threshold", name=name, value=v) for name, v in pairs]
    yield from _section("classes", classes)
    steps = [", ".join(f"{k} = {v}" for k, v in step.items()) for step in facts["steps"]]
    shape = say("models.card_shape", size=size, channels=channels)
    background = say("models.card_background", background=facts["reading"]["background"])
    yield from _section("input", [shape, background, *steps])
    options = [f"{name} = {value}" for name, value in facts["model"]["options"].items()]
    yield from _section("model", [facts["model"]["name"], *options])
    training = [f"{name}: {_plain(value)}" for name, value in facts["training"].items()]
    manifest = f"manifest: {facts['manifest_hash'] or '-'}"
    yield from _section("training", [*training, manifest])
    start = [f"{name}: {_plain(value)}" for name, value in facts.get("start", {}).items()]
    yield from _section("start", start or [say("models.card_at_random")])
    figures = [_figure(name, value) for name, value in facts["metrics"].items()]
    yield from _section("metrics", figures or [say("models.card_no_metrics")])
    yield from _section("answers", [*_answers(facts)])
    yield from _section("use", [_plain(facts["intended_use"]) or say("models.card_unsaid")])
    yield from _section("licence", [_plain(facts["licence"]) or say("models.card_unsaid")])
    yield from _section("versions", [f"{k} {v}" for k, v in facts["versions"].items()])
    yield from _section("how", [say("models.card_predict"), say("models.card_whole")])
    yield say("models.card_hash", sha256=facts["weights"]["sha256"])


def _answers(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield how an answer follows from the scores: calibration, threshold, guard."""
    if facts.get("scales"):
        yield say("models.card_scales")
    elif facts.get("temperature", 1.0) != 1.0:
        yield say("models.card_temperature", temperature=facts["temperature"])
    decision = facts.get("decision") or {}
    if decision.get("threshold") is not None:
        rule, positive = _plain(decision.get("rule", "")), _plain(decision.get("positive", ""))
        threshold = decision["threshold"]
        yield say("models.card_decided", rule=rule, positive=positive, threshold=threshold)
    elif "thresholds" not in facts:
        yield say("models.card_most_probable")
    if decision.get("abstain_below"):
        yield say("models.card_abstains", limit=decision["abstain_below"])
    yield say("models.card_guarded" if facts.get("guard") else "models.card_unguarded")


def _section(name: str, lines: list[str]) -> Iterator[str]:
    yield f"## {say('models.card_' + name)}"
    yield ""
    for line in lines:
        yield f"- {line}"
    yield ""


def _figure(name: str, value: object) -> str:
    if isinstance(value, Mapping) and "value" in value:
        shown = _number(value["value"])
        if value.get("low") is not None and value.get("high") is not None:
            shown += f" ({_number(value['low'])} - {_number(value['high'])})"
        return f"{name}: {shown}, n = {value.get('n', '?')}"
    return f"{name}: {_plain(value)}"


def _number(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _plain(value: object) -> str:
    """Return text that Markdown shows as it is."""
    shown = " ".join(str(value).split())
    for special in "\\`*_<>[]#|":
        shown = shown.replace(special, f"\\{special}")
    return shown
