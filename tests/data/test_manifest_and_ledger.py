from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData
from tamiz.data.ledger import Entry, Fate, Ledger
from tamiz.data.manifest import TIED, Manifest
from tamiz.data.predictions import Predictions

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def manifest_of(**columns):
    columns.setdefault("path", [f"{i}.png" for i in range(len(next(iter(columns.values()))))])
    return Manifest.from_columns(columns, Path("photos"))


@given(
    st.lists(st.sampled_from(["007", "7", "1e5", "00e100", "NA", "None", "null", "ñ"]), min_size=1)
)
def test_ids_and_labels_stay_the_text_they_were(tmp_path_factory, labels):
    path = tmp_path_factory.mktemp("m") / "manifest.parquet"
    made = manifest_of(label=labels, group=labels, centre=labels)
    made.save(path)
    read = Manifest.load(path)
    assert read.column("label") == read.column("group") == read.column("centre") == labels
    assert read.root == Path("photos")
    assert read.column("item") == made.column("item")


def test_an_items_id_depends_on_path_frame_and_region_only():
    one = Manifest.from_columns(
        {"path": ["a", "a"], "frame": [0, 1], "label": ["x", "y"]}, Path("p")
    )
    two = Manifest.from_columns({"path": ["a"], "frame": [1], "label": ["z"]}, Path("q"))
    assert one.column("item")[1] == two.column("item")[0]
    assert one.column("item")[0] != one.column("item")[1]


def test_numeric_classes_come_in_numeric_order_and_others_in_alphabetic_order():
    assert manifest_of(label=["10", "9", "2", None]).classes() == ["2", "9", "10"]
    assert manifest_of(label=["b", "10", "a"]).classes() == ["10", "a", "b"]


def test_a_group_and_an_item_of_the_same_name_are_not_the_same_group():
    made = manifest_of(label=["x", "x"], group=[None, "a"])
    alone = made.column("item")[0]
    other = manifest_of(label=["x"], group=[alone])
    assert made.group_keys()[0] != other.group_keys()[0]


def test_what_split_says_of_copies_ties_rows_and_is_no_column_of_the_table():
    made = manifest_of(label=["x", "x", "y"], group=[None, None, "a"])
    tied = made.with_columns({TIED: ["item:0", "item:0", None]})
    assert len(set(tied.group_keys())) == 2
    assert tied.free_column_names == made.free_column_names
    assert tied.untied().group_keys() == made.group_keys()


def test_a_damaged_manifest_is_named(tmp_path):
    (tmp_path / "manifest.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(WrongData, match=r"manifest\.parquet: the file is damaged"):
        Manifest.load(tmp_path / "manifest.parquet")


FOUND = [fate for fate in Fate if fate is not Fate.MISSING]  # no ledger lists what is not there


@given(st.lists(st.sampled_from(FOUND), max_size=40))
def test_the_fates_sum_to_the_number_of_files_found(fates):
    ledger = Ledger(tuple(Entry(f"{i}.png", fate, "") for i, fate in enumerate(fates)))
    assert sum(ledger.counts().values()) == len(fates)


def test_a_file_with_two_fates_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="twice"):
        Ledger((Entry("a.png", Fate.TRAIN, ""), Entry("a.png", Fate.TEST, "")))


def test_the_ledger_survives_strange_names_and_hides_no_formula(tmp_path):
    strange = ["a\nb.png", "=cmd()|x.png", "-dash.png", "📷.png", "bad\udcff.png", 'quote".png']
    Ledger(tuple(Entry(name, Fate.TRAIN, "given") for name in strange)).save(tmp_path)
    with (tmp_path / "ledger.csv").open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["path"] for row in rows][:3] == ["a\nb.png", "'=cmd()|x.png", "'-dash.png"]
    found = json.loads((tmp_path / "ledger.json").read_text())
    assert found["found"] == sum(found["fates"].values()) == 6


@given(st.lists(names, min_size=2, max_size=5, unique=True), st.integers(0, 2**32 - 1))
def test_predictions_survive_the_way_through_parquet(tmp_path_factory, classes, seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(len(classes)), 7)
    made = Predictions(
        classes=tuple(classes),
        item=np.array([f"i{i}" for i in range(7)]),
        group=np.array(list("aabbccd")),
        target=rng.integers(-1, len(classes), 7),
        probabilities=probabilities,
        split="test",
        bundle="b",
    )
    path = tmp_path_factory.mktemp("p") / "test.parquet"
    made.save(path)
    read = Predictions.load(path)
    assert read.classes == made.classes
    assert (read.probabilities == probabilities).all()
    assert (read.target == made.target).all()
    assert read.n_groups == 4
    assert read.split == "test"


def test_a_probability_that_is_no_number_names_the_item():
    with pytest.raises(WrongData, match="i1: the model gives a probability that is no number"):
        Predictions(
            ("a", "b"), np.array(["i0", "i1"]), np.array(["g", "g"]), np.array([0, 1]),
            np.array([[0.5, 0.5], [np.nan, 1.0]]),
        )  # fmt: skip
