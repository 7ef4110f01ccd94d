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
from tamiz.data.label_sets import NO_LABEL, count_labels, join_labels
from tamiz.data.ledger import safe_cell
from tamiz.data.predictions import Predictions, names_of
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.ensemble import parts_of
from tamiz.models.registry import MODELS
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.stages.slide_predicting import predict_slide_source
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from torch import nn

    from tamiz.models.bundle import Bundle

_CHUNK = 1024  # images held decoded at once, fewer where they are large
_CHUNK_BYTES = 256 * 2**20
_BUNDLE_PLACES = ("bundle.json", "model/bundle.json")
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
        """Write path, predicted, p_<class>..., problem; unreadable files have a row too.

        Of several labels `predicted` holds all of them, joined by '|'; '-' where there is none.
        """
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        classes = self.predictions.classes
        header = ["path", "predicted", *(f"p_{name}" for name in classes), "problem"]
        writer.writerow([safe_cell(cell) for cell in header])
        for name, found, row in self._rows():
            shares = [repr(float(share)) for share in row]
            words = safe_cell(join_labels(found) if self.predictions.is_multilabel else found[0])
            if not found:
                words = NO_LABEL  # alone it begins no formula
            writer.writerow([safe_cell(name), words, *shares, ""])
        for name, reason in self.problems:
            writer.writerow([safe_cell(name), "", *[""] * len(classes), safe_cell(reason)])
        write_text(path, lines.getvalue())

    def report(self, csv_path: Path | None = None, top: int = 1) -> Report:
        """Return what a face shows: counts per class, the first answers, the problems.

        Args:
            csv_path: where all answers were saved.
            top: how many classes of each image are shown, the most probable first.

        Raises:
            WrongUse: `top` is below 1.
        """
        if top < 1:
            raise WrongUse.of("predict.bad_top", where="--top", top=top)
        classes = self.predictions.classes
        counts = count_labels(found for _, found, _ in self._rows())
        blocks: list[Block] = [
            Paragraph(text("predict.counted", n=len(self.paths), bad=len(self.problems))),
            Table(
                (text("predict.class"), text("predict.images")),
                tuple((name, counts[name]) for name in classes if counts[name]),
                unit="count",
            ),
            self._first_answers() if top == 1 else self._best_classes(top),
        ]
        if self.problems:
            blocks.append(self._problem_findings())
        if csv_path:
            blocks.append(Paragraph(text("predict.saved", path=str(csv_path))))
        values = {
            "answers": [
                {
                    "path": name,
                    "predicted": found if self.predictions.is_multilabel else found[0],
                    "probabilities": dict(zip(classes, map(float, row), strict=True)),
                    **({"top": _best(classes, row, top)} if top > 1 else {}),
                }
                for name, found, row in self._rows()
            ],
            "problems": [{"path": name, "reason": reason} for name, reason in self.problems],
            "others": [{"path": name, "reason": reason} for name, reason in self.others],
        }
        title = text("predict.title")
        section = Section("answers", title, tuple(blocks))
        return Report("predict", title, (section,), tuple(blocks), values)

    def _rows(self) -> Iterator[tuple[str, list[str], NDArray[np.float64]]]:
        """Yield path, class (of several labels: all that are predicted) and probabilities."""
        classes, answers = self.predictions.classes, self.predictions.predicted
        if self.predictions.is_multilabel:
            found = [names_of(row, classes) for row in answers]
        else:
            found = [[classes[winner]] for winner in answers.tolist()]
        yield from zip(self.paths, found, self.predictions.probabilities, strict=True)

    def _first_answers(self) -> Table:
        index = {name: position for position, name in enumerate(self.predictions.classes)}
        rows: list[tuple[Cell, ...]] = []
        for (name, found, row), _ in zip(self._rows(), range(_SHOWN), strict=False):
            shares = [float(row[index[label]]) for label in found]
            if self.predictions.is_multilabel:
                shown = " + ".join(f"{share:.3f}" for share in shares)
                rows.append((name, " + ".join(found) or text("multilabel.no_label"), shown))
            else:
                rows.append((name, found[0], shares[0]))
        columns = (text("predict.path"), text("predict.class"), text("predict.probability"))
        return Table(columns, tuple(rows), text("predict.first", n=len(rows), all=len(self.paths)))

    def _best_classes(self, top: int) -> Table:
        columns = ("predict.path", "predict.rank", "predict.class", "predict.probability")
        rows: list[tuple[Cell, ...]] = []
        for (name, _, row), _ in zip(self._rows(), range(_SHOWN), strict=False):
            best = _best(self.predictions.classes, row, top)
            rows += [
                (name, rank, one["class"], one["probability"])
                for rank, one in enumerate(best, start=1)
            ]
        n = min(_SHOWN, len(self.paths))
        caption = text("predict.top", top=top, n=n, all=len(self.paths))
        return Table(tuple(text(key) for key in columns), tuple(rows), caption)

    def _problem_findings(self) -> Findings:
        items = tuple(f"{name}: {reason}" for name, reason in self.problems)
        what = text("predict.problems", n=len(items))
        return Findings((Finding(Severity.WARNING, what, items=items),))


def predict(
    model: Path | str,
    *sources: Path | str,
    weights: Path | str | None = None,
    on_event: OnEvent = ignore,
) -> Answers:
    """Classify every image of `sources` with a trained model, or with a pretrained network.

    Args:
        model: 'runs/first/model', or 'runs/first'; or the name of a network of timm or
            torchvision, 'torchvision:squeezenet1_0' say, which answers with ImageNet's classes.
        sources: files, folders, arrays or archives; labels in them are not looked at.
        weights: safetensors file with the weights of such a network; the public ones if None.
        on_event: told about progress.

    Returns:
        Probabilities per image; the same image gives the same bits as in `evaluate` on the same
        machine, whatever it is predicted together with.

    Raises:
        WrongUse: there is no model, or a source does not exist.
        WrongData: the bundle is damaged, the weights cannot be had or are another network's, or a
            source holds no images.
    """
    bundle = _bundle_or_network(str(model), weights)
    on_event(Event("predict", "start"))
    if MODELS.get(bundle.model).reads == "slides":
        answers = [predict_slide_source(bundle, Path(source), on_event) for source in sources]
    else:
        parts = [(part, part.module()) for part in parts_of(bundle)]
        answers = [_predict_parts(parts, Path(source), on_event) for source in sources]
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
        target=np.full(_shape_of_targets(bundle, len(paths)), -1, np.int64),
        probabilities=np.concatenate([rows for *_, rows in answers]),
        bundle=bundle.identity(),
        thresholds=bundle.thresholds,
    )
    return Answers(tuple(paths), predictions, tuple(problems), tuple(others))


def _bundle_or_network(model: str, weights: Path | str | None) -> Bundle:
    from tamiz.models.bare import bare_network, is_like_network_name

    is_trained = any((Path(model) / name).is_file() for name in _BUNDLE_PLACES)
    if not is_trained and (weights is not None or is_like_network_name(model)):
        return bare_network(model, "auto" if weights is None else str(weights))
    if weights is not None:
        raise WrongUse.of("networks.weights_of_a_bundle", where=model)
    return load_bundle(Path(model))


def load_bundle(folder: Path) -> Bundle:
    """Return the bundle in a model's or a run's folder.

    Raises:
        WrongUse: there is none.
        WrongData: it is damaged.
    """
    from tamiz.models.bundle import Bundle

    for place in _BUNDLE_PLACES:
        if (folder / place).is_file():
            return Bundle.load((folder / place).parent)
    raise WrongUse.of("run.no_model", where=folder)


def _predict_parts(
    parts: Sequence[tuple[Bundle, nn.Module]], source: Path, on_event: OnEvent
) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str]], NDArray[np.float64]]:
    """Return the answers about a source: the mean over networks that prepare images differently."""
    found = [_predict_source(part, module, source, on_event) for part, module in parts]
    paths, problems, others, _ = found[0]
    return paths, problems, others, mean_probabilities([shares for *_, shares in found])


def _predict_source(
    bundle: Bundle, module: nn.Module, source: Path, on_event: OnEvent
) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str]], NDArray[np.float64]]:
    if not source.exists():
        raise WrongUse.of("errors.not_found", where=source)
    found = find_images(source)
    rows = list(found.manifest.rows("path", "frame"))
    many = Counter(path for path, _ in rows)
    at_once = max(1, min(_CHUNK, _CHUNK_BYTES // (bundle.channels * bundle.size_px**2)))
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    made = [np.zeros((0, len(bundle.classes)))]
    with Reader(found.manifest.root, bundle.policy) as reader:
        for start in range(0, len(rows), at_once):
            chunk = rows[start : start + at_once]
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
            done = min(start + at_once, len(rows))
            on_event(Event("predict", "progress", text("predict.progress"), done, len(rows)))
    others = [(entry.path, entry.reason) for entry in found.others]
    return paths, problems, others, np.concatenate(made)


def _best(
    classes: Sequence[str], shares: NDArray[np.float64], top: int
) -> list[dict[str, str | float]]:
    """Return the `top` most probable classes, the first of equals first."""
    order = np.argsort(-shares, kind="stable")[:top]
    return [{"class": classes[at], "probability": float(shares[at])} for at in order]


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

    return predict_probabilities(
        module,
        InMemory(pixels),
        temperature=bundle.temperature,
        is_multilabel=bundle.is_multilabel,
    )


def _shape_of_targets(bundle: Bundle, n: int) -> tuple[int, ...]:
    return (n, len(bundle.classes)) if bundle.is_multilabel else (n,)
