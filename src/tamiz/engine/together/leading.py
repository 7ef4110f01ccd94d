"""How processes that torchrun started come together for each training, and part again.

Process 0 does the command. The others wait until it trains, then join it in the same
`train_network`, without a folder, without a word. Every training has connections of its own:
whoever leaves it, for whatever reason, hangs up, and the rest notice at once. What went wrong
elsewhere process 0 learns from the store that torchrun keeps, and it alone tells the user.
"""

from __future__ import annotations

import json
import os
import socket
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import torch
import torch.distributed as dist
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.rendezvous import rendezvous

from tamiz.core.errors import MachineTrouble, TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.core.places import Place, place
from tamiz.engine.device import pick_device
from tamiz.engine.together.images import share_images
from tamiz.engine.together.team import ALONE, Lost, Team

if TYPE_CHECKING:
    from tamiz.engine.train import Task

_LONG: Final = timedelta(days=7)  # process 0 may decode for hours; who dies hangs up at once
_JOINING_S: Final = 600.0
_WORD_OF_OTHERS_S: Final = 3.0
_TRAIN, _OVER = "train", "over"
_KINDS: Final = {kind.__name__: kind for kind in (WrongUse, WrongData, MachineTrouble)}


class Meeting:
    """Where the processes of one command find each other.

    Attributes:
        place: of this process.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        _use_loopback()
        self._store = _store_of(place)
        self._number = 0
        self._is_over = False

    @contextmanager
    def leading(self, device: torch.device) -> Iterator[Team]:
        """Yield the team of one training, once all others have come.

        Raises:
            MachineTrouble: another process is no longer there.
            TamizError: whatever went wrong in another process.
        """
        if self._is_over:
            raise self._died()
        self._number += 1
        self._store.set(f"training/{self._number}", _TRAIN)
        try:
            self._wait_for_others()
            team = self._joined(device)
            yield team
            team.meet()
        except Lost as lost:
            raise self._reason() from lost
        finally:
            _part()

    def follow(self) -> None:
        """Help in every training of process 0 until it is done."""
        while self._is_called():
            self._store.set(f"joined/{self._number}/{self.place.rank}", "here")
            try:
                self._help()
            except Lost:
                pass  # process 0 knows why, or will say so
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - told by process 0
                self._store.set(f"error/{self._number}", _written(error, self.place))
            finally:
                _part()

    def end(self) -> None:
        """Let the others go."""
        with suppress(RuntimeError):
            self._store.set(f"training/{self._number + 1}", _OVER)

    def _help(self) -> None:
        from tamiz.engine.train import train_in_team

        word = self._waited_for(f"device/{self._number}")
        team = self._joined(device_of(word, self.place))
        train_in_team(received(team), team)
        team.meet()

    def _joined(self, device: torch.device) -> Team:
        spot = self.place
        if spot.is_first:
            self._store.set(f"device/{self._number}", device.type)
        with suppress(AttributeError):  # torch without CUDA
            if device.type == "cuda":
                torch.cuda.set_device(device)
        try:
            dist.init_process_group(
                "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo",
                store=PrefixStore(f"team/{self._number}", self._store),
                rank=spot.rank,
                world_size=spot.n,
                timeout=_LONG,
            )
        except RuntimeError as error:
            raise Lost(str(error)) from error
        return Team(spot.rank, spot.n, spot.n_local, device)

    def _wait_for_others(self) -> None:
        """Return when every other process has said that it comes; raise `Lost` where one does not.

        They are idle, so it takes a moment; or busy with the end of a training that was given up.
        """
        missing = [f"joined/{self._number}/{rank}" for rank in range(1, self.place.n)]
        until = time.monotonic() + _JOINING_S
        while not self._has(missing):
            if time.monotonic() > until:
                raise Lost("no answer")
            time.sleep(0.01)

    def _is_called(self) -> bool:
        """Wait for the next training; return whether there is one."""
        self._number += 1
        try:
            return self._waited_for(f"training/{self._number}") == _TRAIN
        except Lost:
            return False

    def _waited_for(self, key: str) -> str:
        pause = 0.005
        while not self._has([key]):
            time.sleep(pause)
            pause = min(0.1, 1.2 * pause)
        return bytes(self._store.get(key)).decode()

    def _has(self, keys: list[str]) -> bool:
        try:
            return bool(self._store.check(keys))
        except RuntimeError as error:
            raise Lost(str(error)) from error

    def _reason(self) -> TamizError:
        """Return what another process said went wrong; or that it went without a word."""
        until = time.monotonic() + _WORD_OF_OTHERS_S
        key = f"error/{self._number}"
        with suppress(RuntimeError, Lost):
            while time.monotonic() < until:
                if self._has([key]):
                    return _read(self._store.get(key))
                time.sleep(0.05)
        self._is_over = True
        return self._died()

    def _died(self) -> MachineTrouble:
        return MachineTrouble.of("together.lost", where="train", n=self.place.n)


_meetings: list[Meeting] = []


def meeting() -> Meeting | None:
    """Return where this process meets the others; None where it is alone."""
    spot = place()
    if spot.n == 1:
        return None
    if not _meetings:
        _meetings.append(Meeting(spot))
    return _meetings[0]


@contextmanager
def team_for(task: Task) -> Iterator[tuple[Team, Task]]:
    """Yield who trains this task, and the task as process 0 works on it.

    Raises:
        WrongUse: the device asked for is one, or there are fewer than processes.
        MachineTrouble, TamizError: see `Meeting.leading`.
    """
    found = meeting()
    if found is None:
        yield ALONE, task
        return
    device = device_of(task.train.device, found.place)
    with found.leading(device) as team:
        yield team, sent(team, task)


def tell_idle(on_event: OnEvent) -> None:
    """Say that the other processes have nothing to do, where there are any."""
    if place().n > 1:
        on_event(Event("train", "note", text("together.idle", n=place().n)))


def sent(team: Team, task: Task) -> Task:
    """Send a task to the others; return it as process 0 works on it."""
    rows = replace(task.rows, images=None)  # type: ignore[arg-type]
    light = replace(task, rows=rows, names=(), contents=(), groups=())
    team.from_first(lambda: light)
    return replace(task, rows=replace(task.rows, images=share_images(team, task.rows.images)))


def received(team: Team) -> Task:
    """Return the task that process 0 sends."""
    task: Task = team.from_first(_nothing)
    return replace(task, rows=replace(task.rows, images=share_images(team, None)))


def device_of(word: str, spot: Place) -> torch.device:
    """Return where a process computes: on the GPU of its own number on its machine, or the CPU.

    Raises:
        WrongUse: one GPU is named, or this machine has fewer than processes.
    """
    if word.startswith("cuda:"):
        raise WrongUse.of("together.one_device", where=f"device={word}")
    found = pick_device(word)
    if found.type != "cuda":
        return found
    n_gpus = torch.cuda.device_count()
    if n_gpus < spot.n_local:
        raise WrongUse.of(
            "together.few_gpus", where="train.device", n=n_gpus, processes=spot.n_local
        )
    return torch.device("cuda", spot.local_rank)


def _nothing() -> Any:
    raise RuntimeError("only process 0 is asked")


def _store_of(spot: Place) -> Store:
    """Return the store at MASTER_ADDR: torchrun's own, or one that process 0 keeps."""
    try:
        found, _, _ = next(
            rendezvous("env://", spot.rank, spot.n, timeout=timedelta(seconds=_JOINING_S))
        )
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise MachineTrouble.of("together.no_store", where="MASTER_ADDR", reason=reason) from error
    return PrefixStore("tamiz", found)


def _use_loopback() -> None:
    """Let processes of one machine talk over its own interface, whatever its name resolves to."""
    if os.environ.get("MASTER_ADDR") not in {"127.0.0.1", "localhost"}:
        return
    names = {name for _, name in socket.if_nameindex()}
    for name in ("lo", "lo0"):
        if name in names:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", name)


def _part() -> None:
    """Hang up: who still waits for us is told so by its connection."""
    if dist.is_initialized():
        with suppress(RuntimeError):
            dist.destroy_process_group()


def _written(error: BaseException, spot: Place) -> str:
    """Return an error in a form that can travel."""
    if isinstance(error, TamizError):
        kind = next((name for name in _KINDS if isinstance(error, _KINDS[name])), "")
        told = {"kind": kind, "what": error.what, "where": error.where, "fix": error.fix}
        return json.dumps({**told, "details": error.details})
    trace = "".join(traceback.format_exception(error))
    return json.dumps({"kind": "crash", "rank": spot.rank, "trace": trace})


def _read(content: bytes) -> TamizError:
    told = json.loads(content)
    if told["kind"] == "crash":
        last = " ".join(told["trace"].strip().splitlines()[-1].split())[:300]
        details = tuple(told["trace"].splitlines()[-12:])
        return MachineTrouble.of(
            "together.crash", where="train", rank=told["rank"], message=last, details=details
        )
    kind = _KINDS.get(told["kind"], TamizError)
    return kind(told["what"], where=told["where"], fix=told["fix"], details=tuple(told["details"]))
