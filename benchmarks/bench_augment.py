"""Images per second of each augmentation, beside torchvision.transforms.v2 on the same batch.

usage: bench_augment.py [--rounds 7] [--threads 1]

Two batches: 128 x 28 x 28 x 1 and 32 x 224 x 224 x 3, uint8 in, uint8 out, drawn anew for every
image here. torchvision draws once for a whole batch, so it is given image after image (what it
takes to change each in its own way) and, in the last column, the whole batch at once with one and
the same draw for all. Times are the best of `rounds`, and the two take turns.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torchvision.transforms import InterpolationMode, v2

from tamiz.engine.augment.pipeline import Pipeline

BILINEAR = InterpolationMode.BILINEAR
Call = Callable[[], object]


def pairs(channels: int, side: int) -> dict[str, tuple[dict[str, object], v2.Transform]]:
    """Return for each name our table and torchvision's transform of the same strength."""
    move = (0.1, 0.1)
    made: dict[str, tuple[dict[str, object], v2.Transform]] = {
        "flip": ({"name": "flip"}, v2.RandomHorizontalFlip()),
        "shift": ({"name": "shift"}, v2.RandomAffine(0, translate=move)),
        "rotate": ({"name": "rotate"}, v2.RandomRotation(15, interpolation=BILINEAR)),
        "zoom": (
            {"name": "zoom"},
            v2.RandomAffine(0, scale=(0.85, 1.15), interpolation=BILINEAR),
        ),
        "crop": ({"name": "crop"}, v2.RandomResizedCrop(side, (0.7, 1.0), (1.0, 1.0))),
        "erase": ({"name": "erase"}, v2.RandomErasing(0.5, (0.09, 0.09), (1.0, 1.0))),
        "brightness": ({"name": "brightness"}, v2.ColorJitter(brightness=0.2)),
        "contrast": ({"name": "contrast"}, v2.ColorJitter(contrast=0.2)),
        "blur": ({"name": "blur", "probability": 1.0}, v2.GaussianBlur(7, (0.1, 1.0))),
        "noise": ({"name": "noise", "probability": 1.0}, _Grain()),
        "elastic": ({"name": "elastic", "probability": 1.0}, v2.ElasticTransform(50.0)),
        "rand_augment": ({"name": "rand_augment"}, v2.RandAugment(interpolation=BILINEAR)),
        "trivial_augment": (
            {"name": "trivial_augment"},
            v2.TrivialAugmentWide(interpolation=BILINEAR),
        ),
    }
    if channels == 3:
        made["colour"] = ({"name": "colour"}, v2.ColorJitter(saturation=0.2, hue=0.022))
    return made


class _Grain(v2.Transform):
    """Gaussian noise of a strength drawn per call; torchvision's own takes one strength."""

    def transform(self, inpt: torch.Tensor, params: dict[str, object]) -> torch.Tensor:  # noqa: ARG002
        return v2.functional.gaussian_noise(inpt, sigma=10 / 255 * float(torch.rand(1)))


def alternating(calls: list[Call], rounds: int) -> list[float]:
    """Return the best seconds of each call, taking turns."""
    best = [float("inf")] * len(calls)
    for call in calls:
        call()
    for _ in range(rounds):
        for at, call in enumerate(calls):
            start = time.perf_counter()
            call()
            best[at] = min(best[at], time.perf_counter() - start)
    return best


def main() -> int:
    """Print one table for each kind of batch."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    for n, side, channels in ((128, 28, 1), (32, 224, 3)):
        _one_table(n, side, channels, asked.rounds)
    return 0


def _one_table(n: int, side: int, channels: int, rounds: int) -> None:
    rng = np.random.default_rng(0)
    last = rng.integers(0, 256, (n, side, side, channels)).astype(np.uint8)
    images = torch.from_numpy(last).permute(0, 3, 1, 2)
    plain = images.contiguous()
    print(
        f"{n} x {side} x {side} x {channels}: images per second, {torch.get_num_threads()} thread"
    )
    print(f"{'':16}{'tamiz':>12}{'v2 per image':>14}{'ratio':>8}{'v2 one draw':>14}{'ratio':>8}")
    for name, (table, transform) in pairs(channels, side).items():
        pipeline = Pipeline([table])
        uniforms = torch.from_numpy(rng.random((n, pipeline.n_uniforms)))
        ours, each, batch = alternating(
            [
                lambda pipeline=pipeline, uniforms=uniforms: pipeline(images, uniforms),
                lambda transform=transform: torch.stack([transform(one) for one in plain]),
                lambda transform=transform: transform(plain),
            ],
            rounds,
        )
        line = f"{name:16}{n / ours:12,.0f}{n / each:14,.0f}{each / ours:8.1f}"
        print(f"{line}{n / batch:14,.0f}{batch / ours:8.2f}")
    print()


if __name__ == "__main__":
    sys.exit(main())
