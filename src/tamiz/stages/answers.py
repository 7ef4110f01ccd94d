"""What a model says about images, as every face tells it: a table, a report, JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.files import write_text
from tamiz.core.language import Text, text
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
from tamiz.metrics.decision import WITHHELD, Decision
from tamiz.metrics.operating import rule_words
from tamiz.metrics.sureness import Sureness

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says about images.

    Attributes:
        paths: of the images that were read, one per row of `predictions`.
        predictions: probabilities; the target is unknown (-1).
        problems: (path, reason) of what could not be read.
        others: (path, reason) of files found that are no images.
        decision: how an answer follows from the probabilities of one label.
        odd: of each image why it is unlike the training images; empty where it is not; None where
            no guard was asked.
        withholds_odd: whether such images get no answer.
        false_alarms: the share of validation images that the guard would take for odd.
        sureness: how often answers of a certain confidence were right in the model's test.
    """

    paths: tuple[str, ...]
    predictions: Predictions
    problems: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    decision: Decision = field(default_factory=Decision)
    odd: tuple[str, ...] | None = None
    withholds_odd: bool = False
    false_alarms: float = 0.0
    sureness: Sureness = field(default_factory=Sureness)

    def save_csv(self, path: Path) -> None:
        """Write path, predicted, p_<class>..., problem; unreadable files have a row too.

        Where the model may keep silent, `answered` says 'yes' or 'no' and `predicted` is '-'. Of
        several labels `predicted` holds all of them, joined by '|'; '-' where there is none.
        Where a guard was asked, `odd` says why an image is unlike the training images.
        """
        write_text(path, self.csv_text())

    def csv_text(self) -> str:
        """Return what `save_csv` writes."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        classes = self.predictions.classes
        has_silence = self.decision.abstain_below > 0 or self.withholds_odd
        answered = ["answered"] if has_silence else []
        odd = [] if self.odd is None else ["odd"]
        shares = [f"p_{name}" for name in classes]
        header = ["path", "predicted", *answered, *shares, *odd, "problem"]
        writer.writerow([safe_cell(cell) for cell in header])
        for at, (name, found, row) in enumerate(self._rows()):
            shares = [repr(float(share)) for share in row]
            words = safe_cell(join_labels(found))
            if not found:
                words = NO_LABEL  # alone it begins no formula
            answered = ["yes" if self._is_answered(at, found) else "no"] if has_silence else []
            odd = [] if self.odd is None else [safe_cell(self.odd[at])]
            writer.writerow([safe_cell(name), words, *answered, *shares, *odd, ""])
        for name, reason in self.problems:
            empty = [""] * (len(header) - 3)
            writer.writerow([safe_cell(name), "", *empty, safe_cell(reason)])
        return lines.getvalue()

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
            *self._decision_in_words(),
            Table(
                (text("predict.class"), text("predict.images")),
                tuple((name, counts[name]) for name in classes if counts[name]),
                unit="count",
            )
            if any(counts.values()) or not self.paths
            else Paragraph(self._why_none()),
            self._first_answers() if top == 1 else self._best_classes(top),
        ]
        blocks += self._odd_findings()
        if self.problems:
            blocks.append(self._problem_findings())
        if csv_path:
            blocks.append(Paragraph(text("predict.saved", path=str(csv_path))))
        title = text("predict.title")
        section = Section("answers", title, tuple(blocks))
        return Report("predict", title, (section,), tuple(blocks), self.told(top))

    def told(self, top: int = 1) -> dict[str, Any]:
        """Return all answers and problems, JSON-ready; `top` as in `report`."""
        classes = self.predictions.classes
        return {
            "answers": [
                {
                    "path": name,
                    "predicted": self._predicted(at, found),
                    "probabilities": dict(zip(classes, map(float, row), strict=True)),
                    **({"top": _best(classes, row, top)} if top > 1 else {}),
                    **({"odd": self.odd[at]} if self.odd is not None else {}),
                    **({"right_of_100": worth} if (worth := self._worth(at)) else {}),
                }
                for at, (name, found, row) in enumerate(self._rows())
            ],
            "problems": [{"path": name, "reason": reason} for name, reason in self.problems],
            "others": [{"path": name, "reason": reason} for name, reason in self.others],
        }

    def meaning(self, at: int) -> Text | None:
        """Return in words how many of 100 such answers were right in the model's test.

        None where it was not measured, where no answer is given, and where the image is odd: the
        test says nothing about such images.
        """
        worth = self._worth(at)
        return None if worth is None else text("predict.meaning", **worth)

    def _worth(self, at: int) -> dict[str, float] | None:
        """Return how many of 100 answers as sure as that about an image were right, n, groups."""
        is_odd = self.odd is not None and self.odd[at] != ""
        if self.predictions.is_multilabel or is_odd or not self.sureness.bands:
            return None
        shares, classes = self.predictions.probabilities[at : at + 1], self.predictions.classes
        if int(self.decision.answers(shares, classes)[0]) == WITHHELD:
            return None
        band = self.sureness.of(float(self.decision.confidence(shares, classes)[0]))
        if band is None:
            return None
        return {
            "value": 100 * band.right,
            "low": 100 * band.right_low,
            "high": 100 * band.right_high,
            "n": band.n,
            "n_groups": band.n_groups,
            "confidence": self.sureness.confidence,
        }

    def _rows(self) -> Iterator[tuple[str, list[str], NDArray[np.float64]]]:
        """Yield path, class (of several labels: all that are predicted) and probabilities."""
        classes, answers = self.predictions.classes, self.predictions.predicted
        if self.predictions.is_multilabel:
            found = [names_of(row, classes) for row in answers]
        else:
            answers = self.decision.answers(self.predictions.probabilities, classes)
            found = [[] if one == WITHHELD else [classes[one]] for one in answers.tolist()]
        for at in range(len(found)):
            found[at] = [] if self._is_withheld(at) else found[at]
        yield from zip(self.paths, found, self.predictions.probabilities, strict=True)

    def _is_withheld(self, at: int) -> bool:
        """Return whether an image has no answer because it is odd."""
        return self.withholds_odd and self.odd is not None and self.odd[at] != ""

    def _is_answered(self, at: int, found: list[str]) -> bool:
        has_answer = self.predictions.is_multilabel or bool(found)  # no label is an answer, too
        return has_answer and not self._is_withheld(at)

    def _predicted(self, at: int, found: list[str]) -> list[str] | str | None:
        """Return an answer as JSON has it: all labels, or one class, None where withheld."""
        if not self._is_answered(at, found):
            return None
        return found if self.predictions.is_multilabel else found[0]

    def _odd_findings(self) -> list[Block]:
        """Return how many images are unlike the training images, the first of them by name."""
        pairs = zip(self.paths, self.odd or (), strict=False)
        odd = [f"{name}: {reason}" for name, reason in pairs if reason]
        if not odd:
            return []
        facts = {"odd": len(odd), "n": len(self.paths), "rate": self.false_alarms}
        advice = "guard.abstained" if self.withholds_odd else "guard.odd_advice"
        what = text("guard.odd_images", **facts)
        return [Findings((Finding(Severity.WARNING, what, text(advice), items=tuple(odd)),))]

    def _decision_in_words(self) -> list[Block]:
        """Return how answers were decided where it is not the usual way, and how many lack one."""
        made, one = [], self.decision
        if one.threshold is not None:
            facts = {"rule": rule_words(one.rule), "positive": one.positive, "value": one.threshold}
            made.append(text("operating.predict_how_threshold", **facts))
        elif one.costs:
            made.append(text("operating.predict_how", rule=rule_words(one.rule)))
        if one.abstain_below > 0:
            found = self.decision.answers(self.predictions.probabilities, self.predictions.classes)
            n = int((found == WITHHELD).sum())
            facts = {"n": n, "all": len(self.paths), "limit": one.abstain_below}
            made.append(text("operating.predict_withheld", **facts))
        return [Paragraph(sentence) for sentence in made]

    def _why_none(self) -> Text:
        """Return why not one image got an answer."""
        n = len(self.paths)
        n_odd = sum(map(self._is_withheld, range(n)))
        if self.predictions.is_multilabel and n_odd < n:
            return text("predict.no_label_at_all", n=n)
        if n_odd == n:
            return text("predict.none_all_odd", n=n)
        limit = self.decision.abstain_below
        if not n_odd:
            return text("predict.none_all_unsure", n=n, limit=limit)
        return text("predict.none_of_both", n=n, odd=n_odd, unsure=n - n_odd, limit=limit)

    def _first_answers(self) -> Table:
        index = {name: position for position, name in enumerate(self.predictions.classes)}
        rows: list[tuple[Cell, ...]] = []
        for (name, found, row), at in zip(self._rows(), range(_SHOWN), strict=False):
            shares = [float(row[index[label]]) for label in found]
            if self.predictions.is_multilabel and not self._is_withheld(at):
                shown = " + ".join(f"{share:.3f}" for share in shares)
                rows.append((name, " + ".join(found) or text("multilabel.no_label"), shown))
            else:
                answer: Cell = found[0] if found else text("operating.no_answer")
                rows.append((name, answer, shares[0] if found else float(row.max())))
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


def _best(
    classes: Sequence[str], shares: NDArray[np.float64], top: int
) -> list[dict[str, str | float]]:
    """Return the `top` most probable classes, the first of equals first."""
    order = np.argsort(-shares, kind="stable")[:top]
    return [{"class": classes[at], "probability": float(shares[at])} for at in order]
