"""The table of what de-identification changed, added up over the runs into one folder."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from pathlib import Path
from typing import Final

from tamiz.acquisition.deidentify import Changes, Deidentified
from tamiz.core.files import write_text

CHANGES: Final = "deidentified.csv"
_EVERY_S: Final = 10.0


class ChangeLog:
    """OUT/deidentified.csv: rows of tags and what was done, the last column how often.

    It is written every ten seconds and at the end: a run that is killed loses the counts of its
    last seconds, never an image.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CHANGES
        self._earlier = _rows_of(self._path)
        self._changes = Changes()
        self._saved_s = time.monotonic()

    def add(self, made: Deidentified) -> None:
        """Count what was changed in one data set."""
        self._changes.add(made)
        if time.monotonic() - self._saved_s > _EVERY_S:
            self.save()

    def save(self) -> None:
        """Write the sums of earlier runs and this one."""
        self._saved_s = time.monotonic()
        part = self._path.with_name(f".{CHANGES}.tamiz-part")  # swept up if we are killed now
        self._changes.save_csv(part)
        header, counts = _rows_of(part)
        part.unlink()
        if self._earlier[0] == header:
            counts = Counter(counts)
            counts.update(self._earlier[1])
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([*cells, n] for cells, n in sorted(counts.items()))
        write_text(self._path, lines.getvalue())


def _rows_of(path: Path) -> tuple[tuple[str, ...], Counter[tuple[str, ...]]]:
    """Return a table's header, and its last column by the other ones; empty when missing."""
    counts: Counter[tuple[str, ...]] = Counter()
    if not path.is_file():
        return (), counts
    header, *rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) or [[]]
    for row in rows:
        if row and row[-1].isdecimal():
            counts[tuple(row[:-1])] += int(row[-1])
    return tuple(header), counts
