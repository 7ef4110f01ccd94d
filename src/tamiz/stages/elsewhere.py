"""Commands that would change a trained run: the same, with a folder of its own for the results."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

from tamiz.core.urls import shown
from tamiz.data.run_folder import Run

# Options that no training depends on: with these alone, a trained run goes on as it is.
_LEAVE_MODEL: Final = frozenset({"--metric", "--depth"})
_OF_RUNS: Final = frozenset(
    {"index", "check", "explore", "clean", "audit", "split", "plan", "train", "run"}
)


def is_trained(run: Run) -> bool:
    """Return whether the run holds a model."""
    return "train" in run.state().get("stages", {})


def typeable(command: str, run: Run) -> str:
    """Return a finding's command as it can be typed now.

    A trained run keeps its model: what would train another gets a folder beside it.
    """
    options = {one for one in command.split() if one.startswith("--")}
    if not is_trained(run) or "--out" in options or not options - _LEAVE_MODEL:
        return command
    return f"{command} --out {shlex.quote(str(_beside(run.folder)))}"


def elsewhere(command: str, run: Run) -> str | None:
    """Return what was typed with a new folder in place of the run's; None where that says nothing.

    Args:
        command: as it was typed, 'tamiz clean runs/first ...'.
        run: whose model it would have changed.
    """
    words = shlex.split(command)
    if len(words) < 2 or words[0] != "tamiz" or words[1] not in _OF_RUNS:
        return None
    made = words[:2]
    rest = iter(words[2:])
    for word in rest:
        name, equals, value = word.partition("=")
        if name not in {"--out", "--resume"}:
            made.append(word)
            continue
        value = value if equals else next(rest, "")
        if name == "--resume":
            made.insert(2, value)
    return shown(shlex.join([*made, "--out", str(_beside(run.folder))]))


def _beside(folder: Path) -> Path:
    """Return the first free name after the folder's own: 'first-2', 'first-3' after 'first-2'."""
    folder = folder if folder.name not in {"", ".."} else folder.resolve()
    numbered = re.fullmatch(r"(.+)-\d+", folder.name)
    if numbered and folder.with_name(numbered[1]).exists():
        folder = folder.with_name(numbered[1])
    number = 2
    while (made := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return made
