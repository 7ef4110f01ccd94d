"""From a recipe's tables to steps, and from a decoded image to the network's pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import PrepareOptions
from tamiz.data.contracts import Step
from tamiz.data.image import Image
from tamiz.steps.registry import STEPS
from tamiz.steps.tables import build_plugins, to_table

Table = dict[str, object]


def build_steps(
    tables: Sequence[Mapping[str, object]], where: str = "prepare.steps"
) -> tuple[Step, ...]:
    """Return the steps of a recipe's or a bundle's tables, in order.

    Raises:
        WrongUse: a name, an option or a value is wrong; all faults of all tables are named.
    """
    return tuple(build_plugins(STEPS, tables, where))


def steps_to_tables(steps: Sequence[Step]) -> list[Table]:
    """Return the steps as tables, ready for JSON; `build_steps` gives equal steps back."""
    return [to_table(_name_of(step), step) for step in steps]


def input_steps(prepare: PrepareOptions) -> tuple[Step, ...]:
    """Return every step from the decoded image to the network's input.

    The recipe's own steps come first; what they leave open is added: 'grey' or 'rgb' for the
    number of channels, then 'resize' to `size_px` by `aspect`.

    Raises:
        WrongUse: a step of the recipe is wrong, or no step gives the number of channels asked for.
    """
    tables: list[Mapping[str, object]] = list(prepare.steps)
    named = {str(table.get("name")) for table in tables}
    if not named & {"grey", "rgb"} and not _makes_channels(tables, prepare.channels):
        by_channels = {1: "grey", 3: "rgb"}
        if prepare.channels not in by_channels:
            raise WrongUse.of("steps.no_step_for_channels", where="prepare", n=prepare.channels)
        tables.append({"name": by_channels[prepare.channels]})
    if "resize" not in named:
        resize: Table = {"name": "resize", "size_px": prepare.size_px, "aspect": prepare.aspect}
        tables.append({**resize, "interpolation": prepare.interpolation})
    return build_steps(tables)


def _makes_channels(tables: Sequence[Mapping[str, object]], n: int) -> bool:
    """Return whether a step makes so many channels that neither 'grey' nor 'rgb' could."""
    windows = [table.get("windows") for table in tables if table.get("name") == "window"]
    return n not in {1, 3} and any(isinstance(w, list) and len(w) == n for w in windows)


def fit_steps(steps: Sequence[Step], images: Callable[[], Iterable[Image]]) -> tuple[Step, ...]:
    """Return the steps, each fitted to what the steps before it make of the images.

    Args:
        steps: in order.
        images: gives them anew for each step; only a step that learns ever asks for one.
    """
    made: list[Step] = []
    for step in steps:
        before = tuple(made)
        made.append(step.fit(_applied(image, before) for image in images()))
    return tuple(made)


def _applied(image: Image, steps: Sequence[Step]) -> Image:
    for step in steps:
        image = step(image)
    return image


def prepare_image(image: Image, steps: Sequence[Step]) -> NDArray[np.uint8]:
    """Return (height, width, channels) uint8, what the network reads.

    Raises:
        WrongData: the steps end in anything but 8-bit values.
    """
    image = _applied(image, steps)
    if image.pixels.dtype != np.uint8:
        raise WrongData.of("steps.not_8_bit", dtype=str(image.pixels.dtype))
    pixels: Any = image.pixels
    checked: NDArray[np.uint8] = pixels
    return checked


def _name_of(step: Step) -> str:
    name: str = getattr(step, "name", "") or type(step).__name__.lower()
    return name
