"""What a run tells of itself while another process works in it: its stage, its epochs, its curves.

Only files are read, and a last line that is still being written is left for the next time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.files import explain_read_error
from tamiz.core.language import text
from tamiz.data.report import Chart
from tamiz.data.run_folder import Run
from tamiz.stages.history import NAME
from tamiz.stages.pipeline import ORDER
from tamiz.stages.training_report import curve_of

_CURVES: Final = (
    (("train_loss", "val_loss"), "training.loss"),
    (("val_accuracy", "val_f1"), "training.shares"),
)


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a run stands.

    Attributes:
        stage: the one at work, or the one that was; '' before the first.
        done: the stages that are done, in order.
        history: a line for each epoch so far, over all stages of the training.
        n_epochs: how many epochs this part of the training has in all; 0 where it is not known.
        epoch: of this part of the training.
        notes: what the stages remarked, as they said it.
    """

    stage: str
    done: tuple[str, ...]
    history: tuple[Mapping[str, Any], ...]
    n_epochs: int
    epoch: int
    notes: tuple[str, ...]

    @property
    def best(self) -> Mapping[str, Any] | None:
        """Return the epoch with the lowest validation loss; None where there is none."""
        known = [one for one in self.history if one.get("val_loss") is not None]
        return min(known, key=lambda one: float(one["val_loss"])) if known else None


def follow(run: Run) -> Followed:
    """Return where a run stands, as its files say.

    Raises:
        WrongData: run.json is damaged.
        WrongUse: a file may not be read.
    """
    stages = run.state().get("stages", {})
    events = list(_lines(run.folder / "events.jsonl"))
    stage, epoch, n_epochs = "", 0, 0
    notes: list[str] = []
    for event in events:
        kind, values = event.get("kind"), event.get("values") or {}
        if kind == "start":
            stage, notes = str(event.get("stage", "")), notes if event.get("stage") else []
        elif kind == "epoch":
            epoch, n_epochs = int(values.get("epoch") or 0), int(values.get("epochs") or 0)
        elif kind in {"warning", "note"} and event.get("text"):
            notes.append(str(event["text"]))
    return Followed(
        stage=stage,
        done=tuple(name for name in ORDER if name in stages),
        history=tuple(_lines(run.folder / NAME)),
        n_epochs=n_epochs,
        epoch=epoch,
        notes=tuple(dict.fromkeys(notes)),
    )


def curves(history: Sequence[Mapping[str, Any]]) -> list[Chart]:
    """Return the charts of the epochs so far: losses, and shares of right answers."""
    made = [curve_of(history, names, label) for names, label in _CURVES]
    return [chart for chart in made if chart.series]


def curve_title(chart: Chart) -> str:
    """Return a chart's heading, with the last figures of its curves."""
    last = ", ".join(f"{one.name} {one.y[-1]:.3f}" for one in chart.series if one.y)
    return f"{chart.title} · {last}" if last else str(chart.title)


def words_of_stage(stage: str) -> str:
    """Return a stage's name in the reader's language."""
    return str(text(f"workbench.stage_{stage}")) if stage in ORDER else stage


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a JSON-lines file; nothing where there is none."""
    try:
        words = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise explain_read_error(error, path) from error
    for line in words.splitlines():
        try:
            one = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(one, dict):
            yield one
