"""What mixes the images of a batch inside a network, done over all processes' parts of it.

Batch norm takes its statistics from the whole batch. What is dropped out is drawn for the whole
batch by every process, from the same random state, and each keeps its rows: so the state stays the
same everywhere, and the masks are those of one process. Both are caught where torch computes them,
so it makes no difference which library a network comes from; its modules stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Signature, signature
from typing import Any, Final

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from tamiz.engine.together.slices import Part
from tamiz.engine.together.team import Team

Given = Mapping[str, Any]  # what a function of torch was called with, by name


def _bernoulli(input: Tensor, p: Any = 0.5, *, generator: Any = None) -> None:
    """Stand for `Tensor.bernoulli_`, which tells nobody its parameters."""


_SIGNATURES: Final[dict[Any, Signature]] = {
    Tensor.bernoulli_: signature(_bernoulli),
    **{
        one: signature(one)
        for one in (
            functional.batch_norm,
            functional.dropout,
            functional.dropout1d,
            functional.dropout2d,
            functional.dropout3d,
        )
    },
}


class WholeBatch(TorchFunctionMode):
    """The context of one forward pass over a part of a batch."""

    def __init__(self, team: Team, part: Part) -> None:
        super().__init__()
        self._team, self._part = team, part
        self._known: Mapping[Any, Callable[[Any, Given], Tensor]] = {
            functional.batch_norm: self._batch_norm,
            functional.dropout: self._dropout,
            functional.dropout1d: self._dropout,
            functional.dropout2d: self._dropout,
            functional.dropout3d: self._dropout,
            Tensor.bernoulli_: self._bernoulli_,
        }

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Compute `func`, in our own way where it looks at the whole batch."""
        ours = self._known.get(func)
        if ours is None:
            return func(*args, **(kwargs or {}))
        given = _SIGNATURES[func].bind(*args, **(kwargs or {}))
        given.apply_defaults()
        return ours(func, given.arguments)

    def _batch_norm(self, func: Any, given: Given) -> Tensor:
        if not given["training"]:
            plain: Tensor = func(**given)
            return plain
        values, momentum = given["input"], given["momentum"]
        mean, variance, n = _moments(values, self._team, self._part)
        running_mean, running_var = given["running_mean"], given["running_var"]
        if running_mean is not None and running_var is not None:
            with torch.no_grad():
                running_mean.lerp_(mean.to(running_mean.dtype), momentum)
                unbiased = variance * (n / max(n - 1, 1))
                running_var.lerp_(unbiased.to(running_var.dtype), momentum)
        how = (mean, variance, n, given["eps"], self._team)
        made: Tensor = _Normalised.apply(values, given["weight"], given["bias"], how)
        return made

    def _dropout(self, func: Any, given: Given) -> Tensor:
        """Drop values out, or with the functions for maps whole channels."""
        values, p = given["input"], given["p"]
        if not given["training"] or p in {0, 1}:
            plain: Tensor = func(**given)
            return plain
        shape = tuple(values.shape)
        if func is not functional.dropout:
            shape = (*shape[:2], *[1] * (values.ndim - 2))
        kept = self._drawn(values, shape, 1 - p).div_(1 - p)
        made: Tensor = values.mul_(kept) if given["inplace"] else values * kept
        return made

    def _bernoulli_(self, func: Any, given: Given) -> Tensor:
        """Fill in place; what networks drop whole branches with."""
        values, p = given["input"], given["p"]
        if not isinstance(p, float) or given["generator"] is not None or values.ndim == 0:
            plain: Tensor = func(values, p, generator=given["generator"])
            return plain
        filled: Tensor = values.copy_(self._drawn(values, tuple(values.shape), p))
        return filled

    def _drawn(self, like: Tensor, shape: tuple[int, ...], share: float) -> Tensor:
        """Return 0 or 1 for each place of `shape`: our rows of what is drawn for the whole batch.

        Where the first dimension is not one of rows, each process draws for itself.
        """
        part = self._part
        times, rest = divmod(shape[0], len(part))
        if rest or not times:
            return like.new_empty(shape).bernoulli_(share)
        whole = torch.empty(
            (times * part.n, *shape[1:]),
            dtype=like.dtype,
            device=like.device,
            memory_format=_format_of(like, shape),
        ).bernoulli_(share)
        return whole[times * part.first : times * part.last]


def _format_of(like: Tensor, shape: tuple[int, ...]) -> torch.memory_format:
    is_last = (
        len(shape) == 4
        and tuple(like.shape) == shape
        and like.is_contiguous(memory_format=torch.channels_last)
        and not like.is_contiguous()
    )
    return torch.channels_last if is_last else torch.contiguous_format


def _moments(values: Tensor, team: Team, part: Part) -> tuple[Tensor, Tensor, int]:
    """Return mean and biased variance per channel over all processes, and the number of values.

    Source: Chan, Golub and LeVeque 1979, the sum of squares of parts about their own means.
    """
    over = _all_but_channels(values)
    with torch.no_grad():
        variance, mean = torch.var_mean(values.float(), dim=over, correction=0)
        n_own = values.numel() // values.shape[1]
        own = torch.cat([mean, variance, mean.new_tensor([float(n_own)])])
        every = team.gathered_rows(own)
        n_channels = len(mean)
        counts = every[:, -1:].double()
        means, variances = every[:, :n_channels].double(), every[:, n_channels:-1].double()
        whole = (means * counts).sum(0) / counts.sum()
        squares = ((variances + (means - whole) ** 2) * counts).sum(0)
        # from the rows, since to ask a GPU for a sum is to wait for it
        n = n_own * part.n // len(part)
        return whole.float(), (squares / counts.sum()).float(), n


def _all_but_channels(values: Tensor) -> list[int]:
    return [0, *range(2, values.ndim)]


_SHAPE: Final = (1, -1)


class _Normalised(Function):
    """(x - mean) / deviation * weight + bias, with the gradient through both moments."""

    @staticmethod
    def forward(
        ctx: Any,
        values: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        how: tuple[Tensor, Tensor, int, float, Team],
    ) -> Tensor:
        """Return the normalised values, in their own type and layout."""
        mean, variance, n, eps, team = how
        ctx.save_for_backward(values, weight, mean, (variance + eps).rsqrt())
        ctx.n, ctx.team, ctx.has_bias = n, team, bias is not None
        return functional.batch_norm(values, mean, variance, weight, bias, False, 0.0, eps)  # noqa: FBT003

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Return gradients of values, weight and bias; those of the two are of our part alone."""
        values, weight, mean, scale = ctx.saved_tensors
        view = (*_SHAPE, *[1] * (values.ndim - 2))
        over = _all_but_channels(values)
        rising = gradients[0].float()
        centred = values.float() - mean.view(view)
        own = torch.cat([rising.sum(over), (rising * centred).sum(over)])
        n_channels = len(mean)
        of_bias, of_weight = own[:n_channels].clone(), own[n_channels:] * scale
        whole = ctx.team.summed(own) / ctx.n
        level, slope = whole[:n_channels], whole[n_channels:] * scale * scale
        factor = scale if weight is None else scale * weight.float()
        falling = (rising - level.view(view) - centred * slope.view(view)) * factor.view(view)
        return (
            falling.to(values.dtype),
            None if weight is None else of_weight.to(weight.dtype),
            of_bias if ctx.has_bias else None,
            None,
        )
