"""What travels between the service and its decoding processes: JSON and plain arrays, no pickle."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_LENGTHS: Final = struct.Struct("<IQ")  # bytes of the JSON, bytes of all arrays
_MOST_JSON: Final = 2**26
_DTYPE: Final = np.dtype(np.uint8)


@dataclass(frozen=True, slots=True)
class Frame:
    """One message.

    Attributes:
        facts: JSON-ready.
        arrays: uint8, of any shapes.
    """

    facts: dict[str, Any]
    arrays: tuple[NDArray[np.uint8], ...] = field(default=())


class Ended(Exception):
    """The other side is gone, or took too long, or said what cannot be understood."""


def send(handle: int, facts: dict[str, Any], arrays: Sequence[NDArray[np.uint8]] = ()) -> None:
    """Write one message to an open file descriptor.

    Raises:
        Ended: nobody reads any more.
    """
    told = json.dumps({**facts, "shapes": [one.shape for one in arrays]}).encode()
    size = sum(one.nbytes for one in arrays)
    try:
        _write(handle, _LENGTHS.pack(len(told), size) + told)
        for one in arrays:
            _write(handle, np.ascontiguousarray(one).data.cast("B") if one.nbytes else b"")
    except OSError as error:
        raise Ended(str(error)) from error


def receive(handle: int, *, most_bytes: int, seconds: float | None = None) -> Frame | None:
    """Return the next message; None where the other side closed before one began.

    Args:
        handle: an open file descriptor.
        most_bytes: of all arrays together.
        seconds: for the whole message; None: as long as it takes.

    Raises:
        Ended: it broke off, took too long, or is larger than allowed.
    """
    until = None if seconds is None else time.monotonic() + seconds
    head = _read(handle, _LENGTHS.size, until)
    if not head:
        return None
    n_json, n_arrays = _LENGTHS.unpack(head)
    if n_json > _MOST_JSON or n_arrays > most_bytes:
        raise Ended("too large")
    facts = json.loads(_read(handle, n_json, until))
    shapes = [tuple(shape) for shape in facts.pop("shapes")]
    body = np.frombuffer(_read(handle, n_arrays, until), dtype=_DTYPE)
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(body, ends[:-1]) if shapes else []
    return Frame(facts, tuple(one.reshape(s) for one, s in zip(parts, shapes, strict=True)))


def _write(handle: int, content: bytes | memoryview) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _read(handle: int, n: int, until: float | None) -> bytes:
    """Return exactly `n` bytes, or none where the other side closed before the first."""
    made = bytearray()
    readable = select.poll()  # `select.select` takes no handle above 1,023: many who ask have more
    readable.register(handle, select.POLLIN)
    while len(made) < n:
        if until is not None:
            left = max(0.0, until - time.monotonic())
            if not readable.poll(1000 * left):
                raise Ended("too slow")
        try:
            part = os.read(handle, min(n - len(made), 2**20))
        except OSError as error:
            raise Ended(str(error)) from error
        if not part:
            if made:
                raise Ended("broke off")
            return b""
        made += part
    return bytes(made)
