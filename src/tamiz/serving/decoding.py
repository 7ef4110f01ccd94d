"""The process that decodes uploads: bounded memory, no files written, no torch, no client's names.

Started as `python -m tamiz.serving.decoding`; it reads requests from its standard input and writes
answers to its standard output (`serving.frames`). What a hostile file can break is this process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import TamizError, UnreadableItem
from tamiz.core.language import speaking
from tamiz.data.contracts import Policy, Step
from tamiz.data.image import Image
from tamiz.data.pictures import keeping_pictures
from tamiz.formats.png_writing import encode_png
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.input_facts import view_of
from tamiz.serving.frames import Ended, receive, send
from tamiz.stages.explaining.drawing import box_of, in_colours
from tamiz.steps.apply import build_steps, prepare_image, steps_to_tables

MOST_FRAME_BYTES: Final = 2**29


@dataclass(frozen=True, slots=True)
class Way:
    """How one network reads images: a policy, and the steps that follow.

    Attributes:
        policy: how files become pixels.
        steps: from decoded image to input.
    """

    policy: Policy
    steps: tuple[Step, ...]

    def to_table(self) -> dict[str, Any]:
        """Return the way, ready for JSON."""
        return {"policy": asdict(self.policy), "steps": steps_to_tables(self.steps)}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Way:
        """Return the way that a table tells."""
        told = dict(table["policy"])
        if told["value_range"] is not None:
            told["value_range"] = tuple(told["value_range"])
        return cls(Policy(**told), build_steps(table["steps"]))


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read of an upload.

    Attributes:
        path: a file or folder on this machine, named by tamiz.
        language: of the reasons why something cannot be read.
        most_images: further ones are counted, not read.
        is_all_or_none: whether nothing is read where there are more.
        only: the name of the one image that is wanted; '': all.
        picture_px: long side of a picture to look at, as PNG; 0: none is made.
        window: of DICOM, in place of the model's, for the picture alone; '': the model's.
    """

    path: str
    language: str = "en"
    most_images: int = 1000
    is_all_or_none: bool = False
    only: str = ""
    picture_px: int = 0
    window: str = ""


def main() -> int:
    """Answer requests until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # sent to a whole group; the
        signal.signal(number, signal.SIG_IGN)  # service decides: it closes our input at its end
    given, made = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1):  # a library that prints must not break the messages
        os.dup2(nowhere, handle)
    begun = receive(given, most_bytes=0)
    if begun is None:
        return 0
    _bound(int(begun.facts["memory_mib"]))
    ways = [Way.from_table(table) for table in begun.facts["ways"]]
    send(made, {"is": "ready"})
    while (asked := receive(given, most_bytes=0)) is not None:
        request = Request(**asked.facts)
        with speaking(request.language):
            _answer(request, ways, made)
    return 0


def _bound(memory_mib: int) -> None:
    """Limit this process for good: memory, files (none may be written), no image of its memory."""
    import resource

    if memory_mib:
        limit = memory_mib * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: Request, ways: list[Way], handle: int) -> None:
    """Send a message per image, one per problem, and one at the end."""
    try:
        n, others = _read_all(request, ways, handle)
    except TamizError as error:
        send(handle, {"is": "error", "what": error.what, "fix": error.fix})
    except MemoryError:
        send(handle, {"is": "memory"})
    else:
        send(handle, {"is": "end", "n": n, "others": others})


def _read_all(request: Request, ways: list[Way], handle: int) -> tuple[int, list[list[str]]]:
    """Return how many images there are, and which files are none."""
    found = find_images(Path(request.path), obeys_tables=False)
    rows = list(found.manifest.rows("path", "frame"))
    many = Counter(path for path, _ in rows)
    n_sent = 0
    is_refused = request.is_all_or_none and len(rows) > request.most_images
    with ExitStack() as stack:
        readers = [stack.enter_context(Reader(found.manifest.root, one.policy)) for one in ways]
        for place in () if is_refused else rows:
            path, frame = place
            name = f"{path}#{frame}" if many[path] > 1 else path
            if request.only and name != request.only:
                continue
            if n_sent == request.most_images:
                break
            try:
                with keeping_pictures():  # two look at it: the network, and its guard
                    facts, arrays = _one(request, list(zip(ways, readers, strict=True)), place)
                send(handle, {"is": "image", "name": name, **facts}, arrays)
            except UnreadableItem as error:
                send(handle, {"is": "problem", "name": name, "reason": str(error.reason)})
            n_sent += 1
    return len(rows), [[one.path, str(one.reason)] for one in found.others]


def _one(
    request: Request, readers: list[tuple[Way, Reader]], place: tuple[str, int]
) -> tuple[dict[str, Any], list[NDArray[np.uint8]]]:
    """Return an image as each network reads it, what its guard looks at, perhaps a picture."""
    arrays: list[NDArray[np.uint8]] = []
    views = []
    image: Image | None = None
    for way, reader in readers:
        image = reader.read(*place)
        pixels = prepare_image(image, way.steps)
        view = view_of(image, pixels)
        arrays += [pixels, view.pixels]
        views.append({"size_px": list(view.size_px), "kind": view.kind.value})
    facts: dict[str, Any] = {"views": views}
    if request.picture_px and image is not None:
        way, reader = readers[-1]
        box, shown = _shown(image, arrays[-2], way, request, (reader, place))
        arrays.append(np.frombuffer(encode_png(shown), dtype=np.uint8))
        header = dict(reader.facts(*place))
        facts["picture"] = {
            "box": box,
            "size_px": [shown.shape[1], shown.shape[0]],
            "full_px": list(image.size_px),
            "format": header.get("format", ""),
            "bits": header.get("bits", ""),
        }
    return facts, arrays


def _shown(
    image: Image,
    inputs: NDArray[np.uint8],
    way: Way,
    request: Request,
    place: tuple[Reader, tuple[str, int]],
) -> tuple[list[float], NDArray[np.uint8]]:
    """Return where the network's input lies on the picture, and the picture (height, width, 3)."""
    box = box_of(image, way.steps)
    reader, at = place
    if image.pixels.dtype != np.uint8 or request.window:
        policy = replace(way.policy, window=request.window or way.policy.window)
        with Reader(reader.root, policy) as other:
            image = other.look(*at, at_least_px=request.picture_px)
    if box is None or image.pixels.dtype != np.uint8:
        return [0.0, 0.0, 1.0, 1.0], in_colours(inputs)
    return list(box), _reduced(in_colours(image.pixels), request.picture_px)


def _reduced(pixels: NDArray[np.uint8], long_px: int) -> NDArray[np.uint8]:
    """Return (height, width, 3), no side longer than `long_px`."""
    import PIL.Image

    height, width = pixels.shape[:2]
    if max(height, width) <= long_px:
        return pixels
    share = long_px / max(height, width)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small = PIL.Image.fromarray(pixels).resize(size, PIL.Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(small)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Ended:
        sys.exit(1)
