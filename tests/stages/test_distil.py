from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

import tamiz
from tamiz.core.errors import WrongUse
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.run_folder import Run
from tamiz.engine.teacher_options import TeacherOptions
from tamiz.models.bundle import Bundle
from tamiz.stages.distil import distil
from tamiz.stages.distil_teacher import lessons_for, load_teacher, refuse_leaks, teacher_run
from tamiz.stages.pipeline import advance, begin, merge_tables, recipe_of

SETTINGS = {
    "model.name": "softmax", "train.epochs": 2, "train.batch_size": 16, "train.threads": 1,
    "evaluate.resamples": 100, "audit.depth": "quick", "clean.near_duplicates": False,
    "clean.only": ["odd_size"], "prepare.size_px": 16, "prepare.workers": 0,
}  # fmt: skip
UNCHECKED = TeacherOptions(trust=True)


def begun(source, out, **settings):
    asked = {**SETTINGS, **{name.replace("__", "."): v for name, v in settings.items()}}
    return begin(source, out, settings=tables_from_settings(asked))


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return draw_classes(tmp_path_factory.mktemp("distil") / "photos", 20)


@pytest.fixture(scope="module")
def teacher(photos, tmp_path_factory):
    """Return the run of a teacher whose division is not the one that tamiz would draw today."""
    out = tmp_path_factory.mktemp("teacher") / "run"
    settings = {"train__epochs": 15, "train__learning_rate": 0.02}
    run, asked = begun(photos, out, split__seed=7, prepare__size_px=8, **settings)
    advance(run, asked, "train")
    return out


@pytest.fixture(scope="module")
def student(photos, teacher, tmp_path_factory):
    """Return (run, report) of a student that took over the teacher's division."""
    run, asked = begun(photos, tmp_path_factory.mktemp("student") / "run")
    settings: dict[str, Any] = {
        "train": {"teacher_options": {"features": 0.5}},
        "model": {"name": "mlp"},
    }
    return run, distil(teacher, run, merge_tables(asked, settings))


@pytest.fixture
def moved(teacher, tmp_path):
    return Path(shutil.copytree(teacher, tmp_path / "copied"))


def split_of(run):
    return dict(run.manifest().rows("item", "split"))


def test_a_student_takes_over_the_teachers_division_and_says_that_it_was_checked(student, teacher):
    run, report = student
    assert split_of(run) == split_of(Run(teacher))
    assert report.values["distil"]["checked"]
    words = str(report.to_json())
    assert "60 of 60 images keep the part that they had with the teacher" in words
    assert "learnt from none of the student's test images" in words


def test_a_students_bundle_holds_nothing_of_the_map_to_the_teachers_features(student):
    run, _ = student
    weights = Bundle.load(run.model_folder).weights
    assert weights
    assert not [name for name in weights if "teacher" in name]


def test_a_repeated_distillation_trains_nothing_anew(student, teacher):
    run, _ = student
    before = (run.model_folder / "weights.safetensors").stat().st_mtime_ns
    asked = {"data": run.state()["asked"]["data"]}
    distil(teacher, run, asked)
    assert (run.model_folder / "weights.safetensors").stat().st_mtime_ns == before


def test_the_test_part_of_a_student_is_not_looked_at(student):
    assert not student[0].state().get("test_looks")


def test_a_teacher_that_learnt_from_the_students_test_images_is_refused(photos, teacher, tmp_path):
    run, asked = begun(photos, tmp_path / "run")
    with pytest.raises(WrongUse, match=r"teacher learnt from .* student's test images") as error:
        distil(teacher, run, asked, is_own_split=True)
    theirs = {i for i, part in split_of(Run(teacher)).items() if part in {"train", "val"}}
    mine = {i for i, part in split_of(run).items() if part == "test"}
    assert len(error.value.details) == len(theirs & mine)
    assert all(name.endswith(".png") for name in error.value.details)
    assert "--own-split" in error.value.fix
    asked = merge_tables(asked, {"train": {"teacher": str(teacher)}})
    with pytest.raises(WrongUse, match="teacher learnt from"):  # past the command, too
        advance(run, asked, "train")


def test_trust_does_not_help_against_images_that_are_the_same(teacher, others):
    contents = others.column("content_sha256")
    contents[others.column("split").index("val")] = (
        Run(teacher).manifest().where(split="train").column("content_sha256")[0]
    )
    student = others.with_columns({"content_sha256": contents})
    with pytest.raises(WrongUse, match="student's validation images"):
        refuse_leaks(teacher, load_teacher(teacher), student, UNCHECKED)


def with_groups(manifest, groups, contents):
    return manifest.with_columns({"group": groups, "content_sha256": contents})


@pytest.fixture
def others(teacher):
    """Return a student's manifest: other images, and no group has a name."""
    manifest = Run(teacher).manifest()
    n = len(manifest)
    return with_groups(manifest, [None] * n, [f"other {i}" for i in range(n)])


def test_groups_are_compared_where_images_differ(teacher, moved, others):
    run = Run(moved)
    manifest = run.manifest()
    at = manifest.column("split").index("train")
    groups: list[Any] = [None] * len(manifest)
    groups[at] = "anna"
    with_groups(manifest, groups, manifest.column("content_sha256")).save(run.manifest_path)
    bundle = _with_hash_of(moved)
    mine: list[Any] = [None] * len(others)
    mine[others.column("split").index("val")] = "anna"
    student = with_groups(others, mine, others.column("content_sha256"))
    with pytest.raises(WrongUse, match=r"1 group .* student's validation groups.* First: anna"):
        refuse_leaks(moved, bundle, student, TeacherOptions())
    told = refuse_leaks(moved, bundle, student, UNCHECKED)
    assert "1 group has the same names" in str(told)


def _with_hash_of(folder):
    """Return the bundle of a run as if it had been trained on the manifest as it is now."""
    from dataclasses import replace

    run = Run(folder)
    bundle = replace(Bundle.load(run.model_folder), manifest_hash=run.manifest().digest())
    bundle.save(run.model_folder)
    return bundle


def test_a_teacher_with_nothing_in_common_may_teach(teacher, others):
    bundle = load_teacher(teacher)
    assert refuse_leaks(teacher, bundle, others, TeacherOptions()) is None


def test_the_teachers_validation_images_may_choose_the_students_epoch_but_not_be_its_test(
    teacher, others
):
    manifest = Run(teacher).manifest()
    content = manifest.where(split="val").column("content_sha256")[0]
    for part, is_refused in (("val", False), ("test", True)):
        contents = others.column("content_sha256")
        contents[others.column("split").index(part)] = content
        student = others.with_columns({"content_sha256": contents})
        bundle = load_teacher(teacher)
        if is_refused:
            with pytest.raises(WrongUse, match="1 image that is among the student's test"):
                refuse_leaks(teacher, bundle, student, TeacherOptions())
        else:
            assert refuse_leaks(teacher, bundle, student, TeacherOptions()) is None


def test_a_bare_model_is_refused_unless_the_division_is_its_own_or_it_is_trusted(
    teacher, tmp_path, others
):
    bare = Path(shutil.copytree(teacher / "model", tmp_path / "bare"))
    bundle = load_teacher(bare)
    own = Run(teacher).manifest()
    assert teacher_run(bare) is None
    assert refuse_leaks(bare, bundle, own, TeacherOptions()) is None
    others = others.with_columns({"split": others.column("split")[::-1]})
    with pytest.raises(WrongUse, match=r"cannot be known .* came without its run") as error:
        refuse_leaks(bare, bundle, others, TeacherOptions())
    assert "train.teacher_options.trust=true" in error.value.fix
    assert "you have declared it" in str(refuse_leaks(bare, bundle, others, UNCHECKED))


def test_the_model_folder_of_a_run_leads_to_its_run(teacher):
    found: Any = teacher_run(teacher / "model")
    assert found.folder == teacher


def test_a_run_divided_anew_after_training_is_no_witness(moved, others):
    run = Run(moved)
    manifest = run.manifest()
    parts = manifest.column("split")
    manifest.with_columns({"split": parts[::-1]}).save(run.manifest_path)
    with pytest.raises(WrongUse, match="divided anew after the model was trained"):
        refuse_leaks(moved, load_teacher(moved), others, TeacherOptions())


def test_a_teachers_own_teacher_counts_as_well(student, photos, teacher, tmp_path):
    run, _ = student
    assert refuse_leaks(run.folder, load_teacher(run.folder), run.manifest(), TeacherOptions()) is (
        None
    )
    pupil = Path(shutil.copytree(run.folder, tmp_path / "pupil"))
    recipe = (pupil / "recipe.toml").read_text()
    (pupil / "recipe.toml").write_text(recipe.replace(str(teacher), str(tmp_path / "gone")))
    with pytest.raises(WrongUse, match="a teacher of its own, gone, whose run is not to be found"):
        refuse_leaks(pupil, load_teacher(pupil), run.manifest(), TeacherOptions())


def test_a_teacher_with_other_classes_is_refused_and_they_are_named(teacher, tmp_path):
    source = draw_classes(tmp_path / "photos", 20, seed=5)
    (source / "bright").rename(source / "blinding")
    run, asked = begun(source, tmp_path / "run")
    with pytest.raises(WrongUse, match="does not know: blinding; it knows besides: bright"):
        distil(teacher, run, asked)


@pytest.mark.parametrize(("made", "told"), [(False, "no model and no run"), (True, "no model yet")])
def test_a_teacher_that_is_not_there_is_told(photos, tmp_path, made, told):
    place = tmp_path / "none"
    if made:
        run, asked = begun(photos, place)
        advance(run, asked, "index")
    with pytest.raises(WrongUse, match=told):
        load_teacher(place)


def test_answers_are_kept_and_only_training_rows_are_asked_about(student, teacher):
    run, _ = student
    rows = run.manifest()
    recipe = recipe_of(run, {})
    cache = run.folder / "cache"
    for old in cache.glob("teacher-*"):
        old.unlink()
    classes = tuple(rows.classes())
    first: Any = lessons_for(recipe, rows, classes, cache)
    assert len(list(cache.glob("teacher-*"))) == 1
    again: Any = lessons_for(recipe, rows, classes, cache)
    assert (first.scores == again.scores).all()
    assert (first.features == again.features).all()
    asked = np.flatnonzero(np.abs(first.scores).sum(axis=1) > 0)
    parts = np.array(rows.column("split"))
    assert set(parts[asked]) == {"train"}
    assert first.identity == Bundle.load(teacher / "model").identity()
    turned: Any = lessons_for(recipe, rows, classes[::-1], cache)
    assert (turned.scores[:, ::-1] == first.scores).all()


def test_without_a_teacher_there_are_no_lessons(teacher, tmp_path):
    run = Run(teacher)
    rows = run.manifest()
    assert lessons_for(run.recipe(), rows, rows.classes(), tmp_path) is None


@pytest.fixture(scope="module")
def mislabelled(photos, teacher):
    """Return a table of the teacher's photos and division; every training label is wrong."""
    classes = ("bright", "dark", "striped")
    another = dict(zip(classes, (*classes[1:], classes[0]), strict=True))
    lines = ["file,label,split"]
    for path, label, part in sorted(Run(teacher).manifest().rows("path", "label", "split")):
        told = another[label] if part == "train" else label
        lines.append(f"{photos.name}/{path},{told},{part}")
    table = photos.parent / "table.csv"  # beside the photos: paths must not lead out
    table.write_text("\n".join(lines) + "\n")
    return table


def share_right(run, photos):
    """Return the share of the photos that a run's model puts into their true class."""
    answers = tamiz.predict(run.folder, photos)
    named = [answers.predictions.classes[at] for at in answers.predictions.predicted]
    true = [Path(path).parent.name for path in answers.paths]
    return np.mean([a == b for a, b in zip(named, true, strict=True)])


def test_a_student_whose_labels_are_wrong_learns_from_its_teacher_alone(
    mislabelled, photos, teacher, tmp_path
):
    settings = {"prepare__size_px": 8, "train__epochs": 15, "train__learning_rate": 0.02}
    taught, asked = begun(mislabelled, tmp_path / "taught", **settings)
    listening = {"train": {"teacher_options": {"share": 1.0}}}
    distil(teacher, taught, merge_tables(asked, listening))
    alone, asked = begun(mislabelled, tmp_path / "alone", **settings)
    advance(alone, asked, "train")
    assert split_of(taught) == split_of(alone)
    assert share_right(Run(teacher), photos) > 0.9
    assert share_right(taught, photos) > 0.9
    assert share_right(alone, photos) < 0.6


@pytest.fixture
def folded(teacher, tmp_path):
    """Return the teacher's run as if it were one of folds."""
    shutil.copytree(teacher, tmp_path / "folded")
    (tmp_path / "folded" / "folds.parquet").write_bytes(b"")
    return tmp_path / "folded"


def test_a_teacher_made_of_folds_is_refused_before_any_work(folded, photos, tmp_path):
    run, asked = begun(photos, tmp_path / "run")
    with pytest.raises(WrongUse, match="mean of networks of a cross-validation") as error:
        distil(folded, run, asked)
    assert "--own-split" in error.value.fix
    assert not run.exists


def test_a_student_with_folds_is_refused_before_any_work(teacher, photos, tmp_path):
    run, asked = begun(photos, tmp_path / "run", split__folds=3)
    with pytest.raises(WrongUse, match="holds out by turns every image"):
        distil(teacher, run, asked)
    assert not run.exists
