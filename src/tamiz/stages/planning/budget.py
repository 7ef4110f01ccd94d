"""How much of a training fits into a given time: seconds are measured, epochs are reckoned."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import Reader, policy_from
from tamiz.models.registry import MODELS
from tamiz.stages.planning.choices import PLANNED_SIZES, Choice, Draft, choose_epochs_of_stages
from tamiz.stages.planning.facts import DataFacts
from tamiz.stages.policies import augmentation_for, policy_for
from tamiz.stages.preparing import fitted_steps
from tamiz.steps.apply import input_steps, prepare_image

if TYPE_CHECKING:
    from tamiz.engine.costing import Cost

SAFETY: Final = 1.25  # a measured second may become a longer one: the machine has other work
START_S: Final = 2.0  # making the network, the first batch, writing the bundle
AFTER_S: Final = 1.5  # fitting calibration and guard, besides the passes through the network
_READ_MOST: Final = 24  # images whose preparation is timed
_READ_MOST_S: Final = 0.5
_GUARD_IMAGES: Final = 5_000  # of a part that the guard sends through the network
_GUARD_IMAGES_LARGE: Final = 1_000  # likewise through a network of timm or torchvision
_GUARD_DECODED: Final = (600, 1_000)  # of the training and of the validation part
_MANY: Final = 5000  # images from which the network with residual pairs was measured to be better
_LONGER: Final = 3  # times the usual epochs that are of use where there is time
_ERASE: Final = {"name": "erase", "fraction": 0.3, "probability": 0.5}


@dataclass(frozen=True, slots=True)
class Load:
    """What a draft costs on these data and this machine.

    Attributes:
        cost: of the training, measured.
        prepare_s: for each image, over all workers.
        n_train: images of one training; `n_val` likewise.
        n_fits: trainings; several with folds.
        decodes_again: whether images are decoded in every epoch, since they do not fit.
        prepared_bytes: of all prepared images together.
        step_bytes: of a training step, weights and their moments included.
        after_s: of what follows a training: the validation part is predicted for the
            calibration, and the guard looks at images of both parts.
    """

    cost: Cost
    prepare_s: float
    n_train: int
    n_val: int
    n_fits: int
    decodes_again: bool
    prepared_bytes: int
    step_bytes: int
    after_s: float = 0.0

    @property
    def prepare_all_s(self) -> float:
        """Return the seconds of preparing all images once."""
        return self.prepare_s * (self.n_train + self.n_val)

    def fixed_s(self, *, is_warm: bool = False) -> float:
        """Return the seconds that come whatever the epochs of the last stage: before and after.

        Args:
            is_warm: whether images are prepared and features computed already.
        """
        n = self.n_train + self.n_val
        stages = self.cost.stages
        before = sum(
            one.epochs * self.cost.epoch(self.n_train, self.n_val, at)
            for at, one in enumerate(stages[:-1])
        )
        once = 0.0 if is_warm else self.cost.once(n) + self.prepare_all_s
        return self.n_fits * (START_S + before + once + self.after_s)

    def epoch_s(self) -> float:
        """Return the seconds of an epoch of the last stage."""
        again = self.prepare_all_s if self.decodes_again else 0.0
        return self.n_fits * (self.cost.epoch(self.n_train, self.n_val) + again)

    def seconds(self, epochs: int, *, is_warm: bool = False) -> float:
        """Return the seconds of the whole training with so many epochs in its last stage."""
        return self.fixed_s(is_warm=is_warm) + epochs * self.epoch_s()

    def epochs_within(self, seconds: float, *, is_warm: bool = False) -> int:
        """Return how many epochs of the last stage surely fit; 0: not even one."""
        left = seconds / SAFETY - self.fixed_s(is_warm=is_warm)
        return max(0, int(left / max(self.epoch_s(), 1e-9)))

    def trial_s(self, epochs: int, share: float = 1.0) -> float:
        """Return the seconds of a trial on a share of the training images, and all of validation.

        Nothing is calibrated after it, and no guard is fitted.
        """
        n = share * self.n_train
        once = (n + self.n_val) * (self.prepare_s + self.cost.once(1))
        before = sum(
            one.epochs * (n * one.train_s + self.n_val * one.val_s) for one in self.cost.stages[:-1]
        )
        last = self.cost.stages[-1]
        again = (n + self.n_val) * self.prepare_s if self.decodes_again else 0.0
        return (
            START_S + once + before + epochs * (n * last.train_s + self.n_val * last.val_s + again)
        )


Weigh = Callable[[Draft], Load]


@dataclass(frozen=True, slots=True)
class Rung:
    """A draft with the epochs it is good for: fewer than `least` and a cheaper one is better."""

    draft: Draft
    least: int
    most: int


def weigh(draft: Draft, train: Manifest, facts: DataFacts, limit_s: float) -> Load:
    """Return what a draft costs here: some training images are prepared, some steps are timed.

    Args:
        draft: a whole way to do it.
        train: rows of the training part.
        facts: of the data.
        limit_s: about how many seconds each stage may be timed for.

    Raises:
        WrongUse, UnreadableItem, WrongData: it could not be trained either.
    """
    from tamiz.engine.costing import cost_of
    from tamiz.models.registry import InputShape

    recipe = draft.recipe
    side, channels = recipe.prepare.size_px, recipe.prepare.channels
    shape = InputShape(channels, side, max(2, len(facts.counts)))
    cost = cost_of(
        recipe.model, recipe.train, shape, is_multilabel=facts.is_multilabel, limit_s=limit_s
    )
    n_train, n_val, n_fits = _sizes_of_fits(recipe, facts)
    prepared = (n_train + n_val) * side * side * channels
    batch = min(recipe.train.batch_size or 128, max(1, n_train))
    prepare_s = _prepare_seconds(recipe, train)
    return Load(
        cost=cost,
        prepare_s=prepare_s,
        n_train=n_train,
        n_val=n_val,
        n_fits=n_fits,
        decodes_again=prepared > recipe.prepare.memory_mib * 2**20,
        prepared_bytes=min(prepared, recipe.prepare.memory_mib * 2**20),
        step_bytes=batch * cost.bytes_per_image + cost.parameters_bytes,
        after_s=_after_seconds(recipe, cost, prepare_s, (n_train, n_val)),
    )


def _after_seconds(recipe: Recipe, cost: Cost, prepare_s: float, n: tuple[int, int]) -> float:
    """Return the seconds of predicting the validation part and of fitting the guard."""
    last = cost.stages[-1]
    forward_s = last.once_s + last.val_s  # a frozen network is gone through again
    if recipe.train.average_mirrored:
        forward_s *= 2
    seconds = AFTER_S + n[1] * forward_s
    if recipe.train.guard:
        is_large = MODELS.get(recipe.model.name).preferred is not None
        most = _GUARD_IMAGES_LARGE if is_large else _GUARD_IMAGES
        seconds += sum(min(one, most) for one in n) * forward_s
        seconds += sum(map(min, n, _GUARD_DECODED)) * prepare_s
    return seconds


def _sizes_of_fits(recipe: Recipe, facts: DataFacts) -> tuple[int, int, int]:
    if not facts.is_folded:
        return facts.n_train, facts.n_val, 1
    n_folds = recipe.split.folds or max(2, facts.n_centres)
    learnt = facts.sizes.n_all * (n_folds - 1) // n_folds
    n_val = int(learnt * recipe.split.val_fraction)
    return learnt - n_val, n_val, n_folds * recipe.split.repeats


def _prepare_seconds(recipe: Recipe, train: Manifest) -> float:
    """Return the seconds that preparing an image takes, with as many workers as will work."""
    import os

    places = list(train.rows("path", "frame"))
    chosen = places[:: max(1, len(places) // _READ_MOST)][:_READ_MOST]
    rows = train.take(list(range(len(places)))[:: max(1, len(places) // _READ_MOST)][:_READ_MOST])
    policy = policy_from(recipe.data)
    steps = fitted_steps(input_steps(recipe.prepare), rows, policy)
    n = 0
    started = time.monotonic()
    with Reader(train.root, policy) as reader:
        for path, frame in chosen:
            prepare_image(reader.read(path, frame), steps)
            n += 1
            if time.monotonic() - started > _READ_MOST_S:
                break
    each = (time.monotonic() - started) / max(1, n)
    asked = recipe.prepare.workers
    workers = len(os.sched_getaffinity(0)) if asked < 0 else max(1, asked)
    return each / max(1.0, 0.7 * workers)


def rungs_of_small(base: Draft, facts: DataFacts) -> list[Rung]:
    """Return ways with our own network, the cheapest first; each with the epochs it is good for.

    Smaller inputs where there is little time; with many images residual pairs where there is much
    (Fashion-MNIST: 93.4 % in 6 epochs, 94.5 % in 18 with pairs). Few images bear more epochs than
    the usual ones: an epoch of them is few steps.
    """
    usual = base.recipe.train.epochs
    size = base.recipe.prepare.size_px
    can_shrink = facts.side_px > size and "prepare.size_px" not in base.fixed
    sizes = [one for one in PLANNED_SIZES if one < size][-2:] if can_shrink else []
    if "train.epochs" in base.fixed:
        return [Rung(base, 1, usual)]
    most = usual if facts.n_train >= _MANY else _LONGER * usual
    rungs, least = [], 1
    for number, smaller in enumerate(sizes):
        why = text("budget.size_less", size=smaller, usual=size)
        rungs.append(Rung(base.chosen(Choice("prepare.size_px", smaller, why)), least, most))
        least = max(least, usual // 2 ** (len(sizes) - number))
    rungs.append(Rung(base, least, most))
    if facts.n_train >= _MANY and "model.options" not in base.fixed:
        rungs.append(Rung(_with_pairs(base, facts), usual, _LONGER * usual))
    return rungs


def _with_pairs(base: Draft, facts: DataFacts) -> Draft:
    """Return the draft with residual pairs, and the augmentation that more epochs bear."""
    suggested: list[dict[str, Any]] = [{"name": "shift", "fraction": 0.04}, {"name": "flip"}]
    kept, why = augmentation_for(facts.kind, suggested, has_few_epochs=False)
    if any(one["name"] == "erase" for one in policy_for(facts.kind.kind).tables):
        kept = [*kept, dict(_ERASE)]
    mirrors = any(one["name"] == "flip" for one in kept)
    options: dict[str, Any] = {**base.recipe.model.options, "residual": True}
    return base.chosen(
        Choice("model.options", options, text("budget.pairs")),
        Choice("train.augment", kept, why),
        Choice("train.average_mirrored", mirrors, text("plan.average_mirrored")),
    )


def highest(rungs: Sequence[Rung], loads: Weigh, seconds: float) -> tuple[Rung, Load, int] | None:
    """Return the best way that fits, what it costs, and its epochs; None: nothing fits.

    Args:
        rungs: the cheapest first.
        loads: measures what a draft costs.
        seconds: that there are.
    """
    for rung in reversed(rungs):
        load = loads(rung.draft)
        epochs = min(rung.most, load.epochs_within(seconds))
        if epochs >= rung.least:
            return rung, load, epochs
    return None


def with_epochs(draft: Draft, epochs: int, reason: Text) -> Draft:
    """Return the draft with so many epochs in the last of its stages."""
    stages = draft.recipe.train.stages
    if len(stages) < 2:
        return draft.chosen(Choice("train.epochs", epochs, reason))
    part = stages[-1].partition(":")[0]
    rest = stages[-1].split(":")[2:]
    last = ":".join([part, str(epochs), *rest])
    made = draft.chosen(Choice("train.stages", [*stages[:-1], last], reason))
    return made.chosen(*choose_epochs_of_stages(made.recipe.train.stages))


def last_epochs(draft: Draft) -> int:
    """Return the epochs of the last stage."""
    from tamiz.engine.fine_tuning import stages_of

    return stages_of(draft.recipe.train)[-1].epochs
