"""IDX and npz inputs: images paired with their labels, given splits, labels as text."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found
from tamiz.testing.pictures import png
from tamiz.testing.sources import (
    idx_bytes,
    mnist_files,
    npz_bytes,
    tar_bytes,
    write_files,
    zip_bytes,
)


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


@pytest.mark.parametrize("is_packed", [True, False])
def test_mnists_four_files_are_one_input(tmp_path, is_packed):
    write_files(tmp_path, mnist_files(12, 6, is_packed=is_packed))
    found = look(tmp_path)
    assert found.kind == "idx"
    rows = list(found.manifest.rows("frame", "label", "given_split"))
    assert rows == [(n, str(n % 3), "train") for n in range(12)] + [
        (n, str(n % 3), "test") for n in range(6)
    ]
    assert [entry.reason for entry in found.others] == ["the labels of the images"] * 2


@pytest.mark.parametrize("pack", [zip_bytes, tar_bytes, lambda files: tar_bytes(files, "gz")])
@pytest.mark.parametrize("above", ["", "MNIST/raw/", "raw/"])
def test_mnist_in_an_archive_is_the_same(tmp_path, pack, above):
    files = {above + name: content for name, content in mnist_files().items()}
    (tmp_path / "a.pack").write_bytes(pack(files))
    if above.count("/") > 1:
        with pytest.raises(WrongData, match="no images"):
            look(tmp_path / "a.pack")
        return
    found = look(tmp_path / "a.pack")
    assert found.kind == "idx"
    assert len(found.manifest) == 18
    first = f"a.pack!/{above}train-images-idx3-ubyte.gz"
    assert found.manifest.column("path")[0] == first


def test_one_idx_file_takes_the_labels_beside_it(tmp_path):
    write_files(tmp_path, mnist_files(12, 6))
    found = look(tmp_path / "t10k-images-idx3-ubyte.gz")
    assert found.manifest.column("label") == [str(n % 3) for n in range(6)]
    assert set(found.manifest.column("given_split")) == {None}


def test_images_without_labels_are_rows_without_a_label(tmp_path):
    write_files(tmp_path, {"x-idx3-ubyte": idx_bytes(np.zeros((3, 4, 4), np.uint8))})
    assert look(tmp_path).manifest.column("label") == [None] * 3


def test_more_labels_than_images_are_refused(tmp_path):
    files = mnist_files(12, 6)
    files["train-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes(np.zeros(13, np.uint8)))
    write_files(tmp_path, files)
    with pytest.raises(WrongData, match=r"train-labels.*: 12 images but 13 labels"):
        look(tmp_path)


def test_labels_cut_short_are_refused(tmp_path):
    files = mnist_files(12, 6, is_packed=False)
    files["train-labels-idx1-ubyte"] = files["train-labels-idx1-ubyte"][:-4]
    write_files(tmp_path, files)
    with pytest.raises(WrongData, match="12 images but 8 labels"):
        look(tmp_path)


def arrays(**parts):
    made = {}
    for seed, (part, n) in enumerate(parts.items()):
        random = np.random.default_rng(seed)
        made[f"{part}_images"] = random.integers(0, 256, (n, 8, 8, 3), dtype=np.uint8)
        made[f"{part}_labels"] = (np.arange(n) % 2).astype(np.uint8)[:, None]
    return made


def test_medmnists_arrays_are_one_input(tmp_path):
    (tmp_path / "m.npz").write_bytes(npz_bytes(**arrays(train=4, val=2, test=3)))
    for source in (tmp_path / "m.npz", tmp_path):
        found = look(source)
        assert found.kind == "npz"
        splits = found.manifest.column("given_split")
        assert splits == ["train"] * 4 + ["val"] * 2 + ["test"] * 3
        assert found.manifest.column("label") == list("010101010")
        assert found.manifest.column("path")[-1] == "m.npz!/test_images"
        assert found.others == ()


@pytest.mark.parametrize(("images", "labels"), [("images", "labels"), ("x", "y"), ("X", "Y")])
def test_other_usual_names_are_known(tmp_path, images, labels):
    stack = np.zeros((3, 8, 8), np.uint8)
    content = npz_bytes(**{images: stack, labels: np.array(["a", "b", "a"])})
    (tmp_path / "m.npz").write_bytes(content)
    assert look(tmp_path / "m.npz").manifest.column("label") == ["a", "b", "a"]


def test_an_npz_in_a_zip_is_found(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_bytes({"m.npz": npz_bytes(**arrays(train=2, test=2))}))
    found = look(tmp_path / "a.zip")
    assert found.manifest.column("path")[0] == "a.zip!/m.npz!/train_images"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.full((3, 14), 3, np.uint8), "an array of 3 x 14, neither one per image"),
        (np.array([0.5, 1, 2]), "the labels are fractions"),
        (np.zeros(4, np.uint8), "3 images but 4 labels"),
        (np.array([{}, {}, {}], dtype=object), "never loaded"),
    ],
)
def test_labels_that_are_no_classes_are_refused(tmp_path, labels, words):
    content = npz_bytes(images=np.zeros((3, 8, 8), np.uint8), labels=labels)
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(WrongData, match=words):
        look(tmp_path / "m.npz")


def test_whole_numbers_kept_as_fractions_are_labels(tmp_path):
    content = npz_bytes(x=np.zeros((2, 8, 8), np.uint8), y=np.array([0.0, 7.0]), z=np.zeros(1))
    (tmp_path / "m.npz").write_bytes(content)
    found = look(tmp_path / "m.npz")
    assert found.manifest.column("label") == ["0", "7"]
    assert [(e.path, str(e.fate)) for e in found.others] == [("m.npz!/z", "excluded")]


def test_an_npz_without_images_lists_its_arrays(tmp_path):
    (tmp_path / "m.npz").write_bytes(npz_bytes(weights=np.zeros(3), bias=np.zeros(1)))
    with pytest.raises(WrongData, match=r"no array is named as images \(it holds weights, bias\)"):
        look(tmp_path / "m.npz")


def test_pictures_beside_no_idx_are_a_folder(tmp_path):
    write_files(tmp_path, {"cat/a.png": png(1), "dog/train.gz": gzip.compress(b"hello")})
    assert look(tmp_path).kind == "folder"


@pytest.mark.parametrize("option", ["label", "group", "label_from_name", "group_from_name"])
@pytest.mark.parametrize("kind", ["idx", "npz"])
def test_an_option_that_arrays_cannot_honour_is_refused(tmp_path, kind, option):
    write_files(tmp_path, mnist_files() if kind == "idx" else {"m.npz": npz_bytes(**arrays(x=4))})
    flag = f"--{option.replace('_', '-')}"
    with pytest.raises(WrongUse, match=f"{flag} cannot be used here: .* read as '{kind}'"):
        look(tmp_path, **{option: "x"})


@pytest.mark.parametrize("shape", [(2**31, 1, 1), (2**31, 0, 5)])
def test_an_idx_that_announces_rows_it_cannot_hold_is_refused_at_once(tmp_path, shape):
    header = bytes((0, 0, 8, 3)) + np.array(shape, ">u4").tobytes() + b"abc"
    for name, content in (("x-idx3-ubyte", header), ("x-idx3-ubyte.gz", gzip.compress(header))):
        write_files(tmp_path / name, {name: content})
        with pytest.raises(WrongData, match=r"truncated|no pixels|x 0 pixels|0 x"):
            look(tmp_path / name)


def test_an_npz_that_announces_rows_it_cannot_hold_is_refused_at_once(tmp_path):
    content = npz_bytes(images=np.zeros((3, 8, 8), np.uint8), labels=np.zeros(3, np.uint8))
    opened = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(opened, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"(3, 8, 8)", b"(3000000000, 8, 8)"))
    (tmp_path / "m.npz").write_bytes(opened.getvalue())
    with pytest.raises(WrongData, match=r"m\.npz: cannot be read"):
        look(tmp_path / "m.npz")
