"""Many regions of a slide one after the other: blocks decoded once, several threads ahead."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from threading import Lock
from typing import Final, NamedTuple

from tamiz.formats.slide_scaling import Blocks, Bytes, Grid

CACHE_BYTES: Final = 64 << 20
MOST_CACHE_BYTES: Final = 256 << 20
_BATCH_BYTES: Final = 1 << 20
_MOST_IN_BATCH: Final = 8


class Cell(NamedTuple):
    """Which block of which level."""

    level: int
    row: int
    column: int


class BlockCache:
    """The decoded blocks that are still needed, up to a number of bytes; for several threads.

    A block that one thread decodes is waited for by the others; the last that needs it takes it
    out. When there are too many, the one longest unused goes.

    Args:
        n_uses: how often each block will be asked for.
        limit_bytes: of the blocks that are kept.
    """

    def __init__(self, n_uses: Counter[Cell], limit_bytes: int) -> None:
        self.n_uses, self._limit_bytes = n_uses, limit_bytes
        self._kept: OrderedDict[tuple[Cell, int], Future[Bytes]] = OrderedDict()
        self._n_bytes = 0
        self._lock = Lock()

    def get(self, cell: Cell, reduction: int, decode: Callable[[], Bytes]) -> Bytes:
        """Return the block, decoded if it is not there; a failure is not kept."""
        key = cell, reduction
        with self._lock:
            found = self._kept.get(key)
            mine: Future[Bytes] = Future()
            if found is None:
                self._kept[key] = mine
            else:
                self._kept.move_to_end(key)
        try:
            block = found.result() if found is not None else decode()
        except BaseException as error:
            if found is None:
                with self._lock:
                    self._kept.pop(key, None)
                mine.set_exception(error)
            raise
        if found is None:
            block.flags.writeable = False  # nobody may change what others still read
            mine.set_result(block)
        with self._lock:
            self._n_bytes += block.nbytes if found is None else 0
            self.n_uses[cell] -= 1
            if self.n_uses[cell] <= 0:
                self._drop(key)
            self._shrink()
        return block

    def _drop(self, key: tuple[Cell, int]) -> None:
        gone = self._kept.get(key)
        if gone is not None and gone.done():
            del self._kept[key]
            self._n_bytes -= gone.result().nbytes

    def _shrink(self) -> None:
        while self._n_bytes > self._limit_bytes and len(self._kept) > 1:
            key, oldest = self._kept.popitem(last=False)
            if not oldest.done():  # it is being decoded: its bytes are not counted yet
                self._kept[key] = oldest
                return
            self._n_bytes -= oldest.result().nbytes


class CachedBlocks:
    """A level whose blocks come from a cache; those needed once are not kept at all."""

    def __init__(self, blocks: Blocks, level: int, cache: BlockCache) -> None:
        self._blocks, self._level, self._cache = blocks, level, cache
        self._is_shared = {
            (cell.row, cell.column)
            for cell, n in cache.n_uses.items()
            if n > 1 and cell.level == level
        }
        self.grid: Grid = blocks.grid

    def block(self, row: int, column: int, *, reduction: int, is_grey: bool) -> Bytes:
        """Return a block as its level gives it; read-only where it is kept for others."""
        if (row, column) not in self._is_shared:
            return self._blocks.block(row, column, reduction=reduction, is_grey=is_grey)

        def decode() -> Bytes:
            return self._blocks.block(row, column, reduction=reduction, is_grey=is_grey)

        return self._cache.get(Cell(self._level, row, column), reduction, decode)

    def reduction_for(self, factor: float) -> int:
        """Return what the level answers."""
        return self._blocks.reduction_for(factor)


def cache_bytes(grid: Grid, tallest_px: float) -> int:
    """Return how much to keep so that regions in scan order find their blocks again.

    Enough for a row of regions `tallest_px` high, but 64 to 256 MiB.
    """
    n_rows = int(tallest_px) // grid.block_height_px + 2
    wanted = n_rows * grid.n_across * grid.block_width_px * grid.block_height_px * 3
    return min(max(CACHE_BYTES, wanted), MOST_CACHE_BYTES)


def in_order(
    read: Callable[[int], Bytes], n: int, n_bytes_each: int, pool: Executor, n_threads: int
) -> Iterator[Bytes]:
    """Yield read(0), read(1) ... read(n - 1), of which a few batches are read ahead.

    Args:
        read: may be called from several threads.
        n: how many.
        n_bytes_each: of a result.
        pool: of threads.
        n_threads: of it.

    Raises:
        Exception: what `read` raises, in its turn.
    """
    n_batch = max(1, min(_MOST_IN_BATCH, _BATCH_BYTES // max(1, n_bytes_each)))
    batches = iter([range(at, min(at + n_batch, n)) for at in range(0, n, n_batch)])
    waiting: deque[Future[list[Bytes]]] = deque()

    def fill() -> None:
        while len(waiting) < 2 * n_threads:
            batch = next(batches, None)
            if batch is None:
                return
            waiting.append(pool.submit(_all_of, read, batch))

    if n_threads == 1:  # a thread of its own would only take turns with this one
        yield from map(read, range(n))
        return
    try:
        fill()
        while waiting:
            made = waiting.popleft().result()
            fill()
            yield from made
    finally:
        for one in waiting:
            one.cancel()


def _all_of(read: Callable[[int], Bytes], batch: Sequence[int]) -> list[Bytes]:
    return [read(one) for one in batch]
