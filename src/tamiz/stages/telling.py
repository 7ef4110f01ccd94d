"""What workers tell while they work, by a file each, and who listens to all of them.

A file is what processes, machines and whatever engine have in common; a line that is lost is no
harm, because nothing is decided by it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text

_FILE: Final = "told.jsonl"
_EVERY_S: Final = 0.5  # that a worker tells how far it is
_LOOK_S: Final = 0.5  # that the listener looks
_SAID: Final = ("note", "warning")


class Teller:
    """A listener that writes what happens for another process to read."""

    def __init__(self, opened: IO[str]) -> None:
        self._opened = opened
        self._told = 0.0

    @classmethod
    @contextmanager
    def at(cls, place: Path, name: str) -> Iterator[Teller]:
        """Yield a teller for the training called `name`; say that it begins, and that it ends."""
        with (place / _FILE).open("a", encoding="utf-8") as opened:
            teller = cls(opened)
            teller.write({"kind": "begin", "name": name})
            yield teller
            teller.write({"kind": "end"})

    def __call__(self, event: Event) -> None:
        """Write what a reader should see; of progress only so much."""
        if event.kind in _SAID:
            self.write({"kind": event.kind, "words": str(event.text)})
        elif event.kind == "epoch":
            names = ("epoch", "epochs", "val_loss")
            self.write({"kind": "epoch", **{one: event.values.get(one) for one in names}})
        elif event.kind == "progress" and time.monotonic() - self._told >= _EVERY_S:
            self._told = time.monotonic()
            self.write({"kind": "progress", "done": event.done, "total": event.total})

    def write(self, line: dict[str, Any]) -> None:
        """Write one line at once."""
        self._opened.write(json.dumps(line) + "\n")
        self._opened.flush()


@dataclass(slots=True)
class _Heard:
    """How far one training is."""

    name: str = ""
    n_read: int = 0  # bytes of its file
    n_begun: int = 0
    is_done: bool = False
    epoch: int = 0
    epochs: int = 0


@dataclass(slots=True)
class _Listener:
    """Reads what all workers write and tells it on."""

    folder: Path
    stage: str
    n: int
    on_event: OnEvent
    heard: dict[str, _Heard] = field(default_factory=dict)
    shown: tuple[int, int, int, int] = (-1, -1, -1, -1)

    def look(self) -> None:
        """Tell what is new."""
        for path in sorted(self.folder.glob(f"*/{_FILE}")):
            one = self.heard.setdefault(path.parent.name, _Heard())
            for line in _new_lines(path, one):
                self._take(one, line)
        self._show()

    def _take(self, one: _Heard, line: dict[str, Any]) -> None:
        kind = line["kind"]
        if kind == "begin":
            one.name, one.n_begun = str(line["name"]), one.n_begun + 1
            if one.n_begun > 1:
                self._say("note", text("trainings.taken_over", name=one.name))
        elif kind == "end":
            one.is_done = True
        elif kind == "epoch":
            one.epoch, one.epochs = int(line["epoch"] or 0), int(line["epochs"] or 0)
        elif kind in _SAID:
            said = text("trainings.said", name=one.name, words=line["words"])
            self._say(kind, said)

    def _say(self, kind: Any, words: Any) -> None:
        self.on_event(Event(self.stage, kind, words))

    def _show(self) -> None:
        """Tell how far all are: in epochs once their number is known, else in trainings."""
        every = self.heard.values()
        n_done = sum(one.is_done for one in every)
        n_at_work = sum(not one.is_done for one in every)
        most = max((one.epochs for one in every), default=0)
        done, total = n_done, self.n
        if most:
            done = sum(most if one.is_done else one.epoch for one in every)
            total = most * self.n
        shown = (n_done, n_at_work, done, total)
        if shown == self.shown:
            return
        self.shown = shown
        words = text("trainings.how_far", done=n_done, n=self.n, at_work=n_at_work)
        self.on_event(Event(self.stage, "progress", words, done, total))


@contextmanager
def hearing(folder: Path, stage: str, n: int, on_event: OnEvent) -> Iterator[Callable[[], None]]:
    """Tell `on_event` what the `n` trainings below `folder` tell, as long as the context lasts.

    Yields a function that tells what is new at once, and raises what a listener raised meanwhile:
    by that the web page stops a job.
    """
    listener = _Listener(folder, stage, n, on_event)
    is_over, lock = threading.Event(), threading.Lock()
    raised: list[BaseException] = []

    def look() -> None:
        with lock:
            listener.look()

    def listen() -> None:
        try:
            while not is_over.wait(_LOOK_S):
                look()
        except BaseException as error:  # noqa: BLE001 - raised again where somebody can hear it
            raised.append(error)

    def check() -> None:
        if raised:
            raise raised[0]
        look()

    mine = copy_context()  # the reader's language, for one
    thread = threading.Thread(target=mine.run, args=(listen,), name="tamiz-hearing", daemon=True)
    thread.start()
    try:
        yield check
    finally:
        is_over.set()
        thread.join()


def _new_lines(path: Path, one: _Heard) -> Iterator[dict[str, Any]]:
    """Yield the whole lines that were added since; one that is half written waits."""
    try:
        with path.open("rb") as opened:
            opened.seek(one.n_read)
            content = opened.read()
    except OSError:
        return
    whole = content[: content.rfind(b"\n") + 1]
    one.n_read += len(whole)
    for line in whole.splitlines():
        try:
            made = json.loads(line)
        except ValueError:  # torn by a worker that died, and the next one wrote on
            continue
        if isinstance(made, dict) and "kind" in made:
            yield made
