"""Which of several processes of one command this is, as torchrun says; one where nobody says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Names the file in which process 0 says how it ended, to whoever started the processes.
SAID_IN: Final = "TAMIZ_PROCESSES_SAID"
_NEEDED: Final = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a process among those that do one command together.

    Attributes:
        rank: its number, from 0; 0 does the command, the others help it to train.
        n: how many there are, on all machines.
        local_rank: its number on this machine.
        n_local: how many there are on this machine.
    """

    rank: int = 0
    n: int = 1
    local_rank: int = 0
    n_local: int = 1

    @property
    def is_first(self) -> bool:
        """Return whether it is the one that reads, writes and prints."""
        return self.rank == 0


_taken: list[Place] = []


def place_in(environment: Mapping[str, str]) -> Place:
    """Return the place that torchrun wrote into these variables; alone where it did not."""
    if any(not environment.get(name) for name in _NEEDED):
        return Place()
    try:
        rank, n = int(environment["RANK"]), int(environment["WORLD_SIZE"])
        local_rank = int(environment.get("LOCAL_RANK", rank))
        n_local = int(environment.get("LOCAL_WORLD_SIZE", n))
    except ValueError:
        return Place()
    return Place(rank, n, local_rank, n_local) if n > 1 and 0 <= rank < n else Place()


def take_place() -> Place:
    """Return this process's place and keep it for `place`; the command line asks, once.

    Processes that it starts (loaders, folds) inherit the variables and not the place: they are
    no part of the team.
    """
    _taken[:] = [place_in(os.environ)]
    return _taken[0]


def place() -> Place:
    """Return the place that `take_place` found; alone where nobody called it."""
    return _taken[0] if _taken else Place()


def leave_place() -> None:
    """Be alone from now on."""
    _taken.clear()
