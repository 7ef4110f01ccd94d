"""The gallery: a run's most confident mistakes, like training images, first feature maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import TamizError, UnreadableItem
from tamiz.core.events import OnEvent, track
from tamiz.core.files import read_json, write_json
from tamiz.core.language import text
from tamiz.data.label_sets import join_labels, labels_in
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Paragraph, Picture, Pictures
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.stages.explaining.check import run_of
from tamiz.stages.explaining.drawing import box_of, picture_of_channels, pictures_of_map
from tamiz.stages.explaining.images import Shown, drawing_of, stamp_path
from tamiz.stages.explaining.making import Maker
from tamiz.stages.pictures import picture_of
from tamiz.steps.apply import prepare_image

_PARTS: Final = ("test", "oof", "val")
_MOST_TRAINING: Final = 2000
_N_NEAR: Final = 3
_N_ASKED: Final = 3  # images of the call whose neighbours are shown
_MOST_CHANNELS: Final = 36


@dataclass(frozen=True, slots=True)
class _Mistake:
    row: int
    said: str
    probability: float
    is_missed: bool


def gallery_of(
    maker: Maker, model: Path, shown: Sequence[Shown], out: Path, on_event: OnEvent
) -> tuple[Block, ...]:
    """Return the gallery as blocks of a report.

    Args:
        maker: of the maps.
        model: the folder that was asked for; mistakes and training images are of its run.
        shown: the maps of this call.
        out: where what took long is remembered.
        on_event: told about progress.
    """
    blocks: list[Block] = []
    run = run_of(model)
    if run is None or not run.manifest_path.is_file():
        blocks.append(Paragraph(text("explaining.no_run")))
    elif maker.how.n_mistakes:
        try:
            blocks += _Gallery(maker, run, shown, out, on_event).blocks()
        except (TamizError, OSError):
            blocks.append(Paragraph(text("explaining.no_training_images")))
    return (*blocks, *_first_maps(maker, shown))


class _Gallery:
    """The part that looks into a run."""

    def __init__(
        self, maker: Maker, run: Run, shown: Sequence[Shown], out: Path, on_event: OnEvent
    ) -> None:
        self.maker, self.run, self.shown, self.out = maker, run, shown, out
        self.on_event = on_event
        self.manifest = run.manifest()
        self.reader = Reader(self.manifest.root, maker.bundle.policy)
        train = np.flatnonzero(np.array(self.manifest.column("split"), dtype=object) == "train")
        if len(train) > _MOST_TRAINING:
            train = train[np.linspace(0, len(train) - 1, _MOST_TRAINING).round().astype(int)]
        self.train = self.manifest.take(train.tolist())
        self._features: NDArray[np.float32] | None = None
        self._readable: list[int] = []

    def blocks(self) -> list[Block]:
        """Return the mistakes with their maps, then what is near to them and to the images."""
        made: list[Block] = []
        with self.reader:
            part, seen = self._predictions()
            if seen is not None:
                made += self._mistakes(part, seen)
            names = dict.fromkeys((one.place, one.path) for one in self.shown)
            for place, name in list(names)[:_N_ASKED]:
                with Reader(Path(place[0]), self.maker.bundle.policy) as reader:
                    made += self._near(reader, (place[1], place[2]), name)
        return made

    def _predictions(self) -> tuple[str, Predictions | None]:
        for part in _PARTS:
            path = self.run.folder / "predictions" / f"{part}.parquet"
            if path.is_file():
                return part, Predictions.load(path).labelled()
        return "", None

    def _mistakes(self, part: str, seen: Predictions) -> list[Block]:
        row_of = {item: row for row, item in enumerate(self.manifest.column("item"))}
        wrong = _mistakes_in(seen, row_of)
        if not wrong:
            return [Paragraph(text("explaining.no_mistakes", of=len(seen), part=part))]
        method = next(iter(self.maker.explainers))
        chosen = wrong[: self.maker.how.n_mistakes]
        pictures = [self._picture(one, method) for one in chosen]
        caption = text("explaining.mistakes_caption", n=len(chosen), all=len(wrong), of=len(seen),
                       part=part, method=method)  # fmt: skip
        made: list[Block] = [Pictures(tuple(pictures), caption)]
        if part == "oof":
            made.append(Paragraph(text("explaining.seen_in_training")))
        for one in chosen:
            path, frame = self._place(one.row)
            made += self._near(self.reader, (path, frame), self._name(one.row))
        return made

    def _picture(self, one: _Mistake, method: str) -> Picture:
        path, frame = self._place(one.row)
        image = self.reader.read(path, frame)
        inputs = self.maker.read(image)
        shares = self.maker.probabilities(inputs)
        values, told = self.maker.map_of(method, inputs, one.said)
        name = self._name(one.row)
        shown = Shown(
            path=name,
            place=("", path, frame),
            method=method,
            target=one.said,
            probability=float(shares[self.maker.bundle.classes.index(one.said)]),
            predicted=join_labels(self.maker.predicted(shares)),
            file="",
            **told,
        )
        box = box_of(image, self.maker.members[0].steps)
        _, _, png = pictures_of_map(image, box, inputs[0], drawing_of(self.maker, shown, values))
        if one.is_missed:
            caption = text(
                "explaining.missed", name=name, said=one.said, probability=one.probability
            )
        else:
            caption = text("explaining.mistake", name=name, said=one.said,
                           probability=one.probability, truth=self._label(one.row))  # fmt: skip
        return Picture(png, caption)

    def _near(self, reader: Reader, place: tuple[str, int], name: str) -> list[Block]:
        """Return the image and its nearest training images; nothing where it cannot be read."""
        rows = self._nearest(reader, place)
        if not rows:
            return []
        pictures = [picture_of(reader.look(*place), text("explaining.itself", name=name))]
        labels = self.train.column("label")
        for row, cosine in rows:
            path, frame = next(iter(self.train.take([row]).rows("path", "frame")))
            label = " + ".join(labels_in(labels[row])) if self.train.is_multilabel else labels[row]
            caption = text("explaining.near", label=label or "?", cosine=cosine, name=path)
            pictures.append(picture_of(self.reader.look(path, frame), caption))
        n = len(self.train)
        return [Pictures(tuple(pictures), text("explaining.near_caption", name=name, n=n))]

    def _nearest(self, reader: Reader, place: tuple[str, int]) -> list[tuple[int, float]]:
        told: list[Any] = [*self.maker.told(), "near", self.manifest.digest(), *place]
        kept = stamp_path(self.out, told)
        if kept.is_file():
            return [(int(row), float(cosine)) for row, cosine in read_json(kept)]
        from tamiz.engine.explaining.closeness import features_of

        try:
            pixels = prepare_image(reader.read(*place), self.maker.members[0].steps)
        except UnreadableItem:
            return []
        features = self._train_features()
        own = features_of(self.maker.subjects[0], pixels[np.newaxis])[0]
        cosines = features @ own
        order = np.argsort(-cosines, kind="stable")[:_N_NEAR]
        made = [(self._readable[at], float(cosines[at])) for at in order.tolist()]
        write_json(kept, made)
        return made

    def _train_features(self) -> NDArray[np.float32]:
        from tamiz.engine.explaining.closeness import features_of

        if self._features is None:
            steps, pixels = self.maker.members[0].steps, []
            rows = list(self.train.rows("path", "frame"))
            told = track(rows, self.on_event, stage="explain", text=text("explaining.nearest"),
                         total=len(rows))  # fmt: skip
            for number, (path, frame) in enumerate(told):
                try:
                    pixels.append(prepare_image(self.reader.read(path, frame), steps))
                except UnreadableItem:
                    continue
                self._readable.append(number)
            self._features = features_of(self.maker.subjects[0], np.stack(pixels))
        return self._features

    def _place(self, row: int) -> tuple[str, int]:
        path, frame = next(iter(self.manifest.take([row]).rows("path", "frame")))
        return path, frame

    def _name(self, row: int) -> str:
        path, frame = self._place(row)
        return f"{path}#{frame}" if frame else path

    def _label(self, row: int) -> str:
        label = self.manifest.take([row]).column("label")[0]
        return "?" if label is None else str(label)


def _mistakes_in(seen: Predictions, row_of: dict[str, int]) -> list[_Mistake]:
    """Return the mistakes, the most confident first; of several labels each label on its own."""
    if not seen.is_multilabel:
        said = seen.predicted
        sure = seen.probabilities[np.arange(len(seen)), said]
        wrong = np.flatnonzero(said != seen.target)
        wrong = wrong[np.argsort(-sure[wrong], kind="stable")]
        pairs = [(int(at), int(said[at])) for at in wrong]
    else:
        errors = np.where(
            seen.predicted != seen.target, np.abs(seen.probabilities - seen.target), 0
        )
        order = np.argsort(-errors.ravel(), kind="stable")[: int((errors > 0).sum())]
        pairs = [divmod(int(at), len(seen.classes)) for at in order]
    made = []
    for at, label in pairs:
        item = str(seen.item[at])
        if item in row_of:
            share = float(seen.probabilities[at, label])
            missed = seen.is_multilabel and bool(seen.target[at, label])
            made.append(_Mistake(row_of[item], seen.classes[label], share, missed))
    return made


def _first_maps(maker: Maker, shown: Sequence[Shown]) -> list[Block]:
    from tamiz.engine.explaining.closeness import first_maps

    if not shown:
        return []
    one = shown[0]
    root, path, frame = one.place
    try:
        with Reader(Path(root), maker.bundle.policy) as reader:
            inputs = maker.read(reader.read(path, frame))
    except UnreadableItem:
        return []
    layer, maps = first_maps(maker.subjects[0], inputs[0])
    if not len(maps):
        return []
    n = min(len(maps), _MOST_CHANNELS)
    caption = text("explaining.channels", name=one.path, layer=layer, n=n, all=len(maps))
    return [Pictures((Picture(picture_of_channels(maps)),), caption)]
