"""The registry of models: what can be trained, with which options and which settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from tamiz.core.registry import Registry

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class InputShape:
    """What a network reads and how many classes it tells apart."""

    n_channels: int
    side_px: int
    n_classes: int


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model.

    Attributes:
        name: as in `[model] name = ...`.
        options: frozen dataclass of its own options, for `[model.options]`.
        build: makes the network (raw scores, input already normalised); imports torch itself.
        suggest: (n_train, side_px, n_classes) -> values for the recipe's section `train`.
        check: raises `WrongUse` when the options do not suit the input; torch not needed.
        reads: 'images', one after the other, or 'slides', each a bag of tiles.
    """

    name: str
    options: type
    build: Callable[[InputShape, Any], nn.Module]
    suggest: Callable[[int, int, int], dict[str, object]]
    check: Callable[[InputShape, Any], None] = lambda _shape, _options: None
    reads: Literal["images", "slides"] = "images"


MODELS: Final[Registry[ModelSpec]] = Registry("models", "tamiz.models")


def epochs_for(n_train: int, *, images: int, low: int, high: int) -> int:
    """Return the epochs in which about `images` images are seen, within low..high."""
    return max(low, min(high, round(images / max(1, n_train))))
