"""The bundle: what `predict` needs and nothing else, as safetensors and JSON, never a pickle."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import read_json, write_bytes, write_json, write_text
from tamiz.core.language import say
from tamiz.data.contracts import Policy, Step
from tamiz.data.image import Kind
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.decision import Decision
from tamiz.metrics.sureness import Sureness
from tamiz.models.bundle_files import bytes_of, read_arrays, read_guard, save_guard
from tamiz.models.card import card_of
from tamiz.models.guard import Guard
from tamiz.models.registry import InputShape
from tamiz.steps.apply import build_steps, steps_to_tables

if TYPE_CHECKING:
    from torch import nn

SCHEMA_VERSION: Final = 1
WEIGHTS_NAME: Final = "weights.safetensors"
Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A trained model with everything that turns a file into probabilities.

    Attributes:
        classes: names in the order of the scores.
        size_px: side of the square input.
        channels: of the input.
        model: name of the architecture, from the closed list `MODELS`.
        options: the architecture's own options.
        steps: from decoded image to input, with fitted values.
        policy: how files become pixels.
        mean: per channel, of value / 255 over training rows.
        std: likewise.
        weights: every parameter and buffer by name.
        kind: what the pixel values mean.
        temperature: scores are divided by it before softmax (of several labels: sigmoid).
        scales: of each class, in place of the temperature (see `Calibration`); empty: none.
        shifts: likewise.
        bend: likewise, one number.
        is_multilabel: whether an image can have several labels, each on its own.
        thresholds: then of each label the probability from which on it is predicted.
        averages_mirrored: whether scores are the mean over an image and its mirror image.
        manifest_hash: of the rows it was trained on.
        training: facts about the training (epochs, seed, precision, ...), JSON-ready.
        decision: how an answer follows from the probabilities, chosen on validation rows.
        guard: how unlike its training images an image may be; None in older bundles, and where
            none could be fitted.
        metrics: test figures with intervals, added by `evaluate`; empty before.
        sureness: how often answers of a certain confidence were right, likewise.
        start: what the training started from (source, sha256, n_tensors); empty: at random.
        versions: of tamiz, torch, numpy, Python and the libraries that networks come from.
        licence: of the weights, as the user says.
        intended_use: likewise.
    """

    classes: tuple[str, ...]
    size_px: int
    channels: int
    model: str
    options: Mapping[str, object]
    steps: tuple[Step, ...]
    policy: Policy
    mean: tuple[float, ...]
    std: tuple[float, ...]
    weights: Weights
    kind: str = "display"
    temperature: float = 1.0
    scales: tuple[float, ...] = ()
    shifts: tuple[float, ...] = ()
    bend: float = 0.0
    is_multilabel: bool = False
    thresholds: tuple[float, ...] = ()
    averages_mirrored: bool = False
    manifest_hash: str = ""
    training: Mapping[str, object] = field(default_factory=dict)
    decision: Decision = field(default_factory=Decision)
    guard: Guard | None = None
    metrics: Mapping[str, object] = field(default_factory=dict)
    sureness: Sureness = field(default_factory=Sureness)
    start: Mapping[str, object] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    intended_use: str = ""

    @property
    def shape(self) -> InputShape:
        """Return what the network reads and tells apart."""
        return InputShape(self.channels, self.size_px, len(self.classes))

    def identity(self) -> str:
        """Return the SHA-256 of the weights file."""
        return hashlib.sha256(self._weights_bytes()).hexdigest()

    def with_metrics(self, metrics: Mapping[str, object], sureness: Sureness | None = None) -> Self:
        """Return the bundle with test figures; weights and identity stay."""
        return replace(self, metrics=dict(metrics), sureness=sureness or Sureness())

    @property
    def calibration(self) -> Calibration:
        """Return what turns scores into probabilities."""
        if self.scales:
            return Calibration(self.scales, self.shifts, self.bend)
        return Calibration.of_temperature(self.temperature, len(self.classes))

    def probabilities_of(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, classes) probabilities of (n, classes) raw scores."""
        return self.calibration.probabilities(scores, is_multilabel=self.is_multilabel)

    def with_temperature(self, temperature: float) -> Self:
        """Return the bundle whose scores are divided by one number, and not calibrated else."""
        return replace(self, temperature=float(temperature), scales=(), shifts=(), bend=0.0)

    def with_calibration(self, calibration: Calibration, temperature: float) -> Self:
        """Return the bundle with another calibration.

        Args:
            calibration: in force from now on.
            temperature: what programs that know no scales are to use instead.
        """
        plain = self.with_temperature(temperature)
        if calibration == plain.calibration:
            return plain
        scales, shifts, bend = calibration.scales, calibration.shifts, calibration.bend
        return replace(plain, scales=scales, shifts=shifts, bend=bend)

    def with_decision(self, decision: Decision) -> Self:
        """Return the bundle that answers so; weights and identity stay."""
        return replace(self, decision=decision)

    def with_thresholds(self, thresholds: Sequence[float]) -> Self:
        """Return the bundle of several labels per image with the threshold of each label."""
        return replace(self, is_multilabel=True, thresholds=tuple(map(float, thresholds)))

    def facts(self) -> dict[str, Any]:
        """Return the content of bundle.json, less the hash of the weights."""
        return {
            "schema_version": SCHEMA_VERSION,
            "classes": list(self.classes),
            "input": {
                "size_px": self.size_px,
                "channels": self.channels,
                "kind": self.kind,
                "range": [0, 255],
            },
            "model": {"name": self.model, "options": dict(self.options)},
            "steps": steps_to_tables(self.steps),
            "reading": asdict(self.policy),
            "mean": list(self.mean),
            "std": list(self.std),
            "temperature": self.temperature,
            **_scales_of(self.calibration if self.scales else None),
            **({"thresholds": list(self.thresholds)} if self.is_multilabel else {}),
            **({"decision": made} if (made := self.decision.facts()) else {}),
            **({"guard": self.guard.facts()} if self.guard else {}),
            "averages_mirrored": self.averages_mirrored,
            "manifest_hash": self.manifest_hash,
            "training": dict(self.training),
            "start": dict(self.start),
            "metrics": dict(self.metrics),
            **({"sureness": made} if (made := self.sureness.facts()) else {}),
            "versions": dict(self.versions),
            "licence": self.licence,
            "intended_use": self.intended_use,
        }

    def save(self, folder: Path) -> None:
        """Write weights, card and bundle.json (last), each whole or not at all.

        Raises:
            MachineTrouble: the disk is full.
            WrongUse: the folder cannot be written to.
        """
        content = self._weights_bytes()
        digest = hashlib.sha256(content).hexdigest()
        facts = {**self.facts(), "weights": {"file": WEIGHTS_NAME, "sha256": digest}}
        write_bytes(folder / WEIGHTS_NAME, content)
        save_guard(self.guard, folder, facts)
        write_text(folder / "card.md", card_of(facts))
        write_json(folder / "bundle.json", facts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a bundle, or an `Ensemble` of them; nothing in it is executed.

        Raises:
            WrongData: a file is missing, damaged, of an unknown version or changed since.
        """
        place = folder / "bundle.json"
        facts = read_json(place)
        version = facts.get("schema_version") if isinstance(facts, dict) else None
        if version != SCHEMA_VERSION:
            raise WrongData.of(
                "models.bundle_version", where=place, found=version, known=SCHEMA_VERSION
            )
        if "members" in facts:
            from tamiz.models.ensemble import Ensemble

            return cast("Self", Ensemble.read(folder, facts))
        try:
            made = cls(**fields_from(facts), weights={})
            wanted = str(facts["weights"]["sha256"])
        except KeyError as error:
            reason = say("models.bundle_lacks", name=error.args[0])
            raise WrongData.of("errors.broken_file", where=place, reason=reason) from error
        except WrongUse as error:  # a step that is not here, or an option that it does not have
            raise WrongData.of("models.bundle_step", where=place, reason=error.what) from error
        except (TypeError, ValueError, AttributeError) as error:
            raise WrongData.of("errors.broken_file", where=place, reason=str(error)) from error
        weights = read_arrays(folder / WEIGHTS_NAME, wanted)
        return replace(made, weights=weights, guard=read_guard(folder, facts))

    def module(self) -> nn.Module:
        """Return the network with its weights, ready for inference.

        Raises:
            WrongData: names or shapes of the weights are not the architecture's.
            WrongUse: there is no such architecture, or its options are wrong.
        """
        import torch

        from tamiz.models.build import build_network
        from tamiz.models.nets.mirrored import Mirrored

        with torch.device("meta"):  # a wrong size costs a message, not the memory
            net = build_network(self.model, self.options, self.shape, mean=self.mean, std=self.std)
        wanted = {name: tuple(value.shape) for name, value in net.state_dict().items()}
        found = {name: tuple(value.shape) for name, value in self.weights.items()}
        wrong = sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))
        if wrong:
            raise WrongData.of(
                "models.bundle_weights",
                where=f"{self.model}, {wrong[0]}",
                n=len(wrong),
                found=found.get(wrong[0], "-"),
                wanted=wanted.get(wrong[0], "-"),
            )
        state = {name: torch.from_numpy(np.array(v)) for name, v in self.weights.items()}
        net.load_state_dict(state, assign=True)
        if any(value.is_meta for value in net.buffers()):  # of those that no file holds
            net = build_network(self.model, self.options, self.shape, mean=self.mean, std=self.std)
            net.load_state_dict(state, assign=True)
        if self.averages_mirrored:
            net = Mirrored(net)
        return net.to(memory_format=torch.channels_last).eval().requires_grad_(False)  # noqa: FBT003

    def _weights_bytes(self) -> bytes:
        return bytes_of(self.weights)


def current_versions() -> dict[str, str]:
    """Return the versions that a bundle records."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    made = {"python": platform.python_version()}
    for name in ("tamiz", "torch", "torchvision", "timm", "numpy", "pillow", "safetensors"):
        try:
            made[name] = version(name)
        except PackageNotFoundError:
            made[name] = "?"
    return made


def fields_from(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Bundle` but weights and guard, of the content of bundle.json.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, WrongUse: it is not such a content.
    """
    reading = dict(facts["reading"])
    if reading.get("value_range") is not None:
        low, high = reading["value_range"]
        reading["value_range"] = (float(low), float(high))
    classes = tuple(_text(name) for name in facts["classes"])
    channels = _whole(facts["input"]["channels"], 1, 16)
    if len(classes) < 2 or len(set(classes)) != len(classes):
        raise ValueError(say("models.bundle_classes"))
    return {
        "classes": classes,
        "size_px": _whole(facts["input"]["size_px"], 1, 4096),
        "channels": channels,
        "kind": Kind(facts["input"]["kind"]).value,
        "model": _text(facts["model"]["name"]),
        "options": dict(facts["model"]["options"]),
        "steps": build_steps(facts["steps"], "steps"),
        "policy": Policy(**reading),
        "mean": _numbers(facts["mean"], channels),
        "std": _numbers(facts["std"], channels),
        "temperature": _numbers([facts["temperature"]], 1)[0],
        **_scales_from(facts, len(classes)),
        **_labels_from(facts, len(classes)),
        "decision": Decision.from_facts(facts.get("decision", {}), classes),
        "averages_mirrored": facts["averages_mirrored"] is True,
        "manifest_hash": _text(facts["manifest_hash"]),
        "training": dict(facts["training"]),
        "start": dict(facts.get("start", {})),  # older bundles say nothing
        "metrics": dict(facts["metrics"]),
        "sureness": Sureness.from_facts(facts.get("sureness", {})),
        "versions": dict(facts["versions"]),
        "licence": _text(facts["licence"]),
        "intended_use": _text(facts["intended_use"]),
    }


def _labels_from(facts: Mapping[str, Any], n_classes: int) -> dict[str, Any]:
    """Return the thresholds of several labels; a bundle without them has one label per image."""
    if "thresholds" not in facts:
        return {}
    return {"is_multilabel": True, "thresholds": _numbers(facts["thresholds"], n_classes)}


def _scales_from(facts: Mapping[str, Any], n_classes: int) -> dict[str, Any]:
    """Return scales and shifts; most bundles have a temperature alone."""
    if "scales" not in facts:
        return {}
    scales, shifts = (_numbers(facts[name], n_classes) for name in ("scales", "shifts"))
    bend = _numbers([facts.get("bend", 0.0)], 1)[0]
    if min(scales) <= 0 or bend > 0:
        raise ValueError(f"{[*scales, bend]!r}"[:80])
    return {"scales": scales, "shifts": shifts, "bend": bend}


def _scales_of(calibration: Calibration | None) -> dict[str, Any]:
    """Return what `_scales_from` reads."""
    if calibration is None:
        return {}
    made = {"scales": list(calibration.scales), "shifts": list(calibration.shifts)}
    return {**made, "bend": calibration.bend}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(re.sub(r"\s+", " ", f"{value!r}")[:80])
    return value


def _whole(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{value!r} ({low}..{high})")
    return value


def _numbers(values: Sequence[object], n: int) -> tuple[float, ...]:
    made = tuple(float(v) for v in values if isinstance(v, (int, float)))
    if len(made) != n or not np.isfinite(made).all():
        raise ValueError(f"{list(values)!r}"[:80])
    return made
