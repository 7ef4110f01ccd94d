"""Beside the training loop: is the loss a number, how far are we, is it time to save."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.engine.state import State

if TYPE_CHECKING:
    from tamiz.engine.loop import Plan

_STEPS_BETWEEN_LOOKS = 50
_SECONDS_BETWEEN_LOOKS = 0.5
_HOPELESS = 1000.0  # times what ignorance costs: such a mean loss does not come back

# What process 0 says of a step, beside its gradients.
_LOOK, _SAVE, _STOP, _TIME_UP = 1, 2, 4, 8

Describe = Callable[[int, int], tuple[float, Sequence[str]]]


class Watch:
    """Looks at the losses now and then (each look waits for the GPU), and acts on what it sees."""

    def __init__(
        self,
        plan: Plan,
        describe: Describe,
        save: Callable[[State], None],
        on_event: OnEvent,
    ) -> None:
        """Start the clock.

        Args:
            plan: what is trained how.
            describe: (epoch, batch) -> learning rate and the names of the batch's first items.
            save: writes a checkpoint.
            on_event: told about progress and epochs.
        """
        self._train, self._describe = plan.train, describe
        self._n_epochs, self._step_of = plan.feed.n_epochs, plan.feed.step_of
        self._limit = _HOPELESS * max(math.log(2), plan.loss.of_ignorance)
        self._seconds_before, self._team = plan.seconds_before, plan.team
        self._save, self._on_event = save, on_event
        self._pending: list[Tensor] = []
        self._now = self._looked = self._saved = time.monotonic()
        self._is_interrupted = False

    def word(self, state: State) -> int:
        """Return what is to be done after this step; of several processes all do as 0 says."""
        now = time.monotonic()
        n = len(self._pending) + (self._team.n > 1)  # several agree before they note the loss
        is_due = n >= _STEPS_BETWEEN_LOOKS or now - self._looked >= _SECONDS_BETWEEN_LOOKS
        if not (is_due or self._is_interrupted or state.first_loss is None):
            return 0
        minutes, spent = self._train.max_minutes, state.seconds + now - self._now
        is_up = minutes is not None and spent + self._seconds_before >= 60 * minutes
        is_old = now - self._saved >= self._train.checkpoint_s > 0
        stop = _STOP if self._is_interrupted else 0
        return _LOOK | stop | (_SAVE if is_old else 0) | (_TIME_UP if is_up else 0)

    def after_batch(
        self, state: State, loss: Tensor, *, is_whole_step: bool = True, word: int | None = None
    ) -> bool:
        """Note the loss; return whether the time is up.

        Between the batches of one step nothing is looked at or saved: gradients are no part of a
        checkpoint. `word` is what all processes agreed on; None: there is one.

        Raises:
            KeyboardInterrupt: the user asked to stop; the state is saved.
        """
        self._pending.append(loss)
        if not is_whole_step:
            return False
        word = self.word(state) if word is None else word
        if not word:
            return False
        self.flush(state)
        self._tell_progress(state)
        if word & _STOP:
            self._save(state)
            raise KeyboardInterrupt
        if word & _SAVE:
            self._save(state)
            self._saved = time.monotonic()
        return bool(word & _TIME_UP)

    def flush(self, state: State) -> None:
        """Add the noted losses to the state.

        Raises:
            WrongData: one is no number, or hopelessly large.
        """
        self.clock(state)
        self._looked = self._now
        if not self._pending:
            return
        values = self._team.summed(torch.stack(self._pending).double()).tolist()
        first_batch = state.batch - len(values)
        self._pending.clear()
        for place, value in enumerate(values):
            if not math.isfinite(value) or value > self._limit:
                raise self._diverged(state, first_batch + place, value)
            state.losses += value  # one by one: the sum must not depend on when we look
        if state.first_loss is None:
            state.first_loss = values[0]

    def clock(self, state: State) -> None:
        """Add the time since the last call to the state."""
        now = time.monotonic()
        state.seconds += now - self._now
        self._now = now

    def agree(self, state: State) -> None:
        """Take over the clock of process 0, and whether the user asked it to stop."""
        self.clock(state)
        if self._team.n > 1:
            mine = (state.seconds, self._is_interrupted)
            state.seconds, self._is_interrupted = self._team.from_first(lambda: mine)

    def after_epoch(self, state: State) -> None:
        """Tell the epoch's figures and save."""
        self._save(state)
        self._saved = time.monotonic()
        figures = state.history[-1]
        values = {
            **figures,
            "epochs": self._n_epochs,
            "best_epoch": state.best.epoch + 1 if state.best else None,
        }
        self._on_event(Event("train", "epoch", None, state.epoch, self._n_epochs, values))
        if figures["val_loss"] is not None and not math.isfinite(figures["val_loss"]):
            self._on_event(
                Event("train", "warning", text("train.val_not_finite", epoch=state.epoch))
            )
        if self._is_interrupted:
            raise KeyboardInterrupt

    def save_if_between_steps(self, state: State) -> None:
        """Save after an interruption from outside, unless it came in the middle of a step."""
        if not self._is_interrupted and not self._pending:
            self._save(state)

    @contextlib.contextmanager
    def deferring_interrupts(self) -> Iterator[None]:
        """Let Ctrl-C wait for the end of a step; a second one does not wait."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)

        def note(_number: int, _frame: FrameType | None) -> None:
            self._is_interrupted = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _tell_progress(self, state: State) -> None:
        done, total = self._step_of(state.epoch, state.batch), self._step_of(self._n_epochs, 0)
        values: dict[str, Any] = {
            "loss": state.losses / max(1, state.batch),
            "seconds": state.seconds,
        }
        name = text("train.epoch_of", epoch=state.epoch + 1, epochs=self._n_epochs)
        self._on_event(Event("train", "progress", name, done, total, values))

    def _diverged(self, state: State, batch: int, value: float) -> WrongData:
        rate, names = self._describe(state.epoch, batch)
        return WrongData.of(
            "train.diverged",
            where="train",
            loss=f"{value:.3g}",
            epoch=state.epoch + 1,
            step=batch + 1,
            rate=f"{rate:.3g}",
            items=", ".join(names),
            smaller=f"{self._train.learning_rate / 10:.3g}",
        )
