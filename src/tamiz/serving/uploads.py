"""Uploads on their way: in a private folder, under names of our own, gone as soon as answered."""

from __future__ import annotations

import errno
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from tamiz.core.errors import MachineTrouble, WrongData
from tamiz.serving.answering import HIDDEN, Given
from tamiz.serving.upload_folders import new_folder

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_NAME: Final = 200


class Upload:
    """One upload being received.

    Attributes:
        given: what came in, once `finish` was called.
        n_bytes: received so far.
    """

    def __init__(self, folder: Path, name: str, most_bytes: int) -> None:
        self.given = Given(folder / HIDDEN, plain_name(name))
        self.n_bytes = 0
        self._most_bytes = most_bytes
        self._file: BinaryIO | None = None

    def write(self, part: bytes) -> None:
        """Take the next bytes, whatever the sender announced.

        Raises:
            WrongData: these are more than allowed.
            MachineTrouble: the disk is full.
        """
        self.n_bytes += len(part)
        if self.n_bytes > self._most_bytes:
            limit = self._most_bytes >> 20
            raise WrongData.of("serving.too_large", where=self.given.name, limit_mib=limit)
        try:
            if self._file is None:
                self._file = self.given.path.open("xb")
            self._file.write(part)
        except OSError as error:
            raise _trouble(error) from error

    def finish(self) -> Given:
        """Return what came in.

        Raises:
            WrongData: nothing did.
            MachineTrouble: the disk is full.
        """
        if self._file is None:
            raise WrongData.of("serving.empty", where=self.given.name)
        self.close()
        return self.given

    def close(self) -> None:
        """Close the file."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            raise _trouble(error) from error


@contextmanager
def receiving(name: str, most_bytes: int) -> Iterator[Upload]:
    """Yield an upload to write to; its folder (0700) is removed at the end, come what may.

    Args:
        name: what the sender calls it.
        most_bytes: that are taken.
    """
    folder = new_folder()
    upload = Upload(folder, name, most_bytes)
    try:
        yield upload
    finally:
        try:
            upload.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def plain_name(name: str) -> str:
    """Return a sender's file name as text: without folders and control characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    made = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    return made[:_LONGEST_NAME] or HIDDEN


def _trouble(error: OSError) -> Exception:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return MachineTrouble.of("serving.disk_full")
    return error
