"""The registry of probes: each shows one thing that is not the object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.registry import Registry
from tamiz.data.evidence import Evidence

# (n, d) numbers per row, nan where unknown; None where there is nothing to show.
Probe = Callable[[Evidence], NDArray[np.float32] | None]

PROBES: Final[Registry[Probe]] = Registry("probes", "tamiz.probes")
REFERENCE: Final = "whole"  # the picture itself: no shortcut, but what the others are held against
EXPLICABLE: Final = frozenset({"exposure"})  # may well belong to what is shown
# so may these, where the object fills the picture
PIXELS: Final = frozenset({"border", "corners", "background", "middle_blacked_out"})
