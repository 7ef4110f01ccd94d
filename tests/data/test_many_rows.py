"""Columns without lists: what is read in parts, changed in place and written in slices."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data import ledger as ledger_module
from tamiz.data.ledger import Entry, Fate, Ledger, safe_cell
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run

CELLS = st.text(st.sampled_from("a,\"'\n\r\t=+-@ é|"), max_size=6)


def columns_of(n):
    """Return the columns of a small manifest."""
    return {
        "path": [f"{at}.png" for at in range(n)],
        "group": [None if at % 3 else f"g{at % 2}" for at in range(n)],
        "label": ["x", "y"] * (n // 2),
        "note": list(range(n)),
    }


def test_the_id_of_a_row_is_the_hash_that_it_always_was():
    rows = Manifest.from_columns({"path": ["é/a.png"], "frame": [3], "x": [1]}, Path())
    wanted = hashlib.sha256("é/a.png\x1f3\x1f1\x1f\x1f\x1f".encode()).hexdigest()[:16]
    assert rows.column("item") == [wanted]


def test_ids_are_the_same_in_slices(monkeypatch):
    whole = Manifest.from_columns(columns_of(10), Path()).column("item")
    monkeypatch.setattr("tamiz.data.manifest._SLICE", 3)
    assert Manifest.from_columns(columns_of(10), Path()).column("item") == whole


def test_columns_may_be_series_and_nothing_changes():
    plain = columns_of(6)
    series = {name: pl.Series(name, values) for name, values in plain.items()}
    made = Manifest.from_columns(series, Path())
    assert made.digest() == Manifest.from_columns(plain, Path()).digest()
    assert made.column("note") == plain["note"]


def test_group_codes_say_what_group_keys_say():
    rows = Manifest.from_columns(columns_of(12), Path())
    assert rows.group_codes().words() == rows.group_keys()
    assert rows.with_columns({"split": ["train"] * 12}).group_codes() is rows.group_codes()
    moved = rows.with_columns({"group": ["one"] * 12})
    assert set(moved.group_codes().words()) == {"group:one"}


def test_some_columns_are_read_and_written_and_the_others_stay(tmp_path):
    path = tmp_path / "manifest.parquet"
    rows = Manifest.from_columns(columns_of(8), Path("/photos"))
    rows.save(path)
    part = Manifest.load(path, ("item", "split", "nowhere"))
    assert part.column_names == ["item", "split"]
    part.with_columns({"split": ["train"] * 8}).save_columns(path, "split")
    again = Manifest.load(path)
    assert again.column_names == rows.column_names
    assert again.column("split") == ["train"] * 8
    assert again.column("note") == rows.column("note")
    assert again.root == Path("/photos")


def plain_ledger(rows):
    """Return ledger.csv as Python's own writer writes it."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(("path", "fate", "reason"))
    for path, fate, reason in rows:
        writer.writerow(tuple(map(safe_cell, (path, fate or "undecided", reason or ""))))
    return made.getvalue().encode()


@given(st.lists(st.tuples(CELLS, st.sampled_from(["train", None]), CELLS), max_size=12), st.data())
def test_a_ledger_of_columns_is_written_as_one_of_entries(tmp_path_factory, rows, data):
    rows = [(f"{at}{path}", fate, why) for at, (path, fate, why) in enumerate(rows)]
    rows = [(data.draw(st.sampled_from(["", "=", "-"])) + path, *rest) for path, *rest in rows]
    folder = tmp_path_factory.mktemp("ledger")
    table = pl.DataFrame(
        rows, schema=dict.fromkeys(("path", "fate", "reason"), pl.String), orient="row"
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ledger_module, "_SLICE", 5)
        made = Ledger((), table)
        made.save(folder)
    assert (folder / "ledger.csv").read_bytes() == plain_ledger(rows)
    assert made.counts()["train"] == sum(fate == "train" for _, fate, _ in rows)


def test_a_path_that_is_a_row_and_a_file_is_a_fault_of_the_program():
    rows = pl.DataFrame({"path": ["a", "b"], "fate": [None, "train"], "reason": ["", ""]})
    with pytest.raises(ValueError, match="twice, first a"):
        Ledger((Entry("a", Fate.EXCLUDED, ""),), rows)
    with pytest.raises(ValueError, match="twice"):
        Ledger((), pl.concat([rows, rows]))


def test_a_run_names_frames_and_leaves_missing_files_out(tmp_path):
    run = Run(tmp_path)
    columns: dict[str, Sequence[object]] = {
        "path": ["a", "a", "b", "c"],
        "frame": [0, 1, 0, 0],
        "fate": [None, "train", "missing", "test"],
    }
    Manifest.from_columns(columns, Path()).save(run.manifest_path)
    run.save_others([Entry("notes.txt", Fate.NOT_AN_IMAGE, "no image")])
    names = [one.path for one in run.ledger().entries]
    assert names == ["a#0", "a#1", "c", "notes.txt"]
