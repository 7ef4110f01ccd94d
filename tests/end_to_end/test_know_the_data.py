"""explore, clean and audit as a user meets them: on the command line, on drawn data."""

from __future__ import annotations

import csv
import json

import numpy as np
import polars as pl
import pytest
from tests.end_to_end.conftest import tamiz
from tests.likeness.drawing import COPIES, draw

from tamiz.data.evidence import KINSHIPS

N = 24


def as_json(*arguments, code=0):
    done = tamiz(*arguments, "--json", "--quiet", code=code)
    return json.loads(done.stdout)


@pytest.fixture
def photos(tmp_path):
    """Two classes in folders; the class 'b' is brighter."""
    rng = np.random.default_rng(0)
    for name in "ab":
        folder = tmp_path / "photos" / name
        folder.mkdir(parents=True)
        for number in range(N):
            picture = draw(1000 * ord(name) + number, (96, 80))
            picture = picture.point(lambda level, up=30 * (name == "b"): min(255, level + up))
            picture.save(folder / f"{rng.integers(10**9)}.png")
    return tmp_path / "photos"


def decisions_of(run):
    with (run / "decisions.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def write_decisions(run, rows):
    with (run / "decisions.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def fates(run):
    table = pl.read_parquet(run / "manifest.parquet")
    return dict(zip(table["path"], table["fate"], strict=True))


def test_explore_describes_images_and_writes_a_page(photos, tmp_path):
    report = as_json("explore", photos, "--out", tmp_path / "run")
    assert report["values"]["explore"]["images"]["n"] == 2 * N
    page = (tmp_path / "run" / "report" / "explore.html").read_text(encoding="utf-8")
    assert "What the data are" in page
    assert page.count("data:image/png") >= 12


def test_explore_of_a_table_needs_none_of_its_files(tmp_path):
    table = tmp_path / "slides.csv"
    rows = [f"0{i:04d},{1 + i % 3},{'CE' if i % 3 else 'LAA'}" for i in range(60)]
    table.write_text("\n".join(["image_id,center_id,label", *rows]), encoding="utf-8")
    out = tmp_path / "run"
    report = as_json("explore", table, "--path", "{image_id}.tif", "--out", out)
    facts = report["values"]["explore"]
    assert facts["table"]["rows"] == 60
    assert facts["table"]["variables"]["center_id"]["class"] == "nominal"
    assert facts["images"]["missing"] == 60
    audited = as_json("audit", table, "--path", "{image_id}.tif", "--out", out)
    centre = audited["values"]["audit"]["shortcuts"]["probes"]["centre"]
    assert centre["auroc"] > 0.99  # the centre is the label
    assert centre["flagged"]
    refused = tamiz("run", table, "--path", "{image_id}.tif", "--out", tmp_path / "b", code=3)
    assert "not one of the 60 files" in refused.stderr


def test_what_one_check_suspected_stays_when_only_others_are_asked(photos, tmp_path):
    draw(0).point(lambda _: 200).save(photos / "b" / "blank.png")
    out = tmp_path / "run"
    as_json("clean", photos, "--out", out)
    before = decisions_of(out)
    assert "b/blank.png" in {row["path"] for row in before}
    as_json("clean", out, "--set", "clean.only=blur")
    assert {row["path"] for row in decisions_of(out)} >= {row["path"] for row in before}


def test_clean_finds_copies_and_blank_pictures_and_changes_nothing(photos, tmp_path):
    first = sorted((photos / "a").iterdir())[0]
    original = draw(77, (96, 80))
    original.save(photos / "a" / "original.png")
    for name in ("half", "mirrored", "cropped"):
        COPIES[name](original).save(photos / "a" / f"copy {name}.png")
    draw(0).point(lambda _: 200).save(photos / "b" / "blank.png")
    out = tmp_path / "run"
    report = as_json("clean", photos, "--out", out)
    facts = report["values"]["clean"]
    assert facts["checks"]["exposure"]["suspected"] == 1
    assert facts["checks"]["duplicates"] == {"suspected": 4, "clusters": 1}
    assert set(facts["pairs"]) <= set(KINSHIPS)
    assert set(fates(out).values()) == {None}
    by_path = {row["path"]: row for row in decisions_of(out)}
    assert by_path["b/blank.png"]["proposal"] == "leave-out"
    assert len({by_path[f"a/copy {name}.png"]["cluster"] for name in ("half", "mirrored")}) == 1
    scores = pl.read_parquet(out / "scores.parquet")
    assert scores.height == 2 * N + 5
    assert first.name in " ".join(scores["path"])


def test_decisions_are_applied_told_in_the_ledger_and_undone(photos, tmp_path):
    draw(0).point(lambda _: 200).save(photos / "b" / "blank.png")
    out = tmp_path / "run"
    as_json("clean", photos, "--out", out)
    rows = decisions_of(out)
    blank = next(row for row in rows if row["path"] == "b/blank.png")
    blank.update(decision="leave-out", note="nothing on it")
    other = sorted(path for path in fates(out) if path.startswith("a/"))[0]
    rows.append({**blank, "path": other, "decision": "", "new_label": "b", "note": ""})
    write_decisions(out, rows)
    done = tamiz("clean", out, "--apply", out / "decisions.csv", "--quiet")
    assert "1 image left out, 1 label changed" in " ".join(
        (out / "events.jsonl").read_text(encoding="utf-8").split()
    )
    assert fates(out)["b/blank.png"] == "excluded"
    ledger = (out / "ledger.csv").read_text(encoding="utf-8")
    assert "left out by decision (line" in ledger
    assert "nothing on it" in ledger
    table = pl.read_parquet(out / "manifest.parquet")
    assert table.filter(pl.col("path") == other)["label"].to_list() == ["b"]
    assert table.filter(pl.col("path") == other)["label_given"].to_list() == ["a"]
    assert "nothing on it" in (out / "decisions.csv").read_text(encoding="utf-8")
    tamiz("clean", out, "--set", "data.decisions=none", "--quiet")
    assert fates(out)["b/blank.png"] is None
    table = pl.read_parquet(out / "manifest.parquet")
    assert table.filter(pl.col("path") == other)["label"].to_list() == ["a"]
    assert done.returncode == 0


def test_decisions_about_other_images_are_refused(photos, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("path,decision\nnowhere.png,leave-out\n", encoding="utf-8")
    done = tamiz("clean", photos, "--out", tmp_path / "run", "--apply", path, code=3)
    assert "1 of the decisions names an image that is not in this data set" in done.stderr


@pytest.fixture
def leaking(tmp_path):
    """A given split with patients and copies on both sides."""
    for part, start in (("train", 0), ("test", 12)):
        for name in "ab":
            folder = tmp_path / "given" / part / name
            folder.mkdir(parents=True)
            for number in range(start, start + 18):
                picture = draw(1000 * ord(name) + number + 500 * (part == "test"), (96, 80))
                picture.save(folder / f"p{name}{number}-{part}.png")
    return tmp_path / "given"


def test_audit_refuses_a_split_with_patients_on_both_sides_and_proposes_another(leaking, tmp_path):
    out = tmp_path / "run"
    pattern = ("--group-from-name", r"(p[ab]\d+)-")
    report = as_json("audit", leaking, *pattern, "--out", out, code=1)
    facts = report["values"]["audit"]
    assert facts["valid"] is False
    assert facts["split"]["groups"] == 12
    assert facts["proposed"]["moved"] == 12
    assert facts["proposed"]["groups"] == 0
    with (out / "split_proposed.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(row["group"], set()).add(row["split"])
    assert all(len(parts) == 1 for parts in sides.values())
    mended = as_json("audit", leaking, *pattern, "--out", out, "--given-split", "mend")
    assert mended["values"]["audit"]["valid"] is True
    assert (out / "leaks.csv").exists()  # what crossed stays on record
    drawn = as_json("audit", leaking, *pattern, "--out", out, "--given-split", "ignore")
    assert drawn["values"]["audit"]["valid"] is True
    assert not (out / "leaks.csv").exists()


def test_near_identical_pictures_in_train_and_test_make_a_given_split_invalid(leaking, tmp_path):
    source = sorted((leaking / "train" / "a").iterdir())[0]
    import PIL.Image

    COPIES["half"](PIL.Image.open(source)).save(leaking / "test" / "a" / "same.png")
    report = as_json("audit", leaking, "--out", tmp_path / "run", code=1)
    assert report["values"]["audit"]["split"]["alike"] == 1
    assert report["values"]["audit"]["split"]["groups"] == 0
    assert "likely: pictures laid upon each other" in str(report)  # no certainty
    done = tamiz("split", leaking, "--out", tmp_path / "run", code=3)
    assert "near-identical" in done.stderr
    assert "--given-split mend" in done.stderr


def test_labels_are_renamed_and_unknown_ones_refused(photos, tmp_path):
    out = tmp_path / "run"
    arguments = ("index", photos, "--relabel", "b=bright", "--relabel", "a=")
    report = as_json(*arguments, "--out", out)
    assert report["values"]["index"]["labels"] == {"bright": N}
    assert report["values"]["index"]["unlabelled"] == N
    done = tamiz("index", photos, "--relabel", "c=d", "--out", tmp_path / "b", code=2)
    assert "data.relabel renames 'c', which is no label of these data" in done.stderr
    done = tamiz("index", photos, "--relabel", "c", "--out", tmp_path / "b", code=2)
    assert "a label is renamed by OLD=NEW" in done.stderr


def test_looking_again_undoes_nothing(photos, tmp_path):
    out = tmp_path / "run"
    tamiz("split", photos, "--out", out, "--quiet")
    before = json.loads((out / "run.json").read_text(encoding="utf-8"))["stages"]
    tamiz("audit", out, "--quiet", "--set", "audit.seed=3")
    after = json.loads((out / "run.json").read_text(encoding="utf-8"))["stages"]
    assert after["split"] == before["split"]
    assert after["audit"] != before["audit"]


def test_names_of_any_kind_come_through_all_three(tmp_path):
    folder = tmp_path / "odd"
    for name in ("<b>cat</b>", "perro 🐕\nlindo"):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            draw(number + 100 * len(name), (64, 64)).save(folder / name / f"ñ 'x\" {number}.png")
    out = tmp_path / "run"
    for word in ("explore", "clean", "audit"):
        tamiz(word, folder, "--out", out, "--quiet")
        page = (out / "report" / f"{word}.html").read_text(encoding="utf-8")
        assert "<b>cat</b>" not in page


def test_images_that_are_all_identical_are_told_and_not_split(tmp_path):
    for name in "ab":
        (tmp_path / "same" / name).mkdir(parents=True)
        for number in range(10):
            draw(1).save(tmp_path / "same" / name / f"{number}.png")
    out = tmp_path / "run"
    for word, code in (("explore", 0), ("clean", 0), ("audit", 1)):
        tamiz(word, tmp_path / "same", "--out", out, "--quiet", code=code)
    report = json.loads((out / "report/stages/audit/report.json").read_text(encoding="utf-8"))
    assert report["values"]["audit"]["valid"] is False
