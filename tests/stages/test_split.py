"""Stage `split`: honest parts, or a refusal that names everything that crosses."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import replace

import pytest

from tamiz.core.errors import WrongData
from tamiz.core.events import Event
from tamiz.core.language import set_language
from tamiz.core.recipe import Recipe, SplitOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.manifest import TIED, Manifest
from tamiz.data.report import Findings, Severity
from tamiz.data.run_folder import Run
from tamiz.splits.tying import tie_codes
from tamiz.stages.split import split

PATIENT = re.compile(r"(person\d+|(?:NORMAL2-)?IM-\d+)")


def new_run(folder, columns, others=()):
    run = Run(folder / "run")
    manifest = Manifest.from_columns(columns, folder)
    manifest.save(run.manifest_path)
    run.save_others(list(others))
    return run


def recipe(**options):
    return replace(Recipe(), split=SplitOptions(**options))


def forty(**more):
    """Return columns of 40 images of 20 patients in two classes."""
    return {
        "path": [f"{i}.png" for i in range(40)],
        "label": ["cat" if (i // 2) % 2 else "dog" for i in range(40)],
        "group": [f"p{i // 2}" for i in range(40)],
        **more,
    }


def findings_of(report):
    return [one for b in report.all_blocks() if isinstance(b, Findings) for one in b.findings]


def words_of(report):
    return [str(one.what) for one in findings_of(report)]


def test_every_usable_image_gets_a_part_a_fate_and_a_reason(tmp_path):
    run = new_run(tmp_path, forty())
    report = split(recipe(), run)
    manifest = run.manifest()
    assert set(manifest.column("split")) == {"train", "val", "test"}
    assert manifest.column("fate") == manifest.column("split")
    assert set(manifest.column("reason")) == {"drawn: grouped by hash, seed 0"}
    counts = report.values["split"]
    assert sum(counts[part]["items"] for part in counts) == 40
    assert sum(counts[part]["groups"] for part in counts) == 20
    assert set(counts["test"]["classes"]) == {"cat", "dog"}


def test_fates_decided_before_stay_and_the_ledger_closes(tmp_path):
    fates = [None] * 36 + ["unreadable", "duplicate", "excluded", "train"]
    run = new_run(tmp_path, forty(fate=fates), [Entry("notes.txt", Fate.NOT_AN_IMAGE, "text")])
    split(recipe(), run)
    manifest = run.manifest()
    assert manifest.column("fate")[36:39] == ["unreadable", "duplicate", "excluded"]
    assert manifest.column("split")[36:39] == [None] * 3
    assert manifest.column("split")[39] is not None  # an earlier split decided it: decided anew
    ledger = json.loads((run.folder / "ledger.json").read_text())
    assert ledger["found"] == 41 == sum(ledger["fates"].values())


def test_images_without_a_label_are_not_split(tmp_path):
    columns = forty()
    columns["label"][0] = None
    run = new_run(tmp_path, columns)
    split(recipe(), run)
    assert run.manifest().column("fate")[0] == "unlabelled"
    assert run.manifest().column("split")[0] is None


def test_splitting_twice_gives_the_same_manifest(tmp_path):
    run = new_run(tmp_path, forty())
    split(recipe(seed=3), run)
    first = run.manifest().digest()
    split(recipe(seed=4), run)
    assert run.manifest().digest() != first
    split(recipe(seed=3), run)
    assert run.manifest().digest() == first


def given_parts(*parts):
    return [part for part, n in parts for _ in range(n)]


def test_a_given_split_is_used_and_a_missing_val_part_drawn(tmp_path):
    run = new_run(tmp_path, forty(given_split=given_parts(("train", 32), ("Test", 8))))
    report = split(recipe(), run)
    manifest = run.manifest()
    assert manifest.column("split")[32:] == ["test"] * 8
    assert set(manifest.column("split")[:32]) == {"train", "val"}
    assert manifest.column("reason")[39] == "given"
    assert any("out of its train part" in str(b) for b in map(_words, report.all_blocks()))


def _words(block):
    return str(getattr(block, "text", ""))


def leaking_parts():
    return given_parts(("train", 23), ("val", 8), ("test", 9))  # p11 and p15 cross


def test_a_group_on_two_sides_stops_the_run_with_the_list(tmp_path):
    run = new_run(tmp_path, forty(given_split=leaking_parts()))
    with pytest.raises(WrongData) as error:
        split(recipe(), run)
    assert str(error.value).startswith(
        "the given split is not valid for evaluation: "
        "2 groups (patients, slides) lie on more than one side (first: p11, p15)"
    )
    assert "--given-split ignore" in error.value.fix
    assert "--allow-leak" in error.value.fix
    assert error.value.details == ("p11: train 1, val 1", "p15: val 1, test 1")
    assert error.value.exit_code == 3
    lines = list(csv.reader((run.folder / "leaks.csv").read_text().splitlines()))
    assert [line[1] for line in lines] == ["name", "p11", "p15"]
    assert run.manifest().column("split") == [None] * 40  # nothing was half done


def test_a_leak_that_is_allowed_is_stamped_and_remembered(tmp_path):
    run = new_run(tmp_path, forty(given_split=leaking_parts()))
    report = split(recipe(allow_leak=True), run)
    stamp = findings_of(report)[0]
    assert stamp.severity is Severity.STOP
    assert "Not a valid evaluation" in str(stamp.what)
    assert run.state()["leak"]["groups"] == 2
    split(recipe(given="ignore"), run)
    assert run.state()["leak"] is None
    assert not (run.folder / "leaks.csv").exists()


def drawn(folder, labels, given=None, **options):
    """Return the parts of 60 groups with these labels, some of them mended."""
    columns = {
        "path": [f"{i}.png" for i in range(60)],
        "label": labels,
        "group": [f"p{i}" for i in range(60)],
        **({} if given is None else {"label_given": given}),
    }
    run = new_run(folder, columns)
    split(recipe(**options), run)
    return run.manifest().column("split")


def test_mended_labels_leave_every_group_on_its_side(tmp_path):
    given = ["cat" if i % 3 else "dog" for i in range(60)]
    before = drawn(tmp_path / "1", given)
    mended = ["cat" if i < 15 else one for i, one in enumerate(given)]
    assert drawn(tmp_path / "2", mended, given) == before
    assert drawn(tmp_path / "3", mended) != before  # the draw depends on labels
    unlabelled = [None, *given[1:]]
    assert drawn(tmp_path / "4", given, unlabelled) == before


def test_a_class_that_mending_made_is_in_every_part(tmp_path):
    given = ["cat" if i % 3 else "dog" for i in range(60)]
    mended = ["bird" if 10 <= i < 14 else one for i, one in enumerate(given)]
    parts = drawn(tmp_path, mended, given)
    assert {parts[i] for i in range(10, 14)} == {"train", "val", "test"}


def test_a_label_that_mending_took_away_does_not_hinder_the_split(tmp_path):
    given = ["typo" if i == 7 else "cat" if i % 3 else "dog" for i in range(60)]
    mended = ["cat" if one == "typo" else one for one in given]
    parts = drawn(tmp_path, mended, given)
    assert set(parts) == {"train", "val", "test"}


def test_mending_keeps_what_crossed_and_what_was_moved(tmp_path):
    run = new_run(tmp_path, forty(given_split=leaking_parts()))
    split(recipe(given="mend"), run)
    crossed = list(csv.DictReader((run.folder / "leaks.csv").read_text().splitlines()))
    assert [one["name"] for one in crossed] == ["p11", "p15"]
    proposed = list(csv.DictReader((run.folder / "split_proposed.csv").read_text().splitlines()))
    assert [one["split"] for one in proposed] == run.manifest().column("split")
    assert [one["given"] for one in proposed] == leaking_parts()
    assert sum(one["given"] != one["split"] for one in proposed) == 2


def all_dogs_of_one_patient():
    """Return a given split whose test part has its only dogs from a patient of the train part."""
    columns = forty(given_split=given_parts(("train", 22), ("val", 8), ("test", 10)))
    columns["group"][20:24] = ["p10"] * 4
    columns["label"] = ["dog" if i < 26 else "cat" for i in range(40)]
    columns["label"][:10] = ["cat"] * 10
    columns["given_split"] = ["train"] * 23 + ["test"] + ["val"] * 8 + ["test"] * 8
    return columns


@pytest.mark.parametrize("allow_leak", [True, False])
def test_mending_is_not_advised_where_it_would_lose_a_class(tmp_path, allow_leak):
    run = new_run(tmp_path, all_dogs_of_one_patient())
    if allow_leak:
        stamp = findings_of(split(recipe(allow_leak=True), run))[0]
        assert stamp.command == "tamiz run {run} --given-split ignore"
        assert "but then test has no 'dog'" in str(stamp.advice)
    else:
        with pytest.raises(WrongData) as error:
            split(recipe(), run)
        assert "--given-split ignore" in error.value.fix
        assert "--given-split mend" not in error.value.fix


def test_a_new_split_is_not_advised_where_a_class_has_too_few_groups(tmp_path):
    columns = all_dogs_of_one_patient()
    columns["label"] = ["dog" if i in {20, 21, 22, 23} else "cat" for i in range(40)]
    stamp = findings_of(split(recipe(allow_leak=True), new_run(tmp_path, columns)))[0]
    assert stamp.command is None or not stamp.command
    assert "Collect more groups of the rare classes" in str(stamp.advice)
    columns["label"] = ["bird" if i < 2 else "cat" for i in range(40)]
    stamp = findings_of(split(recipe(allow_leak=True), new_run(tmp_path / "2", columns)))[0]
    assert stamp.command == "tamiz run {run} --given-split mend"
    assert "ignore" not in str(stamp.advice)


def test_the_column_of_copies_is_kept_only_where_there_are_copies(tmp_path):
    columns = forty(group=[None] * 40, content_sha256=[f"h{i}" for i in range(40)])
    run = new_run(tmp_path, columns)
    split(recipe(), run)
    assert TIED not in run.manifest().column_names
    columns["content_sha256"][4] = "h0"
    other = new_run(tmp_path / "other", columns)
    split(recipe(), other)
    assert other.manifest().series(TIED).count() == 2


def test_what_belongs_together_is_found_once(tmp_path, monkeypatch):
    calls = []

    def counted(*given):
        calls.append(given)
        return tie_codes(*given)

    monkeypatch.setattr("tamiz.stages.assigning.tie_codes", counted)
    columns = forty(group=[None] * 40, content_sha256=[f"h{i // 2}" for i in range(40)])
    split(recipe(), new_run(tmp_path, columns))
    assert len(calls) == 1


def test_the_refusal_is_told_in_spanish_too(tmp_path):
    set_language("es")
    run = new_run(tmp_path, forty(given_split=leaking_parts()))
    with pytest.raises(WrongData, match="la partición dada no vale para evaluar: 2 grupos"):
        split(recipe(), run)


def test_identical_pictures_on_two_sides_stop_the_run(tmp_path):
    columns = forty(given_split=given_parts(("train", 24), ("val", 8), ("test", 8)))
    columns["content_sha256"] = [f"h{i}" for i in range(39)] + ["h0"]
    run = new_run(tmp_path, columns)
    with pytest.raises(WrongData, match=r"1 identical picture lies on more than one side \(0.png"):
        split(recipe(), run)


def test_tamiz_keeps_groups_with_identical_pictures_together(tmp_path):
    columns = forty()
    columns["content_sha256"] = ["same" if i in (0, 5, 11, 39) else f"h{i}" for i in range(40)]
    run = new_run(tmp_path, columns)
    report = split(recipe(), run)
    parts = run.manifest().column("split")
    assert len({parts[0], parts[5], parts[11], parts[39]}) == 1
    assert any("share identical or near-identical pictures" in words for words in words_of(report))


def test_copies_of_no_group_count_as_one_where_groups_are_counted(tmp_path):
    columns = forty(group=[None] * 38 + ["p1", "p1"])
    columns["content_sha256"] = ["same" if i in (0, 4, 8, 38) else f"h{i}" for i in range(40)]
    run = new_run(tmp_path, columns)
    report = split(recipe(), run)
    keys = run.manifest().group_keys()
    assert keys[0] == keys[4] == keys[8] == keys[38] == keys[39] == "group:p1"
    assert len(set(keys)) == 36
    codes = run.manifest().group_codes()
    assert codes.words() == keys
    assert sum(n["groups"] for n in report.values["split"].values()) == 36
    columns["content_sha256"] = [f"h{i}" for i in range(40)]
    other = new_run(tmp_path / "other", columns)
    split(recipe(), other)
    assert len(set(other.manifest().group_keys())) == 39


def test_a_given_split_can_be_ignored(tmp_path):
    run = new_run(tmp_path, forty(given_split=leaking_parts()))
    report = split(recipe(given="ignore"), run)
    assert any("it was not used, as asked" in words for words in words_of(report))
    assert set(run.manifest().column("reason")) == {"drawn: grouped by hash, seed 0"}


def test_respecting_a_split_that_is_not_there_is_refused(tmp_path):
    run = new_run(tmp_path, forty())
    with pytest.raises(WrongData, match="do not say which image is for train, val or test"):
        split(recipe(given="respect"), run)


def test_unknown_words_in_a_given_split_are_named(tmp_path):
    folds = [f"fold{i % 5}" for i in range(40)]
    run = new_run(tmp_path, forty(given_split=folds))
    report = split(recipe(), run)
    assert any("fold0, fold1" in words for words in words_of(report))
    with pytest.raises(WrongData, match="fold0, fold1"):
        split(recipe(given="respect"), run)


def test_a_source_that_is_all_train_is_split_by_tamiz(tmp_path):
    run = new_run(tmp_path, forty(given_split=["train"] * 40))
    report = split(recipe(), run)
    assert set(run.manifest().column("split")) == {"train", "val", "test"}
    assert any("All images of the source are marked 'train'" in w for w in words_of(report))


def test_few_groups_in_a_part_are_a_warning(tmp_path):
    events: list[Event] = []
    split(recipe(), new_run(tmp_path, forty()), events.append)
    assert any(event.kind == "warning" for event in events)


@pytest.mark.parametrize(
    ("labels", "groups", "words"),
    [
        (["a"] * 4, None, "needs at least 2 classes"),
        (["a", "b"] * 2, ["p"] * 4, "belong to one group"),
        (["a"] * 6 + ["rare"], None, "class 'rare' has 1 group"),
        ([None] * 3, None, "no usable image with a label"),
    ],
)
def test_impossible_splits_are_refused_with_the_arithmetic(tmp_path, labels, groups, words):
    columns = {"path": [f"{i}.png" for i in range(len(labels))], "label": labels, "group": groups}
    run = new_run(tmp_path, {name: v for name, v in columns.items() if v is not None})
    with pytest.raises(WrongData, match=words) as error:
        split(recipe(), run)
    assert error.value.exit_code == 3


@pytest.fixture(scope="module")
def chest_columns(shared_data):
    root = shared_data / "chest_xray"
    if not root.is_dir():
        pytest.skip("chest_xray is not here")
    paths = sorted(p.relative_to(root).as_posix() for p in root.rglob("*.jp*g"))
    return {
        "path": paths,
        "label": [path.split("/")[-2] for path in paths],
        "given_split": [path.split("/")[-3] for path in paths],
        "group": [PATIENT.findall(path)[0] for path in paths],
        "content_sha256": [
            hashlib.sha256((root / path).read_bytes()).hexdigest() for path in paths
        ],
    }


@pytest.mark.shared_data
def test_the_given_split_of_chest_xray_is_refused_with_its_725_patients(tmp_path, chest_columns):
    run = new_run(tmp_path, chest_columns)
    with pytest.raises(WrongData) as error:
        split(recipe(), run)
    assert "725 groups" in error.value.what
    assert "identical pictures too: 15" in error.value.what
    named = [line.split(":")[0] for line in error.value.details if "identical" not in line]
    assert len(named) == len(set(named)) == 725
    assert sum(name.startswith("person") for name in named) == 678


@pytest.mark.shared_data
def test_the_own_split_of_chest_xray_keeps_every_patient_on_one_side(tmp_path, chest_columns):
    run = new_run(tmp_path, chest_columns)
    report = split(recipe(given="ignore"), run)
    sides: dict[str, str] = {}
    for group, part in run.manifest().rows("group", "split"):
        assert sides.setdefault(group, part) == part
    assert len(sides) == 3118
    counts = report.values["split"]
    assert 0.12 < counts["test"]["groups"] / 3118 < 0.18


@pytest.mark.shared_data
def test_stroke_slides_of_a_patient_stay_together(tmp_path, shared_data):
    table = shared_data / "stroke" / "train.csv"
    if not table.is_file():
        pytest.skip("stroke/train.csv is not here")
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    columns = {
        "path": [f"{row['image_id']}.tif" for row in rows],
        "label": [row["label"] for row in rows],
        "group": [row["patient_id"] for row in rows],
    }
    run = new_run(tmp_path, columns)
    report = split(recipe(test_fraction=0.15, val_fraction=0.15), run)
    counts = report.values["split"]
    assert sum(counts[part]["groups"] for part in counts) == 632
    assert sum(counts[part]["items"] for part in counts) == 754
    assert all(counts[part]["classes"]["LAA"]["groups"] >= 20 for part in counts)
