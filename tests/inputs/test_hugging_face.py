"""Hugging Face's data sets: saved folders, Parquet shards, image folders; and their faults."""

from __future__ import annotations

import io
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.formats.arrow_stream import index_of_stream, is_arrow_stream
from tamiz.formats.headers import scan_many
from tamiz.formats.reader import Reader
from tamiz.formats.refusal import Refusal
from tamiz.formats.shards import Shard
from tamiz.inputs.find import find, find_images
from tamiz.inputs.registry import Found
from tamiz.testing.pictures import draw, encode
from tamiz.testing.sources import write_files, zip_bytes

LABEL = {"names": ["cat", "dog"], "_type": "ClassLabel"}
FEATURES = {"image": {"_type": "Image"}, "label": LABEL}
PNG = [encode(draw(seed, (12, 8))) for seed in range(8)]


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def table(start=0, n=4, **columns) -> pl.DataFrame:
    cells = [{"bytes": PNG[start + at], "path": f"p{at // 2}_{at}.png"} for at in range(n)]
    given = {"image": cells, "label": [at % 2 for at in range(n)], **columns}
    return pl.DataFrame(given)


def parquet(made: pl.DataFrame, features=FEATURES) -> bytes:
    opened = io.BytesIO()
    said = {"huggingface": json.dumps({"info": {"features": features}})} if features else {}
    made.write_parquet(opened, metadata=said)
    return opened.getvalue()


def stream(*parts: pl.DataFrame) -> bytes:
    """Return an Arrow stream with a batch for each part, as `datasets` writes it."""
    made = []
    for part in (parts[0].clear(), *parts):
        opened = io.BytesIO()
        part.write_ipc_stream(opened, compat_level=pl.CompatLevel.oldest())
        made.append(opened.getvalue()[:-8])
    mark = b"\xff\xff\xff\xff"
    schema = made[0][: made[0].index(mark, len(mark))]
    return schema + b"".join(one[len(schema) :] for one in made[1:]) + mark + bytes(4)


def saved(features=FEATURES, **shards: bytes) -> dict[str, bytes]:
    listed = [{"filename": f"{name}.arrow"} for name in shards]
    return {
        **{f"{name}.arrow": content for name, content in shards.items()},
        "state.json": json.dumps({"_data_files": listed}).encode(),
        "dataset_info.json": json.dumps({"features": features}).encode(),
    }


def pixels_of(found: Found) -> list[np.ndarray]:
    with Reader(found.manifest.root, Policy()) as reader:
        return [reader.read(*row).pixels for row in found.manifest.rows("path", "frame")]


def test_a_saved_folder_gives_rows_by_name_of_class_and_its_pictures_to_the_pixel(tmp_path):
    content = stream(table(0, 3, patient_id=["a", "a", "b"]), table(3, 2, patient_id=["b", "c"]))
    write_files(tmp_path, saved(data=content))
    found = look(tmp_path, group="patient_id")
    assert found.kind == "huggingface"
    assert found.manifest.column("path")[4] == "data.arrow!/image/4"
    assert found.manifest.column("label") == ["cat", "dog", "cat", "cat", "dog"]
    assert found.manifest.column("group") == ["a", "a", "b", "b", "c"]
    for seed, pixels in enumerate(pixels_of(found)):
        assert (pixels == draw(seed, (12, 8))).all()
    scanned = scan_many(found.manifest.column("path"), tmp_path)
    facts = [one for one in scanned if not isinstance(one, str)]
    assert {(one.width_px, one.height_px, one.format) for one in facts} == {(12, 8, "PNG")}


def test_the_splits_of_a_saved_dictionary_are_the_given_ones(tmp_path):
    write_files(tmp_path, {"dataset_dict.json": b'{"splits": ["train", "validation", "test"]}'})
    for folder, start in (("train", 0), ("validation", 3), ("test", 5)):
        write_files(tmp_path / folder, saved(data=stream(table(start, 2))))
    found = look(tmp_path)
    assert found.manifest.column("given_split") == ["train"] * 2 + ["val"] * 2 + ["test"] * 2
    assert {entry.reason for entry in found.others} == {"describes the data set"}


def test_parquet_shards_say_split_and_class_names_themselves(tmp_path):
    write_files(
        tmp_path,
        {
            "data/train-00000-of-00002.parquet": parquet(table(0, 3)),
            "data/train-00001-of-00002.parquet": parquet(table(3, 2)),
            "data/test-00000-of-00001.parquet": parquet(table(5, 2)),
        },
    )
    found = look(tmp_path)
    assert found.kind == "huggingface"
    assert found.manifest.column("given_split") == ["train"] * 5 + ["test"] * 2
    assert set(found.manifest.column("label")) == {"cat", "dog"}
    for seed, pixels in enumerate(pixels_of(found)):
        assert (pixels == draw(seed, (12, 8))).all()
    alone = look(tmp_path / "data" / "test-00000-of-00001.parquet")
    assert (len(alone.manifest), set(alone.manifest.column("given_split"))) == (2, {None})
    assert len(find_images(tmp_path).manifest) == 7


def test_class_names_stand_in_the_readme_where_the_shards_do_not_know_them(tmp_path):
    readme = (
        "---\ndataset_info:\n  features:\n  - name: image\n    dtype: image\n  - name: label\n"
        "    dtype:\n      class_label:\n        names:\n          '0': cat\n          '1': dog\n"
        "---\n"
    )
    shard = parquet(table(), features=None)
    write_files(
        tmp_path, {"data/train-00000-of-00001.parquet": shard, "README.md": readme.encode()}
    )
    assert look(tmp_path).manifest.column("label") == ["cat", "dog", "cat", "dog"]


def test_lists_of_classes_are_sets_of_labels(tmp_path):
    features = {"image": {"_type": "Image"}, "tags": {"feature": LABEL, "_type": "Sequence"}}
    made = table().drop("label").with_columns(pl.Series("tags", [[0, 1], [], [1], None]))
    write_files(tmp_path, saved(features, data=stream(made)))
    found = look(tmp_path)
    assert found.manifest.is_multilabel
    assert found.manifest.column("label") == ["cat|dog", "-", "dog", None]


def test_groups_may_stand_in_the_pictures_own_names(tmp_path):
    write_files(tmp_path, {"data/train-00000-of-00001.parquet": parquet(table())})
    found = look(tmp_path, group_from_name=r"(p\d)_")
    assert found.manifest.column("group") == ["p0", "p0", "p1", "p1"]


def test_a_label_of_minus_one_is_unknown_and_told(tmp_path):
    made = table().with_columns(label=pl.Series([0, 1, -1, None]))
    write_files(tmp_path, {"data/train-00000-of-00001.parquet": parquet(made)})
    found = look(tmp_path)
    assert found.manifest.column("label") == ["cat", "dog", None, None]
    told = [str(finding.what) for finding in found.findings]
    assert "2 cells of 'label' are empty or -1: their labels are unknown" in told


def test_a_class_without_a_name_is_refused_with_its_row(tmp_path):
    made = table().with_columns(label=pl.Series([0, 1, 7, 0]))
    write_files(tmp_path, {"data/train-00000-of-00001.parquet": parquet(made)})
    with pytest.raises(WrongData) as error:
        look(tmp_path)
    assert "train-00000-of-00001.parquet:3: column 'label' says class 7" in str(error.value)
    assert "there are 2 names of classes" in str(error.value)


def test_a_shard_without_images_is_told_with_its_columns(tmp_path):
    shard = parquet(table().drop("image"))
    write_files(tmp_path, {"data/train-00000-of-00001.parquet": shard})
    with pytest.raises(WrongData, match="no column holds images; the columns are: label"):
        look(tmp_path)


def test_of_two_columns_of_images_the_user_says_which(tmp_path):
    made = table().with_columns(mask=pl.col("image"))
    write_files(tmp_path, {"data/train-00000-of-00001.parquet": parquet(made, None)})
    with pytest.raises(WrongData, match="several columns hold images: image, mask"):
        look(tmp_path)
    assert look(tmp_path, path="mask").manifest.column("path")[0].endswith("!/mask/0")
    with pytest.raises(WrongUse, match="no column of images is called 'label'"):
        look(tmp_path, path="label")


def test_a_picture_of_which_only_the_path_is_there_is_a_fate_of_its_row(tmp_path):
    made = pl.DataFrame(
        {"image": [{"bytes": None, "path": "x.png"}, {"bytes": PNG[0], "path": ""}]}
    )
    write_files(tmp_path, {"x.parquet": parquet(made.with_columns(label=pl.Series([0, 1])))})
    found = look(tmp_path)
    with Reader(tmp_path, Policy()) as reader:
        with pytest.raises(UnreadableItem, match="holds its path only, not the picture"):
            reader.read(found.manifest.column("path")[0])
        assert reader.examine(found.manifest.column("path")[1]).format == "PNG"


def test_an_empty_cell_is_told_as_such(tmp_path):
    made = table(0, 2).with_columns(image=pl.Series([None, {"bytes": PNG[0], "path": ""}]))
    write_files(tmp_path, {"x.parquet": parquet(made)})
    found = look(tmp_path)
    with (
        Reader(tmp_path, Policy()) as reader,
        pytest.raises(UnreadableItem, match="the cell is empty: no picture"),
    ):
        reader.read(found.manifest.column("path")[0])


def test_classes_as_whole_floats_are_their_numbers(tmp_path):
    made = table(0, 3).with_columns(label=pl.Series([0.0, None, 1.0]))
    write_files(tmp_path, {"x.parquet": parquet(made)})
    assert look(tmp_path).manifest.column("label") == ["cat", None, "dog"]


def test_missing_shards_are_named(tmp_path):
    listed = {"_data_files": [{"filename": "data.arrow"}, {"filename": "more.arrow"}]}
    files = saved(data=stream(table())) | {"state.json": json.dumps(listed).encode()}
    write_files(tmp_path, files)
    with pytest.raises(WrongData, match=r"more\.arrow: the data set's own list names 1 shard"):
        look(tmp_path)
    write_files(tmp_path / "hub", {"data/train-00001-of-00003.parquet": parquet(table())})
    told = [str(finding.what) for finding in look(tmp_path / "hub").findings]
    assert any("2 of 3 shards of 'data/train' are not there" in one for one in told)


def test_in_an_archive_the_way_out_is_said(tmp_path):
    (tmp_path / "x.zip").write_bytes(zip_bytes(saved(data=stream(table()))))
    with pytest.raises(WrongData, match="Unpack it into a folder"):
        look(tmp_path / "x.zip")


@pytest.mark.parametrize("kept", [0.3, 0.9])
@pytest.mark.parametrize("name", ["data.arrow", "train-00000-of-00001.parquet"])
def test_a_shard_cut_short_is_one_line(tmp_path, name, kept):
    content = stream(table()) if name == "data.arrow" else parquet(table())
    files = saved(data=content) if name == "data.arrow" else {}
    write_files(tmp_path, files | {name: content[: int(kept * len(content))]})
    with pytest.raises(WrongData, match="cannot be read") as error:
        look(tmp_path)
    assert "\n" not in str(error.value)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_no_damaged_byte_of_a_stream_gets_past_the_reader(tmp_path, place, value):
    content = bytearray(stream(table(0, 2)))
    content[place % len(content)] = value
    (tmp_path / "x.arrow").write_bytes(content)
    try:
        shard = Shard(tmp_path / "x.arrow")
        for row in range(min(shard.n_rows, 3)):
            shard.read(f"image/{row}")
    except (Refusal, OSError, ValueError):
        pass


def test_a_stream_is_indexed_batch_by_batch(tmp_path):
    content = stream(table(0, 3), table(3, 2), table(5, 1))
    (tmp_path / "x.arrow").write_bytes(content)
    assert is_arrow_stream(content[:4096])
    index = index_of_stream(tmp_path / "x.arrow")
    assert [(one.start, one.n_rows) for one in index.batches] == [(0, 3), (3, 2), (5, 1)]
    assert index.n_rows == 6


@pytest.mark.parametrize("name", ["image/4", "image/-1", "label/0", "image/x", "image", "none/0"])
def test_what_is_not_in_a_shard_is_missing(tmp_path, name):
    (tmp_path / "x.parquet").write_bytes(parquet(table()))
    with pytest.raises(Refusal, match="there is no such file"):
        Shard(tmp_path / "x.parquet").read(name)


def test_an_image_folder_reads_its_metadata_part_by_part(tmp_path):
    for part, start in (("train", 0), ("test", 4)):
        rows = [
            {"file_name": f"sub/{n}.png", "label": "ab"[n % 2], "patient_id": n // 2}
            for n in range(3)
        ]
        lines = "\n".join(map(json.dumps, rows)).encode()
        pictures = {f"{part}/sub/{n}.png": PNG[start + n] for n in range(4)}
        write_files(tmp_path, {f"{part}/metadata.jsonl": lines, **pictures})
    found = look(tmp_path, group="patient_id")
    assert found.kind == "imagefolder"
    made = set(found.manifest.rows("path", "label", "group", "given_split"))
    assert ("train/sub/2.png", "a", "1", "train") in made
    assert len(made) == 6
    fates = {entry.path: entry.fate for entry in found.others}
    assert fates["test/sub/3.png"] == "unlabelled"


def test_without_a_label_in_the_metadata_the_folders_say_it(tmp_path):
    lines = b"file_name,age\ncat/1.png,3\ndog/2.png,4\n"
    write_files(tmp_path, {"metadata.csv": lines, "cat/1.png": PNG[0], "dog/2.png": PNG[1]})
    found = look(tmp_path)
    assert found.manifest.column("label") == ["cat", "dog"]
    assert found.manifest.column("age") == ["3", "4"]


def test_metadata_that_name_absent_pictures_stop_unless_said_otherwise(tmp_path):
    lines = b"file_name,label\n1.png,a\n2.png,b\nlost.png,a\n"
    write_files(tmp_path, {"metadata.csv": lines, "1.png": PNG[0], "2.png": PNG[1]})
    with pytest.raises(WrongData, match=r"metadata\.csv:4: 1 of 3 rows names a file that is not"):
        look(tmp_path)
    assert len(look(tmp_path, missing_files="leave-out").manifest) == 2
    kept = look(tmp_path, missing_files="keep").manifest
    assert kept.column("fate") == [None, None, "missing"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"file_name": "1.png"', "metadata.jsonl:2: no JSON object"),
        (b'["1.png"]', "metadata.jsonl:2: no JSON object: list"),
        (b'{"file_name": "../1.png"}', "'../1.png' leads out of the source"),
    ],
)
def test_bad_lines_of_metadata_are_told_with_their_number(tmp_path, line, said):
    first = b'{"file_name": "1.png", "label": "a"}\n'
    write_files(tmp_path, {"metadata.jsonl": first + line, "1.png": PNG[0]})
    with pytest.raises(WrongData) as error:
        look(tmp_path)
    assert said in str(error.value)
