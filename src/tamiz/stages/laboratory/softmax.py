"""`lab softmax`: a real prediction taken apart: scores, exponentials, probabilities, loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import Text, text
from tamiz.data.report import Block, Cell, Paragraph, Report, Section, Table
from tamiz.lab.answers import Sigmoids, Softmax
from tamiz.models.ensemble import parts_of
from tamiz.stages.lab import finished
from tamiz.stages.laboratory.looking import network_asked, networks_of, one_image
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.data.image import Image
    from tamiz.models.bundle import Bundle

STAGE: Final = "lab"
_CLASSES_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class TakeApart:
    """What is asked of a prediction.

    Attributes:
        true: the true class, or the true labels; empty: not known, and no loss is shown.
        image: which image of the source, from 1.
        weights: file of a pretrained network's weights; None: the public ones.
    """

    true: tuple[str, ...] = ()
    image: int = 1
    weights: Path | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """One network's answer: raw scores, what softmax is taken of, probabilities."""

    bundle: Bundle
    scores: NDArray[np.float64]
    calibrated: NDArray[np.float64]
    shares: NDArray[np.float64]


def lab_softmax(
    model: Path | str, source: Path | str, how: TakeApart | None = None, out: Path | None = None
) -> Report:
    """Show how scores become probabilities and, with the true class, a loss and its gradient.

    The probabilities are those of `predict`, to the bit. Of an ensemble the first network is taken
    apart, and the mean over all shown.

    Args:
        model: folder of a model or of its run, or the name of a pretrained network.
        source: an image, or a source of images.
        how: see `TakeApart`.
        out: folder for a page; None: only the report.

    Raises:
        WrongUse: there is no such model, image or class, or the model reads slides.
        WrongData: the bundle is damaged, or the source holds no images.
    """
    how = how or TakeApart()
    bundle = network_asked(str(model), how.weights)
    true = _true_at(bundle, how.true)
    name, image = one_image(Path(source), how.image, bundle.policy)
    parts = [_asked(one, image) for one in networks_of(bundle)]
    together = parts if len(parts) == 1 else [_asked(one, image) for one in parts_of(bundle)]
    shares = mean_probabilities([one.shares[np.newaxis] for one in together])[0]
    order = _order(shares, true)
    blocks: list[Block] = [_lead(bundle, name, parts[0])]
    take_apart = _labels_taken_apart if bundle.is_multilabel else _classes_taken_apart
    blocks += take_apart(parts[0], order, true)
    if len(parts) > 1:
        blocks.append(_members_table(parts, shares, order))
    title = text("lab_learnt.softmax_title")
    values = _values(bundle, name, parts[0], shares, true)
    report = Report(
        STAGE, title, (Section("softmax", title, tuple(blocks)),), tuple(blocks), {STAGE: values}
    )
    return finished(report, {}, out)


def _true_at(bundle: Bundle, names: Sequence[str]) -> list[int]:
    """Return the numbers of the true classes.

    Raises:
        WrongUse: a class is unknown, or there are several where an image has one label.
    """
    for name in names:
        if name not in bundle.classes:
            known = ", ".join(bundle.classes[:40])
            raise WrongUse.of("lab_learnt.bad_class", where="--true", name=name, known=known)
    if len(set(names)) > 1 and not bundle.is_multilabel:
        raise WrongUse.of("lab_learnt.one_class", where="--true", n=len(set(names)))
    return [bundle.classes.index(name) for name in dict.fromkeys(names)]


def _asked(bundle: Bundle, image: Image) -> _Part:
    """Return one network's answer, with the same steps as in `predict`."""
    from tamiz.engine.infer import predict_scores
    from tamiz.engine.prepared import InMemory

    pixels = prepare_image(image, bundle.steps)[np.newaxis]
    images = InMemory(np.require(pixels, requirements=["C", "W"]))
    scores = predict_scores(bundle.module(), images)
    is_multilabel = bundle.is_multilabel
    calibrated = bundle.calibration.calibrated_scores(scores, is_multilabel=is_multilabel)
    return _Part(bundle, scores[0], calibrated[0], bundle.probabilities_of(scores)[0])


def _order(shares: NDArray[np.float64], true: Sequence[int]) -> list[int]:
    """Return the most probable classes first, at most 12, and the true ones."""
    order: list[int] = np.argsort(-shares, kind="stable")[:_CLASSES_SHOWN].tolist()
    return order + [one for one in true if one not in order]


def _lead(bundle: Bundle, name: str, part: _Part) -> Paragraph:
    kind = "of_labels" if bundle.is_multilabel else "of_classes"
    told = text(f"lab_learnt.softmax_{kind}", model=bundle.model, name=name, n=len(part.scores))
    return Paragraph(told)


def _classes_taken_apart(part: _Part, order: Sequence[int], true: Sequence[int]) -> list[Block]:
    """Return the steps of softmax as trained and, where it is calibrated, as answered."""
    raw = Softmax.of(part.scores)
    blocks: list[Block] = [_softmax_table(part, raw, order, true, key="as_trained")]
    if true:
        blocks.append(_loss_sentence(raw, true[0], "as_trained"))
    calibration = part.bundle.calibration
    if calibration.is_identity:
        blocks.append(Paragraph(text("lab_learnt.not_calibrated")))
        return blocks
    blocks.append(Paragraph(_calibration_words(part.bundle)))
    answered = Softmax.of(part.calibrated)
    blocks.append(_softmax_table(part, answered, order, true, key="as_answered"))
    if true:
        blocks.append(_loss_sentence(answered, true[0], "as_answered"))
    return blocks


def _softmax_table(
    part: _Part, one: Softmax, order: Sequence[int], true: Sequence[int], *, key: str
) -> Table:
    names = part.bundle.classes
    gradient = one.gradient(true[0]) if true else np.zeros(len(names))
    rows: list[tuple[Cell, ...]] = []
    for at in order:
        cells = [one.scores[at], one.powers[at], one.probabilities[at]]
        more = [f"{int(at in true)}", _signed(gradient[at])] if true else []
        rows.append((names[at], f"{cells[0]:.4f}", *(f"{c:.6f}" for c in cells[1:]), *more))
    rest = np.setdiff1d(np.arange(len(names)), order)
    if len(rest):
        sums = [one.powers[rest].sum(), one.probabilities[rest].sum()]
        more = ["0", _signed(gradient[rest].sum())] if true else []
        others = text("lab_learnt.other_classes", n=len(rest))
        rows.append((others, "", *(f"{c:.6f}" for c in sums), *more))
    more = ["1", _signed(gradient.sum())] if true else []
    total = f"{one.probabilities.sum():.6f}"
    rows.append((text("lab_learnt.sum"), "", f"{one.total:.6f}", total, *more))
    words = ["class", "score", "power", "probability", *(["wanted", "gradient"] if true else [])]
    columns = tuple(text(f"lab_learnt.col_{word}") for word in words)
    return Table(columns, tuple(rows), text(f"lab_learnt.{key}", highest=float(one.scores.max())))


def _signed(value: float) -> str:
    """Return a number with its sign; what is rounded to 0 has none."""
    return f"{value:+.6f}" if abs(value) >= 5e-7 else "0.000000"


def _loss_sentence(one: Softmax, true: int, key: str) -> Paragraph:
    share = float(one.probabilities[true])
    facts = {"share": share, "loss": one.loss(true), "n": len(one.scores)}
    return Paragraph(
        text(f"lab_learnt.loss_{key}", ignorance=float(np.log(len(one.scores))), **facts)
    )


def _calibration_words(bundle: Bundle) -> Text:
    calibration = bundle.calibration
    if calibration.is_plain:
        return text("lab_learnt.by_temperature", temperature=1.0 / calibration.scales[0])
    low, high = min(calibration.scales), max(calibration.scales)
    return text("lab_learnt.by_vector", low=low, high=high, bend=calibration.bend)


def _labels_taken_apart(part: _Part, order: Sequence[int], true: Sequence[int]) -> list[Block]:
    """Return the steps of each label's sigmoid, after calibration."""
    one, bundle = Sigmoids.of(part.calibrated), part.bundle
    wanted = np.isin(np.arange(len(bundle.classes)), np.array(true, dtype=np.int64))
    losses, gradient = one.losses(wanted), one.gradient(wanted)
    rows: list[tuple[Cell, ...]] = []
    for at in order:
        is_said = one.probabilities[at] >= bundle.thresholds[at]
        cells: list[Cell] = [
            f"{part.scores[at]:.4f}",
            f"{one.scores[at]:.4f}",
            f"{one.powers[at]:.6g}",
            f"{one.probabilities[at]:.6f}",
            f"{bundle.thresholds[at]:.4f}",
            text("lab_learnt.yes") if is_said else text("lab_learnt.no"),
        ]
        more = [f"{int(wanted[at])}", f"{losses[at]:.6f}", _signed(gradient[at])] if true else []
        rows.append((bundle.classes[at], *cells, *more))
    words = ["label", "score", "calibrated", "negative_power", "probability", "threshold", "said"]
    words += ["wanted", "loss", "gradient"] if true else []
    columns = tuple(text(f"lab_learnt.col_{word}") for word in words)
    blocks: list[Block] = [Table(columns, tuple(rows), text("lab_learnt.sigmoid_caption"))]
    if true:
        total = float(losses.mean())
        blocks.append(Paragraph(text("lab_learnt.loss_of_labels", loss=total, n=len(losses))))
    return blocks


def _members_table(
    parts: Sequence[_Part], shares: NDArray[np.float64], order: Sequence[int]
) -> Table:
    """Return each network's probabilities and their mean."""
    rows: list[tuple[Cell, ...]] = [
        (
            parts[0].bundle.classes[at],
            *(f"{one.shares[at]:.6f}" for one in parts),
            f"{shares[at]:.6f}",
        )
        for at in order
    ]
    names = (text("lab_learnt.network_number", n=n) for n in range(1, len(parts) + 1))
    columns = (text("lab_learnt.col_class"), *names, text("lab_learnt.mean"))
    return Table(columns, tuple(rows), text("lab_learnt.members_caption", n=len(parts)))


def _values(
    bundle: Bundle, name: str, part: _Part, shares: NDArray[np.float64], true: Sequence[int]
) -> dict[str, Any]:
    classes = bundle.classes
    made: dict[str, Any] = {
        "model": bundle.model,
        "image": name,
        "probabilities": dict(zip(classes, shares.tolist(), strict=True)),
        "scores": dict(zip(classes, part.scores.tolist(), strict=True)),
        "calibrated_scores": dict(zip(classes, part.calibrated.tolist(), strict=True)),
        "true": [classes[at] for at in true],
    }
    if true and bundle.is_multilabel:
        wanted = np.isin(np.arange(len(classes)), np.array(true))
        answered = Sigmoids.of(part.calibrated)
        made["loss"] = float(answered.losses(wanted).mean())
        made["gradient"] = dict(zip(classes, answered.gradient(wanted).tolist(), strict=True))
    elif true:
        raw, answer = Softmax.of(part.scores), Softmax.of(part.calibrated)
        made["loss_as_trained"], made["loss"] = raw.loss(true[0]), answer.loss(true[0])
        made["gradient"] = dict(zip(classes, raw.gradient(true[0]).tolist(), strict=True))
    return made
