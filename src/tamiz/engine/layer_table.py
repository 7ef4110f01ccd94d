"""What every layer of a network is: sizes, parameters, multiply-adds and receptive fields.

The network runs once on torch's meta device, which knows shapes and computes nothing, so that a
network of a billion parameters takes no memory. Operations are looked at one by one, below the
modules: what a network does between its layers (attention, say) counts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from tamiz.engine.explaining.layers import hooked
from tamiz.engine.receptive import Fields, pair
from tamiz.lab.convolving import Fit
from tamiz.lab.layers import UNUSED, LayerRow

_ACTIVATIONS: Final = {
    "activation",
    "activations",
}  # modules of torch and timm; they change no size
_SILENT: Final = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d)


@dataclass(slots=True)
class _Call:
    """One call of a module while it runs."""

    name: str
    module: nn.Module
    n_before: int  # rows made when it was called
    multiply_adds: int = 0
    given: Tensor | None = None


@dataclass(slots=True)
class _Notes:
    """What has been seen so far."""

    fields: Fields
    calls: list[_Call] = field(default_factory=list)
    rows: list[LayerRow] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)

    def own_parameters(self, call: _Call) -> list[nn.Parameter]:
        """Return the module's own parameters that no row holds yet (weights may be shared)."""
        is_whole = isinstance(call.module, nn.MultiheadAttention)  # its parts are never called
        every = call.module.parameters(recurse=is_whole)
        found = [one for one in every if id(one) not in self.counted]
        self.counted.update(map(id, found))
        return found


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts multiply-adds and follows receptive fields, operation by operation."""

    def __init__(self, notes: _Notes) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._notes = notes

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: Any = (),
        kwargs: Any = None,
    ) -> Any:
        kwargs = kwargs or {}
        made = func(*args, **kwargs)
        packet = func._overloadpacket  # noqa: SLF001 - how torch's own counter names it
        count = flop_registry.get(packet)
        if count is not None and self._notes.calls:
            flops = count(*args, **kwargs, out_val=made)
            self._notes.calls[-1].multiply_adds += int(flops) // 2
        self._notes.fields.after(packet.__name__, args, made)
        return made


def layer_rows(network: Callable[[], nn.Module], shape: tuple[int, int, int]) -> list[LayerRow]:
    """Return a row for each layer of a network in the order of their calls.

    Together they hold every parameter once. Activations that change no size have no row.

    A receptive field is None where it is not known: after attention.

    Args:
        network: makes it; called on the meta device.
        shape: (height, width, channels) of its input.

    Raises:
        RuntimeError, ValueError, AssertionError: what the network says of an input that it does
            not take.
    """
    height, width, channels = shape
    with torch.device("meta"), torch.no_grad(), _plain_attention():
        made = network().eval()
        image = torch.zeros(1, channels, height, width)
        notes = _Notes(Fields(image))
        handles = [one for name, part in made.named_modules() for one in _hooks(name, part, notes)]
        with hooked(*handles), _Watch(notes):
            made(image)
    every = [one for one in made.parameters() if id(one) not in notes.counted]
    if every:  # of parts that only training calls
        notes.rows.append(LayerRow(UNUSED, (), sum(one.numel() for one in every), block=UNUSED))
    return notes.rows


@contextmanager
def _plain_attention() -> Iterator[None]:
    """Let nn.MultiheadAttention run its steps one by one, which can be counted."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(value=False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(value=before)


def _hooks(name: str, module: nn.Module, notes: _Notes) -> list[Any]:
    def before(_module: nn.Module, given: tuple[Any, ...]) -> None:
        notes.calls.append(_Call(name, module, len(notes.rows), given=_first_tensor(given)))

    def after(_module: nn.Module, _given: Any, made: Any) -> None:
        call = notes.calls.pop()
        row = _row(call, _first_tensor(made), notes)
        if row is not None:
            notes.rows.append(row)

    return [module.register_forward_pre_hook(before), module.register_forward_hook(after)]


def _row(call: _Call, made: Tensor | None, notes: _Notes) -> LayerRow | None:
    """Return the row of a call; None where the module by itself does nothing."""
    own = notes.own_parameters(call)
    is_leaf = len(notes.rows) == call.n_before  # nothing inside it has a row of its own
    is_busy = bool(own or call.multiply_adds)
    is_activation = type(call.module).__module__.rpartition(".")[2] in _ACTIVATIONS
    is_silent = isinstance(call.module, _SILENT) or made is call.given or is_activation
    has_parts = next(call.module.children(), None) is not None
    if not is_busy and (is_silent or has_parts):
        return None
    name = f"{call.name} {type(call.module).__name__}".strip()
    row = LayerRow(
        name,
        (),
        parameters=sum(one.numel() for one in own),
        multiply_adds=call.multiply_adds,
        formula=" + ".join(" x ".join(map(str, one.shape)) for one in own),
        block=call.name,
    )
    if made is None or not is_leaf:  # its output is that of its last layer
        return row
    row = replace(row, shape=notes.fields.shape_of(made), receptive=notes.fields.of(made))
    is_view = made._is_view() or made is call.given  # noqa: SLF001 - torch's only name for it
    return replace(row, sizes=_fits(call, row.shape), is_view=is_view)


def _fits(call: _Call, shape: tuple[int, ...]) -> tuple[Fit, ...]:
    """Return how a convolution or a pool slides; nothing where that does not explain its output."""
    module, given = call.module, call.given
    if not isinstance(module, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
        return ()
    if given is None or given.ndim != 4 or isinstance(module.padding, str):
        return ()
    kernel, stride = pair(module.kernel_size), pair(module.stride or module.kernel_size)
    dilation = pair(getattr(module, "dilation", 1))
    padding = pair(module.padding)
    axes = zip(given.shape[2:], padding, dilation, kernel, stride, strict=True)
    made = tuple(Fit(n, 2 * p, d * (k - 1) + 1, s) for n, p, d, k, s in axes)
    return made if tuple(one.out for one in made) == shape[:2] else ()


def _first_tensor(value: Any) -> Tensor | None:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return next((one for part in value if (one := _first_tensor(part)) is not None), None)
    return None
