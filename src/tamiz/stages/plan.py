"""`plan`: what to do with these data and why, written down before it is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import recipe_to_toml, tables_from_settings, with_tables
from tamiz.core.seeds import derive_seed
from tamiz.data.label_sets import count_labels
from tamiz.data.manifest import Manifest
from tamiz.data.report import Code, Report, Section, Table
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.models.backbone import is_only_head, suggested_start
from tamiz.models.registry import MODELS, InputFacts
from tamiz.stages.pipeline import decided_by_hand, keep_recipe
from tamiz.stages.policies import KindFacts, augmentation_for, kind_facts
from tamiz.stages.preparing import read_thumbnails
from tamiz.stages.symmetry import MirrorFacts, measure_mirroring

_N_LOOKED_AT: Final = 2000  # training images whose thumbnails the plan looks at
_SMALL_SIDE: Final = 96  # up to here the images' own size is used
_FEW_EPOCHS: Final = 10
_PLANNED_SIZES: Final = (28, 32, 48, 64)  # of larger ones


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the plan knows about the training part."""

    n_train: int
    n_val: int
    n_groups: int
    counts: dict[str, int]
    side_px: int
    is_one_size: bool
    is_square: bool
    is_grey: bool
    mirror: MirrorFacts | None
    kind: KindFacts = KindFacts()

    @property
    def imbalance(self) -> float:
        """Return how many times larger the largest class is than the smallest."""
        return max(self.counts.values()) / max(1, min(self.counts.values()))


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: the recipe's field, its value, and why."""

    path: str
    value: object
    reason: Text


def plan(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Choose what the user left open, and write recipe.toml with a reason for each choice.

    Raises:
        WrongUse: a setting does not exist or is out of its limits.
    """
    manifest = run.manifest()
    facts = look_at(manifest, recipe, on_event)
    asked = decided_by_hand(run)
    choices = [c for c in choose(facts, recipe) if c.path not in asked]
    planned = tables_from_settings({c.path: c.value for c in choices})
    recipe = with_tables(recipe, planned, where="plan")
    more = [c for c in choose_training(facts, recipe, asked) if c.path not in asked]
    recipe = with_tables(recipe, tables_from_settings({c.path: c.value for c in more}))
    reasons = {c.path: c.reason for c in (*choices, *more)}
    reasons |= {path: text("plan.asked") for path in asked}
    keep_recipe(run, recipe, reasons)
    return _report(recipe, [*choices, *more], reasons, facts)


def look_at(manifest: Manifest, recipe: Recipe, on_event: OnEvent = ignore) -> DataFacts:
    """Return the facts that the choices rest on; reads some training images, never test ones."""
    train = manifest.where(split="train")
    sizes = list(zip(train.column("width_px"), train.column("height_px"), strict=True))
    is_grey = all(n_channels == 1 for n_channels in train.column("channels"))
    mirror = None if _reads_slides(recipe) else _mirror_facts(train, recipe, on_event)
    return DataFacts(
        n_train=len(train),
        n_val=len(manifest.where(split="val")),
        n_groups=len(set(train.group_keys())),
        counts=dict(sorted(count_labels(train.label_sets()).items())),
        side_px=int(np.median([max(size) for size in sizes])),
        is_one_size=len(set(sizes)) == 1,
        is_square=all(0.9 <= width / height <= 1.1 for width, height in sizes),
        is_grey=is_grey,
        mirror=mirror,
        kind=kind_facts(train, recipe.data.source, mirror, is_grey=is_grey),
    )


def choose(facts: DataFacts, recipe: Recipe) -> list[Choice]:
    """Return the choices about the network's input and the network."""
    if _reads_slides(recipe):
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


def _reads_slides(recipe: Recipe) -> bool:
    return MODELS.get(recipe.model.name).reads == "slides"


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
    if _reads_slides(recipe):
        return []  # its own options say how it is trained
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
    has_flip = any(table["name"] == "flip" for table in in_force)
    return [
        *choices,
        Choice("train.augment", augment, reason),
        Choice("train.average_mirrored", has_flip, text("plan.average_mirrored")),
    ]


def _size_for(side: int) -> int:
    return max((size for size in _PLANNED_SIZES if size <= side), default=side)


def _mirror_facts(train: Manifest, recipe: Recipe, on_event: OnEvent) -> MirrorFacts | None:
    rng = np.random.default_rng(derive_seed("plan", recipe.train.seed))
    looked_at = np.sort(rng.permutation(len(train))[:_N_LOOKED_AT])
    rows = train.take(looked_at.tolist())
    classes, labels = np.unique(rows.column("label"), return_inverse=True)  # sets of labels, too
    if len(rows) < 20 or len(classes) < 2:
        return None
    thumbnails = read_thumbnails(rows, policy_from(recipe.data), on_event, stage="plan")
    return measure_mirroring(thumbnails, labels.astype(np.int64))


def _report(
    recipe: Recipe, choices: list[Choice], reasons: dict[str, Text], facts: DataFacts
) -> Report:
    columns = (text("plan.field"), text("plan.value"), text("plan.why"))
    table = Table(columns, tuple((c.path, _shown(c.value), c.reason) for c in choices))
    code = Code(recipe_to_toml(recipe, reasons), text("plan.recipe"))
    values = {
        "choices": {c.path: c.value for c in choices},
        "facts": {
            "n_train": facts.n_train,
            "n_val": facts.n_val,
            "n_groups": facts.n_groups,
            "classes": facts.counts,
            "imbalance": facts.imbalance,
        },
    }
    title = text("plan.title")
    return Report("plan", title, (Section("plan", title, (table, code)),), (table,), values)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else _table_shown(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table_shown(table: dict[str, Any]) -> str:
    options = (f"{name}={value}" for name, value in table.items() if name != "name")
    return " ".join([str(table["name"]), *options])
