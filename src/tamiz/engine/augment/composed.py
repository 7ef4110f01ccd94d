"""Augmentations put together anew for every image: RandAugment and TrivialAugment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from torch import Tensor

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.engine.augment.blur import Blur
from tamiz.engine.augment.choosing import put, taken
from tamiz.engine.augment.colour import Colour
from tamiz.engine.augment.crop import Crop
from tamiz.engine.augment.elastic import Elastic
from tamiz.engine.augment.erase import Erase
from tamiz.engine.augment.noise import Noise
from tamiz.engine.augment.registry import AUGMENTATIONS, Augmentation
from tamiz.engine.augment.rotate import Rotate
from tamiz.engine.augment.shift import Shift
from tamiz.engine.augment.tones import Brightness, Contrast
from tamiz.engine.augment.zoom import Zoom

_MOST_PARTS: Final = 3  # augmentations in a row
_EACH: Final = 4  # uniforms for one of them: the choice, and what the part needs

# No mirroring and no large turns: of a digit, a hand or a chest they make another class.
_MADE: Final[Mapping[str, Callable[[float], Augmentation]]] = MappingProxyType(
    {
        "rotate": lambda strength: Rotate(degrees=30 * strength, fill="edge"),
        "shift": lambda strength: Shift(fraction=0.2 * strength),
        "zoom": lambda strength: Zoom(fraction=0.3 * strength, fill="edge"),
        "crop": lambda strength: Crop(least_area=1 - 0.5 * strength),
        "elastic": lambda strength: Elastic(fraction=0.08 * strength, probability=1.0),
        "brightness": lambda strength: Brightness(fraction=0.5 * strength),
        "contrast": lambda strength: Contrast(fraction=0.5 * strength),
        "colour": lambda strength: Colour(saturation=0.5 * strength, hue_degrees=20 * strength),
        "blur": lambda strength: Blur(sigma_px=1.5 * strength, probability=1.0),
        "noise": lambda strength: Noise(std=25 * strength, probability=1.0),
        "erase": lambda strength: Erase(fraction=0.4 * strength, probability=1.0),
    }
)


@AUGMENTATIONS.add("rand_augment")
@dataclass(frozen=True, slots=True)
class RandAugment:
    """Change each image by `n_parts` augmentations drawn for it, as strongly as `strength` allows.

    `strength` 1 lets them turn by 30 degrees, shift by 20 %, change brightness by half, and so on;
    each draws its own amount up to there. `only` names the augmentations to draw from; empty: all
    that leave left and right, top and bottom where they are.

    Source: E. Cubuk et al., RandAugment: Practical automated data augmentation with a reduced
    search space, NeurIPS 2020 (there `strength` is M and every change is as large as M says).
    """

    name: ClassVar[str] = "rand_augment"
    n_uniforms: ClassVar[int] = _MOST_PARTS * _EACH

    n_parts: int = option(2, low=1, high=_MOST_PARTS)
    strength: float = option(0.5, low=0.0, high=1.0)
    only: list[str] = option([])

    def __post_init__(self) -> None:
        _check_names(self.only, self.name)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image changed by its own augmentations."""
        parts = [_MADE[name](self.strength) for name in self.only or _MADE]
        for number in range(self.n_parts):
            drawn = uniforms[:, number * _EACH : (number + 1) * _EACH]
            images = _by_one_of(parts, images, drawn)
        return images


@AUGMENTATIONS.add("trivial_augment")
@dataclass(frozen=True, slots=True)
class TrivialAugment:
    """Change each image by one augmentation drawn for it, as strongly as is drawn for it.

    Nothing needs to be set. `only` names the augmentations to draw from; empty: all that leave
    left and right, top and bottom where they are.

    Source: S. Mueller and F. Hutter, TrivialAugment: Tuning-free yet state-of-the-art data
    augmentation, ICCV 2021.
    """

    name: ClassVar[str] = "trivial_augment"
    n_uniforms: ClassVar[int] = _EACH

    only: list[str] = option([])

    def __post_init__(self) -> None:
        _check_names(self.only, self.name)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image changed by one augmentation or, now and then, by none."""
        parts = [_MADE[name](1.0) for name in self.only or _MADE]
        return _by_one_of([*parts, None], images, uniforms)


def _by_one_of(parts: Sequence[Augmentation | None], images: Tensor, uniforms: Tensor) -> Tensor:
    """Return the batch, each image changed by the part that its first uniform names."""
    choice = (uniforms[:, 0] * len(parts)).long()
    made = images.clone()
    for number, part in enumerate(parts):
        at = (choice == number).nonzero()[:, 0]
        if part is not None and len(at):
            put(made, at, part(taken(images, at), uniforms[at, 1 : 1 + part.n_uniforms]))
    return made


def _check_names(names: Sequence[str], where: str) -> None:
    """Raise for a name that cannot be drawn from.

    Raises:
        WrongUse: it names the first such one, and all that there are.
    """
    strange = [name for name in names if name not in _MADE]
    if strange:
        choices = ", ".join(_MADE)
        raise WrongUse.of("augment.not_a_part", where=where, name=strange[0], choices=choices)
