"""Who else is told about the epochs of a training: its history file, TensorBoard, MLflow."""

from __future__ import annotations

import difflib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from tamiz.core.errors import TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import make_folder, read_json, write_json
from tamiz.core.language import say, text
from tamiz.core.optional import require
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import recipe_to_tables, recipe_to_toml
from tamiz.stages.history import NAME, History

_TENSORBOARD_NAMES: Final = {
    "train_loss": "loss/train",
    "val_loss": "loss/val",
    "val_accuracy": "accuracy/val",
    "val_f1": "f1/val",
}
_LONGEST_PARAM: Final = 6000  # letters, MLflow's limit; longer values are cut
_MOST_PARAMS: Final = 100  # in one of MLflow's calls
_EXPERIMENT: Final = "tamiz"


class Exporter(Protocol):
    """Somebody who is told about epochs."""

    def add(self, entry: Mapping[str, Any]) -> None:
        """Take over the figures of one epoch; 'epoch' counts from 1."""
        ...

    def close(self, status: str) -> None:
        """End with 'done', 'stopped' or 'failed'."""
        ...


class _TensorBoard:
    """Event files in `tensorboard/` of the run's folder."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        require("tensorboard", extra="tensorboard", why="train.watch = tensorboard")
        self._folder, self._recipe = folder / "tensorboard", recipe
        self._writer: Any = None

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write the epoch's figures; of a resumed training the epochs that come again win."""
        if self._writer is None:
            from torch.utils.tensorboard import SummaryWriter

            make_folder(self._folder)
            self._writer = SummaryWriter(str(self._folder), purge_step=entry["epoch"])
            if entry["epoch"] == 1:
                self._writer.add_text("recipe", f"```toml\n{recipe_to_toml(self._recipe)}\n```")
        for name, value in _figures(entry).items():
            self._writer.add_scalar(_TENSORBOARD_NAMES.get(name, name), value, entry["epoch"])
        self._writer.flush()

    def close(self, status: str) -> None:  # noqa: ARG002 - TensorBoard has no word for it
        """Close the file."""
        if self._writer is not None:
            self._writer.close()


class _MLflow:
    """A run in MLflow: `mlflow/` of the run's folder, or the server of MLFLOW_TRACKING_URI.

    MLflow's own telemetry is switched off unless the user asked for it.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        require("mlflow", extra="mlflow", why="train.watch = mlflow")
        self._folder, self._recipe = folder, recipe
        self._client: Any = None
        self._run_id = ""

    def add(self, entry: Mapping[str, Any]) -> None:
        """Log the epoch's figures; the first call opens the run, or goes on with the one there.

        Raises:
            OSError: the store cannot be written to, or the server does not answer.
        """
        from mlflow.entities import Metric
        from mlflow.exceptions import MlflowException

        now = _milliseconds()
        try:
            if self._client is None:
                self._open(is_resumed=entry["epoch"] > 1)
            metrics = [
                Metric(name, value, now, entry["epoch"]) for name, value in _figures(entry).items()
            ]
            self._client.log_batch(self._run_id, metrics=metrics)
        except MlflowException as error:
            raise OSError(error.message) from error

    def close(self, status: str) -> None:
        """Say how the run ended."""
        from mlflow.exceptions import MlflowException

        words = {"done": "FINISHED", "stopped": "KILLED"}
        if self._client is None or not self._run_id:
            return
        try:
            self._client.set_terminated(self._run_id, words.get(status, "FAILED"))
        except MlflowException as error:
            raise OSError(error.message) from error

    def _open(self, *, is_resumed: bool) -> None:
        from mlflow.tracking import MlflowClient

        uri = os.environ.get("MLFLOW_TRACKING_URI", "")
        if not uri:
            # Files need no database and no server; MLflow wants to be told that they are meant.
            os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
            make_folder(self._folder / "mlflow")
            uri = (self._folder / "mlflow").absolute().as_uri()
        self._client = MlflowClient(tracking_uri=uri)
        self._run_id = self._known_run(uri) if is_resumed else ""
        if self._run_id:
            self._client.update_run(self._run_id, status="RUNNING")
        else:
            self._create(uri)

    def _known_run(self, uri: str) -> str:
        """Return the id of the run that an earlier session opened; empty without one."""
        from mlflow.exceptions import MlflowException

        try:
            noted = read_json(self._folder / "mlflow.json")
            found = self._client.get_run(noted["run_id"]) if noted["uri"] == uri else None
        except (WrongData, WrongUse, KeyError, TypeError, MlflowException):
            return ""
        return str(found.info.run_id) if found else ""

    def _create(self, uri: str) -> None:
        from mlflow.entities import Param

        name = os.environ.get("MLFLOW_EXPERIMENT_NAME", _EXPERIMENT)
        experiment = self._client.get_experiment_by_name(name)
        if experiment is None:
            experiment_id = self._client.create_experiment(name)
        else:
            experiment_id = experiment.experiment_id
        tags = {"tamiz.version": _version(), "tamiz.model": self._recipe.model.name}
        made = self._client.create_run(experiment_id, tags=tags, run_name=self._folder.name)
        self._run_id = made.info.run_id
        params = [Param(key, value) for key, value in flattened(self._recipe).items()]
        for start in range(0, len(params), _MOST_PARAMS):
            self._client.log_batch(self._run_id, params=params[start : start + _MOST_PARAMS])
        write_json(self._folder / "mlflow.json", {"uri": uri, "run_id": self._run_id})


_MAKERS: Final[Mapping[str, Callable[[Path, Recipe], Exporter]]] = {
    "mlflow": _MLflow,
    "tensorboard": _TensorBoard,
}


def check_watch(names: Sequence[str]) -> None:
    """Raise `WrongUse` when `train.watch` names what does not exist; loads nothing."""
    for name in names:
        if name not in _MAKERS:
            near = difflib.get_close_matches(str(name), _MAKERS, n=1)
            raise WrongUse.of(
                "errors.unknown_name",
                where="train.watch",
                kind=say("watching.kind_exporters"),
                name=name,
                suggestion=say("errors.did_you_mean", name=near[0]) if near else "",
                choices=", ".join(_MAKERS),
            )


def check_installed(names: Sequence[str]) -> None:
    """Raise `MissingDependency` when what `train.watch` names is not installed; loads nothing."""
    for name in names:
        if find_spec(name) is None:
            require(name, extra=name, why=f"train.watch = {name}")


@contextmanager
def exporting(folder: Path, recipe: Recipe, on_event: OnEvent = ignore) -> Iterator[OnEvent]:
    """Yield a listener that passes events on and keeps the epochs as the recipe asks.

    Each epoch of stage 'train' becomes a line of `history.jsonl` in `folder`, and goes to the
    exporters of `train.watch`. An exporter that fails is left out from then on, with a warning:
    no training ends because somebody could not be told about it.

    Args:
        folder: of the run, or of one fold.
        recipe: as it is in force.
        on_event: who listens besides.

    Raises:
        WrongUse: `train.watch` names what does not exist.
        MissingDependency: what it names is not installed.
    """
    check_watch(recipe.train.watch)
    exporters = {name: _MAKERS[name](folder, recipe) for name in recipe.train.watch}
    history = History(folder / NAME)

    def tell(name: str, action: Callable[[], None]) -> None:
        try:
            action()
        except (OSError, TamizError) as error:
            exporters.pop(name, None)
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            told = text("watching.exporter_failed", name=name, reason=reason)
            on_event(Event("train", "warning", told))

    def listen(event: Event) -> None:
        if event.stage == "train" and event.kind == "epoch":
            entry = history.add(event.values)
            for name, exporter in list(exporters.items()):
                tell(name, lambda exporter=exporter: exporter.add(entry))  # type: ignore[misc]
        on_event(event)

    status = "failed"
    try:
        yield listen
        status = "done"
    except KeyboardInterrupt:
        status = "stopped"
        raise
    finally:
        for name, exporter in list(exporters.items()):
            tell(name, lambda exporter=exporter: exporter.close(status))  # type: ignore[misc]


def flattened(recipe: Recipe) -> dict[str, str]:
    """Return the recipe's fields by their dotted names, as text; empty ones are left out."""
    made = {}
    for section, values in recipe_to_tables(recipe).items():
        for name, value in values.items():
            if value is None or value in ("", [], {}):
                continue
            words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            made[f"{section}.{name}"] = words[:_LONGEST_PARAM]
    return made


def _figures(entry: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of an epoch that are numbers."""
    return {
        name: float(value)
        for name, value in entry.items()
        if name != "epoch"
        and isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    }


def _milliseconds() -> int:
    import time

    return int(time.time() * 1000)


def _version() -> str:
    from tamiz import __version__

    return __version__
