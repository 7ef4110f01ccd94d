"""An engine for tests: works as far away as one can within a process, and in the worst order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from tamiz.workers import current
from tamiz.workers.registry import Part, Result, Wishes


class Eager:
    """Takes `ahead` parts at once, pickles them, does the last first, and yields in order."""

    def __init__(self, ahead: int = 100) -> None:
        self.ahead = ahead
        self.wishes: list[Wishes] = []

    def n_hands(self, wishes: Wishes) -> int:
        return self.ahead

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        self.wishes.append(wishes)
        rest = iter(parts)
        while some := [_copied(part) for part in islice(rest, self.ahead)]:
            made: list[Any] = [_copied(work)(part) for part in reversed(some)]
            yield from (_copied(one) for one in reversed(made))

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        pass

    def close(self) -> None:
        pass


def _copied(value: Any) -> Any:
    return ForkingPickler.loads(ForkingPickler.dumps(value))


@contextmanager
def eagerly(ahead: int = 100) -> Iterator[Eager]:
    """Let all that maps over items in this context do so on such an engine."""
    engine = Eager(ahead)
    mark = current._current.set(engine)
    try:
        yield engine
    finally:
        current._current.reset(mark)
