"""The registry of explainers: one file in this folder, one decorator, one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tamiz.core.registry import Registry

if TYPE_CHECKING:
    from tamiz.engine.explaining.subject import Subject


@dataclass(frozen=True, slots=True)
class Map:
    """What each place of an image does for one answer.

    Attributes:
        values: (height, width) float64, of the network's input; higher: speaks more for the class.
        facts: figures about how the map came about, by name; part of the report's numbers.
        layer: the layer that was looked at, where there is one.
        grid: (rows, columns) that the values were computed on before they were enlarged.
    """

    values: NDArray[np.float64]
    facts: Mapping[str, float] = field(default_factory=dict)
    layer: str = ""
    grid: tuple[int, int] = (0, 0)


class Explainer(Protocol):
    """Makes a map of one image and one class.

    Attributes:
        is_signed: whether values below 0 speak against the class.
        is_of_class: whether the map depends on the class that is asked for.
    """

    is_signed: ClassVar[bool]
    is_of_class: ClassVar[bool]

    def check(self, subject: Subject) -> None:
        """Raise `WrongUse` where this way does not suit the network."""
        ...

    def explain(self, subject: Subject, pixels: NDArray[np.uint8], target: int) -> Map:
        """Return the map of `pixels`, (height, width, channels), for class number `target`."""
        ...


EXPLAINERS: Final[Registry[type[Explainer]]] = Registry("explainers", "tamiz.engine.explaining")
