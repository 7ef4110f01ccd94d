"""Tables of numbers that describe images are no tables of images, wherever they lie."""

from __future__ import annotations

import polars as pl
import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.inputs.described_table import DESCRIBED_COLUMNS, is_described
from tamiz.inputs.find import find
from tamiz.testing.pictures import png
from tamiz.testing.sources import write_files


def features(folder, names, more=("lbp_r1_0",)):
    """Write what `tamiz describe` writes about these images."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {name: [None] * len(names) for name in DESCRIBED_COLUMNS} | {"path": list(names)}
    path = folder / "features.parquet"
    pl.DataFrame({**facts, **{name: [0.5] * len(names) for name in more}}).write_parquet(path)
    return path


def test_beside_its_images_it_is_not_taken_for_their_list(tmp_path):
    names = [f"{n}.png" for n in range(3)]
    write_files(tmp_path, {name: png(seed) for seed, name in enumerate(names)})
    features(tmp_path, names)
    found = find(DataOptions(source=str(tmp_path)))
    assert found.kind == "folder"
    assert list(found.manifest.column("path")) == names
    (tmp_path / "table.csv").write_text("file,label\n0.png,a\n1.png,b\n2.png,a\n")
    assert find(DataOptions(source=str(tmp_path))).manifest.column("label") == ["a", "b", "a"]


def test_named_as_the_source_it_is_refused_and_the_way_is_said(tmp_path):
    path = features(tmp_path, ["a.png"])
    with pytest.raises(WrongUse, match=r"tamiz describe\); it is no table of images") as error:
        find(DataOptions(source=str(path)))
    assert "Name the images themselves" in str(error.value)


def test_alone_in_a_folder_there_are_no_images(tmp_path):
    features(tmp_path, ["a.png"])
    with pytest.raises(WrongData, match="no images among 1 file"):
        find(DataOptions(source=str(tmp_path)))


def test_only_such_tables_are_recognised(tmp_path):
    assert is_described(features(tmp_path, ["a.png"]).read_bytes())
    assert not is_described(features(tmp_path, ["a.png"], more=()).read_bytes())
    assert not is_described(b"PAR1 and then nothing")
    assert not is_described(b"item,path,frame")
