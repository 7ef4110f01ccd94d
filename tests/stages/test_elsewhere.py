"""A run as the source of another: the same images and settings; commands that lead there."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from tests.end_to_end.conftest import draw_classes, tamiz

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.report import Finding, Findings, Severity
from tamiz.data.run_folder import Run
from tamiz.inputs.find import find, find_images
from tamiz.stages.benchmarking.ways import data_sets_of
from tamiz.stages.elsewhere import elsewhere, typeable
from tamiz.stages.pipeline import advance, begin, load_stage_report
from tamiz.stages.showing import filled_in

FAST = (
    "--model", "mlp", "--options", "hidden=[8]", "--size", "8", "--epochs", "1",
    "--set", "train.threads=1", "--set", "prepare.workers=0", "--set", "evaluate.resamples=100",
    "--set", "audit.depth=quick", "--quiet",
)  # fmt: skip


@pytest.fixture
def photos(tmp_path):
    return draw_classes(tmp_path / "photos", 12)


def planned(source, out, **settings):
    named = {name.replace("__", "."): value for name, value in settings.items()}
    run, asked = begin(source, out, settings=tables_from_settings(named))
    advance(run, asked, "plan")
    return run


def trained(folder):
    """Return a run that says it is trained."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text('{"stages": {"train": {}}}')
    return Run(folder)


def test_a_run_named_with_another_folder_gives_its_images_and_settings(photos, tmp_path):
    first = planned(photos, tmp_path / "first", model__name="small", train__epochs=3)
    text = first.recipe_path.read_text()
    first.recipe_path.write_text(text.replace("batch_size = ", "batch_size = 7 # was "))
    second = planned(first.folder, tmp_path / "second", train__seed=5)
    recipe = second.recipe()
    assert recipe.data.source == str(photos)
    assert (recipe.model.name, recipe.train.epochs, recipe.train.seed) == ("small", 3, 5)
    assert recipe.train.batch_size == 7
    assert second.manifest().column("path") == first.manifest().column("path")


def test_what_was_planned_and_not_chosen_is_planned_anew(photos, tmp_path):
    first = planned(photos, tmp_path / "first", model__name="small")
    _, asked = begin(first.folder, tmp_path / "second")
    assert asked == {"data": {"source": str(photos)}, "model": {"name": "small"}}


def test_a_run_that_has_begun_keeps_its_own_settings(photos, tmp_path):
    first = planned(photos, tmp_path / "first", model__name="small", train__epochs=3)
    second = planned(first.folder, tmp_path / "second", train__epochs=4)
    again = planned(first.folder, second.folder)
    assert again.recipe().train.epochs == 4


def test_a_run_named_with_its_own_folder_is_gone_on_with(photos, tmp_path):
    first = planned(photos, tmp_path / "first", model__name="small", train__epochs=3)
    again = planned(first.folder, first.folder, train__seed=5)
    assert (again.recipe().train.epochs, again.recipe().train.seed) == (3, 5)


def test_a_folder_that_is_source_and_run_stays_a_source(photos, tmp_path):
    (photos / "run.json").write_text(
        json.dumps({"asked": {"data": {"source": str(photos)}, "train": {"epochs": 9}}})
    )
    _, asked = begin(photos, tmp_path / "other")
    assert asked == {"data": {"source": str(photos)}}


def test_stages_of_a_run_and_epochs_of_the_command_that_contradict_are_told(photos, tmp_path):
    staged = {"train": {"stages": ["head:3", "all:2"]}, "data": {"source": str(photos)}}
    first = trained(tmp_path / "first")
    first.remember(asked=staged)
    with pytest.raises(WrongUse, match="5"):
        begin(first.folder, tmp_path / "second", settings={"train": {"epochs": 9}})


@pytest.mark.parametrize("read", [find_images, lambda at: find(DataOptions(source=str(at)))])
def test_a_run_read_as_images_is_refused_with_the_images_that_were_meant(read, tmp_path):
    run = trained(tmp_path / "first")
    run.remember(asked={"data": {"source": "/data/photos"}})
    with pytest.raises(WrongUse) as error:
        read(run.folder)
    assert "the folder of a run, not of images" in str(error.value)
    assert "/data/photos" in error.value.fix


def test_a_benchmark_on_a_run_is_refused(tmp_path):
    run = trained(tmp_path / "first")
    run.remember(asked={"data": {"source": "/data/photos"}})
    with pytest.raises(WrongUse, match="the folder of a run"):
        data_sets_of([run.folder], {}, {})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tamiz clean RUN --apply d.csv", "tamiz clean RUN --apply d.csv --out RUN-2"),
        ("tamiz run photos --out RUN --epochs 3", "tamiz run photos --epochs 3 --out RUN-2"),
        ("tamiz run photos --out=RUN --epochs 3", "tamiz run photos --epochs 3 --out RUN-2"),
        ("tamiz train --resume RUN --epochs 3", "tamiz train RUN --epochs 3 --out RUN-2"),
        ("tamiz search RUN --trials 3", None),
        ("tamiz.run", None),
        ("", None),
    ],
)
def test_what_was_typed_is_given_a_folder_of_its_own(tmp_path, typed, expected):
    run = trained(tmp_path / "first")
    place = shlex.quote(str(run.folder))
    made = elsewhere(typed.replace("RUN", place), run)
    assert made == (expected and expected.replace("RUN", place))


def test_the_folder_beside_a_run_is_a_free_one(tmp_path):
    run = trained(tmp_path / "first")
    for name, expected in (("first", "first-2"), ("first-2", "first-3")):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        made = elsewhere(f"tamiz run {folder}", Run(folder))
        assert made == f"tamiz run {folder} --out {tmp_path / expected}"
    (tmp_path / "year-2024").mkdir()
    made = elsewhere("tamiz run x", Run(tmp_path / "year-2024"))
    assert made == f"tamiz run x --out {tmp_path / 'year-2024-2'}"
    assert run.exists


def test_a_command_leaves_a_trained_run_its_model(tmp_path):
    run, new = trained(tmp_path / "first"), Run(tmp_path / "new")
    for options in ("--apply d.csv", "--given-split mend", "--folds 5"):
        assert typeable(f"tamiz run {run.folder} {options}", run).endswith(
            f"{options} --out {run.folder}-2"
        )
        assert typeable(f"tamiz run {new.folder} {options}", new).endswith(options)
    for options in ("", " --depth full", " --metric f1", " --folds 5 --out other"):
        command = f"tamiz run {run.folder}{options}"
        assert typeable(command, run) == command


def test_a_finding_without_a_command_gets_none(tmp_path):
    finding = Finding(Severity.NOTE, "so it is")
    assert filled_in(finding, trained(tmp_path / "first")) == finding


def commands_in(words):
    return [shlex.split(line)[1:] for line in re.findall(r"^ *\$ (tamiz .*)$", words, re.MULTILINE)]


def leaky_table(folder, photos):
    """Write a table in which two patients lie on both sides, and a copy has another label."""
    names = sorted(path.relative_to(folder) for path in photos.rglob("*.png"))
    parts = ["train"] * 7 + ["val"] * 2 + ["test"] * 3
    lines = [("file", "label", "patient", "split")]
    for at, name in enumerate(names):
        patient = 0 if at in {0, 11} else at
        lines.append((str(name), name.parts[1], f"p{patient}", parts[at % 12]))
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows(lines)
    return folder / "table.csv"


@pytest.mark.long
def test_what_the_report_of_a_trained_run_advises_works_when_typed(photos, tmp_path):
    table = leaky_table(tmp_path, photos)
    options = ("--group", "patient", "--split-column", "split", "--allow-leak", *FAST)
    done = tamiz("run", table, "--out", tmp_path / "r", *options)
    mend = next(one for one in commands_in(done.stdout) if "--given-split" in one)
    assert mend[:2] == ["run", str(tmp_path / "r")]
    tamiz(*mend, "--quiet")
    second = Run(Path(mend[-1]))
    assert second.recipe().train.epochs == 1
    assert second.recipe().data.group == "patient"
    keys = [
        block.findings
        for block in load_stage_report(second, "report").all_blocks()
        if isinstance(block, Findings)
    ]
    assert "Not a valid evaluation" not in str(keys)
    page = (tmp_path / "r" / "report" / "audit.html").read_text(encoding="utf-8")
    assert f"tamiz run {tmp_path / 'r'} --given-split mend --out {second.folder}" in page


@pytest.mark.long
def test_decisions_on_a_trained_run_are_applied_in_another(photos, tmp_path):
    run = tmp_path / "r"
    tamiz("run", photos, "--out", run, *FAST)
    decisions = tmp_path / "d.csv"
    decisions.write_text("path,frame,decision\ndark/000.png,0,leave-out\n")
    apply = ["clean", str(run), "--apply", str(decisions), "--quiet"]
    refused = tamiz(*apply, code=2)
    told = re.search(r"To keep both: tamiz (.*?);", " ".join(refused.stderr.split()))
    assert told is not None
    assert shlex.split(told[1]) == [*apply, "--out", f"{run}-2"]
    tamiz(*shlex.split(told[1]))
    assert Run(f"{run}-2").manifest().column("fate").count("excluded") == 1
    assert Run(run).manifest().column("fate").count("excluded") == 0
