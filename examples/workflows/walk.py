"""What the five walks share: commands shown as they are typed, and a table at the end."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from typing import Any

WIDTH = 96


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the last table: what it is about, the original's figure, the one found here."""

    what: str
    original: str
    here: str


@dataclass(slots=True)
class Walk:
    """A workflow, command by command, in a folder of its own.

    Attributes:
        out: the folder; commands run in it.
        is_small: whether to draw little data and train briefly, as a check does.
        source: the user's own data; None: data are drawn.
        weights: of a pretrained network, where the user has a file of them.
        seconds: that each command took, by its first words.
    """

    out: Path
    is_small: bool
    source: Path | None = None
    weights: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def say(self, words: str) -> None:
        """Print a paragraph."""
        print(textwrap.fill(" ".join(words.split()), WIDTH), end="\n\n", flush=True)

    def step(self, title: str, words: str = "") -> None:
        """Print a heading and what is done under it."""
        print(f"\n## {title}\n", flush=True)
        if words:
            self.say(words)

    def tamiz(
        self, command: str, *, ends: Sequence[int] = (0,), shown: int = 14, first: int = 0
    ) -> str:
        """Print a command as it is typed, run it, print the end of what it says.

        Args:
            command: without 'tamiz' itself.
            ends: exit codes that are right here; 1 means that problems were found, 3 that the
                data allow no honest result.
            shown: lines to print of its output, from the end; 0: all.
            first: lines to print from its beginning as well.

        Raises:
            SystemExit: it ended otherwise.
        """
        print(f"$ tamiz {command}", flush=True)
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603  (our own program, words of our own)
            [sys.executable, "-m", "tamiz", *shlex.split(command)],
            cwd=self.out,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": str(WIDTH)},
            check=False,
        )
        name = " ".join(command.split()[:1])
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started
        is_right = done.returncode in ends
        told = (done.stdout if is_right else done.stdout + done.stderr).splitlines()
        if is_right and not told:  # it refused, in one line, after those that say how far it was
            lines = done.stderr.splitlines()
            told = list(dropwhile(lambda line: not line.startswith("error"), lines))
        if is_right and shown and first + shown < len(told):
            told = [*told[:first], "...", *told[-shown:]]
        print("\n".join(f"  {line}".rstrip() for line in told), end="\n\n", flush=True)
        if not is_right:
            sys.exit(f"tamiz {command}: ended with {done.returncode}, expected {ends}")
        return done.stdout

    def figure(self, run: str, *names: str) -> str:
        """Return a figure of a run with its interval, n and groups, as text.

        Args:
            run: its folder, below `out`.
            names: the way to it in metrics.json, such as 'test', 'accuracy'.
        """
        found: Any = json.loads((self.out / run / "metrics.json").read_text(encoding="utf-8"))
        for name in names:
            found = found[name]
        return worded(found, is_share=names[-1] not in {"log_loss", "weighted_log_loss"})

    def table(self, rows: Sequence[Row]) -> None:
        """Print the original's figures beside those found here, and the seconds."""
        self.step("The original's figures and these")
        total = sum(self.seconds.values())
        parts = ", ".join(f"{name} {seconds:.0f}" for name, seconds in self.seconds.items())
        rows = (*rows, Row("seconds", "not said", f"{total:.0f} ({parts})"))
        print("| what | original | here |\n|---|---|---|")
        print("\n".join(f"| {one.what} | {one.original} | {one.here} |" for one in rows))


def worded(figure: dict[str, Any], *, is_share: bool = True) -> str:
    """Return 'value (interval), n = ..., groups' of a figure as metrics.json has it."""
    scale, unit = (100.0, " %") if is_share else (1.0, "")
    digits = 1 if is_share else 3

    def number(value: float) -> str:
        return f"{scale * value:.{digits}f}"

    interval = "no interval"
    if figure.get("low") is not None:
        interval = f"{number(figure['low'])}-{number(figure['high'])}"
    value = number(figure["value"])
    return f"{value}{unit} ({interval}), n = {figure['n']}, groups: {figure['n_groups']}"


def begin(words: str, default: str, *, takes_weights: bool = False) -> Walk:
    """Return the walk that the command line asks for; its folder is made.

    Args:
        words: what the workflow is.
        default: name of the folder when none is given.
        takes_weights: whether it can begin with weights of a pretrained network.
    """
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--out", type=Path, default=Path("runs") / default, help="folder")
    parser.add_argument("--small", action="store_true", help="little data, brief training")
    parser.add_argument("--source", type=Path, help="your own data in place of drawn ones")
    if takes_weights:
        parser.add_argument("--weights", type=Path, help="safetensors file of a pretrained network")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    source = asked.source.resolve() if asked.source else None
    weights = asked.weights.resolve() if takes_weights and asked.weights else None
    return Walk(asked.out.resolve(), asked.small, source, weights)
