"""Putting weights into a network: names and shapes are compared before anything is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say
from tamiz.core.urls import is_url
from tamiz.models.backbone import canonical_name
from tamiz.models.nets.backbone import Backbone
from tamiz.models.nets.families import Network, find_network
from tamiz.models.nets.layers import layers_of
from tamiz.models.registry import MODELS
from tamiz.models.weights import Normalisation, StartFacts

_COUNTER: Final = "num_batches_tracked"  # old files lack it, and nothing depends on it
_SCALES: Final = ("scale", "shift")  # of `Normalised`
Shapes = dict[str, tuple[int, ...]]


def check_source(model: str, weights: str) -> None:
    """Raise unless starting weights of the model `model` can be had from 'auto' or a file.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: they cannot be had, are damaged, or belong to another architecture.
    """
    network = None if model in MODELS.names() else find_network(canonical_name(model))
    if weights != "auto":
        found, _ = read_weights(weights)
        if network is not None and not _is_bundle(found):
            check_whole(network, found, weights)
    elif network is not None:
        public_weights(network)


def start_from_public(net: nn.Module) -> StartFacts:
    """Put the library's own pretrained weights into the base of a `Normalised(Backbone)`.

    Raises:
        WrongData: there are none, or they cannot be had.
    """
    backbone = _backbone_in(net)
    if backbone is None:
        raise TypeError("public weights are for networks of timm and torchvision")
    network = backbone.network
    weights = public_weights(network)
    n_tensors = _into_base(backbone, weights, network.name)
    return StartFacts(network.origin(), _digest_of(weights), n_tensors)


def public_weights(network: Network, key: str = "networks.not_to_be_had") -> dict[str, Tensor]:
    """Return the library's pretrained weights of the whole network; `key`: words of the failure.

    Raises:
        WrongData: there are none, or they cannot be had.
    """
    origin = network.origin()
    if not origin:
        raise WrongData.of("networks.none_published", where=network.name)
    try:
        return network.download()
    except (OSError, RuntimeError, ValueError) as error:
        reason = (str(error) or type(error).__name__).strip().splitlines()[0][:160]
        raise WrongData.of(key, where=network.name, origin=origin, reason=reason) from error


def whole_public(network: Network) -> tuple[dict[str, Tensor], StartFacts]:
    """Return the public weights of a whole network, classifier and all, and where from.

    Raises:
        WrongData: there are none, they cannot be had, or they are without a classifier.
    """
    weights = public_weights(network, "networks.not_to_be_had_at_all")
    _check_classifier(network, weights, network.name)
    facts = StartFacts(network.origin(), _digest_of(weights), len(weights))
    return _used(network, weights), facts


def whole_from_file(network: Network, path: str) -> tuple[dict[str, Tensor], StartFacts]:
    """Return a file's weights of a whole network, classifier and all, and where from.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged, or its weights belong to another architecture.
    """
    weights, sha256 = read_weights(path)
    check_whole(network, weights, path)
    _check_classifier(network, weights, path)
    return _used(network, weights), StartFacts(Path(path).name, sha256, len(weights))


def _check_classifier(network: Network, weights: Mapping[str, Tensor], where: str) -> None:
    names = network.classifier() or ("classifier",)
    last = f"{names[-1]}.weight"
    if last not in weights:
        raise WrongData.of("networks.no_classifier", where=where, name=last)


def _used(network: Network, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    aside = network.aside()
    return {n: v for n, v in weights.items() if not (aside and n.startswith(aside))}


def start_from_file(net: nn.Module, path: str, model: str) -> StartFacts:
    """Put a file's weights into a `Normalised` network.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged, or its weights belong to another architecture.
    """
    weights, sha256 = read_weights(path)
    backbone = _backbone_in(net)
    if _is_bundle(weights) or backbone is None:
        n_tensors = _into_same(net, weights, model, path)
    else:
        check_whole(backbone.network, weights, path)
        n_tensors = _into_base(backbone, weights, path)
        n_tensors += _into_head(backbone, weights)
    return StartFacts(Path(path).name, sha256, n_tensors)


def normalisation_in(path: str) -> Normalisation | None:
    """Return mean and standard deviation in the weights of a bundle; None: it is no bundle's.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged.
    """
    weights, _ = read_weights(path)
    if not _is_bundle(weights):
        return None
    scale, shift = (weights[name].double().flatten() for name in _SCALES)
    spread = 1 / (255 * scale)
    return tuple((-shift * spread).tolist()), tuple(spread.tolist())


def read_weights(path: str) -> tuple[dict[str, Tensor], str]:
    """Return all tensors of a safetensors file, here or at a URL, and the file's SHA-256.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged, or holds values that are no numbers.
    """
    place = at_hand(path) if is_url(path) else Path(path)
    if not place.is_file():
        raise WrongUse.of("errors.not_found", where=path)
    if place.suffix.lower() != ".safetensors":
        raise WrongUse.of("networks.not_safetensors", where=path, ending=place.suffix)
    content = place.read_bytes()
    try:
        weights: dict[str, Tensor] = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
    bad = [n for n, v in weights.items() if v.is_floating_point() and not v.isfinite().all()]
    if bad:
        raise WrongData.of("networks.not_finite", where=path, n=len(bad), first=min(bad))
    return weights, hashlib.sha256(content).hexdigest()


def check_whole(network: Network, weights: Mapping[str, Tensor], where: str) -> None:
    """Raise unless the weights are the network's, its classifier aside.

    Raises:
        WrongData: they are of another architecture.
    """
    with torch.device("meta"):
        wanted = _shapes(network.whole(1000).state_dict())
    left = tuple(f"{name}." for name in network.classifier())
    aside = (*left, *network.aside())
    needed = {name: shape for name, shape in wanted.items() if not name.startswith(left)}
    found = {n: s for n, s in _shapes(weights).items() if not n.startswith(aside)}
    _check(found, needed, network.name, where)


def _into_base(backbone: Backbone, weights: Mapping[str, Tensor], where: str) -> int:
    network, shape = backbone.network, backbone.shape
    wanted = backbone.base.state_dict()
    try:
        made = network.adapted(weights, shape.n_channels, shape.side_px)
    except (RuntimeError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0][:160]
        raise WrongData.of("errors.broken_file", where=where, reason=reason) from error
    _check(_shapes(made), _shapes(wanted), network.name, where)
    _copy(wanted, made)
    return len(wanted.keys() & made.keys())


def _into_head(backbone: Backbone, weights: Mapping[str, Tensor]) -> int:
    """Fill a plain dense head from a classifier of the same size."""
    names = backbone.network.classifier()
    if not isinstance(backbone.head, nn.Linear) or len(names) != 1:
        return 0
    wanted = backbone.head.state_dict()
    found = {name: weights[f"{names[0]}.{name}"] for name in wanted if _has(weights, names, name)}
    if _shapes(found) != _shapes(wanted):
        return 0
    _copy(wanted, found)
    return len(found)


def _has(weights: Mapping[str, Tensor], names: tuple[str, ...], name: str) -> bool:
    return f"{names[0]}.{name}" in weights


def _into_same(net: nn.Module, weights: Mapping[str, Tensor], model: str, where: str) -> int:
    """Fill a network from the weights of a bundle; a head for other classes stays new."""
    wanted = net.state_dict()
    head = _head_of(net, wanted)
    found_shapes, wanted_shapes = _shapes(weights), _shapes(wanted)
    if any(found_shapes.get(name) != wanted_shapes[name] for name in head):
        wanted_shapes = {n: s for n, s in wanted_shapes.items() if n not in head}
        known = tuple({f"{name.rpartition('.')[0]}." for name in head})
        found_shapes = {n: s for n, s in found_shapes.items() if not n.startswith(known)}
    _check(found_shapes, wanted_shapes, model, where)
    _copy(wanted, {name: weights[name] for name in wanted_shapes if name in weights})
    return len(wanted_shapes)


def _head_of(net: nn.Module, names: Iterable[str]) -> set[str]:
    backbone = _backbone_in(net)
    if backbone is not None:
        return {name for name in names if name.startswith("net.head.")}
    return set(layers_of(net)[-1])


def _check(found: Shapes, wanted: Shapes, model: str, where: str) -> None:
    names = [name for name in wanted if not name.endswith(_COUNTER) or name in found]
    names += sorted(found.keys() - wanted.keys())
    names.sort(key=_SCALES.__contains__)  # what differs in every foreign file comes last
    wrong = [name for name in names if found.get(name) != wanted.get(name)]
    if wrong:
        raise WrongData.of(
            "networks.other_architecture",
            where=where,
            n=len(wrong),
            all=len(names),
            model=model,
            first=wrong[0],
            found=_shape_in_words(found.get(wrong[0])),
            wanted=_shape_in_words(wanted.get(wrong[0])),
        )


def _shape_in_words(shape: tuple[int, ...] | None) -> str:
    return say("networks.absent") if shape is None else " x ".join(map(str, shape)) or "1"


def _shapes(weights: Mapping[str, Tensor]) -> Shapes:
    return {name: tuple(value.shape) for name, value in weights.items()}


@torch.no_grad()
def _copy(into: Mapping[str, Tensor], weights: Mapping[str, Tensor]) -> None:
    for name, value in weights.items():
        if name in into:
            into[name].copy_(value)


def _backbone_in(net: nn.Module) -> Backbone | None:
    return next((part for part in net.modules() if isinstance(part, Backbone)), None)


def _is_bundle(weights: Mapping[str, Tensor]) -> bool:
    rest = weights.keys() - set(_SCALES)
    return len(weights) - len(rest) == len(_SCALES) and all(n.startswith("net.") for n in rest)


def _digest_of(weights: Mapping[str, Tensor]) -> str:
    made = hashlib.sha256()
    for name in sorted(weights):
        value: Any = weights[name].detach().cpu().contiguous()
        made.update(name.encode())
        made.update(value.flatten().view(torch.uint8).numpy().tobytes())
    return made.hexdigest()
