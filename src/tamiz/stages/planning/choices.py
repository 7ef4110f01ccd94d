"""What the plan chooses and why: facts in, choices out; nothing is read and nothing is timed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import tables_from_settings, with_tables
from tamiz.models.backbone import epochs_of_stages, is_only_head, suggested_start
from tamiz.models.registry import MODELS, InputFacts
from tamiz.stages.planning.facts import DataFacts, is_fitted_at_once, reads_slides
from tamiz.stages.policies import augmentation_for

_SMALL_SIDE: Final = 96  # up to here the images' own size is used
_FEW_EPOCHS: Final = 10
PLANNED_SIZES: Final = (28, 32, 48, 64)  # of larger ones
_IMBALANCED: Final = 3.0  # from here a class may vanish behind the others


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: the recipe's field, its value, and why."""

    path: str
    value: object
    reason: Text


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole way to do it.

    Attributes:
        name: 'small', 'frozen', ...; the key of its words.
        recipe: with all its choices.
        choices: each with its reason.
        fixed: fields that later choices leave alone.
    """

    name: str
    recipe: Recipe
    choices: tuple[Choice, ...]
    fixed: frozenset[str] = frozenset()

    def chosen(self, *more: Choice) -> Draft:
        """Return the draft with these choices in place of what it says of their fields."""
        new = {one.path: one for one in more if one.path not in self.fixed}
        kept = [one for one in self.choices if one.path not in new]
        tables = tables_from_settings({path: one.value for path, one in new.items()})
        recipe = with_tables(self.recipe, tables, where="plan")
        return Draft(self.name, recipe, (*kept, *new.values()), self.fixed)


def draft(name: str, facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Draft:
    """Return what suits the recipe's network; fields in `asked` stay as they are.

    Raises:
        WrongUse: a setting is out of its limits.
    """
    made = Draft(name, recipe, (), frozenset(asked))
    made = made.chosen(*choose(facts, made.recipe))
    made = made.chosen(*choose_training(facts, made.recipe, asked))
    made = made.chosen(*choose_epochs_of_stages(made.recipe.train.stages))
    return made.chosen(*choose_by_imbalance(facts, made.recipe))


def choose(facts: DataFacts, recipe: Recipe) -> list[Choice]:
    """Return the choices about the network's input and the network."""
    if reads_slides(recipe):
        return [Choice("model.name", recipe.model.name, text("plan.model_slides"))]
    preferred = MODELS.get(recipe.model.name).preferred
    if preferred is not None:
        return _choose_for_backbone(facts, recipe, preferred)
    side = facts.side_px
    is_small = facts.is_one_size and side <= _SMALL_SIDE
    size = side if is_small else _size_for(side)
    size_reason = "plan.size_own" if is_small else "plan.size_shrunk"
    aspect = "stretch" if facts.is_square else "pad"
    return [
        _channels(facts, recipe),
        Choice("prepare.size_px", max(8, size), text(size_reason, side=side, size=max(8, size))),
        Choice("prepare.aspect", aspect, text(f"plan.aspect_{aspect}")),
        Choice("model.name", recipe.model.name, text("plan.model", n=facts.n_train)),
    ]


def _choose_for_backbone(facts: DataFacts, recipe: Recipe, preferred: InputFacts) -> list[Choice]:
    """Return the input that a network of timm or torchvision was made for."""
    name, side = recipe.model.name, preferred.size_px
    aspect = "stretch" if facts.is_square else "pad"
    channels = _channels(facts, recipe)
    if channels.value == 1 and facts.is_grey:
        channels = Choice("prepare.channels", 3, text("plan.channels_repeated", model=name))
    how = preferred.interpolation
    return [
        channels,
        Choice("prepare.size_px", side, text("plan.size_of_network", model=name, size=side)),
        Choice("prepare.interpolation", how, text("plan.interpolation_of_network", model=name)),
        Choice("prepare.aspect", aspect, text(f"plan.aspect_{aspect}")),
        Choice("model.weights", recipe.model.weights, text("plan.weights_public", model=name)),
    ]


def _channels(facts: DataFacts, recipe: Recipe) -> Choice:
    """Return how many channels the network sees: as many as windows, or as the images have."""
    windows = [step["windows"] for step in recipe.prepare.steps if step.get("name") == "window"]
    if windows and isinstance(windows[0], list):
        n = len(windows[0])
        return Choice("prepare.channels", n, text("plan.channels_windows", n=n))
    reason = "plan.channels_grey" if facts.is_grey else "plan.channels_colour"
    return Choice("prepare.channels", 1 if facts.is_grey else 3, text(reason))


def choose_training(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> list[Choice]:
    """Return the choices about training; they depend on the network and its input.

    With few epochs one kind of augmentation is enough (Fashion-MNIST, 6 epochs, one run each, test
    part: 92.7 % with shift and flip, 93.4 % with flip alone, both +-0.5).
    """
    if reads_slides(recipe):
        return []  # its own options say how it is trained
    if is_fitted_at_once(recipe):
        return [
            Choice("train.epochs", 1, text("classical.plan_epochs")),
            Choice("train.augment", [], text("classical.plan_augment")),
            Choice("train.average_mirrored", value=False, reason=text("classical.plan_mirrored")),
        ]
    spec = MODELS.get(recipe.model.name)
    suggested = dict(spec.suggest(facts.n_train, recipe.prepare.size_px, len(facts.counts)))
    is_head_only = False
    if spec.preferred is not None:
        stages = recipe.train.stages if "train.stages" in asked else None
        suggested |= suggested_start(recipe.model, stages)
        in_force = stages if stages is not None else suggested["stages"]
        is_head_only = is_only_head(in_force)
    augment: list[Any] = list(suggested.pop("augment", []))  # type: ignore[call-overload]
    why = "plan.suggested" if spec.preferred is None else "plan.usual"
    choices = [
        Choice(f"train.{name}", value, text(why, model=recipe.model.name))
        for name, value in suggested.items()
    ]
    has_few_epochs = int(str(suggested.get("epochs", _FEW_EPOCHS))) < _FEW_EPOCHS
    augment, reason = augmentation_for(facts.kind, augment, has_few_epochs=has_few_epochs)
    if is_head_only:
        augment, reason = [], text("plan.augment_frozen")
    in_force = recipe.train.augment if "train.augment" in asked else augment
    return [*choices, *_augment_choices(augment, reason, in_force)]


def choose_epochs_of_stages(stages: Sequence[str]) -> list[Choice]:
    """Return how long the training is where each stage says so itself: nothing else counts then."""
    n = epochs_of_stages(stages)
    return [] if n is None else [Choice("train.epochs", n, text("plan.epochs_of_stages"))]


def _augment_choices(
    augment: list[dict[str, Any]], reason: Text, in_force: list[dict[str, Any]]
) -> list[Choice]:
    has_flip = any(table["name"] == "flip" for table in in_force)
    return [
        Choice("train.augment", augment, reason),
        Choice("train.average_mirrored", has_flip, text("plan.average_mirrored")),
    ]


def choose_by_imbalance(facts: DataFacts, recipe: Recipe) -> list[Choice]:
    """Return the main metric: as it is, with what the classes' sizes mean for it.

    Where one class has at least 3 times the images of another, saying always the largest one looks
    good in accuracy. That is told and the mean over classes recommended; metric and loss stay, for
    whether a class is to count more than its share is for those to say who use the model.
    """
    if facts.is_multilabel or reads_slides(recipe):
        return []
    label, n = facts.smallest_class
    key = "plan.metric_uneven" if is_uneven(facts) else "plan.metric_even"
    why = text(key, times=facts.imbalance, label=label, n=n)
    return [Choice("evaluate.metric", recipe.evaluate.metric, why)]


def is_uneven(facts: DataFacts) -> bool:
    """Return whether a class is so small that it may vanish behind the others in accuracy."""
    return not facts.is_multilabel and facts.imbalance >= _IMBALANCED


def _size_for(side: int) -> int:
    return max((size for size in PLANNED_SIZES if size <= side), default=side)


def reasons_of(choices: Collection[Choice], asked: Collection[str]) -> Mapping[str, Text]:
    """Return why each field is as it is; of what a person chose, that they did."""
    return {one.path: one.reason for one in choices} | {p: text("plan.asked") for p in asked}
