"""Opening files that a stranger made: regular files only, names of any bytes, bounded sizes."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from tamiz.formats.refusal import refuse
from tamiz.formats.regions import MARK, place_of

INSIDE: Final = "!/"  # between an archive and its member: 'photos.zip!/cats/a.jpg'
MAX_FILE_BYTES: Final = 512 * 2**20  # a photo of 50 megapixels is 150 MB even uncompressed
_ESCAPED = re.compile(r"\\udc([89a-f][0-9a-f])")


def to_text(name: str) -> str:
    r"""Return a file name that UTF-8 can hold: odd bytes become '\udcXX', as in ledger.csv."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def to_native(name: str) -> str:
    """Return the name that `to_text` came from."""
    return _ESCAPED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)


def locate(root: Path, path: str) -> str:
    """Return the file's place on disk; names with odd bytes are found again.

    Of a part of an image ('a.tif#xywh=...') it is the image's place.
    """
    place = f"{root}/{path}" if not path.startswith("/") else path
    if MARK in path and not os.path.lexists(place):
        place = place_of(place).file
    if "\\udc" in path and not os.path.lexists(place):
        place = to_native(place)
    return place


def is_within(place: str, real_top: str) -> bool:
    """Return whether a place, all links followed, lies in `real_top` (which has no links)."""
    real = os.path.realpath(place)
    return real == real_top or real.startswith(real_top.rstrip("/") + "/")


def split_path(root: Path, path: str) -> tuple[str, str]:
    """Return the file on disk that a manifest's path leads to, and what is wanted inside it.

    'wow!/a.png' may be a file in a folder named 'wow!': ('wow!/a.png', ''); or a member of the
    archive 'wow': ('wow', 'a.png'). What lies on disk decides. Of a part of an image it is where
    the image lies.
    """
    if MARK in path and not os.path.lexists(f"{root}/{path}"):
        path = place_of(path).file
    if INSIDE not in path or os.path.lexists(locate(root, path)):
        return path, ""
    begin = path.find(INSIDE)
    while begin >= 0:
        if os.path.isfile(locate(root, path[:begin])):  # noqa: PTH113  (twice as fast)
            return path[:begin], path[begin + len(INSIDE) :]
        begin = path.find(INSIDE, begin + 1)
    outer, _, rest = path.partition(INSIDE)
    return outer, rest


def open_regular(place: str | Path) -> int:
    """Return a read-only descriptor of a regular file; a FIFO or a device never hangs.

    Raises:
        Refusal: it is a folder, a FIFO, a socket or a device.
        OSError: it is missing or may not be read.
    """
    handle = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise refuse("not_regular", kind=kind_of_mode(mode))
    return handle


def read_regular(place: str | Path, limit_bytes: int = MAX_FILE_BYTES) -> bytes | None:
    """Return a regular file's content, or None when it is larger than `limit_bytes`."""
    handle = open_regular(place)
    try:
        size = os.fstat(handle).st_size
        if size > limit_bytes:
            return None
        content = os.read(handle, size + 1)
        if len(content) == size:
            return content
        parts = [content]
        while part := os.read(handle, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(handle)


def read_head(place: str | Path, n_bytes: int) -> bytes:
    """Return the first bytes of a regular file."""
    handle = open_regular(place)
    try:
        return os.read(handle, n_bytes)
    finally:
        os.close(handle)


def kind_of_mode(mode: int) -> str:
    """Return 'folder', 'FIFO', 'socket', 'device' or 'link' for a file that is not regular."""
    kinds = (
        (stat.S_ISDIR, "folder"),
        (stat.S_ISFIFO, "FIFO"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISLNK, "link"),
    )
    return next((name for is_kind, name in kinds if is_kind(mode)), "device")
