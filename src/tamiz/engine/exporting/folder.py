"""What is written when an export is a folder, or answers about prepared pixels only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.files import explain_os_error, make_folder, write_json
from tamiz.core.language import Text
from tamiz.data.image import Image
from tamiz.engine.exporting.registry import Wanted
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import Ensemble
from tamiz.models.registry import MODELS
from tamiz.steps.apply import prepare_image

Ask = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
PARITY: Final = "parity.json"


class OfPreparedPixels:
    """What formats have in common that hold a network and leave preprocessing to the caller.

    Attributes:
        name: of the format.
    """

    name: ClassVar[str]
    suffix: ClassVar[str] = ""
    reads_alpha: ClassVar[bool] = False

    def check(self, wanted: Wanted) -> None:
        """Raise `WrongUse` where this bundle cannot go this way."""
        check_float(self.name, is_int8=wanted.is_int8)
        check_network(wanted.bundle, self.name)


@dataclass(frozen=True, slots=True)
class FolderExport:
    """A folder in the scratch folder, complete but for the gate's figures.

    Attributes:
        folder: that was written.
        bundle: of which it was made; its steps prepare the images that are asked about.
        ask: (n, height, width, channels) prepared pixels to (n, classes) probabilities, by what
            stands in the folder.
        facts: for the report.
        notes: for the user.
    """

    folder: Path
    bundle: Bundle
    ask: Ask
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[Text] = ()

    def probabilities(self, image: Image) -> NDArray[np.float64]:
        """Return (classes,) probabilities of a decoded image."""
        return asked_one(self.ask, image, self.bundle)

    def write(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Write the folder with `parity.json` in it, whole or not at all."""
        write_json(self.folder / PARITY, facts)
        put_folder(self.folder, place)


def asked_one(ask: Ask, image: Image, bundle: Bundle) -> NDArray[np.float64]:
    """Return (classes,) probabilities of one decoded image, prepared by the bundle's steps."""
    made: NDArray[np.float64] = ask(prepare_image(image, bundle.steps)[None])[0]
    return made


def put_folder(folder: Path, place: Path) -> None:
    """Copy `folder` to `place`, which is not there yet; a failure leaves nothing.

    Raises:
        MachineTrouble: the disk is full.
        WrongUse: it cannot be written there.
    """
    part = place.with_name(f".{place.name}.{os.getpid()}.tamiz-part")
    make_folder(place.parent)
    try:
        shutil.copytree(folder, part)
        part.rename(place)
    except OSError as error:
        raise explain_os_error(error, place) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def check_network(bundle: Bundle, name: str) -> None:
    """Raise `WrongUse` unless the bundle is one network that reads prepared images.

    Args:
        bundle: to be exported.
        name: of the format.
    """
    where = f"--format {name}"
    if MODELS.get(bundle.model).reads == "slides":
        raise WrongUse.of("forms.reads_slides", where=where, name=bundle.model)
    if isinstance(bundle, Ensemble) and not bundle.has_one_input:
        raise WrongUse.of("forms.several_inputs", where=where)


def check_float(name: str, *, is_int8: bool) -> None:
    """Raise `WrongUse` where 8-bit numbers are wanted of a format that has none."""
    if is_int8:
        raise WrongUse.of("forms.no_int8", where=f"--format {name}")
