"""Every kind of network as an ONNX file against `tamiz predict`, in answers and in speed.

    .venv/bin/python benchmarks/bench_export.py [--blocks 12] [--only NAME,...]
        [--model RUN]

First: each network of workflows B to E, its weights drawn at random, batch normalisation settled on
drawn images and scores spread to a deviation of 1, is exported with its preprocessing and held to
the parity gate's images: 7 sizes from 1 x 1 to 1,000 x 31, in grey, RGB, RGBA and 16 bits. Told are
the largest difference of a probability (target: below 0.001, the same class always) and the ratio
of speed, onnxruntime over eager torch, both on one thread, in blocks that take turns, with a 95 %
interval over blocks.

Second: an ensemble of networks that prepare their images differently, with mirrored averaging and
a calibration by vector.

Third, with `--model`: a trained model's 8-bit file: the difference of accuracy on validation
images with a paired interval, and the ratio of speed. With `--only` other
networks keep their figures. Writes benchmarks/results/bench_export.json.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tamiz.core.errors import TamizError
from tamiz.core.events import ignore
from tamiz.core.recipe import PrepareOptions
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.engine.infer import predict_scores
from tamiz.engine.prepared import InMemory
from tamiz.metrics.calibration import log_softmax
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import ensemble_of
from tamiz.models.registry import InputShape
from tamiz.stages.asked_models import _by_torch
from tamiz.stages.export import ExportOptions, export
from tamiz.stages.exporting.gate import parity_of
from tamiz.stages.exporting.reference import reference_set
from tamiz.stages.model_timing import timed
from tamiz.steps.apply import build_steps, input_steps, prepare_image

RESULTS = Path(__file__).parent / "results"
NETWORKS: dict[str, tuple[int, int, int]] = {  # name -> (side, channels, side as decoded)
    "softmax": (28, 1, 32),
    "mlp": (28, 1, 32),
    "cnn": (28, 1, 32),
    "small": (28, 1, 32),
    "torchvision:squeezenet1_0": (96, 3, 256),
    "torchvision:squeezenet1_1": (96, 3, 256),
    "torchvision:densenet201": (96, 3, 256),
    "torchvision:resnet18": (96, 3, 256),
    "torchvision:resnet50": (96, 3, 256),
    "torchvision:efficientnet_b0": (96, 3, 256),
    "torchvision:vgg16": (64, 3, 256),
    "torchvision:mobilenet_v3_small": (96, 3, 256),
    "torchvision:inception_v3": (128, 3, 256),
    "timm:resnet18": (96, 3, 256),
    "timm:efficientnet_b0": (96, 3, 256),
    "timm:convnext_atto": (96, 3, 256),
    "timm:vit_tiny_patch16_224": (224, 3, 256),
}
N_CLASSES = 3


def bundle_of(name: str, side: int, channels: int, seed: int = 0) -> Bundle:
    """Return a network with weights drawn at random, scores spread so that classes differ."""
    shape = InputShape(channels, side, N_CLASSES)
    mean, std = (0.45,) * channels, (0.25,) * channels
    net = build_network(name, {}, shape, mean=mean, std=std, seed=seed)
    drawn = torch.Generator().manual_seed(seed)
    for value in net.parameters():
        if not value.any():  # heads begin at 0: no class would differ
            value.data = torch.randn(value.shape, generator=drawn) * 0.05
    prepare = PrepareOptions(size_px=side, channels=channels)
    made = Bundle(
        classes=tuple("abc"), size_px=side, channels=channels, model=name, options={},
        steps=input_steps(prepare), policy=Policy(), mean=mean, std=std, weights={},
    )  # fmt: skip
    images = [one.image for one in reference_set(made, None, None)]
    pixels = np.stack([prepare_image(one, made.steps) for one in images])
    settle(net, torch.from_numpy(pixels).permute(0, 3, 1, 2))
    weights = {key: value.numpy().copy() for key, value in net.state_dict().items()}
    return sharpened(replace(made, weights=weights), pixels)


def settle(net: torch.nn.Module, pixels: torch.Tensor) -> None:
    """Let batch normalisation see images: else a deep network's signal drowns in rounding."""
    net.eval()
    for part in net.modules():
        if isinstance(part, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            part.train()
            part.momentum = None  # the plain mean of what it sees
            part.reset_running_stats()
    with torch.no_grad():
        net(pixels)
    net.eval()


def sharpened(bundle: Bundle, pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> Bundle:
    """Return the network with scores spread to a deviation of 1: equal ones would prove nothing."""
    scores = predict_scores(bundle.module(), InMemory(pixels))
    logs = log_softmax(scores)
    shifts = tuple(float(one) for one in -logs.mean(axis=0) / logs.std(axis=0))
    scales = tuple(float(1 / one) for one in logs.std(axis=0))
    return replace(bundle, scales=scales, shifts=shifts)


def harder() -> Bundle:
    """Return an ensemble of unlike members: other steps, mirroring, a calibration by vector."""
    first = bundle_of("cnn", 32, 3)
    middle: dict[str, object] = {"size_px": 32, "shorter_px": 40, "interpolation": "bicubic"}
    crop: list[dict[str, object]] = [
        {"name": "rgb"},
        {"name": "blur"},
        {"name": "centre_crop", **middle},
    ]
    second = bundle_of("small", 32, 3, seed=1)
    second = replace(second, steps=build_steps(crop), averages_mirrored=True, bend=-0.05)
    return ensemble_of([first, second])


def measured(bundle: Bundle, side: int, blocks: int) -> dict[str, Any]:
    """Return parity and speed of a bundle's ONNX file."""
    with tempfile.TemporaryDirectory() as scratch:
        form = EXPORTS.get("onnx")()
        wanted = Wanted(bundle, Path(scratch))
        start = time.perf_counter()
        try:
            form.check(wanted)
            made: Any = form.make(wanted)
        except TamizError as error:
            return {"refused": str(error)}
        seconds = time.perf_counter() - start
        references = reference_set(bundle, None, None)
        parity = parity_of(bundle, references, made.probabilities, ignore, with_alpha=True)
        eager = _by_torch(bundle, 1)
        image = np.random.default_rng(0).integers(0, 256, (1, side, side, 3), dtype=np.uint8)
        calls = {
            "onnxruntime": lambda: made.probabilities(Image(image[0])),
            "torch": lambda: eager(image),
        }
        found = timed(calls, blocks)
        facts = {**parity.facts(), "spread_of_p": _spread(references, made)}
        return {
            "parity": facts,
            "passes": not bool(parity.is_bad.any()),
            "export_s": seconds,
            "onnxruntime_ms": _told(found.of("onnxruntime", 1000.0)),
            "torch_ms": _told(found.of("torch", 1000.0)),
            "speed_ratio": _told(found.ratio("onnxruntime", "torch")),
        }


def _spread(references: Any, made: Any) -> float:
    """Return the standard deviation of probabilities over images: 0 would make parity empty."""
    shares = np.stack([made.probabilities(one.image) for one in references])
    return float(shares.std(axis=0).max())


def _told(estimate: Any) -> dict[str, Any]:
    return {k: v for k, v in asdict(estimate).items() if k in {"value", "low", "high", "n"}}


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=12)
    parser.add_argument("--only", default="")
    parser.add_argument("--model", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    names = asked.only.split(",") if asked.only else [*NETWORKS, "ensemble"]
    place = RESULTS / "bench_export.json"
    before = json.loads(place.read_text(encoding="utf-8")) if asked.only else {}
    rows: dict[str, Any] = before.get("networks", {})
    for name in names:
        side, channels, decoded = NETWORKS.get(name, (32, 3, 40))
        bundle = harder() if name == "ensemble" else bundle_of(name, side, channels)
        rows[name] = {"decoded_px": decoded, **measured(bundle, decoded, asked.blocks)}
        print(name, json.dumps(rows[name]), flush=True)
    result: dict[str, Any] = before | {
        "machine": platform.platform(),
        "threads": 1,
        "versions": {n: version(n) for n in ("torch", "onnx", "onnxruntime", "pillow", "timm")},
        "networks": rows,
        "all_pass": all(one.get("passes", False) for one in rows.values()),
    }
    if asked.model:
        with tempfile.TemporaryDirectory() as scratch:
            report = export(
                asked.model, Path(scratch) / "m.onnx", ExportOptions(is_int8=True), ignore
            )
        result["int8"] = {"model": asked.model.name, **report.values["export"]["int8"]}
    RESULTS.mkdir(exist_ok=True)
    place.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
