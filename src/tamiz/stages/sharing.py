"""What workers on other machines must see before many items are sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tamiz.core.urls import is_mirrored
from tamiz.formats.files import locate, split_path
from tamiz.workers.current import check_paths, is_elsewhere


def check_shared(root: Path, paths: Sequence[str], out: Path | None = None) -> None:
    """Raise where a worker's machine does not see the source, or the folder for results.

    The folder and three of its files are looked at: of a folder that is not mounted only its
    empty place may be there.

    Args:
        root: of the source.
        paths: below it, as in a manifest.
        out: the folder that workers write to, locked by this process.

    Raises:
        WrongUse: it names the machine and the place.
    """
    if not is_elsewhere() or not paths:
        return
    chosen = sorted({paths[at] for at in (0, len(paths) // 2, -1)})
    if is_mirrored(root):
        # The source has a URL: a worker's machine fetches for itself what it reads.
        check_paths([], out)
        return
    root = root.absolute()  # workers have folders of their own to start from
    files = [Path(locate(root, split_path(root, path)[0])) for path in chosen]
    check_paths([root, *(file for file in files if file.is_file())], out)
