"""The stage check: every image decoded once, every unusable one marked with a reason."""

from __future__ import annotations

import io
import json
import threading

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, ignore
from tamiz.core.recipe import DataOptions, Recipe, SplitOptions
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.stages.check import check
from tamiz.stages.index import index
from tamiz.testing.pictures import draw, encode, jpeg, png
from tamiz.testing.sources import (
    class_files,
    class_folders,
    mnist_files,
    npz_bytes,
    write_files,
    zip_bytes,
)


def do(tmp_path, source, given="auto", on_event=ignore, **options):
    run = Run(tmp_path / "run")
    recipe = Recipe(
        data=DataOptions(source=str(source), **options), split=SplitOptions(given=given)
    )
    index(recipe, run)
    return run, check(recipe, run, on_event)


def fates_of(run: Run) -> dict[str, tuple[str | None, str]]:
    return {e.path: (e.fate and e.fate.value, e.reason) for e in run.ledger().entries}


def said(report) -> str:
    blocks = [block for block in report.summary if hasattr(block, "findings")]
    return "\n".join(str(f.what) for block in blocks for f in block.findings)


def test_what_was_measured_stands_in_the_manifest(tmp_path):
    files = {"cat/a.png": png(1, (30, 20)), "dog/b.jpg": jpeg(2, (8, 8), channels=1)}
    run, report = do(tmp_path, write_files(tmp_path / "in", files))
    columns = ("path", "width_px", "height_px", "mode", "format", "bits")
    assert list(run.manifest().rows(*columns)) == [
        ("cat/a.png", 30, 20, "RGB", "PNG", 8),
        ("dog/b.jpg", 8, 8, "L", "JPEG", 8),
    ]
    assert all(len(content) == 64 for content in run.manifest().column("content_sha256"))
    assert report.values["check"]["usable"] == 2
    assert json.dumps(report.to_json())


def test_an_unreadable_image_is_marked_and_named(tmp_path):
    source = class_folders(tmp_path / "in", n_each=3)
    (source / "cat" / "1.png").write_bytes(png()[:60])
    run, report = do(tmp_path, source, max_problems=0.5)
    reason = "truncated: the file ends before the picture does"
    assert fates_of(run)["cat/1.png"] == ("unreadable", reason)
    assert report.values["check"]["unreadable"] == 1
    assert "1 of 6 images cannot be read and is left out" in said(report)


def test_too_many_unreadable_images_stop_the_run_after_saving(tmp_path):
    source = class_folders(tmp_path / "in", n_each=30)
    for number in range(25):
        (source / "cat" / f"{number}.png").write_bytes(b"")
    with pytest.raises(WrongData) as error:
        do(tmp_path, source)
    assert "25 of 60 images cannot be read, more than max_problems = 1 %" in str(error.value)
    assert "the first: the file is empty: 0 bytes" in str(error.value)
    assert len(error.value.details) == 21
    assert error.value.details[-1] == "... and 5 more"
    assert json.loads((tmp_path / "run" / "ledger.json").read_text())["fates"]["unreadable"] == 25


def test_the_limit_that_is_advised_lets_the_work_go_on(tmp_path):
    source = class_folders(tmp_path / "in", n_each=10)
    for number in range(7):
        (source / "cat" / f"{number}.png").write_bytes(b"")
    with pytest.raises(WrongData) as error:
        do(tmp_path, source)
    limit = str(error.value).rpartition("data.max_problems=")[2]
    _, report = do(tmp_path / "again", source, max_problems=float(limit))
    assert report.values["check"]["unreadable"] == 7


def test_where_nothing_can_be_read_no_limit_is_advised(tmp_path):
    write_files(tmp_path / "in", {"cat/1.png": b"", "dog/1.png": b""})
    with pytest.raises(WrongData, match="none of 2 images can be read") as error:
        do(tmp_path, tmp_path / "in")
    assert "max_problems" not in str(error.value)


def test_of_identical_files_the_first_in_path_order_is_kept(tmp_path):
    source = class_folders(tmp_path / "in", n_each=2)
    write_files(source, {"cat/z.png": png(0), "cat/A.png": png(0)})
    run, report = do(tmp_path, source)
    assert fates_of(run)["cat/A.png"] == ("duplicate", "same bytes as cat/0.png")
    assert fates_of(run)["cat/z.png"] == ("duplicate", "same bytes as cat/0.png")
    assert fates_of(run)["cat/0.png"] == (None, "")
    assert "2 files are copies, byte for byte, of others (1 set)" in said(report)


def test_identical_files_with_two_labels_are_all_excluded(tmp_path):
    source = class_folders(tmp_path / "in", n_each=2)
    write_files(source, {"dog/copy.png": png(0)})
    run, report = do(tmp_path, source)
    reason = "same bytes, different labels: cat/0.png = cat, dog/copy.png = dog"
    assert fates_of(run)["cat/0.png"] == ("excluded", reason)
    assert fates_of(run)["dog/copy.png"] == ("excluded", reason)
    assert report.values["check"]["excluded"] == 2


def test_copies_on_both_sides_of_a_given_split_stay_for_the_audit(tmp_path):
    files = {"train/cat/a.png": png(1), "train/cat/b.png": png(1), "test/cat/c.png": png(1)}
    files |= {"train/dog/a.png": png(2), "test/dog/a.png": png(3)}
    source = write_files(tmp_path / "in", files)
    run, report = do(tmp_path, source)
    assert fates_of(run)["train/cat/b.png"] == ("duplicate", "same bytes as train/cat/a.png")
    assert fates_of(run)["test/cat/c.png"] == (None, "")
    assert report.values["check"]["crossing"] == 1
    run, report = do(tmp_path, source, given="ignore")
    assert fates_of(run)["train/cat/a.png"] == ("duplicate", "same bytes as test/cat/c.png")
    assert report.values["check"]["crossing"] == 0


def test_images_without_a_label_are_unlabelled(tmp_path):
    source = class_folders(tmp_path / "in", n_each=1)
    write_files(source, {"loose.png": png(9)})
    run, _ = do(tmp_path, source)
    assert fates_of(run)["loose.png"] == ("unlabelled", "it has no label")


def test_a_wrong_suffix_is_told_and_the_file_used(tmp_path):
    files = {"cat/a.jpg": png(1), "cat/b.jpeg": jpeg(2), "dog/c.png": jpeg(3), "dog/d": png(4)}
    _, report = do(tmp_path, write_files(tmp_path / "in", files))
    assert "2 files are of another format than their name says" in said(report)
    assert report.values["check"]["usable"] == 4
    finding = report.summary[1].findings[0]
    assert finding.items == ("cat/a.jpg: PNG", "dog/c.png: JPEG")


def test_of_an_animation_the_reader_is_told(tmp_path):
    import PIL.Image

    frames = [PIL.Image.new("L", (8, 8), grey) for grey in (0, 99)]
    source = class_folders(tmp_path / "in", n_each=1)
    frames[0].save(source / "cat" / "a.gif", save_all=True, append_images=frames[1:])
    _, report = do(tmp_path, source)
    assert "1 file holds several frames or pages; only the first is used" in said(report)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.sampled_from(["", "x"])), max_size=9
    )
)
def test_whatever_lies_there_the_ledger_closes(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("closing")
    source = class_folders(folder / "in", n_each=1)
    for number, (seed, label, cut) in enumerate(files):
        content = png(100 + seed)
        write_files(source, {f"{label}/{number}.png": content[:50] if cut else content})
    run, report = do(folder, source, max_problems=1.0)
    ledger = run.ledger()
    n_files = sum(path.is_file() for path in source.rglob("*"))
    assert len(ledger.entries) == n_files == sum(ledger.counts().values())
    values = report.values["check"]
    parts = ("usable", "unreadable", "duplicate", "excluded", "unlabelled")
    assert sum(values[part] for part in parts) == values["rows"]


def test_images_in_arrays_and_archives_are_checked_too(tmp_path):
    write_files(tmp_path / "in", mnist_files(12, 6))
    run, report = do(tmp_path, tmp_path / "in")
    assert report.values["check"]["formats"] == {"IDX": 18}
    assert run.manifest().column("width_px") == [8] * 18
    (tmp_path / "a.zip").write_bytes(zip_bytes(class_files() | {"cat/bad.png": b"<html>"}))
    run, report = do(tmp_path / "zip", tmp_path / "a.zip", max_problems=0.5)
    reason = "not an image that tamiz reads: the content is HTML"
    assert fates_of(run)["a.zip!/cat/bad.png"] == ("unreadable", reason)


def test_equal_frames_of_an_array_are_duplicates(tmp_path):
    import numpy as np

    from tamiz.testing.sources import idx_bytes

    images = np.zeros((3, 4, 4), np.uint8)
    images[1] = 7
    files = {"train-images-idx3-ubyte": idx_bytes(images)}
    files["train-labels-idx1-ubyte"] = idx_bytes(np.array([1, 2, 1], np.uint8))
    run, _ = do(tmp_path, write_files(tmp_path / "in", files))
    name = "train-images-idx3-ubyte"
    assert fates_of(run)[f"{name}#2"] == ("duplicate", f"same bytes as {name}#0")


@pytest.fixture
def examined(monkeypatch):
    """Return the list of paths that were decoded."""
    seen: list[str] = []
    examine = Reader.examine

    def record(self, path, frame=0):
        seen.append(path)
        return examine(self, path, frame)

    monkeypatch.setattr(Reader, "examine", record)
    return seen


def test_a_second_check_decodes_only_what_changed(tmp_path, examined):
    source = class_folders(tmp_path / "in", n_each=3)
    first = do(tmp_path, source)[1]
    assert len(examined) == 6
    examined.clear()
    assert do(tmp_path, source)[1].values == first.values
    assert examined == []
    (source / "cat" / "1.png").write_bytes(png(77, (9, 9)))
    do(tmp_path, source)
    assert examined == ["cat/1.png"]
    examined.clear()
    do(tmp_path, source, background="black")
    assert len(examined) == 6


def test_a_damaged_cache_is_no_reason_to_fail(tmp_path, examined):
    source = class_folders(tmp_path / "in", n_each=1)
    do(tmp_path, source)
    (tmp_path / "run" / "cache" / "check.parquet").write_bytes(b"PAR1 nonsense")
    do(tmp_path, source)
    assert len(examined) == 4


def test_interrupted_it_ends_its_threads_and_keeps_what_it_has(tmp_path, examined):
    source = class_folders(tmp_path / "in", n_each=300)

    def interrupt(event: Event) -> None:
        if event.kind == "progress" and event.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, source, on_event=interrupt)
    assert not [t for t in threading.enumerate() if t.name.startswith("tamiz-check")]
    n_before = len(set(examined))
    assert n_before < 600
    examined.clear()
    _, report = do(tmp_path, source)
    assert report.values["check"]["usable"] == 600
    assert len(examined) < 600


def test_progress_is_told(tmp_path):
    events: list[Event] = []
    do(tmp_path, class_folders(tmp_path / "in"), on_event=events.append)
    progress = [event for event in events if event.kind == "progress"]
    assert (progress[-1].done, progress[-1].total) == (6, 6)
    assert str(progress[0].text) == "decoding every image"


def test_checking_twice_gives_the_same_manifest(tmp_path):
    source = class_folders(tmp_path / "in", n_each=2)
    write_files(source, {"cat/z.png": png(0), "dog/z.png": encode(_grey())})
    run, _ = do(tmp_path, source)
    before = run.manifest_path.read_bytes()
    check(Recipe(data=DataOptions(source=str(source))), run)
    assert run.manifest_path.read_bytes() == before


def _grey():
    import numpy as np

    return np.full((4, 4), 9, np.uint8)


def test_the_channels_that_were_decoded_are_recorded(tmp_path):
    grey, colour = draw(1, channels=1), draw(2)
    alpha = np.full((*grey.shape[:2], 1), 200, np.uint8)
    palette = io.BytesIO()
    PIL.Image.fromarray(colour).convert("P").save(palette, "PNG")
    files = {
        "a/grey.png": encode(grey[..., 0]),
        "a/colour.jpg": jpeg(3),
        "a/alpha.png": encode(np.concatenate([colour, alpha], axis=2)),
        "b/grey_alpha.png": encode(np.concatenate([grey, alpha], axis=2)),
        "b/palette.png": palette.getvalue(),
        "b/deep.tif": encode((grey[..., 0].astype(np.uint16) + 1) * 100, "TIFF"),
        "b/broken.png": png(8)[:60],
    }
    write_files(tmp_path / "in", files)
    run, _ = do(tmp_path, tmp_path / "in", max_problems=1.0)
    assert dict(run.manifest().rows("path", "channels")) == {
        "a/grey.png": 1,
        "a/colour.jpg": 3,
        "a/alpha.png": 3,
        "b/grey_alpha.png": 1,
        "b/palette.png": 3,
        "b/deep.tif": 1,
        "b/broken.png": None,
    }


def test_the_channels_of_arrays_are_recorded(tmp_path):
    write_files(tmp_path / "in", mnist_files())
    run, _ = do(tmp_path, tmp_path / "in")
    assert set(run.manifest().column("channels")) == {1}
    stack = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), np.uint8)
    (tmp_path / "m.npz").write_bytes(npz_bytes(images=stack, labels=np.arange(4) % 2))
    run, _ = do(tmp_path, tmp_path / "m.npz")
    assert run.manifest().column("channels") == [3] * 4


def test_a_changed_file_below_a_folder_named_like_an_archive_is_decoded_again(tmp_path):
    write_files(tmp_path / "in", {"wow!/a.png": png(1), "dog/b.png": png(2)})
    run, _ = do(tmp_path, tmp_path / "in")
    before = dict(run.manifest().rows("path", "content_sha256"))
    (tmp_path / "in" / "wow!" / "a.png").write_bytes(jpeg(7))
    run, _ = do(tmp_path, tmp_path / "in")
    after = dict(run.manifest().rows("path", "content_sha256"))
    assert [path for path in after if after[path] != before[path]] == ["wow!/a.png"]


def test_a_run_inside_its_own_source_works_twice(tmp_path):
    source = class_folders(tmp_path)
    made = []
    for _ in range(2):
        run, report = do(source, source)
        write_files(run.folder, {"run.json": b"{}", "report/figure.png": png(5)})
        made.append((run.manifest().column("path"), report.values["check"]["usable"]))
    assert made[0] == made[1]
