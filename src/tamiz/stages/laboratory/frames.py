"""The frames of a replayed training (filters, answers on validation, losses), and the animation."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import say, text
from tamiz.data.report import Chart, Series
from tamiz.rendering.charts import chart_png
from tamiz.slides.lettering import drawn, font_of, joined
from tamiz.stages.laboratory.drawing import counts_picture, kernels_grid, strongest

Bytes = NDArray[np.uint8]

_MOST_FILTERS: Final = 32
_MOST_FRAMES: Final = 60
_FRAME_MS: Final = 500
_SHORT_MS: Final = 200  # where there are many
_LAST_MS: Final = 2500


@dataclass(frozen=True, slots=True)
class Frame:
    """One epoch.

    Attributes:
        figures: as in the history.
        scores: (validation rows, classes) raw scores.
        kernels: (filters, channels, height, width); None where the network has none to show.
    """

    figures: Mapping[str, Any]
    scores: NDArray[np.float32]
    kernels: NDArray[np.float32] | None

    def confusion(self, targets: NDArray[Any]) -> NDArray[np.int64]:
        """Return how often each class (row) was answered by each (column).

        Of several labels: per label how often it was found, missed, said wrongly, left out
        rightly (above probability 0.5 it is said).
        """
        if targets.ndim == 2:
            said, true = self.scores > 0, targets > 0.5
            pairs = ((said, true), (~said, true), (said, ~true), (~said, ~true))
            return np.stack([(one & other).sum(axis=0) for one, other in pairs], axis=1)
        n = self.scores.shape[1]
        answers = self.scores.argmax(axis=1)
        return np.bincount(targets * n + answers, minlength=n * n).reshape(n, n)


class Moving(NamedTuple):
    """An animation, once as GIF and once as PNG that moves in a browser."""

    gif: bytes
    png: bytes


def loss_chart(frames: Sequence[Frame], at: int = 0) -> Chart:
    """Return training and validation loss over all epochs; epoch `at`, from 1, is marked."""
    series = []
    for name, key in (("train_loss", "train"), ("val_loss", "val")):
        points = {
            float(number): float(one.figures[name])
            for number, one in enumerate(frames, start=1)
            if one.figures.get(name) is not None
        }
        if points:
            words = text(f"lab_replay.loss_{key}")
            series.append(Series(words, tuple(points), tuple(points.values())))
    if at and series:
        most = max(max(one.y) for one in series)
        series.append(Series(text("lab_replay.this_epoch"), (float(at),) * 2, (0.0, most)))
    return Chart(
        "line",
        text("lab_replay.losses"),
        text("lab_replay.epoch"),
        text("training.loss"),
        tuple(series),
    )


def drawn_frames(
    frames: Sequence[Frame], targets: NDArray[Any], classes: Sequence[str], best: int
) -> list[Bytes]:
    """Return one picture per epoch, all of one size and in one scale.

    Args:
        frames: the epochs in order.
        targets: of the validation rows.
        classes: in the order of the scores.
        best: number of the epoch that was kept, from 1.
    """
    last = frames[-1].kernels
    numbers: tuple[int, ...] = ()
    most = 0.0
    if last is not None:
        numbers = strongest((last.astype(np.float64) ** 2).sum(axis=(1, 2, 3)), _MOST_FILTERS)
        most = max(float(np.abs(one.kernels).max()) for one in frames if one.kernels is not None)
    made = []
    for number, frame in enumerate(frames, start=1):
        key = "confusion" if targets.ndim == 1 else "labels"
        words = say(f"lab_replay.{key}", n=len(targets))
        parts = [counts_picture(frame.confusion(targets), classes, words)]
        if frame.kernels is not None:
            grid = kernels_grid(frame.kernels, is_colour=True, most=most, numbers=numbers)
            heading = drawn(
                say("lab_replay.filters", n=len(numbers), all=len(frame.kernels)), font_of(12)
            )
            parts.insert(0, joined([heading, grid.pixels], axis=0, gap=2))
        chart = _decoded(chart_png(loss_chart(frames, number), pixels_per_point=1.0))
        title = drawn(_title(frame, number, len(frames), best), font_of(18))
        above = joined(parts, axis=1, gap=16)
        whole = joined([title, above, chart], axis=0, gap=12)
        made.append(np.pad(whole, ((12, 12), (12, 12), (0, 0)), constant_values=255))
    return _of_one_size(made)


def animated(pictures: Sequence[Bytes]) -> Moving:
    """Return the animation of pictures of one size; of more than 60 some, evenly taken."""
    import PIL.Image

    n = min(_MOST_FRAMES, len(pictures))
    at = np.linspace(0, len(pictures) - 1, n).round().astype(int)
    frames = [PIL.Image.fromarray(pictures[place]) for place in at]
    step = _FRAME_MS if n <= 20 else _SHORT_MS
    times = [*([step] * (n - 1)), _LAST_MS]
    palettes = [
        one.quantize(256, method=PIL.Image.Quantize.MAXCOVERAGE, dither=PIL.Image.Dither.NONE)
        for one in frames
    ]
    made = []
    for kind, shown in (("GIF", palettes), ("PNG", frames)):
        opened = io.BytesIO()
        more = {"disposal": 1} if kind == "GIF" else {}
        shown[0].save(
            opened,
            format=kind,
            save_all=True,
            append_images=shown[1:],
            duration=times,
            loop=0,
            **more,
        )
        made.append(opened.getvalue())
    return Moving(*made)


def _title(frame: Frame, number: int, n: int, best: int) -> str:
    words = [say("lab_replay.frame", number=number, n=n)]
    if frame.figures.get("stage"):
        words.append(say("lab_replay.stage", part=frame.figures["part"]))
    if frame.figures.get("val_loss") is not None:
        words.append(say("lab_replay.val_loss", loss=frame.figures["val_loss"]))
        words.append(say("lab_replay.val_accuracy", share=frame.figures["val_accuracy"]))
    if number == best:
        words.append(say("lab_replay.kept"))
    return "  ·  ".join(words)


def _decoded(png: bytes) -> Bytes:
    import PIL.Image

    return np.asarray(PIL.Image.open(io.BytesIO(png)).convert("RGB"))


def _of_one_size(pictures: Sequence[Bytes]) -> list[Bytes]:
    """Return the pictures on white of the largest one's size."""
    high = max(one.shape[0] for one in pictures)
    wide = max(one.shape[1] for one in pictures)
    made = []
    for one in pictures:
        whole = np.full((high, wide, 3), 255, dtype=np.uint8)
        whole[: one.shape[0], : one.shape[1]] = one
        made.append(whole)
    return made
