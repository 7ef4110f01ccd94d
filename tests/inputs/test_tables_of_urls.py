"""Tables at a URL, and tables whose rows name URLs of one place or of several."""

from __future__ import annotations

import io
from pathlib import Path

import fsspec
import numpy as np
import pytest
from PIL import Image

from tamiz.core.errors import WrongData
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.core.urls import ANY_URL
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.inputs.find import find, find_images
from tamiz.stages.check import check
from tamiz.stages.index import index


@pytest.fixture
def memory(monkeypatch, tmp_path):
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    system = fsspec.filesystem("memory")
    system.store.clear()
    for number in range(6):
        made = io.BytesIO()
        Image.fromarray(np.full((8, 8), 30 * number, np.uint8)).save(made, "PNG")
        bucket = "one" if number < 4 else "two"
        system.pipe_file(f"/{bucket}/img/{number}.png", made.getvalue())
    system.pipe_file("/one/img/unused.txt", b"no picture")
    yield system
    system.store.clear()


def table(rows: list[str]) -> bytes:
    lines = ["file,label", *(f"{row},{'ab'[number % 2]}" for number, row in enumerate(rows))]
    return "\n".join(lines).encode()


def test_a_table_at_a_url_names_files_beside_it(memory):
    memory.pipe_file("/one/table.csv", table(["img/0.png", "img/1.png"]))
    found = find(DataOptions(source="memory://one/table.csv"))
    assert found.manifest.column("path") == ["img/0.png", "img/1.png"]
    assert found.manifest.column("label") == ["a", "b"]


def test_a_table_with_a_root_at_a_url_tells_of_the_files_without_a_row(memory, tmp_path):
    (tmp_path / "table.csv").write_bytes(table(["0.png", "1.png"]))
    found = find(DataOptions(source=str(tmp_path / "table.csv"), root="memory://one/img"))
    assert found.manifest.column("path") == ["0.png", "1.png"]
    assert {"2.png", "3.png", "unused.txt"} < {entry.path for entry in found.others}


def test_rows_may_be_urls_below_the_tables_folder(memory):
    urls = [f"memory://one/img/{n}.png" for n in range(3)]
    memory.pipe_file("/one/table.csv", table(urls))
    found = find(DataOptions(source="memory://one/table.csv"))
    assert found.manifest.column("path") == [f"img/{n}.png" for n in range(3)]


def test_rows_may_be_urls_of_several_places(memory, tmp_path):
    urls = ["memory://one/img/0.png", "memory://two/img/4.png", "memory://two/img/5.png"]
    (tmp_path / "table.csv").write_bytes(table(urls))
    recipe, run = (
        Recipe(data=DataOptions(source=str(tmp_path / "table.csv"))),
        Run(tmp_path / "run"),
    )
    run.folder.mkdir()
    index(recipe, run)
    check(recipe, run)
    rows = Manifest.load(run.manifest_path)
    assert rows.column("path") == urls
    assert rows.column("width_px") == [8, 8, 8]
    assert b"tmp" not in run.manifest_path.read_bytes().partition(b"tamiz.root")[2][:40]
    assert ANY_URL.encode() in run.manifest_path.read_bytes()


def test_a_url_of_a_row_that_is_not_there_is_a_missing_row(memory, tmp_path):
    (tmp_path / "table.csv").write_bytes(table(["memory://one/img/0.png", "memory://one/no.png"]))
    with pytest.raises(WrongData, match=r"memory://one/no\.png"):
        find(DataOptions(source=str(tmp_path / "table.csv")))


def test_paths_among_urls_are_refused(memory, tmp_path):
    (tmp_path / "table.csv").write_bytes(table(["memory://one/img/0.png", "mine.png"]))
    with pytest.raises(WrongData, match=r"table\.csv:3: line 3 names a file of this machine"):
        find(DataOptions(source=str(tmp_path / "table.csv")))


def test_an_archive_and_a_single_image_at_a_url_are_read(memory, tmp_path):
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}/a.png", memory.cat_file(f"/one/img/{number}.png"))
    memory.pipe_file("/one/photos.zip", made.getvalue())
    found = find(DataOptions(source="memory://one/photos.zip"))
    assert found.manifest.column("path") == ["photos.zip!/0/a.png", "photos.zip!/1/a.png"]
    assert find_images(Path("memory://one/img/0.png")).manifest.column("path") == ["0.png"]


def test_labels_of_arrays_are_found_beside_them_at_the_url(memory):
    from tamiz.testing.sources import idx_bytes

    images = np.zeros((4, 8, 8), np.uint8)
    memory.pipe_file("/one/arrays/train-images-idx3-ubyte", idx_bytes(images))
    memory.pipe_file("/one/arrays/train-labels-idx1-ubyte", idx_bytes(np.arange(4, dtype=np.uint8)))
    found = find(DataOptions(source="memory://one/arrays/train-images-idx3-ubyte"))
    assert found.manifest.column("label") == ["0", "1", "2", "3"]
