"""The engine in force: chosen once by whoever starts a job, asked by whatever maps over items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic

from tamiz.core.errors import WrongUse
from tamiz.core.language import current_language, speaking
from tamiz.workers.local import Local
from tamiz.workers.registry import ENGINES, Engine, Part, Place, Result, Wishes

DEFAULT: Final = "local"
_current: ContextVar[Engine | None] = ContextVar("engine", default=None)


@contextmanager
def working_on(name: str = DEFAULT, address: str = "", n_workers: int = 0) -> Iterator[Engine]:
    """Let all that maps over items in this context do so on the engine called `name`.

    Args:
        name: of a member of `ENGINES`.
        address: of a cluster, for engines that have one ('auto', 'host:6379').
        n_workers: at once; 0: as many as cores.

    Raises:
        WrongUse: no such engine, an address where none is used, or none that answers.
        MissingDependency: its package is not installed.
    """
    if n_workers < 0:
        raise WrongUse.of("workers.bad_number", where="--workers", n=n_workers)
    make = ENGINES.get(name)
    if address and name != "ray":
        raise WrongUse.of("workers.no_address", where="--address", name=name)
    engine: Engine = make(Place(address, n_workers))
    mark = _current.set(engine)
    try:
        yield engine
    finally:
        _current.reset(mark)
        engine.close()


def current() -> Engine:
    """Return the engine in force."""
    return _current.get() or Local()


def is_elsewhere() -> bool:
    """Return whether work leaves this process: parts and results are then copied."""
    return not isinstance(current(), Local)


def in_order(
    work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes | None = None
) -> Iterator[Result]:
    """Yield `work(part)` for each part, in order, on the engine in force (see `Engine`).

    Texts that the work makes are in the language that is in use here.
    """
    return current().in_order(_Speaking(work, current_language()), parts, wishes or Wishes())


def check_paths(places: Sequence[Path], out: Path | None = None) -> None:
    """Raise when a machine of the engine in force does not see these places as this one does.

    Args:
        places: what workers read.
        out: the folder that they write to, locked by this process.

    Raises:
        WrongUse: it names the first such machine, and the place.
    """
    # workers elsewhere have folders of their own to start from
    current().check_paths([one.absolute() for one in places], out.absolute() if out else None)


@dataclass(frozen=True, slots=True)
class _Speaking(Generic[Part, Result]):
    """Work, done in a reader's language wherever it is done."""

    work: Callable[[Part], Result]
    language: str

    def __call__(self, part: Part) -> Result:
        """Return what the work makes of a part."""
        with speaking(self.language):
            return self.work(part)
