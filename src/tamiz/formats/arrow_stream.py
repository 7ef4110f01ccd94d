"""Arrow's stream format, as Hugging Face `datasets` saves it: where each batch of rows lies.

The batches are found by their headers alone, so that one of them can be read without the others.

Source: https://arrow.apache.org/docs/format/Columnar.html (encapsulated message format) and
Message.fbs beside it; https://flatbuffers.dev/internals for the tables within.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tamiz.formats.refusal import refuse

CONTINUATION: Final = b"\xff\xff\xff\xff"
MAX_HEADER_BYTES: Final = 16 * 2**20
MAX_ROWS_PER_BYTE: Final = 8  # of a batch's body, in which every row of a column leaves its trace
_END: Final = CONTINUATION + b"\0\0\0\0"
_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3
_HEADER_TYPE, _HEADER, _BODY_LENGTH = 1, 2, 3  # fields of a Message


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of rows in a stream: its first row, how many they are, and its bytes."""

    start: int
    n_rows: int
    offset: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class StreamIndex:
    """Where everything lies in an Arrow stream.

    Attributes:
        batches: in order; the rows of each follow those of the one before.
        before: (offset, bytes) of what every batch needs to be understood: schema, dictionaries.
    """

    batches: tuple[Batch, ...]
    before: tuple[tuple[int, int], ...]

    @property
    def n_rows(self) -> int:
        """Return the number of rows of all batches."""
        return self.batches[-1].start + self.batches[-1].n_rows if self.batches else 0

    def stream_of(self, path: Path, batch: Batch | None) -> bytes:
        """Return a stream of this one batch (None: of no row), whole in itself."""
        parts = list(self.before)
        if batch is not None:
            parts.append((batch.offset, batch.n_bytes))
        made = bytearray()
        with path.open("rb") as opened:
            for offset, n_bytes in parts:
                opened.seek(offset)
                made += opened.read(n_bytes)
        return bytes(made) + _END


def is_arrow_stream(head: bytes) -> bool:
    """Return whether a file that begins so is an Arrow stream: a message that holds a schema."""
    if not head.startswith(CONTINUATION) or len(head) < 64:
        return False
    try:
        return _message(head[8:])[0] == _SCHEMA
    except struct.error:
        return False


def index_of_stream(path: Path) -> StreamIndex:
    """Return where the batches of a stream lie; bodies are not read.

    Raises:
        Refusal: a message is damaged or reaches beyond the end of the file.
    """
    size = path.stat().st_size
    batches: list[Batch] = []
    before: list[tuple[int, int]] = []
    offset = n_rows = 0
    with path.open("rb") as opened:
        while (header := _header_at(opened, offset)) is not None:
            kind, rows, body_bytes = _message(header[1])
            n_bytes = header[0] + body_bytes
            if body_bytes < 0 or offset + n_bytes > size:
                raise refuse("truncated")
            if kind == _BATCH:
                if not 0 <= rows <= MAX_ROWS_PER_BYTE * max(body_bytes, 1):
                    raise refuse("damaged_header", format="Arrow")
                batches.append(Batch(n_rows, rows, offset, n_bytes))
                n_rows += rows
            elif kind in {_SCHEMA, _DICTIONARY}:
                before.append((offset, n_bytes))
            offset += n_bytes
    if not before:
        raise refuse("damaged_header", format="Arrow")
    return StreamIndex(tuple(batches), tuple(before))


def _header_at(opened: BinaryIO, offset: int) -> tuple[int, bytes] | None:
    """Return how many bytes come before a message's body, and its header; None at the end."""
    opened.seek(offset)
    mark = opened.read(8)
    if len(mark) < 8 or mark == _END:
        return None
    n_before, (length,) = 4, struct.unpack("<i", mark[:4])
    if mark.startswith(CONTINUATION):
        n_before, (length,) = 8, struct.unpack("<i", mark[4:])
    if length == 0:
        return None
    if not 0 < length <= MAX_HEADER_BYTES:
        raise refuse("damaged_header", format="Arrow")
    opened.seek(offset + n_before)
    header = opened.read(length)
    if len(header) < length:
        raise refuse("truncated")
    return n_before + length, header


def _message(header: bytes) -> tuple[int, int, int]:
    """Return what a message is, how many rows its batch has (else 0), and its body's length."""
    (table,) = struct.unpack_from("<I", header)
    kind = _field(header, table, _HEADER_TYPE, "<B")
    body_bytes = _field(header, table, _BODY_LENGTH, "<q")
    rows = 0
    if kind == _BATCH:
        place = _place_of_field(header, table, _HEADER)
        if place is None:
            raise refuse("damaged_header", format="Arrow")
        rows = _field(header, place + struct.unpack_from("<I", header, place)[0], 0, "<q")
    return kind, rows, body_bytes


def _field(content: bytes, table: int, number: int, kind: str) -> int:
    place = _place_of_field(content, table, number)
    return 0 if place is None else int(struct.unpack_from(kind, content, place)[0])


def _place_of_field(content: bytes, table: int, number: int) -> int | None:
    """Return where a table's field lies; None where it has its default and is not written."""
    (back,) = struct.unpack_from("<i", content, table)
    place = table - back
    if place < 0:
        raise refuse("damaged_header", format="Arrow")
    (n_bytes,) = struct.unpack_from("<H", content, place)
    if 4 + 2 * number >= n_bytes:
        return None
    (offset,) = struct.unpack_from("<H", content, place + 4 + 2 * number)
    return table + offset if offset else None
