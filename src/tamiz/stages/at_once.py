"""Several trainings at once on the engine in force, each alone in its folder, told as one.

A training computes with as many threads as it would alone in this process, wherever it is done, so
its result is the same to the last bit on machines of one kind. What it writes lies in the run's
folder, which all workers must see. A worker that is lost takes nothing along: whoever takes its
place goes on from the checkpoint.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import locked, make_folder, write_text
from tamiz.core.recipe import Recipe
from tamiz.stages.telling import Teller, hearing
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

Part = TypeVar("Part")
Result = TypeVar("Result")
Work = Callable[[Part, OnEvent], Result]

_FOLDER: Final = "at-work"
_MARK: Final = "mark"
_WAIT_S: Final = 30.0  # for a worker that is being replaced to let go
_STEP_S: Final = 0.2
_MOST_CHARACTERS: Final = 60  # of a name that are shown by a folder


@dataclass(frozen=True, slots=True)
class Trainings:
    """Trainings of which none waits for another.

    Attributes:
        stage: the word of the stage that tells about them.
        folder: of the run; all workers must see it under this path.
        n: how many there are.
        recipe: says on which device they compute, and with how many threads.
    """

    stage: str
    folder: Path
    n: int
    recipe: Recipe


def each_training(
    work: Work[Part, Result],
    parts: Iterable[tuple[str, Part]],
    trainings: Trainings,
    on_event: OnEvent,
) -> Generator[Result, None, None]:
    """Yield `work(part, on_event)` for each part, in order; several at once where the engine can.

    On the default engine they are done here, one after another, and events come as they are. Of
    trainings that are done elsewhere one line tells how far all are.

    Args:
        work: survives pickling, and goes on from what it finds in the folder.
        parts: (name, part); names differ, are the same in a repeated call, and are shown.
        trainings: what they have in common.
        on_event: told about progress.

    Raises:
        WrongUse: a worker does not see the folder, or another process works on the part.
        MachineTrouble: a part was lost with its worker several times.
        TamizError: whatever stops a training; those that go on beside it are stopped and saved.
    """
    if not is_elsewhere():
        for _, part in parts:
            yield work(part, on_event)
        return
    folder = trainings.folder.absolute() / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    mark = secrets.token_hex(8)
    write_text(folder / _MARK, mark)
    apart = _Apart(work, folder, mark, _Computing.as_here())
    try:
        with hearing(folder, trainings.stage, trainings.n, on_event) as check:
            for made in in_order(apart, parts, _wishes(trainings)):
                check()
                yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def in_turn(parts: Iterable[Part], events: Iterable[Event], on_event: OnEvent) -> Iterator[Part]:
    """Yield the parts; where they are done here, one after another, tell of each as it begins."""
    for part, event in zip(parts, events, strict=True):
        if not is_elsewhere():
            on_event(event)
        yield part


def _wishes(trainings: Trainings) -> Wishes:
    train = trainings.recipe.train
    needs_gpu = train.device != "cpu"
    gpus = _gpus(train.device) if needs_gpu else ()
    cores = 1 if gpus else _n_threads(trainings.recipe)
    return Wishes(n_cores=cores, what=trainings.stage, needs_gpu=needs_gpu, gpus=gpus)


def _gpus(device: str) -> tuple[str, ...]:
    """Return the names of this machine's GPUs that trainings may have, one each."""
    from tamiz.engine.device import n_gpus

    n = n_gpus()
    visible = [one for one in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if one]
    names = tuple(visible or map(str, range(n)))[:n]
    number = device.partition(":")[2]
    return names[int(number) : int(number) + 1] if number.isdecimal() else names


def _n_threads(recipe: Recipe) -> int:
    from tamiz.engine.device import threads_for

    train = recipe.train
    return threads_for(train.threads, train.batch_size or 128, recipe.prepare.size_px)


@dataclass(frozen=True, slots=True)
class _Computing:
    """With how many threads this process computes; a worker computes with as many.

    Attributes:
        n_cores: that a training without a number of its own reckons with.
        n_threads: of torch outside of trainings.
    """

    n_cores: int
    n_threads: int

    @classmethod
    def as_here(cls) -> _Computing:
        """Return how this process computes."""
        from tamiz.engine.device import n_cores, thread_count

        return cls(n_cores(), thread_count())

    @contextmanager
    def here(self) -> Iterator[None]:
        """Compute like this inside."""
        from threadpoolctl import threadpool_limits

        from tamiz.engine.device import using_threads

        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = str(self.n_cores)
        try:
            with threadpool_limits(self.n_cores), using_threads(self.n_threads):
                yield
        finally:
            os.environ.pop("OMP_NUM_THREADS")
            if before is not None:
                os.environ["OMP_NUM_THREADS"] = before


@dataclass(frozen=True, slots=True)
class _Apart(Generic[Part, Result]):
    """Work as a worker does it: alone in its folder, telling by a file what happens."""

    work: Work[Part, Result]
    folder: Path
    mark: str
    computing: _Computing

    def __call__(self, named: tuple[str, Part]) -> Result:
        """Return what the work makes of the part."""
        name, part = named
        self._check_shared()
        place = self.folder / _file_name(name)
        with ExitStack() as stack:
            stack.enter_context(_alone(place))
            stack.enter_context(self.computing.here())
            tell = stack.enter_context(Teller.at(place, name))
            return self.work(part, tell)

    def _check_shared(self) -> None:
        try:
            found = (self.folder / _MARK).read_text(encoding="utf-8")
        except OSError:
            found = ""
        if found != self.mark:
            raise WrongUse.of(
                "trainings.not_shared", where=socket.gethostname(), folder=self.folder.parent
            )


def _file_name(name: str) -> str:
    """Return a folder's name for a training's, another for each."""
    plain = re.sub(r"[^A-Za-z0-9.=_-]+", "-", name)[:_MOST_CHARACTERS].strip(".")
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Hold the folder; wait a moment for a worker that was given up and is not gone yet.

    Raises:
        WrongUse: another process holds it all the same.
    """
    until = time.monotonic() + _WAIT_S
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(place))
                break
            except WrongUse:
                if time.monotonic() > until:
                    raise
            time.sleep(_STEP_S)
        yield
