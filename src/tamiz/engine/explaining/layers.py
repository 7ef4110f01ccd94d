"""Which layers of a network a map can be drawn of, found by watching it work once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from tamiz.engine.infer import AlignedLinear

DENSE: Final = (nn.Linear, AlignedLinear)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A module that gave something: its name, its kind and the shape of what it gave."""

    name: str
    module: nn.Module
    shape: tuple[int, ...]


def last_map_layer(net: nn.Module, values: Tensor) -> str | None:
    """Return the name of the layer that gives the last feature maps; None where there are none.

    The last layer in the order of computing whose output is (n, maps, height, width) with more
    than one place, at or after the last convolution that has such an output: what follows the
    convolution (normalisation, activation, pooling to another grid) counts as its maps. Networks
    that make tokens of their maps (transformers, mixers) have none.
    """
    seen = _watched(net, values)
    convolutions = [
        at
        for at, one in enumerate(seen)
        if isinstance(one.module, nn.Conv2d) and _n_places(one.shape) > 1
    ]
    if not convolutions:
        return None
    after = seen[convolutions[-1] :]
    if any(_is_of_tokens(one) for one in after):
        return None
    return [one.name for one in after if _n_places(one.shape) > 1][-1]


def first_convolution(net: nn.Module, values: Tensor) -> str | None:
    """Return the name of the first convolution that is computed; None where there is none."""
    found = (one.name for one in _watched(net, values) if isinstance(one.module, nn.Conv2d))
    return next(found, None)


def last_dense(net: nn.Module, values: Tensor) -> str | None:
    """Return the name of the last dense layer that is computed; None where there is none."""
    found = [one.name for one in _watched(net, values) if isinstance(one.module, DENSE)]
    return found[-1] if found else None


def output_of(net: nn.Module, name: str, run: Callable[[], Tensor]) -> tuple[Tensor, Tensor]:
    """Return what `run` returns and what the layer called `name` gave meanwhile, last."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        kept[:] = [output]

    with hooked(net.get_submodule(name).register_forward_hook(keep)):
        made = run()
    return made, kept[0]


def input_of(net: nn.Module, name: str, run: Callable[[], Tensor]) -> Tensor:
    """Return what the layer called `name` was given while `run` worked, last."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        kept[:] = [inputs[0]]

    with hooked(net.get_submodule(name).register_forward_pre_hook(keep)):
        run()
    return kept[0]


@contextmanager
def hooked(*handles: RemovableHandle) -> Iterator[None]:
    """Take these hooks off again at the end."""
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _watched(net: nn.Module, values: Tensor) -> list[_Seen]:
    """Return the modules that gave a tensor, in the order in which they were done."""
    seen: list[_Seen] = []
    names = {module: name for name, module in net.named_modules() if name}

    def note(module: nn.Module, _inputs: object, output: object) -> None:
        if isinstance(output, Tensor):
            seen.append(_Seen(names[module], module, tuple(output.shape)))

    with hooked(*(module.register_forward_hook(note) for module in names)), torch.no_grad():
        net(values)
    return seen


def _n_places(shape: tuple[int, ...]) -> int:
    return shape[2] * shape[3] if len(shape) == 4 else 0


def _is_of_tokens(one: _Seen) -> bool:
    return len(one.shape) == 3 or "Attention" in type(one.module).__name__
