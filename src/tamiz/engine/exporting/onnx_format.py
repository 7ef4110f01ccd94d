"""ONNX: one file from decoded pixels to calibrated probabilities."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event
from tamiz.core.files import write_bytes
from tamiz.core.language import Text, text
from tamiz.core.optional import require
from tamiz.data.image import Image
from tamiz.engine.exporting.registry import EXPORTS, Exported, Wanted
from tamiz.engine.graph.answering import answers, distances, mean_of, probabilities
from tamiz.engine.graph.building import OPSET, Graph, Value
from tamiz.engine.graph.steps import check_steps, prepared, stored_type
from tamiz.models.bundle import Bundle
from tamiz.models.card import card_of
from tamiz.models.ensemble import Ensemble
from tamiz.models.onnx_file import ANSWER, DISTANCE, IMAGE, KEY, PROBABILITIES, OnnxModel, facts_of
from tamiz.models.registry import MODELS
from tamiz.steps.apply import steps_to_tables

if TYPE_CHECKING:
    from onnx import ModelProto

_IR_VERSION: Final = 10  # onnxruntime 1.19 and later
WHY: Final = "tamiz export --format onnx"


@EXPORTS.add("onnx")
class OnnxFormat:
    """One .onnx file: decoded pixels in, calibrated probabilities out."""

    suffix: ClassVar[str] = ".onnx"
    reads_alpha: ClassVar[bool] = True

    def check(self, wanted: Wanted) -> None:
        """Raise `WrongUse` where a network or a step has no counterpart in ONNX."""
        for one in members_of(wanted.bundle):
            spec = MODELS.get(one.model)
            if spec.reads == "slides":
                raise WrongUse.of("export.reads_slides", where=one.model, name=one.model)
            if spec.learns == "at once":
                raise WrongUse.of("export.describes", where=one.model, name=one.model)
            check_steps(one.steps)
        for package in ("onnx", "onnxscript", "onnxruntime"):
            require(package, extra="export", why=WHY)

    def make(self, wanted: Wanted) -> Exported:
        """Return the file's content, not yet written."""
        from tamiz.engine.graph.network import network_of

        wanted.on_event(Event("export", "note", text("export.tracing")))
        networks = [network_of(one, WHY) for one in members_of(wanted.bundle)]
        plain = OnnxExport.of(wanted, networks)
        if not wanted.is_int8:
            return plain
        from tamiz.engine.graph.quantising import quantised

        wanted.on_event(Event("export", "note", text("export.quantising")))
        small = [
            quantised(network, one, wanted)
            for network, one in zip(networks, members_of(wanted.bundle), strict=True)
        ]
        return OnnxExport.of(wanted, small, plain)


@dataclass(slots=True)
class OnnxExport:
    """An ONNX file that is not at its place yet.

    Attributes:
        proto: the whole graph.
        model: the same, ready to be asked.
        plain: of an 8-bit file the one that is not.
    """

    proto: ModelProto
    model: OnnxModel
    plain: OnnxExport | None = None

    @classmethod
    def of(
        cls, wanted: Wanted, networks: Sequence[ModelProto], plain: OnnxExport | None = None
    ) -> OnnxExport:
        """Return the export of the bundle with these networks of its members."""
        proto = whole_graph(wanted.bundle, networks)
        _tell(proto, wanted.bundle, {})
        return cls(proto, OnnxModel.of(proto.SerializeToString(), wanted.scratch), plain)

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return size, operators and what goes in and out."""
        return {
            "opset": OPSET,
            "bytes": self.proto.ByteSize(),
            "plain_bytes": self.plain.proto.ByteSize() if self.plain else None,
            "operators": len(self.proto.graph.node),
            "input": _input_facts(self.model.bundle),
            "outputs": [one.name for one in self.proto.graph.output],
        }

    @property
    def notes(self) -> Sequence[Text]:
        """Return what the file does not say by itself."""
        made = [text("export.onnx_input", **_input_words(self.model.bundle))]
        if any(one.guard is not None for one in members_of(self.model.bundle)):
            made.append(text("export.onnx_guard"))
        return made

    def probabilities(self, image: Image) -> NDArray[np.float64]:
        """Return (classes,) probabilities of a decoded image, which may have alpha."""
        shares: NDArray[np.float64] = self.model.ask(np.asarray(image.pixels)[None])[0][0]
        return shares

    def write(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Write the file with `facts` in its metadata."""
        _tell(self.proto, self.model.bundle, facts)
        write_bytes(place, self.proto.SerializeToString())


def members_of(bundle: Bundle) -> tuple[Bundle, ...]:
    """Return the single networks of a bundle."""
    return bundle.members if isinstance(bundle, Ensemble) else (bundle,)


def whole_graph(bundle: Bundle, networks: Sequence[ModelProto]) -> ModelProto:
    """Return the graph from decoded images to probabilities, answers and distances."""
    from onnx import helper

    graph = Graph()
    image = Value(graph, IMAGE, stored_type(bundle.policy))
    ready: dict[str, Value] = {}
    shares, far = [], []
    for number, (one, network) in enumerate(zip(members_of(bundle), networks, strict=True)):
        key = json.dumps(steps_to_tables(one.steps), sort_keys=True)
        if key not in ready:
            ready[key] = prepared(image, one.policy, one.steps)
        found = _joined(graph, network, f"network{number}_", ready[key])
        n_classes = graph.constant(len(one.classes), np.int64)
        scores = found.cut(1, graph.constant(0, np.int64), n_classes)
        shares.append(probabilities(scores, one.calibration, is_multilabel=one.is_multilabel))
        if one.guard is not None and one.guard.distance is not None:
            end = graph.constant(np.iinfo(np.int64).max, np.int64)
            features = found.cut(1, n_classes, end).cast(np.float32)
            far.append(distances(features, one.guard.distance))
    made = mean_of(shares)
    outputs = [_named(made.cast(np.float32), PROBABILITIES, ["n", len(bundle.classes)])]
    if bundle.is_multilabel:
        reached = graph.op(
            "GreaterOrEqual", [made, graph.constant([bundle.thresholds], np.float64)], np.bool_
        )
        outputs.append(_named(reached.cast(np.int64), ANSWER, ["n", len(bundle.classes)]))
    else:
        chosen = answers(made, bundle.decision, bundle.classes)
        outputs.append(_named(chosen, ANSWER, ["n"]))
    if far:
        columns = [one.cast(np.float32).wider(1) for one in far]
        stacked = graph.op("Concat", columns, np.float32, {"axis": 1})
        outputs.append(_named(stacked, DISTANCE, ["n", len(far)]))
    kind = helper.np_dtype_to_tensor_dtype(image.dtype)
    told = helper.make_tensor_value_info(IMAGE, kind, ["n", "height", "width", "channels"])
    whole = helper.make_graph(graph.nodes, "tamiz", [told], outputs, graph.constants)
    return _model(whole, networks)


def _model(whole: Any, networks: Sequence[ModelProto]) -> ModelProto:
    """Return the graph as a model that needs every operator set that its networks need."""
    from onnx import helper

    versions = {one.domain: one.version for net in networks for one in net.opset_import}
    versions[""] = OPSET
    opsets = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
    return helper.make_model(
        whole, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="tamiz"
    )


def _joined(graph: Graph, network: ModelProto, prefix: str, pixels: Value) -> Value:
    """Put a network behind prepared pixels; return its scores and features."""
    from onnx import compose, helper

    inner = compose.add_prefix(network, prefix).graph
    source, target = inner.input[0].name, inner.output[0].name
    graph.nodes.append(helper.make_node("Identity", [pixels.name], [source], name=f"{prefix}in"))
    graph.nodes.extend(inner.node)
    graph.constants.extend(inner.initializer)
    return Value(graph, target, np.dtype(np.float64))


def _named(value: Value, name: str, shape: Sequence[str | int]) -> Any:
    """Give a value the name of an output; return its description."""
    from onnx import helper

    node = helper.make_node("Identity", [value.name], [name], name=f"{name}_out")
    value.graph.nodes.append(node)
    kind = helper.np_dtype_to_tensor_dtype(value.dtype)
    return helper.make_tensor_value_info(name, kind, list(shape))


def _tell(proto: ModelProto, bundle: Bundle, found: Mapping[str, Any]) -> None:
    """Write the metadata: what `OnnxModel` reads, and the same for people, key by key."""
    from importlib.metadata import version

    kept = {one.key: one.value for one in proto.metadata_props}
    told = json.loads(kept[KEY]) if KEY in kept else facts_of(bundle)
    whole = {**told, **found}
    facts = {**whole["bundle"], "weights": {"sha256": whole["identity"]}}
    plain = {
        KEY: whole,
        "classes": list(bundle.classes),
        "input": _input_facts(bundle),
        "decision": bundle.decision.facts(),
        "thresholds": list(bundle.thresholds),
        "policy": facts["reading"],
        "steps": [steps_to_tables(one.steps) for one in members_of(bundle)],
        **{key: found[key] for key in ("parity", "int8") if key in found},
    }
    words = {
        "card": card_of(facts),
        "licence": bundle.licence,
        "manifest_hash": bundle.manifest_hash,
        "weights_sha256": whole["identity"],
        "tamiz_version": version("tamiz"),
        "pillow_version": version("pillow"),
    }
    del proto.metadata_props[:]
    for key, value in plain.items():
        content = json.dumps(value, sort_keys=True, ensure_ascii=False)
        proto.metadata_props.add(key=key, value=content)
    for key, value in words.items():
        proto.metadata_props.add(key=key, value=str(value))


def _input_facts(bundle: Bundle) -> dict[str, Any]:
    is_real = stored_type(bundle.policy) == np.float32
    return {
        "name": IMAGE,
        "shape": ["n", "height", "width", "channels"],
        "type": "float32" if is_real else "uint8",
        "channels": [1] if is_real else [1, 2, 3, 4],
        "orientation": "upright: EXIF's orientation applied by whoever decodes",
    }


def _input_words(bundle: Bundle) -> dict[str, Any]:
    found = _input_facts(bundle)
    return {"type": found["type"], "channels": ", ".join(map(str, found["channels"]))}
