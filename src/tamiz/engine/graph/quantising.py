"""A network in 8-bit numbers, calibrated on training images."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.engine.exporting.registry import Wanted
from tamiz.engine.graph.network import IN
from tamiz.models.bundle import Bundle
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from onnx import ModelProto

_BATCH: Final = 8


class _Batches:
    """Prepared pixels, batch after batch, as onnxruntime's calibration asks for them."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        starts = range(0, len(pixels), _BATCH)
        self._left: Iterator[NDArray[np.uint8]] = iter([pixels[s : s + _BATCH] for s in starts])

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """Return the next batch; None at the end."""
        found = next(self._left, None)
        return None if found is None else {IN: found}


def quantised(network: ModelProto, bundle: Bundle, wanted: Wanted) -> ModelProto:
    """Return the network with 8-bit weights (a scale per channel) and activations.

    Weights use 7 of the 8 bits, so that processors without VNNI, which add up in 16 bits, give the
    same answers. What comes before and after the network stays as it is.

    Args:
        network: of `network_of`.
        bundle: whose network it is.
        wanted: its training images say how far activations reach.

    Raises:
        WrongUse: there are no training images to calibrate on.
    """
    import onnx

    if not wanted.calibration:
        raise WrongUse.of("export.no_calibration", where="--int8")
    pixels = np.stack([prepare_image(one, bundle.steps) for one in wanted.calibration])
    batches = _Batches(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)))
    plain, fused, small = (wanted.scratch / f"{name}.onnx" for name in ("plain", "fused", "small"))
    onnx.save(network, str(plain))
    with _silence():
        _quantise(str(plain), str(fused), str(small), batches)
    made: ModelProto = onnx.load(str(small))
    for one in (plain, fused, small):
        one.unlink(missing_ok=True)
    return made


def _quantise(plain: str, fused: str, small: str, batches: Any) -> None:
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    quant_pre_process(plain, fused, skip_symbolic_shape=True)
    quantize_static(
        fused,
        small,
        batches,
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(level)
