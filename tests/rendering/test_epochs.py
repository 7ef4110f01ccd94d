"""The table of epochs in a terminal: what is alive, what stays, at any width and height."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from tamiz.core.events import Event
from tamiz.core.language import set_language, text
from tamiz.rendering.epochs import EpochTable
from tamiz.rendering.progress import ProgressDisplay


def figures(number, n=30, best=5, **more):
    return {
        "epoch": number,
        "epochs": n,
        "train_loss": 2.0 / number,
        "val_loss": 2.2 / number,
        "val_accuracy": 1 - 1 / number,
        "learning_rate": 2e-3,
        "seconds": 12.34,
        "best_epoch": min(number, best),
        **more,
    }


def table(n, **options):
    made = EpochTable(**options)
    for number in range(1, n + 1):
        made.add(figures(number))
    return made


def drawn(renderable, width=80, height=24):
    out = io.StringIO()
    Console(file=out, width=width, height=height).print(renderable)
    return out.getvalue().splitlines()


def words(raw):
    """Return what was written, without the codes that colour it and move the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.getvalue().decode())


def terminal(width=80, encoding="utf-8"):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = Console(
        file=stream, force_terminal=True, width=width, height=24, _environ={"TERM": "xterm"}
    )
    return raw, stream, console


def test_row_tells_all_figures_and_the_best_is_marked():
    lines = drawn(table(6))
    assert lines[0].split() == [
        "epoch",
        "train",
        "loss",
        "val",
        "loss",
        "val",
        "accuracy",
        "rate",
        "time",
    ]
    (best,) = [line for line in lines if "★" in line]
    assert best.split() == ["★", "5/30", "0.400", "0.440", "0.800", "2.0e-03", "12.3", "s"]


def test_live_table_fits_the_screen_and_keeps_the_best_epoch_in_view():
    for height in (14, 24, 50):
        lines = drawn(table(30), height=height)
        assert len(lines) < height - 2
        assert any("★" in line and "5/30" in line for line in lines)
        assert any("30/30" in line for line in lines)
        assert max(map(len, lines)) <= 80


def test_losses_share_a_scale_so_that_the_curves_compare():
    curves = [line for line in drawn(table(8)) if "→" in line]
    assert [line.split("  ")[1].strip() for line in curves] == [
        "train loss",
        "val loss",
        "val accuracy",
    ]
    assert "█" in curves[1]  # the highest value is one of the validation
    assert "█" not in curves[0]
    assert "▁" in curves[0]


def test_what_stays_is_thinned_out_but_has_first_best_and_last():
    made = EpochTable()
    for number in range(1, 201):
        made.add(figures(number, n=200, best=100))
    rows = [line for line in drawn(made.kept()) if "/200" in line]
    assert len(rows) <= 28
    assert "1/200" in rows[0]
    assert "200/200" in rows[-1]
    assert any("★" in row and "100/200" in row for row in rows)


def test_figures_that_are_missing_or_no_numbers_are_a_dash():
    made = EpochTable()
    made.add({"epoch": 1, "train_loss": 0.5, "val_loss": None})
    made.add({"epoch": 2, "train_loss": float("nan"), "val_loss": None})
    assert [line.split() for line in drawn(made)[2:4]] == [
        ["1", "0.500", "-", "-"],
        ["2", "-", "-", "-"],
    ]


def test_terminal_without_blocks_gets_plain_letters():
    lines = drawn(table(6, speaks_utf8=False))
    assert all(line.isascii() for line in lines)
    assert any(line.lstrip().startswith("*") for line in lines)


@pytest.mark.parametrize("language", ["en", "es"])
def test_stages_of_a_training_fit_80_columns_in_both_languages(language):
    set_language(language)
    made = EpochTable()
    for number in range(1, 4):
        made.add(figures(number, n=100, stage=2, part="last-3-blocks"))
    lines = drawn(made)
    assert max(map(len, lines)) <= 80
    assert any("last-3-blocks 3/100" in line for line in lines)
    assert not any("…" in line for line in lines)


def test_epochs_of_another_training_begin_another_table():
    made = table(3)
    assert made.belongs(figures(4))
    assert not made.belongs(figures(1))
    assert not made.belongs(figures(4, stage=2))
    assert EpochTable().belongs(figures(7))


def test_table_stays_on_the_screen_when_the_training_ends():
    raw, stream, console = terminal()
    with ProgressDisplay(console=console) as tell:
        tell(Event("train", "start"))
        for number in (1, 2, 3):
            tell(Event("train", "epoch", values=figures(number, n=3)))
        tell(Event("train", "end", text("rendering.yes")))
    stream.flush()
    out = words(raw)
    kept = out[out.rindex("train loss  val") :]
    assert [f"{number}/3" in kept for number in (1, 2, 3)] == [True] * 3
    assert kept.index("3/3") < kept.index("✓")


def test_table_is_not_lost_when_the_user_stops():
    raw, stream, console = terminal(encoding="ascii")

    def stopped():
        with ProgressDisplay(console=console) as tell:
            for number in (1, 2):
                tell(Event("train", "epoch", values=figures(number)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    stream.flush()
    out = words(raw)
    kept = out[out.rindex("train loss  val") :]
    assert "1/30" in kept
    assert "2/30" in kept


def test_folds_leave_a_table_each():
    raw, stream, console = terminal()
    with ProgressDisplay(console=console) as tell:
        for loss in (7.125, 8.125):
            tell(Event("train", "epoch", values=figures(1, train_loss=loss)))
    stream.flush()
    out = words(raw)
    assert "7.125" in out
    assert out.rindex("7.125") < out.rindex("8.125")
