"""The work of `describe`: images read, measured and written part by part, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.events import OnEvent, progress_of
from tamiz.core.files import locked, make_folder, replacing
from tamiz.core.language import text
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.data.parquet import write_table
from tamiz.descriptors.described import Described
from tamiz.descriptors.planes import resized
from tamiz.descriptors.tiles import VERSION
from tamiz.formats.reader import Reader
from tamiz.inputs.described_table import DESCRIBED_COLUMNS
from tamiz.stages.conversion_names import stamp_of
from tamiz.stages.sharing import check_shared
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.local import n_cores
from tamiz.workers.registry import Wishes

KEY: Final = "tamiz.describe"
FACTS: Final = DESCRIBED_COLUMNS
"""Columns before the numbers; `split` is the part that the source itself gives, if any."""
_ROW: Final = ("item", "path", "frame", "label", "group", "given_split")
_SCHEMA: Final = {name: pl.Int32 if name == "frame" else pl.String for name in FACTS}
_AT_ONCE: Final = 256
_BYTES_AT_ONCE: Final = 32 << 20  # of numbers
_LARGE_BYTES: Final = 1 << 16  # of pixels: a larger image is measured alone, and let go
_ROW_GROUP_BYTES: Final = 16 << 20
_MORE_THREADS: Final = 4  # than cores: some wait for the disk


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured on which images, and where it goes.

    Attributes:
        rows: the images.
        how: what is measured.
        policy: how files become pixels.
        out: the table that is written.
    """

    rows: Manifest
    how: Described
    policy: Policy
    out: Path

    def chunks(self) -> list[Chunk]:
        """Return the rows in pieces that are measured one after the other."""
        root, rows = self.rows.root, list(self.rows.rows(*_ROW))
        stamps = {path: stamp_of(root, path) for path in {row[1] for row in rows}}
        many = Counter(row[1] for row in rows)
        settings = [self.how.to_table(), VERSION, asdict(self.policy), str(root)]
        at_once = max(1, min(_AT_ONCE, _BYTES_AT_ONCE // (8 * len(self.how.columns()))))
        made = []
        for start in range(0, len(rows), at_once):
            piece = rows[start : start + at_once]
            told = [settings, piece, [stamps[row[1]] for row in piece]]
            key = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
            names = [f"{row[1]}#{row[2]}" if many[row[1]] > 1 else row[1] for row in piece]
            made.append(Chunk(piece, names, key))
        return made


class Chunk(NamedTuple):
    """Some of the images.

    Attributes:
        rows: item, path, frame, label, group and given split of each.
        names: what each is called in messages.
        key: changes whenever a number of them could.
    """

    rows: list[tuple[Any, ...]]
    names: list[str]
    key: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the images.

    Attributes:
        n_rows: in the table.
        n_kept: of these, measured by an earlier call.
        problems: (name, reason) of what could not be read.
        n_constant: images with one value only, as they are measured.
        n_small: images with a side no longer than a distance of the co-occurrences.
    """

    n_rows: int = 0
    n_kept: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    n_constant: int = 0
    n_small: int = 0

    def plus(self, other: Written) -> Written:
        """Return both together."""
        return Written(
            self.n_rows + other.n_rows,
            self.n_kept + other.n_kept,
            (*self.problems, *other.problems),
            self.n_constant + other.n_constant,
            self.n_small + other.n_small,
        )

    def kept(self) -> dict[str, Any]:
        """Return what is written beside the numbers, JSON-ready."""
        return {
            "rows": self.n_rows,
            "problems": [list(one) for one in self.problems],
            "constant": self.n_constant,
            "small": self.n_small,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any], *, is_kept: bool) -> Self:
        """Return what `kept` gave."""
        problems = tuple((str(name), str(reason)) for name, reason in kept["problems"])
        n = int(kept["rows"])
        return cls(n, n if is_kept else 0, problems, int(kept["constant"]), int(kept["small"]))


class _Seen(NamedTuple):
    """One image: its pixels, to be measured with others, or (then none) its numbers."""

    pixels: NDArray[np.uint8]
    values: NDArray[np.float64] | None
    is_constant: bool
    is_small: bool


def write_features(task: Task, on_event: OnEvent, *, is_overwrite: bool = False) -> Written:
    """Write the table of numbers, a row per image that can be read, in the order of the rows.

    An interrupted call leaves its finished parts beside `out`, and the next one goes on from them.

    Raises:
        WrongData: not one image can be read.
        WrongUse: `out` holds something else and `is_overwrite` is not set, or cannot be written.
    """
    chunks = task.chunks()
    key = hashlib.sha256("".join(one.key for one in chunks).encode()).hexdigest()[:32]
    finished = _finished(task.out, key, is_overwrite=is_overwrite)
    if finished is not None:
        return finished
    make_folder(task.out.parent)
    folder = task.out.with_name(f".{task.out.name}.tamiz-parts")
    with locked(folder):
        places = [folder / f"{i:06}-{one.key}.parquet" for i, one in enumerate(chunks)]
        for old in set(folder.glob("*.parquet")) - set(places):
            old.unlink()
        told = _write_parts(task, chunks, places, on_event)
        if not told.n_rows:
            shutil.rmtree(folder, ignore_errors=True)
            name, reason = told.problems[0]
            raise WrongData.of(
                "describe.none_readable", where=name, n=len(told.problems), reason=reason
            )
        _join(places, task, {"key": key, **told.kept()})
    shutil.rmtree(folder, ignore_errors=True)
    return told


def _finished(out: Path, key: str, *, is_overwrite: bool) -> Written | None:
    """Return what the same call did before; None when there is work to do."""
    if not out.exists():
        return None
    found = _facts_of(out)
    if found is not None and found.get("key") == key:
        return Written.of(found, is_kept=True)
    if not is_overwrite:
        raise WrongUse.of("describe.exists", where=out)
    return None


def _facts_of(place: Path) -> dict[str, Any] | None:
    """Return what was written about a table in its file; None where it is none of ours."""
    try:
        found = pl.read_parquet_metadata(place).get(KEY)
        return None if found is None else dict(json.loads(found))
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return None


def _write_parts(
    task: Task, chunks: Sequence[Chunk], places: Sequence[Path], on_event: OnEvent
) -> Written:
    total, done = sum(len(one.rows) for one in chunks), 0
    tell = progress_of(on_event, stage="describe", text=text("describe.progress"))
    made = Written()
    known = [_facts_of(place) for place in places]
    todo = [chunk for chunk, facts in zip(chunks, known, strict=True) if facts is None]
    check_shared(task.rows.root, [row[1] for chunk in todo for row in chunk.rows])
    with Reader(task.rows.root, task.policy) as reader:
        measured = _measured(task.how, reader, todo)
        for chunk, place, facts in zip(chunks, places, known, strict=True):
            if facts is None:
                table, told = next(measured)
                write_table(table, place, {KEY: json.dumps(told.kept())})
            else:
                told = Written.of(facts, is_kept=True)
            made = made.plus(told)
            done += len(chunk.rows)
            tell(done, total)
    return made


def _measured(
    how: Described, reader: Reader, chunks: Sequence[Chunk]
) -> Iterator[tuple[pl.DataFrame, Written]]:
    """Yield the tables of the chunks: here image by image in threads, elsewhere many at once."""
    if is_elsewhere():
        alone = _Measure(how, reader, 1)
        return in_order(alone.table, chunks, Wishes(what="describe"))
    return map(_Measure(how, reader, n_cores() + _MORE_THREADS).table, chunks)


class _Measure:
    """Reads and measures images, several at a time."""

    def __init__(self, how: Described, reader: Reader, n_threads: int) -> None:
        self._how, self._reader = how, reader
        self._wishes = Wishes(n_threads, what="describe")
        self._columns = how.columns()
        self._reach = max(
            (max(options["distances"]) for name, options in how.descriptors if name == "glcm"),
            default=0,
        )

    def table(self, chunk: Chunk) -> tuple[pl.DataFrame, Written]:
        """Return the rows of the images that can be read, and what became of the others."""
        found = list(in_order(self._look, chunk.rows, self._wishes))
        seen = [one for one in found if isinstance(one, _Seen)]
        problems = tuple(
            (name, one.reason)
            for name, one in zip(chunk.names, found, strict=True)
            if isinstance(one, UnreadableItem)
        )
        rows = [row for row, one in zip(chunk.rows, found, strict=True) if isinstance(one, _Seen)]
        facts = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
        numbers = pl.DataFrame(self._values(seen), schema=list(self._columns), orient="row")
        told = Written(
            len(rows),
            0,
            problems,
            sum(one.is_constant for one in seen),
            sum(one.is_small for one in seen),
        )
        return facts.hstack(numbers), told

    def _look(self, row: tuple[Any, ...]) -> _Seen | UnreadableItem:
        """Return an image as it is measured, or its numbers where it is large."""
        try:
            pixels = self._reader.read(row[1], row[2]).pixels[None]
        except UnreadableItem as error:
            return error
        tiles: NDArray[np.uint8] = pixels.astype(np.uint8, copy=False)
        if self._how.size_px is not None:
            tiles = resized(tiles, self._how.size_px)
        is_small = min(tiles.shape[1:3]) <= self._reach
        is_constant = bool((tiles == tiles[:, :1, :1]).all())
        is_large = tiles.nbytes > _LARGE_BYTES
        values = self._how(tiles)[0] if is_large else None
        return _Seen(tiles[0, :0] if is_large else tiles[0], values, is_constant, is_small)

    def _values(self, seen: Sequence[_Seen]) -> NDArray[np.float64]:
        """Return (n, k); small images of one shape are measured together."""
        made = np.empty((len(seen), len(self._columns)))
        alike: dict[tuple[int, ...], list[int]] = {}
        for i, one in enumerate(seen):
            if one.values is not None:
                made[i] = one.values
            else:
                alike.setdefault(one.pixels.shape, []).append(i)
        for at in alike.values():
            made[at] = self._how(np.stack([seen[i].pixels for i in at]))
        return made


def _join(places: Sequence[Path], task: Task, facts: Mapping[str, Any]) -> None:
    """Write the parts as one table, never holding all of them."""
    width = 8 * (len(task.how.columns()) + len(FACTS))
    metadata = {KEY: json.dumps(facts), "tamiz.described": json.dumps(task.how.to_table())}
    with replacing(task.out) as part:
        pl.scan_parquet(list(places)).sink_parquet(
            part,
            row_group_size=max(1, _ROW_GROUP_BYTES // width),
            maintain_order=True,
            metadata=metadata,
        )
