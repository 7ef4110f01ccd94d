"""What a run does, told while it does it: a live line in a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text as Line

from tamiz.core.events import Event
from tamiz.core.language import say
from tamiz.rendering.epochs import EpochTable
from tamiz.rendering.words import duration_text, number_text, one_line, say_or, shown

_MOST_EPOCH_LINES: Final = 25
_TELLING, _ENOUGH = 10, 3  # a tenth of the work, or so many of its units, tell how long it takes


@dataclass(slots=True)
class _Stage:
    """A stage at work."""

    word: str
    started: float
    doing: str
    done: int | None = None
    total: int | None = None
    told: float = 0.0
    bar: TaskID | None = None
    has_units: bool = False  # progress events came, so epochs do not move the bar
    remaining_s: float | None = None  # as the stage itself reckons it
    remaining_told: float = 0.0
    part_started: float = 0.0
    part_from: int = 0  # what was done when the part began
    is_announced: bool = False  # it said that it starts; others only lend a hand to one that did


class _TimesColumn(ProgressColumn):
    """The time so far and still to go, new at each redraw."""

    def __init__(self, times_text: Callable[[_Stage], str]) -> None:
        super().__init__()
        self._times_text = times_text

    def render(self, task: Task) -> Line:
        """Return the words for the stage of `task`."""
        return Line(self._times_text(task.fields["stage"]), style="dim")


class _Screen(Progress):
    """The live part of a terminal: the epochs of a training, and below them a line per stage."""

    def __init__(self, epochs: EpochTable, *columns: ProgressColumn, console: Console) -> None:
        self._epochs = epochs
        super().__init__(*columns, console=console, transient=True, refresh_per_second=8)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield what is drawn, from the top."""
        if len(self._epochs):
            yield self._epochs
        yield from super().get_renderables()


class ProgressDisplay:
    """Shows events as they come; use it as `with ProgressDisplay() as on_event:`.

    In a terminal one live line per stage says what it does, how far it is, and how long it takes
    still; a finished stage leaves one line with its seconds. Epochs grow into a table with curves,
    which stays when the training ends, however it does. Elsewhere (a pipe, a log) it writes plain
    lines, at most one every `every_s` seconds. It writes to standard error, so that
    standard output holds results only. Events may come from several threads.
    """

    def __init__(
        self,
        *,
        console: Console | None = None,
        every_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._is_live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._every_s, self._clock = every_s, clock
        self._stages: dict[str, _Stage] = {}
        self._lock = threading.RLock()
        self._progress: Progress | None = None
        self._epochs = EpochTable(speaks_utf8=self._speaks_utf8())

    def __enter__(self) -> Self:
        if self._is_live:
            self._progress = _Screen(
                self._epochs,
                SpinnerColumn("dots" if self._speaks_utf8() else "line", finished_text=" "),
                TextColumn("[bold]{task.fields[word]}"),
                TextColumn("{task.description}"),
                BarColumn(bar_width=18),
                TextColumn("{task.fields[count]}"),
                _TimesColumn(self._times_text),
                console=self._console,
            )
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._keep_epochs()
            if self._progress is not None:
                self._progress.stop()
                self._progress = None

    def __call__(self, event: Event) -> None:
        """Show `event`."""
        with self._lock:
            match event.kind:
                case "start":
                    self._start(event)
                case "progress":
                    self._advance(event)
                case "epoch":
                    self._epoch(event)
                case "end":
                    self._end(event)
                case "note":
                    self._say(f"  {_words(event)}", "dim")
                case "warning":
                    self._say(f"! {say('rendering.warning')}: {_words(event)}", "yellow")

    def _stage(self, event: Event) -> _Stage:
        """Return the stage that speaks; it starts with its first event, whichever that is."""
        stage = self._stages.get(event.stage)
        if stage is None:
            stage = self._stages[event.stage] = _Stage(
                word=stage_word(event.stage),
                started=self._clock(),
                doing=say_or(f"rendering.doing_{event.stage}", ""),
                told=self._clock(),
                part_started=self._clock(),
            )
            if self._progress is not None:
                stage.bar = self._progress.add_task(
                    escape(stage.doing), total=None, word=escape(stage.word), count="", stage=stage
                )
        return stage

    def _start(self, event: Event) -> None:
        stage = self._stage(event)
        stage.is_announced = True
        stage.doing = _words(event) or stage.doing
        stage.total = event.total
        if not self._is_live:
            self._say(f"{stage.word}: {stage.doing}" if stage.doing else stage.word)
        self._redraw(stage)

    def _advance(self, event: Event) -> None:
        stage = self._stage(event)
        doing = _words(event) or stage.doing
        done = event.done or 0
        is_afresh = done < (stage.done or 0)
        is_other = event.total != stage.total or stage.done == stage.total
        if not stage.is_announced and (is_afresh or is_other):
            stage.started = stage.part_started = self._clock()  # the same help, with other work
            stage.part_from = done
        if doing != stage.doing or is_afresh:
            stage.part_started = self._clock()  # a new part of the stage has its own speed
            stage.part_from = 0 if is_afresh or stage.done is None else done  # epochs count on
            stage.remaining_s = None
        stage.doing = doing
        stage.has_units = True
        stage.done, stage.total = event.done, event.total
        self._redraw(stage)
        self._tell_seldom(stage)

    def _tell_seldom(self, stage: _Stage) -> None:
        now = self._clock()
        if self._is_live or now - stage.told < self._every_s:
            return
        stage.told = now
        parts = [stage.doing, _count_text(stage), self._times_text(stage)]
        self._say(f"{stage.word}: " + ", ".join(part for part in parts if part))

    def _epoch(self, event: Event) -> None:
        stage = self._stage(event)
        epoch, epochs = _whole(event.values, "epoch"), _whole(event.values, "epochs")
        eta = _number(event.values, "eta_s")
        stage.remaining_s, stage.remaining_told = eta, self._clock()
        if not stage.has_units and epoch is not None:
            stage.done, stage.total = epoch, epochs
        if self._progress is not None and epoch is not None:
            if not self._epochs.belongs(event.values):
                self._keep_epochs()
            self._epochs.add(event.values)
            self._redraw(stage)
            return
        self._redraw(stage)
        step = max(1, -(-(epochs or 0) // _MOST_EPOCH_LINES))
        if epoch is None or epoch % step == 0 or epoch in {1, epochs}:
            self._say("  " + epoch_text(event.values))

    def _end(self, event: Event) -> None:
        stage = self._stage(event)
        self._keep_epochs()
        helpers = [name for name, one in self._stages.items() if not one.is_announced]
        for name in {event.stage, *helpers}:
            bar = self._stages.pop(name).bar
            if self._progress is not None and bar is not None:
                self._progress.remove_task(bar)
        seconds = _number(event.values, "seconds")
        taken = duration_text(self._clock() - stage.started if seconds is None else seconds)
        line = Line("✓ " if self._speaks_utf8() else "", "green")
        line.append(f"{stage.word:<13}", "bold" if self._is_live else "")
        line.append(f" {taken:>10}  ", "dim")
        line.append(_words(event))
        self._print(line)

    def _keep_epochs(self) -> None:
        """Write the epochs so that they stay, and begin a new table."""
        if not len(self._epochs):
            return
        kept = self._epochs.kept()
        self._epochs.clear()
        self._console.print(kept)

    def _redraw(self, stage: _Stage) -> None:
        if self._progress is None or stage.bar is None:
            return
        self._progress.update(
            stage.bar,
            description=escape(one_line(stage.doing, 34)),
            completed=stage.done or 0,
            total=stage.total,
            count=_count_text(stage),
        )

    def _times_text(self, stage: _Stage) -> str:
        """Return '12.0 s so far, 30.1 s left' as far as it can be known."""
        elapsed = self._clock() - stage.started
        said = [say("rendering.elapsed", time=duration_text(elapsed))]
        remaining = stage.remaining_s
        if remaining is not None:
            remaining -= self._clock() - stage.remaining_told
        on_part = self._clock() - stage.part_started
        on_it = (stage.done or 0) - stage.part_from
        ahead = (stage.total or 0) - stage.part_from
        is_known = 0 < ahead <= _TELLING * on_it or on_it >= _ENOUGH  # the first bears the start
        if remaining is None and stage.done and stage.total and is_known and on_part > 2:
            remaining = on_part / on_it * (stage.total - stage.done)
        if remaining is not None and remaining > 0:
            said.append(say("rendering.remaining", time=duration_text(remaining)))
        return ", ".join(said)

    def _say(self, words: str, style: str = "") -> None:
        self._print(Line(words, style=style))

    def _print(self, line: Line) -> None:
        if not self._speaks_utf8():
            line = Line(line.plain.encode("ascii", "replace").decode("ascii"), style=line.style)
        self._console.print(line, soft_wrap=not self._is_live, crop=False)

    def _speaks_utf8(self) -> bool:
        return (self._console.encoding or "utf-8").lower().replace("-", "") == "utf8"


def stage_word(stage: str) -> str:
    """Return the word of a stage in the language in use; an unknown one as it is."""
    return say_or(f"rendering.stage_{stage}", one_line(stage))


def epoch_text(values: Mapping[str, object]) -> str:
    """Return one line on an epoch, from whichever of its figures are there."""
    epoch, epochs = _whole(values, "epoch"), _whole(values, "epochs")
    said = []
    if epoch is not None and epochs is not None:
        said.append(say("rendering.epoch_of", epoch=epoch, epochs=epochs))
    elif epoch is not None:
        said.append(say("rendering.epoch", epoch=epoch))
    figures = (
        ("train_loss", "rendering.loss", "train"),
        ("val_loss", "rendering.val_loss", "val"),
        ("val_accuracy", "rendering.val_accuracy", "value"),
    )
    for name, key, hole in figures:
        figure = _number(values, name)
        if figure is not None:
            said.append(say(key, **{hole: number_text(figure)}))
    seconds, eta = _number(values, "seconds"), _number(values, "eta_s")
    if seconds is not None:
        said.append(duration_text(seconds))
    if eta is not None and eta > 0:
        said.append(say("rendering.remaining", time=duration_text(eta)))
    return "  ".join(said)


def _words(event: Event) -> str:
    return "" if event.text is None else " ".join(shown(event.text).split())


def _count_text(stage: _Stage) -> str:
    if stage.done is None or (not stage.done and not stage.total):
        return ""
    done = number_text(stage.done, "count")
    return f"{done}/{number_text(stage.total, 'count')}" if stage.total else done


def _number(values: Mapping[str, object], name: str) -> float | None:
    value = values.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _whole(values: Mapping[str, object], name: str) -> int | None:
    value = _number(values, name)
    return None if value is None else int(value)
