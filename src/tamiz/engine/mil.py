"""Slide models on tile embeddings: training, prediction with attention, patients' answers.

The label belongs to the slide, and nobody says which of its tiles show why (multiple-instance
learning). A patient weighs the same with one slide as with ten, and, with `balance`, a rare class
the same as a frequent one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.bags import (
    Bags,
    Part,
    Positions,
    Scale,
    Tiles,
    log_loss,
    part_of,
    scale_of,
    slide_weights,
)
from tamiz.engine.device import n_cores, using_threads
from tamiz.engine.infer import softmax
from tamiz.engine.optim import Optimiser, make_optimiser, rate_factor
from tamiz.models.build import count_parameters
from tamiz.models.mil import MilOptions
from tamiz.models.nets.mil import BagNet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weights = dict[str, NDArray[Any]]
_VAL_TILES: Final = 2  # times tiles_per_step: how many tiles of a validation slide are looked at
_WARMUP: Final = 0.05
_LONGEST_GRADIENT: Final = 1.0  # a class of one patient weighs much in the few steps that see it
_FARTHEST: Final = 10.0  # standard deviations: a tile unlike all others is not to shout
_TINY_STEP: Final = 200_000  # numbers in a step below which threads wait longer than they compute


@dataclass(frozen=True, slots=True)
class MilTask:
    """What is to be learnt from which slides.

    Attributes:
        bags: the tiles of all slides.
        targets: (n_slides,) class by number; those of slides in no part are never read.
        groups: (n_slides,) the patient of each slide.
        train: positions of the training slides.
        val: positions of the validation slides; may be empty.
        n_classes: how many classes there are.
    """

    bags: Bags
    targets: Ints
    groups: Sequence[str] | NDArray[Any]
    train: Positions
    val: Positions
    n_classes: int

    def part(self, positions: Positions, options: MilOptions) -> Part:
        """Return the slides at these positions that have tiles, with their weights."""
        made = part_of(self.bags, self.targets, self.groups, positions, balance=options.balance)
        if len(made.targets) and not 0 <= made.targets.min() <= made.targets.max() < self.n_classes:
            raise ValueError("targets of training and validation slides must be 0..n_classes-1")
        return made


@dataclass(frozen=True, slots=True)
class TrainedMil:
    """The result of a training.

    Attributes:
        weights: all that `predict_mil` needs, by name: 'member0.head.weight', ..., and 'mean' and
            'std' of the features and 'prior', the answer for slides without tiles.
        history: one table of figures for each epoch of each member.
        best_epochs: of each member, from 1.
        n_parameters: how many numbers were learnt, over all members.
        seconds: spent training.
    """

    weights: Weights
    history: list[dict[str, Any]]
    best_epochs: tuple[int, ...]
    n_parameters: int
    seconds: float

    @property
    def mean(self) -> NDArray[np.float32]:
        """Return (n_features,): mean over training slides."""
        return self.weights["mean"]

    @property
    def std(self) -> NDArray[np.float32]:
        """Return (n_features,): standard deviation over tiles of training slides."""
        return self.weights["std"]


def train_mil(
    task: MilTask,
    options: MilOptions,
    *,
    seed: int,
    threads: int = 0,
    on_event: OnEvent = ignore,
) -> TrainedMil:
    """Return the trained networks.

    Same arguments, same machine and same number of threads: same bytes. Slides without tiles are
    left out. A member keeps the weights of the epoch with the smallest log loss over validation
    patients, who and whose classes weigh as in training; where these show fewer than two classes
    it trains for all epochs and keeps the last. Of a validation slide at most twice
    `tiles_per_step` tiles are looked at, the same in each epoch.

    Args:
        task: what to learn from which slides.
        options: how.
        seed: of first weights, order, drawn tiles and dropout.
        threads: to compute with; 0: what suits the size of a step and the machine.
        on_event: told about progress.

    Raises:
        WrongData: an embedding is no number (the slide is named), the training slides show fewer
            than two classes, or the loss never was a number.
    """
    started = time.monotonic()
    train, val = task.part(task.train, options), task.part(task.val, options)
    task.bags.check_finite(train.slides)
    task.bags.check_finite(val.slides)
    n_shown = len(np.unique(train.targets))
    if n_shown < 2:
        raise WrongData.of("mil.too_few", where="train", n=len(train.slides), n_classes=n_shown)
    if len(np.unique(val.targets)) < 2:
        val = task.part((), options)
    scale = scale_of(task.bags, train.slides)
    made: Weights = {"mean": scale.mean, "std": scale.std, "prior": _prior(task, train, options)}
    history: list[dict[str, Any]] = []
    best, n_parameters = [], 0
    with torch.random.fork_rng(devices=[]), using_threads(_threads(threads, task, options)):
        for member in range(options.members):
            school = _School(task, options, scale, derive_seed(seed, "mil", member), member)
            best.append(school.train(train, val, history, on_event))
            made |= {f"member{member}.{name}": one for name, one in school.weights.items()}
            n_parameters += count_parameters(school.net)
    return TrainedMil(made, history, tuple(best), n_parameters, time.monotonic() - started)


def predict_mil(
    weights: Mapping[str, NDArray[Any]],
    options: MilOptions,
    bags: Bags,
    n_classes: int,
    *,
    on_event: OnEvent = ignore,
) -> tuple[Floats, list[Floats]]:
    """Return what the networks say of each slide, and which tiles they looked at.

    Each slide is worked out alone and by one thread: to the bit, its answer depends neither on the
    other slides nor on the number of threads; the order of its tiles matters in the last digits.

    Returns:
        (n_slides, n_classes) probabilities, the mean over members; where a slide has no tiles,
        all classes alike, or their shares of the training patients (see `balance`). And for each
        slide (n_tiles,), how much each tile counted, summing to 1: mean over members; all alike
        unless pooling is 'attention'.

    Raises:
        WrongData: an embedding is no number (the slide is named) or the weights do not fit.
    """
    nets = _networks(weights, options, bags, n_classes)
    bags.check_finite()
    scale = Scale(np.array(weights["mean"]), np.array(weights["std"]))  # torch wants its own copy
    made = np.tile(weights["prior"].astype(np.float64), (len(bags), 1))
    attention: list[Floats] = []
    told = track(range(len(bags)), on_event, stage="predict", text=text("mil.predicting"))
    with using_threads(1):
        for slide in told:
            tiles = bags.of(slide)
            if len(tiles) == 0:
                attention.append(np.empty(0))
                continue
            seen = [net.look(_standardised(tiles, scale)) for net in nets]
            scores = np.stack([one.numpy() for one, _ in seen])
            made[slide] = softmax(scores).mean(axis=0)
            attention.append(np.mean([share.numpy() for _, share in seen], axis=0))
    return made, attention


def occlude_mil(
    weights: Mapping[str, NDArray[Any]], options: MilOptions, bags: Bags, n_classes: int
) -> Floats:
    """Return (n_tiles, n_classes): by how much each class's probability falls without a tile.

    Slide after slide, as the tiles stand in `bags`; hidden is one tile at a time, the others stay.
    Negative where the class would be more probable without it.

    Raises:
        WrongData: as `predict_mil`.
    """
    nets = _networks(weights, options, bags, n_classes)
    bags.check_finite()
    scale = Scale(np.array(weights["mean"]), np.array(weights["std"]))
    made = np.zeros((len(bags.values), n_classes))
    with using_threads(1):
        for slide in range(len(bags)):
            tiles = bags.of(slide)
            if len(tiles) == 0:
                continue
            ready = _standardised(tiles, scale)
            whole = np.mean([softmax(net.look(ready)[0].numpy()[None]) for net in nets], axis=0)
            hidden = np.mean([softmax(net.without_each(ready).numpy()) for net in nets], axis=0)
            made[bags.starts[slide] : bags.starts[slide + 1]] = whole - hidden
    return made


class _School:
    """One network and what it learns with."""

    def __init__(
        self, task: MilTask, options: MilOptions, scale: Scale, seed: int, member: int
    ) -> None:
        self._bags, self._options, self._scale = task.bags, options, scale
        self._seed, self._member = seed, member
        torch.manual_seed(seed)
        self.net = BagNet(task.bags.n_features, task.n_classes, options)
        rates = TrainOptions(
            optimiser="adamw",
            learning_rate=options.learning_rate,
            weight_decay=options.weight_decay,
        )
        self._optimiser: Optimiser = make_optimiser(self.net, rates, torch.device("cpu"))
        self.weights: Weights = {}

    def train(
        self, train: Part, val: Part, history: list[dict[str, Any]], on_event: OnEvent
    ) -> int:
        """Train, add to `history`, keep the best weights; return their epoch, from 1."""
        options = self._options
        best, best_loss = 0, math.inf
        rows = self._drawn_tiles(val.slides, _VAL_TILES * options.tiles_per_step, epoch=-1)
        words = text("mil.training", member=self._member + 1, members=options.members)
        total = options.epochs * options.members
        for epoch in range(options.epochs):
            train_loss = self._epoch(train, epoch)
            val_loss = self._val_loss(val, rows) if len(val.slides) else None
            judged = train_loss if val_loss is None else val_loss
            if math.isfinite(judged) and (val_loss is None or judged < best_loss):
                best, best_loss = epoch + 1, judged
                self.weights = {k: v.numpy().copy() for k, v in self.net.state_dict().items()}
            figures = {
                "member": self._member,
                "epoch": epoch + 1,
                "train_loss": train_loss,
                "val_loss": val_loss,
            }
            history.append(figures)
            done = self._member * options.epochs + epoch + 1
            on_event(Event("train", "progress", words, done, total, figures))
            if epoch + 1 - best >= options.patience and val_loss is not None:
                break
        if not best:
            raise WrongData.of(
                "mil.never_finite",
                where="train",
                member=self._member + 1,
                smaller=f"{options.learning_rate / 10:.3g}",
            )
        return best

    def _epoch(self, part: Part, epoch: int) -> float:
        """Take every training slide once; return the mean loss."""
        options, n = self._options, len(part.slides)
        order = np.random.default_rng(derive_seed(self._seed, "order", epoch)).permutation(n)
        rows = self._drawn_tiles(part.slides, options.tiles_per_step, epoch)
        n_steps = math.ceil(n / options.slides_per_step)
        self.net.train()
        lost = 0.0
        for step in range(n_steps):
            # steps of equal size: a last step of one slide would be as loud as a full one
            at = order[n * step // n_steps : n * (step + 1) // n_steps]
            factor = rate_factor(
                "cosine", epoch * n_steps + step, options.epochs * n_steps, _WARMUP
            )
            self._optimiser.set_factor(factor)
            tiles, is_tile = self._batch(part.slides[at], [rows[i] for i in at])
            scores = self.net(tiles, is_tile)
            losses = cross_entropy(scores, torch.from_numpy(part.targets[at]), reduction="none")
            loss = (losses * torch.from_numpy(part.weights[at]).float()).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), _LONGEST_GRADIENT)
            self._optimiser.step()
            lost += float(loss.detach()) * len(at)
        return lost / n

    def _batch(self, slides: Ints, rows: Sequence[Ints | slice]) -> tuple[Tensor, Tensor]:
        """Return (slides, places, features) standardised tiles and which places hold one."""
        tiles = [self._bags.of(int(slide))[at] for slide, at in zip(slides, rows, strict=True)]
        n_places = max(len(one) for one in tiles)
        made = torch.zeros(len(tiles), n_places, self._bags.n_features)
        is_tile = torch.zeros(len(tiles), n_places, dtype=torch.bool)
        for row, one in enumerate(tiles):
            made.numpy()[row, : len(one)] = one
            is_tile[row, : len(one)] = True
        return _standardise(made, self._scale), is_tile

    def _drawn_tiles(self, slides: Ints, most: int, epoch: int) -> list[Ints | slice]:
        """Return which rows of each slide are looked at: all, or `most` drawn without repeats."""
        rng = np.random.default_rng(derive_seed(self._seed, "tiles", epoch))
        return [
            slice(None) if n <= most else np.sort(rng.choice(n, most, replace=False, shuffle=False))
            for n in self._bags.lengths[slides].tolist()
        ]

    def _val_loss(self, part: Part, rows: Sequence[Ints | slice]) -> float:
        """Return the log loss over patients."""
        self.net.eval()
        tiles = (self._bags.of(int(slide))[at] for slide, at in zip(part.slides, rows, strict=True))
        scores = [self.net.look(_standardised(one, self._scale))[0].numpy() for one in tiles]
        return log_loss(softmax(np.stack(scores)), part)


def _prior(task: MilTask, train: Part, options: MilOptions) -> Floats:
    """Return (n_classes,): what is known of a slide without tiles.

    Where classes weigh alike, nothing; otherwise the classes' shares of the training patients.
    """
    if options.balance:
        return np.full(task.n_classes, 1 / task.n_classes)
    groups = np.asarray(task.groups)[train.slides]
    weights = slide_weights(train.targets, groups, balance=False)
    shares: Floats = np.bincount(train.targets, weights, minlength=task.n_classes) / weights.sum()
    return shares


def _threads(asked: int, task: MilTask, options: MilOptions) -> int:
    """Return the number of threads to train with; never depends on the load."""
    if asked > 0:
        return asked
    tiles = min(options.tiles_per_step, int(task.bags.lengths.max()))
    size = options.slides_per_step * tiles * task.bags.n_features
    return 1 if size <= _TINY_STEP else n_cores()


def _networks(
    weights: Mapping[str, NDArray[Any]], options: MilOptions, bags: Bags, n_classes: int
) -> list[BagNet]:
    """Return the members with these weights, or raise `WrongData` where they do not fit."""
    wanted = len(weights["mean"])
    if bags.n_features != wanted:
        where = bags.name_of(0) if len(bags) else ""
        raise WrongData.of("mil.wrong_width", where=where, found=bags.n_features, wanted=wanted)
    nets = []
    for member in range(options.members):
        net = BagNet(wanted, n_classes, options)
        for name, parameter in net.state_dict().items():
            found = weights.get(f"member{member}.{name}")
            if found is None or found.shape != tuple(parameter.shape):
                raise WrongData.of("mil.wrong_weights", name=f"member{member}.{name}")
            parameter.copy_(torch.from_numpy(np.array(found)))
        nets.append(net.eval())
    return nets


def _standardised(tiles: Tiles, scale: Scale) -> Tensor:
    """Return the tiles as a tensor of their own: where memory starts may decide the last bit."""
    made = torch.empty(tiles.shape)
    made.numpy()[:] = tiles
    return _standardise(made, scale)


def _standardise(tiles: Tensor, scale: Scale) -> Tensor:
    """Return `tiles`, changed in place to comparable features."""
    tiles -= torch.from_numpy(scale.mean)
    tiles /= torch.from_numpy(scale.std)
    return tiles.clamp_(-_FARTHEST, _FARTHEST)
