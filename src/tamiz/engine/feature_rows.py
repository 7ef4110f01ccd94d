"""Rows of features in place of images, and the part of a network that gives them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.core.files import check_room, make_folder
from tamiz.core.seeds import derive_seed
from tamiz.engine.keyed import Keys, keyed_bits
from tamiz.engine.prepared import Positions
from tamiz.models.nets.normalised import Normalised


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """What a pass was like: rows computed now and found in the cache, and how near to float32."""

    engine: str
    precision: str
    n_features: int
    n_computed: int
    n_reused: int
    seconds: float
    difference: float | None


class FeatureRows:
    """Rows of features in place of images; `batch` gives (n, features) float32.

    Attributes:
        shape: (1, 1, features): one 'pixel' with as many channels as there are features.
        facts: about the pass that made them.
    """

    def __init__(
        self, table: Tensor, places: NDArray[np.int64], item_keys: Keys, facts: FeatureFacts
    ) -> None:
        """Hold a table.

        Args:
            table: (m, features), float32 or bfloat16.
            places: (1 + views, rows), the table's row for each view (0: plain) of each row; -1
                where that view was not computed.
            item_keys: (rows,), what views are chosen by.
            facts: about the pass.
        """
        self._table, self._places, self._keys = table, places, item_keys
        self.shape: tuple[int, int, int] = (1, 1, int(table.shape[1]))
        self.facts = facts

    def __len__(self) -> int:
        return int(self._places.shape[1])

    @property
    def n_views(self) -> int:
        """Return the number of changed views of each training image."""
        return len(self._places) - 1

    def batch(self, positions: Positions) -> Tensor:
        """Return (batch, features) float32 of the plain images.

        Raises:
            IndexError: a row is neither of the training nor of the validation part.
        """
        places = self._places[0, positions]
        if len(places) and places.min() < 0:
            raise IndexError("features of a row that was in neither part")
        return self._table[torch.from_numpy(places)].float()

    def batches(self, groups: Sequence[Positions]) -> Iterator[Tensor]:
        """Yield `batch(group)` for each group."""
        return map(self.batch, groups)

    def for_epoch(self, seed: int, epoch: int) -> FeatureRows:
        """Return the rows as they are seen in `epoch`: of each one view, the plain one included.

        Each row begins at a view of its own, from (seed, item), and goes through them in turn; so
        in 1 + views epochs it is seen in all of them.
        """
        if self.n_views == 0:
            return self
        return self.drawn(seed, epoch, np.arange(len(self)), self._keys)

    def drawn(self, seed: int, epoch: int, positions: Positions, keys: Keys) -> FeatureRows:
        """Return these rows as they are seen in `epoch`, in this order; see `for_epoch`.

        A row may come several times: copies have keys of their own, so each begins at a view of
        its own.
        """
        n = 1 + self.n_views
        starts = keyed_bits(derive_seed(seed, "views"), 0, keys, 1)[:, 0] % np.uint64(n)
        views = (starts.astype(np.int64) + epoch) % n
        chosen = self._places[views, positions]
        chosen = np.where(chosen < 0, self._places[0, positions], chosen)
        return FeatureRows(self._table, chosen[None, :], keys, self.facts)


def frozen_base(net: nn.Module) -> Normalised:
    """Return normalisation and base of a `Normalised` backbone: uint8 pixels to pooled features.

    Weights are shared with `net`, not copied.
    """
    if not isinstance(net, Normalised):
        raise TypeError("a network that normalises its input is needed")
    made = Normalised(net.net.get_submodule("base"), [0.0], [1.0])
    made.scale, made.shift = net.scale, net.shift
    return made


def table_in_file(folder: Path, shape: tuple[int, int], dtype: torch.dtype) -> Tensor:
    """Return a table of zeros in a file without a name: it vanishes with this process.

    Raises:
        MachineTrouble: the disk is full.
        WrongUse: the folder cannot be made.
    """
    plain = np.dtype(np.uint8 if dtype.itemsize == 1 else f"<u{dtype.itemsize}")
    make_folder(folder)
    check_room(folder, shape[0] * shape[1] * plain.itemsize)
    with tempfile.TemporaryFile(dir=folder) as opened:
        held = np.memmap(opened, dtype=plain, mode="w+", shape=shape)
    return torch.from_numpy(held).view(dtype)
