"""CIFAR's binary files as input: rows, names of classes, the given test part, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import set_language
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.formats.cifar import Cifar, cifar_layout
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find, find_images
from tamiz.inputs.registry import Found
from tamiz.testing.sources import cifar_bytes, cifar_files, npz_bytes, tar_bytes, write_files

IMAGES = np.random.default_rng(3).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def test_the_folder_of_cifar_10_gives_rows_names_and_its_own_test_part(tmp_path):
    write_files(tmp_path / "cifar-10-batches-bin", cifar_files() | {"cifar-10-batches-bin/x": b""})
    found = look(tmp_path / "cifar-10-batches-bin")
    assert found.kind == "cifar"
    rows = list(found.manifest.rows("path", "frame", "label", "given_split"))
    assert rows[0] == ("data_batch_1.bin!/cifar10", 0, "class a", "train")
    assert rows[21] == ("data_batch_2.bin!/cifar10", 1, "class b", "train")
    assert rows[-1] == ("test_batch.bin!/cifar10", 9, "class j", "test")
    assert len(rows) == 50
    assert {entry.path: entry.reason for entry in found.others}["batches.meta.txt"] == (
        "the names of the classes"
    )


@pytest.mark.parametrize("above", ["", "cifar-10-batches-bin/"])
def test_in_an_archive_it_is_the_same_picture_for_picture(tmp_path, above):
    files = {f"{above}data_batch_1.bin": cifar_bytes(IMAGES, [0, 1, 2, 9])}
    write_files(tmp_path / "open", files)
    (tmp_path / "cifar.tar.gz").write_bytes(tar_bytes(files, "gz"))
    for source in (tmp_path / "open", tmp_path / "cifar.tar.gz"):
        found = look(source)
        assert found.manifest.column("label") == ["0", "1", "2", "9"]  # nobody said their names
        assert set(found.manifest.column("given_split")) == {None}  # one part is no division
        with Reader(found.manifest.root, Policy()) as reader:
            for path, frame in found.manifest.rows("path", "frame"):
                assert (reader.read(path, frame).pixels == IMAGES[frame]).all()
            examined = reader.examine(*next(iter(found.manifest.rows("path", "frame"))))
        assert (examined.format, examined.channels, examined.width_px) == ("CIFAR", 3, 32)


def test_cifar_100_has_fine_labels_and_coarse_ones_beside(tmp_path):
    fine = "\n".join(f"fine {n}" for n in range(100)).encode()
    coarse = "\n".join(f"coarse {n}" for n in range(20)).encode()
    files = {
        "train.bin": cifar_bytes(IMAGES, [0, 1, 2, 19], [99, 5, 6, 7]),
        "test.bin": cifar_bytes(IMAGES[:1], [3], [4]),
        "fine_label_names.txt": fine,
        "coarse_label_names.txt": coarse,
    }
    found = look(write_files(tmp_path, files))
    assert list(found.manifest.rows("label", "coarse", "given_split"))[3:] == [
        ("fine 7", "coarse 19", "train"),
        ("fine 4", "coarse 3", "test"),
    ]


def test_one_batch_takes_the_names_beside_it(tmp_path):
    write_files(tmp_path, cifar_files())
    found = look(tmp_path / "test_batch.bin")
    assert found.manifest.column("label")[0] == "class a"
    assert len(found.manifest) == 10


def test_to_predict_labels_and_parts_are_not_looked_at(tmp_path):
    write_files(tmp_path, cifar_files(10, 10))
    for source, n in ((tmp_path, 30), (tmp_path / "test_batch.bin", 10)):
        found = find_images(source)
        assert len(found.manifest) == n
        assert set(found.manifest.column("label")) == {None}
        assert set(found.manifest.column("given_split")) == {None}


def test_other_files_that_end_in_bin_are_not_taken_for_cifar(tmp_path):
    content = cifar_bytes(IMAGES, [0, 1, 2, 3])
    assert cifar_layout(len(content), content[:4096]) == "cifar10"
    assert cifar_layout(len(content) + 1, content[:4096]) is None
    assert cifar_layout(len(content), b"\x0b" + content[1:4096]) is None
    assert cifar_layout(0, b"") is None
    assert not Cifar.recognises(content[:4096])
    (tmp_path / "a.bin").write_bytes(content + b"x")
    with pytest.raises(WrongData, match=r"no images among 1 file \(1 .bin\)"):
        look(tmp_path)


def test_a_label_out_of_range_is_told_with_its_image(tmp_path):
    (tmp_path / "data_batch_1.bin").write_bytes(cifar_bytes(IMAGES, [0, 1, 2, 10]))
    with pytest.raises(WrongData, match=r"data_batch_1.bin: image 3 has the label 10, .* 0 to 9"):
        look(tmp_path)


@pytest.mark.parametrize("change", ["cut", "empty", "label"])
@pytest.mark.parametrize("way", ["folder", "archive", "file"])
def test_a_damaged_batch_is_told_and_never_left_out_in_silence(tmp_path, change, way):
    files = cifar_files()
    whole = files["data_batch_2.bin"]
    files["data_batch_2.bin"] = {"cut": whole[:-9], "empty": b"", "label": b"M" + whole[1:]}[change]
    sources = {"folder": tmp_path / "open", "file": tmp_path / "open" / "data_batch_2.bin"}
    write_files(tmp_path / "open", files)
    if way == "archive":
        sources[way] = tmp_path / "cifar.tar.gz"
        sources[way].write_bytes(tar_bytes(files, "gz"))
    with pytest.raises(WrongData, match=r"data_batch_2.bin: named like CIFAR's .* from 0 to 9"):
        look(sources[way])


def test_names_that_do_not_fit_are_told(tmp_path):
    write_files(tmp_path, cifar_files() | {"batches.meta.txt": b"cat\ndog\n"})
    with pytest.raises(WrongData, match=r"batches.meta.txt: there are 2 names for 10 classes"):
        look(tmp_path)


def test_both_kinds_in_one_folder_are_told(tmp_path):
    files = {
        "a/x.bin": cifar_bytes(IMAGES, [0] * 4),
        "b/x.bin": cifar_bytes(IMAGES, [0] * 4, [1] * 4),
    }
    with pytest.raises(WrongData, match="files of 2 kinds of CIFAR"):
        look(write_files(tmp_path, files))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_version_for_python_is_refused_unopened(tmp_path, language):
    set_language(language)
    for name in ("data_batch_1", "test_batch", "batches.meta"):
        (tmp_path / name).write_bytes(b"\x80\x02}q\x00(U\x06labelsq\x01]q\x02K\x01au.")
    wanted = (
        "3 of 3 files are Python pickles" if language == "en" else "3 de 3 archivos son pickles"
    )
    with pytest.raises(WrongData, match=wanted) as refused:
        look(tmp_path)
    assert "cifar-10-binary.tar.gz" in str(refused.value)
    with pytest.raises(WrongData, match=wanted):
        find_images(tmp_path)


def test_an_array_of_an_npz_may_be_called_like_cifars(tmp_path):
    (tmp_path / "x.npz").write_bytes(npz_bytes(cifar10=IMAGES))
    with Reader(tmp_path, Policy()) as reader:
        assert (reader.read("x.npz!/cifar10", 2).pixels == IMAGES[2]).all()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("cut.bin!/cifar10", "truncated"),
        ("cut.bin!/other", "neither a folder nor an archive"),
        ("cut.bin", "not an image"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, path, reason):
    (tmp_path / "cut.bin").write_bytes(cifar_bytes(IMAGES, [0] * 4)[:-1])
    with Reader(tmp_path, Policy()) as reader, pytest.raises(UnreadableItem, match=reason):
        reader.read(path)
