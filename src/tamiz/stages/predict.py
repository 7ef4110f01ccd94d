"""`predict`: classes and probabilities for files and folders, by a trained model."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.data.ledger import safe_cell
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Section, Severity, Table
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.registry import MODELS
from tamiz.stages.slide_predicting import predict_slide_source
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from torch import nn

    from tamiz.models.bundle import Bundle

_CHUNK = 1024  # images held decoded at once
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says about images.

    Attributes:
        paths: of the images that were read, one per row of `predictions`.
        predictions: probabilities; the target is unknown (-1).
        problems: (path, reason) of what could not be read.
        others: (path, reason) of files found that are no images.
    """

    paths: tuple[str, ...]
    predictions: Predictions
    problems: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]

    def save_csv(self, path: Path) -> None:
        """Write path, predicted, p_<class>..., problem; unreadable files have a row too."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        classes = self.predictions.classes
        header = ["path", "predicted", *(f"p_{name}" for name in classes), "problem"]
        writer.writerow([safe_cell(cell) for cell in header])
        for name, winner, row in self._rows():
            shares = [repr(float(share)) for share in row]
            writer.writerow([safe_cell(name), safe_cell(classes[winner]), *shares, ""])
        for name, reason in self.problems:
            writer.writerow([safe_cell(name), "", *[""] * len(classes), safe_cell(reason)])
        write_text(path, lines.getvalue())

    def report(self, csv_path: Path | None = None) -> Report:
        """Return what a face shows: counts per class, the first answers, the problems."""
        classes = self.predictions.classes
        counts = Counter(classes[winner] for winner in self.predictions.predicted)
        blocks: list[Block] = [
            Paragraph(text("predict.counted", n=len(self.paths), bad=len(self.problems))),
            Table(
                (text("predict.class"), text("predict.images")),
                tuple((name, counts[name]) for name in classes if counts[name]),
                unit="count",
            ),
            self._first_answers(),
        ]
        if self.problems:
            blocks.append(self._problem_findings())
        if csv_path:
            blocks.append(Paragraph(text("predict.saved", path=str(csv_path))))
        values = {
            "answers": [
                {
                    "path": name,
                    "predicted": classes[winner],
                    "probabilities": dict(zip(classes, map(float, row), strict=True)),
                }
                for name, winner, row in self._rows()
            ],
            "problems": [{"path": name, "reason": reason} for name, reason in self.problems],
            "others": [{"path": name, "reason": reason} for name, reason in self.others],
        }
        title = text("predict.title")
        section = Section("answers", title, tuple(blocks))
        return Report("predict", title, (section,), tuple(blocks), values)

    def _rows(self) -> Iterator[tuple[str, int, NDArray[np.float64]]]:
        winners = self.predictions.predicted.tolist()
        yield from zip(self.paths, winners, self.predictions.probabilities, strict=True)

    def _first_answers(self) -> Table:
        classes = self.predictions.classes
        rows = [
            (name, classes[winner], float(row[winner]))
            for (name, winner, row), _ in zip(self._rows(), range(_SHOWN), strict=False)
        ]
        columns = (text("predict.path"), text("predict.class"), text("predict.probability"))
        return Table(columns, tuple(rows), text("predict.first", n=len(rows), all=len(self.paths)))

    def _problem_findings(self) -> Findings:
        items = tuple(f"{name}: {reason}" for name, reason in self.problems)
        what = text("predict.problems", n=len(items))
        return Findings((Finding(Severity.WARNING, what, items=items),))


def predict(model: Path | str, *sources: Path | str, on_event: OnEvent = ignore) -> Answers:
    """Classify every image of `sources` with the model in a bundle's or a run's folder.

    Args:
        model: 'runs/first/model', or 'runs/first'.
        sources: files, folders, arrays or archives; labels in them are not looked at.
        on_event: told about progress.

    Returns:
        Probabilities per image; the same image gives the same bits as in `evaluate` on the same
        machine, whatever it is predicted together with.

    Raises:
        WrongUse: there is no model, or a source does not exist.
        WrongData: the bundle is damaged, or a source holds no images.
    """
    bundle = load_bundle(Path(model))
    on_event(Event("predict", "start"))
    if MODELS.get(bundle.model).reads == "slides":
        answers = [predict_slide_source(bundle, Path(source), on_event) for source in sources]
    else:
        module = bundle.module()
        answers = [_predict_source(bundle, module, Path(source), on_event) for source in sources]
    on_event(Event("predict", "end"))
    many = len(sources) > 1
    paths, problems, others = [], [], []
    for source, (found, bad, left, _) in zip(sources, answers, strict=True):
        folder = Path(source) if Path(source).is_dir() else Path(source).parent
        before = f"{folder.as_posix()}/" if many else ""
        paths += [before + name for name in found]
        problems += [(before + name, reason) for name, reason in bad]
        others += [(before + name, reason) for name, reason in left]
    items = np.array([f"{number}" for number in range(len(paths))], dtype=np.str_)
    predictions = Predictions(
        classes=bundle.classes,
        item=items,
        group=items,
        target=np.full(len(paths), -1, np.int64),
        probabilities=np.concatenate([rows for *_, rows in answers]),
        bundle=bundle.identity(),
    )
    return Answers(tuple(paths), predictions, tuple(problems), tuple(others))


def load_bundle(folder: Path) -> Bundle:
    """Return the bundle in a model's or a run's folder.

    Raises:
        WrongUse: there is none.
        WrongData: it is damaged.
    """
    from tamiz.models.bundle import Bundle

    for place in (folder, folder / "model"):
        if (place / "bundle.json").is_file():
            return Bundle.load(place)
    raise WrongUse.of("run.no_model", where=folder)


def _predict_source(
    bundle: Bundle, module: nn.Module, source: Path, on_event: OnEvent
) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str]], NDArray[np.float64]]:
    if not source.exists():
        raise WrongUse.of("errors.not_found", where=source)
    found = find_images(source)
    rows = list(found.manifest.rows("path", "frame"))
    many = Counter(path for path, _ in rows)
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    made = [np.zeros((0, len(bundle.classes)))]
    with Reader(found.manifest.root, bundle.policy) as reader:
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            pixels = []
            for (path, frame), outcome in zip(chunk, _decode(bundle, reader, chunk), strict=True):
                name = f"{path}#{frame}" if many[path] > 1 else path
                if isinstance(outcome, UnreadableItem):
                    problems.append((name, outcome.reason))
                else:
                    paths.append(name)
                    pixels.append(outcome)
            if pixels:
                made.append(_probabilities(bundle, module, np.stack(pixels)))
            done = min(start + _CHUNK, len(rows))
            on_event(Event("predict", "progress", text("predict.progress"), done, len(rows)))
    others = [(entry.path, entry.reason) for entry in found.others]
    return paths, problems, others, np.concatenate(made)


def _decode(
    bundle: Bundle, reader: Reader, rows: Sequence[tuple[str, int]]
) -> Iterator[NDArray[np.uint8] | UnreadableItem]:
    def read(row: tuple[str, int]) -> NDArray[np.uint8] | UnreadableItem:
        try:
            return prepare_image(reader.read(*row), bundle.steps)
        except UnreadableItem as error:
            return error

    with ThreadPoolExecutor() as pool:
        yield from pool.map(read, rows)


def _probabilities(
    bundle: Bundle, module: nn.Module, pixels: NDArray[np.uint8]
) -> NDArray[np.float64]:
    from tamiz.engine.infer import predict_probabilities
    from tamiz.engine.prepared import InMemory

    return predict_probabilities(module, InMemory(pixels), temperature=bundle.temperature)
