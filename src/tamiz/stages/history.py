"""`history.jsonl` while a network is trained: one line for each epoch, as soon as it is over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tamiz.core.files import explain_os_error, make_folder, write_text

NAME: Final = "history.jsonl"
_NO_FIGURES: Final = frozenset({"epochs", "best_epoch"})  # of the event, not of the epoch


class History:
    """The epochs of one training, in the file that the training's end writes whole.

    An epoch that comes again (a training resumed from an older checkpoint, or begun anew) replaces
    the line it had and all after it, so no epoch is there twice. Epochs are numbered over all
    stages of a training, as in the finished file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[dict[str, Any]] | None = None

    def add(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Write the line of an 'epoch' event's `values`; return it.

        Raises:
            MachineTrouble: the disk is full.
            WrongUse: the folder cannot be written to.
        """
        known = self._read() if self._lines is None else self._lines
        kept = _before(values, known)
        entry = {key: value for key, value in values.items() if key not in _NO_FIGURES}
        entry["epoch"] = len(kept) + 1
        line = json.dumps(entry) + "\n"
        if self._lines is None or len(kept) < len(known):
            make_folder(self._path.parent)
            write_text(self._path, "".join(json.dumps(one) + "\n" for one in kept) + line)
        else:
            try:
                with self._path.open("a", encoding="utf-8") as opened:
                    opened.write(line)
            except OSError as error:
                raise explain_os_error(error, self._path) from error
        self._lines = [*kept, entry]
        return entry

    def _read(self) -> list[dict[str, Any]]:
        """Return the lines there are, up to the first that is not whole."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return []
        lines = []
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                one = json.loads(line)
            except json.JSONDecodeError:
                break
            if not isinstance(one, dict) or one.get("epoch") != number:
                break
            lines.append(one)
        return lines


def _before(values: Mapping[str, Any], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the known lines of epochs before this one: of earlier stages, and of its own."""
    stage = values.get("stage") or 0
    earlier = [one for one in known if (one.get("stage") or 0) < stage]
    own = [one for one in known if (one.get("stage") or 0) == stage]
    return [*earlier, *own[: int(values["epoch"]) - 1]]
