"""The stage index: what it writes, says and counts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tamiz.core.errors import WrongData
from tamiz.core.events import Event
from tamiz.core.language import set_language
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.run_folder import Run
from tamiz.stages.index import index
from tamiz.testing.pictures import png
from tamiz.testing.sources import class_folders, mnist_files, table_bytes, write_files


def do(tmp_path, source, **options):
    run = Run(tmp_path / "run")
    events: list[Event] = []
    report = index(Recipe(data=DataOptions(source=str(source), **options)), run, events.append)
    return run, report, events


def test_the_manifest_and_the_ledger_are_written_and_close(tmp_path):
    source = class_folders(tmp_path / "in")
    write_files(source, {"notes.txt": b"x", "cat/.hidden.png": png()})
    run, report, _ = do(tmp_path, source)
    assert len(run.manifest()) == 6
    stored = json.loads((run.folder / "ledger.json").read_text())
    assert stored["found"] == 8
    assert sum(stored["fates"].values()) == 8
    assert stored["fates"]["not an image"] == 2
    assert report.values["index"]["rows"] == 6
    assert report.values["index"]["others"] == 2


def test_counts_per_class_split_and_group_are_there_for_scripts(tmp_path):
    class_folders(tmp_path / "in", above="train/", n_each=3)
    class_folders(tmp_path / "in", above="test/", n_each=1)
    _, report, _ = do(tmp_path, tmp_path / "in", group_from_name=r"(\d)\.png")
    values = report.values["index"]
    assert values["labels"] == {"cat": 4, "dog": 4}
    assert values["given_splits"] == {"test": 2, "train": 6}
    assert values["groups"] == 3
    assert json.dumps(report.to_json())


def test_the_report_shows_classes_by_split(tmp_path):
    write_files(tmp_path / "in", mnist_files(6, 3))
    _, report, _ = do(tmp_path, tmp_path / "in")
    table = report.sections[0].blocks[1]
    assert [tuple(map(str, row)) for row in table.rows] == [
        (digit, "2", "1", "3") for digit in ("0", "1", "2")
    ]
    assert str(report.summary[0].text) == (
        "IDX files: 9 images, 3 classes, 0 groups named; 2 other files"
    )


def test_guesses_are_told_as_they_are_made(tmp_path):
    write_files(tmp_path / "in", {"a.png": png(1), "b.png": png(2)})
    rows = [("archivo", "etiqueta"), ("a.png", "x"), ("b.png", "y"), ("c.png", "y")]
    (tmp_path / "in" / "t.csv").write_bytes(table_bytes(rows))
    run, report, events = do(tmp_path, tmp_path / "in" / "t.csv", missing_files="leave-out")
    kinds = [(event.kind, str(event.text)) for event in events]
    assert (
        "note",
        "the column 'etiqueta' is taken for the label (--label says otherwise)",
    ) in kinds
    assert [kind for kind, words in kinds if "left out" in words] == ["warning"]
    assert report.values["index"]["missing"] == 1
    assert len(run.ledger().entries) == 3


def test_everything_is_said_in_spanish_too(tmp_path):
    set_language("es")
    source = class_folders(tmp_path / "in")
    (source / "vacía").mkdir()
    _, report, events = do(tmp_path, source)
    assert str(report.summary[0].text).startswith("Carpeta: 6 imágenes, 2 clases")
    assert "1 carpeta no contiene ninguna imagen" in str(events[-1].text)
    with pytest.raises(WrongData, match="no existe tal archivo"):
        do(tmp_path, tmp_path / "nada")


def test_labels_of_sixty_thousand_rows_take_moments(tmp_path):
    files = mnist_files(60_000, 10)
    write_files(tmp_path / "in", files)
    run, report, _ = do(tmp_path, tmp_path / "in")
    assert report.values["index"]["rows"] == 60_010
    assert np.unique(run.manifest().column("item")).size == 60_010
