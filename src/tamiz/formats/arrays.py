"""Arrays inside files, as paths name them: 'x.npz!/train_images', 'data_batch_1.bin!/cifar10'."""

from __future__ import annotations

from pathlib import Path

from tamiz.data.contracts import Policy
from tamiz.formats.cifar import LAYOUTS, Cifar
from tamiz.formats.files import INSIDE, read_head
from tamiz.formats.idx import ArraySource
from tamiz.formats.npz import Npz
from tamiz.formats.sniff import HEAD_BYTES, archive_kind, is_npz


def holds_arrays(head: bytes, wanted: str) -> bool:
    """Return whether what is wanted inside a file that begins so is an array, and no member."""
    return is_npz(head) or (wanted in LAYOUTS and archive_kind(head) is None)


def is_array(wanted: str, content: bytes | None) -> bool:
    """Return whether what is wanted inside a file is an array.

    Args:
        wanted: what a path has after the name of the file on disk; empty for the file itself.
        content: of the archive's member that `wanted` names or begins with; None: the file on
            disk holds the array itself.
    """
    if not wanted or content is None:
        return bool(wanted)
    _, inside, name = wanted.rpartition(INSIDE)
    return is_npz(content[:HEAD_BYTES]) or bool(inside and name in LAYOUTS)


def open_array(path: Path | str, content: bytes | None, policy: Policy) -> ArraySource:
    """Return the array that `path` names after its last '!/'.

    Args:
        path: of the file on disk with the array's name; with `content` only its last part counts.
        content: of the file; None: it is read from disk.
        policy: how values become pixels.

    Raises:
        UnreadableItem: there is no such array, or it is damaged.
    """
    file_path, _, name = str(path).rpartition(INSIDE)
    head = read_head(file_path, HEAD_BYTES) if content is None else content[:HEAD_BYTES]
    kind = Cifar if name in LAYOUTS and not is_npz(head) else Npz
    return kind.open(path, content, policy)
