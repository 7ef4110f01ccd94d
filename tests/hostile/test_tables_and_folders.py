"""Tables and folders that are broken or hostile."""

from __future__ import annotations

import csv
import os
import socket
from pathlib import Path

import pytest

from tamiz.core.errors import WrongData
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.contracts import Policy
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find
from tamiz.stages.check import check
from tamiz.stages.index import index
from tamiz.testing.pictures import png
from tamiz.testing.sources import class_folders, table_bytes, write_files


def look(source, **options):
    return find(DataOptions(source=str(source), **options))


def reasons_of(found):
    return {entry.path: (str(entry.fate), entry.reason) for entry in found.others}


def test_links_are_visited_once_and_told(tmp_path):
    root = class_folders(tmp_path / "in", n_each=2)
    write_files(tmp_path / "out", {"x.png": png(99)})
    (root / "loop").symlink_to(root)
    (root / "cat" / "self.png").symlink_to("self.png")
    (root / "cat" / "dangling.png").symlink_to("nowhere.png")
    (root / "cat" / "outside.png").symlink_to(tmp_path / "out" / "x.png")
    (root / "outside").symlink_to(tmp_path / "out")
    (root / "dog" / "again.png").symlink_to("0.png")
    found = look(root)
    assert len(found.manifest) == 4
    assert reasons_of(found) == {
        "loop/": ("excluded", "a link to a folder that is visited already"),
        "cat/self.png": ("excluded", "a link that leads in circles"),
        "cat/dangling.png": ("excluded", "a link to something that does not exist"),
        "cat/outside.png": (
            "excluded",
            "a link that leads out of the source (allow_outside follows it)",
        ),
        "outside": ("excluded", "a link that leads out of the source (allow_outside follows it)"),
        "dog/again.png": ("duplicate", "a link to dog/0.png"),
    }


def test_links_out_of_the_source_are_followed_when_allowed(tmp_path):
    root = class_folders(tmp_path / "in", n_each=1)
    write_files(tmp_path / "out", {"x.png": png(99)})
    (root / "bird").symlink_to(tmp_path / "out")
    found = look(root, allow_outside=True)
    assert dict(found.manifest.rows("path", "label"))["bird/x.png"] == "bird"


def test_fifos_sockets_and_devices_are_no_images(tmp_path, monkeypatch):
    class_folders(tmp_path, n_each=1)
    os.mkfifo(tmp_path / "cat" / "fifo.png")
    (tmp_path / "cat" / "zero.png").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("cat/socket.png")
        found = look(tmp_path, allow_outside=True)
    assert reasons_of(found) == {
        "cat/fifo.png": ("not an image", "not a regular file: FIFO"),
        "cat/socket.png": ("not an image", "not a regular file: socket"),
        "cat/zero.png": ("not an image", "not a regular file: device"),
    }


def test_a_fifo_as_the_source_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(WrongData, match="not a regular file: FIFO"):
        look(tmp_path / "a")


ODD_NAMES = [
    "-rf.png",
    "a\nb.png",
    "ñ.png",
    "n\u0303.png",
    "🦤.png",
    "=1+1.png",
    " a .png",
    "a,b;c.png",
]


def test_odd_names_survive_into_the_ledger_and_back(tmp_path):
    odd_bytes = os.fsdecode(b"caf\xe9.png")
    root = write_files(tmp_path / "in", {f"cat/{n}": png(i) for i, n in enumerate(ODD_NAMES)})
    (root / "cat" / odd_bytes).write_bytes(png(98))
    (root / "cat" / ("x" * 250 + ".png")).write_bytes(png(97))
    recipe = Recipe(data=DataOptions(source=str(root)))
    run = Run(tmp_path / "run")
    index(recipe, run)
    report = check(recipe, run)
    assert report.values["check"]["usable"] == len(ODD_NAMES) + 2
    with (run.folder / "ledger.csv").open(encoding="utf-8", newline="") as opened:
        rows = [row["path"] for row in csv.DictReader(opened)]
    expected = {f"cat/{name}" for name in [*ODD_NAMES, "x" * 250 + ".png"]}
    assert set(rows) == expected | {"cat/caf\\udce9.png"}
    with Reader(run.manifest().root, Policy()) as reader:
        for path in rows:
            reader.read(path)


def test_a_folder_that_cannot_be_entered_is_told(tmp_path, monkeypatch):
    class_folders(tmp_path, n_each=1)
    write_files(tmp_path, {"locked/a.png": png(9)})
    scan = os.scandir

    def closed(folder):
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", closed)
    found = look(tmp_path)
    assert reasons_of(found) == {
        "locked/": ("unreadable", "the folder cannot be entered (Permission denied)")
    }
    assert [str(one.what) for one in found.findings] == [
        "folders that cannot be entered, with all that lies in them, are left out: 1, first "
        "'locked/'"
    ]


def table(tmp_path: Path, content: bytes) -> Path:
    write_files(tmp_path, {"a.png": png(1), "b.png": png(2), "t.csv": content})
    return tmp_path / "t.csv"


def test_semicolon_bom_latin1_and_accents_at_once(tmp_path):
    content = b"\xef\xbb\xbf" + "imágen;diagnóstico;año\na.png;sí;0,5\nb.png;no;1\n".encode()
    found = look(table(tmp_path, content))
    assert found.manifest.column("label") == ["sí", "no"]
    found = look(table(tmp_path, content[3:].decode().encode("latin-1")))
    assert found.manifest.column("label") == ["sí", "no"]
    assert found.manifest.column("año") == ["0,5", "1"]


def test_quoted_line_breaks_are_part_of_a_cell_and_lines_stay_right(tmp_path):
    rows = [("file", "label", "note"), ("a.png", "x", "one\ntwo\nthree"), ("gone.png", "y", "")]
    with pytest.raises(WrongData, match=r"t.csv:5: 1 of 2 rows names a file"):
        look(table(tmp_path, table_bytes(rows)))


def test_rows_of_another_length_are_named_with_their_lines(tmp_path):
    content = b"file,label\na.png,x\nb.png,y,z,w\n\nb.png\n"
    with pytest.raises(
        WrongData, match=r"t.csv:3: 2 rows .* the first has 4 instead of 2"
    ) as error:
        look(table(tmp_path, content))
    assert error.value.details == ("line 3: 4 cells instead of 2", "line 5: 1 cell instead of 2")


def test_empty_cells_at_the_end_and_blank_lines_are_forgiven(tmp_path):
    found = look(table(tmp_path, b"file,label\n\na.png,x,,\nb.png,y\n,\n"))
    assert found.manifest.column("label") == ["x", "y"]


def test_an_unclosed_quotation_mark_is_named(tmp_path):
    content = b'file,label\na.png,"x\n' + b"b.png,y\n" * 20_000
    with pytest.raises(WrongData, match=r"t\.csv:.*(quotation mark|not one|cells)"):
        look(table(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the table is empty"),
        (b"\n\n", "the table is empty"),
        (b"PAR1 broken", "cannot be read"),
        (b"\xff\xfea\0b", "utf-16"),
    ],
)
def test_a_broken_table_is_told(tmp_path, content, words):
    with pytest.raises(WrongData, match=words):
        look(table(tmp_path, content))


def test_a_table_with_a_header_only_is_told_as_empty(tmp_path):
    with pytest.raises(WrongData, match="the table is empty"):
        look(table(tmp_path, b"file,label\n"))


def test_columns_without_a_name_or_with_the_same_are_told_apart(tmp_path):
    found = look(table(tmp_path, b"file,label,,label\na.png,x,1,p\nb.png,y,2,q\n"))
    assert found.manifest.column("label") == ["x", "y"]
    assert found.manifest.column("column_3") == ["1", "2"]
    assert found.manifest.column("label_2") == ["p", "q"]


def test_a_path_cell_that_is_a_fifo_counts_as_missing(tmp_path):
    os.mkfifo(tmp_path / "f.png")
    with pytest.raises(WrongData, match=r"t.csv:3: 1 of 2 rows"):
        look(table(tmp_path, b"file,label\na.png,x\nf.png,y\n"))


def test_a_path_cell_that_is_a_link_leads_to_its_file(tmp_path):
    (tmp_path / "link.png").symlink_to("a.png")
    with pytest.raises(WrongData, match="different labels"):
        look(table(tmp_path, b"file,label\na.png,x\nlink.png,y\n"))
