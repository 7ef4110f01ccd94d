"""Images too many for memory: decoded by loader processes whenever they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from tamiz.core.errors import MachineTrouble, TamizError, UnreadableItem, WrongData
from tamiz.data.contracts import Step
from tamiz.engine.decoding import Prepare, Row
from tamiz.engine.prepared import MakeReader, Positions, Preparation


class _Batches(Dataset[Any]):
    """Batches by their positions; lives in every worker, which makes its own reader."""

    def __init__(
        self,
        rows: Sequence[Row],
        make_reader: MakeReader,
        steps: Sequence[Step],
        shape: tuple[int, int, int],
    ) -> None:
        self.rows, self.make_reader, self.steps, self.shape = rows, make_reader, steps, shape
        self._prepare: Prepare | None = None

    def __getitem__(self, positions: Positions) -> Tensor | TamizError | tuple[str, str]:
        """Return (n, height, width, channels) uint8, or the fault in a form that can travel."""
        if self._prepare is None:
            self._prepare = Prepare(self.make_reader(), tuple(self.steps), self.shape)
        made = np.empty((len(positions), *self.shape), dtype=np.uint8)
        try:
            for place, position in enumerate(positions):
                made[place] = self._prepare(self.rows[position])
        except UnreadableItem as error:
            return error.where, error.reason
        except WrongData as error:
            return str(error), ""
        return torch.from_numpy(made)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_prepare": None}


class _Groups:
    """The sampler: whatever groups are to come next; changed between epochs."""

    def __init__(self) -> None:
        self.groups: Sequence[Positions] = ()

    def __iter__(self) -> Iterator[Positions]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)


class Loader:
    """Prepared images that are decoded again each time, ahead of need, by worker processes.

    The workers are spawned (forking a process with threads is not safe) and live as long as this
    object; they end by themselves when the main process dies.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        make_reader: MakeReader,
        steps: Sequence[Step],
        how: Preparation,
    ) -> None:
        self.shape = how.shape
        self._source = _Batches(rows, make_reader, tuple(steps), how.shape)
        self._n_workers = how.n_workers
        self._groups = _Groups()
        self._loader: DataLoader[Any] | None = None

    def __len__(self) -> int:
        return len(self._source.rows)

    def shared_by(self, n: int) -> Loader:
        """Return the same images for one of `n` processes, with its share of the workers."""
        source, n_workers = self._source, self._n_workers and max(1, self._n_workers // n)
        how = Preparation(self.shape, workers=n_workers)
        return Loader(source.rows, source.make_reader, source.steps, how)

    def batch(self, positions: Positions) -> Tensor:
        """Return (batch, channels, height, width) uint8, decoded here and now."""
        return _unwrap(self._source[positions])

    def batches(self, groups: Sequence[Positions]) -> Iterator[Tensor]:
        """Yield `batch(group)` for each group, decoded ahead by the workers."""
        if self._n_workers == 0 or len(groups) < 2:
            yield from map(self.batch, groups)
            return
        if self._loader is None:
            self._loader = DataLoader(
                self._source,
                batch_size=None,
                sampler=self._groups,
                num_workers=self._n_workers,
                multiprocessing_context="spawn",
                persistent_workers=True,
                prefetch_factor=4,
                generator=torch.Generator(),  # or it would draw from the training's random state
            )
        self._groups.groups = groups
        try:
            for made in self._loader:
                yield _unwrap(made)
        except RuntimeError as error:
            if "worker" not in str(error):
                raise
            self._loader = None
            reason = " ".join(str(error).split())[:200]
            raise MachineTrouble.of("engine.worker_died", reason=reason) from error


def _unwrap(made: Tensor | TamizError | tuple[str, str]) -> Tensor:
    if isinstance(made, Tensor):
        return made.permute(0, 3, 1, 2)
    where, reason = made  # type: ignore[misc]
    if reason:
        raise UnreadableItem(where, reason)
    raise WrongData(where)
