"""Kernels by name, as courses and Gonzalez & Woods (Digital Image Processing) print them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.lab.grids import Grid, grid_from_text

_TEXTS: Final = {
    "identity": "0 0 0; 0 1 0; 0 0 0",
    "sharpen": "0 -1 0; -1 5 -1; 0 -1 0",
    "sharpen-more": "-1 -1 -1; -1 9 -1; -1 -1 -1",
    "edges": "-1 -1 -1; -1 8 -1; -1 -1 -1",
    "laplacian": "0 1 0; 1 -4 1; 0 1 0",
    "horizontal": "-1 -1 -1; 2 2 2; -1 -1 -1",
    "vertical": "-1 2 -1; -1 2 -1; -1 2 -1",
    "diagonal": "2 -1 -1; -1 2 -1; -1 -1 2",
    "antidiagonal": "-1 -1 2; -1 2 -1; 2 -1 -1",
    "sobel-x": "-1 0 1; -2 0 2; -1 0 1",
    "sobel-y": "-1 -2 -1; 0 0 0; 1 2 1",
    "prewitt-x": "-1 0 1; -1 0 1; -1 0 1",
    "prewitt-y": "-1 -1 -1; 0 0 0; 1 1 1",
    "emboss": "-2 -1 0; -1 1 1; 0 1 2",
    "blur": "1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9",
    "gaussian": "1/16 2/16 1/16; 2/16 4/16 2/16; 1/16 2/16 1/16",
}
KERNELS: Final[Mapping[str, str]] = MappingProxyType(_TEXTS)  # name: its numbers as text
_LARGEST_SIDE: Final = 101
_AFTER_A_WORD: Final = re.compile(r"[\s,;][+-]?[.0-9]")  # a number: these are no words of a name


def kernel_named(words: str, where: str = "--kernel") -> Grid:
    """Return the kernel of that name, or the one whose numbers `words` are.

    Raises:
        WrongUse: neither a name nor a grid of numbers; larger than 101 x 101.
    """
    asked = words.strip().lower().replace("_", "-")
    if asked in KERNELS:
        return grid_from_text(KERNELS[asked], where)
    if asked[:1].isalpha() and not _AFTER_A_WORD.search(asked):
        near = difflib.get_close_matches(asked, KERNELS, n=1)
        suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
        raise WrongUse.of(
            "lab.no_kernel",
            where=where,
            name=words.strip(),
            suggestion=suggestion,
            choices=", ".join(KERNELS),
        )
    made = grid_from_text(words, where)
    if max(made.shape) > _LARGEST_SIDE:
        size, most = "x".join(map(str, made.shape)), _LARGEST_SIDE
        raise WrongUse.of("lab.large_kernel", where=where, size=size, most=most)
    return made


def flipped(kernel: Grid) -> Grid:
    """Return the kernel turned by 180 degrees: correlating with it is a true convolution."""
    return np.ascontiguousarray(kernel[::-1, ::-1])
