"""What `compare` reads of a run: figures, predictions, recipe, and on which images and split."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import TamizError
from tamiz.core.files import read_json
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import recipe_to_tables
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate, Words
from tamiz.data.run_folder import Run
from tamiz.splits.audit import CONTENT_COLUMN
from tamiz.stages.folding import has_folds, load_folds

# Settings that change no figure, or that the keys of data and split tell already.
_QUIET: Final = frozenset(
    {"data.source", "train.checkpoint_s", "train.threads", "train.device", "train.watch",
     "prepare.workers", "prepare.memory_mib"}
)  # fmt: skip
_QUIET_SECTIONS: Final = frozenset({"explore", "clean", "audit"})
_LONGEST: Final = 60


class NotComparable(Exception):
    """Says why a folder has no place in a comparison."""

    def __init__(self, reason: Words) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Finished:
    """An evaluated run.

    Attributes:
        folder: where it lies.
        started: when it was begun, ISO 8601.
        seconds: that its stages took in all.
        recipe: as it was in force.
        metrics: content of metrics.json.
        part: where its result is from: 'test', or 'oof' (out of fold).
        n_items: how many images take part.
        is_multilabel: whether an image can have several labels.
        data_key: equal for the same images with the same labels and groups.
        split_key: equal for the same split or folds of them.
    """

    folder: Path
    started: str
    seconds: float
    recipe: Recipe
    metrics: dict[str, Any]
    part: str
    n_items: int
    is_multilabel: bool
    data_key: str
    split_key: str

    @property
    def name(self) -> str:
        """Return the run's folder's name."""
        return self.folder.resolve().name

    @property
    def source(self) -> str:
        """Return the name of what it was made of."""
        return Path(self.recipe.data.source).name

    def figure(self, part: str, metric: str) -> Estimate | None:
        """Return a figure as `evaluate` stated it; None where it stated none."""
        found = self.metrics.get(part, {}).get(metric)
        if not found or found["value"] is None:
            return None
        return Estimate(
            found["value"],
            found["low"],
            found["high"],
            found["n"],
            found["n_groups"],
            found["method"],
        )

    def judged(self) -> list[Predictions]:
        """Return the predictions that its result rests on: of the test part, or of each repeat.

        Raises:
            WrongData: a file is missing or damaged.
        """
        folder = self.folder / "predictions"
        names = ["test"]
        if self.part == "oof":
            repeats = range(2, self.recipe.split.repeats + 1)
            names = ["oof", *(f"oof_{repeat}" for repeat in repeats)]
        paths = [folder / f"{name}_patients.parquet" for name in names]
        if not paths[0].is_file():
            paths = [folder / f"{name}.parquet" for name in names]
        return [Predictions.load(path) for path in paths]


def read_finished(folder: Path) -> Finished:
    """Return the evaluated run in `folder`.

    Raises:
        NotComparable: there is none, or one of its files is damaged.
    """
    run = Run(folder)
    try:
        if not run.exists:
            raise NotComparable(text("compare.no_run"))
        state = run.state()
        if "evaluate" not in state.get("stages", {}):
            raise NotComparable(text("compare.not_evaluated"))
        recipe, manifest = run.recipe(), run.manifest()
        metrics = read_json(folder / "metrics.json")
        split_key = _split_key(run, recipe, manifest)
    except TamizError as error:
        raise NotComparable(str(error).splitlines()[0]) from error
    return Finished(
        folder=folder,
        started=str(state.get("started", "")),
        seconds=sum(float(stage["seconds"]) for stage in state["stages"].values()),
        recipe=recipe,
        metrics=metrics,
        part="oof" if "oof" in metrics else "test",
        n_items=sum(split is not None for split in manifest.column("split")),
        is_multilabel=manifest.is_multilabel,
        data_key=_data_key(manifest),
        split_key=split_key,
    )


def changes_between(before: Finished, after: Finished) -> list[tuple[str, str, str]]:
    """Return (field, old, new) for each setting that differs and can change a figure."""
    old, new = recipe_to_tables(before.recipe), recipe_to_tables(after.recipe)
    return [
        (f"{section}.{name}", _shown(old[section].get(name)), _shown(value))
        for section, values in new.items()
        if section not in _QUIET_SECTIONS
        for name, value in values.items()
        if f"{section}.{name}" not in _QUIET and old[section].get(name) != value
    ]


def _data_key(manifest: Manifest) -> str:
    """Return a hash over the images in use: place, content where known, label and group."""
    names = ["item", "label", "group"]
    names += [CONTENT_COLUMN] if CONTENT_COLUMN in manifest.column_names else []
    used = [row for row in manifest.rows("split", *names) if row[0] is not None]
    return _hash(sorted(json.dumps(row[1:]) for row in used))


def _split_key(run: Run, recipe: Recipe, manifest: Manifest) -> str:
    pairs = [json.dumps(row) for row in manifest.rows("item", "split") if row[1] is not None]
    folds: list[str] = []
    if has_folds(recipe.split):
        folding = load_folds(run)
        folds = [json.dumps([*row]) for row in zip(folding.items, *folding.folds, strict=True)]
    return _hash([*sorted(pairs), "folds", *sorted(folds)])


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _shown(value: object) -> str:
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
