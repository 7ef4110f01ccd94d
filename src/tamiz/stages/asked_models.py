"""Models as things that answer about decoded images: an ONNX file, or a bundle by torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.data.image import Image
from tamiz.models.bundle import Bundle
from tamiz.models.onnx_file import OnnxModel
from tamiz.models.registry import MODELS
from tamiz.stages.onnx_predicting import is_onnx_file
from tamiz.stages.predict import load_bundle
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.steps.apply import prepare_image

Ask = Callable[[NDArray[Any]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class AskedModel:
    """A model that answers about (n, height, width, channels) decoded images.

    Attributes:
        name: the path as it was given.
        backend: 'onnxruntime', 'onnxruntime, 8 bits' or 'torch'.
        bundle: what it was made from; of a file without weights.
        identity: of that bundle.
        n_bytes: on disk.
        ask: gives (n, classes) probabilities.
    """

    name: str
    backend: str
    bundle: Bundle
    identity: str
    n_bytes: int
    ask: Ask


def asked_model(path: Path, threads: int = 0) -> AskedModel:
    """Return the model at a path.

    Args:
        path: an ONNX file of `export`, or the folder of a model or of a run.
        threads: to compute with, for this whole process where torch does; 0: as it is.

    Raises:
        WrongUse: there is none, or it reads slides.
        WrongData: it is damaged.
    """
    if is_onnx_file(str(path)):
        model = OnnxModel.load(path, threads)
        words = "onnxruntime, 8 bits" if "int8" in model.facts else "onnxruntime"

        def ask(images: NDArray[Any]) -> NDArray[np.float64]:
            return model.ask(images)[0]

        n_bytes = path.stat().st_size
        return AskedModel(str(path), words, model.bundle, model.identity, n_bytes, ask)
    bundle = load_bundle(path)
    if MODELS.get(bundle.model).reads == "slides":
        raise WrongUse.of("export.reads_slides", where=path, name=bundle.model)
    n_bytes = sum(one.stat().st_size for one in path.rglob("weights.safetensors"))
    return AskedModel(
        str(path), "torch", bundle, bundle.identity(), n_bytes, _by_torch(bundle, threads)
    )


def _by_torch(bundle: Bundle, threads: int) -> Ask:
    """Return what asks eager torch about just these images, without `predict`'s full batches."""
    import torch

    from tamiz.models.ensemble import parts_of

    if threads:
        torch.set_num_threads(threads)
    parts = [(part, part.module()) for part in parts_of(bundle)]

    def ask(images: NDArray[Any]) -> NDArray[np.float64]:
        found = []
        for part, module in parts:
            ready = np.stack([prepare_image(Image(one), part.steps) for one in images])
            with torch.inference_mode():
                scores = module(torch.from_numpy(ready).permute(0, 3, 1, 2))
            found.append(part.probabilities_of(scores.double().numpy()))
        return mean_probabilities(found)

    return ask
