"""Epochs on their way out: history.jsonl line by line, TensorBoard and MLflow read back."""

from __future__ import annotations

import importlib
import json
import math

import pytest

from tamiz.core.errors import MissingDependency, WrongUse
from tamiz.core.events import Event
from tamiz.core.language import say
from tamiz.core.recipe import Recipe, TrainOptions
from tamiz.stages.exporters import check_watch, exporting, flattened
from tamiz.stages.faults import check_recipe
from tamiz.stages.history import History


def epoch(number, loss=0.5, **more):
    values = {"epoch": number, "epochs": 9, "best_epoch": 1, "train_loss": loss, **more}
    return Event("train", "epoch", None, number, 9, values)


def recipe(*watch):
    return Recipe(train=TrainOptions(watch=list(watch)))


def lines(folder):
    return [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]


def stopped(folder, name, *events):
    """Tell the events, then stop as Ctrl-C does."""

    def train():
        with exporting(folder, recipe(name)) as tell:
            for event in events:
                tell(event)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train()


@pytest.fixture
def no_server(monkeypatch):
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("MLFLOW_ALLOW_FILE_STORE", "MLFLOW_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "true")


def test_history_grows_by_a_line_with_each_epoch(tmp_path):
    told: list[Event] = []
    with exporting(tmp_path, recipe(), told.append) as tell:
        for number in (1, 2, 3):
            tell(epoch(number, val_loss=None))
            assert [one["epoch"] for one in lines(tmp_path)] == list(range(1, number + 1))
        tell(Event("train", "progress", None, 1, 2))
    assert lines(tmp_path)[0] == {"epoch": 1, "train_loss": 0.5, "val_loss": None}
    assert len(told) == 4


def test_resumed_training_doubles_no_line(tmp_path):
    for number in (1, 2, 3):
        History(tmp_path / "history.jsonl").add(epoch(number).values)
    again = History(tmp_path / "history.jsonl")  # from the checkpoint after epoch 1
    again.add(epoch(2, loss=0.4).values)
    assert [(one["epoch"], one["train_loss"]) for one in lines(tmp_path)] == [(1, 0.5), (2, 0.4)]
    again.add(epoch(3, loss=0.3).values)
    assert [one["train_loss"] for one in lines(tmp_path)] == [0.5, 0.4, 0.3]


def test_training_begun_anew_replaces_the_old_history(tmp_path):
    for number in (1, 2, 3):
        History(tmp_path / "history.jsonl").add(epoch(number).values)
    History(tmp_path / "history.jsonl").add(epoch(1, loss=9.0).values)
    assert [one["train_loss"] for one in lines(tmp_path)] == [9.0]


@pytest.mark.parametrize("torn", ['{"epoch": 2, "tra', "[]\n", '{"epoch": 7}\n', "\xff"])
def test_torn_line_of_a_killed_process_is_written_again(tmp_path, torn):
    path = tmp_path / "history.jsonl"
    History(path).add(epoch(1).values)
    with path.open("a", encoding="latin-1") as opened:
        opened.write(torn)
    History(path).add(epoch(2, loss=0.4).values)
    assert lines(tmp_path)[-1]["train_loss"] == 0.4


def test_epochs_are_numbered_over_all_stages(tmp_path):
    history = History(tmp_path / "history.jsonl")
    for stage, number in ((1, 1), (1, 2), (2, 1)):
        history.add(epoch(number, stage=stage).values)
    resumed = History(tmp_path / "history.jsonl")
    assert resumed.add(epoch(2, stage=2).values)["epoch"] == 4
    assert [one["epoch"] for one in lines(tmp_path)] == [1, 2, 3, 4]
    assert [one["stage"] for one in lines(tmp_path)] == [1, 1, 2, 2]


def scalars(folder):
    reading = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    found = reading.EventAccumulator(str(folder / "tensorboard"))
    found.Reload()
    return {
        name: {one.step: one.value for one in found.Scalars(name)}
        for name in found.Tags()["scalars"]
    }


def test_tensorboard_holds_every_epoch_once_also_after_a_resume(tmp_path):
    pytest.importorskip("tensorboard")
    first = epoch(1, loss=2.0, val_loss=1.5, val_accuracy=math.nan)
    stopped(tmp_path, "tensorboard", first, epoch(2, loss=1.0))
    with exporting(tmp_path, recipe("tensorboard")) as tell:
        tell(epoch(2, loss=0.75))
        tell(epoch(3, loss=0.5))
    found = scalars(tmp_path)
    assert found["loss/train"] == {1: 2.0, 2: 0.75, 3: 0.5}
    assert found["loss/val"] == {1: 1.5}
    assert "accuracy/val" not in found


def test_mlflow_holds_recipe_metrics_and_end_in_files_of_the_run(tmp_path, no_server):
    pytest.importorskip("mlflow")
    from mlflow.tracking import MlflowClient

    folder = tmp_path / "my run"
    folder.mkdir()
    stopped(folder, "mlflow", epoch(1, loss=2.0, val_accuracy=math.inf))
    client = MlflowClient(tracking_uri=(folder / "mlflow").as_uri())
    (experiment,) = client.search_experiments(filter_string="name = 'tamiz'")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "KILLED"
    with exporting(folder, recipe("mlflow")) as tell:
        tell(epoch(2, loss=1.0))
    (run,) = client.search_runs([experiment.experiment_id])  # resumed, not a second one
    assert (run.info.status, run.info.run_name) == ("FINISHED", "my run")
    assert run.data.params["train.watch"] == '["mlflow"]'
    assert run.data.params["train.learning_rate"] == "0.002"
    assert run.data.tags["tamiz.model"] == "small"
    history = client.get_metric_history(run.info.run_id, "train_loss")
    assert [(one.step, one.value) for one in history] == [(1, 2.0), (2, 1.0)]
    assert "val_accuracy" not in run.data.metrics


def test_training_begun_anew_is_another_run_in_mlflow(tmp_path, no_server):
    pytest.importorskip("mlflow")
    from mlflow.tracking import MlflowClient

    for _ in range(2):
        with exporting(tmp_path, recipe("mlflow")) as tell:
            tell(epoch(1))
    client = MlflowClient(tracking_uri=(tmp_path / "mlflow").as_uri())
    (experiment,) = client.search_experiments(filter_string="name = 'tamiz'")
    assert len(client.search_runs([experiment.experiment_id])) == 2


def test_exporter_that_fails_ends_no_training(tmp_path, no_server):
    pytest.importorskip("mlflow")
    (tmp_path / "mlflow").write_text("in the way")
    told: list[Event] = []
    with exporting(tmp_path, recipe("mlflow"), told.append) as tell:
        tell(epoch(1))
        tell(epoch(2))
    warnings = [event for event in told if event.kind == "warning"]
    assert len(warnings) == 1
    assert "mlflow could not be told" in str(warnings[0].text)
    assert len(lines(tmp_path)) == 2


def test_unknown_exporter_is_a_fault_of_the_recipe_with_a_suggestion():
    with pytest.raises(WrongUse, match="did you mean 'tensorboard'") as error:
        check_watch(["tensorbord"])
    assert "mlflow, tensorboard" in str(error.value)
    with pytest.raises(WrongUse, match="there is no exporter called 'wandb'"):
        check_recipe(recipe("wandb"))
    check_watch(["mlflow", "tensorboard"])


def test_missing_package_names_the_command_that_installs_it(tmp_path, monkeypatch):
    from tamiz.stages import exporters

    def missing(package, *, extra, why):
        raise MissingDependency.of("errors.missing_package", package=package, extra=extra, why=why)

    monkeypatch.setattr(exporters, "require", missing)
    with (
        pytest.raises(MissingDependency, match="tensorboard"),
        exporting(tmp_path, recipe("tensorboard")),
    ):
        pass


def test_recipe_is_flattened_by_dotted_names_without_empty_fields():
    flat = flattened(recipe("mlflow"))
    assert flat["model.name"] == "small"
    assert "train.teacher" not in flat
    assert "data.source" not in flat
    assert all(isinstance(value, str) for value in flat.values())
    assert say("watching.kind_exporters") == "exporter"
