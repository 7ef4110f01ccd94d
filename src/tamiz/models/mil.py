"""Options of slide models: a slide is a bag of tiles of which only the bag has a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.data.tiling import CHOICES, Tiling
from tamiz.descriptors.tiles import DEFAULT, names_of
from tamiz.models.registry import MODELS, InputShape, ModelSpec

if TYPE_CHECKING:
    from torch import nn

POOLINGS: Final = ("attention", "mean", "plain-mean")


@dataclass(frozen=True, slots=True)
class MilOptions:
    """How slides are learnt from the embeddings of their tiles.

    Attributes:
        pooling: 'attention' weighs tiles by what they show (gated attention); 'mean' weighs them
            alike behind a hidden layer; 'plain-mean' is a linear model on the mean embedding.
        hidden: width of the hidden layer that every tile goes through.
        attention: width of the layer that makes the tiles' weights.
        dropout: share of hidden channels that a slide does without in a training step.
        epochs: most passes over the training slides; without a validation part exactly so many.
        patience: epochs without gain on the validation part after which a network stops.
        learning_rate: of AdamW, after a short warm-up; it falls along half a cosine.
        weight_decay: of AdamW, on matrices.
        members: networks with different seeds whose probabilities are averaged.
        slides_per_step: how many slides a step of the optimiser sees.
        tiles_per_step: how many tiles of a slide such a step sees, drawn anew each time.
        balance: classes weigh alike in the loss, however many patients they have.
    """

    pooling: str = option("attention", choices=POOLINGS)
    hidden: int = option(64, low=1, high=4096)
    attention: int = option(32, low=1, high=4096)
    dropout: float = option(0.25, low=0.0, high=0.9)
    epochs: int = option(40, low=1, high=10_000)
    patience: int = option(20, low=1, high=10_000)
    learning_rate: float = option(3e-3, low=1e-7, high=1.0)
    weight_decay: float = option(0.01, low=0.0, high=10.0)
    members: int = option(3, low=1, high=50)
    slides_per_step: int = option(16, low=1, high=4096)
    tiles_per_step: int = option(256, low=1, high=1_000_000)
    balance: bool = option(True)  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class SlideModelOptions(MilOptions):
    """A slide model with all that leads from a slide to its bag.

    Attributes:
        embed: descriptors of a tile, from `tamiz list descriptors`; a tile's embedding is all of
            their numbers.
        tile_px: see `data.tiling.Tiling`, as the following ones.
        um_per_px: micrometres per pixel of a tile.
        downsample: pixels of a slide per pixel of a tile; above 0 instead of `um_per_px`.
        min_tissue: share of a tile that must be tissue.
        most: tiles of a slide at most; 0: all.
        choose: which, where there are more.
        overlap: share of a tile in common with the next one.
    """

    embed: list[str] = option([*DEFAULT])
    tile_px: int = option(256, low=16, high=4096)
    um_per_px: float = option(1.0, low=1e-3, high=1e3)
    downsample: float = option(0.0, low=0.0, high=1e4)
    min_tissue: float = option(0.5, low=0.0, high=1.0)
    most: int = option(500, low=0, high=10_000_000)
    choose: str = option("spread", choices=CHOICES)
    overlap: float = option(0.0, low=0.0, high=0.9)

    def tiling(self) -> Tiling:
        """Return how slides are cut."""
        return Tiling(
            tile_px=self.tile_px,
            um_per_px=self.um_per_px,
            downsample=self.downsample,
            min_tissue=self.min_tissue,
            most=self.most,
            choose=self.choose,
            overlap=self.overlap,
        )


def check(shape: InputShape, options: SlideModelOptions) -> None:  # noqa: ARG001
    """Raise `WrongUse` when tiles cannot be cut or described so."""
    options.tiling().check()
    if not options.embed:
        raise WrongUse.of("mil.no_embedding", where="model.options.embed")
    names_of(options.embed)


def build(shape: InputShape, options: SlideModelOptions) -> nn.Module:  # noqa: ARG001
    """Raise: its networks are made by `engine.mil`, from embeddings and not from pixels.

    Raises:
        WrongUse: always.
    """
    raise WrongUse.of("mil.no_pixels", where="model mil")


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return no settings: its own options say how it is trained."""
    return {}


MODELS.add("mil")(ModelSpec("mil", SlideModelOptions, build, suggest, check, reads="slides"))
