import io
import re
import time

import pytest
from rich.console import Console

from tamiz.core.events import Event
from tamiz.core.language import set_language, text
from tamiz.rendering.progress import ProgressDisplay, epoch_text, stage_word


class Clock:
    """A clock that moves when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def told(*events, seconds_each=1.0, **options) -> str:
    """Return what a pipe gets when `events` come `seconds_each` apart."""
    out, clock = io.StringIO(), Clock()
    console = Console(file=out, width=100, **options)
    with ProgressDisplay(console=console, clock=clock) as on_event:
        for event in events:
            on_event(event)
            clock.now += seconds_each
    return out.getvalue()


def test_finished_stage_leaves_one_line_with_its_seconds():
    out = told(Event("index", "start"), Event("index", "end", text("rendering.yes")))
    assert re.search(r"✓ index\s+1\.0 s\s+yes", out)


def test_pipe_gets_progress_only_now_and_then():
    work = [Event("check", "progress", text("rendering.doing_check"), i, 100) for i in range(100)]
    lines = told(*work).splitlines()
    assert 9 <= len(lines) <= 11
    assert lines[0] == ("check: decoding every image, 10/100, 10.0 s so far, 1 min 30 s left")


def test_time_left_is_of_all_epochs_when_each_epoch_has_its_own_words():
    work = [
        Event("train", "progress", text("rendering.epoch_of", epoch=i // 20 + 1, epochs=5), i, 100)
        for i in range(100)
    ]
    lines = told(*work).splitlines()
    assert "50/100, 50.0 s so far, 50.0 s left" in lines[4]


def test_times_of_a_stage_that_only_helps_end_with_the_one_it_helped():
    helping = text("rendering.doing_predict")
    lines = told(
        Event("train", "start"),
        Event("predict", "progress", helping, 200, 200),
        Event("train", "end"),
        Event("evaluate", "start"),
        *[Event("predict", "progress", helping, done, 20) for done in range(2, 16)],
        seconds_each=5,
    ).splitlines()
    assert lines[-1].endswith("14/20, 1 min 00 s so far, 30.0 s left")


def test_work_of_another_size_has_times_of_its_own():
    helping = text("rendering.doing_predict")
    work = [Event("predict", "progress", helping, 10 * i, 1000) for i in range(30)]
    more = [Event("predict", "progress", helping, i, 310) for i in range(300, 311)]
    lines = told(Event("train", "start"), *work, *more).splitlines()
    assert lines[-1].endswith("310/310, 10.0 s so far")


def test_help_that_is_asked_again_has_times_of_its_own():
    once = [Event("predict", "progress", text("rendering.doing_predict"), i, 8) for i in range(9)]
    lines = told(Event("train", "start"), *once, *once[-1:] * 2, seconds_each=11).splitlines()
    assert lines[-2].endswith("8/8, 0.0 s so far")


def test_the_first_of_many_does_not_tell_how_long_the_rest_takes():
    work = [Event("explore", "progress", text("rendering.doing_check"), i, 189) for i in (0, 1)]
    slow = told(*work, *work[-1:] * 2, seconds_each=15)
    assert "1/189, 30.0 s so far\n" in slow
    assert "left" not in slow


def test_one_of_few_tells_how_long_the_rest_takes():
    work = [Event("train", "progress", text("rendering.doing_train"), i, 5) for i in (0, 1)]
    assert "1/5, 15.0 s so far, 1 min 00 s left" in told(*work, seconds_each=15)


def test_epoch_lines_tell_what_is_known():
    whole = {
        "epoch": 3, "epochs": 10, "train_loss": 0.5, "val_loss": 0.6, "val_accuracy": 0.91,
        "seconds": 12.0, "eta_s": 84.0,
    }  # fmt: skip
    assert epoch_text(whole) == (
        "epoch 3/10  loss 0.500  val loss 0.600  val accuracy 0.910  12.0 s  1 min 24 s left"
    )
    assert epoch_text({"epoch": 1, "val_loss": None}) == "epoch 1"
    assert epoch_text({}) == ""


def test_hundreds_of_epochs_are_thinned_out_but_the_last_is_told():
    epochs = [Event("train", "epoch", values={"epoch": i, "epochs": 200}) for i in range(1, 201)]
    lines = told(*epochs).splitlines()
    assert len(lines) <= 27
    assert "epoch 200/200" in lines[-1]


def test_notes_and_warnings_are_told_as_text():
    warning = Event("check", "warning", text("errors.unreadable", reason="[red]\x1b[31mx"))
    out = told(warning)
    assert "! Warning:" in out
    assert "[red]" in out
    assert "\x1b" not in out


def test_unknown_stage_is_shown_as_it_is():
    assert stage_word("polish") == "polish"


@pytest.mark.parametrize(
    "stage", ["index", "check", "split", "plan", "train", "evaluate", "report", "predict"]
)
def test_stages_have_words_in_both_languages(stage):
    english = stage_word(stage)
    set_language("es")
    try:
        assert stage_word(stage)
        assert english == stage
    finally:
        set_language("en")


def test_live_display_draws_a_bar_and_cleans_up():
    out = told(
        Event("check", "start"),
        Event("check", "progress", text("rendering.doing_check"), 3, 10),
        Event("check", "end"),
        force_terminal=True,
        legacy_windows=False,
        _environ={"TERM": "xterm"},
    )
    assert "decoding every image" in out
    assert "✓" in out


def test_no_bar_outlives_the_stage_it_helped():
    out = io.StringIO()
    console = Console(file=out, width=90, force_terminal=True, _environ={"TERM": "xterm"})
    with ProgressDisplay(console=console) as on_event:
        on_event(Event("train", "start"))
        on_event(Event("predict", "progress", text("rendering.doing_predict"), 9, 9))
        on_event(Event("train", "end"))
        out.truncate(0)
        on_event(Event("evaluate", "start"))
        time.sleep(0.4)  # a few redraws
    assert "evaluate" in out.getvalue()
    assert "9/9" not in out.getvalue()


def test_display_ends_with_the_work_also_when_it_fails():
    out = io.StringIO()
    display = ProgressDisplay(console=Console(file=out, force_terminal=True, width=80))

    def fail() -> None:
        with display as on_event:
            on_event(Event("train", "start"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    display(Event("train", "note", text("rendering.no")))  # late events do no harm


def test_progress_goes_to_standard_error(capsys):
    with ProgressDisplay() as on_event:
        on_event(Event("index", "start"))
        on_event(Event("index", "end"))
    said = capsys.readouterr()
    assert said.out == ""
    assert "index" in said.err


def test_ascii_streams_get_ascii():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    with ProgressDisplay(console=Console(file=stream, width=80)) as on_event:
        on_event(Event("index", "note", text("errors.unreadable", reason="ñ…")))
        on_event(Event("index", "end"))
    stream.flush()
    assert b"index" in raw.getvalue()
