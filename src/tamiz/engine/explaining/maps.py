"""What every layer of a network makes of one image, and the kernels with which it does so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.engine.explaining.layers import DENSE, hooked
from tamiz.models.nets.normalised import Normalised

Floats = NDArray[np.float32]

_SILENT: Final = (nn.Identity, nn.Dropout, nn.Dropout2d, nn.Flatten)


@dataclass(frozen=True, slots=True)
class LayerSeen:
    """A layer at work, with what it gave for one image.

    Attributes:
        name: within the network, without the part that normalises its input.
        kind: its class: 'Conv2d', 'ReLU', ...
        shape: (maps, height, width) of a map layer, or whatever it gives.
        zeros: share of values that are exactly 0.
        low: smallest value.
        high: largest value.
        n_parameters: its own.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    zeros: float
    low: float
    high: float
    n_parameters: int


@dataclass(frozen=True, slots=True)
class Block:
    """A convolution and the maps that it leads to.

    Attributes:
        name: of the convolution.
        shown: of the last layer before the next convolution: after norm, activation, pooling.
        kernels: (filters, input channels, height, width) as learnt.
        maps: (maps, height, width) that `shown` gave.
    """

    name: str
    shown: str
    kernels: Floats
    maps: Floats


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a leaf layer: which, and the shape of what it gave."""

    at: int
    layer: nn.Module
    seen: LayerSeen


def layers_at_work(net: nn.Module, values: Tensor) -> list[LayerSeen]:
    """Return every layer that computes something, in the order of computing.

    A layer that is used several times is told as often. What a network adds between its layers
    (a shortcut, a function without a layer) is not seen.

    Args:
        net: reads (1, channels, height, width) values 0..255.
        values: one image.
    """
    return [call.seen for call in _calls(net, values)]


def blocks_of(net: nn.Module, values: Tensor, wanted: int | Sequence[str]) -> list[Block]:
    """Return convolutions with their maps, from the first to the last.

    Args:
        net: as in `layers_at_work`.
        values: one image.
        wanted: how many, evenly taken with the first and the last; or the names of convolutions,
            or of layers behind them.

    Raises:
        KeyError: no such layer gives maps; its argument is the name.
    """
    pairs = _pairs(_calls(net, values))
    if isinstance(wanted, int):
        n = min(wanted, len(pairs))
        places = np.linspace(0, len(pairs) - 1, n).round().astype(int).tolist() if n else []
        firsts = [(pairs[at][0], pairs[at][-1]) for at in places]
    else:
        firsts = [_named(pairs, name) for name in wanted]
    maps = _outputs(net, values, {last.at for _, last in firsts})
    return [
        Block(first.seen.name, last.seen.name, _kernels(first.layer), maps[last.at])
        for first, last in firsts
    ]


def dense_filters(net: nn.Module, values: Tensor) -> tuple[str, Floats]:
    """Return the first dense layer's name and its weights as (units, channels, height, width).

    '' and none where that layer does not read the pixels themselves.
    """
    size = int(values[0].numel())
    for call in _calls(net, values):
        layer = call.layer
        if isinstance(layer, DENSE):
            weight = layer.weight.detach().float()
            if weight.shape[1] != size:
                break
            made: Floats = weight.reshape(len(weight), *values.shape[1:]).cpu().numpy().copy()
            return call.seen.name, made
    return "", np.zeros((0, *values.shape[1:]), dtype=np.float32)


def _kernels(layer: nn.Module) -> Floats:
    if not isinstance(layer, nn.Conv2d):
        raise TypeError(f"no convolution: {type(layer).__name__}")
    made: Floats = layer.weight.detach().float().cpu().numpy().copy()
    return made


def _pairs(calls: Sequence[_Call]) -> list[list[_Call]]:
    """Return for each convolution that gives maps the layers up to the next one, itself first."""
    made: list[list[_Call]] = []
    for call in calls:
        shape = call.seen.shape
        is_map = len(shape) == 3 and shape[1] * shape[2] > 1
        if isinstance(call.layer, nn.Conv2d) and is_map:
            made.append([call])
        elif isinstance(call.layer, nn.Conv2d):
            continue  # one place per map: nothing to look at
        elif made and is_map and shape[0] == made[-1][0].seen.shape[0]:
            made[-1].append(call)
    return made


def _named(pairs: Sequence[Sequence[_Call]], name: str) -> tuple[_Call, _Call]:
    for pair in pairs:
        for call in pair:
            if call.seen.name == name:
                return pair[0], call if call is not pair[0] else pair[-1]
    raise KeyError(name)


def _calls(net: nn.Module, values: Tensor) -> list[_Call]:
    calls: list[_Call] = []

    def note(at: int, name: str, layer: nn.Module, output: Tensor) -> None:
        low, high = torch.aminmax(output.float())
        zeros = float((output == 0).float().mean())
        own = sum(one.numel() for one in layer.parameters(recurse=False))
        shape = tuple(output.shape[1:])
        kind = type(layer).__name__
        calls.append(
            _Call(at, layer, LayerSeen(name, kind, shape, zeros, float(low), float(high), own))
        )

    _run(net, values, note)
    return calls


def _outputs(net: nn.Module, values: Tensor, wanted: set[int]) -> dict[int, Floats]:
    """Return what the calls of these numbers gave; copied at once, as the next may overwrite it."""
    kept: dict[int, Floats] = {}

    def keep(at: int, _name: str, _layer: nn.Module, output: Tensor) -> None:
        if at in wanted:
            kept[at] = output[0].float().cpu().numpy().copy()

    _run(net, values, keep)
    return kept


def _run(
    net: nn.Module, values: Tensor, tell: Callable[[int, str, nn.Module, Tensor], None]
) -> None:
    """Run the network and tell of each call of a leaf layer that gives a tensor: number, name."""
    prefix = "net." if isinstance(net, Normalised) else ""
    names = {
        layer: name.removeprefix(prefix)
        for name, layer in net.named_modules()
        if not list(layer.children())
    }
    count = 0

    def hook(layer: nn.Module, _inputs: object, output: object) -> None:
        nonlocal count
        if isinstance(output, Tensor) and output.numel() and not isinstance(layer, _SILENT):
            tell(count, names[layer], layer, output)
            count += 1

    with hooked(*(layer.register_forward_hook(hook) for layer in names)), torch.no_grad():
        net(values)
