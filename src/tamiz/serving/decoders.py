"""A few decoding processes, kept ready; one that breaks is replaced, its upload alone suffers."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import TamizError, WrongData
from tamiz.data.image import Kind
from tamiz.models.input_facts import View
from tamiz.serving.decoding import MOST_FRAME_BYTES, Request, Way
from tamiz.serving.frames import Ended, Frame, receive, send

_START_SECONDS: Final = 60.0
_REST_SECONDS: Final = 1.0
_LAST: Final = frozenset({"end", "error"})
_LIBRARIES: Final = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS",
)  # fmt: skip
# Memory of one image serves the next: fetched anew from the system for each, its pages cost as much
# time as the decoding (12 megapixels: 0.10 s against 0.23 s). Ends at the limit on the whole.
_ALLOCATOR: Final = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**28),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What decoding may take.

    Attributes:
        processes: that decode at the same time.
        memory_mib: address space of each; 0: not limited.
        seconds: for one image, from the request or from the image before it.
        images: of one upload that are read.
    """

    processes: int = 2
    memory_mib: int = 2048
    seconds: float = 30.0
    images: int = 1000


@dataclass(frozen=True, slots=True)
class Picture:
    """An image to look at.

    Attributes:
        png: at most as large as was asked for.
        size_px: (width, height) of it.
        full_px: (width, height) of the image itself.
        box: where the network's input lies on it (see `explain_drawing.box_of`).
        format: of the file: 'JPEG', 'DICOM', ...
        bits: per channel, as stored.
    """

    png: bytes
    size_px: tuple[int, int]
    full_px: tuple[int, int]
    box: tuple[float, float, float, float]
    format: str
    bits: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """One image as the networks read it.

    Attributes:
        name: within the upload, as `predict` would say.
        inputs: of each way (height, width, channels) uint8.
        views: of each way what its guard looks at.
        picture: where one was asked for.
    """

    name: str
    inputs: tuple[NDArray[np.uint8], ...]
    views: tuple[View, ...]
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """One image that cannot be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What an upload held besides.

    Attributes:
        n_images: in all, read or not.
        others: (name, reason) of files that are no images.
    """

    n_images: int
    others: tuple[tuple[str, str], ...]


class Decoders:
    """Processes that decode uploads; thread-safe; a context manager.

    Args:
        ways: how the networks read images.
        limits: what decoding may take.
    """

    def __init__(self, ways: Sequence[Way], limits: Limits) -> None:
        self.ways, self.limits = tuple(ways), limits
        self._idle: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._all: set[_Process] = set()
        self._is_closed = False
        for _ in range(limits.processes):
            self._idle.put(None)  # started by the first who needs it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Start all processes now."""
        taken = [self._take() for _ in range(self.limits.processes)]
        for one in taken:
            self._idle.put(one)

    def read(self, request: Request) -> Iterator[Decoded | Unread | Rest]:
        """Yield the images of an upload, those that cannot be read, and last what else it held.

        Raises:
            WrongData: nothing in it is an image, or it broke its process: by size, or by time.
        """
        process = self._take()
        is_whole = False
        try:
            for made in process.ask(request):
                is_whole = isinstance(made, Rest)
                yield made
        except _RefusedError as error:
            is_whole = True
            raise error.told from error
        except GeneratorExit:  # nobody wants the rest: a new process would cost a second
            is_whole = is_whole or process.has_ended(_REST_SECONDS)
            raise
        finally:
            if is_whole:
                self._idle.put(process)
            else:  # broken, or busy for longer
                self._drop(process)
                self._idle.put(None)

    def close(self) -> None:
        """End all processes; what they work on fails."""
        self._is_closed = True
        with self._lock:
            for one in self._all:
                one.kill()
            self._all.clear()

    def _take(self) -> _Process:
        process = self._idle.get()
        if process is not None and process.is_alive:
            return process
        try:
            if self._is_closed:
                raise WrongData.of("serving.closing")
            if process is not None:
                self._drop(process)
            made = _Process(self.ways, self.limits)
        except BaseException:
            self._idle.put(None)
            raise
        with self._lock:
            self._all.add(made)
        return made

    def _drop(self, process: _Process) -> None:
        process.kill()
        with self._lock:
            self._all.discard(process)


class _RefusedError(Exception):
    """The process says that the upload cannot be read; the process itself is well."""

    def __init__(self, told: TamizError) -> None:
        self.told = told
        super().__init__(str(told))


class _Process:
    """One decoding process."""

    def __init__(self, ways: Sequence[Way], limits: Limits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tamiz.serving.decoding"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_ALLOCATOR, **os.environ, **dict.fromkeys(_LIBRARIES, "1")},
        )
        try:
            told = {"memory_mib": limits.memory_mib, "ways": [one.to_table() for one in ways]}
            send(self._given, told)
            self._next(_START_SECONDS)
        except (Ended, WrongData) as error:
            self.kill()
            raise WrongData.of("serving.no_decoder") from error

    @property
    def is_alive(self) -> bool:
        """Return whether it still runs."""
        return self._process.poll() is None

    def ask(self, request: Request) -> Iterator[Decoded | Unread | Rest]:
        """Yield what it says about an upload."""
        try:
            send(self._given, asdict(request))
        except Ended as error:
            raise WrongData.of("serving.decoder_died") from error
        while True:
            frame = self._next(self._limits.seconds)
            kind, facts = frame.facts["is"], frame.facts
            if kind == "error":
                raise _RefusedError(WrongData(facts["what"], fix=facts["fix"]))
            if kind == "memory":
                raise WrongData.of("serving.decoder_died")
            if kind == "end":
                others = tuple((name, reason) for name, reason in facts["others"])
                yield Rest(int(facts["n"]), others)
                return
            if kind == "problem":
                yield Unread(facts["name"], facts["reason"])
            else:
                yield _decoded(frame)

    def has_ended(self, seconds: float) -> bool:
        """Return whether the last message about an upload comes in time; the others are lost."""
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                if self._next(left).facts["is"] in _LAST:
                    return True
        except WrongData:
            return False
        return False

    def kill(self) -> None:
        """End the process at once."""
        if self._process.poll() is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        self._process.wait()

    @property
    def _given(self) -> int:
        return _open(self._process.stdin)

    def _next(self, seconds: float) -> Frame:
        try:
            handle = _open(self._process.stdout)
            found = receive(handle, most_bytes=MOST_FRAME_BYTES, seconds=seconds)
        except Ended as error:
            raise WrongData.of("serving.decoder_died") from error
        if found is None:
            raise WrongData.of("serving.decoder_died")
        return found


def _open(stream: Any) -> int:
    if stream is None or stream.closed:
        raise Ended("closed")
    number: int = stream.fileno()
    return number


def _decoded(frame: Frame) -> Decoded:
    views = frame.facts["views"]
    inputs = frame.arrays[: 2 * len(views) : 2]
    looks = frame.arrays[1 : 2 * len(views) : 2]
    made = tuple(
        View(pixels, (int(one["size_px"][0]), int(one["size_px"][1])), Kind(one["kind"]))
        for pixels, one in zip(looks, views, strict=True)
    )
    return Decoded(frame.facts["name"], inputs, made, _picture(frame))


def _picture(frame: Frame) -> Picture | None:
    told = frame.facts.get("picture")
    if told is None:
        return None
    width, height = told["size_px"]
    full = told["full_px"]
    left, top, right, bottom = told["box"]
    return Picture(
        png=frame.arrays[-1].tobytes(),
        size_px=(int(width), int(height)),
        full_px=(int(full[0]), int(full[1])),
        box=(left, top, right, bottom),
        format=told["format"],
        bits=told["bits"],
    )
