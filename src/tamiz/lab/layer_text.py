"""Networks as people write them: 'conv 64 3 relu; pool 2; flatten; dense 10 softmax'."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.lab.convolving import Sliding
from tamiz.lab.layers import Layer, misfit

ACTIVATIONS: Final = (
    "relu", "tanh", "sigmoid", "softmax", "linear", "gelu", "elu", "silu", "leakyrelu", "softplus",
)  # fmt: skip
_KINDS: Final = {
    "conv": "conv",
    "conv2d": "conv",
    "pool": "pool",
    "maxpool": "pool",
    "avgpool": "avgpool",
    "globalpool": "globalpool",
    "flatten": "flatten",
    "dense": "dense",
    "linear": "dense",
    "batchnorm": "batchnorm",
    "dropout": "dropout",
}
_EXAMPLES: Final = {
    "conv": "conv 64 3 relu",
    "pool": "pool 2",
    "avgpool": "avgpool 2",
    "dense": "dense 10 softmax",
    "dropout": "dropout 0.5",
    "globalpool": "globalpool",
    "flatten": "flatten",
    "batchnorm": "batchnorm relu",
    "activation": "relu",
}
_SHORT: Final = re.compile(r"(?P<name>[spg])(?P<value>\d+)")
_LONG_NAMES: Final = {"s": "stride", "p": "pad", "g": "groups"}
_SMALL: Final = re.compile(r"[0-9]{1,3}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_SIZE: Final = re.compile(r"(\d{1,9})(?:x(\d{1,9}))?")
_MOST_LAYERS: Final = 2000


def layers_from_text(words: str) -> list[Layer]:
    """Return the layers of a text; layers end with ';' or a new line, words in any case.

    conv FILTERS KERNEL, pool KERNEL, avgpool KERNEL, globalpool, flatten, dense UNITS, batchnorm,
    dropout SHARE, or an activation alone; KERNEL is 3 or 3x5 (rows x columns). Then, in any
    order: stride N, pad N or same, groups N, nobias, and an activation.

    Raises:
        WrongUse: nothing is there, or a layer is not understood: says which and how it is written.
    """
    parts = [" ".join(part.split()) for part in re.split(r"[;\n]", words)]
    parts = [part for part in parts if part]
    if not parts:
        raise WrongUse.of("lab_network.no_layers", where="--layers")
    if len(parts) > _MOST_LAYERS:
        raise WrongUse.of("lab_network.many_layers", where="--layers", most=_MOST_LAYERS)
    return [_Parser(number, part).layer() for number, part in enumerate(parts, start=1)]


def shape_from_text(words: str) -> tuple[int, ...]:
    """Return (height, width, channels) of '28x28x1' or '28x28'; (numbers,) of '784'.

    Raises:
        WrongUse: it is none of these.
    """
    found = [part.strip() for part in words.lower().replace("×", "x").split("x")]
    if len(found) > 3 or not all(_NUMBER.fullmatch(part) and int(part) for part in found):
        raise WrongUse.of("lab_network.bad_input", where="--input", words=words)
    sizes = tuple(map(int, found))
    return (*sizes, 1) if len(sizes) == 2 else sizes


@dataclass
class _Parser:
    """Reads one layer's words, one after the other."""

    number: int
    words: str

    def __post_init__(self) -> None:
        self._left = self.words.lower().split()

    def layer(self) -> Layer:
        """Return the layer; every word must have been understood."""
        word = self._left.pop(0)
        if word in ACTIVATIONS and not self._left:
            return Layer("activation", self.words)
        kind = _KINDS.get(word)
        if kind is None:
            near = difflib.get_close_matches(word, (*_KINDS, *ACTIVATIONS), n=1)
            suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
            choices = ", ".join((*dict.fromkeys(_KINDS.values()), *ACTIVATIONS))
            raise self._fault("no_such_layer", word=word, suggestion=suggestion, choices=choices)
        read: Callable[[Layer], Layer] = {
            "conv": self._conv,
            "pool": self._pool,
            "avgpool": self._pool,
            "dense": self._dense,
            "dropout": self._dropout,
        }.get(kind, _as_it_is)
        layer = read(Layer(kind, self.words))
        return self._options(layer)

    def _conv(self, layer: Layer) -> Layer:
        filters = self._whole(layer.kind)
        return replace(layer, units=filters, kernel=self._size(layer.kind))

    def _pool(self, layer: Layer) -> Layer:
        kernel = self._size(layer.kind)
        if "stride" not in self._left and not any(re.fullmatch(r"s\d+", w) for w in self._left):
            if kernel[0] != kernel[1]:
                raise self._fault("pool_stride", example=f"{self.words} stride {kernel[1]}")
            self._left += ["stride", str(kernel[0])]
        return replace(layer, kernel=kernel)

    def _dense(self, layer: Layer) -> Layer:
        return replace(layer, units=self._whole(layer.kind))

    def _dropout(self, layer: Layer) -> Layer:
        if self._left and re.fullmatch(r"0?\.\d+|0", self._left[0]):
            self._left.pop(0)
        return layer

    def _options(self, layer: Layer) -> Layer:
        padding, stride = "valid", 1
        slides, learns = layer.kind in {"conv", "pool", "avgpool"}, layer.kind in {"conv", "dense"}
        while self._left:
            word, value = self._option()
            if word == "nobias" and learns:
                layer = replace(layer, has_bias=False)
            elif word == "groups" and layer.kind == "conv":
                layer = replace(layer, groups=value)
            elif word == "stride" and slides:
                stride = value
            elif word == "pad" and slides:
                padding = str(value)
            elif word in {"same", "valid"} and slides:
                padding = word
            elif word not in ACTIVATIONS:
                raise self._fault("not_understood", word=word, example=_EXAMPLES[layer.kind])
        if slides:
            layer = replace(layer, sliding=Sliding(padding, stride))
        return layer

    def _option(self) -> tuple[str, int]:
        """Return the next word and, of those that have one, its number."""
        word = self._left.pop(0)
        short = _SHORT.fullmatch(word)
        if short:
            word = _LONG_NAMES[short["name"]]
            self._left.insert(0, short["value"])
        if word not in _LONG_NAMES.values():
            return word, 0
        given = self._left.pop(0) if self._left else ""
        least = 0 if word == "pad" else 1
        if not _SMALL.fullmatch(given) or int(given) < least:
            raise self._fault("option_number", word=word, given=given or "-", least=least)
        return word, int(given)

    def _whole(self, kind: str) -> int:
        given = self._next(kind)
        if not _NUMBER.fullmatch(given) or not int(given):
            raise self._fault("layer_number", given=given, example=_EXAMPLES[kind])
        return int(given)

    def _size(self, kind: str) -> tuple[int, int]:
        given = self._next(kind)
        found = _SIZE.fullmatch(given.replace("×", "x"))
        if found is None or not int(found[1]) or not int(found[2] or found[1]):
            raise self._fault("layer_number", given=given, example=_EXAMPLES[kind])
        return int(found[1]), int(found[2] or found[1])

    def _next(self, kind: str) -> str:
        """Return the next word, which must be there."""
        if not self._left:
            raise self._fault("layer_ends", example=_EXAMPLES[kind])
        return self._left.pop(0)

    def _fault(self, key: str, **facts: str | int) -> WrongUse:
        return misfit(key, self.number, self.words, facts)


def _as_it_is(layer: Layer) -> Layer:
    return layer
