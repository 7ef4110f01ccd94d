"""What choosing one of twelve equal models does to its figure: on validation, and on the test part.

Twelve models of the same true accuracy are drawn: for every image each of them is right with a
probability that depends on how hard the image and its group are. The one with the best validation
figure is chosen. Stated is (a) its test figure, as tamiz does, (b) its validation figure, (c) the
best test figure of the twelve, as a reader of a table would. Optimism is the stated figure less the
true one, in points, over all repetitions.

Then two of the equal models are compared as `tamiz compare` does, by a paired interval over groups:
how often does it show a difference that is none (95 % intervals: 5 % expected), and how often does
it show one of three points?

    python benchmarks/bench_choice.py [--repetitions 4000] [--pairs 500]
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import difference, verdict
from tamiz.metrics.registry import METRICS

N_MODELS = 12
ACCURACY = 0.85
SPREAD_OF_GROUPS = 1.0  # standard deviation of a group's hardness, in logits
SPREAD_OF_IMAGES = 1.5  # likewise of an image's; shared by all models
GROUP_SIZE = 3
RESULT = Path(__file__).parent / "results" / "bench_choice.json"


def main() -> None:
    """Print a row per size of the parts, and write them where asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--repetitions", type=int, default=4000)
    asked.add_argument("--pairs", type=int, default=500)
    options = asked.parse_args()
    print(f"{N_MODELS} models, true accuracy {ACCURACY:.0%}, groups of {GROUP_SIZE}")
    print("optimism in points (standard error) of the chosen model's stated figure")
    rows = []
    for n_val, n_test in ((150, 150), (300, 300), (300, 1500), (1500, 1500)):
        rows.append(simulate(n_val, n_test, options.repetitions))
        one = rows[-1]
        print(
            f"val {n_val:5,} test {n_test:5,}: its test figure {shown(one['test'])}, "
            f"its val figure {shown(one['val'])}, best of the test column {shown(one['best'])}"
        )
    pairs = [compare_pairs(n, gain, options.pairs) for n in (150, 600) for gain in (0.0, 0.03)]
    print("share of pairs in which the paired interval shows a difference")
    for pair in pairs:
        print(f"test {pair['n']:5,}, true difference {pair['gain']:.2f}: {pair['shown']:.3f}")
    content = json.dumps({"choice": rows, "pairs": pairs}, indent=2)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(content + "\n", encoding="utf-8")


def shown(pair: list[float]) -> str:
    """Return '+0.12 (0.03)'."""
    return f"{pair[0]:+.2f} ({pair[1]:.2f})"


def simulate(n_val: int, n_test: int, repetitions: int) -> dict[str, Any]:
    """Return the mean optimism and its standard error of the three ways to state a figure."""
    rng = np.random.default_rng(6)
    shift = offset_for(ACCURACY)
    made = np.empty((repetitions, 3))
    for number in range(repetitions):
        val = accuracies(rng, n_val, shift)
        test = accuracies(rng, n_test, shift)
        chosen = int(val.argmax())
        made[number] = test[chosen], val[chosen], test.max()
    optimism = 100 * (made - ACCURACY)
    means = optimism.mean(axis=0)
    errors = optimism.std(axis=0, ddof=1) / math.sqrt(repetitions)
    pairs = [[float(mean), float(error)] for mean, error in zip(means, errors, strict=True)]
    sizes = {"n_val": n_val, "n_test": n_test, "repetitions": repetitions}
    return {**sizes, **dict(zip(("test", "val", "best"), pairs, strict=True))}


def compare_pairs(n: int, gain: float, repetitions: int) -> dict[str, float]:
    """Return how often the paired interval of two models leaves zero out."""
    rng = np.random.default_rng(7)
    shifts = (offset_for(ACCURACY), offset_for(ACCURACY + gain))
    options = EvaluateOptions(resamples=400)
    n_shown = 0
    for _ in range(repetitions):
        one, other = (predictions(right) for right in draw(rng, n, shifts))
        found = difference([other], [one], METRICS.get("accuracy"), options)
        n_shown += verdict(found, "higher") != "not shown"
    return {"n": n, "gain": gain, "repetitions": repetitions, "shown": n_shown / repetitions}


def predictions(right: np.ndarray) -> Predictions:
    """Return predictions of class 0 that are right where `right` says so."""
    n = len(right)
    shares = np.where(right[:, None], [0.9, 0.1], [0.1, 0.9])
    items = np.array([f"{number:06d}" for number in range(n)])
    groups = np.array([f"{number // GROUP_SIZE:06d}" for number in range(n)])
    return Predictions(("a", "b"), items, groups, np.zeros(n, np.int64), shares)


def accuracies(rng: np.random.Generator, n: int, shift: float) -> np.ndarray:
    """Return (models,) the share of `n` images that each of the equal models gets right."""
    shares: np.ndarray = draw(rng, n, [shift] * N_MODELS).mean(axis=1)
    return shares


def draw(rng: np.random.Generator, n: int, shifts: Sequence[float]) -> np.ndarray:
    """Return (models, n): which images each model gets right; hard ones are hard for all."""
    of_groups = rng.normal(0, SPREAD_OF_GROUPS, -(-n // GROUP_SIZE)).repeat(GROUP_SIZE)[:n]
    hardness = of_groups + rng.normal(0, SPREAD_OF_IMAGES, n)
    easiness = np.array(shifts)[:, None] + hardness
    right: np.ndarray = rng.random((len(shifts), n)) < 1 / (1 + np.exp(-easiness))
    return right


def offset_for(accuracy: float) -> float:
    """Return the mean easiness at which the expected accuracy is `accuracy`."""
    spread = math.hypot(SPREAD_OF_GROUPS, SPREAD_OF_IMAGES)
    places, weights = np.polynomial.hermite_e.hermegauss(60)
    low, high, middle = -10.0, 10.0, 0.0
    for _ in range(60):
        middle = (low + high) / 2
        expected = weights @ (1 / (1 + np.exp(-(middle + spread * places)))) / weights.sum()
        low, high = (middle, high) if expected < accuracy else (low, middle)
    return middle


if __name__ == "__main__":
    main()
