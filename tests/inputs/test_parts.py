"""Tables whose rows are parts of images."""

from __future__ import annotations

import zipfile

import pytest
from tests.stages.slide_drawing import drawn, save_slide, save_table

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import set_language
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find, find_images
from tamiz.testing.pictures import png


@pytest.fixture
def photos(tmp_path):
    """Return a folder with a photo (JPEG) and a slide, 120 x 90 px each."""
    import PIL.Image

    folder = tmp_path / "photos"
    save_slide(folder / "b.tif", drawn(120, 90, seed=1))
    PIL.Image.fromarray(drawn(120, 90)).save(folder / "a.jpg")
    return folder


def _row(path="a.jpg", label="cat", x=0, y=0, width=10, height=10, **more):
    row = {"path": path, "label": label, "x": x, "y": y, "width": width, "height": height}
    return row | more


def _found(folder, rows, **options):
    table = save_table(folder / "rows.csv", rows)
    return find(DataOptions(source=str(table), **options))


def test_each_row_is_a_part_with_its_place_in_columns_and_in_its_name(photos):
    rows = [_row(x=5, y=6, width=7, height=8), _row("b.tif", "dog", 1, 2, 3, 4)]
    found = _found(photos, rows)
    assert found.manifest.column("path") == ["a.jpg#xywh=5,6,7,8", "b.tif#xywh=1,2,3,4"]
    assert list(found.manifest.rows("label", "x", "y", "width", "height")) == [
        ("cat", 5, 6, 7, 8), ("dog", 1, 2, 3, 4),
    ]  # fmt: skip


def test_that_rows_are_parts_is_said(photos):
    said = [str(one.what) for one in _found(photos, [_row()]).findings]
    assert any("x, y, width, height" in words and "part" in words for words in said)


def test_the_side_to_be_read_as_and_the_size_of_a_pixel_come_along(photos):
    rows = [_row(side_px=5, um_per_px="0.5"), _row(x=1, side_px=6, um_per_px="unknown")]
    manifest = _found(photos, rows).manifest
    assert manifest.column("path") == ["a.jpg#xywh=0,0,10,10&px=5", "a.jpg#xywh=1,0,10,10&px=6"]
    assert manifest.column("um_per_px") == [0.5, None]
    with Reader(manifest.root, Policy()) as reader:
        assert [reader.read(path).size_px for path in manifest.column("path")] == [(5, 5), (6, 6)]


def test_whole_numbers_may_be_written_as_spreadsheets_write_them(photos):
    manifest = _found(photos, [_row(x="5.0", y=" 6 ", width="7.", height="8.00")]).manifest
    assert manifest.column("path") == ["a.jpg#xywh=5,6,7,8"]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("x", "0.5"), ("x", "-1"), ("y", "-0.5"), ("y", "1e3"), ("x", ""), ("width", "0"),
        ("height", "0.0"), ("width", "nan"), ("height", "12px"), ("x", "٣"), ("x", "²"),
        ("y", "12345678901234567890"), ("x", "1,5"), ("side_px", "0"), ("side_px", ""), ("x", "."),
    ],
)  # fmt: skip
def test_what_is_no_whole_pixel_is_refused_with_its_line_and_the_way_out(photos, column, words):
    rows = [_row(side_px=4), _row(x=3, side_px=4) | {column: words}]
    for language, way_out in (("en", "rename the column"), ("es", "cambie el nombre")):
        set_language(language)
        with pytest.raises(WrongData) as error:
            _found(photos, rows)
        assert "rows.csv:3" in str(error.value)
        assert column in error.value.what
        assert f"'{words}'" in error.value.what
        assert way_out in error.value.fix


def test_other_columns_of_boxes_leave_the_images_whole(photos):
    boxes = [_row()]
    rows = [{"left" if name == "x" else name: value for name, value in boxes[0].items()}]
    assert _found(photos, rows).manifest.column("path") == ["a.jpg"]


def test_two_rows_that_name_the_same_part_are_one_and_that_is_said(photos):
    found = _found(photos, [_row(), _row(), _row(x=1)])
    assert found.manifest.column("path") == ["a.jpg#xywh=0,0,10,10", "a.jpg#xywh=1,0,10,10"]
    assert any("a.jpg#xywh=0,0,10,10" in str(item) for one in found.findings for item in one.items)


def test_two_rows_that_contradict_each_other_on_a_part_are_refused(photos):
    with pytest.raises(WrongData) as error:
        _found(photos, [_row(), _row(label="dog")])
    assert "xywh=0,0,10,10" in str(error.value)
    assert len(_found(photos, [_row(), _row(label="dog", x=1)]).manifest) == 2


def test_parts_of_one_image_may_have_other_labels_and_the_image_is_no_stray_file(photos):
    found = _found(photos, [_row(), _row(label="dog", x=1), _row("b.tif")])
    assert [entry.path for entry in found.others] == ["rows.csv"]


def test_parts_of_missing_images_are_told_line_by_line(photos):
    rows = [_row(), _row("gone.jpg"), _row("gone.jpg", x=1)]
    with pytest.raises(WrongData) as error:
        _found(photos, rows)
    assert "gone.jpg" in str(error.value)
    found = _found(photos, rows, missing_files="leave-out")
    assert found.manifest.column("path") == ["a.jpg#xywh=0,0,10,10"]
    assert [one.line for one in found.missing] == [3, 4]


def test_a_part_beyond_the_edge_is_found_out_where_it_is_read(photos):
    manifest = _found(photos, [_row(x=115), _row("b.tif", y=85)]).manifest
    with Reader(manifest.root, Policy()) as reader:
        for path in manifest.column("path"):
            with pytest.raises(UnreadableItem) as error:
                reader.examine(path)
            assert "120 x 90" in error.value.reason


def test_the_images_to_predict_are_the_same_parts(photos):
    table = save_table(photos / "rows.csv", [_row(side_px=5), _row("b.tif", x=3, side_px=4)])
    assert find_images(table).manifest.column("path") == [
        "a.jpg#xywh=0,0,10,10&px=5", "b.tif#xywh=3,0,10,10&px=4",
    ]  # fmt: skip


def test_parts_may_be_named_by_a_template_and_by_stems(photos):
    rows = [{"image_id": "b", "label": "x"} | dict.fromkeys(("x", "y", "width", "height"), 4)]
    assert _found(photos, rows, path="{image_id}.tif").manifest.column("path") == [
        "b.tif#xywh=4,4,4,4"
    ]
    assert _found(photos, rows, path="image_id").manifest.column("path") == ["b.tif#xywh=4,4,4,4"]


def test_parts_of_images_in_an_archive_are_found_and_read(tmp_path):
    table = "path,label,x,y,width,height\na/1.png,cat,1,2,3,4\na/1.png,dog,0,0,5,5\n"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a/1.png", png(1))
        archive.writestr("rows.csv", table)
    manifest = find(DataOptions(source=str(tmp_path / "all.zip"))).manifest
    assert manifest.column("path") == [
        "all.zip!/a/1.png#xywh=1,2,3,4", "all.zip!/a/1.png#xywh=0,0,5,5",
    ]  # fmt: skip
    with Reader(manifest.root, Policy()) as reader:
        assert [reader.read(path).size_px for path in manifest.column("path")] == [(3, 4), (5, 5)]
