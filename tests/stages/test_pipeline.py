from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.errors import MissingDependency, TamizError, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.core.recipe_io import Tables
from tamiz.data.run_folder import Run
from tamiz.stages.fingerprint import fingerprint
from tamiz.stages.pipeline import advance, begin, merge_tables


@pytest.fixture
def photos(tmp_path):
    return draw_classes(tmp_path / "photos", 12)


def plan(source, out, settings=None, **options):
    run, asked = begin(source, out, settings=settings, **options)
    advance(run, asked, "plan")
    return run


def test_the_fingerprint_does_not_depend_on_pythons_hash_seed(photos, tmp_path):
    code = (
        "import sys; from tamiz.core.recipe import DataOptions\n"
        "from tamiz.stages.fingerprint import fingerprint\n"
        "print(fingerprint(DataOptions(source=sys.argv[1], root=sys.argv[2])))"
    )
    found = set()
    for seed in ("0", "1", "2", "3"):
        command = [sys.executable, "-c", code, str(photos), str(tmp_path)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        found.add(done.stdout)
    assert len(found) == 1


def test_the_fingerprint_sees_a_changed_file_and_passes_over_runs(photos):
    before = fingerprint(DataOptions(source=str(photos)))
    (photos / "run").mkdir()
    (photos / "run" / "run.json").write_text("{}")
    (photos / "run" / "events.jsonl").write_text("")
    assert fingerprint(DataOptions(source=str(photos))) == before
    (photos / "dark" / "000.png").write_bytes(b"other")
    assert fingerprint(DataOptions(source=str(photos))) != before


def test_a_run_inside_its_own_source_can_be_repeated(photos):
    run = plan(photos, photos / "run")
    n = len(run.manifest())
    plan(photos, photos / "run")
    assert len(run.manifest()) == n == 36


def test_hand_edits_survive_a_new_plan(photos, tmp_path):
    run = plan(photos, tmp_path / "run")
    written = run.recipe_path.read_text(encoding="utf-8")
    edited = written.replace("seed = 0  # same seed and same groups", "seed = 7  # ")
    edited = edited.replace("label_smoothing = 0.1", "label_smoothing = 0.2")
    assert edited != written
    run.recipe_path.write_text(edited, encoding="utf-8")
    advance(*begin(run.folder, None), "plan")
    assert run.recipe().split.seed == 7
    assert run.recipe().train.label_smoothing == 0.2


def test_another_network_after_the_plan_gets_settings_of_its_own(photos, tmp_path):
    run = plan(photos, tmp_path / "run")
    assert run.recipe().train.optimiser == "adamw"
    plan(run.folder, None, {"model": {"name": "cnn"}, "prepare": {"size_px": 28}})
    assert run.recipe().train.optimiser == "adam"
    assert run.recipe().prepare.size_px == 28


def test_a_deleted_recipe_is_planned_anew(photos, tmp_path):
    run = plan(photos, tmp_path / "run")
    run.recipe_path.unlink()
    plan(photos, tmp_path / "run")
    assert run.recipe().prepare.size_px == 16


def test_overwrite_keeps_the_source_and_sets_the_old_recipe_aside(photos, tmp_path):
    run = plan(photos, tmp_path / "run", {"train": {"epochs": 3}})
    plan(run.folder, None, overwrite=True)
    assert run.recipe().data.source == str(photos)
    assert run.recipe().train.epochs != 3
    assert "set by you" not in run.recipe_path.read_text(encoding="utf-8").split("[train]")[1]
    assert (run.folder / "recipe.previous.toml").is_file()


def test_options_of_an_earlier_command_count_until_the_recipe_is_written(photos, tmp_path):
    run, asked = begin(photos, tmp_path / "run", settings={"train": {"epochs": 3}})
    advance(run, asked, "index")
    plan(photos, tmp_path / "run")
    assert run.recipe().train.epochs == 3


def test_a_run_can_be_taken_up_from_another_folder(photos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = plan("photos", "run")
    monkeypatch.chdir("/")
    advance(*begin(run.folder if run.folder.is_absolute() else tmp_path / "run", None), "plan")
    assert Run(tmp_path / "run").recipe().data.source == str(photos)


def test_all_faults_of_a_recipe_are_told_before_any_image_is_read(photos, tmp_path):
    wrong: Tables = {
        "data": {"value_range": "abc", "label_from_name": "(", "encoding": "utf-99"},
        "split": {"rule": "fair", "test_fraction": 0.7, "val_fraction": 0.4},
        "model": {"name": "smal"},
        "train": {"augment": [{"name": "flap"}]},
        "prepare": {"steps": [{"name": "gray"}]},
    }
    with pytest.raises(WrongUse) as error:
        begin(photos, tmp_path / "run", settings=wrong)
    told = "\n".join(error.value.details)
    for word in ("value_range", "label_from_name", "utf-99", "fair", "smal", "flap", "gray"):
        assert word in told
    assert "leave nothing to train on" in told
    assert not (tmp_path / "run").exists()


def test_a_recipe_with_a_key_outside_a_section_is_told_as_that(photos, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("epochs = 20\n")
    with pytest.raises(WrongUse, match="there is no field 'epochs'"):
        begin(photos, tmp_path / "run", recipe_file=recipe)


def test_tables_of_a_plug_in_are_merged_and_other_values_replaced():
    merged = merge_tables(
        {"model": {"options": {"a": 1}, "name": "x"}}, {"model": {"options": {"b": 2}}}
    )
    assert merged == {"model": {"options": {"a": 1, "b": 2}, "name": "x"}}


def test_a_wish_that_the_data_cannot_meet_is_refused_before_long_work_and_not_remembered(
    photos, tmp_path
):
    run = plan(photos, tmp_path / "run", {"evaluate": {"decide": "youden", "positive": "dark"}})
    for wish in (
        {"by": ["sex"]},
        {"positive": "pink"},
        {"decide": "cost", "costs": {"pink": {"dark": 2}}},
    ):
        begun, asked = begin(run.folder, None, settings={"evaluate": wish})
        with pytest.raises(WrongUse, match=next(reversed(wish))):
            advance(begun, asked, "report")
        assert run.state()["asked"]["evaluate"] == {"decide": "youden", "positive": "dark"}
        assert "train" not in run.state()["stages"]
    begun, asked = begin(run.folder, None)  # takes the run up as it was
    advance(begun, asked, "plan")


def test_a_watcher_that_is_not_installed_is_told_before_any_work(photos, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    run, asked = begin(photos, tmp_path / "run", settings={"train": {"watch": ["mlflow"]}})
    with pytest.raises(MissingDependency, match=r"pip install 'tamiz\[mlflow\]'"):
        advance(run, asked, "report")
    assert "index" not in run.state().get("stages", {})
    advance(run, asked, "index")  # nothing is trained: nothing is needed


def test_a_refused_first_stage_leaves_the_folder_to_other_files(photos, tmp_path):
    nowhere = {"data": {"label_table": str(tmp_path / "labels.csv"), "id": "id", "label": "y"}}
    (tmp_path / "labels.csv").write_text("id,y\nof-no-file,a\n", encoding="utf-8")
    (tmp_path / "other").mkdir()
    run, asked = begin(photos, tmp_path / "run", settings=nowhere)
    with pytest.raises(TamizError):
        advance(run, asked, "index")
    other = draw_classes(tmp_path / "other" / "photos", 4)
    again = plan(other, tmp_path / "run")
    assert len(again.manifest()) == 12
    with pytest.raises(WrongUse, match="works on another input"):
        begin(photos, tmp_path / "run")
