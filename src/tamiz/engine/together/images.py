"""How the images of a training come to the processes that help: by file where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.engine.loader import Loader
from tamiz.engine.prepared import InMemory, PreparedImages
from tamiz.engine.shelf import Shelf
from tamiz.engine.together.team import Team


@dataclass(frozen=True, slots=True)
class _Sent:
    """What process 0 says of its images.

    Attributes:
        path: a .npy file that holds them; None: there is none.
        shape: (n, height, width, channels).
        rest: images that each process decodes for itself; None: an array.
    """

    path: Path | None
    shape: tuple[int, ...]
    rest: PreparedImages | None = None


def share_images(team: Team, images: PreparedImages | None) -> PreparedImages:
    """Return the images of process 0, as this process reads them.

    An array that lies in the run's cache is mapped from there: the processes of one machine
    share the same memory. Without a file, or where one of them cannot see it, it is sent, and
    each holds a copy. What is decoded when asked for is decoded by each: its own rows of every
    batch; of super batches, all of one.

    Raises:
        WrongUse: images of a kind that cannot be sent.
    """
    sent = team.from_first(lambda: _described(images, team))
    if sent.rest is not None:
        return images if isinstance(images, Shelf) else sent.rest
    mapped = None if images is not None else _mapped(sent)
    has_file = team.gathered(team.is_first or mapped is not None)
    if all(has_file):
        return images if images is not None else InMemory(_there(mapped))
    array = images.pixels if isinstance(images, InMemory) else np.empty(sent.shape, np.uint8)
    team.array_from_first(array)
    return images if images is not None else InMemory(array)


def _there(mapped: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    if mapped is None:
        raise ValueError("no array was mapped")
    return mapped


def _described(images: PreparedImages | None, team: Team) -> _Sent:
    if isinstance(images, InMemory):
        return _Sent(images.path, (len(images), *images.shape))
    if isinstance(images, Loader):
        return _Sent(None, (), images.shared_by(team.n_local))
    if isinstance(images, Shelf):
        return _Sent(None, (), images.shared_by(team.n_local))
    raise WrongUse.of("together.images", where="train", kind=type(images).__name__)


def _mapped(sent: _Sent) -> NDArray[np.uint8] | None:
    """Return the file's array, its pages shared with whoever maps it; None where it is not seen."""
    if sent.path is None:
        return None
    try:
        # 'c': pages are shared until somebody writes, and torch does not warn
        found: NDArray[np.uint8] = np.load(sent.path, mmap_mode="c", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == sent.shape and found.dtype == np.uint8 else None
