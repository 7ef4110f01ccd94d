"""The files that a conversion keeps: journal, table, what has no place, what was removed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from tamiz.core.errors import WrongUse
from tamiz.core.files import explain_os_error, write_bytes
from tamiz.inputs.registry import Found
from tamiz.stages.converting import Conversion, Done, Job

_TOLD: Final = (
    "label", "patient", "study", "series", "instance", "modality", "body_part", "view",
    "laterality", "manufacturer", "scanner", "kernel", "slice_thickness_mm", "kvp",
    "field_strength_t", "sex", "age", "series_number", "instance_number", "um_per_px",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A file that was not converted.

    Attributes:
        source: its name, or what stands for it.
        kind: 'unlabelled', 'unreadable' or 'set-aside'.
        reason: in words.
    """

    source: str
    kind: str
    reason: str


class Journal:
    """What was converted already: a line for each file, the settings in the first.

    Which elements were removed stands in a line of its own, once for all files of which it is
    true.

    Raises:
        WrongUse: the folder holds a conversion made with other settings or of another source, or
            files that no conversion made.
    """

    def __init__(self, path: Path, out: Path, settings: str) -> None:
        self._path, self._out = path, out
        self._done: dict[str, dict[str, Any]] = {}
        self._tags: dict[str, tuple[list[str], list[str]]] = {}
        if not path.exists() and any(map(_is_visible_file, out.rglob("*"))):
            raise WrongUse.of("convert.not_ours", where=out)
        lines = self._read()
        if lines and lines[0].get("settings") != settings:
            raise WrongUse.of("convert.other_settings", where=out)
        if not lines:
            self._append([{"settings": settings}])
        for line in lines[1:]:
            self._take(line)

    def has(self, job: Job) -> bool:
        """Return whether this very file was converted, and what it became is still whole."""
        rows = self._rows(job)
        if [row["path"] for row in rows] != [path for _, path in job.targets]:
            return False
        return all(_size(self._out / row["path"]) == row["bytes"] for row in rows)

    def remove_moved(self, job: Job) -> None:
        """Remove the pictures that an earlier call made of this file under other names."""
        kept = {path for _, path in job.targets}
        for row in self._rows(job):
            if row["path"] not in kept:
                place = self._out / row["path"]
                place.unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # other pictures lie there
                    place.parent.rmdir()

    def add(self, done: Sequence[Done]) -> None:
        """Note what was done, and wait until the disk has it."""
        lines: list[dict[str, Any]] = []
        for one in done:
            line: dict[str, Any] = {"stamp": one.job.stamp, "rows": list(one.rows)}
            if one.removed or one.replaced:
                tags = [list(one.removed), list(one.replaced)]
                line["tags"] = hashlib.sha256(json.dumps(tags).encode()).hexdigest()[:12]
                if line["tags"] not in self._tags:
                    lines.append({"tags": line["tags"], "removed": tags[0], "replaced": tags[1]})
                    self._take(lines[-1])
            lines.append(line)
            self._take(line)
        if lines:
            self._append(lines)

    def rows_of(
        self, jobs: Iterable[Job], facts: Mapping[str, Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return a row for each picture of these jobs that is there, with its header's facts."""
        return [{**facts[job.source], **row} for job in jobs for row in self._rows(job)]

    def changes(self, jobs: Iterable[Job]) -> Counter[tuple[str, str]]:
        """Return (tag, 'removed' or 'replaced') -> how many of these jobs' files."""
        made: Counter[tuple[str, str]] = Counter()
        for job in jobs:
            removed, replaced = self._tags.get(
                self._done.get(job.stamp, {}).get("tags", ""), ([], [])
            )
            made.update((tag, "removed") for tag in removed)
            made.update((tag, "replaced") for tag in replaced)
        return made

    def _rows(self, job: Job) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._done.get(job.stamp, {}).get("rows", [])
        return found

    def _take(self, line: dict[str, Any]) -> None:
        if "stamp" in line:
            self._done[line["stamp"]] = line
        elif "tags" in line:
            self._tags[line["tags"]] = line["removed"], line["replaced"]

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        words = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        try:
            with self._path.open("a", encoding="utf-8") as opened:
                opened.write(words)
                opened.flush()
                os.fsync(opened.fileno())
        except OSError as error:
            raise explain_os_error(error, self._path) from error

    def _read(self) -> list[dict[str, Any]]:
        """Return the lines; a last one torn by a kill is cut off, a damaged one is done again."""
        try:
            content = self._path.read_bytes() if self._path.exists() else b""
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                os.truncate(self._path, whole)
        except OSError as error:
            raise explain_os_error(error, self._path) from error
        made = []
        for words in content[:whole].splitlines():
            try:
                line = json.loads(words)
            except ValueError:
                continue
            made += [line] if isinstance(line, dict) else []
        return made


def _is_visible_file(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def settings_of(how: Conversion) -> str:
    """Return what must be the same for a folder to be gone on with; the source is part of it."""
    told = {
        name: value
        for name, value in asdict(how).items()
        if name not in {"out", "key", "pseudonyms"}
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def facts_by_source(found: Found) -> dict[str, dict[str, Any]]:
    """Return source -> what its header says."""
    return {
        row[0]: dict(zip(_TOLD, row[1:], strict=True))
        for row in found.manifest.rows("path", *_TOLD)
    }


def save_table(rows: Sequence[Mapping[str, Any]], path: Path, told: Sequence[str] = _TOLD) -> None:
    """Write the table of all pictures, which is itself a source for `tamiz run`."""
    first = ["path", *told]
    names = list(dict.fromkeys([*first, *(name for row in rows for name in row)]))
    columns = {name: [_cell(row.get(name)) for row in rows] for name in names}
    _save(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)), path)


def save_unplaced(rows: Sequence[Unplaced], path: Path) -> None:
    """Write what was not converted, and why."""
    columns = {
        "source": [_cell(one.source) for one in rows],
        "kind": [one.kind for one in rows],
        "reason": [_cell(one.reason) for one in rows],
    }
    _save(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), path)


def save_changes(counts: Mapping[tuple[str, str], int], path: Path) -> None:
    """Write which tags were removed and replaced in how many files; no value is told."""
    rows = sorted(counts.items())
    columns = {
        "tag": [_cell(tag) for (tag, _), _ in rows],
        "action": [action for (_, action), _ in rows],
        "files": [str(n) for _, n in rows],
    }
    _save(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), path)


def _save(table: pl.DataFrame, path: Path) -> None:
    write_bytes(path, table.write_csv().encode("utf-8"))


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    words = "" if value is None else str(value)
    is_number = words.replace("-", "", 1).replace(".", "", 1).isdigit()
    return f"'{words}" if words.startswith(_FORMULA) and not is_number else words
