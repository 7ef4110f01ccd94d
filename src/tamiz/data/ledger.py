"""The ledger: every file found has exactly one fate, and the counts close."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tamiz.core.files import write_json, write_text


class Fate(StrEnum):
    """What became of a file."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"
    UNLABELLED = "unlabelled"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"
    NOT_AN_IMAGE = "not an image"
    MISSING = "missing"  # a table names it; it was not found, so the ledger of files has no entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One file (or one image of a file that holds many: 'images.idx#17') and its fate.

    `fate` is None while a later stage has still to decide.
    """

    path: str
    fate: Fate | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every file found, each exactly once."""

    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        doubled = [path for path, n in Counter(e.path for e in self.entries).items() if n > 1]
        if doubled:
            raise ValueError(f"{len(doubled)} paths stand in the ledger twice, first {doubled[0]}")

    def counts(self) -> dict[str, int]:
        """Return the number of files per fate; 'undecided' only before the split."""
        found = Counter("undecided" if e.fate is None else e.fate.value for e in self.entries)
        order = [fate.value for fate in Fate if fate is not Fate.MISSING] + ["undecided"]
        return {name: found[name] for name in order if found[name] or name != "undecided"}

    def save(self, folder: Path) -> None:
        """Write ledger.json ({"found": N, "fates": {...}}) and ledger.csv (path, fate, reason)."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("path", "fate", "reason"))
        for entry in self.entries:
            fate = "undecided" if entry.fate is None else entry.fate.value
            writer.writerow(tuple(map(safe_cell, (entry.path, fate, entry.reason))))
        write_text(folder / "ledger.csv", lines.getvalue())
        write_json(folder / "ledger.json", {"found": len(self.entries), "fates": self.counts()})


def safe_cell(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula, and UTF-8 can hold it."""
    value = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
