"""Optimisers and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tamiz.core.recipe import TrainOptions

Figures = Mapping[str, Any]
Group = dict[str, Any]
_MUON_REST_SHARE = 0.2  # what Muon does not handle is trained by AdamW at this share of its rate


def rate_factor(schedule: str, step: int, n_steps: int, warmup_fraction: float) -> float:
    """Return what the learning rate is multiplied by at `step` of `n_steps`; in (0, 1].

    After a linear warm-up over `warmup_fraction` of the steps: 'one-cycle' and 'linear' fall in a
    straight line, 'cosine' falls along half a cosine, all three nearly to zero; any other schedule
    stays. ('one-cycle' is 'linear' with the long warm-up that the recipe gives it.)
    """
    n_warmup = min(round(warmup_fraction * n_steps), n_steps - 1)
    if step < n_warmup:
        return (step + 1) / (n_warmup + 1)
    if schedule not in {"one-cycle", "linear", "cosine"}:
        return 1.0
    left = (n_steps - min(step, n_steps - 1)) / (n_steps - n_warmup)  # 1 down to 1/n
    if schedule == "cosine":
        return 0.5 * (1 - math.cos(math.pi * left))
    return left


def decay_factor(train: TrainOptions, step: int, n_steps: int, history: Sequence[Figures]) -> float:
    """Return what 'step', 'exponential' and 'plateau' multiply the rate by, besides the warm-up.

    'step' multiplies it by `schedule_factor` every `schedule_steps` steps, 'exponential' does the
    same smoothly (0.96 per 100,000 steps: factor 0.96, steps 100000), 'plateau' whenever the
    validation loss had no gain for `schedule_steps` epochs.

    Args:
        train: the recipe's section.
        step: batches before this one.
        n_steps: batches in all.
        history: the finished epochs.
    """
    if train.schedule == "plateau":
        return float(train.schedule_factor ** _n_plateaus(history, train.schedule_steps or 5))
    if train.schedule not in {"step", "exponential"}:
        return 1.0
    every = train.schedule_steps or max(1, n_steps // 3)
    passed = step // every if train.schedule == "step" else step / every
    return float(train.schedule_factor**passed)


def _n_plateaus(history: Sequence[Figures], patience: int) -> int:
    """Return how often `patience` epochs in a row had no smaller loss than the best before."""
    best, waited, found = math.inf, 0, 0
    for figures in history:
        loss = figures["train_loss"] if figures["val_loss"] is None else figures["val_loss"]
        if loss < best:
            best, waited = loss, 0
            continue
        waited += 1
        if waited >= patience:
            found, waited = found + 1, 0
    return found


class Optimiser:
    """One or two torch optimisers with one learning-rate factor and a flat, storable state."""

    def __init__(self, parts: list[torch.optim.Optimizer]) -> None:
        self._parts = parts
        self._base = [[float(g["lr"]) for g in part.param_groups] for part in parts]

    def set_factor(self, factor: float) -> None:
        """Multiply every base learning rate by `factor`."""
        for part, bases in zip(self._parts, self._base, strict=True):
            for group, base in zip(part.param_groups, bases, strict=True):
                group["lr"] = base * factor

    def step(self, clip_norm: float = 0.0) -> None:
        """Update the parameters, then forget the gradients.

        Args:
            clip_norm: gradients longer than this, all taken together, are shortened to it; 0: none.
        """
        if clip_norm > 0:
            nn.utils.clip_grad_norm_([p for _, p in self._parameters()], clip_norm)
        for part in self._parts:
            part.step()
        for part in self._parts:
            part.zero_grad(set_to_none=True)

    def tensors(self) -> dict[str, Tensor]:
        """Return the state as tensors named 'part.parameter.key'."""
        made: dict[str, Tensor] = {}
        for place, (part, parameter) in enumerate(self._parameters()):
            for key, value in part.state.get(parameter, {}).items():
                if isinstance(value, Tensor):
                    made[f"{place}.{key}"] = value
        return made

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Take over a state that `tensors` gave, with the memory layout that the kernels expect."""
        parameters = list(self._parameters())
        for name, value in tensors.items():
            place, _, key = name.partition(".")
            part, parameter = parameters[int(place)]
            part.state[parameter][key] = _laid_like(parameter, value)

    def _parameters(self) -> Iterator[tuple[torch.optim.Optimizer, nn.Parameter]]:
        for part in self._parts:
            for group in part.param_groups:
                for parameter in group["params"]:
                    yield part, parameter


class Muon(torch.optim.Optimizer):
    """Momentum, made orthogonal by Newton-Schulz steps; for matrices and convolution kernels.

    Source: Keller Jordan, "Muon: an optimizer for hidden layers", 2024; steps and coefficients
    as in its reference code, float32 here because the matrices are small.
    """

    def __init__(
        self, parameters: Iterable[Any], lr: float, momentum: float, weight_decay: float
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Update the parameters."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                velocity = state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
                ahead = parameter.grad.lerp(velocity, group["momentum"])
                flat = _orthogonal(ahead.reshape(len(ahead), -1))
                size = max(1.0, flat.shape[0] / flat.shape[1]) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(flat.view_as(parameter), alpha=-group["lr"] * size)


def make_optimiser(
    module: nn.Module,
    train: TrainOptions,
    device: torch.device,
    shares: Mapping[str, float] | None = None,
) -> Optimiser:
    """Return the recipe's optimiser; norms and biases (vectors) get no weight decay.

    Args:
        module: what is trained; parameters that need no gradient are left out.
        train: the recipe's section.
        device: where it computes.
        shares: what each parameter's learning rate is multiplied by, by name; None: all 1.
    """
    fused = device.type in {"cpu", "cuda"}
    named = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
    share = {id(p): 1.0 if shares is None else shares[name] for name, p in named}
    learnt = [p for _, p in named]
    rate, decay = train.learning_rate, train.weight_decay

    def groups(parameters: Sequence[nn.Parameter], rate: float, decay: float) -> list[Group]:
        by_share: dict[float, list[nn.Parameter]] = {}
        for parameter in parameters:
            by_share.setdefault(share[id(parameter)], []).append(parameter)
        return [
            {"params": some, "lr": rate * part, "weight_decay": decay}
            for part, some in by_share.items()
        ]

    if train.optimiser == "muon":
        hidden, rest = _hidden(learnt)
        rest_rate = rate * _MUON_REST_SHARE
        muon = Muon(groups(hidden, rate, decay), rate, 0.95, decay) if hidden else None
        adamw = torch.optim.AdamW(groups(rest, rest_rate, 0.0), lr=rest_rate, fused=fused)
        return Optimiser([*([muon] if muon else []), adamw])
    matrices = groups([p for p in learnt if p.ndim >= 2], rate, decay)
    parts = [*matrices, *groups([p for p in learnt if p.ndim < 2], rate, 0.0)]
    if train.optimiser == "sgd":
        sgd = torch.optim.SGD(parts, lr=rate, momentum=0.9, nesterov=True, fused=fused)
        return Optimiser([sgd])
    if train.optimiser == "adamw":  # 0.99: short trainings have no time for a longer memory
        adamw = torch.optim.AdamW(parts, lr=rate, betas=(0.9, 0.99), fused=fused)
        return Optimiser([adamw])
    return Optimiser([torch.optim.Adam(parts, lr=rate, fused=fused)])


def _laid_like(parameter: nn.Parameter, value: Tensor) -> Tensor:
    """Return the state tensor as fused kernels expect it: they walk the memory, not the indices."""
    if value.ndim == 0:  # a step counter; each optimiser says itself where it wants it
        return value.to(parameter.device) if parameter.is_cuda else value
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _hidden(
    parameters: Sequence[nn.Parameter],
) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the kernels between the first and the last, and everything else."""
    matrices = [p for p in parameters if p.ndim >= 2]
    hidden = matrices[1:-1]
    chosen = {id(p) for p in hidden}
    return hidden, [p for p in parameters if id(p) not in chosen]


def _orthogonal(matrix: Tensor, n_steps: int = 5) -> Tensor:
    """Return a matrix near `matrix` with singular values near 1."""
    made: Tensor = matrix / (matrix.norm() + 1e-7)
    is_tall = made.shape[0] > made.shape[1]
    made = made.T if is_tall else made
    for _ in range(n_steps):
        square = made @ made.T
        made = 3.4445 * made + (-4.7750 * square + 2.0315 * square @ square) @ made
    return made.T if is_tall else made
