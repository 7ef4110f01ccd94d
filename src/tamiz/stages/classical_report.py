"""What a model on descriptors tells of itself: what was fitted, and which columns it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Estimate, Paragraph, Report, Section, Table
from tamiz.metrics.comparing import difference, metric_for
from tamiz.metrics.report_blocks import metric_name, to_values
from tamiz.stages.fitted_facts import Fact, fitted_facts, tried_table
from tamiz.stages.training_rows import targets_of

if TYPE_CHECKING:
    from tamiz.engine.prepared import PreparedImages
    from tamiz.engine.train import Trained
    from tamiz.models.bundle import Bundle
    from tamiz.models.nets.described import DescribedNet

_MOST_ROWS: Final = 1_000
_REPEATS: Final = 3
_MOST_PARTS: Final = 12  # of a descriptor; finer ones say little each
_WORDS_OF_PART: Final = 2  # of a column's name: rgb_r_00 is of rgb_r


@dataclass(frozen=True, slots=True)
class Importance:
    """What a group of columns is worth.

    Attributes:
        name: of the descriptor, or of a part of it.
        n_columns: that the classifier reads.
        lost: how much worse the metric is when these columns are shuffled between images.
    """

    name: str
    n_columns: int
    lost: Estimate


def importances_of(
    bundle: Bundle, rows: Manifest, images: PreparedImages, recipe: Recipe, on_event: OnEvent
) -> tuple[Importance, ...]:
    """Return the permutation importance of each group of columns, measured on validation rows.

    All columns of a group are shuffled together between images, so that what another column says
    as well does not hide them; three shuffles, their mean, and the bootstrap over groups of
    images. Nothing is fitted anew.

    Source: Breiman, "Random forests", Machine Learning 45 (2001) 5-32, section 10.

    Args:
        bundle: fitted and calibrated.
        rows: manifest rows, split 'train' and 'val'.
        images: theirs, prepared.
        recipe: whose metric and confidence count.
        on_event: told about progress.
    """
    import torch

    from tamiz.engine.classical.model import described_images

    at = np.flatnonzero(np.array(rows.column("split"), dtype=object) == "val")
    if not len(at):
        return ()
    at = at[np.linspace(0, len(at) - 1, min(_MOST_ROWS, len(at))).round().astype(np.int64)]
    net = _described_net(bundle)
    values = described_images(images, at, net.described, on_event)
    part = rows.take(at.tolist())

    def answers(changed: NDArray[np.float32]) -> Predictions:
        with torch.inference_mode():
            scores = net.scores_of(torch.from_numpy(changed)).numpy()
        return Predictions(
            classes=bundle.classes,
            item=np.array(part.column("item"), dtype=np.str_),
            group=np.array(part.group_keys(), dtype=np.str_),
            target=targets_of(part, list(bundle.classes)).astype(np.int64),
            probabilities=bundle.probabilities_of(scores),
            split="val",
            bundle=bundle.identity(),
        )

    metric = metric_for(recipe.evaluate.metric, is_multilabel=False)
    rng = np.random.default_rng(derive_seed(recipe.train.seed, "importance"))
    orders = [rng.permutation(len(at)) for _ in range(_REPEATS)]
    made = []
    plain, groups = answers(values), list(column_groups(net).items())
    for name, columns in track(
        groups, on_event, stage="train", text=text("classical.importance_progress")
    ):
        shuffled = []
        for order in orders:
            changed = values.copy()
            changed[:, columns] = values[order][:, columns]
            shuffled.append(answers(changed))
        sides = ([plain], shuffled) if metric.better == "higher" else (shuffled, [plain])
        lost = _unsigned_zero(difference(*sides, metric, recipe.evaluate))
        made.append(Importance(name, len(columns), lost))
    return tuple(made)


def _unsigned_zero(lost: Estimate) -> Estimate:
    """Return the estimate; what is 0 but for rounding is 0, not -0."""
    return replace(lost, value=round(lost.value, 12) + 0.0)


def column_groups(net: DescribedNet) -> dict[str, NDArray[np.int64]]:
    """Return name -> the columns of each descriptor, and of its parts where these are few.

    Columns that the classifier does not read are left out.
    """
    read = set(net.columns.tolist())
    made: dict[str, NDArray[np.int64]] = {}
    start = 0
    for (name, _), descriptor in zip(net.described.descriptors, net.described.made(), strict=True):
        names = descriptor.names()
        at = [place for place in range(len(names)) if start + place in read]
        whole = np.array(at, dtype=np.int64) + start
        key = name if name not in made else f"{name} ({start})"
        parts: dict[str, list[int]] = {}
        for place in at:
            part = "_".join(names[place].split("_")[:_WORDS_OF_PART])
            parts.setdefault(part, []).append(start + place)
        if at:
            made[key] = whole
        if 1 < len(parts) <= _MOST_PARTS and len(parts) < len(at):
            made |= {f"{key}: {part}": np.array(some) for part, some in parts.items()}
        start += len(names)
    return made


def classical_report(
    trained: Trained, bundle: Bundle, importances: tuple[Importance, ...], recipe: Recipe
) -> Report:
    """Return the report of a model that was fitted at once."""
    told: dict[str, Any] = trained.more["fitted"]
    facts = _facts(trained, bundle, told)
    blocks: list[Block] = [Paragraph(text("classical.chosen")), facts]
    tried = tried_table(told)
    if tried is not None:
        blocks.append(tried)
    title = text("training.title")
    sections = [Section("training", title, tuple(blocks))]
    values: dict[str, Any] = {
        "train": {
            **trained.facts(),
            "seconds": trained.seconds,
            "best": trained.history[0],
            "importance": [
                {"columns": one.name, "n_columns": one.n_columns, **to_values({"lost": one.lost})}
                for one in importances
            ],
        }
    }
    summary: tuple[Block, ...] = (facts,)
    if importances:
        table = _importance_table(importances, recipe)
        heading = text("classical.importance")
        sections.append(Section("importance", heading, (table,)))
        summary = (facts, table)
    return Report("train", title, tuple(sections), summary, values)


def _facts(trained: Trained, bundle: Bundle, told: dict[str, Any]) -> Table:
    *fitted, equal = fitted_facts(told)
    rows: list[Fact] = [
        (text("training.model"), bundle.model),
        *fitted,
        (text("training.parameters"), trained.n_parameters),
        (text("training.seconds"), round(trained.seconds, 1)),
        (text("training.temperature"), f"{bundle.temperature:.3f}"),
        equal,
    ]
    return Table((text("training.fact"), text("training.value")), tuple(rows))


def _importance_table(importances: tuple[Importance, ...], recipe: Recipe) -> Table:
    metric = metric_for(recipe.evaluate.metric, is_multilabel=False)
    name = metric_name(metric)
    columns = (
        text("classical.importance_columns"),
        text("classical.importance_n"),
        text("classical.importance_lost", metric=name),
    )
    rows = tuple((one.name, one.n_columns, one.lost) for one in importances)
    caption = text("classical.importance_caption", confidence=recipe.evaluate.confidence)
    return Table(columns, rows, caption)


def with_importances(bundle: Bundle, importances: tuple[Importance, ...]) -> Bundle:
    """Return the bundle that remembers what its columns are worth."""
    told = [
        {"columns": one.name, "n_columns": one.n_columns, **to_values({"lost": one.lost})}
        for one in importances
    ]
    return replace(bundle, training={**bundle.training, "importance": told})


def _described_net(bundle: Bundle) -> DescribedNet:
    from tamiz.models.nets.described import DescribedNet

    return next(part for part in bundle.module().modules() if isinstance(part, DescribedNet))
