"""The steps of a bundle as operators: from decoded images to what the network reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.data.contracts import Policy, Step
from tamiz.data.windows import Function, Window, parse_window
from tamiz.engine.graph.building import Graph, Value
from tamiz.engine.graph.resampling import Span, resampled
from tamiz.formats.pixels import BACKGROUND_GREY
from tamiz.steps.black_out import BlackOut
from tamiz.steps.blur import Blur, kernel_of
from tamiz.steps.centre_crop import CentreCrop
from tamiz.steps.grey import Grey
from tamiz.steps.resize import REDUCING_GAP, Resize
from tamiz.steps.rgb import Rgb
from tamiz.steps.window import WindowStep

_LUMA: Final = ((19_595, 38_470, 7_471), 32_768, 65_536)  # sums stay below 2 ** 24: exact


@dataclass(frozen=True, slots=True)
class Pictures:
    """Images on their way.

    Attributes:
        pixels: (n, height, width, channels); uint8, or float32 where they are values.
        n_channels: how many there are from here on.
    """

    pixels: Value
    n_channels: int

    @property
    def is_real(self) -> bool:
        """Return whether pixels are real numbers."""
        return self.pixels.dtype == np.float32


def stored_type(policy: Policy) -> np.dtype[Any]:
    """Return the type of the decoded values: bytes, or a device's values as float32."""
    return np.dtype(np.float32 if policy.window == "values" else np.uint8)


def prepared(image: Value, policy: Policy, steps: Sequence[Step]) -> Value:
    """Return (n, channels, height, width) uint8 as the network reads them.

    Args:
        image: (n, height, width, channels) of one size, of `stored_type(policy)`; bytes with 1
            (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels.
        policy: its background shows through transparent pixels.
        steps: in order.

    Raises:
        WrongUse: a step cannot be written as operators of ONNX.
    """
    made = Pictures(image, 1)
    if image.dtype == np.uint8:
        made = Pictures(_coloured(image, BACKGROUND_GREY[policy.background]), 3)
    for step in steps:
        build = _BUILDERS.get(type(step))
        if build is None:
            raise WrongUse.of("export.step", where=_name_of(step), step=_name_of(step))
        made = build(made, step)
    if made.is_real:
        raise WrongUse.of("export.not_bytes", where="steps")
    return made.pixels.permuted(0, 3, 1, 2)


def check_steps(steps: Sequence[Step]) -> None:
    """Raise `WrongUse` where a step cannot be written as operators of ONNX."""
    for step in steps:
        if type(step) not in _BUILDERS:
            raise WrongUse.of("export.step", where=_name_of(step), step=_name_of(step))


def _coloured(image: Value, background: int) -> Value:
    """Return (n, height, width, 3) bytes: grey three times, alpha laid on the background."""
    g = image.graph
    channels = image.sides(4)[3]

    def colours(graph: Graph) -> Value:
        each = g.constant([0, 0, 0], np.int64).where(channels < 3, g.constant([0, 1, 2], np.int64))
        return image.inside(graph).taken(each, 3)

    def laid_on(graph: Graph) -> Value:
        shown = colours(graph).cast(np.int32)
        alpha = image.inside(graph).cut(3, channels - 1, channels).cast(np.int32)
        rest = (alpha * -1 + 255) * background
        return ((shown * alpha + rest + 127) / 255).cast(np.uint8)

    def without_alpha(graph: Graph) -> Value:
        return graph.choice(channels < 3, colours, image.inside)

    return g.choice((channels - channels / 2 * 2) < 1, laid_on, without_alpha)


def _resize(pictures: Pictures, step: Step) -> Pictures:
    one = cast("Resize", step)
    g, side = pictures.pixels.graph, one.size_px
    _, height, width, _ = pictures.pixels.sides(4)
    zero, wanted = g.constant(0.0, np.float64), g.constant(side, np.int64)
    across, down = width.cast(np.float64), height.cast(np.float64)
    if one.aspect == "stretch":
        spans = (Span(zero, across, width, wanted), Span(zero, down, height, wanted))
        return _scaled(pictures, spans, one.interpolation, REDUCING_GAP)
    if one.aspect == "crop":
        short = across.at_most(down)
        left, top = (across - short) / 2, (down - short) / 2
        spans = (
            Span(left, left + short, width, wanted),
            Span(top, top + short, height, wanted),
        )
        return _scaled(pictures, spans, one.interpolation, REDUCING_GAP)
    long = across.at_least(down)
    size = [(part * side / long).one("Round").cast(np.int64).at_least(1) for part in (across, down)]
    spans = (Span(zero, across, width, size[0]), Span(zero, down, height, size[1]))
    made = _scaled(pictures, spans, one.interpolation, REDUCING_GAP)
    x, y = ((wanted - part) / 2 for part in size)
    pads = g.vector(0, y, x, 0, 0, wanted - size[1] - y, wanted - size[0] - x, 0)
    return replace(made, pixels=made.pixels.padded(pads, one.pad_value))


def _centre_crop(pictures: Pictures, step: Step) -> Pictures:
    one = cast("CentreCrop", step)
    g = pictures.pixels.graph
    _, height, width, _ = pictures.pixels.sides(4)
    shorter = g.constant(one.shorter_px, np.int64)
    size = [shorter, shorter]
    if one.aspect == "keep":
        short = width.at_most(height).cast(np.float64)
        size = [(shorter * part).cast(np.float64) / short for part in (width, height)]
        size = [part.cast(np.int64) for part in size]
    zero = g.constant(0.0, np.float64)
    spans = (
        Span(zero, width.cast(np.float64), width, size[0]),
        Span(zero, height.cast(np.float64), height, size[1]),
    )
    made = _scaled(pictures, spans, one.interpolation, None).pixels
    for axis, part in ((2, size[0]), (1, size[1])):
        start = ((part - one.size_px).cast(np.float64) / 2).one("Round").cast(np.int64)
        made = made.cut(axis, start, start + one.size_px)
    return replace(pictures, pixels=made)


def _scaled(
    pictures: Pictures, spans: tuple[Span, Span], interpolation: str, gap: float | None
) -> Pictures:
    """Return resized pictures; bytes in other than 1 or 3 channels are resized as real numbers."""
    is_whole = not pictures.is_real and pictures.n_channels in {1, 3}
    pixels = pictures.pixels if is_whole else pictures.pixels.cast(np.float32)
    made = resampled(pixels, *spans, interpolation, gap=gap, is_real=not is_whole)
    if not is_whole and not pictures.is_real:
        made = made.clipped(0, 255).one("Round").cast(np.uint8)
    return replace(pictures, pixels=made)


def _grey(pictures: Pictures, step: Step) -> Pictures:  # noqa: ARG001
    if pictures.n_channels == 1:
        return pictures
    weights, half, whole = _LUMA
    g = pictures.pixels.graph
    parts = g.constant(np.array(weights)[:, None], np.float32)
    total = g.op("MatMul", [pictures.pixels.cast(np.float32), parts], np.float32)
    return Pictures(((total + half) * (1.0 / whole)).one("Floor").cast(np.uint8), 1)


def _rgb(pictures: Pictures, step: Step) -> Pictures:  # noqa: ARG001
    if pictures.n_channels == 3:
        return pictures
    each = pictures.pixels.graph.constant([0, 0, 0], np.int64)
    return Pictures(pictures.pixels.taken(each, 3), 3)


def _window(pictures: Pictures, step: Step) -> Pictures:
    one = cast("WindowStep", step)
    g = pictures.pixels.graph
    values = pictures.pixels.cut(3, g.constant(0, np.int64), g.constant(1, np.int64))
    made = []
    for words in one.windows:
        window = parse_window(words).window
        if window is not None:
            made.append((_windowed(values.cast(np.float64), window) * 255.0).one("Round"))
    stacked = g.op("Concat", made, np.float64, {"axis": 3})
    return Pictures(stacked.cast(np.uint8), len(made))


def _windowed(values: Value, window: Window) -> Value:
    """Return 0..1, as `data.windows.apply_window` does."""
    centre, width = window.centre, window.width
    if window.function is Function.SIGMOID:
        power = ((values - centre) * -4.0 / width).one("Exp")
        return values.graph.constant(1.0, np.float64) / (power + 1.0)
    if window.function is Function.LINEAR:
        centre, width = centre - 0.5, width - 1.0
    if width == 0:
        return (values > centre).cast(np.float64)
    return ((values - centre) / width + 0.5).clipped(0.0, 1.0)


def _black_out(pictures: Pictures, step: Step) -> Pictures:
    one = cast("BlackOut", step)
    pixels = pictures.pixels
    _, height, width, _ = pixels.sides(4)
    inside = []
    for side in (height, width):
        edge = (side.cast(np.float64) * (1 - one.share) / 2).one("Round").cast(np.int64)
        places = pixels.graph.count(side)
        after, before = places > edge - 1, places < side - edge
        inside.append(pixels.graph.op("And", [after, before], np.bool_))
    middle = pixels.graph.op("And", [inside[0].wider(1, 2), inside[1].wider(0, 2)], np.bool_)
    black = pixels.graph.constant(0, pixels.dtype)
    return replace(pictures, pixels=black.where(middle, pixels))


def _blur(pictures: Pictures, step: Step) -> Pictures:
    one = cast("Blur", step)
    weights, whole = kernel_of(one.kernel_px)
    is_whole = whole > 0 and not pictures.is_real
    kind = np.dtype(np.int32 if is_whole else np.float32)
    made = pictures.pixels.cast(kind)
    numbers = [float(round(w * whole)) if is_whole else float(w) for w in weights]
    for axis in (1, 2):
        made = _blurred_along(made, numbers, axis)
    if is_whole:
        made = ((made + whole**2 // 2) / whole**2).cast(np.uint8)
    elif not pictures.is_real:
        made = (made + 0.5).one("Floor").cast(np.uint8)
    return replace(pictures, pixels=made)


def _blurred_along(values: Value, weights: Sequence[float], axis: int) -> Value:
    """Return weighted sums of neighbours; those beyond the edge are mirrored without it."""
    g, half = values.graph, len(weights) // 2
    n = values.sides(4)[axis]
    period = (n * 2 - 2).at_least(1)
    away = (g.count(n + 2 * half) - half).one("Abs")
    at = g.op("Mod", [away, period], np.int64)
    places = at.at_most(period - at).at_most(n - 1)
    padded = values.taken(places, axis)
    total: Value | None = None
    for offset, weight in enumerate(weights):
        start = g.constant(offset, np.int64)
        part = padded.cut(axis, start, start + n) * weight
        total = part if total is None else total + part
    return values if total is None else total


def _name_of(step: Step) -> str:
    return str(getattr(step, "name", "") or type(step).__name__)


_BUILDERS: Final[dict[type, Callable[[Pictures, Step], Pictures]]] = {
    Resize: _resize,
    CentreCrop: _centre_crop,
    WindowStep: _window,
    Grey: _grey,
    Rgb: _rgb,
    BlackOut: _black_out,
    Blur: _blur,
}
