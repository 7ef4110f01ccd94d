"""`describe`: a row per image in one table; what cannot be read is named; resumed; test sealed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import PIL.Image
import polars as pl
import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.descriptors.described import Described, preset
from tamiz.stages import describing
from tamiz.stages.describe import Describe, describe
from tamiz.testing.sources import idx_bytes, table_bytes, write_files

HOW = Describe("glcm:distances=1,colour-histogram:bins=4")


def picture(values):
    opened = io.BytesIO()
    PIL.Image.fromarray(values).save(opened, "PNG")
    return opened.getvalue()


def drawn(seed, *, mean=100, size=(12, 9)):
    """Return an RGB picture of noise around `mean`."""
    noise = np.random.default_rng(seed).normal(mean, 20, (*size, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


@pytest.fixture
def photos(tmp_path):
    """Return a folder of two classes of eight pictures each, one much brighter."""
    files = {
        f"{label}/{i}.png": picture(drawn(10 * mean + i, mean=mean))
        for label, mean in (("dark", 60), ("light", 180))
        for i in range(8)
    }
    return write_files(tmp_path / "photos", files)


def go(source, out, how=HOW, **data):
    report = describe(DataOptions(source=str(source), **data), out, how)
    return report.values["describe"], pl.read_parquet(out)


def test_every_image_is_a_row_with_its_facts_and_the_numbers_of_its_pixels(photos, tmp_path):
    told, table = go(photos, tmp_path / "x" / "features.parquet")
    assert table.columns[:6] == ["item", "path", "frame", "label", "group", "split"]
    assert (told["images"], told["columns"], told["unreadable"]) == (16, 19, 0)
    how = HOW.described()
    assert tuple(table.columns[6:]) == how.columns()
    for row in table.iter_rows():
        pixels = np.asarray(PIL.Image.open(photos / row[1]))
        assert row[3] == row[1].split("/")[0]
        assert row[6:] == tuple(how(pixels[None])[0])


def test_large_and_small_images_of_any_shape_stand_in_the_order_of_the_source(tmp_path):
    sizes = [(5, 5), (300, 200), (1, 1), (5, 5), (40, 7)]
    files = {f"{i}.png": picture(drawn(i, size=size)) for i, size in enumerate(sizes)}
    told, table = go(write_files(tmp_path / "in", files), tmp_path / "f.parquet")
    assert table["path"].to_list() == sorted(files)
    for i, size in enumerate(sizes):
        wanted = HOW.described()(drawn(i, size=size)[None])[0]
        assert table.row(i)[6:] == tuple(wanted)
    assert told["small"] == 1


def test_16_bit_grey_is_measured_as_the_reader_reads_it(tmp_path):
    deep = (np.arange(48, dtype=np.uint16).reshape(6, 8) * 1300).astype(np.uint16)
    _, table = go(write_files(tmp_path / "in", {"a.png": picture(deep)}), tmp_path / "f.parquet")
    eight = ((deep.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    assert table.row(0)[6:] == tuple(HOW.described()(eight[None, ..., None])[0])


def test_frames_of_an_array_are_rows_and_a_preset_brings_them_to_its_size(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    source = write_files(tmp_path / "in", {"x-images-idx3-ubyte": idx_bytes(values)})
    _, table = go(source, tmp_path / "f.parquet", Describe(preset="workflow-c"))
    assert table["frame"].to_list() == list(range(7))
    wanted = preset("workflow-c")(values[..., None])
    assert np.array_equal(table[:, 6:].to_numpy(), wanted)


def test_what_cannot_be_read_is_named_and_counted_and_has_no_row(photos, tmp_path):
    (photos / "dark" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    data = DataOptions(source=str(photos))
    report = describe(data, tmp_path / "f.parquet", HOW)
    told = report.values["describe"]
    assert (told["images"], told["unreadable"]) == (15, 1)
    words = json.dumps(report.to_json())
    assert "1 of 16 images cannot be read and has no row" in words
    assert "dark/3.png" in words


def test_images_none_of_which_can_be_read_are_an_error(tmp_path):
    files = {f"{i}.png": b"\x89PNG\r\n\x1a\n" for i in range(3)}
    source = write_files(tmp_path / "in", files)
    with pytest.raises(WrongData, match="none of 3 images can be read"):
        go(source, tmp_path / "f.parquet")
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"hello, this is text\n", "plain text"),
        ("ñ".encode() * 2049, "plain text"),
        (b"<html><body>404", "HTML"),
    ],
)
def test_a_text_that_is_called_a_picture_is_told_as_what_it_is(tmp_path, content, kind):
    (tmp_path / "text.png").write_bytes(content)
    with pytest.raises(WrongData, match=rf"text.png: none of 1 .* the content is {kind}"):
        go(tmp_path / "text.png", tmp_path / "f.parquet")


def test_images_of_one_value_are_counted_where_correlation_is_asked_for(tmp_path):
    files = {f"{i}.png": picture(np.full((8, 8), 50 * i, np.uint8)) for i in range(3)}
    files["n.png"] = picture(drawn(1))
    source = write_files(tmp_path / "in", files)
    report = describe(DataOptions(source=str(source)), tmp_path / "f.parquet", HOW)
    assert "3 images have one value throughout" in json.dumps(report.to_json())
    found = pl.read_parquet(tmp_path / "f.parquet")["glcm_d1_correlation"]
    assert found.to_list()[:3] == [1.0, 1.0, 1.0]


def test_an_interrupted_call_goes_on_and_gives_the_same_bytes(photos, tmp_path, monkeypatch):
    monkeypatch.setattr(describing, "_AT_ONCE", 4)
    wanted = go(photos, tmp_path / "whole.parquet")[1]
    seen = []
    once = describing._Measure.table

    def failing(self, chunk):
        seen.append(chunk.names)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return once(self, chunk)

    out = tmp_path / "f.parquet"
    monkeypatch.setattr(describing._Measure, "table", failing)
    with pytest.raises(KeyboardInterrupt):
        go(photos, out)
    assert not out.exists()
    told, table = go(photos, out)
    assert told["kept"] == 8
    assert len(seen) == 5
    assert table.equals(wanted)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "f.parquet", "photos", "whole.parquet",
    ]  # fmt: skip


def test_a_repeated_call_measures_nothing_and_says_the_same(photos, tmp_path, monkeypatch):
    out = tmp_path / "f.parquet"
    first, _ = go(photos, out)
    monkeypatch.setattr(describing._Measure, "table", None)
    again, _ = go(photos, out)
    assert again["kept"] == 16
    assert again["telling"] == first["telling"]


def test_another_table_is_replaced_only_when_asked(photos, tmp_path):
    out = tmp_path / "f.parquet"
    go(photos, out)
    with pytest.raises(WrongUse, match="give --overwrite"):
        go(photos, out, Describe("lbp"))
    _, table = go(photos, out, Describe("lbp", is_overwrite=True))
    assert table.columns[6:] == list(Described.from_words("lbp").columns())


def test_a_file_that_is_no_table_of_ours_is_not_overwritten(photos, tmp_path):
    out = tmp_path / "f.parquet"
    out.write_text("mine")
    with pytest.raises(WrongUse, match="there is another table"):
        go(photos, out)
    assert out.read_text() == "mine"


def test_a_changed_picture_is_measured_again_and_the_others_are_not(photos, tmp_path):
    out = tmp_path / "f.parquet"
    go(photos, out)
    (photos / "dark" / "0.png").write_bytes(picture(drawn(999, mean=10)))
    with pytest.raises(WrongUse, match="other images or settings"):
        go(photos, out)
    told, table = go(photos, out, Describe(HOW.names, is_overwrite=True))
    assert table.row(0)[6:] == tuple(HOW.described()(drawn(999, mean=10)[None])[0])
    assert told["kept"] == 0


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (Describe(), "no descriptor was named"),
        (Describe("lbp", size="12"), "a size is two whole numbers"),
        (Describe("lbp", size="0x5"), "a size is two whole numbers"),
        (Describe("lbp", preset="x"), "there is no recipe of descriptors of this name"),
        (Describe("glcm", preset="workflow-c"), ""),
    ],
)
def test_options_are_understood_before_anything_is_read(how, told):
    if told:
        with pytest.raises(WrongUse, match=told):
            describe(DataOptions(source="nowhere"), Path("f.parquet"), how)
    else:
        assert len(how.described().columns()) == 48 + 4 + 14


def test_the_table_is_parquet_by_name(photos, tmp_path):
    with pytest.raises(WrongUse, match=r"ends in \.parquet"):
        go(photos, tmp_path / "f.csv")


def test_columns_that_tell_classes_apart_come_with_interval_and_corrected_p(photos, tmp_path):
    told, _ = go(photos, tmp_path / "f.parquet")
    first = told["telling"]["columns"][0]
    assert first["value"] == 1.0
    assert 0.5 < first["low"] < first["high"] == 1.0
    assert (first["n"], first["n_groups"]) == (16, 16)
    assert first["p_corrected"] < 0.05
    assert told["telling"]["sealed"] == 0


def test_labels_of_the_test_part_are_not_looked_at(photos, tmp_path):
    rows = [("path", "label", "part")]
    for path in sorted(photos.rglob("*.png")):
        name = path.relative_to(photos).as_posix()
        rows.append((name, name.split("/")[0], "test" if path.stem in "12" else "train"))
    turned = [(p, "light" if part == "test" and label == "dark" else label, part)
              for p, label, part in rows]  # fmt: skip
    told, parts = [], []
    for name, cells in (("a", rows), ("b", turned)):
        write_files(photos, {f"{name}.csv": table_bytes(cells)})
        out = tmp_path / f"{name}.parquet"
        found, table = go(photos / f"{name}.csv", out, path="path", label="label", split="part")
        told.append(found["telling"])
        parts.append(table["split"].to_list())
    assert told[0] == told[1]
    assert told[0]["sealed"] == 4
    assert told[0]["n"] == 12
    assert parts[0].count("test") == 4


def test_rows_of_a_table_whose_file_is_missing_are_counted(photos, tmp_path):
    cells = [("path", "label"), ("dark/0.png", "a"), ("dark/none.png", "b"), ("dark/1.png", "a")]
    write_files(photos, {"t.csv": table_bytes(cells)})
    told, table = go(
        photos / "t.csv", tmp_path / "f.parquet", path="path", label="label",
        missing_files="leave-out",
    )  # fmt: skip
    assert (told["missing"], len(table)) == (1, 2)


@pytest.mark.parametrize("size", ["0", "0x0", "64", "axb", "5000x5", "5x", "-3x4", "1e2x9"])
def test_a_size_that_is_none_is_told_as_it_was_typed(size):
    with pytest.raises(WrongUse, match=f"--size {size}: a size is two whole numbers"):
        Describe("lbp", size=size).described()
