"""Receptive fields, followed through a network operation by operation.

Convolutions and pools widen a field by (kernel - 1) times the distance, on the input, of
neighbouring places; sums and joins of branches take the widest; means over all places and dense
layers on a flattened map see everything. After attention it is not known: which places attend to
which is the network's own affair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from torch import Tensor

_DENSE: Final = frozenset({"addmm", "mm", "bmm", "baddbmm"})
_POOLS: Final = frozenset({"max_pool2d_with_indices", "max_pool2d", "avg_pool2d"})
_REDUCING: Final = frozenset(
    {"mean", "amax", "sum", "max", "var_mean", "std", "linalg_vector_norm"}
)
_SEES_ALL: Final = frozenset(
    {"native_group_norm", "_adaptive_avg_pool2d", "adaptive_max_pool2d", "adaptive_avg_pool2d"}
)
_ATTENTION: Final = "_scaled_dot_product"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one number of a tensor depends on.

    Attributes:
        field: (rows, columns) of the input; None: not known.
        step: distance, on the input, of neighbouring places.
        channels: of the tensor; tells a layer on channels from one across places.
        sees_all: depends on the whole input.
    """

    field: tuple[int, int] | None
    step: tuple[int, int]
    channels: int
    sees_all: bool = False


class Fields:
    """The fields of all tensors made from one image."""

    def __init__(self, image: Tensor) -> None:
        _, channels, height, width = image.shape
        self._whole = (int(height), int(width))
        self._seen: dict[int, _Seen] = {}
        self._kept: list[Tensor] = []  # while they live, no other tensor takes their id
        self._put(image, _Seen((1, 1), (1, 1), int(channels)))

    def of(self, tensor: Tensor) -> tuple[int, int] | None:
        """Return (rows, columns) of the input that one number of `tensor` depends on."""
        seen = self._seen.get(id(tensor))
        if seen is None:
            return None
        return self._whole if seen.sees_all else seen.field

    def shape_of(self, tensor: Tensor) -> tuple[int, ...]:
        """Return (height, width, channels) of a map, (places, numbers) or (numbers,)."""
        shape = tuple(int(size) for size in tensor.shape[1:])
        if len(shape) != 3:
            return shape
        seen = self._seen.get(id(tensor))
        if seen is not None and shape[-1] == seen.channels != shape[0]:
            return shape  # the channels stand last already
        return (*shape[1:], shape[0])

    def after(self, name: str, given: Any, made: Any) -> None:
        """Note what an operation's output depends on."""
        known = [self._seen[id(one)] for one in _tensors(given) if id(one) in self._seen]
        if not known:
            return
        seen = self._widened(name, given, _union(known), n_known=len(known))
        for tensor in _tensors(made):
            self._put(tensor, self._checked(seen, tensor, name))

    def _widened(self, name: str, given: Any, seen: _Seen, *, n_known: int) -> _Seen:
        if name == "convolution":
            kernel, dilation = tuple(given[1].shape[2:]), pair(given[5])
            return replace(_slid(seen, kernel, pair(given[3]), dilation),
                           channels=int(given[1].shape[0]))  # fmt: skip
        if name in _POOLS:
            kernel = pair(given[1])
            stride = pair(given[2]) if len(given) > 2 and given[2] else kernel
            return _slid(seen, kernel, stride, (1, 1))
        if name in _DENSE:
            return self._multiplied(given, seen, n_known)
        if name.startswith(_ATTENTION):
            return replace(seen, field=None)
        if name == "native_layer_norm" and len(given[1]) == 1:
            return replace(seen, channels=int(given[1][0]))
        return replace(seen, sees_all=True) if name in _SEES_ALL else seen

    def _multiplied(self, given: Any, seen: _Seen, n_known: int) -> _Seen:
        """Return what a product of matrices depends on."""
        data = next(one for one in _tensors(given) if id(one) in self._seen)
        weights = _tensors(given)[-1]
        n_rows, n_summed = (int(size) for size in data.shape[-2:])
        if n_known > 1:
            return replace(seen, field=None)
        if n_rows == 1:  # one row for the one image: a dense layer on all there is
            return replace(seen, sees_all=True, channels=int(weights.shape[-1]))
        is_across_places = n_summed != seen.channels
        made = replace(seen, channels=int(weights.shape[-1]))
        return replace(seen, field=None) if is_across_places else made

    def _checked(self, seen: _Seen, tensor: Tensor, name: str) -> _Seen:
        """Return `seen` as it is for one output: a mean that leaves one place sees everything."""
        if name == "cat" and tensor.ndim == 4:
            seen = replace(seen, channels=int(tensor.shape[1]))
        is_reduced = name in _REDUCING and tensor.numel() <= seen.channels
        return replace(seen, sees_all=True) if is_reduced else seen

    def _put(self, tensor: Tensor, seen: _Seen) -> None:
        self._kept.append(tensor)
        self._seen[id(tensor)] = seen


def _slid(
    seen: _Seen, kernel: tuple[int, ...], stride: tuple[int, int], dilation: tuple[int, int]
) -> _Seen:
    """Return what depends on a window of places; a kernel on one axis only is left alone."""
    if len(kernel) != 2:
        return replace(seen, field=None)
    field = seen.field
    if field is not None:
        field = (
            field[0] + (int(kernel[0]) - 1) * dilation[0] * seen.step[0],
            field[1] + (int(kernel[1]) - 1) * dilation[1] * seen.step[1],
        )
    step = (seen.step[0] * stride[0], seen.step[1] * stride[1])
    return replace(seen, field=field, step=step)


def _union(known: list[_Seen]) -> _Seen:
    """Return what depends on all of these: the widest field, not known where one is not."""
    fields = [one.field for one in known if one.field is not None]
    field = None
    if len(fields) == len(known):
        field = (max(one[0] for one in fields), max(one[1] for one in fields))
    step = max(one.step[0] for one in known), max(one.step[1] for one in known)
    sees_all, channels = any(one.sees_all for one in known), max(one.channels for one in known)
    return _Seen(field, step, channels, sees_all)


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [one for part in value for one in _tensors(part)]
    return []


def pair(value: Any) -> tuple[int, int]:
    """Return (down, across) of a size that may be given once for both."""
    found = list(value) if isinstance(value, (list, tuple)) else [value]
    return int(found[0]), int(found[-1])
