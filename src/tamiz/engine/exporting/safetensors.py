"""Weights and JSON, from which the network can be rebuilt in any language."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.export import ExportedProgram
from torch.fx import Node

from tamiz.core.files import read_json, write_bytes, write_json, write_text
from tamiz.core.language import text
from tamiz.engine.exporting.facts import (
    answer_facts,
    bundle_facts,
    input_facts,
    probabilities_by_facts,
)
from tamiz.engine.exporting.folder import FolderExport, OfPreparedPixels
from tamiz.engine.exporting.program import program_of
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.models.card import card_of

_NAME: Final = "safetensors"
_WEIGHTS: Final = "model.safetensors"
_CONFIG: Final = "config.json"
_CHECKS: Final = "aten._assert_tensor_metadata.default"  # of torch's own; computes nothing
_PYTHON: Final[Mapping[str, Callable[..., Any]]] = {
    f"python.{name}": getattr(operator, name)
    for name in ("getitem", "mul", "add", "sub", "floordiv", "truediv", "neg")
}
_WORDS: Final = (torch.dtype, torch.device, torch.layout, torch.memory_format)


@EXPORTS.add(_NAME)
class Safetensors(OfPreparedPixels):
    """A folder: weights, and JSON with the network operator by operator."""

    name: ClassVar[str] = _NAME

    def make(self, wanted: Wanted) -> FolderExport:
        """Return the folder; what is asked goes through a reader of its two files alone.

        Raises:
            WrongUse: the network does what is no operator of torch.
        """
        from safetensors.torch import save

        bundle, folder = wanted.bundle, wanted.scratch / _NAME
        sizes = (bundle.channels, bundle.size_px, bundle.size_px)
        program = program_of(bundle.module(), sizes, f"--format {_NAME}")
        weights, network = tables_of(program)
        write_bytes(folder / _WEIGHTS, save(weights))
        config = {
            "model": bundle_facts(bundle)["model"],
            "input": input_facts(bundle),
            "network": network,
            "answer": answer_facts(bundle),
            "bundle": bundle_facts(bundle),
        }
        write_json(folder / _CONFIG, config)
        write_text(folder / "card.md", card_of(bundle_facts(bundle)))
        read = _Reader(folder)
        facts = {"tensors": len(weights), "operations": len(network["operations"])}
        note = text("forms.rebuild", file=_CONFIG)
        return FolderExport(folder, bundle, read.probabilities, facts, (note,))


class _Reader:
    """The network as its files tell it, computed by torch's operators and nothing of tamiz."""

    def __init__(self, folder: Path) -> None:
        from safetensors.torch import load_file

        self.weights: dict[str, Tensor] = load_file(folder / _WEIGHTS)
        self.config: dict[str, Any] = read_json(folder / _CONFIG)

    def probabilities(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, classes) of (n, height, width, channels) prepared pixels."""
        batch = torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
        with torch.inference_mode():
            scores = run_tables(self.config["network"], self.weights, batch)
        return probabilities_by_facts(scores.double().numpy(), self.config["answer"])


def tables_of(program: ExportedProgram) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the tensors by name, and the operations in order, JSON-ready.

    Each operation has a name, an operator ('aten.conv2d.default') and arguments: a plain value; a
    list; {"of": NAME}, the result of an earlier operation or 'pixels'; {"weight": NAME}, a tensor;
    {"torch": WORD}, such as 'torch.float32'; or {"number": "-inf"}.
    """
    held = {**program.state_dict, **program.constants}
    signature = program.graph_signature
    named = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **signature.inputs_to_lifted_tensor_constants,
    }
    places: dict[str, dict[str, str]] = {}
    operations, result = [], ""
    for node in program.graph.nodes:
        if node.op == "placeholder":
            name = named.get(node.name)
            places[node.name] = {"of": "pixels"} if name is None else {"weight": name}
        elif node.op == "output":
            result = node.args[0][0].name
        elif str(node.target) != _CHECKS:
            places[node.name] = {"of": node.name}
            operations.append(_operation(node, places))
    kept = _used(operations)
    weights = {name: held[name].detach().contiguous().clone() for name in sorted(kept)}
    return weights, {"operations": operations, "result": result}


def run_tables(network: Mapping[str, Any], weights: Mapping[str, Tensor], pixels: Tensor) -> Tensor:
    """Return (n, classes) scores of (n, channels, height, width) uint8, as the tables say."""
    results: dict[str, Any] = {"pixels": pixels}

    def value(told: Any) -> Any:
        if isinstance(told, list):
            return [value(one) for one in told]
        if not isinstance(told, dict):
            return told
        ((how, name),) = told.items()
        if how == "torch":
            return getattr(torch, name.removeprefix("torch."))
        if how == "number":
            return float(name)
        return results[name] if how == "of" else weights[name]

    for step in network["operations"]:
        options = {name: value(one) for name, one in step["options"].items()}
        results[step["name"]] = _operator(step["operator"])(*value(step["arguments"]), **options)
    made: Tensor = results[network["result"]]
    return made


def _operator(name: str) -> Callable[..., Any]:
    if name in _PYTHON:
        return _PYTHON[name]
    library, operation, overload = name.split(".")
    made: Callable[..., Any] = getattr(getattr(getattr(torch.ops, library), operation), overload)
    return made


def _operation(node: Node, places: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    target = str(node.target)
    if callable(node.target) and getattr(node.target, "__module__", "") == "_operator":
        target = f"python.{node.target.__name__}"
    return {
        "name": node.name,
        "operator": target,
        "arguments": [_told(one, places) for one in node.args],
        "options": {
            name: _told(one, places)
            for name, one in node.kwargs.items()
            if not isinstance(one, torch.device)  # wherever the reader computes
        },
    }


def _told(value: Any, places: Mapping[str, dict[str, str]]) -> Any:
    if isinstance(value, Node):
        return places[value.name]
    if isinstance(value, list | tuple):
        return [_told(one, places) for one in value]
    if isinstance(value, _WORDS):
        return {"torch": str(value)}
    if isinstance(value, float) and not np.isfinite(value):
        return {"number": str(value)}  # JSON has no word for it
    return value


def _used(operations: list[dict[str, Any]]) -> set[str]:
    """Return the names of the tensors that an operation reads."""
    found: set[str] = set()
    waiting: list[Any] = [
        [step["arguments"], list(step["options"].values())] for step in operations
    ]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict) and "weight" in one:
            found.add(one["weight"])
    return found
