"""A model kept ready answers as `predict` does, whatever comes in and whoever asks beside."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import speaking
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Limits
from tamiz.serving.explaining import Explanations
from tamiz.serving.uploads import plain_name, receiving
from tamiz.stages.predict import predict


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for photo in sorted(folder.iterdir()):
            made.write(photo, f"in/{photo.name}")
    return path


def test_many_who_ask_at_once_get_to_the_bit_what_predict_says(answerer, model, photos):
    files = sorted(photos.iterdir()) * 4
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda one: answerer.answer(Given(one, one.name)).told(), files))
    wanted = {one: predict(model, one).told() for one in set(files)}
    assert found == [wanted[one] for one in files]


def test_an_archive_is_answered_under_its_senders_name(answerer, model, photos, tmp_path):
    path = zipped(photos, tmp_path / "upload")
    found = answerer.answer(Given(path, "from <b>me</b>.zip")).told()
    wanted = predict(model, zipped(photos, tmp_path / "mine.zip")).told()
    assert [one["probabilities"] for one in found["answers"]] == [
        one["probabilities"] for one in wanted["answers"]
    ]
    assert found["answers"][0]["path"] == "from <b>me</b>.zip!/in/00.png"


def test_what_cannot_be_read_is_named_and_the_rest_answered(answerer, photos, tmp_path):
    (photos / "03.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (photos / "notes.txt").write_text("hello")
    found = answerer.answer(Given(zipped(photos, tmp_path / "upload"), "x.zip")).told()
    assert len(found["answers"]) == 11
    assert [one["path"] for one in found["problems"]] == ["x.zip!/in/03.png"]
    assert [one["path"] for one in found["others"]] == ["x.zip!/in/notes.txt"]


@pytest.mark.parametrize("content", [b"%PDF-1.4 ...", b"path,label\n/etc/passwd,1\n", b"\0" * 300])
def test_what_is_no_image_is_refused_and_the_next_one_answered(answerer, photos, tmp_path, content):
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(WrongData, match="image"):
        answerer.answer(Given(path, "x.png"))
    assert len(answerer.answer(Given(photos / "00.png", "y.png")).paths) == 1


def test_reasons_are_told_in_the_language_of_who_asks(answerer, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    english = answerer.answer(Given(path, "x.png")).problems[0][1]
    with speaking("es"):
        spanish = answerer.answer(Given(path, "x.png")).problems[0][1]
    assert english != spanish


def test_too_many_images_in_one_upload_are_refused_with_the_limit(model, photos, tmp_path):
    with Answerer.load(model, limits=Limits(processes=1, images=5)) as answerer:
        path = zipped(photos, tmp_path / "upload")
        with pytest.raises(WrongData, match="12 images in one upload, at most 5"):
            answerer.answer(Given(path, "x.zip"))


def test_a_decoder_that_is_killed_or_starved_is_replaced(model, photos, tmp_path):
    bomb = tmp_path / "upload"
    Pillow.fromarray(np.zeros((6000, 6000, 3), np.uint8)).save(bomb, format="PNG")
    limits = Limits(processes=1, memory_mib=560)
    with Answerer.load(model, limits=limits) as answerer:
        good = Given(photos / "00.png", "a.png")
        first = answerer.answer(good).told()
        try:  # it fails, or it fits; the process that decodes is bounded either way
            assert answerer.answer(Given(bomb, "b.png")).told()["problems"]
        except WrongData as error:
            assert "more time or memory" in str(error)  # noqa: PT017
        assert answerer.answer(good).told() == first
        assert answerer.decoders is not None
        for process in list(answerer.decoders._all):
            os.kill(process._process.pid, signal.SIGKILL)
            process._process.wait()
        assert answerer.answer(good).told() == first


def test_one_that_takes_too_long_is_ended_and_said_so(model, photos):
    limits = Limits(processes=1, seconds=0.0)
    with Answerer.load(model, limits=limits) as answerer, pytest.raises(WrongData, match="time"):
        answerer.answer(Given(photos / "00.png", "a.png"))


def test_a_wrong_word_for_the_guard_is_refused(model):
    with pytest.raises(WrongUse, match="maybe"):
        Answerer.load(model, guard="maybe")


def test_a_map_lies_over_the_picture_and_is_clear_where_nothing_is_said(answerer, photos):
    found = list(answerer.decoded(Given(photos / "00.png", "a.png"), picture_px=64))
    explained = Explanations(answerer.bundle).of(found[0])
    layer = Pillow.open(io.BytesIO(explained.layer_png))
    picture = Pillow.open(io.BytesIO(found[0].picture.png))
    assert (layer.mode, layer.size) == ("RGBA", picture.size)
    assert np.asarray(layer)[..., 3].max() == 255
    assert explained.target in answerer.bundle.classes
    assert explained.target in explained.words


def test_uploads_never_keep_their_senders_name_on_disk_and_are_gone_afterwards():
    with receiving("../../etc/../<script>\n.png", 100) as upload:
        upload.write(b"abc")
        given = upload.finish()
        assert given.path.name == "upload"
        assert given.path.read_bytes() == b"abc"
        assert given.path.parent.stat().st_mode & 0o777 == 0o700
        assert given.name == "<script>.png"
    assert not given.path.parent.exists()


def test_an_upload_is_cut_off_at_the_limit_whatever_was_announced():
    with receiving("x.png", 2**20) as upload:
        upload.write(b"0" * 2**20)
        with pytest.raises(WrongData, match="larger than the 1 MiB"):
            upload.write(b"0")
    with receiving("x.png", 10) as upload, pytest.raises(WrongData, match="empty"):
        upload.finish()


def test_names_are_text_without_folders_and_not_too_long():
    assert plain_name("C:\\scans\\a.dcm") == "a.dcm"
    assert plain_name("a\0b\u202ec") == "abc"
    assert plain_name("x" * 999) == "x" * 200
    assert plain_name("///") == "upload"
