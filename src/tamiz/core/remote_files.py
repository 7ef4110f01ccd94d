"""The one door from reading to bringing: a file of a URL that is not on this machine yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Protocol

from tamiz.core.registry import Registry


class Fetcher(Protocol):
    """What brings one file of a URL here."""

    def __call__(self, place: str, newest_s: int | None = None, /) -> bool:
        """Return whether the file of this place is here now; see `have_at_hand`."""
        ...


# `acquisition` joins them; what reads files knows nothing of servers.
FETCHERS: Final[Registry[Fetcher]] = Registry("fetchers", "tamiz.acquisition")
STATES: Final[Registry[Callable[[str], int | None]]] = Registry("states", "tamiz.acquisition")


def have_at_hand(place: str, newest_s: int | None = None) -> None:
    """Bring the file of this place (of a URL, see `core.urls`) where it is not here.

    Another machine of a cluster that works on the same rows fetches what it reads, and no more.

    Args:
        place: of the file.
        newest_s: what `state_of` said when the rows were made; a file that is newer is another.

    Raises:
        TamizError: its server does not answer, or refuses; or the file was changed since.
    """
    if not os.path.lexists(place):
        FETCHERS.get("url")(place, newest_s)


def state_of(root: str) -> int | None:
    """Return the time of the newest file when this root of a URL was listed here; None: unknown.

    In seconds, by the clock of its server.
    """
    return STATES.get("url")(root)
