"""Optimisers and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from tamiz.core.recipe import TrainOptions

_MUON_REST_SHARE = 0.2  # what Muon does not handle is trained by AdamW at this share of its rate


def rate_factor(schedule: str, step: int, n_steps: int, warmup_fraction: float) -> float:
    """Return what the learning rate is multiplied by at `step` of `n_steps`; in (0, 1].

    After a linear warm-up over `warmup_fraction` of the steps: 'constant' stays, 'one-cycle' and
    'linear' fall in a straight line, 'cosine' falls along half a cosine; all but 'constant' end
    near zero. ('one-cycle' is 'linear' with the long warm-up that the recipe gives it.)
    """
    n_warmup = min(round(warmup_fraction * n_steps), n_steps - 1)
    if step < n_warmup:
        return (step + 1) / (n_warmup + 1)
    if schedule == "constant":
        return 1.0
    left = (n_steps - min(step, n_steps - 1)) / (n_steps - n_warmup)  # 1 down to 1/n
    if schedule == "cosine":
        return 0.5 * (1 - math.cos(math.pi * left))
    return left


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

    def step(self) -> None:
        """Update the parameters, then forget the gradients."""
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
        self, parameters: Iterable[nn.Parameter], lr: float, momentum: float, weight_decay: float
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


def make_optimiser(module: nn.Module, train: TrainOptions, device: torch.device) -> Optimiser:
    """Return the recipe's optimiser; norms and biases (vectors) get no weight decay."""
    fused = device.type in {"cpu", "cuda"}
    matrices = [p for p in module.parameters() if p.ndim >= 2]
    vectors = [p for p in module.parameters() if p.ndim < 2]
    rate, decay = train.learning_rate, train.weight_decay
    if train.optimiser == "muon":
        hidden, rest = _hidden(module)
        muon = Muon(hidden, rate, 0.95, decay) if hidden else None
        adamw = torch.optim.AdamW(rest, lr=rate * _MUON_REST_SHARE, weight_decay=0.0, fused=fused)
        return Optimiser([*([muon] if muon else []), adamw])
    groups: list[dict[str, Any]] = [{"params": matrices, "weight_decay": decay}]
    if vectors:
        groups.append({"params": vectors, "weight_decay": 0.0})
    if train.optimiser == "sgd":
        sgd = torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True, fused=fused)
        return Optimiser([sgd])
    if train.optimiser == "adamw":  # 0.99: short trainings have no time for a longer memory
        adamw = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), fused=fused)
        return Optimiser([adamw])
    return Optimiser([torch.optim.Adam(groups, lr=rate, fused=fused)])


def _laid_like(parameter: nn.Parameter, value: Tensor) -> Tensor:
    """Return the state tensor as fused kernels expect it: they walk the memory, not the indices."""
    if value.ndim == 0:  # a step counter; each optimiser says itself where it wants it
        return value.to(parameter.device) if parameter.is_cuda else value
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _hidden(module: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the kernels between the first and the last, and everything else."""
    parameters = list(module.parameters())
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
