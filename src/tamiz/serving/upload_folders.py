"""Folders of uploads, private and marked with their process: what a killed one left is removed.

Each process holds a lock on a file of its own as long as it lives, however it ends; the names of
its folders begin alike. Folders whose lock nobody holds belong to nobody any more.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import secrets
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Final

PREFIX: Final = "tamiz-upload-"
_LOCK: Final = ".tamiz-uploads-{mark}"
_GUARD: Final = threading.Lock()


def new_folder() -> Path:
    """Return a new folder (0700) for one upload."""
    with _GUARD:
        mark = _mark(tempfile.gettempdir())
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{mark}-"))


def sweep() -> None:
    """Remove the uploads of processes of this user that were killed."""
    for path in Path(tempfile.gettempdir()).glob(_LOCK.format(mark="*")):
        try:
            if path.lstat().st_uid != os.geteuid():
                continue
            handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:  # gone already
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # its process lives
            continue
        else:
            mark = path.name.rpartition("-")[2]
            for folder in path.parent.glob(f"{PREFIX}{mark}-*"):
                shutil.rmtree(folder, ignore_errors=True)
            path.unlink(missing_ok=True)
        finally:
            os.close(handle)


@cache
def _mark(folder: str) -> str:
    """Return what the names of this process's folders begin with, its lock held from now on."""
    sweep()
    while True:
        mark = secrets.token_hex(6)
        path = Path(folder) / _LOCK.format(mark=mark)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if path.exists():  # nobody swept it before it was locked
            atexit.register(path.unlink, missing_ok=True)
            return mark
        os.close(handle)
