"""IDX, npz, zip and tar: read in place, equal to what was put in, faults named."""

from __future__ import annotations

import gzip
import io
import pickle  # noqa: TID251  (a pool of processes pickles its arguments)
import stat
import tarfile
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.formats import archive as archive_module
from tamiz.formats import photo as photo_module
from tamiz.formats import reader as reader_module
from tamiz.formats import stream as stream_module
from tamiz.formats.files import read_regular
from tamiz.formats.idx import read_idx
from tamiz.formats.reader import Reader
from tamiz.formats.refusal import Refusal
from tamiz.formats.stream import CompressedStream
from tamiz.testing.pictures import draw, encode, png
from tamiz.testing.sources import idx_bytes, npz_bytes, tar_bytes, write_files, zip_bytes

SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=5)
TYPES = st.sampled_from([">u1", ">i1", ">i2", ">i4", ">f4", ">f8"])


@given(
    SHAPES.flatmap(lambda shape: TYPES.flatmap(lambda kind: arrays.arrays(kind, shape))),
    st.booleans(),
)
def test_idx_read_is_idx_written(values, is_packed):
    content = idx_bytes(values)
    header, made = read_idx(gzip.compress(content) if is_packed else content)
    assert header.shape == values.shape
    assert made.tobytes() == values.tobytes()


@pytest.fixture
def read(tmp_path):
    def read_path(path, frame=0, **policy):
        with Reader(tmp_path, Policy(**policy)) as reader:
            image = reader.read(path, frame)
            assert reader.examine(path, frame).width_px == image.size_px[0]
            return image.pixels

    return read_path


STACK = np.stack([draw(seed, channels=1)[..., 0] for seed in range(5)])


@pytest.mark.parametrize("name", ["a-images-idx3-ubyte", "a-images-idx3-ubyte.gz"])
def test_a_frame_of_idx_is_its_row(tmp_path, read, name):
    content = idx_bytes(STACK)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert (read(name, 3)[..., 0] == STACK[3]).all()
    with pytest.raises(UnreadableItem, match=f"{name}#5: .*it holds 5 images"):
        read(name, 5)


@pytest.mark.parametrize("is_packed", [False, True])
def test_of_a_cut_idx_the_whole_rows_are_read(tmp_path, read, is_packed):
    content = idx_bytes(np.random.default_rng(0).integers(0, 256, (50, 16, 24), dtype=np.uint8))
    whole = gzip.compress(content) if is_packed else content
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    assert read("cut", 1).shape == (16, 24, 1)
    with pytest.raises(UnreadableItem, match="truncated: 50 images announced, the file ends after"):
        read("cut", 49)


def test_an_idx_longer_than_its_header_is_refused(tmp_path, read):
    (tmp_path / "a").write_bytes(idx_bytes(STACK) + b"more")
    with pytest.raises(UnreadableItem, match="goes on after what its header announces"):
        read("a")


def test_an_idx_announcing_terabytes_is_refused(tmp_path, read):
    huge = bytes((0, 0, 8, 3)) + (2**31).to_bytes(4, "big") + (60_000).to_bytes(4, "big") * 2
    (tmp_path / "a.gz").write_bytes(gzip.compress(huge))
    with pytest.raises(UnreadableItem, match="the limit is 16 GiB"):
        read("a.gz")


def test_an_idx_that_unpacks_like_a_bomb_is_refused_before_it_is_unpacked(tmp_path, read):
    (tmp_path / "a.gz").write_bytes(gzip.compress(idx_bytes(np.zeros((20, 1024, 1024), np.uint8))))
    with pytest.raises(UnreadableItem, match="unpacks to more than 200 times its size"):
        read("a.gz")


def test_a_bomb_in_an_npz_is_refused_before_it_is_unpacked(tmp_path, read):
    content = npz_bytes(images=np.zeros((20, 1024, 1024), np.uint8), others=COLOUR)
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(UnreadableItem, match="unpacks to more than 200 times its size"):
        read("m.npz!/images")
    assert read("m.npz!/others").shape == (16, 24, 3)


@pytest.mark.parametrize(("shape", "reason"), [("9", "truncated"), ("2", "goes on")])
def test_an_npz_whose_header_contradicts_its_size_is_refused(tmp_path, read, shape, reason):
    opened = io.BytesIO()
    stored = io.BytesIO()
    np.save(stored, np.zeros((3, 8, 8), np.uint8))
    with zipfile.ZipFile(opened, "w") as archive:
        altered = stored.getvalue().replace(b"(3, 8, 8)", f"({shape}, 8, 8)".encode())
        archive.writestr("images.npy", altered)
    (tmp_path / "m.npz").write_bytes(opened.getvalue())
    with pytest.raises(UnreadableItem, match=reason):
        read("m.npz!/images")


def test_a_photo_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(png())
    limited = lambda place, limit=0: read_regular(place, 10)  # noqa: E731
    monkeypatch.setattr(photo_module, "read_regular", limited)
    monkeypatch.setattr(reader_module, "read_regular", limited)
    with (
        Reader(tmp_path, Policy()) as reader,
        pytest.raises(UnreadableItem, match="the file is larger than 512 MiB"),
    ):
        reader.read("a.png")


def test_a_folder_named_like_an_archive_may_hold_archives(tmp_path, read):
    write_files(tmp_path, {"x!/m.npz": npz_bytes(images=COLOUR), "x!/a.zip": ARCHIVES["a.zip"]})
    assert (read("x!/m.npz!/images", 1) == COLOUR[1]).all()
    assert read("x!/a.zip!/cats/0.png").shape == (16, 24, 3)


def test_float_idx_needs_a_range(tmp_path, read):
    (tmp_path / "a").write_bytes(idx_bytes((STACK / 255).astype(np.float32)))
    with pytest.raises(UnreadableItem, match="value_range"):
        read("a", 2)
    assert (read("a", 2, value_range=(0.0, 1.0))[..., 0] == STACK[2]).all()


COLOUR = np.stack([draw(seed) for seed in range(4)])


def test_a_row_of_an_npz_array_is_read(tmp_path, read):
    (tmp_path / "m.npz").write_bytes(npz_bytes(train_images=COLOUR, val_images=STACK))
    assert (read("m.npz!/train_images", 2) == COLOUR[2]).all()
    assert (read("m.npz!/val_images", 4)[..., 0] == STACK[4]).all()
    with pytest.raises(UnreadableItem, match="it holds no array 'test_images'"):
        read("m.npz!/test_images")
    with pytest.raises(UnreadableItem, match="name the array"):
        read("m.npz")


def test_an_npz_inside_a_zip_is_read(tmp_path, read):
    content = zip_bytes({"set/m.npz": npz_bytes(images=COLOUR)})
    (tmp_path / "a.zip").write_bytes(content)
    assert (read("a.zip!/set/m.npz!/images", 3) == COLOUR[3]).all()


class Bomb:
    def __reduce__(self):
        return print, ("a pickle was loaded",)


def test_pickled_objects_are_never_loaded(tmp_path, read, capsys):
    objects = np.array([Bomb()] * 3, dtype=object).reshape(3, 1, 1)
    (tmp_path / "m.npz").write_bytes(npz_bytes(images=objects))
    with pytest.raises(UnreadableItem, match="never loaded"):
        read("m.npz!/images")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("shape", [(4,), (4, 8), (4, 8, 8, 8), (4, 8, 8, 3, 1)])
def test_an_array_that_is_no_stack_of_pictures_is_refused(tmp_path, read, shape):
    (tmp_path / "m.npz").write_bytes(npz_bytes(images=np.zeros(shape, np.uint8)))
    with pytest.raises(UnreadableItem, match="neither grey nor colour"):
        read("m.npz!/images")


FILES = {f"cats/{n}.png": png(n) for n in range(6)} | {"ñ/\n -x.png": png(9)}
ARCHIVES = {
    "a.zip": zip_bytes(FILES),
    **{f"a.tar.{p}".rstrip("."): tar_bytes(FILES, p) for p in ("", "gz", "bz2", "xz")},
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_members_are_read_in_any_order_by_many_threads(tmp_path, name):
    (tmp_path / name).write_bytes(ARCHIVES[name])
    order = [*FILES, *reversed(FILES), *FILES]
    with Reader(tmp_path, Policy()) as reader, ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda member: reader.content(f"{name}!/{member}"), order))
        assert reader.read(f"{name}!/cats/0.png").size_px == (24, 16)
    assert made == [FILES[member] for member in order]


def test_a_reader_can_be_sent_to_another_process(tmp_path):
    (tmp_path / "a.zip").write_bytes(ARCHIVES["a.zip"])
    with Reader(tmp_path, Policy(background="black")) as reader:
        first = reader.read("a.zip!/cats/1.png")
        with pickle.loads(pickle.dumps(reader)) as other:  # noqa: S301
            assert other.policy == reader.policy
            assert (other.read("a.zip!/cats/1.png").pixels == first.pixels).all()


def test_a_folder_named_like_an_archive_wins(tmp_path, read):
    write_files(tmp_path, {"a.zip!/b.png": png(2)})
    assert (read("a.zip!/b.png") == draw(2)).all()


def test_a_missing_member_and_a_file_that_is_no_archive_are_named(tmp_path, read):
    write_files(tmp_path, {"a.zip": ARCHIVES["a.zip"], "b.png": png(), "c.zip": b"PK\3\4 broken"})
    with pytest.raises(UnreadableItem, match="no such file"):
        read("a.zip!/cats/99.png")
    with pytest.raises(UnreadableItem, match="neither a folder nor an archive"):
        read("b.png!/x.png")
    with pytest.raises(UnreadableItem, match="the end of the zip is missing"):
        read("c.zip!/x.png")
    with pytest.raises(UnreadableItem, match="no such file"):
        read("nothing.zip!/x.png")


def hostile_zip() -> bytes:
    opened = io.BytesIO()
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../up.png", "/abs.png", "C:/x.png", "ok.png"):
            archive.writestr(name, png())
        archive.writestr("bomb.png", bytes(40 * 2**20))
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("twice.png", png(1))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("twice.png", png(2))
    return opened.getvalue()


def hostile_tar() -> bytes:
    opened = io.BytesIO()
    with tarfile.open(fileobj=opened, mode="w:gz") as archive:
        for name, kind in (("link.png", tarfile.SYMTYPE), ("hard.png", tarfile.LNKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        fifo = tarfile.TarInfo("fifo.png")
        fifo.type = tarfile.FIFOTYPE
        archive.addfile(fifo)
        for name in ("../up.png", "/abs.png", "twice.png", "twice.png", "ok.png"):
            member = tarfile.TarInfo(name)
            member.size = len(png())
            archive.addfile(member, io.BytesIO(png()))
    return opened.getvalue()


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../up.png", "its name leads out of the archive"),
        ("/abs.png", "its name leads out of the archive"),
        ("C:/x.png", "its name leads out of the archive"),
        ("bomb.png", "it unpacks to more than 200 times its size"),
        ("link.png", "a link or a device, not a file"),
        ("twice.png", "the archive holds this name 2 times"),
    ],
)
def test_hostile_members_of_a_zip_are_refused(tmp_path, member, reason):
    (tmp_path / "a.zip").write_bytes(hostile_zip())
    with Reader(tmp_path, Policy()) as reader:
        assert reader.content("a.zip!/ok.png") == png()
        with pytest.raises(UnreadableItem) as error:
            reader.read(f"a.zip!/{member}")
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../up.png", "its name leads out of the archive"),
        ("/abs.png", "its name leads out of the archive"),
        ("link.png", "a link or a device, not a file"),
        ("hard.png", "a link or a device, not a file"),
        ("fifo.png", "a link or a device, not a file"),
        ("twice.png", "the archive holds this name 2 times"),
    ],
)
def test_hostile_members_of_a_tar_are_refused(tmp_path, member, reason):
    (tmp_path / "a.tgz").write_bytes(hostile_tar())
    with Reader(tmp_path, Policy()) as reader:
        assert reader.content("a.tgz!/ok.png") == png()
        with pytest.raises(UnreadableItem) as error:
            reader.read(f"a.tgz!/{member}")
    assert error.value.reason == reason


def test_a_member_that_is_larger_than_any_photo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "MAX_FILE_BYTES", 2**20)
    noise = np.random.default_rng(0).bytes(2**20 + 1)
    (tmp_path / "a.zip").write_bytes(zip_bytes({"big.png": noise}))
    with (
        Reader(tmp_path, Policy()) as reader,
        pytest.raises(UnreadableItem, match="more than 1 MiB"),
    ):
        reader.content("a.zip!/big.png")


def test_a_stream_bomb_is_stopped(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(5 * 2**20)))
    stream = CompressedStream(tmp_path / "bomb.gz", "gz", max_bytes=2**20)
    with pytest.raises(Refusal, match="archive bomb"):
        stream.read_at(4 * 2**20, 10)
    stream.close()


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_a_truncated_archive_says_so(tmp_path, packing):
    noise = {
        f"{n}.png": encode(np.random.default_rng(n).integers(0, 256, (64, 64), np.uint8))
        for n in range(9)
    }
    whole = tar_bytes(noise, packing)
    (tmp_path / "a.tar").write_bytes(whole[: len(whole) // 2])
    with (
        Reader(tmp_path, Policy()) as reader,
        pytest.raises(UnreadableItem, match="truncated:"),
    ):
        reader.content("a.tar!/8.png")


CONTENT = np.random.default_rng(0).integers(0, 9, 2_500_000, dtype=np.uint8).tobytes()


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    """Return a stream with small windows over two gzip members, as `cat a.gz b.gz` makes them."""
    path = tmp_path_factory.mktemp("stream") / "a.gz"
    path.write_bytes(gzip.compress(CONTENT[:900_000]) + gzip.compress(CONTENT[900_000:]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_module, "WINDOW_BYTES", 50_000)
        patch.setattr(stream_module, "STRETCH_BYTES", 200_000)
        opened = CompressedStream(path, "gz", 10**9)
        yield opened
        opened.close()


@given(st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(0, 70_000)), max_size=12))
def test_a_compressed_stream_reads_what_slicing_gives(stream, reads):
    for offset, size in reads:
        assert stream.read_at(offset, size) == CONTENT[offset : offset + size]


def test_threads_reading_the_same_array_load_it_once(tmp_path, monkeypatch):
    (tmp_path / "a.gz").write_bytes(gzip.compress(idx_bytes(STACK)))
    from tamiz.formats import idx as module

    n_loads = []
    load = module.read_idx

    def counting(source):
        n_loads.append(1)
        return load(source)

    monkeypatch.setattr(module, "read_idx", counting)
    barrier = threading.Barrier(4)

    def work(frame):
        barrier.wait()
        return reader.read("a.gz", frame).pixels

    with Reader(tmp_path, Policy()) as reader, ThreadPoolExecutor(4) as pool:
        made = list(pool.map(work, range(4)))
    assert (np.stack(made)[..., 0] == STACK[:4]).all()
    assert len(n_loads) == 1
