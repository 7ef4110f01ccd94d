"""Commands of tamiz in child processes: started, watched and stopped; they outlive the page.

What is known of a child lies in files: the run's folder and a note beside it. A reloaded page, or
a server that was started again, finds it there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.files import explain_os_error, make_folder, read_json, write_json
from tamiz.core.language import current_language
from tamiz.data.run_folder import Run

State = Literal["new", "running", "stopped", "failed", "done"]

# SIGINT may be ignored by whoever started the server; the child must hear it.
_BEGIN: Final = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from tamiz.cli.main import main; main(sys.argv[1:])"
)
_LOG_BYTES: Final = 20_000
_CLOCK_S: Final = 5.0  # by which a file's clock and the system's may differ
_starting = threading.Lock()
_started: dict[
    Path, subprocess.Popen[bytes]
] = {}  # kept, so that the ended ones are taken leave of


@dataclass(frozen=True, slots=True)
class Child:
    """One command at work on a run.

    Attributes:
        run: the run's folder.
        log: what the command said; the note about its process lies beside it.
    """

    run: Path
    log: Path

    @property
    def note(self) -> Path:
        """Return the file that names the process."""
        return self.log.with_suffix(".json")

    def start(self, words: Sequence[str]) -> None:
        """Start `tamiz WORDS...` in a process group of its own.

        Raises:
            WrongUse: a command works on this run already, or its log cannot be written.
        """
        make_folder(self.log.parent)
        with _starting:  # two pages, one button each: the second finds the first one's child
            if self.state() == "running":
                raise WrongUse.of("workbench.busy", where=self.run)
            self._start(words)

    def _start(self, words: Sequence[str]) -> None:
        command = [sys.executable, "-c", _BEGIN, *words, "--lang", current_language()]
        try:
            with self.log.open("wb") as log:
                # an argument list of our own making, no shell
                process = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise explain_os_error(error, self.log) from error
        _started[self.log] = process
        mark = {"pid": process.pid, "born": _born(process.pid), "words": list(words)}
        write_json(self.note, mark)

    def is_alive(self) -> bool:
        """Return whether the command is at work."""
        process = _started.get(self.log)
        if process is not None and process.poll() is not None:
            _started.pop(self.log, None)
            return False
        mark = self._mark()
        pid = mark.get("pid")
        return isinstance(pid, int) and pid > 0 and _is_same(pid, mark.get("born"))

    def stop(self) -> None:
        """Ask the command to stop, as Ctrl-C does: it saves what it has and can be taken up."""
        with contextlib.suppress(ProcessLookupError):
            if self.is_alive():
                os.killpg(int(self._mark()["pid"]), signal.SIGINT)
            elif holder := holder_of(self.run):  # begun elsewhere: in a terminal, say
                os.kill(holder, signal.SIGINT)

    def state(self) -> State:
        """Return how the run stands."""
        if self.is_alive():
            return "running"
        try:
            told = Run(self.run).state()
        except TamizError:
            return "failed"
        if not told:
            return "failed" if self.note.is_file() else "new"
        status = told.get("status")
        if status == "running":
            # its process is gone without a word (killed, power cut), or is another one's
            return "running" if holder_of(self.run) else "stopped"
        return status if status in {"stopped", "done"} else "failed"

    def last_words(self) -> str:
        """Return the last lines of the log, for the one line that says what went wrong."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - _LOG_BYTES))
                return log.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def _mark(self) -> dict[str, Any]:
        try:
            found = read_json(self.note)
        except TamizError:
            return {}
        return found if isinstance(found, dict) else {}


def holder_of(run: Path) -> int:
    """Return the process of this machine that works in the run, as its lock names it; 0: none."""
    import socket

    try:
        owner = read_json(run / ".lock")
        locked_at = (run / ".lock").stat().st_mtime
    except (TamizError, OSError):
        return 0
    if not isinstance(owner, dict) or owner.get("host") != socket.gethostname():
        return 0
    pid = owner.get("pid")
    if not isinstance(pid, int) or pid <= 0 or not _is_same(pid, None):
        return 0
    began = _began_at(pid)
    # a process that began after the lock was taken has only inherited a dead one's number
    return 0 if began is not None and began > locked_at + _CLOCK_S else pid


def wait_for(child: Child, seconds: float) -> bool:
    """Return whether the command ended within so many seconds."""
    until = time.monotonic() + seconds
    while child.is_alive():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _is_same(pid: int, born: object) -> bool:
    """Return whether the process is there, is no corpse, and was born when it was noted."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # another user's: not a child of ours
    facts = _stat(pid)
    if facts is None:  # a system without /proc
        return True
    return facts[0] != "Z" and (born is None or facts[19] == born)


def _began_at(pid: int) -> float | None:
    """Return when a process began, in seconds since 1970; None where the system does not say."""
    facts = _stat(pid)
    try:
        up_s = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return None
    if facts is None:
        return None
    return time.time() - up_s + int(facts[19]) / os.sysconf("SC_CLK_TCK")


def _born(pid: int) -> str | None:
    facts = _stat(pid)
    return facts[19] if facts else None


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/<pid>/stat from the third on; None where there is none."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return words.rpartition(")")[2].split()
