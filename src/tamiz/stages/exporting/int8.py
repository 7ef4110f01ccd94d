"""What 8 bits cost and bring: accuracy on validation images, speed, size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tamiz.core.events import OnEvent, track
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.image import Image
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Estimate, Finding, Findings, Section, Severity, Table
from tamiz.data.run_folder import Run
from tamiz.engine.exporting.registry import Exported
from tamiz.metrics.comparing import difference, metric_for
from tamiz.models.bundle import Bundle
from tamiz.stages.exporting.reference import rows_read
from tamiz.stages.guarding import even_sample
from tamiz.stages.model_timing import CONFIDENCE, timed
from tamiz.stages.training_rows import targets_of

_MOST_ROWS: Final = 1_000
_N_BLOCKS: Final = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What 8 bits change.

    Attributes:
        metric: its name.
        loss: the 8-bit figure less the exact one on validation images; None: not measured.
        speed: how many times as fast the file answers.
        size: bytes of the one file over those of the other.
    """

    metric: str
    loss: Estimate | None
    speed: Estimate
    size: float

    def facts(self) -> dict[str, Any]:
        """Return the figures, JSON-ready."""
        made: dict[str, Any] = {"metric": self.metric, "size_ratio": self.size}
        for name, one in (("loss", self.loss), ("speed_ratio", self.speed)):
            made[name] = None if one is None else {
                "value": one.value, "low": one.low, "high": one.high, "n": one.n,
                "n_groups": one.n_groups,
            }  # fmt: skip
        return made

    def section(self) -> Section:
        """Return the figures as part of a report."""
        blocks: list[Block] = []
        if self.loss is not None:
            words = text("export.int8_metric", metric=self.metric)
            rows = ((words, self.loss, self.loss.n, self.loss.n_groups),)
            caption = text("export.loss_caption", confidence=CONFIDENCE)
            blocks.append(Table(_columns("measure", "value", "images", "groups"), rows, caption))
            low, high = self.loss.low, self.loss.high
            if low is not None and high is not None and not low <= 0 <= high:
                what = text("export.int8_changed", metric=self.metric, value=self.loss.value)
                advice = text("export.int8_changed_advice")
                blocks.append(Findings((Finding(Severity.WARNING, what, advice),)))
        else:
            what, advice = text("export.int8_unmeasured"), text("export.int8_unmeasured_advice")
            blocks.append(Findings((Finding(Severity.WARNING, what, advice),)))
        gains: tuple[tuple[Cell, ...], ...] = (
            (text("export.int8_speed"), self.speed),
            (text("export.int8_size"), self.size),
        )
        caption = text("export.speed_caption", blocks=self.speed.n_groups, confidence=CONFIDENCE)
        blocks.append(Table(_columns("measure", "value"), gains, caption))
        return Section("int8", text("export.int8_title"), tuple(blocks))


def _columns(*names: str) -> tuple[Text, ...]:
    return tuple(text(f"export.{name}") for name in names)


def cost_of(
    bundle: Bundle, run: Run | None, exact: Exported, small: Exported, on_event: OnEvent
) -> Cost:
    """Return what the 8-bit model `small` changes beside `exact`.

    Both are asked about an even sample of at most 1,000 validation images; never of test images.
    """
    recipe = Recipe() if run is None else run.recipe()
    loss, image = None, _an_image(bundle)
    if run is not None:
        rows = run.manifest()
        at = np.flatnonzero(np.array(rows.column("split"), dtype=object) == "val")
        rows = rows.take(even_sample(at.astype(np.int64), _MOST_ROWS).tolist())
        pair, found = _judged(bundle, rows, (exact, small), on_event)
        image = image if found is None else found
        metric = metric_for(recipe.evaluate.metric, is_multilabel=bundle.is_multilabel)
        if pair is not None:
            loss = difference([pair[1]], [pair[0]], metric, recipe.evaluate)
    calls = {
        "exact": lambda: exact.probabilities(image),
        "small": lambda: small.probabilities(image),
    }
    speed = timed(calls, _N_BLOCKS).ratio("small", "exact")
    size = small.facts["bytes"] / small.facts["plain_bytes"]
    return Cost(recipe.evaluate.metric, loss, speed, float(size))


def _judged(
    bundle: Bundle, rows: Manifest, models: tuple[Exported, Exported], on_event: OnEvent
) -> tuple[tuple[Predictions, Predictions] | None, Image | None]:
    """Return both models' predictions of the rows that can be read, and one image of them."""
    kept: list[int] = []
    shares: tuple[list[Any], list[Any]] = ([], [])
    last: Image | None = None
    watched = track(
        rows_read(rows, bundle.policy), on_event, stage="export",
        text=text("export.asking"), total=len(rows),
    )  # fmt: skip
    for at, _, image in watched:
        kept.append(at)
        last = image
        for made, model in zip(shares, models, strict=True):
            made.append(model.probabilities(image))
    if not kept:
        return None, None
    chosen = rows.take(kept)
    pair = [
        Predictions(
            classes=bundle.classes,
            item=np.array(chosen.column("item"), dtype=np.str_),
            group=np.array(chosen.group_keys(), dtype=np.str_),
            target=targets_of(chosen, list(bundle.classes)).astype(np.int64),
            probabilities=np.stack(made),
            split="val",
            thresholds=bundle.thresholds,
        )
        for made in shares
    ]
    return (pair[0], pair[1]), last


def _an_image(bundle: Bundle) -> Image:
    """Return a grey image of the network's size, to be timed with where no other is at hand."""
    shape = (bundle.size_px, bundle.size_px, 1)
    is_real = bundle.policy.window == "values"
    if is_real:
        return Image(np.full(shape, 128, np.float32))
    return Image(np.full(shape, 128, np.uint8))
