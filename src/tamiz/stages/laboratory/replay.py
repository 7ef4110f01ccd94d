"""`lab replay`: a training done once more, and looked at after every epoch.

A run keeps the best weights and the last, not those of every epoch. Its recipe, its rows and its
seed give the same training again, to the byte on the same machine; whether they did is checked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import make_folder, read_json, write_bytes, write_json
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.report import Block, Paragraph, Picture, Pictures, Report, Section
from tamiz.data.run_folder import Run
from tamiz.formats.png_writing import encode_png
from tamiz.models.backbone import FITTED_HEADS
from tamiz.models.registry import MODELS
from tamiz.stages.folding import has_folds
from tamiz.stages.history import NAME
from tamiz.stages.lab import finished
from tamiz.stages.laboratory.frames import Frame, animated, drawn_frames, loss_chart
from tamiz.stages.predict import load_bundle
from tamiz.stages.train import task_of
from tamiz.stages.training_rows import training_rows

if TYPE_CHECKING:
    from tamiz.engine.epochs import EndOfEpoch
    from tamiz.engine.train import Trained
    from tamiz.models.bundle import Bundle

STAGE: Final = "lab"
GIF: Final = "replay.gif"
_NOTE: Final = "replay.json"


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where the epochs of a replay are kept, and which weights of each."""

    folder: Path
    parameter: str
    shape: tuple[int, ...]

    def __call__(self, end: EndOfEpoch) -> None:
        """Write one epoch: kernels, scores of the validation rows, figures."""
        from safetensors.numpy import save

        arrays = {"scores": end.validation_scores()}
        if self.parameter:
            arrays["kernels"] = end.tensor(self.parameter).numpy().reshape(self.shape)
        place = self.folder / f"{end.number:04}"
        write_json(place.with_suffix(".json"), {**end.figures, "epoch": end.number})
        arrays = {name: np.ascontiguousarray(one) for name, one in arrays.items()}
        write_bytes(place.with_suffix(".safetensors"), save(arrays))

    def frames(self, n: int) -> list[Frame]:
        """Return the epochs 1 to `n`."""
        from safetensors.numpy import load

        made = []
        for number in range(1, n + 1):
            place = self.folder / f"{number:04}"
            arrays = load(place.with_suffix(".safetensors").read_bytes())
            figures = read_json(place.with_suffix(".json"))
            made.append(Frame(figures, arrays["scores"], arrays.get("kernels")))
        return made


def lab_replay(run_folder: Path | str, out: Path, on_event: OnEvent = ignore) -> Report:
    """Train as a run trained, and show filters, validation answers and losses epoch by epoch.

    It takes as long as the training did. An interrupted replay goes on where it stopped. The run
    is not changed, and its test part is not read.

    Args:
        run_folder: a run that was trained.
        out: folder for `replay.gif`, `report.html`, a picture of each epoch, and what is needed to
            go on.
        on_event: told about progress.

    Raises:
        WrongUse: there is no trained run, its training has no epochs to be shown one by one, or
            `out` holds the replay of another training.
        WrongData, MachineTrouble: see `train`.
    """
    run = Run(run_folder)
    if not run.exists:
        raise WrongUse.of("run.no_run", where=run_folder)
    if not run.recipe_path.is_file():  # it was stopped before its plan
        raise WrongUse.of("lab_replay.not_untrained", where=run_folder)
    recipe = run.recipe()
    _refuse(recipe, run)
    bundle = load_bundle(run.folder)
    kept = _kept(bundle, out / "epochs")
    _claim(out, bundle)
    seconds = run.state().get("stages", {}).get("train", {}).get("seconds", 0.0)
    on_event(Event(STAGE, "note", text("lab_replay.takes", minutes=seconds / 60)))
    trained, targets = _train_again(recipe, run, (out, kept), on_event)
    frames = kept.frames(len(trained.history))
    pictures = drawn_frames(frames, targets, bundle.classes, trained.best_epoch)
    for number, picture in enumerate(pictures, start=1):
        write_bytes(out / "frames" / f"epoch-{number:04}.png", encode_png(picture))
        on_event(Event(STAGE, "progress", text("lab_replay.drawing"), number, len(pictures)))
    moving = animated(pictures)
    report = _report(recipe, (bundle, trained), (frames, targets), moving.png)
    return finished(report, {GIF: moving.gif}, out)


def _refuse(recipe: Recipe, run: Run) -> None:
    """Raise where there are no epochs of one network to be shown.

    Raises:
        WrongUse: always then.
    """
    name = recipe.model.name
    spec = MODELS.get(name)
    reason = ""
    if has_folds(recipe.split):
        reason = "folds"
    elif spec.reads == "slides":
        reason = "slides"
    elif spec.learns == "at once":
        reason = "network"
    elif recipe.model.options.get("head") in FITTED_HEADS:
        reason = "fitted"
    elif not (run.model_folder / "bundle.json").is_file():
        reason = "untrained"
    elif _was_cut(recipe, run):
        reason = "clock"
    if reason:
        raise WrongUse.of(f"lab_replay.not_{reason}", where=run.folder, name=name)


def _was_cut(recipe: Recipe, run: Run) -> bool:
    """Return whether the clock ended the training: no clock runs alike twice."""
    limit = recipe.train.max_minutes
    if limit is None:
        return False
    lines = (run.folder / NAME).read_text(encoding="utf-8").splitlines()
    return sum(float(json.loads(line).get("seconds") or 0.0) for line in lines) >= 60 * limit


def _kept(bundle: Bundle, folder: Path) -> _Kept:
    """Return where epochs go, and the name of the weights that are looked at."""
    from tamiz.engine.explaining.layers import first_convolution
    from tamiz.engine.explaining.maps import dense_filters
    from tamiz.engine.explaining.subject import Asking, Subject, as_values

    subject = Subject.of(bundle, Asking())
    values = as_values(subject.filled()[np.newaxis])
    name = first_convolution(subject.net, values)
    if name is not None:
        return _Kept(folder, f"{name}.weight", bundle.weights[f"{name}.weight"].shape)
    name, weights = dense_filters(subject.net, values)
    ends = (f"net.{name}.weight", f"{name}.weight")
    parameter = next((one for one in ends if name and one in bundle.weights), "")
    return _Kept(folder, parameter, weights.shape)


def _claim(out: Path, bundle: Bundle) -> None:
    """Note whose replay this folder holds.

    Raises:
        WrongUse: it holds another one's.
    """
    make_folder(out / "epochs")
    wanted = {"weights": bundle.identity()}
    if (out / _NOTE).is_file() and read_json(out / _NOTE).get("weights") != wanted["weights"]:
        raise WrongUse.of("lab_replay.other_replay", where=out)
    write_json(out / _NOTE, wanted)


def _train_again(
    recipe: Recipe, run: Run, where: tuple[Path, _Kept], on_event: OnEvent
) -> tuple[Trained, NDArray[Any]]:
    """Return the training and the targets of the validation rows."""
    from tamiz.engine.train import train_network

    out, kept = where
    rows, _ = training_rows(run.manifest())
    own = run.folder / "cache"
    cache = own if own.is_dir() else out / "cache"
    task, _ = task_of(recipe, rows, cache, on_event, whole=run.manifest())
    task = replace(task, train=replace(task.train, max_minutes=None))
    trained = train_network(task, out / "checkpoint", on_event, on_epoch=kept)
    return trained, task.rows.targets[task.rows.val]


def _report(
    recipe: Recipe,
    trained: tuple[Bundle, Trained],
    seen: tuple[Sequence[Frame], NDArray[Any]],
    moving: bytes,
) -> Report:
    bundle, made = trained
    frames, targets = seen
    alike, difference = _compared(bundle, made)
    lead = Paragraph(
        text(
            "lab_replay.lead",
            n=len(frames),
            model=recipe.model.name,
            best=made.best_epoch,
            n_val=len(targets),
        )
    )
    check = Paragraph(_same_words(alike, difference))
    animation = Picture(moving, text("lab_replay.animation", best=made.best_epoch))
    curve = loss_chart(frames)
    title = text("lab_replay.title")
    blocks: tuple[Block, ...] = (lead, check, Pictures((animation,)), curve)
    values = {
        "epochs": [dict(one.figures) for one in frames],
        "best_epoch": made.best_epoch,
        "same_weights": alike,
        "largest_difference": difference,
        "confusion": [one.confusion(targets).tolist() for one in frames],
        "classes": list(bundle.classes),
    }
    section = Section("replay", title, blocks)
    return Report(STAGE, title, (section,), (lead, check, curve), {STAGE: values})


def _compared(bundle: Bundle, made: Trained) -> tuple[bool, float | None]:
    """Return whether the weights are those of the run, and the largest difference."""
    if bundle.weights.keys() != made.weights.keys():
        return False, None
    pairs = [(bundle.weights[name], made.weights[name]) for name in made.weights]
    if any(one.shape != other.shape for one, other in pairs):
        return False, None
    if all(one.tobytes() == other.tobytes() for one, other in pairs):
        return True, 0.0
    return False, max(
        float(np.abs(one.astype(np.float64) - other).max()) for one, other in pairs if one.size
    )


def _same_words(alike: bool, difference: float | None) -> Text:  # noqa: FBT001
    if alike:
        return text("lab_replay.same")
    if difference is None:
        return text("lab_replay.another")
    return text("lab_replay.differs", difference=difference)
