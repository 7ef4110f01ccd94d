"""What serving is made of: folders of uploads, messages, decoding processes, pictures kept."""

from __future__ import annotations

import fcntl
import os
import resource
import tempfile

import numpy as np
import pytest
from PIL import Image as Pillow

from tamiz.core.errors import WrongData
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.data.pictures import keeping_pictures, picture_of
from tamiz.formats.reader import Reader
from tamiz.models.input_facts import view_of
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Limits
from tamiz.serving.frames import receive, send
from tamiz.serving.upload_folders import new_folder, sweep
from tamiz.steps.apply import build_steps, prepare_image


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_is_not(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = new_folder()
    dead, foreign = tmp_path / "tamiz-upload-0123-abc", tmp_path / "tamiz-upload-keep"
    for folder in (dead, foreign):
        folder.mkdir()
        (folder / "upload").write_bytes(b"a patient")
    lock = tmp_path / ".tamiz-uploads-0123"
    lock.touch()
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sweep()
        assert dead.exists()
    sweep()
    assert not dead.exists()
    assert not lock.exists()
    assert mine.exists()
    assert foreign.exists()  # without a mark it may be anybody's


def test_messages_travel_by_handles_of_any_number():
    reads, writes = os.pipe()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2000:
        pytest.skip("few files may be open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))
    high = fcntl.fcntl(reads, fcntl.F_DUPFD, 1500)
    try:
        pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)
        send(writes, {"is": "image"}, [pixels])
        found = receive(high, most_bytes=100, seconds=5.0)
        assert found is not None
        assert found.arrays[0].tolist() == pixels.tolist()
    finally:
        for handle in (reads, writes, high):
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_leaves_costs_no_decoding_process(model, photos):
    with Answerer.load(model, limits=Limits(processes=1)) as answerer:
        assert answerer.decoders is not None
        whole = list(answerer.decoded(Given(photos, "all")))
        (process,) = answerer.decoders._all
        begun = answerer.decoded(Given(photos, "all"))
        next(begun)
        begun.close()
        assert len(list(answerer.decoded(Given(photos, "all")))) == len(whole)
        assert set(answerer.decoders._all) == {process}


def test_who_leaves_is_seen_also_where_nothing_can_be_read(model, tmp_path):
    for number in range(3):
        Pillow.new("L", (9, 9)).save(tmp_path / f"{number}.png")
        content = (tmp_path / f"{number}.png").read_bytes()
        (tmp_path / f"{number}.png").write_bytes(content[:40])
    calls: list[int] = []

    def leave() -> None:
        calls.append(1)
        raise WrongData("left")

    with (
        Answerer.load(model, limits=Limits(processes=1)) as answerer,
        pytest.raises(WrongData, match="left"),
    ):
        answerer.answer(Given(tmp_path, "all"), check=leave)
    assert len(calls) == 1


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "1"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_kept_picture_changes_no_bit_of_what_network_and_guard_see(tmp_path, mode, orientation):
    rng = np.random.default_rng(7)
    drawn = Pillow.fromarray(rng.integers(0, 256, (300, 220, 3), dtype=np.uint8)).convert(mode)
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    drawn.save(tmp_path / "a.png", exif=exif)
    steps = build_steps([{"name": "rgb"}, {"name": "resize", "size_px": 32}])

    def seen() -> tuple[Image, np.ndarray, np.ndarray]:
        with Reader(tmp_path, Policy()) as reader:
            image = reader.read("a.png")
        pixels = prepare_image(image, steps)
        return image, pixels, view_of(image, pixels).pixels

    _, plain, plain_view = seen()
    with keeping_pictures():
        image, pixels, view = seen()
        assert np.array_equal(np.asarray(picture_of(image.pixels)), np.squeeze(image.pixels))
        assert picture_of(image.pixels.copy()) is not picture_of(image.pixels)
    assert np.array_equal(pixels, plain)
    assert np.array_equal(view, plain_view)
