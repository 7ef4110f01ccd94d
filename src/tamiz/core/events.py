"""What happens during work, told as it happens: the terminal, the web page and tests listen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from tamiz.core.language import Text

T = TypeVar("T")
Kind = Literal["start", "progress", "end", "note", "warning", "epoch"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        stage: 'index', 'check', 'split', ... the word of the stage that speaks.
        kind: 'start' and 'end' of a stage, 'progress' within it, 'note' and 'warning' for the
            reader, 'epoch' after each epoch of training.
        text: what to show; None when the numbers say it all.
        done: units finished so far (progress).
        total: units in all, None when unknown.
        values: further numbers (an epoch's losses), JSON-ready.
    """

    stage: str
    kind: Kind
    text: Text | None = None
    done: int | None = None
    total: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)


OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Do nothing with `event`; the default listener."""


def track(
    items: Iterable[T],
    on_event: OnEvent,
    *,
    stage: str,
    text: Text,
    total: int | None = None,
    every_s: float = 0.1,
) -> Iterator[T]:
    """Yield `items`, telling `on_event` how many are done, at most once in `every_s` seconds."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    done, told = 0, 0.0
    on_event(Event(stage, "progress", text, 0, total))
    for item in items:
        yield item
        done += 1
        now = time.monotonic()
        if now - told >= every_s:
            told = now
            on_event(Event(stage, "progress", text, done, total))
    on_event(Event(stage, "progress", text, done, total if total is not None else done))


def progress_of(
    on_event: OnEvent, *, stage: str, text: Text, every_s: float = 0.1
) -> Callable[[int, int], None]:
    """Return a listener for (done, total) that tells `on_event`, at most once in `every_s`."""
    told = [0.0]

    def tell(done: int, total: int) -> None:
        now = time.monotonic()
        if now - told[0] >= every_s or done >= total:
            told[0] = now
            on_event(Event(stage, "progress", text, done, total))

    return tell
