"""A bundle's network as an ONNX graph: pixels in, scores and the guard's features out."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import torch

from tamiz.core.errors import WrongUse
from tamiz.core.optional import require
from tamiz.engine.graph.building import OPSET
from tamiz.engine.guard import Tapped
from tamiz.models.bundle import Bundle

if TYPE_CHECKING:
    from onnx import ModelProto

_EXAMPLES = 2  # rows of the batch it is traced with; with one, torch takes the number for fixed
IN, OUT = "pixels", "scores_and_features"


def network_of(bundle: Bundle, why: str) -> ModelProto:
    """Return a single network: (n, channels, side, side) uint8 in, (n, classes + features) out.

    The output is float64 and begins with the raw scores.

    Raises:
        MissingDependency: onnx or onnxscript is not installed.
        WrongUse: an operator has no counterpart in ONNX; the text names it.
    """
    for package in ("onnx", "onnxscript"):
        require(package, extra="export", why=why)
    module = bundle.module()
    distance = None if bundle.guard is None else bundle.guard.distance
    tapped = Tapped(module, [distance.taps if distance is not None else ()]).eval()
    shape = (_EXAMPLES, bundle.channels, bundle.size_px, bundle.size_px)
    example = torch.zeros(shape, dtype=torch.uint8).to(memory_format=torch.channels_last)
    try:
        with _silence(), torch.no_grad():
            tapped(example)
            made: Any = torch.onnx.export(
                tapped,
                (example,),
                dynamo=True,
                dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
                opset_version=OPSET,
                external_data=False,
                verbose=False,
                input_names=[IN],
                output_names=[OUT],
            )
    except Exception as error:  # torch's exporter raises whatever its parts raise
        raise WrongUse.of(
            "export.operator", where=bundle.model, name=bundle.model, reason=_first_words(error)
        ) from error
    finally:
        tapped.release()
    proto: ModelProto = made.model_proto
    return proto


@contextmanager
def _silence() -> Iterator[None]:
    """Let torch's exporter neither print nor warn: what matters is said by the parity gate."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            with redirect_stderr(io.StringIO()):
                yield
    finally:
        logging.disable(level)


def _first_words(error: Exception) -> str:
    """Return the innermost cause in a line."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    words = " ".join(str(cause).split())
    return f"{type(cause).__name__}: {words}"[:200]
