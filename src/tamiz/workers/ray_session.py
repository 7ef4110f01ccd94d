"""How Ray is begun and ended: silent towards the user, and leaving nothing behind."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tamiz.core.processes import leave_at_once
from tamiz.workers.ray_address import answers, find_cluster

_LOOPBACK_VARIABLE: Final = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
_STORE_BYTES: Final = 200_000_000  # of a Ray started here; parts and results are small
_PATIENCE_S: Final = 15.0  # with a cluster that does not answer
_FOLDER: Final = "tamiz-ray-"
# Sockets lie in the folder, and the path of a socket has at most 107 characters.
_MOST_CHARACTERS: Final = 40
_OWN_WORD: Final = ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN")
_QUIET: Final[dict[str, Any]] = {
    "log_to_driver": False,
    "logging_level": "ERROR",
    "configure_logging": False,
}


class RaySession:
    """A connection to a cluster, or a Ray of its own that ends with it.

    Raises:
        OSError, RuntimeError, ValueError: nothing answers, or Ray cannot be started.
    """

    def __init__(self, ray: ModuleType, address: str, n_cpus: int) -> None:
        self._ray = ray
        self._folder: Path | None = None
        self._is_gone = False
        self._answered = time.monotonic()
        logging.getLogger("ray").setLevel(logging.ERROR)
        if address:
            found, is_on_loopback = find_cluster(ray, address)
            with _on_loopback(ray) if is_on_loopback else nullcontext():
                ray.init(address=found, **_QUIET)
            return
        self._folder = _own_folder()
        try:
            self._start(n_cpus)
        except BaseException:
            self.close()
            raise

    def _start(self, n_cpus: int) -> None:
        with _on_loopback(self._ray):
            self._ray.init(
                address="local",  # whatever $RAY_ADDRESS says
                num_cpus=n_cpus,
                include_dashboard=False,
                object_store_memory=_STORE_BYTES,
                _temp_dir=str(self._folder),
                **_QUIET,
            )

    def answers(self) -> bool:
        """Return whether the cluster answered within the last seconds; ask now and then.

        Ray itself waits for it without a word, and ends the process after a minute.
        """
        if answers(str(self._ray.get_runtime_context().gcs_address)):
            self._answered = time.monotonic()
        return time.monotonic() - self._answered < _PATIENCE_S

    def give_up(self) -> None:
        """Leave a cluster that is gone as it is: to say goodbye would take minutes, or crash."""
        self._is_gone = True
        atexit.unregister(self._ray.shutdown)
        leave_at_once()

    def close(self) -> None:
        """End the connection; a Ray of its own ends, and its folder goes."""
        if not self._is_gone:
            self._ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            for name in _OWN_WORD:  # of no use to another Ray
                os.environ.pop(name, None)


def set_up_environment(*, is_own: bool) -> None:
    """Set what Ray reads when it is imported; what a user has set stays.

    A Ray started here asks who connects for a word that only this process and its children know.
    By itself Ray would keep one in the user's home folder, and say so.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # What Ray says of workers that it lost and replaced would stand among the results.
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".*")
    if not is_own:  # see `RaySession.is_gone`
        os.environ.setdefault("RAY_gcs_rpc_server_reconnect_timeout_s", "3600")
    is_chosen = any(name in os.environ for name in _OWN_WORD)
    if is_own and "ray" not in sys.modules and not is_chosen:
        os.environ.update(zip(_OWN_WORD, ("token", secrets.token_hex(32)), strict=True))


@contextmanager
def _on_loopback(ray: ModuleType) -> Iterator[None]:
    """Let a Ray that begins inside listen on loopback, as Ray does by itself on other systems.

    There is no argument for it: Ray takes 127.0.0.1 for the machine's address in the network. On a
    Ray that knows no such switch nothing changes.
    """
    constants = ray._private.ray_constants  # noqa: SLF001
    before = getattr(constants, "ENABLE_RAY_CLUSTER", True)
    constants.ENABLE_RAY_CLUSTER = False
    os.environ[_LOOPBACK_VARIABLE] = "0"
    try:
        yield
    finally:
        constants.ENABLE_RAY_CLUSTER = before
        os.environ.pop(_LOOPBACK_VARIABLE)


def _own_folder() -> Path:
    """Return a new folder for Ray's logs and sockets; those of dead processes go."""
    base = Path(tempfile.gettempdir())
    if len(str(base)) > _MOST_CHARACTERS:
        base = Path("/tmp")  # noqa: S108 - the folder in it is new and this user's own
    for old in base.glob(f"{_FOLDER}*"):
        pid = old.name.removeprefix(_FOLDER).partition("-")[0]
        with suppress(OSError):
            if pid.isdecimal() and not Path("/proc", pid).exists():
                shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=base))
