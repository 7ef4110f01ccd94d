"""Pretrained weights that are on this machine already: in a library's cache or in a given file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import torch

from tamiz.core.errors import TamizError
from tamiz.models.nets.families import find_network, network_names
from tamiz.models.nets.starting import check_whole, read_weights

# In order of preference: cheap ones that transfer well come first.
_WELL_KNOWN: Final = (
    "resnet18", "torchvision:resnet18", "mobilenetv3_large_100", "efficientnet_b0",
    "torchvision:efficientnet_b0", "densenet121", "torchvision:densenet121", "resnet50",
    "torchvision:resnet50", "convnext_tiny", "torchvision:mobilenet_v3_large",
    "torchvision:squeezenet1_0", "torchvision:squeezenet1_1",
)  # fmt: skip


def network_of_file(path: str) -> str | None:
    """Return the network whose weights a safetensors file holds; None: it cannot be told.

    Networks whose names the file's name begins with are tried, the longest name first; a network
    is told by the names and shapes of all its weights.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged.
    """
    weights, _ = read_weights(path)
    stem = Path(path).stem.lower()
    named = [name for name in network_names() if _begins(stem, name.rpartition(":")[2])]
    for name in sorted(named, key=lambda one: (-len(one.rpartition(":")[2]), one)):
        network = find_network(name)
        if network is None:
            continue
        try:
            check_whole(network, weights, path)
        except TamizError:
            continue
        return name
    return None


def network_in_cache() -> str | None:
    """Return a well-known network whose public weights lie in a library's cache; None: none does.

    Nothing is fetched and no network is made.
    """
    return next((name for name in _WELL_KNOWN if _is_cached(name)), None)


def _begins(stem: str, name: str) -> bool:
    return re.match(rf"{re.escape(name)}(?![a-z0-9])", stem) is not None


def _is_cached(name: str) -> bool:
    network = find_network(name)
    origin = network.origin() if network is not None else ""
    if not origin:
        return False
    if "://" in origin:
        return (Path(torch.hub.get_dir()) / "checkpoints" / origin.rpartition("/")[2]).is_file()
    import huggingface_hub as hub

    found = hub.try_to_load_from_cache(origin, "model.safetensors")
    return isinstance(found, str) and Path(found).is_file()
