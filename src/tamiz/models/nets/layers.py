"""The blocks of a network from input to output, for training in stages and rates by depth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from torch import nn

from tamiz.models.nets.backbone import Backbone

_CONTAINERS: Final = frozenset({"features", "encoder", "layers", "blocks", "trunk_output"})


def layers_of(net: nn.Module) -> list[list[str]]:
    """Return the names of a network's parameters, block after block; the last one is the head.

    A network of timm is divided as timm does for its own rates by depth; any other by its
    parts in order. What is no layer (a norm on its own) belongs to the block before it.
    """
    prefix, inner = _unwrapped(net)
    if isinstance(inner, Backbone):
        base, at = inner.base, f"{prefix}base."
        matcher = getattr(base, "group_matcher", None)
        groups = _grouped(base, matcher(coarse=True)) if matcher else _in_order(base)
        head = [[f"{prefix}head.{name}" for name, _ in inner.head.named_parameters()]]
    else:
        groups, at, head = _in_order(inner), prefix, []
    return [[at + name for name in group] for group in groups] + head


def _unwrapped(net: nn.Module) -> tuple[str, nn.Module]:
    """Return the network within `Normalised` and the like, and how its names begin."""
    prefix = ""
    while not isinstance(net, Backbone) and isinstance(getattr(net, "net", None), nn.Module):
        net, prefix = net.get_submodule("net"), f"{prefix}net."
    return prefix, net


def _grouped(base: nn.Module, matcher: Any) -> list[list[str]]:
    """Return timm's groups; what no group matches (a last norm or convolution) joins the last."""
    from timm.models import group_parameters  # seconds to import; our own networks never need it

    made = group_parameters(base, matcher)
    groups = [list(made[number]) for number in sorted(made)]
    patterns = list(_patterns(matcher))
    if len(groups) > 1 and not any(re.match(p, n) for p in patterns for n in groups[-1]):
        last = groups.pop()
        groups[-1] += last
    return groups


def _patterns(matcher: Any) -> Iterator[str]:
    if callable(matcher):  # it puts every name somewhere
        yield ""
        return
    for one in matcher.values():
        parts: Iterable[Any] = one if isinstance(one, (list, tuple)) else [(one, None)]
        yield from (part[0] for part in parts if part[0] is not None)


def _in_order(net: nn.Module) -> list[list[str]]:
    groups: list[list[str]] = []
    for name, part in _parts(net):
        names = [f"{name}.{own}" if own else name for own, _ in _parameters(part)]
        if not names:
            continue
        is_layer = isinstance(part, nn.Module) and any(p.ndim > 1 for p in part.parameters())
        if is_layer or not groups:
            groups.append(names)
        else:
            groups[-1] += names
    return groups


def _parts(net: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Module | nn.Parameter]]:
    for name, value in net.named_parameters(prefix.rstrip("."), recurse=False):
        yield name, value
    for name, part in net.named_children():
        if name in _CONTAINERS and not isinstance(part, nn.Linear):
            yield from _parts(part, f"{prefix}{name}.")
        else:
            yield prefix + name, part


def _parameters(part: nn.Module | nn.Parameter) -> list[tuple[str, nn.Parameter]]:
    return [("", part)] if isinstance(part, nn.Parameter) else list(part.named_parameters())
