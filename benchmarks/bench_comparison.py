"""Does `tamiz compare` find differences that are there, and none that are not?

Each of twelve models gives every image a margin: its own noise, how hard the image is and how hard
its group is (both shared by all models), and a shift that sets its true accuracy. A positive margin
is a right answer. The runs are compared as `tamiz compare` compares them: neighbours, and all with
the one that is best on a validation part of 500 images; McNemar's test (for groups where there are
any), or DeLong's for the AUROC; corrected by Holm over all of these.

    python benchmarks/bench_comparison.py [--repetitions 500]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.panel import Panel

SHARE_OF_IMAGES = 0.6  # of the variance of a margin: the image's hardness, shared by all models
SHARE_OF_GROUPS = 0.2  # likewise its group's; the rest is the model's own
N_VAL = 500
RESULT = Path(__file__).parent / "results" / "bench_comparison.json"


@dataclass(frozen=True)
class Case:
    """One simulation."""

    name: str
    accuracies: tuple[float, ...]
    metric: str = "accuracy"
    n: int = 2000
    group_size: int = 1


STEP = (0.87,) * 6 + (0.90,) * 6
CASES = (
    Case("12 equal models", (0.87,) * 12),
    Case("12 equal models, groups of 3", (0.87,) * 12, group_size=3),
    Case("12 equal models, 150 images", (0.87,) * 12, n=150),
    Case("12 equal models, 150 images in groups of 3", (0.87,) * 12, n=150, group_size=3),
    Case("12 equal models, AUROC", (0.87,) * 12, metric="auroc"),
    Case("12 equal models, AUROC, groups of 3", (0.87,) * 12, metric="auroc", group_size=3),
    Case("2 models, 3 points apart", (0.87, 0.90)),
    Case("2 models, 3 points apart, groups of 3", (0.87, 0.90), group_size=3),
    Case("12 models, a step of 3 points in the middle", STEP),
    Case("12 models, a step of 3 points in the middle, groups of 3", STEP, group_size=3),
)


def main() -> None:
    """Print a row per case, and write them."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--repetitions", type=int, default=500)
    options = asked.parse_args()
    rows = []
    for case in CASES:
        rows.append(simulate(case, options.repetitions))
        one = rows[-1]
        found = "" if one["step_found"] is None else f", step found in {one['step_found']:.1%}"
        print(
            f"{case.name}: no difference shown in {one['nothing_shown']:.1%}{found}; two models "
            f"decide {one['discordant']:.1%} of the images differently",
            flush=True,
        )
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def simulate(case: Case, repetitions: int) -> dict[str, Any]:
    """Return how often nothing is shown, and how often the largest step between neighbours is."""
    rng = np.random.default_rng(8)
    k = len(case.accuracies)
    steps = np.diff(case.accuracies)
    step = int(steps.argmax()) + 1 if (steps > 0).any() else None
    n_nothing = n_found = 0
    discordant = []
    for _ in range(repetitions):
        on_val = (margins(rng, case, N_VAL) > 0).mean(axis=1)
        best = int(on_val.argmax())
        made = margins(rng, case, case.n)
        right = made > 0
        discordant.append(float((right[0] != right[-1]).mean()))
        pairs = [(at, at - 1) for at in range(1, k)]
        pairs += [(at, best) for at in range(k) if at != best]
        panel = Panel([[one] for one in predictions(made, case)], metric_of(case),
                      EvaluateOptions())  # fmt: skip
        verdicts = panel.verdicts(pairs)
        n_nothing += all(verdict == "not shown" for verdict in verdicts)
        n_found += step is not None and verdicts[step - 1] == "better"
    return {
        **asdict(case),
        "repetitions": repetitions,
        "nothing_shown": n_nothing / repetitions,
        "step_found": None if step is None else n_found / repetitions,
        "discordant": float(np.mean(discordant)),
    }


def metric_of(case: Case) -> Any:
    return metric_for(case.metric, is_multilabel=False)


def margins(rng: np.random.Generator, case: Case, n: int) -> np.ndarray:
    """Return (models, n) margins of variance 1 around each model's shift."""
    n_groups = -(-n // case.group_size)
    of_groups = rng.normal(0, SHARE_OF_GROUPS**0.5, n_groups).repeat(case.group_size)[:n]
    of_images = rng.normal(0, SHARE_OF_IMAGES**0.5, n)
    own = rng.normal(0, (1 - SHARE_OF_IMAGES - SHARE_OF_GROUPS) ** 0.5, (len(case.accuracies), n))
    shifts = [NormalDist().inv_cdf(accuracy) for accuracy in case.accuracies]
    made: np.ndarray = np.array(shifts)[:, None] + of_groups + of_images + own
    return made


def predictions(made: np.ndarray, case: Case) -> Sequence[Predictions]:
    """Return what each model says of images of two classes by turns."""
    n = made.shape[1]
    target = np.arange(n, dtype=np.int64) // case.group_size % 2
    items = np.array([f"{number:06d}" for number in range(n)])
    groups = np.array([f"{number // case.group_size:06d}" for number in range(n)])
    of_true = 1 / (1 + np.exp(-made))
    second = np.where(target == 1, of_true, 1 - of_true)
    return [
        Predictions(("a", "b"), items, groups, target, np.stack([1 - one, one], axis=1))
        for one in second
    ]


if __name__ == "__main__":
    main()
