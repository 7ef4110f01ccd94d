"""Descriptors of an image and a classical classifier on them: a model that can be explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.fields import option
from tamiz.descriptors.described import PRESETS, Described, check_words, preset
from tamiz.descriptors.tiles import VERSION
from tamiz.models.registry import MODELS, InputShape, ModelSpec

if TYPE_CHECKING:
    from torch import nn

NAME: Final = "descriptors"
_CELLS: Final = 7  # on a side: 4 px of 28, as the literature has it for Fashion-MNIST
_COMPONENTS: Final = 64
CLASSIFIERS: Final = ("logistic", "svm", "forest", "boosting", "knn")


@dataclass(frozen=True, slots=True)
class DescriptorsOptions:
    """What is measured on each image, and what answers from these numbers.

    Attributes:
        describe: descriptors as `tamiz describe --with` takes them, or the name of a preset;
            'auto': gradients in about 7 x 7 cells (HOG), local binary patterns, colour.
        classifier: 'logistic' regression, 'svm' (radial kernel, one against one), random 'forest',
            gradient 'boosting' of trees, or 'knn', the nearest training rows.
        select: so many columns, those that tell the classes apart best one by one (ANOVA F); 0:
            all that are not constant.
        scale: 'standard' brings each column to mean 0 and deviation 1; 'none' leaves them.
        project: so many principal components take the place of the columns; 0: none do; -1: 64
            where the classifier reckons with distances (svm, knn), else none.
        rows: training rows at most, evenly taken from each class; 0: as many as the classifier
            learns from in minutes.
        fitted: what training decided; it belongs to the bundle and is left out of recipes.
    """

    describe: str = option("auto")
    classifier: str = option("logistic", choices=CLASSIFIERS)
    select: int = option(0, low=0, high=1_000_000)
    scale: str = option("standard", choices=("standard", "none"))
    project: int = option(-1, low=-1, high=100_000)
    rows: int = option(0, low=0, high=100_000_000)
    fitted: dict[str, object] = option({})

    def __post_init__(self) -> None:
        if self.describe != "auto" and not self._is_preset and not self.fitted:
            check_words(self.describe)  # before any image is read

    def described(self, side_px: int) -> Described:
        """Return the descriptors for images of this size.

        Raises:
            WrongUse: a name or an option of `describe` is wrong, or does not suit the size.
            WrongData: the bundle's descriptors were made by another version.
        """
        if self.fitted:
            if self.fitted.get("version") != VERSION:
                found = str(self.fitted.get("version"))
                raise WrongData.of("classical.other_version", found=found, known=VERSION)
            table = self.fitted.get("described")
            return Described.from_table(table if isinstance(table, Mapping) else {})
        if self._is_preset:
            return preset(self.describe)
        words = auto_words(side_px) if self.describe == "auto" else self.describe
        return Described.from_words(words, (side_px, side_px))

    @property
    def _is_preset(self) -> bool:
        return self.describe.strip().replace("_", "-") in PRESETS

    @property
    def n_components(self) -> int:
        """Return how many principal components are wished; 0: the columns stay."""
        usual = _COMPONENTS if self.classifier in {"svm", "knn"} else 0
        return usual if self.project < 0 else self.project

    def sizes(self) -> dict[str, int]:
        """Return how large the fitted arrays are; empty before training.

        Raises:
            WrongData: they are no sizes.
        """
        found = self.fitted.get("sizes", {})
        if not isinstance(found, Mapping) or not all(map(_is_size, found.values())):
            raise WrongData.of("classical.bad_sizes", where="bundle.json")
        return {str(name): int(size) for name, size in found.items()}


def auto_words(side_px: int) -> str:
    """Return the descriptors of 'auto' for images of this size."""
    return f"hog:cell_px={max(1, side_px // _CELLS)},lbp,colour-histogram"


def check(shape: InputShape, options: DescriptorsOptions) -> None:
    """Raise `WrongUse` when images of this shape cannot be described so."""
    if shape.n_channels not in {1, 3}:
        raise WrongUse.of("classical.channels", where="prepare.channels", n=shape.n_channels)
    options.described(shape.side_px)


def build(shape: InputShape, options: DescriptorsOptions) -> nn.Module:
    """Return the network: it describes and classifies; empty where nothing was fitted yet."""
    from tamiz.models.nets.described import DescribedNet

    check(shape, options)
    described = options.described(shape.side_px)
    return DescribedNet(described, options.classifier, shape.n_classes, options.sizes())


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return no settings: it is fitted at once."""
    return {}


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


MODELS.add(NAME)(ModelSpec(NAME, DescriptorsOptions, build, suggest, check, learns="at once"))
