"""WebDataset's shards: keys, labels, fields, splits; and shards that are damaged or odd."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find, find_images
from tamiz.inputs.registry import Found
from tamiz.testing.pictures import draw, encode
from tamiz.testing.sources import tar_bytes, write_files

PNG = [encode(draw(seed, (12, 8))) for seed in range(6)]


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def shard(keys, start=0, **more: bytes) -> bytes:
    files: dict[str, bytes] = {}
    for at, key in enumerate(keys):
        files[f"{key}.png"] = PNG[start + at]
        files[f"{key}.cls"] = b"%d" % (at % 2)
        files[f"{key}.json"] = json.dumps({"patient_id": f"p{at // 2}", "age": 40 + at}).encode()
    return tar_bytes(files | {name.replace("__", "."): one for name, one in more.items()})


def told(found: Found) -> str:
    return "\n".join(str(finding.what) for finding in found.findings)


def test_a_folder_of_shards_gives_a_row_per_key_with_label_and_fields(tmp_path):
    write_files(tmp_path, {"000000.tar": shard("ab"), "000001.tar": shard("cd", 2)})
    found = look(tmp_path, group="patient_id")
    assert found.kind == "webdataset"
    rows = list(found.manifest.rows("path", "label", "group", "age"))
    assert rows[0] == ("000000.tar!/a.png", "0", "p0", "40")
    assert rows[3] == ("000001.tar!/d.png", "1", "p0", "41")
    with Reader(tmp_path, Policy()) as reader:
        for seed, path in enumerate(found.manifest.column("path")):
            assert (reader.read(path).pixels == draw(seed, (12, 8))).all()
    assert len(find_images(tmp_path).manifest) == 4


def test_one_shard_is_a_source_of_its_own(tmp_path):
    (tmp_path / "x.tar").write_bytes(shard(["s/a", "s/b"]))
    found = look(tmp_path / "x.tar")
    assert (found.kind, found.manifest.column("path")[0]) == ("webdataset", "x.tar!/s/a.png")
    assert {entry.reason for entry in found.others} == {"says something of an image"}


@pytest.mark.parametrize(
    "names", [("train-0000.tar", "val-0000.tar"), ("train/0.tar", "validation/0.tar")]
)
def test_the_names_of_shards_or_folders_say_the_split(tmp_path, names):
    write_files(tmp_path, {names[0]: shard("ab"), names[1]: shard("cd", 2)})
    splits = look(tmp_path).manifest.column("given_split")
    assert sorted(splits) == ["train", "train", "val", "val"]


def test_compressed_shards_are_read_and_the_price_is_told(tmp_path):
    files = {"a.png": PNG[0], "a.cls": b"cat", "b.png": PNG[1], "b.cls": b"dog"}
    (tmp_path / "0.tar.gz").write_bytes(tar_bytes(files, "gz"))
    found = look(tmp_path)
    assert found.manifest.column("label") == ["cat", "dog"]
    assert "1 shard is compressed" in told(found)


def test_keys_that_lack_something_are_told_and_have_a_fate(tmp_path):
    more = {"x__png": PNG[4], "y__cls": b"1", "z__left__png": PNG[5], "z__right__png": PNG[3]}
    write_files(tmp_path, {"0.tar": shard("ab", **more)})
    found = look(tmp_path)
    labels = dict(found.manifest.rows("path", "label"))
    assert labels == {"0.tar!/a.png": "0", "0.tar!/b.png": "1", "0.tar!/x.png": None}
    assert "1 key has several images and is left out, first 0.tar!/z" in told(found)
    assert "1 key has no image, first 0.tar!/y" in told(found)
    assert "1 image has no label" in told(found)
    fates = {entry.path: str(entry.fate) for entry in found.others}
    assert fates["0.tar!/z.left.png"] == "excluded"


def test_of_several_images_per_key_the_user_says_which(tmp_path):
    files = {"a.left.png": PNG[0], "a.right.png": PNG[1], "a.cls": b"1"}
    (tmp_path / "0.tar").write_bytes(tar_bytes(files))
    found = look(tmp_path, kind="webdataset", path="right.png")
    assert found.manifest.column("path") == ["0.tar!/a.right.png"]
    with pytest.raises(WrongUse, match=r"no key has an image called \.top\.png"):
        look(tmp_path, kind="webdataset", path="top.png")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b"{", "0.tar!/a.json: no JSON"),
        ("a.cls", b"\xff\xfe\xfa", "0.tar!/a.cls: no text in UTF-8"),
    ],
)
def test_members_that_cannot_be_understood_stop_with_their_name(tmp_path, name, content, said):
    files = {"a.png": PNG[0], name: content}
    (tmp_path / "0.tar").write_bytes(tar_bytes(files))
    with pytest.raises(WrongData) as error:
        look(tmp_path)
    assert said in str(error.value)


def test_a_shard_cut_short_is_named(tmp_path):
    write_files(tmp_path, {"0.tar": shard("ab"), "1.tar": shard("cd", 2)[:700]})
    with pytest.raises(WrongData, match=r"1\.tar: a damaged shard"):
        look(tmp_path)


def test_names_that_lead_outside_and_links_are_never_followed(tmp_path):
    opened = io.BytesIO()
    with tarfile.open(fileobj=opened, mode="w") as tar:
        for name, content in (("../e.png", PNG[0]), ("a.png", PNG[1]), ("a.cls", b"0")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("b.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    (tmp_path / "0.tar").write_bytes(opened.getvalue())
    found = look(tmp_path)
    assert found.manifest.column("path") == ["0.tar!/a.png"]
    fates = {entry.path: str(entry.fate) for entry in found.others}
    assert (fates["0.tar!/../e.png"], fates["0.tar!/b.png"]) == ("excluded", "excluded")


def test_a_tar_of_class_folders_is_still_a_folder(tmp_path):
    (tmp_path / "x.tar").write_bytes(tar_bytes({"cat/1.png": PNG[0], "dog/1.png": PNG[1]}))
    assert look(tmp_path / "x.tar").kind == "folder"


def test_an_empty_cls_is_no_label_and_is_told(tmp_path):
    more = {"x__png": PNG[4], "x__json": b'{"age": 3}', "y__png": PNG[5], "y__cls": b""}
    write_files(tmp_path, {"0.tar": shard("ab", **more)})
    assert "2 images have no label" in told(look(tmp_path))
    assert "no label" not in told(look(tmp_path, label="age"))


def test_a_damaged_header_in_the_middle_is_no_end(tmp_path):
    content = bytearray(shard("abcd"))
    second = content.index(b"b.png")
    content[second] ^= 0xFF
    write_files(tmp_path, {"0.tar": bytes(content)})
    with pytest.raises(WrongData, match=r"0\.tar: a damaged shard: .*no member's header at byte"):
        look(tmp_path)


@pytest.mark.parametrize("name", ["", "0.tar"])
def test_a_shard_cut_between_two_members_is_told(tmp_path, name):
    content = shard("abcd")
    write_files(tmp_path, {"0.tar": content[: content.index(b"c.png")]})
    found = look(tmp_path / name)
    assert len(found.manifest) == 2
    assert "1 tar file lacks the mark of its end, first 0.tar" in told(found)


def test_empty_shards_are_told_and_those_of_no_byte_are_damaged(tmp_path):
    write_files(tmp_path, {"0.tar": tar_bytes({}), "1.tar": shard("ab")})
    found = look(tmp_path)
    assert (found.kind, len(found.manifest)) == ("webdataset", 2)
    assert "1 shard is empty, first 0.tar" in told(found)
    (tmp_path / "0.tar").write_bytes(b"")
    with pytest.raises(WrongData, match=r"0\.tar: a damaged shard"):
        look(tmp_path)


def test_braces_name_the_shards(tmp_path):
    names = [f"train-{number:03d}.tar" for number in range(3)]
    write_files(tmp_path, {name: shard("ab", at) for at, name in enumerate(names)})
    found = look(tmp_path / "train-{000..001}.tar")
    assert found.manifest.column("path") == [f"{n}!/{k}.png" for n in names[:2] for k in "ab"]
    assert found.manifest.root == tmp_path
    with pytest.raises(WrongData, match=r"1 of 4 files that the braces name is not there"):
        look(tmp_path / "train-{000..003}.tar")
    with pytest.raises(WrongUse, match=r"'\{3\.\.1\}' names no file"):
        look(tmp_path / "train-{3..1}.tar")
