"""What a failure is called: the user's own faults, the machine's, and ours with its trace."""

from __future__ import annotations

import errno
import os
import shlex
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from tamiz.cli.click_words import words_of
from tamiz.core.errors import Stopped, TamizError, WrongUse
from tamiz.core.language import say
from tamiz.core.urls import shown

_CANNOT_WRITE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_CANNOT_READ: Final = {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP}


def told_as(error: BaseException, arguments: list[str]) -> TamizError | None:
    """Return the failure in the user's words; None when it is a fault of the program."""
    match error:
        case TamizError():
            return error
        case KeyboardInterrupt() | click.Abort():
            return Stopped.of("errors.stopped", command=shown("tamiz " + shlex.join(arguments)))
        case click.ClickException():
            return WrongUse(words_of(error), fix=_usage_hint(error))
        case OSError():
            return _refusal(error)
    return None


def crash(error: BaseException, arguments: list[str]) -> TamizError:
    """Keep the trace in the run's folder, or in a new temporary file; return one line about it."""
    words = shown("".join(traceback.format_exception(error)))
    trace = _keep_trace(words, _run_folder(arguments))
    message = shown(" ".join(str(error).split())[:300])
    return TamizError(
        say("errors.internal", kind=type(error).__name__, message=message, trace=trace or "-")
    )


def _usage_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "tamiz"
    return say("cli.see_help", command=f"{path} --help")


def _refusal(error: OSError) -> TamizError | None:
    """Return what the machine refuses (a right, room on the disk); None for anything else."""
    from tamiz.core.files import explain_os_error, explain_read_error

    where = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
    if error.errno in _CANNOT_WRITE:
        return explain_os_error(error, where or Path())
    if error.errno in _CANNOT_READ and where:
        return explain_read_error(error, where)
    return None


def _keep_trace(words: str, folder: Path | None) -> Path | None:
    from tamiz.core.files import write_text

    if folder:
        with suppress(TamizError, OSError):
            write_text(folder / "crash.txt", words)
            return folder / "crash.txt"
    with suppress(OSError):
        # a name of its own: a known one could be a link that another user laid there
        handle, name = tempfile.mkstemp(prefix="tamiz-crash-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as opened:
            opened.write(words)
        return Path(name)
    return None


def _run_folder(arguments: list[str]) -> Path | None:
    """Return the first folder on the line that holds a run; --out and --resume come first."""
    for place in _places(arguments):
        with suppress(OSError, ValueError):
            if place and (Path(place) / "run.json").is_file():
                return Path(place)
    return None


def _places(arguments: list[str]) -> Iterator[str]:
    for position, word in enumerate(arguments):
        flag, equals, value = word.partition("=")
        if flag in {"--out", "--resume"}:
            yield value if equals else "".join(arguments[position + 1 : position + 2])
    yield from (word for word in arguments if not word.startswith("-"))
