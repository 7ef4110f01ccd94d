"""A pretrained network as others published it: its own classes, its own way of seeing an image."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from tamiz.core.errors import WrongData, WrongUse
from tamiz.data.contracts import Policy, Step
from tamiz.models.backbone import canonical_name
from tamiz.models.bundle import Bundle, current_versions
from tamiz.models.registry import MODELS, InputFacts
from tamiz.steps.apply import build_steps

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class BareNetwork(Bundle):
    """A bundle whose network has the classifier that it was published with."""

    def module(self) -> nn.Module:
        """Return the network with its weights, ready for inference."""
        import numpy as np
        import torch

        from tamiz.models.nets.families import find_network
        from tamiz.models.nets.normalised import Normalised

        network = find_network(canonical_name(self.model))
        if network is None:
            raise WrongUse.of("networks.not_a_network", where=self.model)
        whole = network.whole(len(self.classes))
        state = {name: torch.from_numpy(np.array(v)) for name, v in self.weights.items()}
        counters = [n for n in whole.state_dict() if n.endswith("num_batches_tracked")]
        state |= {name: torch.tensor(0) for name in counters if name not in state}
        whole.load_state_dict(state)
        net = Normalised(whole, self.mean, self.std)
        return net.to(memory_format=torch.channels_last).eval().requires_grad_(False)  # noqa: FBT003


def bare_network(name: str, weights: str) -> BareNetwork:
    """Return timm's or torchvision's network `name` with ImageNet's classes.

    Args:
        name: 'densenet201', 'torchvision:squeezenet1_0', ...
        weights: a safetensors file; or 'auto', the public ones.

    Raises:
        WrongUse: there is no such network, or no such file.
        WrongData: the weights cannot be had, are another network's, or name no classes.
    """
    from tamiz.models.nets.families import find_network
    from tamiz.models.nets.starting import whole_from_file, whole_public

    spec = MODELS.get(name)
    network = find_network(canonical_name(name))
    if network is None or spec.preferred is None:
        raise WrongUse.of("networks.not_a_network", where=name)
    if weights == "auto":
        state, start = whole_public(network)
    else:
        state, start = whole_from_file(network, weights)
    n_classes = len(state[f"{network.classifier()[-1]}.weight"])
    return BareNetwork(
        classes=imagenet_classes(n_classes, where=name),
        size_px=spec.preferred.size_px,
        channels=3,
        model=name,
        options={},
        steps=steps_for(spec.preferred),
        policy=Policy(),
        mean=spec.preferred.mean,
        std=spec.preferred.std,
        weights={key: value.float().numpy() for key, value in state.items()},
        start=start.as_table(),
        versions=current_versions(),
    )


def is_like_network_name(name: str) -> bool:
    """Return whether a name is, or nearly is, one of timm's or torchvision's, and no path."""
    if Path(name).exists() or set(name) & {"/", "\\"}:
        return False
    from tamiz.models.backbone import backbone_names, backbone_spec

    if backbone_spec(name) is not None:
        return True
    return bool(get_close_matches(canonical_name(name), backbone_names(), n=1, cutoff=0.75))


def steps_for(preferred: InputFacts) -> tuple[Step, ...]:
    """Return how such networks are tested: shorter side to size, then the middle square."""
    crop: dict[str, object] = {
        "name": "centre_crop",
        "size_px": preferred.size_px,
        "shorter_px": int(preferred.size_px / preferred.crop_fraction + 1e-6),
        "interpolation": preferred.interpolation,
        "aspect": "keep" if preferred.keeps_aspect else "stretch",
    }
    return build_steps([{"name": "rgb"}, crop])


def imagenet_classes(n: int, where: str = "") -> tuple[str, ...]:
    """Return the names of ImageNet's classes; of equal names each gets its number in WordNet.

    Raises:
        WrongData: no set of ImageNet's has `n` classes.
    """
    from timm.data.imagenet_info import ImageNetInfo, infer_imagenet_subset

    subset = infer_imagenet_subset({"num_classes": n})
    if subset is None:
        raise WrongData.of("networks.no_class_names", where=where, n=n)
    known = ImageNetInfo(subset)
    names: list[str] = list(known.label_descriptions())
    counts = Counter(names)
    pairs = zip(names, map(known.index_to_label_name, range(n)), strict=True)
    return tuple(f"{name} ({key})" if counts[name] > 1 else name for name, key in pairs)
