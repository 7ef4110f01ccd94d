"""What an engine offers, and the registry of engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from tamiz.core.registry import Registry

Part = TypeVar("Part")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Wishes:
    """How work on parts likes to be done; an engine does what it can.

    Attributes:
        n_threads: threads that help where the work stays in this process; 0: as many as cores.
        holds_lock: whether the work is Python that threads cannot speed up: the default engine
            then starts processes.
        n_cores: cores that one part uses by itself (a training: all that are given).
        what: what is worked on, for messages ('convert').
        needs_gpu: whether a part computes on a GPU where its worker has one; it has that one for
            itself.
        gpus: names of this machine's GPUs, for engines that stay on it.
    """

    n_threads: int = 0
    holds_lock: bool = False
    n_cores: int = 1
    what: str = ""
    needs_gpu: bool = False
    gpus: tuple[str, ...] = ()


class Engine(Protocol):
    """Something that does the same work on many parts."""

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        """Yield `work(part)` for each part, in order.

        Only so many parts are asked for as there are hands, and a few more, so that neither parts
        nor results pile up. What `work` raises is raised here when its turn comes, and ends it. A
        worker that is lost (killed, its machine gone) is replaced and its part done again.

        Args:
            work: must survive pickling unless the engine is 'local': a function of a module, a
                `functools.partial` of one, an object of a class with `__call__`.
            parts: likewise.
            wishes: see `Wishes`.

        Raises:
            MachineTrouble: a part was lost with its worker several times.
        """
        ...

    def n_hands(self, wishes: Wishes) -> int:
        """Return how many parts are worked on at once."""
        ...

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        """Raise when a worker's machine does not see files and folders as this one does.

        Machines that join later are asked when they get their first part.

        Args:
            places: what workers read.
            out: the folder that they write to, locked by this process (`core.files.locked`).

        Raises:
            WrongUse: the first machine that does not, and which place.
        """
        ...

    def close(self) -> None:
        """Let go of workers and connections."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine finds its workers.

    Attributes:
        address: of a cluster; 'auto' finds the one on this machine; empty: none.
        n_workers: at once; 0: as many as there are cores.
    """

    address: str = ""
    n_workers: int = 0


MakeEngine = Callable[[Place], Engine]
ENGINES: Final[Registry[Any]] = Registry("engines", "tamiz.workers")
