"""Several trainings at once: each as if it had been alone, told in one line, never two in a folder.

The engine here does the last part first, so whatever depended on who is finished first would show.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.conftest import draw_classes
from tests.stages.test_benchmark import FAST
from tests.stages.test_cross_validation import checked
from tests.stages.test_search import RANGES, records
from tests.stages.test_search import SETTINGS as SEARCHED
from tests.workers.eager import eagerly

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import locked
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.run_folder import Run
from tamiz.stages import at_once
from tamiz.stages.ablate_augmentation import AblateAugmentation, ablate_augmentation
from tamiz.stages.at_once import Trainings, each_training
from tamiz.stages.benchmark import BenchmarkHow, benchmark
from tamiz.stages.cross_validation import cross_validate
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.stages.sanity import Sanity, sanity
from tamiz.stages.search import SearchHow, search
from tamiz.stages.split import split
from tamiz.stages.telling import Teller, hearing

TIMES = ("seconds", "eta_s")


def _double(n: int, on_event: OnEvent) -> int:
    on_event(Event("train", "note", text("folds.fold_of", n=n, total=3)))
    for epoch in (1, 2):
        on_event(Event("train", "epoch", None, values={"epoch": epoch, "epochs": 2}))
    return 2 * n


def _bad_second(n: int, on_event: OnEvent) -> int:
    if n == 2:
        raise WrongData("loss is no number", where="train", fix="x")
    return _double(n, on_event)


def parts(n: int = 3) -> list[tuple[str, int]]:
    return [(f"part {number}", number) for number in range(1, n + 1)]


def trainings(folder: Path, n: int = 3) -> Trainings:
    return Trainings("train", folder, n, Recipe())


def test_on_the_default_engine_parts_are_done_here_one_after_another(tmp_path):
    events: list[Event] = []
    results = each_training(_double, parts(), trainings(tmp_path), events.append)
    assert next(results) == 2
    assert [one.kind for one in events] == ["note", "epoch", "epoch"]
    assert list(results) == [4, 6]
    assert not list(tmp_path.iterdir())


def test_elsewhere_results_come_in_order_and_one_line_tells_of_all(tmp_path):
    events: list[Event] = []
    with eagerly():
        made = list(each_training(_double, parts(), trainings(tmp_path), events.append))
    assert made == [2, 4, 6]
    last = [one for one in events if one.kind == "progress"][-1]
    assert (str(last.text), last.done, last.total) == ("3 of 3 done, 0 at work", 6, 6)
    assert {str(one.text) for one in events if one.kind == "note"} == {
        f"part {n}: fold {n} of 3" for n in (1, 2, 3)
    }
    assert not list(tmp_path.iterdir())


def test_what_a_training_raises_is_raised_here(tmp_path):
    with eagerly(), pytest.raises(WrongData, match="loss is no number"):
        list(each_training(_bad_second, parts(), trainings(tmp_path), ignore))
    assert not list(tmp_path.iterdir())


def test_a_worker_computes_with_as_many_threads_as_there_would_be_here(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    with eagerly() as engine:
        found = list(each_training(_threads, parts(1), trainings(tmp_path, 1), ignore))
    assert found == [("3", 3)]
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert engine.wishes[0].n_cores == 3  # so many trainings at once as go into the cores


def _threads(_: int, on_event: OnEvent) -> tuple[str, int]:
    from tamiz.engine.device import threads_for

    return os.environ["OMP_NUM_THREADS"], threads_for(0, 128, 224)


@pytest.mark.parametrize(
    ("device", "visible", "wanted"),
    [("auto", "", ("0", "1")), ("auto", "4,5", ("4", "5")), ("cuda:1", "4,5", ("5",)),
     ("cpu", "", ())],
)  # fmt: skip
def test_each_training_has_a_gpu_for_itself(device, visible, wanted, tmp_path, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    monkeypatch.setattr("tamiz.engine.device.n_gpus", lambda: 2)
    recipe = Recipe()
    object.__setattr__(recipe.train, "device", device)
    wishes = at_once._wishes(Trainings("train", tmp_path, 2, recipe))
    assert wishes.gpus == wanted
    assert wishes.needs_gpu == (device != "cpu")


def test_two_processes_never_work_on_the_same_training(tmp_path, monkeypatch):
    monkeypatch.setattr(at_once, "_WAIT_S", 0.3)
    place = tmp_path / "part"
    with (
        locked(place),
        pytest.raises(WrongUse, match="another tamiz is working"),
        at_once._alone(place),
    ):
        pass
    with at_once._alone(place):
        assert (place / ".lock").is_file()


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    apart = at_once._Apart(_double, tmp_path / "run" / "at-work", "mark", at_once._Computing(1, 1))
    with pytest.raises(WrongUse, match=r"does not see the run's folder .*/run\. Put the run"):
        apart(("part 1", 1))


def test_a_training_that_another_worker_takes_over_is_told(tmp_path):
    events: list[Event] = []
    place = tmp_path / "a"
    place.mkdir()
    with hearing(tmp_path, "train", 1, events.append) as look:
        with Teller.at(place, "a") as tell:
            tell(Event("train", "warning", text("folds.fold_of", n=1, total=1)))
        with (place / "told.jsonl").open("a") as opened:
            opened.write('{"kind": "epo')  # killed in the middle of a line
        look()
        with (place / "told.jsonl").open("a") as opened:
            opened.write("\n")
        with Teller.at(place, "a"):
            pass
        look()
    said = [(one.kind, str(one.text)) for one in events if one.kind != "progress"]
    assert said == [
        ("warning", "a: fold 1 of 1"),
        ("note", "a: its worker was lost; another goes on from the last checkpoint"),
    ]


def test_what_a_listener_raises_stops_the_trainings(tmp_path):
    def stop(event: Event) -> None:
        raise KeyboardInterrupt

    with eagerly(), pytest.raises(KeyboardInterrupt):
        list(each_training(_double, parts(), trainings(tmp_path), stop))


def content(folder: Path) -> dict[str, Any]:
    """Return all that a run's folder holds, but times."""
    made: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or name.startswith((".", "report", "run.json", "timing", "events")):
            continue
        if path.suffix in {".json", ".jsonl"}:
            lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
            made[name] = [_timeless(json.loads(line)) for line in lines]
        else:
            made[name] = path.read_bytes()
    return made


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name not in TIMES}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return draw_classes(tmp_path_factory.mktemp("drawn") / "photos", 15)


@pytest.fixture(scope="module")
def planned(photos, tmp_path_factory):
    """Return a run that is planned, and what was asked for."""
    settings = {**SEARCHED, "train": {**SEARCHED["train"], "epochs": 4}}
    run, asked = begin(photos, tmp_path_factory.mktemp("planned") / "run", settings=settings)
    advance(run, asked, "plan")
    return run, asked


@pytest.fixture
def twins(planned, tmp_path):
    """Return two runs like it, and what was asked for."""
    runs = [Run(shutil.copytree(planned[0].folder, tmp_path / at)) for at in ("here", "there")]
    return *runs, planned[1]


def test_folds_elsewhere_are_the_folds_made_here_to_the_last_byte(photos, tmp_path):
    recipe, run = checked(photos, tmp_path / "here")
    split(recipe, run)
    shutil.copytree(run.folder, tmp_path / "there")
    cross_validate(recipe, run)
    with eagerly():
        cross_validate(recipe, Run(tmp_path / "there"))
    assert content(tmp_path / "there") == content(run.folder)


def test_folds_that_fit_their_steps_keep_their_images_apart(photos, tmp_path, monkeypatch):
    recipe, run = checked(photos, tmp_path / "here")
    split(recipe, run)
    monkeypatch.setattr("tamiz.stages.cross_validation.fitted_steps", lambda *_: ())
    with eagerly():
        cross_validate(recipe, run)
    assert not list(run.folder.glob("cache/prepared-*"))
    assert not list(run.folder.glob("folds/*/cache"))


def test_ablations_elsewhere_are_those_made_here(twins):
    here, there, asked = twins
    how = AblateAugmentation(("flip",), 2)
    values = ablate_augmentation(recipe_of(here, asked), here, how).values
    with eagerly():
        assert ablate_augmentation(recipe_of(there, asked), there, how).values == values


def test_sanity_experiments_elsewhere_are_those_made_here(twins):
    here, there, _ = twins
    for run in (here, there):
        run.remember(stages={**run.state()["stages"], "train": {"input_hash": "", "seconds": 1.0}})
    how = Sanity(("shuffled-labels", "background-only"), 1)
    values = sanity(here, how).values
    with eagerly():
        assert sanity(there, how).values == values


@pytest.mark.long
@pytest.mark.parametrize("n_at_once", [1, 3])
def test_a_search_tries_the_same_whoever_is_finished_first(twins, n_at_once):
    here, there, asked = twins
    how = SearchHow(n_trials=10, ranges=RANGES, is_only_search=True, at_once=n_at_once)
    search(here, asked, how)
    with eagerly():
        search(there, asked, how)
    tried = records(here.folder)
    assert records(there.folder) == tried
    assert len(tried) == 11
    assert {"done", "pruned"} <= {one["state"] for one in tried}
    kept = [sorted(str(p.relative_to(run.folder)) for p in run.folder.glob("search/**/*"))
            for run in (here, there)]  # fmt: skip
    assert kept[0] == kept[1]


@pytest.mark.long
def test_rounds_are_part_of_a_search(twins):
    run, _, asked = twins
    search(run, asked, SearchHow(n_trials=1, ranges=RANGES, is_only_search=True, at_once=2))
    with pytest.raises(WrongUse, match="other"):
        search(run, asked, SearchHow(n_trials=2, ranges=RANGES, is_only_search=True))


def test_a_round_has_at_least_one_trial():
    with pytest.raises(WrongUse, match=r"--at-once 0: a round has at least one trial"):
        SearchHow(n_trials=1, at_once=0).seconds()


@pytest.mark.long
def test_a_benchmark_elsewhere_is_the_one_made_here(photos, tmp_path, monkeypatch):
    monkeypatch.setattr("tamiz.rendering.html.chart_svg", lambda *_args, **_options: "<svg></svg>")
    how = BenchmarkHow(ways=("softmax", "cnn"), settings=FAST)
    found = []
    for name in ("here", "there"):
        with eagerly() if name == "there" else nullcontext():
            made = benchmark([photos], tmp_path / name, how).values["benchmark"]["data"][0]
        found.append({way: one.get("result") for way, one in made["ways"].items()})
    assert found[0] == found[1]
    assert found[0]["softmax"]["n"] > 0
