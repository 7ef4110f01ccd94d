"""What computes a frozen network's features: torch in float32 or bfloat16, or OpenVINO.

Every batch has one fixed shape, the last one filled up with black, so that an image's features do
not depend on what it is computed together with.
"""

from __future__ import annotations

import copy
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final, Literal

import torch
from torch import Tensor

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.engine.device import Precision
from tamiz.engine.infer import full_batch, with_aligned_rows
from tamiz.models.nets.normalised import Normalised

Engine = Literal["torch", "openvino"]
Compute = Callable[[Tensor], Tensor]
DIFFERENCE_LIMIT: Final = 0.05  # of the largest value; bfloat16 has 8 bits, deep networks add up
_PIXELS_PER_BATCH: Final = 16 * 256 * 256
_TELEMETRY: Final = "openvino_telemetry"


def feature_batch(shape: tuple[int, int, int]) -> int:
    """Return the fixed number of rows that are computed at once; from the shape alone."""
    return max(8, min(128, _PIXELS_PER_BATCH // (shape[0] * shape[1])))


def make_compute(
    base: Normalised, engine: Engine, precision: Precision, device: torch.device, size: int
) -> Compute:
    """Return the function from (n <= size, channels, h, w) uint8 to (n, features), on the CPU.

    Args:
        base: normalisation and the network up to its pooled features.
        engine: 'torch' or 'openvino' (processor only).
        precision: what layers compute in; float32 results of OpenVINO stay float32.
        device: of torch.
        size: rows of every batch.

    Raises:
        MissingDependency: OpenVINO is not installed.
        WrongUse: OpenVINO cannot compute this network, or not on this device.
    """
    if engine == "openvino":
        return _OpenVino(base, precision, device, size)
    return _torch_compute(base, precision, device, size)


def difference(compute: Compute, base: Normalised, pixels: Tensor, size: int) -> float:
    """Return the largest difference from torch float32 on `pixels`, over the largest value."""
    exact = _torch_compute(base, "float32", torch.device("cpu"), size)(pixels).double()
    found = compute(pixels).double()
    most = float(exact.abs().max())
    return float((found - exact).abs().max()) / most if most > 0 else float(found.abs().max())


def _torch_compute(
    base: Normalised, precision: Precision, device: torch.device, size: int
) -> Compute:
    net = copy.deepcopy(base).eval().requires_grad_(False)  # noqa: FBT003
    kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
    module = with_aligned_rows(net.net)
    module = module.to(device=device, dtype=kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
    scale, shift = net.scale.to(device), net.shift.to(device)

    @torch.inference_mode()
    def compute(pixels: Tensor) -> Tensor:
        images = full_batch(pixels, size).to(device)
        made: Tensor = module(torch.addcmul(shift, images.float(), scale).to(kind))
        return made[: len(pixels)].flatten(1).cpu().clone()

    return compute


class _OpenVino:
    """A network compiled by OpenVINO; its scores come as float32."""

    def __init__(
        self, base: Normalised, precision: Precision, device: torch.device, size: int
    ) -> None:
        if device.type != "cpu":
            raise WrongUse.of(
                "features.openvino_device", where="model.options.features_engine", device=device
            )
        self._size = size
        self._base = copy.deepcopy(base).eval().requires_grad_(False)  # noqa: FBT003
        self._precision = precision
        self._compiled: Any = None
        with _without_telemetry():
            self._openvino: ModuleType = require(
                "openvino", extra="openvino", why=say("features.why_openvino")
            )

    def __call__(self, pixels: Tensor) -> Tensor:
        """Return (n, features) float32."""
        images = full_batch(pixels, self._size)
        if self._compiled is None:
            self._compiled = self._compile(images)
        made = self._compiled(images.contiguous().numpy())[0]
        return torch.from_numpy(made[: len(pixels)].copy()).flatten(1)

    def _compile(self, images: Tensor) -> Any:
        hints = {
            "INFERENCE_PRECISION_HINT": "bf16" if self._precision == "bfloat16" else "f32",
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "PERFORMANCE_HINT": "LATENCY",
        }
        try:
            with warnings.catch_warnings(), _without_telemetry(), torch.inference_mode():
                warnings.simplefilter("ignore")  # torch's remarks on tracing are not the user's
                model = self._openvino.convert_model(
                    self._base, example_input=images.contiguous(), input=list(images.shape)
                )
            return self._openvino.Core().compile_model(model, "CPU", hints)
        except RuntimeError as error:  # OpenVINO's own exceptions are RuntimeErrors
            reason = " ".join(str(error).split())[:200]
            raise WrongUse.of(
                "features.openvino_failed", where="model.options.features_engine", reason=reason
            ) from error


@contextmanager
def _without_telemetry() -> Iterator[None]:
    """Keep OpenVINO from telling its makers about this machine and network.

    It does so through a package of its own, and takes a stub where that cannot be imported.
    """
    held = sys.modules.get(_TELEMETRY)
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_TELEMETRY]
        if held is not None:
            sys.modules[_TELEMETRY] = held
