"""Windows: which range of values becomes black to white, as a user or a file names it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse

Floats = NDArray[np.float64]


class Function(StrEnum):
    """How a window maps values (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """A range of values by its middle and length.

    Attributes:
        centre: in the unit of the values (CT: Hounsfield).
        width: same unit; at least 1 for LINEAR, above 0 for the others.
        function: how values in it become grey.
    """

    centre: float
    width: float
    function: Function = Function.LINEAR

    @property
    def is_usable(self) -> bool:
        """Return whether the width is one that the standard allows."""
        is_finite = bool(np.isfinite([self.centre, self.width]).all())
        return is_finite and (self.width >= 1 if self.function == "LINEAR" else self.width > 0)


# In Hounsfield units; the usual radiological windows (centre, width).
PRESETS: Final = {
    "lung": (-600.0, 1500.0),
    "mediastinum": (40.0, 400.0),
    "abdomen": (60.0, 400.0),
    "liver": (60.0, 160.0),
    "bone": (400.0, 1800.0),
    "brain": (40.0, 80.0),
    "stroke": (40.0, 40.0),
    "subdural": (80.0, 200.0),
    "wide": (0.0, 2048.0),
}
_FUNCTIONS: Final = {
    "linear": Function.LINEAR,
    "exact": Function.LINEAR_EXACT,
    "sigmoid": Function.SIGMOID,
}


@dataclass(frozen=True, slots=True)
class WindowChoice:
    """What the user asks for.

    Attributes:
        kind: 'auto' (the default of the modality), 'file' (what the file says), 'full' (from the
            lowest to the highest value of the image), 'values' (values, not grey), 'window'.
        number: which of the file's windows, from 1; 0: the first, or the one called `name`.
        name: of a preset, or of the file's window (its explanation).
        window: the window itself, for the kind 'window'.
        is_hounsfield: it means something for CT only.
    """

    kind: str = "auto"
    number: int = 0
    name: str = ""
    window: Window | None = None
    is_hounsfield: bool = False


def parse_window(words: str) -> WindowChoice:
    """Return what 'auto', 'file', 'file:2', 'full', 'values', 'lung' or '-600,1500' ask for.

    'file:BONE' is the file's window that is explained so.
    A preset and a pair may have their function before them: 'exact:lung', 'sigmoid:40,400'.

    Raises:
        WrongUse: it is none of these.
    """
    asked = words.strip()
    head, colon, rest = asked.partition(":")
    if asked.lower() in {"auto", "file", "full", "values"}:
        return WindowChoice(asked.lower())
    if head.lower() == "file" and colon:
        if rest.isdecimal() and int(rest) > 0:
            return WindowChoice("file", number=int(rest))
        if rest:
            return WindowChoice("file", name=rest)
    function = _FUNCTIONS.get(head.lower()) if colon else Function.LINEAR
    value = rest if colon else asked
    if function is not None:
        if value.lower() in PRESETS:
            window = Window(*PRESETS[value.lower()], function)
            return WindowChoice("window", name=value.lower(), window=window, is_hounsfield=True)
        numbers = _pair(value)
        if numbers is not None and Window(*numbers, function).is_usable:
            return WindowChoice("window", window=Window(*numbers, function))
    raise WrongUse.of(
        "dicom.bad_window", where="data.window", words=words, presets=", ".join(PRESETS)
    )


def _pair(words: str) -> tuple[float, float] | None:
    parts = words.replace(";", ",").split(",")
    try:
        centre, width = map(float, parts)
    except ValueError:
        return None
    return centre, width


def apply_window(values: NDArray[Any], window: Window) -> Floats:
    """Return the values as grey from 0 (black) to 1 (white).

    Args:
        values: modality values (for CT: Hounsfield), any shape and real dtype.
        window: a usable one.

    Raises:
        ValueError: the width is below 1 (LINEAR), or not above 0.

    Source: DICOM PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.2 (LINEAR_EXACT), C.11.2.1.3.1
    (SIGMOID), output scaled to 0..1. Workflow D's formula, (value - min) / (max - min) with
    min = centre - width / 2, is LINEAR_EXACT.
    """
    if not window.is_usable:
        raise ValueError(f"a window of width {window.width:g} cannot be applied")
    x = np.asarray(values, dtype=np.float64)
    centre, width = window.centre, window.width
    if window.function is Function.SIGMOID:
        with np.errstate(over="ignore"):
            return np.asarray(1.0 / (1.0 + np.exp(-4.0 * (x - centre) / width)))
    if window.function is Function.LINEAR:
        centre, width = centre - 0.5, width - 1.0
    if width == 0:  # LINEAR of width 1: the standard's formula is a step
        return (x > centre).astype(np.float64)
    return np.asarray(np.clip((x - centre) / width + 0.5, 0.0, 1.0))
