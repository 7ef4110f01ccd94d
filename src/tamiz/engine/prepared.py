"""Images ready for the network: one uint8 array in memory, or decoded again when asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.data.contracts import ReadImage, Step
from tamiz.engine.decoding import Prepare, Row, decode_into

Positions = NDArray[np.int64]
MakeReader = Callable[[], ReadImage]


class PreparedImages(Protocol):
    """Rows of pixels that the network reads."""

    shape: tuple[int, int, int]  # height, width, channels

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def batch(self, positions: Positions) -> Tensor:
        """Return (batch, channels, height, width) uint8, channels-last in memory."""
        ...

    def batches(self, groups: Sequence[Positions]) -> Iterator[Tensor]:
        """Yield `batch(group)` for each group, in order, prepared ahead where that helps."""
        ...


@dataclass(frozen=True, slots=True)
class Preparation:
    """How images are held.

    Attributes:
        shape: (height, width, channels) of the network's input.
        memory_mib: sets larger than this are decoded again whenever they are needed.
        workers: processes (or threads, while filling memory) that decode; -1: as many as cores.
        cache_path: file that keeps the array between runs; its name should tell the content.
        in_shards: whether only one super batch at a time is to be held.
    """

    shape: tuple[int, int, int]
    memory_mib: int = 4096
    workers: int = -1
    cache_path: Path | None = None
    in_shards: bool = False

    @property
    def n_workers(self) -> int:
        """Return the number of workers, resolved."""
        return len(os.sched_getaffinity(0)) if self.workers < 0 else self.workers

    def fits(self, n: int) -> bool:
        """Return whether `n` images fit into `memory_mib`."""
        return n * int(np.prod(self.shape)) <= self.memory_mib * 2**20


class InMemory:
    """One uint8 array (n, height, width, channels), and the .npy file that holds it, if any."""

    def __init__(self, pixels: NDArray[np.uint8], path: Path | None = None) -> None:
        self._pixels, self.path = torch.from_numpy(pixels), path
        self.shape: tuple[int, int, int] = tuple(pixels.shape[1:])

    def __len__(self) -> int:
        return int(self._pixels.shape[0])

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Return the array itself."""
        return self._pixels.numpy()

    def batch(self, positions: Positions) -> Tensor:
        """Return (batch, channels, height, width) uint8, channels-last in memory."""
        rows = self._pixels.index_select(0, torch.from_numpy(positions))
        return rows.permute(0, 3, 1, 2)

    def batches(self, groups: Sequence[Positions]) -> Iterator[Tensor]:
        """Yield `batch(group)` for each group."""
        return map(self.batch, groups)


def prepare_images(
    rows: Sequence[Row],
    make_reader: MakeReader,
    steps: Sequence[Step],
    how: Preparation,
    on_event: OnEvent = ignore,
) -> PreparedImages:
    """Return the images of `rows`: decoded now when they fit into memory, otherwise when asked for.

    Args:
        rows: (path, frame) of each image.
        make_reader: returns the function that decodes; called once in each process, so it must
            survive pickling (a class or a `functools.partial` of one) when images do not fit, and
            so must that function when work is done elsewhere.
        steps: from the decoded image to the input.
        how: shape, memory, workers, cache.
        on_event: told about progress.

    Raises:
        UnreadableItem: an image does not decode; it names the path.
        WrongData: the steps give another shape than `how.shape`.
    """
    if how.in_shards:
        from tamiz.engine.shelf import Shelf

        return Shelf(rows, make_reader, steps, how, on_event)
    if not how.fits(len(rows)):
        from tamiz.engine.loader import Loader

        on_event(
            Event("train", "note", text("engine.not_in_memory", n=len(rows), mib=how.memory_mib))
        )
        return Loader(rows, make_reader, steps, how)
    cached = _load_cache(how, len(rows))
    if cached is not None:
        return InMemory(cached, how.cache_path)
    pixels = np.empty((len(rows), *how.shape), dtype=np.uint8)
    one = Prepare(make_reader(), tuple(steps), how.shape)
    decode_into(pixels, np.arange(len(rows)), rows, one, how.n_workers, on_event)
    _save_cache(how, pixels)
    return InMemory(pixels, how.cache_path)


def mean_and_std(
    images: PreparedImages, positions: Positions, *, n_most: int = 20_000
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return per channel mean and standard deviation of value / 255 over rows `positions`.

    Sums are whole numbers, so the result does not depend on order. Beyond `n_most` rows an even
    sample of them is used. A constant channel has standard deviation 1.
    """
    if len(positions) > n_most:
        at = np.linspace(0, len(positions) - 1, n_most).round().astype(np.int64)
        positions = positions[at]
    n_channels = images.shape[2]
    counts = torch.zeros(n_channels, 256, dtype=torch.int64)
    groups = [positions[start : start + 256] for start in range(0, len(positions), 256)]
    for batch in images.batches(groups):
        for channel in range(n_channels):
            counts[channel] += torch.bincount(batch[:, channel].reshape(-1), minlength=256)
    values = np.arange(256) / 255
    share = counts.numpy() / counts.numpy().sum(axis=1, keepdims=True)
    mean = share @ values
    std = np.sqrt(np.maximum(share @ values**2 - mean**2, 0.0))
    std = np.where(std > 1e-4, std, 1.0)
    return tuple(map(float, mean)), tuple(map(float, std))


def _load_cache(how: Preparation, n: int) -> NDArray[np.uint8] | None:
    if how.cache_path is None:
        return None
    try:
        pixels: NDArray[np.uint8] = np.load(how.cache_path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None  # a cache that cannot be read is made again
    is_right = pixels.shape == (n, *how.shape) and pixels.dtype == np.uint8
    return pixels if is_right else None


def _save_cache(how: Preparation, pixels: NDArray[np.uint8]) -> None:
    from tamiz.core.files import check_room, make_folder, replacing

    if how.cache_path is None:
        return
    make_folder(how.cache_path.parent)
    check_room(how.cache_path.parent, pixels.nbytes)
    with replacing(how.cache_path) as part, part.open("wb") as opened:
        np.save(opened, pixels, allow_pickle=False)
