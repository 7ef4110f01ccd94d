"""Heads that are fitted to frozen features at once, without epochs: logistic and k-NN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy, cross_entropy, nll_loss

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.engine.device import thread_count, using_threads
from tamiz.models.nets.heads import NearestHead

STRENGTHS: Final = tuple(10.0 ** (half / 2) for half in range(2, -11, -1))  # 10 to 1e-5
NEIGHBOURS: Final = (1, 3, 5, 10, 20, 50, 100)
SMOOTHINGS: Final = (0.03, 0.3, 1.0, 3.0)
_DEFAULT_STRENGTH: Final = 1e-3  # without validation rows
_DEFAULT_NEIGHBOURS: Final = 20
_EXACT_BYTES: Final = 2**30  # float64 up to this size of the training features
_AT_ONCE: Final = 256
_SMALL: Final = 1_000_000  # numbers; below, threads wait for each other longer than they compute
_ROUGH: Final = 1e-4  # largest slope left while choosing
_FINE: Final = 1e-6  # and at the end


@dataclass(frozen=True, slots=True)
class Samples:
    """Features with what they are of.

    Attributes:
        features: (n, features) float32.
        targets: (n,) int64 class numbers, or (n, classes) float32 of 0 and 1 for several labels.
    """

    features: Tensor
    targets: NDArray[Any]

    def __len__(self) -> int:
        return len(self.features)


def fit_head(
    head: nn.Module,
    train: Samples,
    val: Samples,
    *,
    class_weights: Sequence[float] = (),
    on_event: OnEvent = ignore,
) -> dict[str, Any]:
    """Fit a 'logistic' or 'knn' head in place and return what was chosen, ready for JSON.

    Args:
        head: of `make_head`, 'logistic' (a dense layer) or 'knn'.
        train: what it is fitted to.
        val: what its strength, or its neighbours' number, is chosen on; may be empty.
        class_weights: of each class's training rows ('logistic' only); empty: all 1.
        on_event: told about progress.

    Raises:
        WrongData: training rows are of one class only, or there are none.
    """
    if len(train) == 0 or not _has_two_classes(train.targets):
        raise WrongData.of("features.one_class", where="train")
    if isinstance(head, NearestHead):
        return _fit_nearest(head, train, val, on_event)
    if isinstance(head, nn.Linear):
        is_small = train.features.numel() <= _SMALL
        with using_threads(1 if is_small else thread_count()):
            return _fit_logistic(head, train, val, class_weights, on_event)
    raise TypeError(f"a {type(head).__name__} is trained by the loop")


def _fit_logistic(
    head: nn.Linear,
    train: Samples,
    val: Samples,
    class_weights: Sequence[float],
    on_event: OnEvent,
) -> dict[str, Any]:
    """Fit multinomial (several labels: one-vs-rest) logistic regression with an L2 penalty.

    Minimises mean loss + strength / 2 * sum of squared weights on standardised features, which is
    scikit-learn's `LogisticRegression(C=1 / (strength * n))`; the intercept is free. Strengths are
    tried from strong to weak, each starting from the one before. The standardisation is folded
    into the layer.
    """
    problem = _Logistic(train, head.out_features, class_weights)
    facts: dict[str, Any] = {"head": "logistic", "n": len(train)}
    strength = _DEFAULT_STRENGTH
    if len(val):
        losses = _losses_by_strength(problem, val, on_event)
        strength = min(losses, key=lambda one: (losses[one], -one))
        facts |= {"val_loss": losses[strength]}
        facts |= {"val_losses": {f"{one:.3g}": loss for one, loss in losses.items()}}
    weight, bias = problem.folded(problem.solve(strength, _FINE))
    with torch.no_grad():
        head.weight.copy_(weight)
        head.bias.copy_(bias)
    return {**facts, "strength": strength}


def _losses_by_strength(problem: _Logistic, val: Samples, on_event: OnEvent) -> dict[float, float]:
    """Return validation losses, from strong to weak, until they have risen twice in a row."""
    losses: dict[float, float] = {}
    for strength in track(STRENGTHS, on_event, stage="train", text=text("features.fitting")):
        losses[strength] = problem.loss(problem.solve(strength, _ROUGH), val)
        last = list(losses.values())[-3:]
        if len(last) == 3 and last[0] < last[1] < last[2]:
            break
    return losses


class _Logistic:
    """The regression on standardised features; unknowns are (features + 1, classes)."""

    def __init__(self, train: Samples, n_classes: int, class_weights: Sequence[float]) -> None:
        n, n_features = train.features.shape
        kind = torch.float64 if n * n_features * 8 <= _EXACT_BYTES else torch.float32
        features = train.features.to(kind)
        self.centre = features.mean(0)
        spread = features.std(0, correction=0)
        floor = 1e-6 * float(spread.max()) if n else 0.0
        self.scale = torch.where(spread > floor, 1 / spread.clamp(min=1e-30), 0.0)
        self.features = (features - self.centre) * self.scale
        self.targets = torch.from_numpy(np.asarray(train.targets))
        self.weights = torch.tensor(class_weights, dtype=kind) if len(class_weights) else None
        self.solution = torch.zeros(n_features + 1, n_classes, dtype=kind)

    def solve(self, strength: float, slope: float) -> Tensor:
        """Return where no slope is above `slope`, begun at the one found last."""
        unknowns = self.solution.clone().requires_grad_()
        optimiser = torch.optim.LBFGS(
            [unknowns],
            max_iter=500,
            history_size=20,
            tolerance_grad=slope,
            tolerance_change=1e-5 * slope,
            line_search_fn="strong_wolfe",
        )

        def closure() -> Tensor:
            optimiser.zero_grad()
            scores = torch.addmm(unknowns[-1], self.features, unknowns[:-1])
            loss = _loss(scores, self.targets, self.weights)
            loss = loss + 0.5 * strength * unknowns[:-1].square().sum()
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        optimiser.step(closure)  # type: ignore[no-untyped-call]
        self.solution = unknowns.detach()
        return self.solution

    def loss(self, unknowns: Tensor, val: Samples) -> float:
        """Return the mean loss on validation rows."""
        weight, bias = self.folded(unknowns)
        scores = torch.addmm(bias, val.features.to(weight.dtype), weight.T)
        return float(_loss(scores, torch.from_numpy(np.asarray(val.targets)), None))

    def folded(self, unknowns: Tensor) -> tuple[Tensor, Tensor]:
        """Return weight (classes, features) and bias for features as they are."""
        weight = (unknowns[:-1] * self.scale[:, None]).T
        return weight, unknowns[-1] - weight @ self.centre


def _fit_nearest(
    head: NearestHead, train: Samples, val: Samples, on_event: OnEvent
) -> dict[str, Any]:
    """Remember the training rows; choose neighbours and smoothing by validation log-loss."""
    head.remember(train.features, torch.from_numpy(np.asarray(train.targets)))
    tried = [k for k in NEIGHBOURS if k <= len(train)]
    chosen = (min(_DEFAULT_NEIGHBOURS, len(train)), 1.0)
    facts: dict[str, Any] = {"head": "knn", "n": len(train)}
    if len(val):
        with torch.inference_mode():
            starts = range(0, len(val), _AT_ONCE)
            told = track(starts, on_event, stage="train", text=text("features.fitting"))
            losses = _nearest_losses(head, val, told, tried)
        chosen = min(losses, key=lambda pair: (losses[pair], pair))
        facts["val_loss"] = losses[chosen] / len(val)
    head.n_nearest, head.smoothing = torch.tensor(chosen[0]), torch.tensor(chosen[1])
    return {**facts, "neighbours": chosen[0], "smoothing": chosen[1]}


def _nearest_losses(
    head: NearestHead, val: Samples, starts: Any, tried: Sequence[int]
) -> dict[tuple[int, float], float]:
    """Return the summed loss for each number of neighbours and smoothing."""
    targets = torch.from_numpy(np.asarray(val.targets))
    made = {(k, s): 0.0 for k in tried for s in SMOOTHINGS}
    score: Callable[[Tensor, Tensor], Tensor] = _nearest_loss
    for start in starts:
        part = slice(start, start + _AT_ONCE)
        cosines, rows = head.nearest(val.features[part], max(tried))
        for k, smoothing in made:
            shares = head.shares(cosines[:, :k], rows[:, :k], torch.tensor(smoothing))
            made[k, smoothing] += float(score(shares, targets[part]))
    return made


def _nearest_loss(shares: Tensor, targets: Tensor) -> Tensor:
    if targets.ndim == 2:
        exact = shares.double().clamp(0.0, 1.0)
        return binary_cross_entropy(exact, targets.double(), reduction="none").mean(1).sum()
    return nll_loss(shares.double().log(), targets, reduction="sum")


def _loss(scores: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    """Return the mean loss; of several labels, the mean over rows of the sum over labels.

    Weights are of rows by their class; the mean is over rows, not over weights.
    """
    if targets.ndim == 2:
        each = nn.functional.binary_cross_entropy_with_logits(
            scores, targets.to(scores.dtype), pos_weight=weights, reduction="none"
        )
        return each.sum(1).mean()
    return cross_entropy(scores, targets, weight=weights, reduction="sum") / len(scores)


def _has_two_classes(targets: NDArray[Any]) -> bool:
    if targets.ndim == 2:
        return True
    return bool(len(np.unique(targets)) > 1)
