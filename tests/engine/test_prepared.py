"""Prepared images: in memory or by loader processes, the same pixels and the same complaints."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.engine.prepared import InMemory, Preparation, mean_and_std, prepare_images
from tamiz.engine.train import train_network
from tamiz.steps.apply import build_steps

# torch 2.11's workers may abort while they are shut down; what they gave is right
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

STEPS = build_steps([{"name": "grey"}, {"name": "resize", "size_px": 12}])
SHAPE = (12, 12, 1)


@pytest.fixture
def folder(tmp_path, pixels):
    from PIL import Image as Pillow

    for number, one in enumerate(pixels):
        Pillow.fromarray(one[:, :, 0]).save(tmp_path / f"{number}.png")
    return tmp_path


def opener(folder):
    from tamiz.stages.preparing import _open_and_read

    return partial(_open_and_read, folder, Policy())


def rows(n=60):
    return [(f"{number}.png", 0) for number in range(n)]


def prepared(folder, n=60, **how):
    return prepare_images(rows(n), opener(folder), STEPS, Preparation(SHAPE, **how))


def test_batches_are_channels_last_and_hold_the_files_pixels(folder, pixels):
    images = prepared(folder, workers=2)
    made = images.batch(np.array([5, 0, 5]))
    assert made.shape == (3, 1, 12, 12)
    assert made.is_contiguous(memory_format=torch.channels_last)
    assert np.array_equal(made.permute(0, 2, 3, 1).numpy(), pixels[[5, 0, 5]])


def test_too_many_for_memory_are_decoded_when_asked_for(folder):
    how = Preparation(SHAPE, memory_mib=1, workers=0)
    assert not how.fits(10_000)
    assert how.fits(60)


@pytest.mark.slow
def test_memory_and_any_number_of_loader_processes_train_the_same_bytes(
    folder, make_task, same_bytes
):
    from tamiz.engine.loader import Loader

    wanted = train_network(make_task(images=prepared(folder)))
    for workers in (0, 1, 2):
        images = Loader(rows(), opener(folder), STEPS, Preparation(SHAPE, workers=workers))
        assert same_bytes(train_network(make_task(images=images)), wanted), workers


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_an_image_that_does_not_decode_is_named_by_the_loader_too(folder, workers):
    from tamiz.engine.loader import Loader

    path = folder / "31.png"
    path.write_bytes(path.read_bytes()[:90])
    images = Loader(rows(), opener(folder), STEPS, Preparation(SHAPE, workers=workers))
    groups = np.array_split(np.arange(60), 8)
    with pytest.raises(UnreadableItem, match=r"31\.png"):
        list(images.batches(groups))


def test_an_image_that_does_not_decode_is_named(folder):
    path = folder / "31.png"
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(UnreadableItem, match=r"31\.png"):
        prepared(folder, workers=2)


def test_steps_that_give_another_shape_are_refused(folder):
    with pytest.raises(WrongData, match=r"0\.png.*\(12, 12, 1\).*\(9, 9, 1\)"):
        prepare_images(rows(), opener(folder), STEPS, Preparation((9, 9, 1)))


def test_the_cache_gives_the_same_pixels_without_the_files(folder, tmp_path):
    cache = tmp_path / "cache" / "x.npy"
    first = prepared(folder, cache_path=cache)
    for path in folder.glob("*.png"):
        path.unlink()
    again = prepared(folder, cache_path=cache)
    at = np.arange(60)
    assert torch.equal(first.batch(at), again.batch(at))


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_cache_is_made_again(folder, tmp_path, content):
    cache = tmp_path / "x.npy"
    cache.write_bytes(content)
    assert len(prepared(folder, cache_path=cache)) == 60
    assert cache.stat().st_size > 60 * 144


def test_mean_and_spread_are_those_of_numpy_in_any_order(pixels):
    images = InMemory(np.concatenate([pixels, 255 - pixels], axis=3))
    mean, std = mean_and_std(images, np.arange(60))
    scaled = np.concatenate([pixels, 255 - pixels], axis=3) / 255
    assert mean == pytest.approx(tuple(scaled.mean(axis=(0, 1, 2))))
    assert std == pytest.approx(tuple(scaled.std(axis=(0, 1, 2))))
    assert mean_and_std(images, np.arange(60)[::-1].copy()) == (mean, std)


def test_a_constant_channel_is_divided_by_one():
    flat = InMemory(np.full((4, 5, 5, 1), 51, np.uint8))
    mean, std = mean_and_std(flat, np.arange(4))
    assert mean == pytest.approx((0.2,))
    assert std == (1.0,)


def test_readers_are_called_with_path_and_frame():
    seen = []

    def read(path, frame):
        seen.append((path, frame))
        return Image(np.zeros((12, 12, 1), np.uint8))

    how = Preparation(SHAPE, workers=1)
    prepare_images([("a.tif", 0), ("a.tif", 3)], lambda: read, STEPS, how)
    assert seen == [("a.tif", 0), ("a.tif", 3)]


def test_a_shelf_holds_one_super_batch_at_a_time_and_decodes_each_image_once(folder, pixels):
    opened = []

    def make_reader():
        read = opener(folder)()

        def counting(path, frame):
            opened.append(path)
            return read(path, frame)

        return counting

    how = Preparation(SHAPE, workers=0, in_shards=True)
    images: Any = prepare_images(rows(), make_reader, STEPS, how)
    images.hold(np.arange(20))
    assert images.n_held == 20
    for _ in range(2):
        images.batch(np.array([19, 3]))
    made = images.batch(np.array([19, 3]))
    assert np.array_equal(made.permute(0, 2, 3, 1).numpy(), pixels[[19, 3]])
    assert len(opened) == 20
    images.hold(np.array([3, *range(20, 40)]))  # 3 is replayed
    assert images.n_held == 21
    assert opened.count("3.png") == 1
    assert opened.count("25.png") == 1
    assert np.array_equal(
        images.batch(np.array([25, 3])).permute(0, 2, 3, 1).numpy(), pixels[[25, 3]]
    )
    assert np.array_equal(images.batch(np.array([55]))[0, 0].numpy(), pixels[55, :, :, 0])
    assert images.n_held == 21


def test_a_super_batch_larger_than_memory_is_not_held(folder, pixels):
    how = Preparation(SHAPE, memory_mib=1, workers=0, in_shards=True)
    images: Any = prepare_images(rows() * 200, opener(folder), STEPS, how)
    images.hold(np.arange(12_000))
    assert images.n_held == 0
    assert np.array_equal(images.batch(np.array([7]))[0, 0].numpy(), pixels[7, :, :, 0])


def test_training_on_a_shelf_gives_the_bytes_of_training_in_memory(folder, make_task, same_bytes):
    how = Preparation(SHAPE, workers=0, in_shards=True)
    shelf = prepare_images(rows(), opener(folder), STEPS, how)
    shard = np.arange(60, dtype=np.int64) // 2 % 3

    def trained(images):
        task = make_task(images=images, epochs=1)
        return train_network(replace(task, rows=replace(task.rows, shard=shard)))

    assert same_bytes(trained(shelf), trained(prepared(folder)))
