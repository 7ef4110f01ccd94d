"""The one reader: every face and every stage gets its pixels here, decoded by one policy."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.core.remote_files import have_at_hand, state_of
from tamiz.core.urls import at_home, is_mirrored
from tamiz.data.contracts import Policy, Source
from tamiz.data.image import Image
from tamiz.data.windows import parse_window
from tamiz.formats.archive import ArchiveCache
from tamiz.formats.arrays import holds_arrays, is_array, open_array
from tamiz.formats.dicom import DicomSource
from tamiz.formats.files import (
    INSIDE,
    MAX_FILE_BYTES,
    locate,
    open_regular,
    read_head,
    read_regular,
    split_path,
)
from tamiz.formats.idx import ArraySource
from tamiz.formats.overview import OpenSlides, format_of, is_slide, overview_of, slide_at, squared
from tamiz.formats.photo import PhotoSource
from tamiz.formats.refusal import content_in_words, reading, refuse
from tamiz.formats.regions import MARK, Place, place_of
from tamiz.formats.registry import FORMATS
from tamiz.formats.shards import is_shard, open_container
from tamiz.formats.sniff import HEAD_BYTES, TIFF_HEADS, archive_kind

_LARGE_TIFF_BYTES: Final = 2**26  # larger ones are read from disk, piece by piece


@dataclass(frozen=True, slots=True)
class Examined:
    """What a full decode found out about one image.

    Attributes:
        width_px: upright; of a slide, at full resolution; of a part of an image, as it is read.
        height_px: likewise.
        channels: of the decoded image, by the colour policy: 1 (grey) or 3 (colour).
        format: 'JPEG', 'PNG', ..., told from the content.
        mode: how the file stores its colours, in its decoder's words ('RGB', 'I;16').
        bits: per channel, as stored.
        n_frames: pages or animation frames; for arrays of images always 1.
        content_sha256: of the file's bytes (and the frame, if it is not the first); for an image
            inside an array and for a part of an image, of its values.
    """

    width_px: int
    height_px: int
    channels: int
    format: str
    mode: str
    bits: int
    n_frames: int
    content_sha256: str


def policy_from(options: DataOptions) -> Policy:
    """Return the policy that the recipe's section `data` asks for.

    Raises:
        WrongUse: `value_range` is not two numbers, the smaller first, or `window` is none.
    """
    return Policy(
        background=options.background,
        max_megapixels=options.max_megapixels,
        max_aspect=options.max_aspect,
        overview_px=options.overview_px,
        value_range=_parse_range(options.value_range),
        window=_checked_window(options.window),
    )


class Reader:
    """Reads images by their path relative to `root`; thread-safe; a context manager.

    A path may lead into an archive ('photos.zip!/cats/a.jpg', 'x.tar.gz!/a.png'), and to an array
    inside a file ('pathmnist.npz!/train_images', with the row as `frame`). Images of an IDX file
    are its frames. Of a TIFF larger than `max_megapixels` the overview is read; a part of an image
    is named 'slide.tif#xywh=0,0,512,512&px=256' (`formats.regions`). May be pickled and sent to
    other processes: each opens its own files, once.
    """

    def __init__(self, root: Path, policy: Policy, newest_s: int | None = None) -> None:
        self.root, self.policy = at_home(Path(root)), policy
        # of a source by URL: what is fetched later must not be newer than the source was
        is_known = newest_s is not None or not is_mirrored(self.root)
        self._newest_s = newest_s if is_known else state_of(str(self.root))
        self._lock = threading.RLock()
        self._formats = [FORMATS.get(name) for name in sorted(FORMATS.names(), key=_usual_first)]
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        return _reader_here, (self.root.absolute(), self.policy, self._newest_s)

    def read(self, path: str, frame: int = 0) -> Image:
        """Return the image: uint8 (height, width, 1 or 3), upright, by the colour policy.

        Raises:
            UnreadableItem: it cannot be read, with the reason.
        """
        with self._reading(path, frame) as name:
            place = self._place(path)
            if place.region is not None:
                return self._part(name, place, frame)
            source, _ = self._open(path)
            try:
                return source.read(frame=frame)
            finally:
                self._release(source)

    def look(self, path: str, frame: int = 0, *, at_least_px: int = 512) -> Image:
        """Return the image, perhaps smaller: good for thumbnails, not for training.

        A large JPEG is decoded at a half, a quarter or an eighth of its size, its short side
        staying at least `at_least_px`; of a TIFF of over 4 megapixels the overview is made, as of
        a slide; DICOM whose values are asked for ('values') is windowed; everything else as `read`
        does.

        Raises:
            UnreadableItem: it cannot be read, with the reason.
        """
        if MARK in path:
            return self.read(path, frame)
        with self._reading(path, frame):
            overview = None if frame else overview_of(self._plain_place(path), self.policy)
            if overview is not None:
                return overview
            source, _ = self._open(path)
            try:
                if isinstance(source, DicomSource):
                    return source.look(frame=frame)
                if isinstance(source, PhotoSource):
                    source.shrink(at_least_px)
                return source.read(frame=frame)
            finally:
                self._release(source)

    def examine(self, path: str, frame: int = 0) -> Examined:
        """Decode the image fully, reading its file once, and return what was found.

        Raises:
            UnreadableItem: it cannot be read, with the reason.
        """
        with self._reading(path, frame):
            if self._place(path).region is not None:
                return self._examine_part(path, frame)
            source, content = self._open(path)
            try:
                is_array = isinstance(source, ArraySource)
                if isinstance(source, PhotoSource):
                    channels = source.check()
                elif isinstance(source, ArraySource):
                    stored, channels = source.check(frame)
                    content = stored.tobytes()
                else:
                    channels = source.read(frame=frame).n_channels
                size_px, facts = source.size_px, source.facts
            finally:
                self._release(source)
            made = hashlib.sha256(content) if content is not None else self._digest(path)
            if frame and not is_array:  # two frames of a file are no copies of each other
                made.update(b"#%d" % frame)
            width_px, height_px = size_px
            return Examined(
                width_px=width_px,
                height_px=height_px,
                channels=channels,
                format=facts["format"],
                mode=facts["mode"],
                bits=int(facts["bits"]),
                n_frames=1 if is_array else int(facts["frames"]),
                content_sha256=made.hexdigest(),
            )

    def _examine_part(self, path: str, frame: int) -> Examined:
        image = self.read(path, frame)
        width_px, height_px = image.size_px
        return Examined(
            width_px=width_px,
            height_px=height_px,
            channels=image.n_channels,
            format=format_of(self._plain_place(path)) or self.facts(path)["format"],
            mode=f"{image.pixels.dtype} x {image.n_channels}",
            bits=8 * image.pixels.dtype.itemsize,
            n_frames=1,
            content_sha256=hashlib.sha256(image.pixels.tobytes()).hexdigest(),
        )

    def _place(self, path: str) -> Place:
        """Return which file, and which part of it, a path names."""
        if MARK not in path or os.path.lexists(f"{self.root}/{path}"):
            return Place(path, None, None)
        return place_of(path)

    def _part(self, name: str, place: Place, frame: int) -> Image:
        """Return a part of a slide, or of any other image."""
        outer, inside = split_path(self.root, place.file)
        on_disk, region = locate(self.root, outer), place.region
        try:
            if region is not None and not inside and not frame and self._slides.has(on_disk):
                return self._slides.read(on_disk, region, place.side_px)
            source, _ = self._open(place.file)
            try:
                image = source.read(region, frame=frame)
            finally:
                self._release(source)
        except UnreadableItem as error:
            raise UnreadableItem(name, error.reason) from error  # which part, not which file
        return squared(image, place.side_px) if place.side_px else image

    def _digest(self, path: str) -> Any:
        """Return the SHA-256 of a file on disk, read piece by piece."""
        handle = open_regular(locate(self.root, path))
        with os.fdopen(handle, "rb") as opened:
            return hashlib.file_digest(opened, "sha256")

    def facts(self, path: str, frame: int = 0) -> Mapping[str, str]:
        """Return header facts ('format', 'mode', 'bits', 'frames') without decoding pixels.

        Raises:
            UnreadableItem: the header cannot be read.
        """
        with self._reading(path, frame):
            source, _ = self._open(path)
            try:
                return source.facts
            finally:
                self._release(source)

    def content(self, path: str) -> bytes:
        """Return the bytes of a file or of an archive's member.

        Raises:
            UnreadableItem: it is missing, no regular file, or too large.
        """
        with self._reading(path):
            content = self._content(path)
            if content is None:
                raise refuse("file_too_large", limit_mib=MAX_FILE_BYTES >> 20)
            return content

    def close(self) -> None:
        """Let go of archives and arrays."""
        self._archives.close()
        self._arrays.clear()
        self._slides.close()

    @contextmanager
    def _reading(self, path: str, frame: int = 0) -> Iterator[str]:
        """Fetch the file where a source by URL lacks it here; yield its name for messages."""
        if is_mirrored(self.root):
            have_at_hand(locate(self.root, split_path(self.root, path)[0]), self._newest_s)
        name = f"{path}#{frame}" if frame else path
        with reading(name):
            yield name

    def _start(self) -> None:
        self._archives = ArchiveCache(open_container)
        self._arrays: dict[str, ArraySource] = {}
        self._slides = OpenSlides(self.policy)
        self._owner = os.getpid()

    def _open(self, path: str) -> tuple[Source, bytes | None]:
        """Return the opened image and, for a file read whole, its bytes."""
        array = self._arrays.get(path)
        if array is not None:
            return array, None
        if (slide := slide_at(self.root, path, self.policy)) is not None:
            return slide, None
        if (content := self._content(path)) == b"":
            raise refuse("empty")
        place = self._on_disk(path, content)
        if self._is_array_inside(path, content):
            return self._open_array(path, content), None
        head = content[:HEAD_BYTES] if content is not None else read_head(place or "", HEAD_BYTES)
        for one in self._formats:
            if one.recognises(head):
                if one.name == "idx":
                    return self._open_array(path, content), None
                return one.open(place or path, content, self.policy), content
        raise _not_an_image(head, is_too_large=content is None)

    def _plain_place(self, path: str) -> str | None:
        """Return where a file lies on disk; None for a member of an archive."""
        if INSIDE in path and split_path(self.root, path)[1]:
            return None
        return locate(self.root, path)

    def _on_disk(self, path: str, content: bytes | None) -> Path | None:
        """Return the file to be read piece by piece; None where its content is to be used."""
        if content is None:
            return Path(locate(self.root, path))
        place = self._plain_place(path) if content[:4] in TIFF_HEADS else None
        if place is None or not is_slide(Path(place), self.policy):
            return None
        return Path(place)

    def _open_array(self, path: str, content: bytes | None) -> ArraySource:
        """Return an array of images, loaded by the first thread that asks for it."""
        with self._lock:
            if path not in self._arrays:
                on_disk = Path(locate(self.root, path))
                if self._is_array_inside(path, content):
                    opened = open_array(path if content else on_disk, content, self.policy)
                else:
                    kind = FORMATS.get("idx")
                    has_file = on_disk.is_file()
                    opened = kind.open(  # type: ignore[assignment]
                        on_disk if has_file else path, None if has_file else content, self.policy
                    )
                self._arrays[path] = opened
            return self._arrays[path]

    def _content(self, path: str) -> bytes | None:
        """Return a file's bytes; None when it is too large to be held whole.

        Of 'x.npz!/array' the bytes of x.npz: None when it lies on disk, to be opened by name.
        """
        outer, rest = split_path(self.root, path)
        if not rest:
            place = locate(self.root, path)
            is_large = os.stat(place).st_size > _LARGE_TIFF_BYTES  # noqa: PTH116  (per image)
            if is_large and read_head(place, 4).startswith(TIFF_HEADS):
                return None
            return read_regular(place)
        archive_path = Path(locate(self.root, outer))
        head = read_head(archive_path, HEAD_BYTES)
        if holds_arrays(head, rest):
            return None
        if archive_kind(head) is None and not is_shard(head):
            raise refuse("no_archive")
        if self._owner != os.getpid():  # forked: offsets of open files are shared with the parent
            self._start()
        return self._archives.get(archive_path).read(rest.partition(INSIDE)[0])

    def _is_array_inside(self, path: str, content: bytes | None) -> bool:
        """Return whether a path names an array inside a file, not the whole of a file."""
        return INSIDE in path and is_array(split_path(self.root, path)[1], content)

    @staticmethod
    def _release(source: Source) -> None:
        if not isinstance(source, ArraySource):
            source.close()


@lru_cache(maxsize=4)
def _reader_here(root: Path, policy: Policy, newest_s: int | None) -> Reader:
    """Return this process's own reader: work comes in many parts, and archives open slowly."""
    return Reader(root, policy, newest_s)


def _usual_first(name: str) -> tuple[bool, str]:
    return name != "photo", name


def _not_an_image(head: bytes, *, is_too_large: bool) -> Exception:
    kind = content_in_words(head)
    if kind is not None:
        return refuse("not_an_image_but", kind=kind)
    if is_too_large:
        return refuse("file_too_large", limit_mib=MAX_FILE_BYTES >> 20)
    return refuse("not_an_image")


def _checked_window(words: str) -> str:
    kind = parse_window(words).kind
    return words.strip() if kind in {"file", "window"} else kind


def _parse_range(words: str | None) -> tuple[float, float] | None:
    if not words:
        return None
    try:
        low, high = (float(part) for part in words.replace(";", ",").split(","))
    except ValueError:
        low = high = 0.0
    if not low < high or high - low == float("inf"):
        raise WrongUse.of("formats.bad_range", where="data.value_range", words=words)
    return low, high
