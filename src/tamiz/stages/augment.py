"""Stage `augment`: what each augmentation does to the user's own images, as pictures.

It is no stage of the way: it looks at a planned run and changes nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import recipe_to_toml
from tamiz.core.seeds import derive_seed
from tamiz.data.image import Image
from tamiz.data.manifest import Manifest
from tamiz.data.report import Block, Code, Paragraph, Picture, Pictures, Report, Section
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.models.registry import MODELS
from tamiz.stages.pictures import example_rows, picture_of
from tamiz.stages.planning.facts import look_at
from tamiz.stages.policies import POLICIES, AugmentTable, policy_for, shown
from tamiz.stages.preparing import fitted_steps, prepare_rows
from tamiz.stages.showing import with_page
from tamiz.steps.apply import input_steps

if TYPE_CHECKING:
    from torch import Tensor

    from tamiz.engine.augment.registry import Augmentation, Mixer

_DRAWS: Final = 6
_EXAMPLES: Final = 2  # images shown for each augmentation
_BATCH: Final = 6  # images that mixers draw partners from
_OF_COLOURS: Final = frozenset({"colour", "stain"})


@dataclass(frozen=True, slots=True)
class ShowAugmentations:
    """Which augmentations are shown.

    Attributes:
        every: all that tamiz has, at their defaults.
        policy: those of a policy, '' for none; without both, the recipe's own.
    """

    every: bool = False
    policy: str = ""


def augment(recipe: Recipe, run: Run, how: ShowAugmentations, on_event: OnEvent = ignore) -> Report:
    """Show training images as they are and as augmentations change them, each drawn six times.

    Args:
        recipe: in force; its preparation is applied first, so pictures are what the network sees.
        run: planned.
        how: which augmentations.
        on_event: told about progress.

    Raises:
        WrongUse: the network reads slides, or there is no such policy.
        UnreadableItem: an image does not decode.
    """
    check_augmentable(recipe)
    train = run.manifest().where(split="train")
    tables, reason = _tables(recipe, run, how, on_event)
    rows = _examples(train)
    pixels = _pixels(rows, train, recipe, on_event)
    sections = [
        Section(f"augment_{number}", shown(table), tuple(_one(table, pixels, rows, recipe)))
        for number, table in enumerate(tables, start=1)
    ]
    asked = recipe.train.augment
    if len(asked) > 1 and tables == asked:
        together = _drawn(asked, pixels, rows, recipe)
        note = Paragraph(text("augment.together_note"))
        section = Section("augment_together", text("augment.together"), (note, *together))
        sections.insert(0, section)
    return with_page(_report(tables, reason, sections, recipe), run)


def check_augmentable(recipe: Recipe) -> None:
    """Raise where nothing is augmented: slides are described once, tile by tile.

    Raises:
        WrongUse: the network reads slides, or is fitted at once.
    """
    if MODELS.get(recipe.model.name).reads == "slides":
        raise WrongUse.of("augment.slides", where="model.name", name=recipe.model.name)
    if MODELS.get(recipe.model.name).learns == "at once":
        raise WrongUse.of("classical.no_steps", where="model.name", name=recipe.model.name)


def _tables(
    recipe: Recipe, run: Run, how: ShowAugmentations, on_event: OnEvent
) -> tuple[list[AugmentTable], Text]:
    """Return the augmentations to show, and why these."""
    is_grey = recipe.prepare.channels == 1
    if how.every:
        from tamiz.engine.augment.registry import AUGMENTATIONS

        names = [n for n in AUGMENTATIONS.names() if not (is_grey and n in _OF_COLOURS)]
        return [{"name": name} for name in names], text("augment.shown_all", n=len(names))
    if how.policy and how.policy not in POLICIES:
        choices = ", ".join(POLICIES)
        raise WrongUse.of("augment.no_policy", where="--policy", name=how.policy, choices=choices)
    if not how.policy and recipe.train.augment:
        return list(recipe.train.augment), text("augment.shown_recipe")
    policy = policy_for(how.policy or look_at(run.manifest(), recipe, on_event).kind.kind)
    tables = [dict(one) for one in policy.tables if not (is_grey and one["name"] in _OF_COLOURS)]
    key = "augment.shown_policy" if how.policy else "augment.shown_policy_instead"
    return tables, text(key, policy=policy.name, reason=policy.reason)


def _examples(train: Manifest) -> Manifest:
    """Return a few training rows, one of each class first; the same ones each time."""
    by_class = [list(rows.rows("item")) for rows in example_rows(train).values()]
    turns = [items[at][0] for at in range(_BATCH) for items in by_class if at < len(items)]
    place = {item: position for position, item in enumerate(train.column("item"))}
    return train.take([place[item] for item in turns[:_BATCH]])


def _pixels(rows: Manifest, train: Manifest, recipe: Recipe, on_event: OnEvent) -> Tensor:
    policy = policy_from(recipe.data)
    steps = fitted_steps(input_steps(recipe.prepare), train, policy)
    images = prepare_rows(rows, steps, policy, recipe, None, on_event)
    return images.batch(np.arange(len(rows), dtype=np.int64))


def _one(table: Mapping[str, Any], pixels: Tensor, rows: Manifest, recipe: Recipe) -> list[Block]:
    """Return the pictures of one augmentation, applied whatever its probability."""
    from tamiz.engine.augment.pipeline import Pipeline

    part = Pipeline([table]).parts[0]
    if part.name != "flip" and hasattr(part, "probability"):
        table = {**table, "probability": 1.0}
    blocks: list[Block] = [Paragraph(_what(part))]
    return [*blocks, *_drawn([table], pixels, rows, recipe)]


def _what(part: Augmentation | Mixer) -> Text | str:
    from tamiz.core.language import has_text
    from tamiz.stages.list import description_key

    key = description_key("augmentations", part.name)
    return text(key) if has_text(key) else part.name


def _drawn(
    tables: Sequence[Mapping[str, Any]], pixels: Tensor, rows: Manifest, recipe: Recipe
) -> list[Block]:
    """Return for each example the original and what the first six epochs make of it."""
    import torch

    from tamiz.engine.augment.pipeline import Pipeline
    from tamiz.engine.keyed import item_keys_of, keyed_uniforms

    pipeline = Pipeline(tables)
    keys = item_keys_of(rows.column("item"))
    seed = derive_seed(recipe.train.seed, "augment")
    labels = [str(label) for label in rows.column("label")]
    blocks: list[Block] = []
    made: list[list[Picture]] = [
        [picture_of(_image(pixels[at]), text("augment.original", label=labels[at]))]
        for at in range(min(_EXAMPLES, len(rows)))
    ]
    for epoch in range(_DRAWS):
        uniforms = torch.from_numpy(keyed_uniforms(seed, epoch, keys, pipeline.n_uniforms))
        changed, shares = pipeline.mix(pipeline(pixels, uniforms), torch.eye(len(rows)), uniforms)
        for at, row in enumerate(made):
            caption = _shares(shares[at].tolist(), labels) if pipeline.mixes else str(epoch + 1)
            row.append(picture_of(_image(changed[at]), caption))
    blocks += [Pictures(tuple(row)) for row in made]
    return blocks


def _image(pixels: Tensor) -> Image:
    return Image(np.ascontiguousarray(pixels.permute(1, 2, 0).numpy()))


def _shares(shares: Sequence[float], labels: Sequence[str]) -> str:
    """Return '70 % cat, 30 % dog'."""
    total: dict[str, float] = {}
    for share, label in zip(shares, labels, strict=True):
        total[label] = total.get(label, 0.0) + share
    largest = sorted(total.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{100 * share:.0f} % {label}" for label, share in largest if share >= 0.005)


def _report(
    tables: Sequence[AugmentTable], reason: Text, sections: Sequence[Section], recipe: Recipe
) -> Report:
    title = text("augment.title")
    fragment = Code(train_fragment(tables, recipe), text("augment.fragment"))
    opening = Section("augment", title, (Paragraph(reason), Paragraph(text("augment.how"))))
    closing = Section("augment_recipe", text("augment.for_recipe"), (fragment,))
    values = {"augment": {"tables": list(tables)}}
    summary = (Paragraph(reason), fragment)
    return Report("augment", title, (opening, *sections, closing), summary, values)


def train_fragment(tables: Sequence[AugmentTable], recipe: Recipe) -> str:
    """Return the lines of a recipe that ask for these augmentations."""
    wanted = replace(recipe, train=replace(recipe.train, augment=list(tables)))
    written = recipe_to_toml(wanted, {})
    start, end = written.find("[[train.augment]]"), written.find("[evaluate]")
    return written[start:end].strip() if tables else "[train]\naugment = []"
