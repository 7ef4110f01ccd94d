"""The mirror of a source by URL: equal to it, brought once, whole after any kill."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamiz.acquisition import remote, remote_fetching
from tamiz.acquisition.remote import at_hand, bring_some, fetch_missing, names_aside, steady
from tamiz.core.errors import MachineTrouble, MissingDependency, TamizError, WrongData, WrongUse
from tamiz.core.events import Event
from tamiz.core.urls import on_disk, top_of_urls
from tamiz.data.contracts import Policy
from tamiz.formats.reader import Reader

PARTS = st.text(
    st.characters(categories=["L", "N"], include_characters=" ._-+%#?"), min_size=1, max_size=8
).filter(lambda name: name not in {".", ".."} and name == name.strip())
TREES = st.dictionaries(
    st.lists(PARTS, min_size=1, max_size=3).map("/".join), st.binary(max_size=40), max_size=8
)
Tree = dict[str, bytes]


class Killed(BaseException):
    """Stands for the end of the process at this very place."""


@pytest.fixture
def memory(monkeypatch, tmp_path) -> Iterator[fsspec.AbstractFileSystem]:
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remote_fetching, "_FIRST_PAUSE_S", 0.0)
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def put(system: fsspec.AbstractFileSystem, top: str, tree: Tree) -> None:
    for name, content in tree.items():
        system.pipe_file(f"/{top}/{name}", content)


def without_clashes(tree: Tree) -> Tree:
    """Return the tree without files whose name is a folder's, too."""
    folders = {name.rsplit("/", n)[0] for name in tree for n in range(1, name.count("/") + 1)}
    return {name: content for name, content in tree.items() if name not in folders}


def tree_at(place: Path) -> Tree:
    files = (path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    brought: list[str] = []
    real = remote_fetching.bring

    def bring(system, job):
        brought.append(job.url)
        real(system, job)

    monkeypatch.setattr(remote, "bring", bring)
    return brought


several = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@several
@given(TREES.map(without_clashes).filter(bool))
def test_the_mirror_of_any_tree_equals_the_tree(memory, tree):
    top = uuid.uuid4().hex
    put(memory, top, tree)
    place = at_hand(f"memory://{top}")
    assert tree_at(place) == tree
    assert names_aside(place) == []


@several
@given(TREES.map(without_clashes).filter(bool), TREES.map(without_clashes).filter(bool))
def test_a_changed_tree_is_mirrored_anew_and_nothing_stays_of_the_old(memory, before, after):
    top = uuid.uuid4().hex
    put(memory, top, before)
    at_hand(f"memory://{top}")
    memory.rm(f"/{top}", recursive=True)
    put(memory, top, after)
    assert tree_at(at_hand(f"memory://{top}")) == after


@several
@given(TREES.map(without_clashes).filter(bool), st.integers(0, 30), st.sampled_from("gur"))
def test_a_kill_at_any_place_leaves_whole_files_and_loses_nothing(memory, tree, number, step):
    top = uuid.uuid4().hex
    put(memory, top, tree)
    url = f"memory://{top}"
    with pytest.MonkeyPatch.context() as patched:
        kill_at(patched, number, step)
        with contextlib.suppress(Killed):
            at_hand(url)
    left = tree_at(on_disk(url))
    assert left.items() <= tree.items()
    with pytest.MonkeyPatch.context() as patched:
        brought = counted(patched)
        assert tree_at(at_hand(url)) == tree
    assert len(brought) == len(tree) - len(left)


def kill_at(patched: pytest.MonkeyPatch, number: int, step: str) -> None:
    """End the work at the given download, before its bytes, its time, or its name are set."""
    n = [0]
    owner, name = {
        "g": (type(fsspec.filesystem("memory")), "cat_file"),
        "u": (os, "utime"),
        "r": (remote_fetching, "_take_place"),
    }[step]
    real = getattr(owner, name)

    def counting(*values, **named):
        n[0] += 1
        if n[0] > number:
            raise Killed
        return real(*values, **named)

    patched.setattr(owner, name, counting)


def test_a_second_call_brings_nothing_and_a_third_only_what_changed(memory, monkeypatch):
    brought = counted(monkeypatch)
    put(memory, "photos", {"a.png": b"one", "b/c.png": b"two", "b/d.png": b"six"})
    at_hand("memory://photos")
    assert len(brought) == 3
    brought.clear()
    at_hand("memory://photos")
    assert brought == []
    memory.pipe_file("/photos/b/c.png", b"TWO")
    memory.rm_file("/photos/a.png")
    place = at_hand("memory://photos")
    assert brought == ["memory://photos/b/c.png"]
    assert tree_at(place) == {"b/c.png": b"TWO", "b/d.png": b"six"}


def test_the_copys_time_tells_its_version_so_a_lost_cache_changes_nothing(memory):
    put(memory, "photos", {"a.png": b"one"})
    place = at_hand("memory://photos") / "a.png"
    before = place.stat().st_mtime_ns
    place.unlink()
    at_hand("memory://photos")
    assert place.stat().st_mtime_ns == before


def test_a_single_file_and_its_folder_share_the_copy(memory, monkeypatch):
    brought = counted(monkeypatch)
    put(memory, "photos", {"a.png": b"one"})
    at_hand("memory://photos")
    assert at_hand("memory://photos/a.png").read_bytes() == b"one"
    assert len(brought) == 1


def test_file_urls_are_read_where_they_lie(tmp_path):
    assert at_hand(f"file://{tmp_path}") == tmp_path


def test_a_large_object_comes_in_pieces_and_goes_on_after_a_kill(memory, monkeypatch):
    monkeypatch.setattr(remote_fetching, "PIECE_BYTES", 100)
    content = bytes(range(256)) * 4
    put(memory, "shards", {"train.tar": content})
    with pytest.MonkeyPatch.context() as patched:
        kill_at(patched, 5, "g")
        with pytest.raises(Killed):
            at_hand("memory://shards/train.tar")
    asked = []
    real = type(memory).cat_file

    def cat_file(self, path, start=None, end=None):
        asked.append(start)
        return real(self, path, start=start, end=end)

    monkeypatch.setattr(type(memory), "cat_file", cat_file)
    assert at_hand("memory://shards/train.tar").read_bytes() == content
    assert asked[0] == 500


def test_hostile_names_stay_outside_and_are_told(memory, tmp_path):
    class Hostile:
        """A store that holds whatever names it is given."""

        def info(self, path):
            return {"name": path, "type": "directory", "size": 0}

        def ls(self, path, detail=True):
            names = [
                "../out.png",
                "..",
                ".",
                "",
                "/etc/passwd",
                "a\0b",
                "a\nb",
                "n" * 300,
                "ok.png",
            ]
            files = [{"name": f"top/{n}", "type": "file", "size": 2, "mtime": 5.0} for n in names]
            return [*files, {"name": "top/..", "type": "directory", "size": 0}]

        def cat_file(self, path, start=None, end=None):
            return b"ok"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(remote, "opened", lambda _url: (Hostile(), "top"))
        place = at_hand("memory://top")
    assert tree_at(tmp_path / "cache" / "sources-by-url") == {"memory:/top/ok.png": b"ok"}
    assert len(names_aside(place)) == 8
    assert not (tmp_path / "out.png").exists()


def test_a_file_named_like_a_folder_is_set_aside(memory):
    memory.store.clear()
    put(memory, "top", {"a/b.png": b"one", "c.png": b"two"})

    real = type(memory).ls

    def ls(self, path, detail=True, **more):
        found = real(self, path, detail=detail, **more)
        twin = {"name": "/top/a", "type": "file", "size": 3, "created": 0.0}
        return [*found, twin] if path.strip("/") == "top" else found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(memory), "ls", ls)
        place = at_hand("memory://top")
    assert tree_at(place) == {"a/b.png": b"one", "c.png": b"two"}
    assert names_aside(place) == [("a", "remote.name_of_folder")]


def test_a_file_becomes_a_folder_and_a_folder_a_file(memory):
    put(memory, "top", {"a": b"file", "b/c": b"folder"})
    at_hand("memory://top")
    memory.rm("/top", recursive=True)
    put(memory, "top", {"a/x": b"folder now", "b": b"file now"})
    assert tree_at(at_hand("memory://top")) == {"a/x": b"folder now", "b": b"file now"}


def test_passing_faults_are_tried_again(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one"})
    faults = [ConnectionResetError("reset"), TimeoutError("slow"), None]
    real = type(memory).cat_file

    def cat_file(self, path, start=None, end=None):
        fault = faults.pop(0)
        if fault is not None:
            raise fault
        return real(self, path, start=start, end=end)

    monkeypatch.setattr(type(memory), "cat_file", cat_file)
    assert tree_at(at_hand("memory://top")) == {"a.png": b"one"}


def test_bytes_cut_short_are_refused(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one", "b.png": b"two"})
    monkeypatch.setattr(type(memory), "cat_file", lambda *_values, **_named: b"on")
    with pytest.raises(WrongData, match="2 != 3 bytes"):
        at_hand("memory://top")
    assert tree_at(on_disk("memory://top")) == {}


def test_an_object_that_vanishes_while_it_is_fetched_is_told(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one"})

    def cat_file(self, path, start=None, end=None):
        raise FileNotFoundError(path)

    monkeypatch.setattr(type(memory), "cat_file", cat_file)
    with pytest.raises(WrongData, match=r"memory://top/a\.png: .* is gone"):
        at_hand("memory://top")


def test_no_room_is_told_before_anything_is_fetched(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one"})
    monkeypatch.setattr("shutil.disk_usage", lambda _place: type("Use", (), {"free": 1})())
    with pytest.raises(MachineTrouble, match="MiB"):
        at_hand("memory://top")
    assert tree_at(on_disk("memory://top")) == {}


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        ("memory://nothing", WrongUse, "nothing is at this URL"),
        ("foo://bucket/a", WrongUse, "'foo://' is no kind of URL"),
        ("zip://a::memory://b", WrongUse, "names no folder and no file"),
        ("s3://bucket/../../etc", WrongUse, "names no folder and no file"),
        ("s3://", WrongUse, "names no folder and no file"),
        ("gs://bucket/a", MissingDependency, "pip install gcsfs"),
        ("az://box/a", MissingDependency, "pip install adlfs"),
        ("https://127.0.0.1:1/a.zip", MachineTrouble, "127.0.0.1:1 does not answer"),
    ],
)
def test_what_is_wrong_with_a_url_is_one_line(memory, url, kind, words):
    with pytest.raises(kind, match=words) as told:
        at_hand(url)
    assert str(told.value).startswith(url.replace("zip://a::", "")) or "zip" in url
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("url", ["s3://", "memory://", "gs:"])
def test_a_kind_of_url_alone_is_refused_as_a_url_also_when_it_was_made_a_path(
    memory, tmp_path, monkeypatch, url
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUse, match="names no folder and no file") as told:
        at_hand(Path(url))
    assert str(told.value).startswith(f"{url.rstrip('/:')}://: ")
    (tmp_path / "s3:").mkdir()
    assert at_hand(Path("s3://")) == Path("s3:")


def test_an_empty_folder_is_no_source(memory):
    memory.makedirs("/top/inner")
    with pytest.raises(WrongData, match="no file below"):
        at_hand("memory://top")


def test_without_fsspec_the_extra_is_named(memory, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(MissingDependency, match=r"pip install 'tamiz\[remote\]'"):
        at_hand("s3://bucket/photos")


def test_within_a_command_the_source_keeps_its_state(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one"})
    told: list[Event] = []
    with steady("memory://top", None, "/elsewhere", on_event=told.append):
        memory.pipe_file("/top/a.png", b"two")
        assert tree_at(at_hand("memory://top")) == {"a.png": b"one"}
    assert tree_at(at_hand("memory://top")) == {"a.png": b"two"}
    assert {one.stage for one in told} == {"fetch"}


def test_a_source_that_does_not_answer_is_taken_as_it_was_brought(memory, monkeypatch):
    put(memory, "top", {"a.png": b"one"})
    told: list[Event] = []
    at_hand("memory://top")

    def info(self, path, **more):
        raise ConnectionRefusedError(path)

    monkeypatch.setattr(type(memory), "info", info)
    with remote.steady_or_old("memory://top", on_event=told.append):
        assert tree_at(at_hand("memory://top")) == {"a.png": b"one"}
    assert "memory://top cannot be reached" in str(told[-1].text)
    with pytest.raises(TamizError, match="does not answer"), remote.steady_or_old("memory://new"):
        pass


def test_named_files_are_brought_and_no_others(memory):
    put(memory, "top", {f"{n}.png": b"%d" % n for n in range(20)})
    root = on_disk("memory://top")
    few = ["1.png", "gone.png", "../../out.png"]
    assert bring_some(root, few) == {"1.png"}
    many = [f"{n}.png" for n in range(12)] + ["gone.png"]
    assert bring_some(root, many) == set(many) - {"gone.png"}
    assert len(tree_at(root)) == 12
    urls = ["memory://top/19.png", "memory://elsewhere/a.png"]
    assert bring_some(top_of_urls(), urls) == {"memory://top/19.png"}


def test_a_reader_on_another_machine_fetches_just_the_file_it_reads(memory, gradient_png):
    put(memory, "top", {"a.png": gradient_png, "b.png": gradient_png})
    place = at_hand("memory://top")
    for file in place.iterdir():
        file.unlink()
    with Reader(place, Policy()) as reader:
        assert reader.read("a.png").size_px == (8, 8)
    assert list(tree_at(place)) == ["a.png"]


@pytest.mark.parametrize("source", ["memory://top", "memory://top/{a,b}.png"])
def test_a_reader_refuses_a_file_that_changed_since_its_source_was_listed(
    memory, gradient_png, source
):
    put(memory, "top", {"a.png": gradient_png, "b.png": gradient_png})
    at_hand(source)
    place = on_disk("memory://top")
    with Reader(place, Policy()) as reader:
        made, values = reader.__reduce__()
    for file in place.iterdir():
        file.unlink()
    memory.store["/top/a.png"].created += timedelta(seconds=9)
    elsewhere = made(*values)  # type: ignore[operator,misc]
    assert elsewhere.read("b.png").size_px == (8, 8)
    with pytest.raises(WrongData, match=r"memory://top/a\.png: the object was changed after"):
        elsewhere.read("a.png")
    at_hand("memory://top")
    (place / "a.png").unlink()
    with Reader(place, Policy()) as reader:
        assert reader.read("a.png").size_px == (8, 8)


def test_braces_in_a_url_bring_the_files_that_they_name(memory):
    put(memory, "wds", {f"{number:03d}.tar": b"x" for number in range(4)})
    at_hand("memory://wds/{001..002}.tar")
    assert set(tree_at(on_disk("memory://wds"))) == {"001.tar", "002.tar"}
    with pytest.raises(WrongData, match=r"1 of 2 files .* the first: memory://wds/004\.tar"):
        at_hand("memory://wds/{003..004}.tar")


def test_a_reader_at_home_elsewhere_finds_the_place_in_its_own_cache(memory, gradient_png):
    put(memory, "top", {"a.png": gradient_png})
    theirs = Path("/their/cache/sources-by-url/memory:/top")
    with Reader(theirs, Policy()) as reader:
        assert reader.read("a.png").size_px == (8, 8)
    assert (on_disk("memory://top") / "a.png").is_file()


def test_a_missing_file_that_its_source_lacks_stays_missing(memory):
    put(memory, "top", {"a/b.png": b"one"})
    assert not fetch_missing(str(on_disk("memory://top/x.png")))
    assert not fetch_missing(str(on_disk("memory://top/a")))
    assert not fetch_missing(f"{on_disk('memory://top')}/../../x")


@pytest.fixture
def gradient_png() -> bytes:
    import io

    import numpy as np
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(made, "PNG")
    return made.getvalue()


def test_old_pieces_are_swept_and_young_ones_stay(memory, tmp_path):
    folder = tmp_path / "cache" / "sources-by-url-parts"
    folder.mkdir(parents=True)
    for name, time in (("old", 0), ("young", None)):
        (folder / name).touch()
        if time is not None:
            os.utime(folder / name, (time, time))
    put(memory, "top", {"a.png": b"one"})
    at_hand("memory://top")
    assert {path.name for path in folder.iterdir()} == {"young"}
