"""Bringing missing instances in, by one way after another, until none is missing or none can."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

from tamiz.acquisition.associations import NotOffered, Unreachable
from tamiz.acquisition.finding import FoundImage, FoundSeries
from tamiz.acquisition.queries import chunks
from tamiz.acquisition.receiving import Store
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import Text, text

_UIDS_AT_ONCE: Final = 50
_FAILURES_IN_A_ROW: Final = 3
_MAX_PAUSE_S: Final = 10.0
_LITTLE_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """A series and all its instances at the server."""

    series: FoundSeries
    images: tuple[FoundImage, ...]

    def missing(self, store: Store) -> list[str]:
        """Return the UIDs of the instances that are not on the disk."""
        return [image.uid for image in self.images if not store.has(image.uid)]


class Closed(Exception):
    """The store takes no more instances: leave the association."""


class Way(Protocol):
    """A way to retrieve instances: C-GET, C-MOVE or WADO-RS."""

    name: str

    def __enter__(self) -> Self:
        """Open what the way needs."""
        ...

    def __exit__(self, *error: object) -> None:
        """Close it."""
        ...

    def retrieve(self, part: Part, instances: list[str] | None) -> Text | None:
        """Bring a series, or some of its instances; return why some failed, None when none did.

        Raises:
            Unreachable: the connection broke.
            NotOffered: the server does not do this at all.
            Closed: the store is closed.
        """
        ...


@dataclass(slots=True)
class Outcome:
    """How a retrieval went.

    Attributes:
        ways: the ways used, in order.
        reasons: what the server said when it failed, the last per way.
        stopped: why it ended before its end; None when it did not.
    """

    ways: list[str] = field(default_factory=list)
    reasons: list[Text | str] = field(default_factory=list)
    stopped: Text | str | None = None


class Fetcher:
    """Retrieves parts into a store; goes on after broken connections for up to `timeout_s`."""

    def __init__(
        self, parts: Sequence[Part], store: Store, timeout_s: float, on_event: OnEvent
    ) -> None:
        self._parts, self._store = parts, store
        self._timeout_s, self._on_event = timeout_s, on_event
        self.n_expected = sum(len(part.images) for part in parts)
        self._told_s = 0.0
        self._n_here = self.n_expected - self.n_missing
        store.on_stored = self._tell_stored
        store.want(part.series.uid for part in parts)

    @property
    def n_missing(self) -> int:
        """Return how many instances are not on the disk."""
        return sum(len(part.missing(self._store)) for part in self._parts)

    def fetch(self, ways: Sequence[Callable[[], Way]]) -> Outcome:
        """Try the ways in order until nothing is missing; each change is told aloud.

        Raises:
            NotOffered: the server refuses the last way, and nothing is here.
            WrongUse: it does not let us in.
            MachineTrouble: the disk is full.
        """
        outcome = Outcome()
        self._tell(is_last=False)
        for position, open_way in enumerate(ways):
            if self.n_missing == 0 or self._store.is_closed:
                break
            is_last = position == len(ways) - 1
            reason = self._try(open_way, outcome, is_last=is_last)
            if reason is not None:
                outcome.reasons.append(reason)
            if not (is_last or self.n_missing == 0 or self._store.is_closed):
                self._say("pacs.other_way", reason=reason or text("pacs.some_missing"))
        if self._store.failure:
            raise self._store.failure
        if self._store.is_out_of_time and self.n_missing:
            outcome.stopped = text("pacs.out_of_time")
        self._tell(is_last=True)
        return outcome

    def _try(
        self, open_way: Callable[[], Way], outcome: Outcome, *, is_last: bool
    ) -> Text | str | None:
        """Fetch by one way; return why something is missing, None when the server did not say."""
        try:
            with open_way() as way:
                outcome.ways.append(way.name)
                return self._by(way)
        except NotOffered as error:
            if is_last and self.n_missing == self.n_expected:
                raise
            return error.what
        except Unreachable as error:
            if is_last:
                outcome.stopped = error.what
            # its patience is used up; the other ways have little
            self._timeout_s = min(self._timeout_s, _LITTLE_PATIENCE_S)
            return error.what
        except Closed:
            return None

    def _by(self, way: Way) -> Text | None:
        """Fetch all parts, then one by one what failed; return the last reason for a failure."""
        reason = self._whole(way)
        return reason if self.n_missing == 0 else self._single(way) or reason

    def _whole(self, way: Way) -> Text | None:
        reason, n_failures = None, 0
        for part in self._parts:
            missing = part.missing(self._store)
            if not missing:
                continue
            n_before = len(missing)
            reason = self._bring(way, part, missing) or reason
            n_failures = n_failures + 1 if len(part.missing(self._store)) == n_before else 0
            if n_failures == _FAILURES_IN_A_ROW:
                break
        return reason

    def _bring(self, way: Way, part: Part, missing: list[str]) -> Text | None:
        """Ask for the series as a whole where nothing of it is here, else for what is missing.

        Asking for the whole again would bring what is here first: a run that is always stopped
        early would never get further.
        """
        if len(missing) == len(part.images):
            return self._persist(way, part, None)
        reason = None
        for some in chunks(missing, _UIDS_AT_ONCE):
            reason = self._persist(way, part, some) or reason
        return reason

    def _single(self, way: Way) -> Text | None:
        reason, n_failures = None, 0
        for part in self._parts:
            for uid in part.missing(self._store):
                if n_failures == _FAILURES_IN_A_ROW:
                    return reason
                reason = self._persist(way, part, [uid]) or reason
                n_failures = 0 if self._store.has(uid) else n_failures + 1
        return reason

    def _persist(self, way: Way, part: Part, instances: list[str] | None) -> Text | None:
        """Retrieve, again after each broken connection as long as there is progress."""
        pause, deadline = 0.5, time.monotonic() + self._timeout_s
        while True:
            n_stored = self._store.counts.stored
            try:
                return way.retrieve(part, instances)
            except Unreachable as error:
                if self._store.counts.stored > n_stored:
                    pause, deadline = 0.5, time.monotonic() + self._timeout_s
                if time.monotonic() + pause > deadline:
                    raise
                self._say("pacs.trying_again", reason=error.what)
            time.sleep(pause)
            if self._store.is_closed:
                raise Closed
            pause = min(2 * pause, _MAX_PAUSE_S)
            missing = part.missing(self._store)
            if not missing:
                return None
            if instances is None:
                return self._bring(way, part, missing)
            still = set(missing)
            instances = [uid for uid in instances if uid in still]
            if not instances:
                return None

    def _say(self, key: str, **values: object) -> None:
        self._on_event(Event("pacs", "warning", text(key, **values)))

    def _tell_stored(self) -> None:
        self._n_here += 1
        if time.monotonic() - self._told_s >= 0.1:
            self._tell(is_last=False)

    def _tell(self, *, is_last: bool) -> None:
        self._told_s = time.monotonic()
        if is_last:
            self._n_here = self.n_expected - self.n_missing
        self._on_event(
            Event("pacs", "progress", text("pacs.fetching"), self._n_here, self.n_expected)
        )
