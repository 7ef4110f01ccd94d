"""`benchmark`: one split for all ways, gaps that are named, and nothing done twice."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from tests.end_to_end.conftest import draw_classes

import tamiz
from tamiz.cli.main import COMMANDS, main
from tamiz.core.errors import EXIT_FOUND_PROBLEMS, WrongUse
from tamiz.core.events import Event
from tamiz.core.files import read_json, write_json
from tamiz.core.language import set_language
from tamiz.core.recipe import Recipe
from tamiz.data.report import Estimate, Report, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.paired_tests import PairedTest, holm
from tamiz.metrics.panel import Compared
from tamiz.stages.benchmark import BenchmarkHow
from tamiz.stages.benchmarking import runs as benchmark_runs
from tamiz.stages.benchmarking.figures import SideBySide, compared, mean_ranks
from tamiz.stages.benchmarking.runs import Cell, Gap
from tamiz.stages.benchmarking.ways import WORKFLOW_C, DataSet, data_sets_of, distinct, ways_of
from tamiz.stages.finished_runs import read_finished
from tamiz.stages.pipeline import stage_report_folder

ROOT = Path(__file__).resolve().parents[2]
FAST = {
    "train.epochs": 1,
    "evaluate.resamples": 100,
    "audit.depth": "quick",
    "clean.near_duplicates": False,
    "train.guard": False,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return (folder, report, events): two data sets, two ways and one that cannot be done."""
    folder = tmp_path_factory.mktemp("benchmark")
    sources = [draw_classes(folder / name / "photos", 24, seed=at) for at, name in enumerate("ab")]
    events: list[Event] = []
    how = BenchmarkHow(ways=("softmax", "mlp", "cnn"), settings=FAST)
    with pytest.MonkeyPatch.context() as patched:  # charts of the runs' pages take half of the time
        patched.setattr("tamiz.rendering.html.chart_svg", lambda *_args, **_options: "<svg></svg>")
        report = tamiz.benchmark(sources, folder / "out", how, events.append)
    return folder, report, events


def values_of(report: Report) -> dict[str, Any]:
    made: dict[str, Any] = report.values["benchmark"]
    return made


def test_every_way_has_a_figure_with_an_interval_and_seconds_on_every_data_set(world):
    _, report, _ = world
    for one in values_of(report)["data"]:
        for word in ("softmax", "mlp"):
            found = one["ways"][word]
            assert 0 <= found["result"]["low"] <= found["result"]["value"]
            assert found["result"]["n"] == one["parts"]["test"]
            assert found["train_seconds"] >= 0
            assert found["run_seconds"] > found["train_seconds"]
            assert found["n_parameters"] > 0
            assert found["model_bytes"] > 0


def test_each_is_an_ordinary_run_and_all_ways_of_a_data_set_stand_on_one_split(world):
    folder, report, _ = world
    for one in values_of(report)["data"]:
        runs = [folder / "out" / one["name"] / word for word in ("softmax", "mlp")]
        compared = tamiz.compare(runs)
        assert len(compared.values["ladders"]) == 1  # the same images and the same split
        assert not compared.values["left_out"]
        assert (runs[1] / "report" / "report.html").is_file()


def test_what_comes_before_the_plan_is_done_once_for_each_data_set(world):
    _, _, events = world
    begun = [event.stage for event in events if event.kind == "start"]
    assert begun.count("index") == begun.count("audit") == begun.count("split") == 2
    assert begun.count("plan") == 6
    told = [str(event.text) for event in events if event.stage == "benchmark" and event.text]
    assert "4 of 6: b-photos, softmax" in told


def test_data_sets_of_one_name_are_told_apart(world):
    folder, _, _ = world
    assert {path.name for path in (folder / "out").iterdir() if path.is_dir()} == {
        "a-photos",
        "b-photos",
    }


def test_a_way_that_cannot_be_done_is_a_gap_with_its_reason(world):
    _, report, _ = world
    values = values_of(report)
    assert values["gaps"] == 2
    gap = values["data"][0]["ways"]["cnn"]["gap"]
    assert gap["stage"] == "train"
    assert "16 px are too small for 3 blocks" in gap["reason"]
    table = next(block for block in report.summary if isinstance(block, Table))
    (row,) = (row for row in table.rows if row[0] == "cnn")
    assert str(row[1]) == "no figure: train"


def test_differences_are_those_to_the_first_way_corrected_over_all_data_sets(world):
    _, report, _ = world
    values = values_of(report)
    assert values["comparisons"] == 2  # one for each data set; the gap has none
    for one in values["data"]:
        ways = one["ways"]
        found = ways["mlp"]["against_reference"]
        gap = ways["mlp"]["result"]["value"] - ways["softmax"]["result"]["value"]
        assert found["difference"]["value"] == pytest.approx(gap)
        assert ways["softmax"]["against_reference"] is None
    made = [one["ways"]["mlp"]["against_reference"] for one in values["data"]]
    assert [one["p_corrected"] for one in made] == holm([one["p"] for one in made])
    assert max(one["p"] for one in made) <= 1


def test_the_choice_is_that_of_validation_and_looks_are_told(world):
    _, report, _ = world
    for one in values_of(report)["data"]:
        figures = {
            word: found["val"]["value"] for word, found in one["ways"].items() if "val" in found
        }
        assert figures[one["chosen_on_validation"]] == max(figures.values())
    words = " ".join(str(getattr(block, "text", "")) for block in report.summary)
    assert "Looks at test parts by these runs: 4" in words
    assert "Choose by the validation figure" in words
    assert "No test is made of it" in words


def test_a_repeated_command_repeats_nothing_and_another_reference_can_be_asked_for(
    world, monkeypatch
):
    folder, report, _ = world
    _let_training_have_taken(50.0, Run(folder / "out" / "a-photos" / "mlp"))
    sources = [folder / name / "photos" for name in "ab"]
    monkeypatch.setattr("tamiz.stages.train.train_rows", _never)
    events: list[Event] = []
    how = BenchmarkHow(ways=("softmax", "mlp"), settings=FAST, against="best")
    again = tamiz.benchmark(sources, folder / "out", how, events.append)
    assert not [event for event in events if event.kind == "start"]
    for before, after in zip(values_of(report)["data"], values_of(again)["data"], strict=True):
        assert after["ways"]["mlp"]["result"] == before["ways"]["mlp"]["result"]
        assert after["reference"] == after["chosen_on_validation"]
    resumed = values_of(again)["data"][0]["ways"]["mlp"]
    assert resumed["run_seconds"] > resumed["train_seconds"] == 50  # all sessions are in both
    stored = json.loads((folder / "out" / "benchmark.json").read_text("utf-8"))
    assert stored["reference"] == "best"
    assert Run(folder / "out" / "a-photos" / "mlp").state()["status"] == "done"


def _let_training_have_taken(seconds: float, run: Run) -> None:
    """Change a run as if its training had been stopped: `train` then timed its last session."""
    path = stage_report_folder(run, "train") / "report.json"
    told = read_json(path)
    told["values"]["train"]["seconds"] = seconds
    write_json(path, told)


def _never(*_args: object, **_options: object) -> None:
    raise RuntimeError("was finished before")


def test_a_copy_of_the_split_that_was_cut_short_is_taken_up_again(world, tmp_path, monkeypatch):
    folder, _, _ = world
    lead, run = Run(folder / "out" / "a-photos" / "softmax"), Run(tmp_path / "other")

    def fails(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tamiz.stages.benchmarking.runs.shutil.copytree", fails)
        with pytest.raises(KeyboardInterrupt):
            benchmark_runs.adopt(lead, run)
    assert run.state()["stages"] == {}
    benchmark_runs.adopt(lead, run)
    assert "split" in run.state()["stages"]
    assert "train" not in run.state()["stages"]
    assert "asked" not in run.state()
    assert run.manifest().digest() == lead.manifest().digest()


def test_decisions_that_lie_in_a_way_s_folder_are_not_overwritten(world, tmp_path):
    folder, _, _ = world
    lead, run = Run(folder / "out" / "a-photos" / "softmax"), Run(tmp_path / "cleaned")
    run.folder.mkdir()
    (run.folder / "decisions.csv").write_text("path,decision\na.png,keep\n", encoding="utf-8")
    benchmark_runs.adopt(lead, run)
    assert "a.png,keep" in (run.folder / "decisions.csv").read_text(encoding="utf-8")
    assert run.manifest().digest() == lead.manifest().digest()


def test_a_stopped_command_makes_no_gap_and_leaves_what_is_finished(world, monkeypatch):
    folder, _, _ = world

    def stops(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tamiz.stages.train.train_rows", stops)
    how = BenchmarkHow(ways=("softmax", "small"), settings=FAST)
    with pytest.raises(KeyboardInterrupt):
        tamiz.benchmark([folder / "a" / "photos"], folder / "out", how)
    states = [Run(folder / "out" / "a-photos" / word).state() for word in ("softmax", "small")]
    assert [state["status"] for state in states] == ["done", "stopped"]
    assert "plan" in states[1]["stages"]  # the next command begins with the training


def test_a_run_on_another_split_gets_no_figure(world):
    folder, _, _ = world
    ways = ways_of(["softmax", "mlp"], None)
    runs = [read_finished(folder / "out" / "a-photos" / way.folder) for way in ways]
    runs[1] = replace(runs[1], split_key="another")
    cells = [Cell(way, run.folder, run) for way, run in zip(ways, runs, strict=True)]
    made = SideBySide(DataSet("a", "a", {}), cells, "another split")
    assert set(made.runs) == {"softmax"}
    assert made.cells[1].gap == Gap("split", "another split")
    assert made.to_reference("softmax") == []


def test_other_settings_in_the_same_folder_are_refused(world):
    folder, _, _ = world
    how = BenchmarkHow(ways=("softmax",), settings={**FAST, "train.epochs": 2})
    with pytest.raises(WrongUse) as error:
        tamiz.benchmark([folder / "a" / "photos"], folder / "out", how)
    assert "asked for otherwise: settings for all runs" in str(error.value)
    assert "--overwrite" in str(error.value)


def test_data_that_cannot_be_read_are_a_gap_in_every_way(tmp_path):
    (tmp_path / "empty").mkdir()
    events: list[Event] = []
    how = BenchmarkHow(ways=("softmax", "mlp"), settings=FAST)
    report = tamiz.benchmark([tmp_path / "empty"], tmp_path / "out", how, events.append)
    (one,) = values_of(report)["data"]
    assert {found["gap"]["stage"] for found in one["ways"].values()} == {"index"}
    assert one["metric"] is None
    assert (tmp_path / "out" / "benchmark.html").is_file()
    assert sum(event.kind == "start" for event in events) == 1  # not tried once for each way


def test_the_page_stands_alone_in_both_languages(world):
    from tamiz.rendering.html import render_html

    folder, report, _ = world
    page = (folder / "out" / "benchmark.html").read_text("utf-8")
    assert "Which to choose" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    set_language("es")
    assert "Cuál elegir" in render_html(report)


def test_the_command_says_by_its_exit_code_that_there_are_gaps(world, capsys):
    folder, _, _ = world
    words = ["benchmark", str(folder / "a" / "photos"), "--ways", "softmax,cnn", "--json"]
    settings = [part for name, one in FAST.items() for part in ("--set", f"{name}={_toml(one)}")]
    with pytest.raises(SystemExit) as left:
        main([*words, "--quiet", "--out", str(folder / "out"), *settings])
    assert left.value.code == EXIT_FOUND_PROBLEMS
    (one,) = json.loads(capsys.readouterr().out)["values"]["benchmark"]["data"]
    assert one["name"] == "a-photos"  # as it was called before
    assert "benchmark" in COMMANDS


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("smal", "there is no way 'smal'; did you mean 'small'?"),
        ("descriptors:tree", "there is no way 'descriptors:tree'"),
        ("frozen:small", "'small' has no pretrained weights to freeze"),
        ("frozen:", "there is no way 'frozen:'"),
        ("nowhere.toml", "nowhere.toml"),
    ],
)
def test_a_wrong_way_is_told_with_what_is_allowed(word, what):
    with pytest.raises(WrongUse) as error:
        ways_of([word], None)
    assert what in str(error.value)
    if "no way" in what:
        assert "logistic, svm, forest, boosting, knn" in str(error.value)


def test_a_wrong_way_is_told_before_anything_begins(tmp_path):
    source = draw_classes(tmp_path / "photos", 2)
    missing = BenchmarkHow(ways=("small", "frozen:resnet18"), weights=str(tmp_path / "none.st"))
    wrong = BenchmarkHow(ways=("small",), settings={"train.epochs": 0})
    for how in (BenchmarkHow(ways=("small", "smal")), missing, wrong):
        with pytest.raises(WrongUse):
            tamiz.benchmark([source], tmp_path / "out", how)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("how", "what"),
    [
        (
            BenchmarkHow(ways=("small", "descriptors", "descriptors:logistic")),
            "'descriptors' again",
        ),
        (BenchmarkHow(ways=("small",), against="cnn"), "Choose one of: first, best, small"),
        (BenchmarkHow(settings={"model.name": "small"}), "cannot name a network"),
        (BenchmarkHow(recipes={"other": Path("x.toml")}), "Name one of: photos"),
        (BenchmarkHow(ways=("frozen:resnet18",), weights="none"), "not worth freezing"),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_way_out(tmp_path, how, what):
    source = draw_classes(tmp_path / "photos", 1)
    with pytest.raises(WrongUse) as error:
        tamiz.benchmark([source], tmp_path / "out", how)
    assert what in str(error.value)


def test_data_sets_must_be_there_and_named_once(tmp_path):
    (tmp_path / "photos").mkdir()
    twice = [tmp_path / "photos", tmp_path / "x" / ".." / "photos"]
    for sources, what in (
        ([], "no data set was named"),
        (twice, "named twice"),
        ([tmp_path / "nowhere"], "nowhere"),
    ):
        with pytest.raises(WrongUse, match=what):
            data_sets_of(sources, {}, {})


def test_names_stay_when_a_data_set_of_the_same_name_is_added(tmp_path):
    paths = [tmp_path / one / "photos" for one in "ab"]
    for path in paths:
        path.mkdir(parents=True)
    made = data_sets_of(paths, {}, {str(paths[0]): "photos"})
    assert [one.name for one in made] == ["photos", "b-photos"]
    assert distinct("a b:c", ("a-b-c",)) == "a-b-c-2"


def test_a_recipe_is_a_way_less_what_is_common_and_of_a_data_set_less_what_ways_say(tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text('[split]\nseed = 3\n[model]\nname = "mlp"\n[train]\nepochs = 2\n')
    (way,) = ways_of([str(recipe)], None)
    assert way.folder == way.word == "mine"
    assert way.tables == {"model": {"name": "mlp"}, "train": {"epochs": 2}}
    assert way.left_out == ("split",)
    (one,) = data_sets_of([tmp_path], {str(tmp_path): recipe}, {})
    assert one.tables == {"split": {"seed": 3}}
    assert one.left_out == ("model", "train")


def test_the_network_of_workflow_c_is_trained_as_its_recipe_says():
    recipe = tomllib.loads((ROOT / "recipes" / "workflow-c.toml").read_text("utf-8"))
    assert recipe == WORKFLOW_C
    words = [way.word for way in ways_of([], None)]
    assert words == ["descriptors", "descriptors:svm", "cnn", "small"]


def test_words_with_colons_say_classifier_preset_and_head():
    described, frozen = ways_of(
        ["descriptors:workflow-c:forest", "frozen:torchvision:squeezenet1_0:knn"], "auto"
    )
    assert described.tables["model"]["options"] == {
        "classifier": "forest",
        "describe": "workflow-c",
    }
    assert frozen.tables["model"]["name"] == "torchvision:squeezenet1_0"
    assert frozen.tables["model"]["options"] == {"head": "knn"}
    assert frozen.tables["train"] == {"stages": ["head"]}
    assert frozen.folder == "frozen-torchvision-squeezenet1_0-knn"


class Ranked:
    """Stands for a data set's figures."""

    def __init__(self, values: dict[str, float], *, is_lower_better: bool = False) -> None:
        self.runs = values
        self.is_lower_better = is_lower_better

    def figure(self, word: str):
        value = self.runs.get(word)
        return None if value is None else Estimate(value)


class OfOneComparison:
    """Stands for a data set with one comparison."""

    is_lower_better = False
    runs: ClassVar = {"a": SimpleNamespace(recipe=Recipe())}

    def __init__(self, p: float) -> None:
        self.p, self.against = p, list[Any]()

    def to_reference(self, _wanted: str) -> list[tuple[str, Compared]]:
        difference = Estimate(0.5)
        test = PairedTest(self.p, "bootstrap")
        return [("b", Compared(difference, test, self.p, difference, "not shown"))]


def test_what_could_not_be_tested_is_not_counted_as_a_comparison():
    sets = [OfOneComparison(0.02), OfOneComparison(math.nan), OfOneComparison(0.04)]
    assert compared(sets, "a") == 2  # type: ignore[arg-type]
    assert [one.against[0].p_corrected for one in sets[::2]] == [0.04, 0.04]
    assert [one.against[0].verdict for one in sets] == ["better", "not shown", "better"]


def test_mean_ranks_share_ties_and_leave_out_ways_with_gaps():
    sets = [
        Ranked({"a": 0.9, "b": 0.9, "c": 0.1, "d": 1.0}),
        Ranked({"a": 0.2, "b": 0.3, "c": 0.4}, is_lower_better=True),
    ]
    assert mean_ranks(sets) == {"a": 1.25, "b": 1.75, "c": 3.0}  # type: ignore[arg-type]
    assert mean_ranks(sets[:1]) == {}  # type: ignore[arg-type]
