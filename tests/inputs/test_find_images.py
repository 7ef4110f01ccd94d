"""What predicting asks for: every image of a source, whatever labels and tables lie there."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.errors import WrongData
from tamiz.inputs.find import find_images
from tamiz.testing.pictures import png
from tamiz.testing.sources import (
    class_files,
    idx_bytes,
    mnist_files,
    npz_bytes,
    table_bytes,
    write_files,
    zip_bytes,
)

NOTHING_SAID = [(None, None, None)]
TABLE = table_bytes([("file", "label", "patient"), ("cat/0.png", "x", "p1")])


def facts_of(found):
    return sorted(set(found.manifest.rows("label", "group", "given_split")), key=str)


def test_a_table_in_a_folder_is_not_obeyed(tmp_path):
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2)})
    (tmp_path / "t.csv").write_bytes(table_bytes([("file", "label"), ("a.png", "x")]))
    found = find_images(tmp_path)
    assert found.manifest.column("path") == ["a.png", "b.png"]
    assert facts_of(found) == NOTHING_SAID
    assert [entry.path for entry in found.others] == ["t.csv"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_folders_say_neither_class_nor_split_and_nothing_is_left_out(tmp_path, is_packed):
    files = class_files(above="train/") | class_files(above="test/") | {"logo.png": png(3)}
    if is_packed:
        (tmp_path / "a.zip").write_bytes(zip_bytes(files | {"t.csv": TABLE}))
    else:
        write_files(tmp_path, files | {"t.csv": TABLE})
    found = find_images(tmp_path / "a.zip" if is_packed else tmp_path)
    assert len(found.manifest) == 13
    assert facts_of(found) == NOTHING_SAID


def test_a_single_image_is_one_row(tmp_path):
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2), "t.csv": TABLE})
    assert find_images(tmp_path / "a.png").manifest.column("path") == ["a.png"]


def test_arrays_give_their_images_whatever_their_labels(tmp_path):
    files = mnist_files(4, 2)
    files["train-labels-idx1-ubyte.gz"] = idx_bytes(np.zeros(9, np.uint8))
    write_files(tmp_path / "idx", files)
    found = find_images(tmp_path / "idx")
    assert len(found.manifest) == 6
    assert set(found.manifest.column("label")) == {None}
    assert len(find_images(tmp_path / "idx" / "t10k-images-idx3-ubyte.gz").manifest) == 2
    stack = np.zeros((3, 8, 8), np.uint8)
    (tmp_path / "m.npz").write_bytes(npz_bytes(images=stack, labels=np.zeros((3, 14))))
    found = find_images(tmp_path / "m.npz")
    assert found.manifest.column("frame") == [0, 1, 2]
    assert facts_of(found) == NOTHING_SAID


def test_a_table_that_is_named_gives_the_files_it_names(tmp_path):
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2), "c.png": png(3)})
    rows = [("file", "label"), ("c.png", "x"), ("a.png", "y"), ("c.png", "another")]
    (tmp_path / "t.csv").write_bytes(table_bytes(rows))
    found = find_images(tmp_path / "t.csv")
    assert found.manifest.column("path") == ["c.png", "a.png"]
    assert facts_of(found) == NOTHING_SAID


def test_a_source_without_images_is_told(tmp_path):
    write_files(tmp_path, {"a.txt": b"hello"})
    with pytest.raises(WrongData, match=r"no images among 1 file \(1 \.txt\)"):
        find_images(tmp_path)
    with pytest.raises(WrongData, match="there is no such file or folder"):
        find_images(tmp_path / "nowhere")
