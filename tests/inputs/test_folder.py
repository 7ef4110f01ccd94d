"""Folders of pictures: what becomes a row, with which class, split and group."""

from __future__ import annotations

from typing import Any

import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.report import Severity
from tamiz.formats import stream as stream_module
from tamiz.formats.archive import open_archive
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import HEAD_BYTES
from tamiz.formats.stream import CompressedStream
from tamiz.inputs import tree as tree_module
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found
from tamiz.inputs.tree import grow
from tamiz.testing.pictures import jpeg, png
from tamiz.testing.sources import (
    class_files,
    class_folders,
    table_bytes,
    tar_bytes,
    write_files,
    zip_bytes,
)


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def labels_of(found: Found) -> dict[str, str | None]:
    return dict(found.manifest.rows("path", "label"))


def said(found: Found) -> str:
    return "\n".join(str(finding.what) for finding in found.findings)


def test_folders_are_classes(tmp_path):
    found = look(class_folders(tmp_path, ("cat", "dog"), 2))
    assert found.kind == "folder"
    assert labels_of(found) == {
        "cat/0.png": "cat",
        "cat/1.png": "cat",
        "dog/0.png": "dog",
        "dog/1.png": "dog",
    }
    assert set(found.manifest.column("given_split")) == {None}


def test_a_format_from_elsewhere_is_found_by_its_content_not_by_its_name(tmp_path, monkeypatch):
    class Other:
        name, suffixes = "other", (".other",)

        @staticmethod
        def recognises(head: bytes) -> bool:
            return head.startswith(b"OTHER")

    FORMATS.names()  # filled before it is changed
    monkeypatch.setitem(FORMATS._members, "other", Other)
    files = {"cat/0.other": b"OTHER 1", "dog/1.dat": b"OTHER 2", "dog/notes.txt": b"NONE"}
    found = look(write_files(tmp_path, files))
    assert labels_of(found) == {"cat/0.other": "cat", "dog/1.dat": "dog"}


@pytest.mark.parametrize(
    ("folders", "splits"),
    [
        (("train", "val", "test"), ("train", "val", "test")),
        (("Training", "VALID", "Testing"), ("train", "val", "test")),
        (("entrenamiento", "validación", "prueba"), ("train", "val", "test")),
        (("train", "test"), ("train", "test")),
        (("trn", "tuning", "holdout"), ("train", "val", "test")),
        (("Development", "test set"), ("train", "test")),
        (("train_images", "eval"), ("train", "test")),
    ],
)
def test_splits_above_the_classes_are_given_splits(tmp_path, folders, splits):
    for folder in folders:
        class_folders(tmp_path, above=f"{folder}/")
    found = look(tmp_path)
    for folder, split in zip(folders, splits, strict=True):
        rows = [row for row in found.manifest.rows("path", "given_split") if folder in row[0]]
        assert {given for _, given in rows} == {split}
    assert found.manifest.classes() == ["cat", "dog"]


def test_a_class_may_be_called_like_nothing_else_that_is_a_split(tmp_path):
    class_folders(tmp_path, ("train", "bus"), 1)
    found = look(tmp_path)
    assert found.manifest.classes() == ["bus", "train"]
    assert set(found.manifest.column("given_split")) == {None}


@pytest.mark.parametrize("above", ["", "set/"])
def test_a_stray_image_beside_the_splits_is_left_out_with_a_warning(tmp_path, above):
    for split in ("train", "test"):
        class_folders(tmp_path, above=f"{above}{split}/")
    write_files(tmp_path, {"logo.png": png(90), "extra/cat/a.png": png(91)} if not above else {})
    write_files(tmp_path, {"logo.png": png(90)})
    found = look(tmp_path)
    assert found.manifest.classes() == ["cat", "dog"]
    assert set(found.manifest.column("given_split")) == {"train", "test"}
    fates = {entry.path: (str(entry.fate), entry.reason) for entry in found.others}
    assert fates["logo.png"] == ("excluded", "outside the folders of the given split (test, train)")
    assert len(fates) == (1 if above else 2)
    warning = next(one for one in found.findings if str(one.severity) == "warning")
    told = "1 image lies" if above else "2 images lie"
    assert f"{told} beside the folders of the given split" in str(warning.what)
    assert "logo.png" in str(warning.what)


def test_a_nested_second_copy_of_a_set_is_left_out_with_a_warning(tmp_path):
    for above in ("", "chest/"):
        for split in ("train", "val", "test"):
            class_folders(tmp_path, above=f"{above}{split}/", n_each=1)
    found = look(tmp_path)
    assert len(found.manifest) == 6
    assert found.manifest.classes() == ["cat", "dog"]
    assert "6 images lie beside" in said(found)
    assert "chest/test/cat/0.png" in said(found)


def test_of_nested_class_folders_the_first_counts(tmp_path):
    write_files(tmp_path, {"cat/p1/a.png": png(1), "cat/p2/b.png": png(2), "dog/p3/c.png": png(3)})
    assert set(labels_of(look(tmp_path)).values()) == {"cat", "dog"}


def test_class_and_group_come_from_the_name_by_regular_expressions(tmp_path):
    write_files(tmp_path, {"train/p1_3L.png": png(1), "test/p2_0R.png": png(2)})
    pattern = r"_(\d)[LR]\.png"
    found = look(tmp_path, label_from_name=pattern, group_from_name=r"p\d+")
    rows = list(found.manifest.rows("path", "label", "group", "given_split"))
    assert rows == [("test/p2_0R.png", "0", "p2", "test"), ("train/p1_3L.png", "3", "p1", "train")]


def test_names_in_which_nothing_is_found_are_counted_and_stay_without(tmp_path):
    write_files(tmp_path, {"a_1.png": png(1), "b.png": png(2)})
    found = look(tmp_path, label_from_name=r"_(\d)")
    assert labels_of(found) == {"a_1.png": "1", "b.png": None}
    assert "no class in 1 of 2 names" in said(found)
    assert found.findings[0].items == ("b.png",)


def test_a_wrong_regular_expression_is_a_wrong_use(tmp_path):
    write_files(tmp_path, {"a.png": png()})
    with pytest.raises(WrongUse, match=r"data\.label_from_name: not a regular expression"):
        look(tmp_path, label_from_name="(")


def test_pictures_without_a_class_are_rows_without_a_label(tmp_path):
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2)})
    assert labels_of(look(tmp_path)) == {"a.png": None, "b.png": None}


def test_a_single_picture_is_one_row(tmp_path):
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2)})
    assert labels_of(look(tmp_path / "a.png")) == {"a.png": None}


def test_content_decides_where_the_name_says_nothing(tmp_path):
    write_files(tmp_path, {"cat/a": png(1), "cat/b.dat": jpeg(2), "dog/c.JPG": jpeg(3)})
    found = look(tmp_path)
    assert sorted(labels_of(found)) == ["cat/a", "cat/b.dat", "dog/c.JPG"]


def test_other_files_have_a_fate_and_a_reason(tmp_path):
    class_folders(tmp_path)
    write_files(
        tmp_path,
        {
            "README.txt": b"read me",
            "cat/Thumbs.db": b"x",
            "cat/._0.png": b"x",
            "dog/.DS_Store": b"x",
            "dog/desktop.ini": b"x",
            "__MACOSX/cat/0.png": b"x",
            ".ipynb_checkpoints/0.png": b"x",
            "paper.pdf": b"%PDF-1.7",
        },
    )
    found = look(tmp_path)
    assert len(found.manifest) == 6
    reasons = {entry.path: (str(entry.fate), entry.reason) for entry in found.others}
    assert reasons["README.txt"] == ("not an image", "not an image: the content is plain text")
    assert reasons["paper.pdf"] == ("not an image", "not an image: the content is PDF")
    assert reasons["cat/Thumbs.db"][1] == "a file of the operating system"
    assert reasons["cat/._0.png"][1] == "hidden: its name begins with a dot"
    assert reasons[".ipynb_checkpoints/"][1] == "hidden: its name begins with a dot"
    assert len(reasons) == 8


def test_empty_class_folders_are_noted(tmp_path):
    class_folders(tmp_path)
    (tmp_path / "bird").mkdir()
    (tmp_path / "fish" / "deep").mkdir(parents=True)
    assert "2 folders hold no image, first 'bird'" in said(look(tmp_path))


def test_names_that_differ_only_in_capitals_or_accents_are_a_warning(tmp_path):
    write_files(tmp_path, {"cat/a.png": png(1), "cat/A.PNG": png(2), "dog/n\u0303.png": png(3)})
    write_files(tmp_path, {"dog/\u00f1.png": png(4)})
    found = look(tmp_path)
    assert "2 pairs of names differ only in capitals" in said(found)
    assert str(found.findings[0].severity) == "warning"


def test_a_folder_around_the_splits_is_passed_through_and_said(tmp_path):
    for split in ("train", "test"):
        class_folders(tmp_path, above=f"photos/{split}/")
    found = look(tmp_path)
    assert found.manifest.classes() == ["cat", "dog"]
    assert "everything lies in the folder 'photos/'" in said(found)


PACKED = {
    "photos.zip": zip_bytes,
    "photos.tar": tar_bytes,
    "photos.tar.gz": lambda files: tar_bytes(files, "gz"),
    "photos.tar.xz": lambda files: tar_bytes(files, "xz"),
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("above", ["", "photos/"])
def test_an_archive_is_read_like_the_folder_in_it(tmp_path, name, above):
    (tmp_path / name).write_bytes(PACKED[name](class_files(above=above) | {"notes.md": b"# hello"}))
    found = look(tmp_path / name)
    assert labels_of(found)[f"{name}!/{above}cat/0.png"] == "cat"
    assert len(found.manifest) == 6
    assert [entry.path for entry in found.others] == [f"{name}!/notes.md"]
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_an_archive_in_which_classes_and_splits_lie_is_understood(tmp_path):
    files = class_files(above="set/train/") | class_files(above="set/test/", first_seed=50)
    (tmp_path / "a.zip").write_bytes(zip_bytes(files))
    found = look(tmp_path / "a.zip")
    assert found.manifest.classes() == ["cat", "dog"]
    assert set(found.manifest.column("given_split")) == {"train", "test"}


def test_nothing_at_the_path_is_said(tmp_path):
    with pytest.raises(WrongData, match="nowhere: there is no such file or folder"):
        look(tmp_path / "nowhere")


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(WrongData, match="the folder is empty"):
        look(tmp_path)


def test_a_folder_without_images_says_what_is_there(tmp_path):
    write_files(tmp_path, {"a.txt": b"1", "b.txt": b"2", "c.docx": b"PK\3\4", "d": b"x"})
    with pytest.raises(WrongData, match=r"no images among 4 files \(2 \.txt, 1 \.docx, 1 -\)") as e:
        look(tmp_path)
    assert "tamiz reads folders of JPEG, PNG" in str(e.value)


def test_photos_of_a_kind_that_is_not_read_are_a_warning_with_the_way_out(tmp_path):
    class_folders(tmp_path, n_each=2)
    write_files(tmp_path, {"cat/IMG_1.HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 99, "a.txt": b"1"})
    found = look(tmp_path)
    (warning,) = (one for one in found.findings if "does not read" in str(one.what))
    assert str(warning.what).endswith("left out (.heic): 1")
    assert warning.severity is Severity.WARNING
    assert str(warning.advice) == "Save them as JPEG or PNG and repeat the command"
    assert warning.items == ("cat/IMG_1.HEIC",)


def test_a_zip_without_its_end_is_told_as_cut_short(tmp_path):
    whole = zip_bytes({"cat/1.png": png(1), "dog/1.png": png(2)})
    write_files(tmp_path, {"a.zip": whole[: len(whole) // 2]})
    with pytest.raises(WrongData, match="the end of the zip is missing: it was cut short"):
        look(tmp_path / "a.zip")


def test_a_text_that_is_called_an_archive_is_not_taken_for_a_table(tmp_path):
    write_files(tmp_path, {"a.zip": b"page not found"})
    with pytest.raises(WrongData, match="no image: plain text"):
        look(tmp_path / "a.zip")


def test_no_source_is_said():
    with pytest.raises(WrongData, match="no source of images is given"):
        look("")


@pytest.mark.parametrize("option", ["label", "group", "centre", "split", "path", "root"])
def test_an_option_of_tables_is_refused_for_a_folder(tmp_path, option):
    class_folders(tmp_path)
    flag = "--split-column" if option == "split" else f"--{option}"
    with pytest.raises(WrongUse, match=f"{flag} cannot be used here: .* read as 'folder'") as error:
        look(tmp_path, **{option: "dx"})
    assert "--group-from-name" in str(error.value)
    with pytest.raises(WrongUse, match=flag):
        look(tmp_path, kind="folder", **{option: "dx"})


def test_files_of_a_compressed_archive_are_looked_into_in_one_pass(tmp_path, monkeypatch):
    names = [f"{number * 7919 % 400:03}.dat" for number in range(400)]
    noise = {name: bytes([n % 251 + 1]) * 2000 for n, name in enumerate(names)}
    files = noise | class_files(n_each=1)
    (tmp_path / "a.tar.xz").write_bytes(tar_bytes(files, "xz"))
    starts = []
    start = CompressedStream._start
    monkeypatch.setattr(stream_module, "WINDOW_BYTES", 20_000)

    def counted(stream):
        starts.append(1)
        return start(stream)

    monkeypatch.setattr(CompressedStream, "_start", counted)
    found = look(tmp_path / "a.tar.xz")
    assert len(found.manifest) == 2
    assert len(found.others) == 400
    assert len(starts) <= 3  # the index, and going back to the beginning for the heads


def test_an_archive_is_indexed_once_and_closed(tmp_path, monkeypatch):
    table = table_bytes([("file", "label"), ("a/0.png", "x"), ("a/1.png", "y")])
    (tmp_path / "a.zip").write_bytes(zip_bytes(class_files(["a"], 2) | {"t.csv": table}))
    made: list[Any] = []

    def counted(path):
        made.append(open_archive(path))
        return made[-1]

    monkeypatch.setattr(tree_module, "open_archive", counted)
    assert look(tmp_path / "a.zip").kind == "table"
    assert len(made) == 1
    assert made[0]._zip.fp is None


def test_heads_of_members_are_read_without_the_rest(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_bytes({"big.dat": bytes(10_000)}))
    with grow(tmp_path / "a.zip") as tree:
        assert tree.head("big.dat") == bytes(HEAD_BYTES)


def test_a_run_folder_inside_the_source_is_passed_over_and_told(tmp_path):
    class_folders(tmp_path)
    write_files(
        tmp_path,
        {"runs/one/run.json": b"{}", "runs/one/manifest.parquet": b"", "runs/one/a.png": png(1)},
    )
    found = look(tmp_path)
    assert found.manifest.classes() == ["cat", "dog"]
    assert found.others == ()
    assert "1 folder is a run of tamiz itself and is not looked into, first 'runs/one/'" in said(
        found
    )
    assert "hold no image" not in said(found)


def test_a_folder_with_just_any_run_json_is_no_run(tmp_path):
    write_files(tmp_path, {"cat/run.json": b"{}", "cat/a.png": png(1), "dog/b.png": png(2)})
    assert len(look(tmp_path).manifest) == 2
