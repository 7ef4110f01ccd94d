"""Tables that hold pictures: Parquet and Arrow files whose cells are image files, bytes and all.

A picture is a member of its file, as of an archive: 'train-00000.parquet!/image/12' is row 12 of
the column 'image'. Rows are read in stretches, so that no more than a few of them are in memory.
"""

from __future__ import annotations

import io
import struct
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from tamiz.formats.archive import MAX_MEMBERS, Archive, Contents, open_archive
from tamiz.formats.arrow_stream import CONTINUATION, Batch, index_of_stream, is_arrow_stream
from tamiz.formats.files import MAX_FILE_BYTES, read_head
from tamiz.formats.refusal import Refusal, refuse
from tamiz.formats.sniff import HEAD_BYTES

if TYPE_CHECKING:
    import polars as pl

_PARQUET, _ARROW_FILE = b"PAR1", b"ARROW1"
_STRETCH_BYTES: Final = 32 * 2**20  # of a file, read at once
_STRETCH_ROWS: Final = 1024
_KEPT: Final = 2  # stretches: the present one, and the one that slower threads still read
_BYTES, _PATH = "bytes", "path"  # what Hugging Face calls the two halves of a picture


def is_shard(head: bytes) -> bool:
    """Return whether a file that begins so is a Parquet or an Arrow file."""
    if head.startswith((_PARQUET, _ARROW_FILE)):
        return True
    return head.startswith(CONTINUATION) and is_arrow_stream(head)


def open_container(path: Path) -> Archive | None:
    """Return the archive or the table of pictures at `path`, by content; None when it is neither.

    Raises:
        Refusal: it is damaged, or a bomb.
    """
    if is_shard(read_head(path, HEAD_BYTES)):
        return Shard(path)
    return open_archive(path)


class Shard:
    """A Parquet or Arrow file; its pictures are read as members of an archive; thread-safe.

    Attributes:
        n_rows: how many rows it has.
        schema: the type of each column.
    """

    def __init__(self, path: Path) -> None:
        self.contents = Contents()  # of a million rows, nobody asks for the list
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], pl.DataFrame] = OrderedDict()
        with _told():
            self._rows = _rows_of(path)
        self.n_rows, self.schema = self._rows.n_rows, self._rows.schema
        if self.n_rows > MAX_MEMBERS:
            raise refuse("too_many_members", limit=MAX_MEMBERS)

    def picture_columns(self) -> list[str]:
        """Return the columns that hold image files: {bytes, path}, or bytes alone."""
        return [name for name, kind in self.schema.items() if _holds_pictures(kind)]

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Return these columns whole, of each column of pictures the paths only, if it has them.

        Raises:
            Refusal: the file is damaged.
        """
        with _told():
            return self._rows.columns(names)

    def read(self, name: str) -> bytes:
        """Return a picture's file: 'image/12' is row 12 of the column 'image'.

        Raises:
            Refusal: there is no such row or column, the cell is empty, or the file is damaged.
        """
        column, _, number = name.rpartition("/")
        row = int(number) if number.isdecimal() and number.isascii() else self.n_rows
        if row >= self.n_rows or not _holds_pictures(self.schema.get(column)):
            raise refuse("missing")
        with self._lock, _told():
            start, length = self._rows.stretch(row)
            table = self._kept.get((column, start))
            if table is None:
                table = self._rows.pictures(column, start, length)
                self._kept[column, start] = table
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end((column, start))
            return _checked(table, row - start)

    def head(self, name: str, n_bytes: int) -> bytes:
        """Return a picture's first bytes."""
        return self.read(name)[:n_bytes]

    def close(self) -> None:
        """Let go of what is kept; files are opened for each stretch anew."""
        self._kept.clear()


class _Rows(Protocol):
    """The rows of a file, by stretches."""

    n_rows: int
    schema: dict[str, pl.DataType]

    def stretch(self, row: int) -> tuple[int, int]:
        """Return the first row and the number of rows of the stretch in which `row` lies."""
        ...

    def pictures(self, column: str, start: int, length: int) -> pl.DataFrame:
        """Return a stretch's pictures: the column `bytes`, and `path`: whether there is one."""
        ...

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Return whole columns, of pictures their paths."""
        ...


class _Scanned:
    """Rows of a Parquet file or of an Arrow file with a footer."""

    def __init__(self, path: Path) -> None:
        import polars as pl

        is_parquet = read_head(path, 4) == _PARQUET
        self._frame = pl.scan_parquet(path, glob=False) if is_parquet else pl.scan_ipc(path)
        self.schema = dict(self._frame.collect_schema())
        self.n_rows = int(self._frame.select(pl.len()).collect().item())
        each = max(path.stat().st_size // max(self.n_rows, 1), 1)
        self._step = min(max(_STRETCH_BYTES // each, 1), _STRETCH_ROWS)

    def stretch(self, row: int) -> tuple[int, int]:
        start = row - row % self._step
        return start, min(self._step, self.n_rows - start)

    def pictures(self, column: str, start: int, length: int) -> pl.DataFrame:
        chosen = _cells_of(column, self.schema[column])
        return self._frame.select(chosen).slice(start, length).collect()

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        return self._frame.select(_slim(names, self.schema)).collect()


class _Streamed:
    """Rows of an Arrow stream, batch by batch."""

    def __init__(self, path: Path) -> None:
        self._path, self._index = path, index_of_stream(path)
        self.n_rows = self._index.n_rows
        self.schema = dict(self._table(None).schema)

    def stretch(self, row: int) -> tuple[int, int]:
        batch = self._batch_of(row)
        return batch.start, batch.n_rows

    def pictures(self, column: str, start: int, length: int) -> pl.DataFrame:
        chosen = _cells_of(column, self.schema[column])
        return self._table(self._batch_of(start)).select(chosen).slice(0, length)

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        import polars as pl

        chosen = _slim(names, self.schema)
        empty = self._table(None).select(chosen)
        return pl.concat([empty, *(self._table(b).select(chosen) for b in self._index.batches)])

    def _batch_of(self, row: int) -> Batch:
        from bisect import bisect_right

        batches = self._index.batches
        return batches[bisect_right(batches, row, key=lambda batch: batch.start) - 1]

    def _table(self, batch: Batch | None) -> pl.DataFrame:
        import polars as pl

        made = pl.read_ipc_stream(io.BytesIO(self._index.stream_of(self._path, batch)))
        if batch is not None and made.height != batch.n_rows:
            raise refuse("truncated")
        return made


def _rows_of(path: Path) -> _Rows:
    head = read_head(path, 8)
    return _Scanned(path) if head.startswith((_PARQUET, _ARROW_FILE)) else _Streamed(path)


def _holds_pictures(kind: Any) -> bool:
    import polars as pl

    if isinstance(kind, pl.Struct):
        return any(one.name == _BYTES and one.dtype == pl.Binary for one in kind.fields)
    return bool(kind == pl.Binary)


def _cells_of(column: str, kind: Any) -> list[pl.Expr]:
    """Return the bytes of pictures, and whether a path stands where they are not."""
    import polars as pl

    cell = pl.col(column)
    if kind == pl.Binary:
        return [cell.alias(_BYTES), pl.lit(value=False).alias(_PATH)]
    has_path = any(one.name == _PATH for one in kind.fields)
    path = cell.struct.field(_PATH).is_not_null() if has_path else pl.lit(value=False)
    return [cell.struct.field(_BYTES).alias(_BYTES), path.alias(_PATH)]


def _slim(names: Sequence[str], schema: dict[str, Any]) -> list[pl.Expr]:
    """Return columns as they are, of pictures their paths, if they have any."""
    import polars as pl

    made = []
    for name in names:
        kind = schema[name]
        if not _holds_pictures(kind):
            made.append(pl.col(name))
        elif kind != pl.Binary and any(one.name == _PATH for one in kind.fields):
            made.append(pl.col(name).struct.field(_PATH).alias(name))
    return made


def _checked(table: pl.DataFrame, row: int) -> bytes:
    """Return a picture's bytes, refused by their number before they are copied."""
    import polars as pl

    n_bytes = table.slice(row, 1).select(pl.col(_BYTES).bin.size()).item()
    if n_bytes is None:
        raise refuse("only_a_path" if table[_PATH][row] else "empty_cell")
    if n_bytes > MAX_FILE_BYTES:
        raise refuse("member_large", limit_mib=MAX_FILE_BYTES >> 20)
    content: bytes = table[_BYTES][row]
    return content


@contextmanager
def _told() -> Iterator[None]:
    """Turn what polars says of a damaged file into one reason; its panics are no Exceptions."""
    import polars as pl

    try:
        yield
    except (Refusal, OSError):
        raise
    except struct.error as error:
        raise refuse("truncated") from error
    except pl.exceptions.PanicException as error:
        raise refuse("damaged", detail=_short(error)) from error
    except pl.exceptions.PolarsError as error:
        raise refuse("damaged", detail=_short(error)) from error


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return " ".join((lines[0] if lines else type(error).__name__).split())[:160]
