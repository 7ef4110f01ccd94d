"""Several processes that train one network: what they tell each other.

Each computes its part of every batch (`slices`); gradients are added up, so all take the same
step. What depends on the clock or on the user (saving, stopping, the time being up) process 0
decides, and says it in the same breath as the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from tamiz.engine.together.slices import Part, part_of

T = TypeVar("T")
_BUCKET: Final = 2**22  # numbers that travel together: while one lot travels the next is packed


class Lost(Exception):
    """Another process is no longer there, or left this training."""


@dataclass(frozen=True, slots=True)
class Team:
    """The processes that train together; of one alone every method does nothing or its own.

    Attributes:
        rank: of this process; 0 decides and writes.
        n: how many there are.
        n_local: how many of them are on this machine.
        device: where this process computes.
    """

    rank: int = 0
    n: int = 1
    n_local: int = 1
    device: torch.device = torch.device("cpu")

    @property
    def is_first(self) -> bool:
        """Return whether this process decides, writes and speaks."""
        return self.rank == 0

    def part(self, n: int) -> Part:
        """Return the rows of a batch of `n` that are this process's."""
        return part_of(n, self.rank, self.n)

    def from_first(self, make: Callable[[], T]) -> T:
        """Return what `make` gives in process 0; the others wait for it and do not call theirs."""
        if self.n == 1:
            return make()
        box: list[Any] = [make() if self.is_first else None]
        with losing():
            dist.broadcast_object_list(box, 0, device=torch.device("cpu"))
        return cast(T, box[0])

    def array_from_first(self, array: np.ndarray[Any, Any]) -> None:
        """Fill `array` (any shape, the same everywhere) with what it holds in process 0."""
        with losing():
            for some in np.array_split(array.reshape(-1).view(np.uint8), 1 + array.nbytes // 2**28):
                dist.broadcast(torch.from_numpy(some), 0)

    def gathered(self, mine: T) -> list[T]:
        """Return what every process gives, by rank."""
        if self.n == 1:
            return [mine]
        made: list[Any] = [None] * self.n
        with losing():
            dist.all_gather_object(made, mine)
        return made

    def gathered_rows(self, mine: Tensor) -> Tensor:
        """Return (n, length) the vector of every process, by rank; all of one length."""
        made = mine.new_empty(self.n * len(mine))
        with losing():
            dist.all_gather_into_tensor(made, mine.contiguous())
        return made.view(self.n, len(mine))

    def summed(self, mine: Tensor) -> Tensor:
        """Return the sum over all processes."""
        if self.n > 1:
            mine = mine.contiguous()
            with losing():
                dist.all_reduce(mine)
        return mine

    def add_gradients(self, module: nn.Module, word: int) -> int:
        """Replace every gradient by the sum over all processes; return the word of process 0."""
        gradients = [p.grad for p in module.parameters() if p.grad is not None]
        told = torch.full((1,), float(word if self.is_first else 0), device=self.device)
        with losing():
            travelling = [self._sent(some) for some in _buckets([*gradients, told])]
            for work, flat, some in travelling:
                work.wait()
                ends = np.cumsum([one.numel() for one in some])
                for one, summed in zip(some, flat.tensor_split(ends[:-1].tolist()), strict=True):
                    one.copy_(summed.view_as(one))
        return int(told)

    def _sent(self, some: list[Tensor]) -> tuple[Any, Tensor, list[Tensor]]:
        flat = torch.cat([one.reshape(-1).float() for one in some])
        return dist.all_reduce(flat, async_op=True), flat, some

    def share_random(self) -> None:
        """Take over the random state of process 0."""
        if self.n == 1:
            return
        on_gpu = self.device.type == "cuda"
        cpu, cuda = self.from_first(
            lambda: (torch.get_rng_state(), torch.cuda.get_rng_state() if on_gpu else None)
        )
        torch.set_rng_state(cpu)
        if on_gpu and cuda is not None:
            torch.cuda.set_rng_state(cuda)

    def meet(self) -> None:
        """Wait until all are here, so that nobody hangs up while others still listen."""
        if self.n > 1:
            self.gathered(None)


ALONE: Final = Team()


@contextmanager
def losing() -> Iterator[None]:
    """Raise `Lost` for what torch raises when another process hangs up."""
    try:
        yield
    except RuntimeError as error:
        raise Lost(str(error)) from error


def _buckets(tensors: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """Yield the tensors in lots, the last first: their gradients are known first."""
    lot: list[Tensor] = []
    size = 0
    for one in reversed(tensors):
        lot.append(one)
        size += one.numel()
        if size >= _BUCKET:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


def step_of(team: Team, part: Part) -> Any:
    """Return the context in which a network computes its part of a batch as if it had it all."""
    if team.n == 1:
        return nullcontext()
    from tamiz.engine.together.step import WholeBatch

    return WholeBatch(team, part)
