"""The report of `lab classify`: each network's answers, side by side, and what they are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import TamizError
from tamiz.core.language import Text, text
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Severity,
    Table,
    Words,
)
from tamiz.models.registry import InputFacts
from tamiz.stages.lab import Photo, finished
from tamiz.stages.laboratory.classify_drawing import Drawn, Stored, answers_png

if TYPE_CHECKING:
    from tamiz.data.contracts import Step

STAGE: Final = "lab"


@dataclass(frozen=True, slots=True)
class Asked:
    """A network before its weights are there: how it is called and what it wants to see."""

    name: str
    weights: str
    preferred: InputFacts
    steps: tuple[Step, ...]

    @property
    def resize_px(self) -> int:
        """Return what the shorter side is brought to."""
        return int(getattr(self.steps[-1], "shorter_px", self.preferred.size_px))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one network said.

    Attributes:
        asked: the network.
        shares: (photos, classes) probabilities.
        seen: (photos, side, side, 3), what it got.
        classes: their names.
        n_parameters: of the network with its classifier.
        source: where its weights are from.
    """

    asked: Asked
    shares: NDArray[np.float64]
    seen: NDArray[np.uint8]
    classes: tuple[str, ...]
    n_parameters: int
    source: str

    def best(self, photo: int, top: int) -> list[tuple[str, float]]:
        """Return the most probable classes of a photo, the first of equals first."""
        order = np.argsort(-self.shares[photo], kind="stable")[:top]
        return [(self.classes[at], float(self.shares[photo, at])) for at in order]

    def best_in_short(self, photo: int, top: int) -> list[tuple[str, float]]:
        """Return `best` with the first synonym of each class, where no other class shares it."""
        firsts = Counter(_first_synonym(name) for name in self.classes)
        return [
            (short if firsts[short := _first_synonym(name)] == 1 else name, share)
            for name, share in self.best(photo, top)
        ]


@dataclass(slots=True)
class Gathered:
    """Answers, and networks that had none, each with the reason."""

    answers: list[Answer] = field(default_factory=list)
    left_out: list[tuple[str, TamizError]] = field(default_factory=list)


def report_of(photos: Sequence[Photo], gathered: Gathered, top: int, out: Path | None) -> Report:
    """Return the report on photos and answers; pictures and page are written to `out`."""
    answers = gathered.answers
    files: dict[str, bytes] = {}
    sections: list[Section] = []
    summary: list[Block] = [*_left_out(gathered), _networks_table(answers)]
    networks = (*summary, Paragraph(text("lab_classify.normalised")))
    for number, photo in enumerate(photos):
        table = _table(photo.name, answers, number, top)
        stored = Stored(text("lab_classify.original", photo=photo.name), photo.rgb)
        drawn = answers_png(stored, [_drawn(one, number, top) for one in answers])
        files[f"answers-{number + 1}.png"] = drawn
        blocks = (*photo.told(), Pictures((Picture(drawn),)), table)
        sections.append(Section(f"photo-{number + 1}", photo.name, blocks))
        summary.append(table)
    remarks = list(_remarks(answers))
    sections.append(Section("networks", text("lab_classify.networks_short"), networks))
    sections.append(Section("remarks", text("lab_classify.remarks"), tuple(remarks)))
    title = text("lab_classify.title")
    values = {STAGE: _values(photos, gathered, top)}
    report = Report(STAGE, title, tuple(sections), (*summary, *remarks), values)
    return finished(report, files, out)


def _left_out(gathered: Gathered) -> Iterator[Findings]:
    """Yield what is to be said of networks without weights."""
    if gathered.left_out:
        yield Findings(
            tuple(
                Finding(
                    Severity.WARNING,
                    text("lab_classify.left_out", name=name, reason=error.what),
                    advice=error.fix,
                )
                for name, error in gathered.left_out
            )
        )


def _networks_table(answers: Sequence[Answer]) -> Table:
    """Return a column for each network: its size and what it wants to see."""
    rows = [
        _line("parameters", [text("lab_classify.count", n=one.n_parameters) for one in answers]),
        _line("classes", [text("lab_classify.count", n=len(one.classes)) for one in answers]),
        _line("input", [_side(one) for one in answers]),
        _line("resize", [_resized(one.asked) for one in answers]),
        _line("interpolation", [one.asked.preferred.interpolation for one in answers]),
        _line("mean", [_triple(one.asked.preferred.mean) for one in answers]),
        _line("std", [_triple(one.asked.preferred.std) for one in answers]),
        _line("weights", [one.source for one in answers]),
    ]
    columns = (text("lab_classify.network"), *_names(answers))
    return Table(columns, tuple(rows), text("lab_classify.networks"))


def _names(answers: Sequence[Answer]) -> list[Words]:
    return [one.asked.name for one in answers]


def _line(word: str, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return (text(f"lab_classify.{word}"), *cells)


def _side(answer: Answer) -> Text:
    return text("lab_classify.side", n=answer.asked.preferred.size_px)


def _resized(asked: Asked) -> Text:
    """Return what happens before the middle square is cut out."""
    key = "shorter_side" if asked.preferred.keeps_aspect else "both_sides"
    return text(f"lab_classify.{key}", n=asked.resize_px)


def _triple(values: Sequence[float]) -> str:
    return " ".join(f"{value:.3f}".rstrip("0") for value in values)


def _table(name: str, answers: Sequence[Answer], photo: int, top: int) -> Table:
    """Return one network's classes and probabilities, or several networks side by side."""
    if len(answers) == 1:
        return _table_of_one(name, answers[0], photo, top)
    best = [one.best_in_short(photo, top) for one in answers]
    rows: list[tuple[Cell, ...]] = [
        _line("input", [_side(one) for one in answers]),
        _line("parameters", [text("lab_classify.count", n=one.n_parameters) for one in answers]),
    ]
    for place in range(top):
        cells = [_cell(many[place]) if place < len(many) else "" for many in best]
        rows.append((str(place + 1), *cells))
    rest = (text("lab_classify.share", share=_rest(many)) for many in best)
    rows.append((text("lab_classify.rest"), *rest))
    columns = (text("lab_classify.place"), *_names(answers))
    return Table(columns, tuple(rows), text("lab_classify.answers_of_several", photo=name))


def _table_of_one(name: str, answer: Answer, photo: int, top: int) -> Table:
    best = answer.best(photo, top)
    rows: list[tuple[Cell, ...]] = [
        (str(place), named, text("lab_classify.share", share=share))
        for place, (named, share) in enumerate(best, start=1)
    ]
    n_others = len(answer.classes) - len(best)
    if n_others:
        others = text("lab_classify.others", n=n_others)
        rows.append(("", others, text("lab_classify.share", share=_rest(best))))
    columns = tuple(text(f"lab_classify.{word}") for word in ("place", "class", "probability"))
    return Table(columns, tuple(rows), text("lab_classify.answers", photo=name))


def _cell(best: tuple[str, float]) -> Text:
    return text("lab_classify.answer", name=best[0], share=best[1])


def _first_synonym(name: str) -> str:
    return name.partition(",")[0]


def _rest(best: Sequence[tuple[str, float]]) -> float:
    """Return the share of all other classes; never below 0, however it was rounded."""
    return max(0.0, 1.0 - sum(share for _, share in best))


def _drawn(answer: Answer, photo: int, top: int) -> Drawn:
    size = answer.asked.preferred.size_px
    facts = {"network": answer.asked.name, "size": size, "n": answer.n_parameters}
    best = answer.best_in_short(photo, top)
    return Drawn(text("lab_classify.drawn_title", **facts), answer.seen[photo], tuple(best))


def _remarks(answers: Sequence[Answer]) -> Iterator[Paragraph]:
    yield Paragraph(text("lab_classify.closed", n=max(len(one.classes) for one in answers)))
    yield Paragraph(text("lab_classify.not_calibrated"))
    yield Paragraph(text("lab_classify.names"))
    if len(answers) > 1:
        yield Paragraph(text("lab_classify.first_synonym"))
    yield Paragraph(text("lab_classify.cut_away"))
    yield Paragraph(text("lab_classify.own_images", name=answers[0].asked.name))


def _values(photos: Sequence[Photo], gathered: Gathered, top: int) -> dict[str, Any]:
    networks: list[Mapping[str, Any]] = [
        {
            "name": one.asked.name,
            "size_px": one.asked.preferred.size_px,
            "resize_px": one.asked.resize_px,
            "keeps_aspect": one.asked.preferred.keeps_aspect,
            "interpolation": one.asked.preferred.interpolation,
            "mean": list(one.asked.preferred.mean),
            "std": list(one.asked.preferred.std),
            "parameters": one.n_parameters,
            "classes": len(one.classes),
            "weights": one.source,
        }
        for one in gathered.answers
    ]
    told = [
        {
            "photo": photo.name,
            "answers": {
                one.asked.name: [
                    {"class": name, "probability": share} for name, share in one.best(number, top)
                ]
                for one in gathered.answers
            },
        }
        for number, photo in enumerate(photos)
    ]
    left_out = {name: error.what for name, error in gathered.left_out}
    return {"networks": networks, "photos": told, "left_out": left_out}
