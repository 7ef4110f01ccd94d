"""Can this network learn from these images at all? Cheap checks before and after training."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import one_hot

from tamiz.core.events import Event
from tamiz.core.language import Text, text

LossOf = Callable[[Tensor, Tensor], Tensor]
Autocast = Callable[[], AbstractContextManager[object]]

N_LOOKED_AT: Final = 16
_MOST_STEPS: Final = 60  # for each rate
_FEWEST_STEPS: Final = 20  # after fewer, a loss that stays where it was says nothing
_FEWEST_FOR_GRADIENTS: Final = 2  # a layer that starts at zero on purpose holds up those below
_RATES: Final = (3e-3, 3e-2, 3e-4)
_GAIN: Final = 0.3  # of the way from what a constant answer reaches to the best there is
_SURE_SCORES: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
_NAMES_SHOWN: Final = 3
_DROPOUTS: Final = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout)


@dataclass(frozen=True, slots=True)
class _Sample:
    """What the network is tried on."""

    images: Tensor
    targets: Tensor
    loss: LossOf
    autocast: Autocast

    def loss_of(self, module: nn.Module) -> Tensor:
        """Return the loss of the sample."""
        with self.autocast():
            scores = module(self.images)
        return self.loss(scores.float(), self.targets)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Losses that mark the way: knowing nothing, the best constant answer, the best there is."""

    ignorance: float
    constant: float
    best: float

    @property
    def wanted(self) -> float:
        """Return the loss that only a network that tells the images apart gets below."""
        return self.constant - _GAIN * (self.constant - self.best)


@dataclass(slots=True)
class _Learning:
    """What the steps on one batch showed."""

    start: float = math.nan
    lowest: float = math.inf
    is_learnt: bool = False
    is_cut_short: bool = False
    attached: set[str] = field(default_factory=set)  # parameters that get a gradient
    moved: set[str] = field(default_factory=set)  # those whose gradient is not all zero
    broken: set[str] = field(default_factory=set)  # those whose first gradient is no number


def pick_batch(
    targets: NDArray[Any], rows: NDArray[np.int64], n: int = N_LOOKED_AT
) -> NDArray[np.int64]:
    """Return at most `n` of `rows`, classes in turn, in the rows' order.

    Args:
        targets: (n_all,) int64 or (n_all, K) float, as in `Rows`.
        rows: positions of the training rows.
        n: how many are wanted.
    """
    if targets.ndim == 2:
        at = np.linspace(0, len(rows) - 1, min(n, len(rows))).round().astype(np.int64)
        return rows[at]
    classes = targets[rows]
    turn = np.empty(len(rows), dtype=np.int64)  # how many of its class come before a row
    for one in np.unique(classes):
        turn[classes == one] = np.arange(int((classes == one).sum()))
    return rows[np.sort(np.lexsort((classes, turn))[:n])]


def check_start(
    module: nn.Module,
    images: Tensor,
    targets: Tensor,
    loss: LossOf,
    autocast: Autocast = nullcontext,
    *,
    max_s: float = 5.0,
) -> list[Event]:
    """Return a warning for each sign that this network cannot learn from these images.

    Looked at: whether the images differ, the loss at the start (of a network that knows nothing:
    ln K, with several labels ln 2), whether every layer gets a gradient, and whether the batch
    can be learnt by heart. It happens on copies of the network, in the mode that it is in, and
    the random state is put back: what is trained afterwards is the same, byte for byte.

    Args:
        module: the network; frozen parameters stay frozen.
        images: one batch as the network reads it (uint8 pixels, or features); the first 16 rows
            are used, see `pick_batch`.
        targets: (n,) int64 or (n, K) float.
        loss: mean loss of float32 scores.
        autocast: gives the context in which the network computes.
        max_s: the steps on the batch end after so many seconds; when that is too early for a
            verdict nothing is said about it.
    """
    sample = _Sample(images[:N_LOOKED_AT], targets[:N_LOOKED_AT], loss, autocast)
    warnings = _alike(sample.images)
    if warnings or len(sample.images) < 2:
        return warnings  # images without differences cannot be told apart, whatever the network
    with _random_state_kept(images.device):
        reach = _reach(module, sample)
        learning = _learn(module, sample, reach, max_s)
    is_stuck = bool(learning.attached) and not (learning.is_learnt or learning.is_cut_short)
    warnings += _judge_start(learning, reach)
    if not math.isfinite(learning.start):
        return warnings
    warnings += _judge_gradients(module, learning)
    if is_stuck:
        told = text(
            "watching.not_learnt", n=len(sample.images), start=learning.start, end=learning.lowest
        )
        warnings.append(_warning(told))
    return warnings


def check_end(
    figures: Mapping[str, Any],
    train_targets: NDArray[Any],
    val_targets: NDArray[Any],
    n_classes: int,
) -> list[Event]:
    """Return a warning for each baseline that the best epoch does not beat on validation.

    The baselines know the training labels alone: the shares of the classes as probabilities
    (loss), and always the largest class (accuracy; not for several labels per image).

    Args:
        figures: of the best epoch: 'val_loss', mean over rows (and labels), and 'val_accuracy'.
        train_targets: (n,) int64 or (n, K) float.
        val_targets: likewise; empty: nothing is said.
        n_classes: K.
    """
    if not len(val_targets) or not len(train_targets):
        return []
    warnings = []
    found, prior = figures.get("val_loss"), _prior_loss(train_targets, val_targets, n_classes)
    if found is not None and not found < prior:
        warnings.append(_warning(text("watching.like_prior", loss=found, prior=prior)))
    accuracy = figures.get("val_accuracy")
    if accuracy is not None and val_targets.ndim == 1:
        largest = int(np.bincount(train_targets, minlength=n_classes).argmax())
        share = float((val_targets == largest).mean())
        if accuracy <= share:
            told = text("watching.like_majority", accuracy=100 * accuracy, majority=100 * share)
            warnings.append(_warning(told))
    return warnings


def _alike(images: Tensor) -> list[Event]:
    flat = images.reshape(len(images), -1)
    if len(images) > 1 and bool((flat == flat[:1]).all()):
        return [_warning(text("watching.images_alike", n=len(images)))]
    n_empty = int((flat == flat[:, :1]).all(dim=1).sum())
    if 2 * n_empty > len(images):
        return [_warning(text("watching.images_empty", n=n_empty, total=len(images)))]
    return []


def _reach(module: nn.Module, sample: _Sample) -> _Reach:
    """Return the marks, from scores made up for the purpose: they hold for every loss."""
    probe = copy.deepcopy(module)
    with torch.no_grad(), sample.autocast():
        nothing = torch.zeros_like(probe(sample.images).float())
    targets = sample.targets
    if targets.ndim == 1:
        wanted = one_hot(targets, nothing.shape[1]).to(nothing.dtype)
        constant = (wanted.mean(0) + 1e-4).log().expand_as(nothing)
        signs = wanted
    else:
        share = targets.to(nothing.dtype).mean(0).clamp(1e-3, 1 - 1e-3)
        constant = torch.logit(share).expand_as(nothing)
        signs = 2 * targets.to(nothing.dtype) - 1
    ignorance = float(sample.loss(nothing, targets))
    lowest = min(float(sample.loss(sure * signs, targets)) for sure in _SURE_SCORES)
    return _Reach(ignorance, min(ignorance, float(sample.loss(constant, targets))), lowest)


def _learn(module: nn.Module, sample: _Sample, reach: _Reach, max_s: float) -> _Learning:
    """Try to learn the sample by heart, with one rate after the other until one works."""
    learning, ends = _Learning(), time.monotonic() + max_s
    for rate in _RATES:
        probe = copy.deepcopy(module)
        for part in probe.modules():
            if isinstance(part, _DROPOUTS):
                part.eval()
        _learn_at(rate, probe, sample, reach, learning, ends)
        if learning.is_learnt or learning.is_cut_short:
            break
    return learning


def _learn_at(
    rate: float,
    probe: nn.Module,
    sample: _Sample,
    reach: _Reach,
    learning: _Learning,
    ends: float,
) -> None:
    named = [(name, p) for name, p in probe.named_parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([p for _, p in named], lr=rate) if named else None
    for step in range(_MOST_STEPS):
        loss = sample.loss_of(probe)
        value = float(loss.detach())
        if math.isnan(learning.start):
            learning.start = value
        if optimiser is None or not loss.requires_grad or not math.isfinite(value):
            return
        learning.lowest = min(learning.lowest, value)
        learning.is_learnt |= value < reach.wanted
        if learning.is_learnt and step >= _FEWEST_FOR_GRADIENTS:
            return
        if time.monotonic() > ends and _FEWEST_FOR_GRADIENTS <= step < _FEWEST_STEPS:
            learning.is_cut_short = True
            return
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        _note_gradients(named, learning, is_first=step == 0)
        optimiser.step()


def _note_gradients(
    named: Iterable[tuple[str, nn.Parameter]], learning: _Learning, *, is_first: bool
) -> None:
    for name, parameter in named:
        if parameter.grad is None or (name in learning.moved and not is_first):
            continue
        learning.attached.add(name)
        largest = float(parameter.grad.abs().max()) if parameter.grad.numel() else 0.0
        if is_first and not math.isfinite(largest):
            learning.broken.add(name)
        if largest != 0:
            learning.moved.add(name)


def _judge_start(learning: _Learning, reach: _Reach) -> list[Event]:
    start, expected = learning.start, reach.ignorance
    if not math.isfinite(start):
        return [_warning(text("watching.start_no_number"))]
    if start > 3 * expected + 1:
        return [_warning(text("watching.start_high", loss=start, expected=expected))]
    return []


def _judge_gradients(module: nn.Module, learning: _Learning) -> list[Event]:
    trainable = [name for name, p in module.named_parameters() if p.requires_grad]
    if not learning.attached:
        return [_warning(text("watching.nothing_attached", n=len(trainable)))]
    found = {
        "watching.gradient_no_number": [n for n in trainable if n in learning.broken],
        "watching.detached": [n for n in trainable if n not in learning.attached],
        "watching.no_gradient": [
            n for n in trainable if n in learning.attached and n not in learning.moved
        ],
    }
    return [
        _warning(Text(key, {"n": len(names), "names": _layers(names, module)}))
        for key, names in found.items()
        if names
    ]


def _layers(names: Iterable[str], module: nn.Module) -> str:
    """Return the first layers that these parameters belong to: 'features.0 (Conv2d), ...'."""
    parts = dict.fromkeys(name.rpartition(".")[0] for name in names)
    kinds = {part: type(module.get_submodule(part)).__name__ for part in parts}
    shown = [f"{part} ({kinds[part]})" if part else kinds[part] for part in parts]
    return ", ".join(shown[:_NAMES_SHOWN]) + (", ..." if len(shown) > _NAMES_SHOWN else "")


def _prior_loss(train_targets: NDArray[Any], val_targets: NDArray[Any], n_classes: int) -> float:
    """Return the mean validation loss of answering with the shares in the training part."""
    if val_targets.ndim == 2:
        n = len(train_targets)
        share = (train_targets.sum(axis=0, dtype=np.float64) + 0.5) / (n + 1)
        return float(-(val_targets * np.log(share) + (1 - val_targets) * np.log1p(-share)).mean())
    counts = np.bincount(train_targets, minlength=n_classes) + 0.5
    return float(-np.log(counts / counts.sum())[val_targets].mean())


def _warning(told: Text) -> Event:
    return Event("train", "warning", told, values={"check": told.key, **told.values})


@contextmanager
def _random_state_kept(device: torch.device) -> Iterator[None]:
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(0)
        yield
