"""Size, depth and origin of images from their headers alone: no pixel is decoded.

For exploring: a hundred thousand files a second. A header is what a file announces; whether its
pixels keep the promise is for `check` to say, which decodes them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tamiz.core.errors import UnreadableItem
from tamiz.formats.archive import ArchiveCache
from tamiz.formats.dicom_dataset import is_dicom
from tamiz.formats.files import INSIDE, kind_of_mode, locate, split_path
from tamiz.formats.header_facts import FIRST_BYTES, HeaderFacts, Window
from tamiz.formats.headers_photo import FAULTS, READERS, familiar_jpeg, jpeg_facts
from tamiz.formats.headers_tiff import tiff_facts
from tamiz.formats.refusal import content_in_words, reason_of, refuse
from tamiz.formats.shards import open_container
from tamiz.formats.sniff import photo_format

__all__ = ["HeaderFacts", "as_columns", "scan", "scan_bytes", "scan_many"]

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a FIFO never hangs
_HEAD_INSIDE = 65536  # of an archive's member: what lies before it must be unpacked again


def scan(path: str | Path) -> HeaderFacts:
    """Return what the header of the file at `path` says.

    Reads its first KiB, and further only where the header goes on.

    Raises:
        UnreadableItem: it is no image, or its header is damaged or cut off.
    """
    try:
        return _scan_file(str(path), None)
    except FAULTS as error:
        raise UnreadableItem(str(path), reason_of(error)) from error


def scan_bytes(content: bytes, name: str = "") -> HeaderFacts:
    """Return what the header of a whole file, held in memory, says.

    Raises:
        UnreadableItem: as `scan`; `name` stands for the path.
    """
    try:
        return _facts(Window.of_bytes(content))
    except FAULTS as error:
        raise UnreadableItem(name, reason_of(error)) from error


def scan_many(paths: Iterable[str], root: str | Path) -> list[HeaderFacts | str]:
    """Return the facts of each of a manifest's paths, or in words why there are none.

    Paths are relative to `root`; they may lead into an archive ('photos.zip!/a.jpg').
    """
    made: list[HeaderFacts | str] = []
    top, archives = Path(root), ArchiveCache(open_container)
    folder = _open_folder(top)
    try:
        for path in paths:
            try:
                if INSIDE in path:
                    made.append(_scan_inside(top, path, archives))
                elif "\\" in path:
                    made.append(_scan_file(locate(top, path), None))
                else:
                    made.append(_scan_file(path, folder))
            except FAULTS as error:
                made.append(reason_of(error))
    finally:
        archives.close()
        if folder is not None:
            os.close(folder)
    return made


def as_columns(found: Sequence[HeaderFacts | str]) -> dict[str, list[Any]]:
    """Return facts as columns of a manifest (sizes upright), null where there are none."""
    rows = [one if isinstance(one, HeaderFacts) else None for one in found]
    sizes = [one.upright_px if one else (None, None) for one in rows]
    columns: dict[str, list[Any]] = {
        "width_px": [width for width, _ in sizes],
        "height_px": [height for _, height in sizes],
    }
    for name in ("format", "mode", "bits", "um_per_px"):
        columns[name] = [getattr(one, name) if one else None for one in rows]
    columns["file_bytes"] = [one.n_bytes if one else None for one in rows]
    columns["dpi"] = [one.dpi[0] if one and one.dpi else None for one in rows]
    return columns


def _open_folder(root: Path) -> int | None:
    """Return a handle of the folder, so that the way to it is walked once; None for no folder."""
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None


def _scan_file(place: str, folder: int | None) -> HeaderFacts:
    handle = os.open(place, _FLAGS, dir_fd=folder)
    try:
        # lseek: twice as fast as fstat; FIFOs and sockets refuse it, devices say zero
        n_bytes = os.lseek(handle, 0, os.SEEK_END)
        head = os.pread(handle, FIRST_BYTES, 0) if n_bytes else b""
        if not head:
            raise refuse("empty")
        familiar = familiar_jpeg(head, n_bytes)
        return familiar or _facts(Window.of_file(handle, head, n_bytes))
    except FAULTS:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):  # the better reason
            raise refuse("not_regular", kind=kind_of_mode(mode)) from None
        raise
    finally:
        os.close(handle)


def _scan_inside(root: Path, path: str, archives: ArchiveCache) -> HeaderFacts:
    """Return the facts of an archive's member, unpacking its beginning only where that serves."""
    outer, member = split_path(root, path)
    place = Path(locate(root, outer))
    if not member:
        return _scan_file(str(place), None)
    archive = archives.get(place)
    head = archive.head(member, _HEAD_INSIDE)
    listed = archive.contents.size_by_name.get(member)  # of a table of pictures there is no list
    n_bytes = len(archive.read(member)) if listed is None else listed
    whole: list[bytes] = []

    def fetch(offset: int, n: int) -> bytes:
        if not whole:
            whole.append(archive.read(member))
        return whole[0][offset : offset + n]

    return _facts(Window(head, n_bytes, fetch))


def _facts(window: Window) -> HeaderFacts:
    head = window.head
    if head.startswith(b"\xff\xd8\xff"):
        return jpeg_facts(window)
    kind = photo_format(head)
    if kind == "TIFF":
        return tiff_facts(window)
    if kind is not None:
        return READERS[kind](window)
    if not head:
        raise refuse("empty")
    if is_dicom(head):
        from tamiz.formats.headers_dicom import dicom_facts

        return dicom_facts(window)
    found = content_in_words(head)
    raise refuse("not_an_image_but", kind=found) if found else refuse("not_an_image")
