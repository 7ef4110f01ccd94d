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
class InputFacts:
    """What a pretrained network was trained to see.

    Attributes:
        size_px: side of its square input.
        mean: of red, green and blue, as value / 255; subtracted from the input.
        std: likewise; the input is divided by it.
        interpolation: 'bilinear' or 'bicubic'.
        crop_fraction: how much of the shorter side the middle square had when it was tested.
        keeps_aspect: whether images keep their proportions, or become squares first.
    """

    size_px: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str
    crop_fraction: float
    keeps_aspect: bool = True

    @property
    def value_range(self) -> tuple[float, float]:
        """Return the smallest and largest value that its first layer can see."""
        pairs = list(zip(self.mean, self.std, strict=True))
        return min(-m / s for m, s in pairs), max((1 - m) / s for m, s in pairs)

    def normalisation(self, n_channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return mean and standard deviation per channel for any number of channels.

        One channel takes the mean of the three; more than three repeat them, as the weights of
        the first layer are repeated.
        """
        if n_channels == 1:
            return (sum(self.mean) / len(self.mean),), (sum(self.std) / len(self.std),)
        order = [position % len(self.mean) for position in range(n_channels)]
        return tuple(self.mean[at] for at in order), tuple(self.std[at] for at in order)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model.

    Attributes:
        name: as in `[model] name = ...`.
        options: frozen dataclass of its own options, for `[model.options]`.
        build: makes the network (raw scores, input already normalised); imports torch itself.
        suggest: (n_train, side_px, n_classes) -> values for the recipe's section `train`.
        check: raises `WrongUse` when the options do not suit the input; torch not needed for our
            own networks.
        reads: 'images', one after the other, or 'slides', each a bag of tiles.
        preferred: the input of a network that others trained; None for our own.
        learns: 'in steps', epoch after epoch, or 'at once', fitted by `engine.classical`.
    """

    name: str
    options: type
    build: Callable[[InputShape, Any], nn.Module]
    suggest: Callable[[int, int, int], dict[str, object]]
    check: Callable[[InputShape, Any], None] = lambda _shape, _options: None
    reads: Literal["images", "slides"] = "images"
    preferred: InputFacts | None = None
    learns: Literal["in steps", "at once"] = "in steps"


def _backbone(name: str) -> ModelSpec | None:
    """Return timm's or torchvision's network of that name; torch is loaded for it."""
    from tamiz.models.backbone import backbone_spec

    return backbone_spec(name)


def _backbone_names() -> list[str]:
    from tamiz.models.backbone import backbone_names

    return backbone_names()


MODELS: Final[Registry[ModelSpec]] = Registry(
    "models", "tamiz.models", more=_backbone, more_names=_backbone_names
)


def epochs_for(n_train: int, *, images: int, low: int, high: int) -> int:
    """Return the epochs in which about `images` images are seen, within low..high."""
    return max(low, min(high, round(images / max(1, n_train))))
