"""The guard's look at an evaluation: how many of its images are unlike the training images."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import OnEvent
from tamiz.core.language import text
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import (
    Block,
    Cell,
    Estimate,
    Finding,
    Paragraph,
    Section,
    Severity,
    Table,
)
from tamiz.metrics.report_blocks import to_values
from tamiz.metrics.shares import share_of
from tamiz.models.ensemble import Ensemble, parts_of
from tamiz.models.guard import Verdict, joined_verdicts
from tamiz.models.guard_fitting import CHECKS_RATE, DISTANCE_RATE
from tamiz.models.registry import MODELS
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.guarding import even_sample, expected_rates, has_guard, judged, stacked, watch_of

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

_MOST_IMAGES: Final = 2_000
_MOST_THROUGH_LARGE: Final = 500
_KINDS: Final[tuple[str, ...]] = ("all", "distance", "checks")


@dataclass(frozen=True, slots=True)
class _Looked:
    """The images that were looked at, and what the guard says of them."""

    seen: Predictions
    verdict: Verdict

    def alarms(self, kind: str) -> NDArray[np.bool_]:
        """Return (n,) which images a kind of alarm goes off for."""
        if kind == "distance":
            return self.verdict.distance > 1
        if kind == "checks":
            return np.array([name != "" for name in self.verdict.facts], dtype=bool)
        return self.verdict.is_odd


def guard_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:
    """Return how many images of a part the guard takes for odd, and how the model does on them.

    At most 2,000 images (500 where a network of timm or torchvision reads them), evenly chosen,
    are decoded again. Out of fold an image is judged by the guard of the network that did not
    learn it. Nothing is said where figures are those of patients, or the model has no guard.

    Raises:
        WrongData: a guard is not one of its network.
        UnreadableItem: an image does not decode.
    """
    bundle = evaluation.bundle
    if evaluation.is_pooled or not has_guard(bundle) or not len(evaluation.rows):
        return Piece()
    is_large = MODELS.get(bundle.model).preferred is not None
    most = _MOST_THROUGH_LARGE if is_large else _MOST_IMAGES
    at = even_sample(np.arange(len(evaluation.rows), dtype=np.int64), most)
    rows, seen = evaluation.rows.take(at.tolist()), evaluation.predictions.take(at)
    if evaluation.part == "oof":
        verdict = _out_of_fold(evaluation, rows, on_event)
    else:
        verdict = _whole(bundle, rows, on_event)
    return _piece(evaluation, _Looked(seen, verdict), rows)


def _whole(bundle: Bundle, rows: Manifest, on_event: OnEvent) -> Verdict:
    """Return what most members of the model say."""
    found = []
    for part in parts_of(bundle):
        watch = watch_of(part, part.module())
        if watch is not None:
            found.append(judged(part, watch, rows, on_event)[1])
    return joined_verdicts(found)


def _out_of_fold(evaluation: Evaluation, rows: Manifest, on_event: OnEvent) -> Verdict:
    """Return of each row what the guard of the network that did not learn it says."""
    from tamiz.stages.cross_validation import folds_of
    from tamiz.stages.folding import load_folds

    bundle = evaluation.bundle
    members = bundle.members if isinstance(bundle, Ensemble) else (bundle,)
    place = {item: at for at, item in enumerate(rows.column("item"))}
    order: list[int] = []
    found: list[Verdict] = []
    for fold, member in zip(folds_of(load_folds(evaluation.run)), members, strict=False):
        if fold.repeat > 1:
            break
        held = Predictions.load(fold.folder(evaluation.run) / "oof.parquet").item.tolist()
        at = sorted(place[item] for item in held if item in place)
        watch = watch_of(member, member.module())
        if at and watch is not None:
            order += at
            found.append(judged(member, watch, rows.take(at), on_event)[1])
    made = stacked(found)
    return _sorted(made, order, len(rows))


def _sorted(verdict: Verdict, order: list[int], n: int) -> Verdict:
    """Return the verdict in the rows' order; a row that no guard judged is not odd."""
    oddness, distance = np.zeros(n), np.zeros(n)
    oddness[order], distance[order] = verdict.oddness, verdict.distance
    by_row = {row: place for place, row in enumerate(order)}
    reasons = tuple(verdict.reasons[by_row[row]] if row in by_row else None for row in range(n))
    names = tuple(verdict.facts[by_row[row]] if row in by_row else "" for row in range(n))
    return Verdict(oddness, distance, reasons, names)


def _piece(evaluation: Evaluation, looked: _Looked, rows: Manifest) -> Piece:
    confidence = evaluation.recipe.evaluate.confidence
    expected = expected_rates(evaluation.bundle)
    shares: dict[str, Estimate] = {
        kind: share_of(looked.alarms(kind), looked.seen.group, confidence)
        for kind in _KINDS
        if kind in expected
    }
    accuracy = _accuracies(looked, confidence)
    n = len(looked.seen)
    blocks: list[Block] = [_share_table(shares, expected, n, confidence)]
    if n < len(evaluation.rows):
        blocks.append(Paragraph(text("guard.sampled", n=n, all=len(evaluation.rows))))
    if accuracy:
        blocks.append(_accuracy_table(accuracy, confidence))
    reasons = Counter(name for name in looked.verdict.facts if name)
    if reasons:
        blocks.append(_reason_table(reasons, n))
    values: dict[str, Any] = {
        "part": evaluation.part,
        "n": n,
        "alarms": to_values(shares),
        "expected": to_values(expected),
        "accuracy": to_values(accuracy),
        "facts": dict(sorted(reasons.items())),
    }
    return Piece(
        sections=(Section("guard", text("guard.title"), tuple(blocks)),),
        findings=_findings(shares["all"], expected["all"], looked, rows),
        values={"guard": values},
    )


def _accuracies(looked: _Looked, confidence: float) -> dict[str, Estimate]:
    """Return the accuracy on usual and on odd images; empty for several labels per image."""
    seen, is_odd = looked.seen, looked.verdict.is_odd
    if seen.is_multilabel:
        return {}
    right = seen.predicted == seen.target
    return {
        name: share_of(right[which], seen.group[which], confidence)
        for name, which in (("usual", ~is_odd), ("odd", is_odd))
        if which.any()
    }


def _share_table(
    shares: dict[str, Estimate], expected: dict[str, Estimate], n: int, confidence: float
) -> Table:
    columns = (text("guard.kind"), text("guard.share"), text("guard.expected"))
    rows: list[tuple[Cell, ...]] = [
        (text(f"guard.by_{kind}"), share, expected[kind]) for kind, share in shares.items()
    ]
    caption = text("guard.table_caption", n=n, confidence=confidence)
    return Table(columns, tuple(rows), caption, unit="percent")


def _accuracy_table(accuracy: dict[str, Estimate], confidence: float) -> Table:
    columns = (text("guard.accuracy_of"), text("guard.number"), text("guard.accuracy"))
    rows: list[tuple[Cell, ...]] = [
        (text(f"guard.{name}"), f"{one.n:,}", one) for name, one in accuracy.items()
    ]
    caption = text("guard.accuracy_caption", confidence=confidence)
    return Table(columns, tuple(rows), caption, unit="fraction")


def _reason_table(reasons: Counter[str], n: int) -> Table:
    columns = (text("guard.reason"), text("guard.accuracy_of"))
    rows: list[tuple[Cell, ...]] = [
        (text(f"guard.fact_{name}"), count) for name, count in reasons.most_common()
    ]
    return Table(columns, tuple(rows), text("guard.reasons_caption", n=n), unit="count")


def is_unlike(share: Estimate, expected: Estimate) -> bool:
    """Return whether the interval of a share of odd images lies above that of validation.

    It has to lie above twice validation's rate, and above the upper end of that rate's interval
    (of what the guard promises, where it has none): none odd among few validation images does
    not make one odd image a sign.
    """
    usual = DISTANCE_RATE + CHECKS_RATE if expected.high is None else expected.high
    return share.low is not None and share.low > max(2 * expected.value, usual)


def _findings(
    share: Estimate, expected: Estimate, looked: _Looked, rows: Manifest
) -> tuple[Finding, ...]:
    """Return a warning where the images are shown to be unlike those of training."""
    if not is_unlike(share, expected):
        return ()
    facts = {"share": share.value, "low": share.low, "up": share.high, "rate": expected.value}
    order = np.argsort(-looked.verdict.oddness, kind="stable")[:5]
    paths = rows.take(order.tolist()).column("path")
    items = tuple(
        f"{path}: {reason}"
        for path, reason in zip(paths, (looked.verdict.reasons[at] for at in order), strict=True)
        if reason is not None
    )
    what, advice = text("guard.high", **facts), text("guard.high_advice")
    return (Finding(Severity.WARNING, what, advice, items=items, effect=share.value),)
