"""Pillow's resizing as operators: the same coefficients, the same roundings, the same bytes.

Source: Pillow's Resample.c (`precompute_coeffs`, `normalize_coeffs_8bpc`) and Reduce.c, and
`Image.resize` for `reducing_gap`. Bytes are weighted with whole numbers of 22 bits after the point
and rounded after each of the two passes, columns (across) first; other values are real numbers,
rounded to float32 after each pass. Since Pillow 13 rows come first where the height shrinks by more
than twice what the width does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from tamiz.engine.graph.building import Graph, Value

_BITS: Final = 22
_PART: Final = 2 ** (_BITS // 2)
_SUPPORT: Final = {"bilinear": 1.0, "bicubic": 2.0}
_DOWN_FIRST_SINCE: Final = 13  # major version of Pillow
_CELLS: Final = 2**20  # weighted at once: 4 to 8 MB, whatever the image's size


@dataclass(frozen=True, slots=True)
class Span:
    """One axis of a resizing.

    Attributes:
        start: where the region begins, float64 scalar, in pixels.
        end: where it ends.
        n_in: length of the axis, int64 scalar.
        n_out: wanted, int64 scalar.
    """

    start: Value
    end: Value
    n_in: Value
    n_out: Value


@dataclass(frozen=True, slots=True)
class Taps:
    """What each pixel of a resized axis is made of.

    Attributes:
        places: (n_out, taps) of the pixels.
        weights: (n_out, 1, taps) float64; of bytes (n_out, 2, taps) float32 (`_in_two_parts`).
        n_out: int64 scalar.
        n_taps: likewise.
    """

    places: Value
    weights: Value
    n_out: Value
    n_taps: Value


def resampled(
    image: Value,
    across: Span,
    down: Span,
    interpolation: str,
    *,
    gap: float | None,
    is_real: bool = False,
) -> Value:
    """Return a region of (n, height, width, channels) images at another size, same type.

    Args:
        image: uint8, or float32 where `is_real`.
        across: of the width.
        down: of the height.
        interpolation: 'bilinear' or 'bicubic'.
        gap: images that are more than so many times as large are averaged in blocks first.
        is_real: whether values are real numbers.
    """
    spans = (across, down)
    if gap is not None:
        image, spans = _reduced(image, spans, interpolation, gap, is_real=is_real)
    across_taps, down_taps = (_taps(one, interpolation, is_real=is_real) for one in spans)

    def in_order(*, is_down_first: bool) -> Callable[[Graph], Value]:
        def build(graph: Graph) -> Value:
            made = image.inside(graph)
            if is_down_first:
                made = _first_axis(made.permuted(1, 0, 2, 3), down_taps, is_real=is_real)
                made = _first_axis(made.permuted(2, 1, 0, 3), across_taps, is_real=is_real)
                return made.permuted(1, 2, 0, 3)
            made = _first_axis(made.permuted(2, 0, 1, 3), across_taps, is_real=is_real)
            made = _first_axis(made.permuted(2, 1, 0, 3), down_taps, is_real=is_real)
            return made.permuted(1, 0, 2, 3)

        return build

    if not _tall_go_down_first():
        return in_order(is_down_first=False)(image.graph)
    less = [one.n_in - one.n_out for one in spans]
    is_tall = less[1] > (less[0] * 2).at_least(0)
    return image.graph.choice(is_tall, in_order(is_down_first=True), in_order(is_down_first=False))


def _tall_go_down_first() -> bool:
    """Return whether this machine's Pillow begins with rows where many rows are left out."""
    import PIL

    return int(PIL.__version__.partition(".")[0]) >= _DOWN_FIRST_SINCE


def _reduced(
    image: Value, spans: tuple[Span, Span], interpolation: str, gap: float, *, is_real: bool
) -> tuple[Value, tuple[Span, Span]]:
    """Return images averaged in blocks of whole pixels where the gap allows, and the new spans."""
    factors = []
    for span in spans:
        wanted = (span.end - span.start) / span.n_out.cast(np.float64) / gap
        factors.append(wanted.cast(np.int64).at_least(1))
    is_active = factors[0].at_least(factors[1]) > 1
    new, edges = [], []
    for span, factor in zip(spans, factors, strict=True):
        scale = (span.end - span.start) / span.n_out.cast(np.float64)
        reach = scale * (_SUPPORT[interpolation] - 0.5)
        low = (span.start - reach).cast(np.int64).at_least(0).where(is_active, 0)
        high = (span.end + reach).one("Ceil").cast(np.int64).at_most(span.n_in)
        high = high.where(is_active, span.n_in)
        by, left = factor.cast(np.float64), low.cast(np.float64)
        n_in = (high - low + factor - 1) / factor
        start, end = (span.start - left) / by, (span.end - left) / by
        new.append(Span(start, end, n_in, span.n_out))
        edges.append((low, high))

    def build(graph: Graph) -> Value:
        inner = image.inside(graph).cut(2, *edges[0]).cut(1, *edges[1])
        cells, by = (new[0].n_in, new[1].n_in), (factors[0], factors[1])
        return _averaged(inner, cells, by, is_real=is_real)

    made = image.graph.choice(is_active, build, image.inside)
    return made, (new[0], new[1])


def _averaged(
    image: Value, cells: tuple[Value, Value], factors: tuple[Value, Value], *, is_real: bool
) -> Value:
    """Return the means of blocks; those at the right and lower edge may be smaller."""
    g = image.graph
    _, height, width, channels = image.sides(4)
    pads = g.vector(
        0, 0, 0, 0, 0, cells[1] * factors[1] - height, cells[0] * factors[0] - width, 0
    )  # fmt: skip
    image = image.padded(pads, 0).cast(np.float64 if is_real else np.float32)
    rows = image.reshaped(-1, factors[1], cells[0] * factors[0] * channels).total([1])
    rows = rows if is_real else rows.cast(np.int32)  # whole columns may be too much for float32
    sums = rows.reshaped(-1, cells[1], cells[0], factors[0], channels).total([3])
    across = (width - g.count(cells[0]) * factors[0]).at_most(factors[0])
    down = (height - g.count(cells[1]) * factors[1]).at_most(factors[1])
    n_each = down.wider(1, 2) * across.wider(0, 2)  # (rows, columns, 1)
    if is_real:
        one = g.constant(1.0, np.float64)
        return (sums * (one / n_each.cast(np.float64))).cast(np.float32)
    most = g.constant(2.0**32, np.float32)  # Reduce.c divides in single precision
    share = (most / (n_each * 256).cast(np.float32)).cast(np.int64)
    return ((sums.cast(np.int64) + n_each / 2) * share / 2**24).cast(np.uint8)


def _first_axis(turned: Value, taps: Taps, *, is_real: bool) -> Value:
    """Return (n_out, a, b, c) of (n_in, a, b, c)."""
    n_in, *rest = turned.sides(4)
    rows = turned.reshaped(n_in, rest[0] * rest[1] * rest[2])
    made = _weighted(rows, taps, is_real=is_real)
    return made.reshaped(taps.n_out, *rest)


def _weighted(rows: Value, taps: Taps, *, is_real: bool) -> Value:
    """Return (n_out, columns) weighted sums of (n_in, columns), some columns at a time."""
    g = rows.graph
    _, n_columns = rows.sides(2)
    at_once = (g.constant(_CELLS, np.int64) / (taps.n_out * taps.n_taps)).at_least(1)
    at_once = at_once.at_most(n_columns)
    n_turns = (n_columns + at_once - 1) / at_once
    rows = rows.padded(g.vector(0, 0, 0, n_turns * at_once - n_columns), 0)

    def turn(inner: Graph, number: Value) -> Value:
        start = number * at_once
        near = rows.inside(inner).cut(1, start, start + at_once).taken(taps.places, 0)
        kind = taps.weights.dtype
        sums = inner.op("MatMul", [taps.weights, near.cast(kind)], kind)
        if is_real:
            return inner.op("Squeeze", [sums, inner.constant([1], np.int64)], kind).cast(np.float32)
        units = inner.constant([[1.0], [1.0 / _PART]], np.float32)
        whole = (sums * units).one("Floor").total([1]) + _PART / 2
        return (whole * (1.0 / _PART)).one("Floor").clipped(0, 255).cast(np.uint8)

    made = g.repeated(n_turns, turn)  # (turns, n_out, columns of a turn)
    return (
        made.permuted(1, 0, 2).reshaped(taps.n_out, -1).cut(1, g.constant(0, np.int64), n_columns)
    )


def _taps(span: Span, interpolation: str, *, is_real: bool) -> Taps:
    """Return places and weights; weights beyond the edge are 0."""
    g = span.start.graph
    first = span.start.cast(np.float32)  # Pillow takes the region in single precision
    length = (span.end.cast(np.float32) - first).cast(np.float64)
    scale = length / span.n_out.cast(np.float64)
    wide = scale.at_least(1.0)
    support = wide * _SUPPORT[interpolation]
    n_taps = support.one("Ceil").cast(np.int64) * 2 + 1
    centre = first.cast(np.float64) + (g.count(span.n_out).cast(np.float64) + 0.5) * scale
    low = (centre - support + 0.5).cast(np.int64).at_least(0)
    high = (centre + support + 0.5).cast(np.int64).at_most(span.n_in)
    tap = g.count(n_taps)
    places = low.wider(1) + tap.wider(0)
    one = g.constant(1.0, np.float64)
    away = (places.cast(np.float64) - centre.wider(1) + 0.5) * (one / wide)
    is_inside = tap.wider(0) < (high - low).wider(1)
    weights = _filter(away, interpolation).where(is_inside, 0.0)
    total = weights.total([1], keep=True)
    weights = weights / total.where(total.one("Abs") > 0.0, 1.0)
    weights = weights.wider(1) if is_real else _in_two_parts(weights)
    return Taps(places.at_most(span.n_in - 1), weights, span.n_out, n_taps)


def _in_two_parts(weights: Value) -> Value:
    """Return (n_out, 2, taps) float32: whole weights over 2048, and what is left of them.

    Each part times a byte, summed over up to 64 taps, is a whole number that float32 holds: so
    sums are exact, at half the cost of float64.
    """
    g = weights.graph
    half = g.constant(0.5, np.float64).where(weights > -0.0, -0.5)
    whole = (weights * 2.0**_BITS + half).cast(np.int64).cast(np.float64)
    upper = (whole * (1.0 / _PART)).one("Round")
    lower = whole - upper * float(_PART)
    parts = [one.cast(np.float32).wider(1) for one in (upper, lower)]
    return g.op("Concat", parts, np.float32, {"axis": 1})


def _filter(away: Value, interpolation: str) -> Value:
    """Return the filter's weight at distances in output pixels."""
    x = away.one("Abs")
    g = x.graph
    if interpolation == "bilinear":
        return (g.constant(1.0, np.float64) - x).at_least(0.0)
    near = (x * 1.5 - 2.5) * x * x + 1.0
    far = (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5
    zero = g.constant(0.0, np.float64)
    return near.where(x < 1.0, far.where(x < 2.0, zero))
