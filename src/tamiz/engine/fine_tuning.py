"""Stages of a training: first the new head, then the last blocks, then all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from torch import nn

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.models.nets.layers import layers_of

_PART: Final = re.compile(r"(head|all|last-block|last-(\d+)-blocks)(?::(\d+))?(?::([0-9.eE+-]+))?")
# A rate that a new head bears destroys what a pretrained network knows.
_GENTLER: Final = {"head": 1.0, "last": 0.3, "all": 0.1}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a training.

    Attributes:
        part: 'head', 'last-block', 'last-3-blocks' or 'all'.
        n_blocks: of the network's end that are trained, the head being one; None: all.
        epochs: passes over the training images.
        learning_rate: the largest.
    """

    part: str
    n_blocks: int | None
    epochs: int
    learning_rate: float

    @property
    def is_head_only(self) -> bool:
        """Return whether all but the head is frozen."""
        return self.n_blocks == 1


def stages_of(train: TrainOptions) -> tuple[Stage, ...]:
    """Return the stages that the recipe asks for; without any: one, of the whole network.

    'head:3:1e-3' is a part, its epochs (default `train.epochs`) and its learning rate. Without a
    rate: `train.learning_rate` for the head, 0.3 times that for the last blocks, 0.1 times for all.

    Raises:
        WrongUse: a stage cannot be understood.
    """
    if not train.stages:
        return (Stage("all", None, train.epochs, train.learning_rate),)
    return tuple(_stage_from(words.strip(), train) for words in train.stages)


def options_of(stage: Stage, number: int, train: TrainOptions) -> TrainOptions:
    """Return the recipe's section for one stage; later stages draw other random numbers."""
    seed = train.seed if number == 0 else derive_seed(train.seed, f"stage {number}") % 2**31
    return replace(train, epochs=stage.epochs, learning_rate=stage.learning_rate, seed=seed)


def freeze_below(net: nn.Module, stage: Stage) -> None:
    """Let the stage's blocks learn and nothing else.

    Raises:
        WrongUse: the network has fewer blocks.
    """
    blocks = _blocks_of(net)
    n = len(blocks) if stage.n_blocks is None else stage.n_blocks
    if n > len(blocks):
        raise WrongUse.of(
            "train.too_few_blocks", where="train.stages", n=n - 1, most=len(blocks) - 1
        )
    learnt = {name for block in blocks[len(blocks) - n :] for name in block}
    for name, parameter in net.named_parameters():
        # what is fitted at once (numbers of columns, say) no optimiser can move
        parameter.requires_grad_(name in learnt and parameter.is_floating_point())


def rate_shares(net: nn.Module, decay: float) -> dict[str, float] | None:
    """Return what each parameter's rate is multiplied by: decay ** (blocks above it).

    Layer-wise decay (Clark et al. 2020, ELECTRA): what lies nearer to the pixels is more general
    and changes less. None when `decay` is 1.
    """
    if decay == 1:
        return None
    blocks = _blocks_of(net)
    return {
        name: decay ** (len(blocks) - 1 - depth)
        for depth, block in enumerate(blocks)
        for name in block
    }


def describe_stages(stages: Sequence[Stage]) -> str:
    """Return the stages as a recipe writes them."""
    return ", ".join(f"{one.part}:{one.epochs}:{one.learning_rate:g}" for one in stages)


def _blocks_of(net: nn.Module) -> list[list[str]]:
    """Return the parameters' names from input to output; a teacher's map belongs to the head."""
    blocks = layers_of(net)
    known = {name for block in blocks for name in block}
    others = [name for name, _ in net.named_parameters() if name not in known]
    return [*blocks[:-1], [*blocks[-1], *others]]


def _stage_from(words: str, train: TrainOptions) -> Stage:
    found = _PART.fullmatch(words)
    if found is None:
        raise WrongUse.of("train.bad_stage", where="train.stages", words=words)
    part, n_last, epochs, rate = found.groups()
    try:
        chosen = train.learning_rate * _GENTLER[part.split("-")[0]] if rate is None else float(rate)
    except ValueError as error:
        raise WrongUse.of("train.bad_stage", where="train.stages", words=words) from error
    n_epochs = train.epochs if epochs is None else int(epochs)
    if n_epochs < 1 or not 0 < chosen < float("inf"):
        raise WrongUse.of("train.bad_stage", where="train.stages", words=words)
    blocks = {"head": 1, "last-block": 2, "all": None}
    n_blocks = int(n_last) + 1 if n_last else blocks[part]
    return Stage(part, n_blocks, n_epochs, chosen)
