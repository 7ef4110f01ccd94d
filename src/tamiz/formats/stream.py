"""A compressed stream that can be read at any offset, without unpacking it to disk.

Going forward costs what decompression costs. Going back is free within a window, and for gzip
costs at most one stretch between two saved states of the decompressor; bzip2 and xz start anew.
"""

from __future__ import annotations

import bz2
import io
import lzma
import threading
import zlib
from pathlib import Path
from typing import Any, Final

from tamiz.formats.refusal import refuse

WINDOW_BYTES: Final = 32 * 2**20
STRETCH_BYTES: Final = 8 * 2**20
_CHUNK = 1 << 16


class CompressedStream(io.RawIOBase):
    """A read-only, seekable, thread-safe view of what a .gz, .bz2 or .xz file holds.

    Reading past `max_bytes` raises Refusal: a bomb.
    """

    def __init__(self, path: Path, kind: str, max_bytes: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._kind, self._max_bytes = kind, max_bytes
        self._lock = threading.RLock()
        self._states: list[tuple[int, int, bytes, Any]] = []  # offset, file offset, rest, decoder
        self._position = 0  # of this object as a file
        self._start()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the offset of the next byte that `read` gives."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; the end is not known beforehand, so SEEK_END is not offered."""
        if whence == io.SEEK_CUR:
            offset += self._position
        elif whence == io.SEEK_END:
            raise io.UnsupportedOperation("the end of a compressed stream is not known")
        self._position = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes from the present offset."""
        if size < 0:
            raise io.UnsupportedOperation("name how many bytes to read")
        made = self.read_at(self._position, size)
        self._position += len(made)
        return made

    def read_at(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from `offset`; fewer only at the end of the stream."""
        with self._lock:
            if offset < self._end - len(self._window):
                self._go_back(offset)
            made = bytearray()
            while len(made) < size:
                begin = offset + len(made) - (self._end - len(self._window))
                part = self._window[begin : begin + size - len(made)] if begin >= 0 else b""
                made += part
                if not part and not self._advance():
                    break
            return bytes(made)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._states.clear()
        super().close()

    def _start(self) -> None:
        self._file.seek(0)
        self._decoder, self._rest, self._began = self._new_decoder(), b"", False
        self._window, self._end = bytearray(), 0

    def _new_decoder(self) -> Any:
        makers: dict[str, Any] = {
            "gz": lambda: zlib.decompressobj(31),
            "bz2": bz2.BZ2Decompressor,
            "xz": lzma.LZMADecompressor,
        }
        return makers[self._kind]()

    def _go_back(self, offset: int) -> None:
        state = next((s for s in reversed(self._states) if s[0] <= offset), None)
        if state is None:
            self._start()
            return
        self._end, file_offset, self._rest, decoder = state
        self._decoder, self._window, self._began = decoder.copy(), bytearray(), True
        self._file.seek(file_offset)

    def _advance(self) -> bool:
        """Decompress a little more; return False at the end."""
        while True:
            fed = self._rest
            if not fed and getattr(self._decoder, "needs_input", True):
                fed = self._file.read(_CHUNK)
                if not fed:
                    if self._began:
                        raise refuse("truncated")
                    return False
            self._began = True
            made = self._decoder.decompress(fed, min(1 << 20, WINDOW_BYTES))
            self._rest = getattr(self._decoder, "unconsumed_tail", b"")
            if self._decoder.eof:
                self._rest = self._decoder.unused_data
                self._decoder, self._began = self._new_decoder(), False
                self._rest = self._rest.lstrip(b"\0")  # padding after the last member
            if made:
                self._keep(made)
                return True

    def _keep(self, made: bytes) -> None:
        self._end += len(made)
        if self._end > self._max_bytes:
            raise refuse("archive_bomb", limit_mib=self._max_bytes >> 20)
        self._window += made
        if len(self._window) > 2 * WINDOW_BYTES:
            del self._window[:-WINDOW_BYTES]
        last = self._states[-1][0] if self._states else 0
        if self._kind == "gz" and self._end >= last + STRETCH_BYTES:
            state = (self._end, self._file.tell(), self._rest, self._decoder.copy())
            self._states.append(state)
