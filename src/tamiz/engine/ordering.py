"""Which training rows an epoch sees, how often, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.keyed import Keys, keyed_bits, keyed_order
from tamiz.engine.prepared import Positions

_COPY: Final = np.uint64(0xD1342543DE82EF95)  # odd: copies of an item get keys of their own


@dataclass(frozen=True, slots=True)
class Drawn:
    """The rows of one epoch, in order.

    Attributes:
        positions: (n,) rows; with balanced classes a row may come several times.
        keys: (n,) uint64, the keys of their random numbers: copies of a row differ.
    """

    positions: Positions
    keys: Keys


class Ordering:
    """A function of seed and epoch: all rows once, classes evenly, or one super batch.

    With `balance` 'sampling' an epoch is as long as the training part and has every class equally
    often; with 'level' every class comes `level_to` times. A class with fewer rows gives copies,
    each changed in its own way; with more, another choice of them each epoch. Copies are rows of
    the training part: they can neither leave their group nor their side of the split.

    With super batches, epoch e of s belongs to super batch e // epochs. Besides its own rows it
    sees some of a sample of those before (the replay reservoir), so that they are not forgotten.
    """

    def __init__(
        self,
        keys: Keys,
        targets: NDArray[Any],
        train_rows: Positions,
        shard: NDArray[np.int64] | None,
        train: TrainOptions,
    ) -> None:
        self._keys, self._targets, self._options = keys, targets, train
        self._shards = [train_rows] if shard is None else _cut(train_rows, shard)
        self._seed = derive_seed(train.seed, "order")
        self.check()
        self._last: tuple[int, Drawn] | None = None

    @property
    def n_epochs(self) -> int:
        """Return how many epochs there are: `train.epochs` on each super batch."""
        return self._options.epochs * len(self._shards)

    @property
    def n_shards(self) -> int:
        """Return how many super batches there are."""
        return len(self._shards)

    def shard_of(self, epoch: int) -> int:
        """Return the super batch that epoch `epoch` trains on, from 0."""
        return epoch // self._options.epochs

    def n_drawn(self) -> list[int]:
        """Return how many rows an epoch on each super batch sees."""
        rows = [self._rows_of(number) for number in range(len(self._shards))]
        if self._options.balance in {"sampling", "level"}:
            return [int(self._counts_for(one).sum()) for one in rows]
        return [len(one) for one in rows]

    def drawn(self, epoch: int) -> Drawn:
        """Return the rows of epoch `epoch`, in order."""
        if self._last is None or self._last[0] != epoch:
            self._last = (epoch, self._draw(epoch))
        return self._last[1]

    def _draw(self, epoch: int) -> Drawn:
        rows = self._rows_of(self.shard_of(epoch))
        keys = self._keys[rows]
        if self._options.balance not in {"sampling", "level"}:
            order = keyed_order(self._seed, epoch, keys)
            return Drawn(rows[order], keys[order])
        positions, copy_keys = self._evened(rows, epoch)
        order = keyed_order(self._seed, epoch, copy_keys)
        return Drawn(positions[order], copy_keys[order])

    def _rows_of(self, shard: int) -> Positions:
        """Return the rows of a super batch with what it replays of earlier ones."""
        own = self._shards[shard]
        n = round(self._options.replay * len(own))
        if shard == 0 or n == 0:
            return own
        earlier = np.concatenate(self._shards[:shard])
        # Reservoir sampling by priority: a row stays as long as its number is among the smallest,
        # so nothing but what is in the reservoir ever has to be kept.
        priority = keyed_bits(derive_seed(self._options.seed, "replay"), 0, self._keys[earlier], 1)
        kept = earlier[np.argsort(priority[:, 0], kind="stable")[:n]]
        return np.concatenate([own, kept])

    def _counts_for(self, rows: Positions) -> NDArray[np.int64]:
        """Return how often each class comes in an epoch; 0 for one without rows."""
        found = np.bincount(self._targets[rows])
        present = found > 0
        if self._options.balance == "level":
            to = self._options.level_to
            each = (-(-to // len(self._shards)) if to else 0) or int(found.max())
        else:
            each = -(-len(rows) // int(present.sum()))
        return np.where(present, each, 0).astype(np.int64)

    def _evened(self, rows: Positions, epoch: int) -> tuple[Positions, Keys]:
        chosen, keys = [], []
        for label, n in enumerate(self._counts_for(rows)):
            if n == 0:
                continue
            members = rows[self._targets[rows] == label]
            own_keys = self._keys[members]
            order = keyed_order(derive_seed(self._seed, "draw"), epoch, own_keys)
            at = np.resize(order, n)  # repeats the order as often as needed
            copy = (np.arange(n) // len(members)).astype(np.uint64)
            chosen.append(members[at])
            keys.append(own_keys[at] ^ (copy * _COPY))
        return np.concatenate(chosen), np.concatenate(keys)

    def check(self) -> None:
        """Raise when these rows cannot be drawn so.

        Raises:
            WrongUse: rows have several labels, and classes are to be drawn evenly.
            WrongData: a super batch has one class only.
        """
        if self._targets.ndim == 2:
            if self._options.balance in {"sampling", "level"}:
                raise WrongUse.of("train.balance_labels", where="train.balance")
            return
        for number, rows in enumerate(self._shards):
            if len(self._shards) > 1 and len(np.unique(self._targets[rows])) < 2:
                raise WrongData.of(
                    "train.shard_of_one_class", where="train.shards", number=number + 1,
                    n=len(rows), n_shards=len(self._shards),
                )  # fmt: skip


def _cut(rows: Positions, shard: NDArray[np.int64]) -> list[Positions]:
    numbers = shard[rows]
    return [rows[numbers == number] for number in range(int(numbers.max()) + 1)]
