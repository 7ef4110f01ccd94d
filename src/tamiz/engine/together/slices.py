"""Which rows of a batch a process works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, cast

from numpy.typing import NDArray

from tamiz.core.errors import WrongUse

Array = TypeVar("Array", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class Part:
    """The rows first..last-1 of a batch of n; (0, 0, 0) is a batch that nobody shares."""

    first: int = 0
    last: int = 0
    n: int = 0

    def __len__(self) -> int:
        return self.last - self.first

    @property
    def share(self) -> float:
        """Return its weight in the mean over the whole batch."""
        return len(self) / self.n if self.n else 1.0

    def of(self, group: Array) -> Array:
        """Return the part's rows of the whole batch."""
        return cast(Array, group[self.first : self.last]) if self.n else group


WHOLE = Part()


def part_of(n: int, rank: int, n_ranks: int) -> Part:
    """Return the rows of a batch of `n` that process `rank` of `n_ranks` works on.

    One after the other, the parts are the batch; their sizes differ by one row at most.
    """
    if n_ranks == 1:
        return WHOLE
    return Part(n * rank // n_ranks, n * (rank + 1) // n_ranks, n)


def refuse_too_few(n_rows: int, n_batches: int, n_ranks: int) -> None:
    """Raise when a batch would leave a process without work.

    Raises:
        WrongUse: the smallest batch has fewer rows than there are processes.
    """
    smallest = n_rows // n_batches
    if smallest < n_ranks:
        raise WrongUse.of("together.batch_too_small", where="train.batch_size", n=smallest,
                          processes=n_ranks)  # fmt: skip
