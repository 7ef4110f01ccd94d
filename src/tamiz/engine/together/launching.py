"""Starting several processes of one command on this machine, by torchrun's own elastic agent."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

from tamiz.core.errors import EXIT_DONE, EXIT_STOPPED, MachineTrouble
from tamiz.core.places import SAID_IN
from tamiz.engine.device import n_cores

_HERE: Final = "127.0.0.1"
_SAVING_S: Final = 120  # that a stopped training may take to save


def launch(arguments: Sequence[str], n: int) -> int:
    """Do the command line `arguments` by `n` processes; return the exit code of process 0.

    It says itself what went wrong, in one line; only where it cannot any more is that said here.
    The cores are shared out, unless OMP_NUM_THREADS says otherwise. Ctrl-C ends all.

    Raises:
        MachineTrouble: a process ended, and process 0 with it or before it could say so; or they
            could not be started.
    """
    logging.disable(logging.CRITICAL)  # the agent's own account of what process 0 says better
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, n_cores() // n)))
    with tempfile.TemporaryDirectory(prefix="tamiz-processes-") as room:
        said = Path(room) / "said"
        os.environ[SAID_IN] = str(said)
        config = LaunchConfig(
            min_nodes=1,
            max_nodes=1,
            nproc_per_node=n,
            run_id=Path(room).name,
            rdzv_backend="c10d",
            rdzv_endpoint=f"{_HERE}:0",
            local_addr=_HERE,
            max_restarts=0,
            logs_specs=DefaultLogsSpecs(log_dir=room),
            shutdown_timeout=_SAVING_S,
        )
        try:
            elastic_launch(config, sys.executable)("-m", "tamiz", *arguments)
        except ChildFailedError as error:
            return _code_in(said) or _first(error.failures, n)
        except SignalException as error:
            return _code_in(said) or _of_signal(error.sigval)
        except (RuntimeError, OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise MachineTrouble.of(
                "together.not_started", where="--processes", n=n, reason=reason
            ) from error
        return EXIT_DONE if _code_in(said) is None else _code_in(said) or EXIT_DONE


def _code_in(said: Path) -> int | None:
    """Return the exit code that process 0 wrote once it had said why; None where it did not."""
    with suppress(OSError, ValueError):
        return int(said.read_text(encoding="ascii"))
    return None


def _first(failures: dict[int, ProcessFailure], n: int) -> int:
    rank, failure = min(failures.items(), key=lambda one: one[1].timestamp)
    code = failure.exitcode
    how = signal.Signals(-code).name if code < 0 else f"{code}"
    raise MachineTrouble.of("together.died", where="--processes", rank=rank, n=n, how=how)


def _of_signal(number: signal.Signals) -> int:
    return EXIT_STOPPED if number == signal.SIGINT else 128 + int(number)
