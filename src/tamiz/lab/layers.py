"""The arithmetic of a network's layers: sizes, parameters, multiply-adds, receptive fields.

A convolution of F filters of k x k on c channels has F k k c + F parameters and needs
k k c multiply-adds for each number of its output; along an axis the output has
(n + 2p - f)/s + 1 places. The receptive field grows by (k - 1) times the distance, on the input,
of neighbouring places (the product of all strides before it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Final, NoReturn

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.lab.convolving import Fit, Sliding

BYTES_PER_NUMBER: Final = 4  # float32
UNUSED: Final = "…"  # the block of parts that only training uses
_MOST: Final = 10**12  # of parameters or numbers in one layer: beyond is a slip of the pen


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as it was written.

    Attributes:
        kind: 'conv', 'pool', 'avgpool', 'globalpool', 'flatten', 'dense', 'batchnorm', 'dropout'
            or 'activation'.
        words: the text it was read from, 'conv 64 3 relu'.
        units: filters or neurons.
        kernel: (rows, columns).
        sliding: padding and stride.
        has_bias: whether each filter or neuron has a number of its own to add.
        groups: a filter sees only one of so many parts of the channels.
    """

    kind: str
    words: str
    units: int = 0
    kernel: tuple[int, int] = (1, 1)
    sliding: Sliding = field(default_factory=Sliding)
    has_bias: bool = True
    groups: int = 1


@dataclass(frozen=True, slots=True)
class LayerRow:
    """What is known of one layer.

    Attributes:
        name: as written, or the layer's name within its network.
        shape: of its output: (height, width, channels) or (numbers,); empty: none of its own.
        parameters: numbers that are learnt.
        multiply_adds: for one image.
        receptive: (rows, columns) of the input that one number of the output depends on; None
            where it is not known.
        sizes: how the kernel fits down and across; empty where nothing slides.
        formula: how `parameters` come about; empty where there are none.
        is_view: the output is the input in another shape and takes no memory of its own.
        block: the part of its network that the layer belongs to; empty in a network as a text.
    """

    name: str
    shape: tuple[int, ...]
    parameters: int = 0
    multiply_adds: int = 0
    receptive: tuple[int, int] | None = None
    sizes: tuple[Fit, ...] = ()
    formula: str = ""
    block: str = ""
    is_view: bool = False

    @property
    def numbers(self) -> int:
        """Return how many numbers the output adds to memory."""
        return prod(self.shape) if self.shape and not self.is_view else 0


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the walk through the layers stands."""

    shape: tuple[int, ...]
    whole: tuple[int, int]
    receptive: tuple[int, int] = (1, 1)
    step: tuple[int, int] = (1, 1)  # input pixels between neighbouring places


def rows_of(layers: Sequence[Layer], input_shape: tuple[int, ...]) -> list[LayerRow]:
    """Return what is known of each layer, the first one on an input of that shape.

    Args:
        layers: in order.
        input_shape: (height, width, channels) or (numbers,).

    Raises:
        WrongUse: a layer does not fit what arrives there; says which, why and what would fit.
    """
    whole = (input_shape[0], input_shape[1]) if len(input_shape) == 3 else (input_shape[0], 1)
    here = _Here(input_shape, whole)
    rows = []
    for number, layer in enumerate(layers, start=1):
        row, here = _walk(layer, here, number)
        if max(row.numbers, row.parameters) > _MOST:
            _refuse("layer_huge", layer, number, most=_MOST)
        rows.append(row)
    return rows


def _walk(layer: Layer, here: _Here, number: int) -> tuple[LayerRow, _Here]:
    if layer.kind == "conv":
        return _conv(layer, here, number)
    if layer.kind in {"pool", "avgpool"}:
        return _pool(layer, here, number)
    if layer.kind == "dense":
        return _dense(layer, here, number)
    if layer.kind == "globalpool":
        _need_map(layer, here, number)
        after = replace(here, shape=here.shape[-1:], receptive=here.whole)
        return _plain(layer, after), after
    if layer.kind == "flatten":
        after = replace(here, shape=(prod(here.shape),))
        return replace(_plain(layer, after), is_view=True), after
    row = replace(_plain(layer, here), is_view=layer.kind == "dropout")  # off after training
    if layer.kind == "batchnorm":
        c = here.shape[-1]
        row = replace(row, parameters=2 * c, formula=f"2 x {c}")
    return row, here


def _plain(layer: Layer, after: _Here) -> LayerRow:
    return LayerRow(layer.words, after.shape, receptive=after.receptive)


def _conv(layer: Layer, here: _Here, number: int) -> tuple[LayerRow, _Here]:
    _need_map(layer, here, number)
    channels, filters, (high, wide) = here.shape[2], layer.units, layer.kernel
    if channels % layer.groups or filters % layer.groups:
        _refuse("layer_groups", layer, number, groups=layer.groups, channels=channels,
                filters=filters)  # fmt: skip
    sizes, after = _slid(layer, here, number, channels=filters)
    seen = channels // layer.groups
    n_weights, bias = filters * high * wide * seen, filters if layer.has_bias else 0
    row = LayerRow(
        layer.words,
        after.shape,
        parameters=n_weights + bias,
        multiply_adds=prod(after.shape[:2]) * n_weights,
        receptive=after.receptive,
        sizes=sizes,
        formula=f"{filters} x {high} x {wide} x {seen}" + (f" + {bias}" if bias else ""),
    )
    return row, after


def _pool(layer: Layer, here: _Here, number: int) -> tuple[LayerRow, _Here]:
    _need_map(layer, here, number)
    sizes, after = _slid(layer, here, number, channels=here.shape[2])
    return replace(_plain(layer, after), sizes=sizes), after


def _dense(layer: Layer, here: _Here, number: int) -> tuple[LayerRow, _Here]:
    if len(here.shape) != 1:
        _refuse("layer_needs_row", layer, number, shape=shape_words(here.shape),
                n=prod(here.shape))  # fmt: skip
    n_inputs, units = here.shape[0], layer.units
    bias = units if layer.has_bias else 0
    after = replace(here, shape=(units,), receptive=here.whole)
    row = LayerRow(
        layer.words,
        after.shape,
        parameters=n_inputs * units + bias,
        multiply_adds=n_inputs * units,
        receptive=here.whole,
        formula=f"{n_inputs} x {units}" + (f" + {bias}" if bias else ""),
    )
    return row, after


def _slid(
    layer: Layer, here: _Here, number: int, *, channels: int
) -> tuple[tuple[Fit, Fit], _Here]:
    """Return how a kernel fits, and where the walk stands after it."""
    axes = zip(here.shape[:2], layer.kernel, strict=True)
    stride = layer.sliding.stride
    down, across = (Fit(n, sum(layer.sliding.zeros(f)), f, stride) for n, f in axes)
    if down.out < 1 or across.out < 1:
        _refuse(
            "layer_kernel",
            layer,
            number,
            kernel=f"{layer.kernel[0]}x{layer.kernel[1]}",
            size=f"{down.n + down.zeros}x{across.n + across.zeros}",
        )
    after = replace(
        here,
        shape=(down.out, across.out, channels),
        receptive=(
            here.receptive[0] + (layer.kernel[0] - 1) * here.step[0],
            here.receptive[1] + (layer.kernel[1] - 1) * here.step[1],
        ),
        step=(here.step[0] * stride, here.step[1] * stride),
    )
    return (down, across), after


def _need_map(layer: Layer, here: _Here, number: int) -> None:
    if len(here.shape) != 3:
        _refuse("layer_needs_map", layer, number, n=here.shape[0])


def _refuse(key: str, layer: Layer, number: int, **facts: str | int) -> NoReturn:
    raise misfit(key, number, layer.words, facts)


def misfit(key: str, number: int, words: str, facts: Mapping[str, str | int]) -> WrongUse:
    """Return the error `lab_network.<key>` at a layer."""
    key = f"lab_network.{key}"
    fix = say(f"{key}_fix", **facts)
    return WrongUse(say(key, **facts), where=place_words(number, words), fix=fix)


def place_words(number: int, words: str) -> str:
    """Return how an error names a layer: "--layers, layer 3 'dense 15'"."""
    return say("lab_network.at_layer", number=number, words=words)


def shape_words(shape: Sequence[int]) -> str:
    """Return '26x26x64'."""
    return "x".join(map(str, shape))
