"""Training images that a network takes for near to a new one: shown only where somebody allows it.

Training images may be patients'. So nothing of them is shown, and nothing is read, unless the model
is started with their run (`--show-training`); names and patients are never told, labels are.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.data.label_sets import labels_in
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.serving.decoders import Decoded
from tamiz.stages.explaining.making import ExplainImages, Maker
from tamiz.stages.guarding import even_sample
from tamiz.stages.pictures import picture_of
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

MOST_TRAINING: Final = 2000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training image that is near to the one that was asked about.

    Attributes:
        png: a small picture of it.
        label: its label; several joined by ' + '.
        cosine: of the network's features of both, 1 where they are alike.
    """

    png: bytes
    label: str
    cosine: float


class Neighbours:
    """The training images of a run by what the network makes of them; thread-safe."""

    def __init__(self, bundle: Bundle, run: Path, on_event: OnEvent = ignore) -> None:
        """Read the training images, at most 2,000 of them evenly taken.

        Args:
            bundle: the model.
            run: the folder of the run that trained it.
            on_event: told about progress.

        Raises:
            WrongUse: there is no such run, or it trained another model.
            WrongData: its training images cannot be read any more.
        """
        run_folder = Run(run)
        if not run_folder.manifest_path.is_file():
            raise WrongUse.of("serving.no_training", where=run)
        manifest = run_folder.manifest()
        if bundle.manifest_hash != _trained_on(run_folder):
            raise WrongUse.of("serving.other_training", where=run)
        is_train = np.array(manifest.column("split"), dtype=object) == "train"
        at = even_sample(np.flatnonzero(is_train).astype(np.int64), MOST_TRAINING)
        self._maker = Maker.of(bundle, ExplainImages(by=("occlusion",), n_checked=0, n_mistakes=0))
        self._reader = Reader(manifest.root, bundle.policy)
        self._lock = threading.Lock()
        self._rows, self._features = self._learnt(manifest.take(at.tolist()), on_event)
        self.n = len(self._rows)

    def of(self, decoded: Decoded, n: int = 3) -> list[Neighbour]:
        """Return the nearest training images, the nearest first.

        Args:
            decoded: an image as the networks read it.
            n: how many.
        """
        from tamiz.engine.explaining.closeness import features_of

        with self._lock:
            own = features_of(self._maker.subjects[0], decoded.inputs[0][np.newaxis])[0]
        cosines = self._features @ own
        order = np.argsort(-cosines, kind="stable")[:n]
        made = []
        for at in order.tolist():
            (path, frame), label = self._rows[at]
            try:
                picture = picture_of(self._reader.look(path, frame), "")
            except UnreadableItem:  # the file has gone since
                continue
            made.append(Neighbour(picture.png, label, float(cosines[at])))
        return made

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def _learnt(
        self, rows: Manifest, on_event: OnEvent
    ) -> tuple[list[tuple[tuple[str, int], str]], NDArray[np.float32]]:
        """Return places with labels of the images that can be read, and their features."""
        from tamiz.engine.explaining.closeness import features_of

        steps = self._maker.members[0].steps
        labels = rows.column("label")
        kept, pixels = [], []
        places = list(rows.rows("path", "frame"))
        told = track(places, on_event, stage="serve", text=text("explaining.nearest"))
        for number, place in enumerate(told):
            try:
                pixels.append(prepare_image(self._reader.read(*place), steps))
            except UnreadableItem:
                continue
            label = labels[number] or ""
            kept.append((place, " + ".join(labels_in(label)) if rows.is_multilabel else label))
        if not kept:
            raise WrongData.of("serving.training_gone", where=str(rows.root))
        return kept, features_of(self._maker.subjects[0], np.stack(pixels))


def _trained_on(run: Run) -> str:
    """Return the hash of the rows that the run's own model was trained on."""
    from tamiz.stages.predict import load_bundle

    return load_bundle(run.model_folder).manifest_hash
