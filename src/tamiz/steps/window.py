"""Values to grey, with one window for each channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self

import numpy as np

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.fields import option
from tamiz.data.image import Image, Kind
from tamiz.data.windows import apply_window, parse_window
from tamiz.steps.registry import STEPS

MOST_WINDOWS: Final = 16


@STEPS.add("window")
@dataclass(frozen=True, slots=True)
class WindowStep:
    """8-bit grey from Hounsfield units or raw values, one channel for each window.

    Needs `data.window = "values"`. Windows are written as there: a preset ('lung'), or
    'centre,width', 'exact:' or 'sigmoid:' before it. Three windows make three channels.

    Raises:
        WrongUse: a window is none, or one that only a file could say, or there are 0 or over 16.
    """

    name: ClassVar[str] = "window"
    windows: list[str] = option(["wide"])

    def __post_init__(self) -> None:
        if not 1 <= len(self.windows) <= MOST_WINDOWS:
            raise WrongUse.of("steps.n_windows", n=len(self.windows))
        for words in self.windows:
            if parse_window(words).window is None:
                raise WrongUse.of("steps.window_of_file", words=words)

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return the windowed image.

        Raises:
            WrongData: the image is grey or colour already, or a preset meets values that are no
                Hounsfield units.
        """
        if image.kind is Kind.DISPLAY:
            raise WrongData.of("steps.window_needs_values")
        made = []
        for words in self.windows:
            choice = parse_window(words)
            if choice.window is None:  # checked when the step was made
                continue
            if choice.is_hounsfield and image.kind is not Kind.HOUNSFIELD:
                raise WrongData.of("steps.window_needs_hounsfield", words=words)
            made.append(np.rint(255 * apply_window(image.pixels[..., 0], choice.window)))
        pixels: Any = np.stack(made, axis=2).astype(np.uint8)
        return replace(image, pixels=pixels, kind=Kind.DISPLAY)
