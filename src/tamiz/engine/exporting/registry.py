"""The registry of export formats: one file in this folder, one decorator, one name.

A format turns a bundle into something that other programs read, and must be able to answer with
it: `tamiz export` asks it about decoded reference images and keeps nothing where its answers are
not those of `tamiz predict`. The order of a call (`stages/export.py`):

1. `EXPORTS.get(name)()` and `check(wanted)`: refuse early, before any work.
2. `made = format.make(wanted)`: the export in a scratch folder, complete but for the gate's facts.
3. `made.probabilities(image)` for each reference image: the exported thing itself is asked.
4. `made.write(place, facts)`: the file (or, where `suffix` is empty, the folder) with the gate's
   figures in it. `place` does not exist yet; a failure leaves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text
from tamiz.core.registry import Registry
from tamiz.data.image import Image
from tamiz.models.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, and how.

    Attributes:
        bundle: with its weights; may be an `Ensemble`.
        scratch: an empty folder for what is needed on the way; the caller removes it.
        is_int8: whether weights and activations become 8-bit numbers; formats that cannot refuse
            it in `check`.
        calibration: decoded training images for that, else empty.
        on_event: told about progress.
    """

    bundle: Bundle
    scratch: Path
    is_int8: bool = False
    calibration: Sequence[Image] = ()
    on_event: OnEvent = field(default=ignore)


class Exported(Protocol):
    """A model in another format, not yet at its place."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what the report and `--json` tell about the export itself, JSON-ready."""
        ...

    @property
    def notes(self) -> Sequence[Text]:
        """Return what the user should know, a sentence each: what it lacks, what differs."""
        ...

    def probabilities(self, image: Image) -> NDArray[np.float64]:
        """Return (classes,) probabilities of a decoded image, asked of the exported thing."""
        ...

    def write(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Write the file or the folder, whole or not at all.

        Args:
            place: of the file, or of the folder where the format's `suffix` is empty.
            facts: the parity gate's figures ('parity') and others to keep with it, JSON-ready.
        """
        ...


@runtime_checkable
class Lossy(Protocol):
    """An export that does not give equal answers; its exact form is held to them in its place."""

    @property
    def plain(self) -> Exported | None:
        """Return the exact form; None where the export itself is exact."""
        ...


class Format(Protocol):
    """A way out of tamiz.

    Attributes:
        suffix: of the file it writes ('.onnx'); empty: it writes a folder.
        reads_alpha: whether reference images come as they are stored, with 2 or 4 channels too.
    """

    suffix: ClassVar[str]
    reads_alpha: ClassVar[bool]

    def check(self, wanted: Wanted) -> None:
        """Raise `WrongUse` or `MissingDependency` where this bundle cannot go this way."""
        ...

    def make(self, wanted: Wanted) -> Exported:
        """Return the export.

        Raises:
            WrongUse: the format cannot express a step or an operator; the text names it and the
                format that can.
        """
        ...


EXPORTS: Final[Registry[type[Format]]] = Registry("exports", "tamiz.engine.exporting")
